"""This tree beside others (`--against`): the same loads in turns, closed loops and open ones."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import product
from pathlib import Path

from backscroll.v1 import conversation_service_pb2
from backscroll_server.services.messages.send import Send
from benchmarks.dataset import open_store, pair, send, text_message
from benchmarks.figures import Reading, Side, cost_ratio
from benchmarks.load import Client, Workload, connected
from benchmarks.open_loop import Arrivals, run_open_loop
from benchmarks.pairing import Measure, alternate, loading
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.report import Outcome, at_most, lines
from benchmarks.requests import (
    LIST_CONVERSATIONS,
    LIST_MESSAGES,
    SEND_MESSAGE,
    dealt,
    filled,
    page_request,
    send_template,
)

_PEOPLE = [(f"ann-{number}", f"bob-{number}") for number in range(200)]
_READER = "reader"
_MESSAGES = 200
_LISTED = 1000
_IN_FLIGHT = (1, 8, 32, 128)
_SENDS_IN_FLIGHT = (1, 64)
_SHARES = (0.5, 0.8)
_MOST_COST = 1.05

Requests = Callable[[int], Iterator[bytes]]


async def run(plan: Plan) -> Outcome:
    """Load each tree in turns with pages, sends and lists; print every load, and hold the open loops to the first."""
    trees = [*((path.name, path) for path in plan.against), ("this tree", None)]
    outcome = Outcome(f"{', '.join(name for name, _ in trees)}, in turns", ())
    pages, sends, listed = _requests(plan)
    async with AsyncExitStack() as stack:
        clients = [
            (name, await stack.enter_async_context(_served(plan, number, tree)))
            for number, (name, tree) in enumerate(trees)
        ]

        async def compare(title: str, measure_of: Callable[[Client], Measure]) -> list[Side]:
            sides = await alternate(plan, *((name, _with_load(measure_of(client))) for name, client in clients))
            outcome.notes += lines(title, Outcome("", sides))
            outcome.faults += [f"{title}, {side.label}: {error}" for side in sides for error in side.errors]
            return sides

        capacity = 0.0
        for in_flight in _IN_FLIGHT:
            closed = Workload(LIST_MESSAGES, in_flight, pages)
            sides = await compare(f"page, {in_flight} in flight", partial(_closing, closed))
            capacity = sides[0].per_second if in_flight == max(_IN_FLIGHT[:3]) else capacity
        for share in _SHARES:
            arrivals = Arrivals(LIST_MESSAGES, share * capacity, pages)
            title = f"page, open loop at {share:.0%} of the first tree ({arrivals.per_second:,.0f}/s)"
            sides = await compare(title, partial(_opening, arrivals))
            outcome.verdicts.append(at_most(f"{title}: CPU beside it", cost_ratio(sides[-1], sides[0]), _MOST_COST))
            outcome.notes.append(_tails(sides))
        for in_flight in _SENDS_IN_FLIGHT:
            await compare(f"send, {in_flight} in flight", partial(_closing, Workload(SEND_MESSAGE, in_flight, sends)))
        await compare(f"list of {_LISTED:,}, 8 in flight", partial(_closing, Workload(LIST_CONVERSATIONS, 8, listed)))
    return outcome


def _closing(workload: Workload, client: Client) -> Measure:
    return loading(client, workload)


def _opening(arrivals: Arrivals, client: Client) -> Measure:
    return lambda number, seconds: run_open_loop(client, arrivals, number, seconds)


def _with_load(measure: Measure) -> Measure:
    """Return a measure that notes the machine's load before each round."""

    async def measured(number: int, seconds: float) -> Reading:
        print(f"  round {number}: load {os.getloadavg()[0]:.2f}", flush=True)
        return await measure(number, seconds)

    return measured


def _tails(sides: list[Side]) -> str:
    spreads = (
        f"{side.label} {side.latency(0.99) * 1e3:.1f} ({min(tails) * 1e3:.1f} to {max(tails) * 1e3:.1f})"
        for side in sides
        for tails in [[reading.latency(0.99) for reading in side.readings] or [0.0]]
    )
    return f"p99 in ms: {', '.join(spreads)}"


def _requests(plan: Plan) -> tuple[Requests, Requests, Requests]:
    """Return the requests of each round for pages, sends and lists."""
    pages = [
        page_request(user_id, pair(*users).conversation_id, sequence)
        for users in _PEOPLE
        for user_id in users
        for sequence in range(51, _MESSAGES + 1)
    ]
    sends = [send_template(users[0], pair(*users).conversation_id, number) for number, users in enumerate(_PEOPLE)]
    listed = [
        conversation_service_pb2.ListConversationsRequest(user_id=_READER, page_size=50, skip=skip).SerializeToString()
        for skip in range(_LISTED - 50)
    ]
    return dealt(pages, plan.rounds), filled(sends), dealt(listed, plan.rounds)


@asynccontextmanager
async def _served(plan: Plan, number: int, tree: Path | None) -> AsyncIterator[Client]:
    """Serve a database of its own with a tree; yield a client."""
    database = plan.folder / f"tree-{number}.db"
    async with open_store(database) as store:
        await send(
            store,
            (
                Send(pair(*users), users[number % 2], text_message(number))
                for users, number in product(_PEOPLE, range(_MESSAGES))
            ),
        )
        await send(
            store, (Send(pair(_READER, f"peer-{peer}"), f"peer-{peer}", text_message(peer)) for peer in range(_LISTED))
        )
    with backscroll(database, plan.cores, tree=tree) as server:
        async with connected(server) as client:
            yield client
