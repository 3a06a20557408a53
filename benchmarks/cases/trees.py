"""This tree beside others (`--against`): the same loads in turns, closed loops and open ones."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import click

from benchmarks.checkouts import prepared, print_load
from benchmarks.contract import Contract
from benchmarks.dataset import Said, pair
from benchmarks.figures import Reading, Side, Spread, cost_ratio, spread
from benchmarks.fill import served
from benchmarks.load import Client, Workload
from benchmarks.open_loop import Arrivals, run_open_loop
from benchmarks.pairing import Measure, alternate, loading
from benchmarks.pairs import history, pages, sends
from benchmarks.plan import Plan
from benchmarks.report import Outcome, Verdict, at_most
from benchmarks.requests import LIST_CONVERSATIONS, LIST_MESSAGES, SEND_MESSAGE, Requests, dealt, list_request
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


class _Requests(NamedTuple):
    """The calls of one checkout.

    Attributes:
        contract: what encodes them.
        pages: pages of histories.
        sends: sends to pairs.
        lists: pages of a list.
    """

    contract: Contract
    pages: Requests
    sends: Requests
    lists: Requests


class _Served(NamedTuple):
    """A checkout that is served.

    Attributes:
        name: its name.
        client: calls its server.
        requests: its calls.
    """

    name: str
    client: Client
    requests: _Requests


Load = tuple[str, Callable[[_Requests], Requests]]
"""A call, and its requests."""

_PAGES: Load = (LIST_MESSAGES, lambda requests: requests.pages)
_SENDS: Load = (SEND_MESSAGE, lambda requests: requests.sends)
_LISTS: Load = (LIST_CONVERSATIONS, lambda requests: requests.lists)

MeasureOf = Callable[[_Served], Measure]


async def run(plan: Plan) -> Outcome:
    """Load each tree in turns with pages, sends and lists; print every load, and hold the open loops to the others."""
    prepared_requests, missing = prepared(plan, lambda contract: _requests(contract, plan.rounds))
    trees = list(prepared_requests)
    outcome = Outcome(f"{', '.join(tree.name for tree in trees)}, in turns", (), notes=missing)
    if len(trees) == 1:
        outcome.notes.append("nothing to compare with: name other checkouts with --against")
        return outcome
    async with served(plan, trees, lambda: chain(history(), _list())) as clients:
        sides_of = [_Served(tree.name, clients[tree], requests) for tree, requests in prepared_requests.items()]
        capacity = 0.0
        for in_flight in _PAGES_IN_FLIGHT:
            sides = await _compare(plan, outcome, sides_of, f"page, {in_flight} in flight", _closed(_PAGES, in_flight))
            if in_flight == _CAPACITY_IN_FLIGHT and sides[0].readings:
                capacity = sides[0].per_second
        for share in _SHARES if capacity else ():
            per_second = share * capacity
            title = f"page, open loop at {share:.0%} of {trees[0].name} ({per_second:,.0f}/s)"
            sides = await _compare(plan, outcome, sides_of, title, _open(_PAGES, per_second))
            if not any(side.errors for side in sides):
                outcome.verdicts += _verdicts(title, sides)
        for in_flight in _SENDS_IN_FLIGHT:
            await _compare(plan, outcome, sides_of, f"send, {in_flight} in flight", _closed(_SENDS, in_flight))
        title = f"list of {_LISTED:,}, {_LISTS_IN_FLIGHT} in flight"
        await _compare(plan, outcome, sides_of, title, _closed(_LISTS, _LISTS_IN_FLIGHT))
    return outcome


async def _compare(
    plan: Plan, outcome: Outcome, trees: Sequence[_Served], title: str, measure_of: MeasureOf
) -> list[Side]:
    """Measure one load on every tree and print it; failures become faults of the outcome."""
    click.echo(f"\n{title}")
    sides = await alternate(plan, *((tree.name, _with_load(tree.name, measure_of(tree))) for tree in trees))
    click.echo("\n".join(_lines(sides)))
    outcome.faults += [f"{title}, {side.label}: {error}" for side in sides for error in dict.fromkeys(side.errors)]
    return sides


def _closed(load: Load, in_flight: int) -> MeasureOf:
    method, requests_of = load
    return lambda tree: loading(
        tree.client, Workload(tree.requests.contract.path(method), in_flight, requests_of(tree.requests))
    )


def _open(load: Load, per_second: float) -> MeasureOf:
    method, requests_of = load

    def measure_of(tree: _Served) -> Measure:
        arrivals = Arrivals(tree.requests.contract.path(method), per_second, requests_of(tree.requests))

        async def measure(number: int, seconds: float) -> Reading:
            (reading,) = await run_open_loop(tree.client, [arrivals], number, seconds)
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


def _requests(contract: Contract, rounds: int) -> _Requests:
    lists = [list_request(contract, _READER, skip, _LIST_PAGE) for skip in range(_LISTED - _LIST_PAGE + 1)]
    return _Requests(contract, pages(contract, rounds), sends(contract), dealt(lists, rounds))


def _list() -> Iterator[Said]:
    for peer in range(_LISTED):
        yield Said(pair(_READER, f"peer-{peer}"), f"peer-{peer}", peer)
