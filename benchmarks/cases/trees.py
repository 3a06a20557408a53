"""This tree beside others (`--against`): the same loads in turns, closed loops and open ones."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain

import click

from backscroll.v1 import conversation_service_pb2
from backscroll_server.services.messages.send import Send
from benchmarks.checkouts import Checkout, checkouts, print_load
from benchmarks.dataset import pair, text_message
from benchmarks.figures import Reading, Side, Spread, cost_ratio, spread
from benchmarks.fill import fill
from benchmarks.load import Client, Workload, connected
from benchmarks.open_loop import Arrivals, run_open_loop
from benchmarks.pairing import Measure, alternate, loading
from benchmarks.pairs import Requests, history, pages, sends
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.report import Outcome, Verdict, at_most
from benchmarks.requests import LIST_CONVERSATIONS, LIST_MESSAGES, SEND_MESSAGE, dealt
from benchmarks.table import cell, table

_READER = "reader"
_LISTED = 1000
_LIST_PAGE = 50
_PAGES_IN_FLIGHT = (1, 8, 32, 128)
_CAPACITY_IN_FLIGHT = 32
_SENDS_IN_FLIGHT = (1, 64)
_LISTS_IN_FLIGHT = 8
_SHARES = (0.5, 0.8)
_MOST_COST = 1.05
_MOST_TAIL = 1.1

Named = list[tuple[str, Client]]
MeasureOf = Callable[[Client], Measure]


async def run(plan: Plan) -> Outcome:
    """Load each tree in turns with pages, sends and lists; print every load, and hold the open loops to the others."""
    trees = checkouts(plan)
    outcome = Outcome(f"{', '.join(tree.name for tree in trees)}, in turns", ())
    if not plan.against:
        outcome.notes.append("nothing to compare with: name other checkouts with --against")
        return outcome
    page_requests, send_requests, list_requests = pages(plan.rounds), sends(), _lists(plan.rounds)
    async with _served(plan, trees) as clients:
        capacity = 0.0
        for in_flight in _PAGES_IN_FLIGHT:
            workload = Workload(LIST_MESSAGES, in_flight, page_requests)
            sides = await _compare(plan, outcome, clients, f"page, {in_flight} in flight", _closed(workload))
            if in_flight == _CAPACITY_IN_FLIGHT and sides[0].readings:
                capacity = sides[0].per_second
        for share in _SHARES if capacity else ():
            arrivals = Arrivals(LIST_MESSAGES, share * capacity, page_requests)
            title = f"page, open loop at {share:.0%} of {trees[0].name} ({arrivals.per_second:,.0f}/s)"
            sides = await _compare(plan, outcome, clients, title, _open(arrivals))
            if not any(side.errors for side in sides):
                outcome.verdicts += _verdicts(title, sides)
        for in_flight in _SENDS_IN_FLIGHT:
            workload = Workload(SEND_MESSAGE, in_flight, send_requests)
            await _compare(plan, outcome, clients, f"send, {in_flight} in flight", _closed(workload))
        workload = Workload(LIST_CONVERSATIONS, _LISTS_IN_FLIGHT, list_requests)
        title = f"list of {_LISTED:,}, {_LISTS_IN_FLIGHT} in flight"
        await _compare(plan, outcome, clients, title, _closed(workload))
    return outcome


async def _compare(plan: Plan, outcome: Outcome, clients: Named, title: str, measure_of: MeasureOf) -> list[Side]:
    """Measure one load on every tree and print it; failures become faults of the outcome."""
    click.echo(f"\n{title}")
    sides = await alternate(plan, *((name, _with_load(name, measure_of(client))) for name, client in clients))
    click.echo("\n".join(_lines(sides)))
    outcome.faults += [f"{title}, {side.label}: {error}" for side in sides for error in dict.fromkeys(side.errors)]
    return sides


def _closed(workload: Workload) -> MeasureOf:
    return lambda client: loading(client, workload)


def _open(arrivals: Arrivals) -> MeasureOf:
    def measure_of(client: Client) -> Measure:
        async def measure(number: int, seconds: float) -> Reading:
            (reading,) = await run_open_loop(client, [arrivals], number, seconds)
            return reading

        return measure

    return measure_of


def _with_load(name: str, measure: Measure) -> Measure:
    """Return a measure that prints the machine's load before each round."""

    async def measured(number: int, seconds: float) -> Reading:
        print_load(f"round {number}, {name}" if number else f"warm-up, {name}")
        return await measure(number, seconds)

    return measured


def _lines(sides: Sequence[Side]) -> list[str]:
    """Return the figures of one load, a line for each tree."""
    headings = ("", "calls/s", "CPU us", "p50 ms", "p99 ms", "client", "failures")
    return table(headings, [_row(side) for side in sides if side.readings])


def _row(side: Side) -> tuple[str, ...]:
    costs = [cost for reading in side.readings if (cost := reading.server_microseconds) is not None]
    return (
        side.label,
        cell(spread([reading.per_second for reading in side.readings])),
        cell(spread(costs) if costs else None),
        cell(_milliseconds(side, 0.5), 2),
        cell(_milliseconds(side, 0.99), 2),
        f"{side.client_share:.0%}",
        f"{len(side.errors):,}",
    )


def _milliseconds(side: Side, part: float) -> Spread:
    return spread([reading.latency(part) * 1e3 for reading in side.readings])


def _verdicts(title: str, sides: Sequence[Side]) -> list[Verdict]:
    """Hold this tree's processor time to that of the first tree, and its tail to that of the one named last."""
    first, other, ours = sides[0], sides[-2], sides[-1]
    tail, limit = _milliseconds(ours, 0.99).middle, most_tail(_milliseconds(other, 0.99))
    return [
        at_most(f"{title}: CPU over that of {first.label}", cost_ratio(ours, first), _MOST_COST),
        Verdict(f"{title}: p99 {tail:.2f} ms", f"<= {limit:.2f} ms, from {other.label}", tail <= limit),
    ]


def most_tail(other: Spread) -> float:
    """Return the most that a tail may be beside another's: 10 % more, or more by the spread of the other's rounds."""
    return max(other.middle * _MOST_TAIL, other.middle + other.highest - other.lowest)


def _lists(rounds: int) -> Requests:
    requests = [
        conversation_service_pb2.ListConversationsRequest(user_id=_READER, page_size=_LIST_PAGE, skip=skip)
        for skip in range(_LISTED - _LIST_PAGE + 1)
    ]
    return dealt([request.SerializeToString() for request in requests], rounds)


@asynccontextmanager
async def _served(plan: Plan, trees: Sequence[Checkout]) -> AsyncIterator[Named]:
    """Serve each tree with a database of its own, with the same content; yield a client of each."""
    async with AsyncExitStack() as stack:
        clients = []
        for number, tree in enumerate(trees):
            database = plan.folder / f"tree-{number}.db"
            await fill(database, plan, tree, chain(history(), _list()))
            server = stack.enter_context(backscroll(database, plan.cores, tree=tree.folder))
            clients.append((tree.name, await stack.enter_async_context(connected(server))))
        yield clients


def _list() -> Iterator[Send]:
    for peer in range(_LISTED):
        yield Send(pair(_READER, f"peer-{peer}"), f"peer-{peer}", text_message(peer))
