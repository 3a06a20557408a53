"""A user with very many conversations beside everybody else: latencies of others, and times of the heavy calls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle, product
from pathlib import Path
from statistics import median
from time import perf_counter

import grpc
from grpc_health.v1 import health_pb2

from backscroll.v1 import conversation_service_pb2, event_service_pb2
from backscroll_server.services.messages.send import Send
from benchmarks.dataset import open_store, pair, send, text_message
from benchmarks.figures import Reading, Side
from benchmarks.load import Client, connected
from benchmarks.open_loop import Arrivals, run_open_loop
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.raw_calls import streaming, unary
from benchmarks.report import Outcome, Verdict, lines
from benchmarks.requests import LIST_CONVERSATIONS, LIST_MESSAGES, SEND_MESSAGE, filled, page_request, send_template

_CONVERSATIONS = 50_000
_QUICK_CONVERSATIONS = 2_000
_PEOPLE = [(f"ann-{number}", f"bob-{number}") for number in range(50)]
_HEAVY = "heavy"
_MESSAGES = 100
_RATES = {LIST_MESSAGES: 200.0, SEND_MESSAGE: 50.0, "/grpc.health.v1.Health/Check": 50.0}
_CALM_P99_SECONDS = 0.015
_HEAVY_P99_SECONDS = 0.05
_SERVICE = "/backscroll.v1.ConversationService"
_LONGEST_CALL_SECONDS = 300


async def run(plan: Plan) -> Outcome:
    """Time others without and with the heavy user; time the heavy calls of each tree."""
    size = _QUICK_CONVERSATIONS if plan.quick else _CONVERSATIONS
    outcome = Outcome(
        f"a user with {size:,} conversations; others at 200 pages, 50 sends, 50 health checks a second", ()
    )
    trees = [*((path.name, path) for path in plan.against), ("this tree", None)]
    for number, (name, tree) in enumerate(trees):
        async with _served(plan, number, size, tree) as (client, heavy_client):
            calm = await _others(client, plan, number=1)
            times: dict[str, list[float]] = {}
            stop = asyncio.Event()
            heavy_user = asyncio.create_task(_heavy_user(heavy_client, times, stop))
            busy = await _others(client, plan, number=2)
            stop.set()
            await heavy_user
        outcome.notes += lines(f"{name}, without the heavy user", Outcome("", calm))
        outcome.notes += lines(f"{name}, with the heavy user", Outcome("", busy))
        outcome.notes += [
            f"{name}: {call} took {median(taken):.2f} s ({len(taken)} calls)" for call, taken in times.items()
        ]
        outcome.faults += [f"{name}: {error}" for side in (*calm, *busy) for error in side.errors]
        if tree is None:
            outcome.verdicts += _verdicts("without", calm, _CALM_P99_SECONDS)
            outcome.verdicts += _verdicts("with", busy, _HEAVY_P99_SECONDS)
    return outcome


def _verdicts(state: str, sides: list[Side], most: float) -> list[Verdict]:
    return [
        Verdict(
            f"p99 of {side.label} {state} the heavy user {side.latency(0.99) * 1e3:.1f} ms",
            f"< {most * 1e3:.0f} ms",
            side.latency(0.99) < most,
        )
        for side in sides
    ]


async def _others(client: Client, plan: Plan, *, number: int) -> list[Side]:
    """Load the server with all three kinds of calls at once, in open loops."""
    pages = [
        page_request(user_id, pair(*users).conversation_id, sequence)
        for users in _PEOPLE
        for user_id in users
        for sequence in range(51, _MESSAGES + 1)
    ]
    sends = filled([send_template(users[0], pair(*users).conversation_id, n) for n, users in enumerate(_PEOPLE)])
    checks = [health_pb2.HealthCheckRequest().SerializeToString()]
    requests = {LIST_MESSAGES: lambda _: cycle(pages), SEND_MESSAGE: sends}
    seconds = plan.seconds * plan.rounds

    async def load(method: str, rate: float) -> Reading:
        arrivals = Arrivals(method, rate, requests.get(method, lambda _: cycle(checks)))
        return await run_open_loop(client, arrivals, number, seconds)

    readings = await asyncio.gather(*(load(method, rate) for method, rate in _RATES.items()))
    return [Side(method.rpartition("/")[2], [reading]) for method, reading in zip(_RATES, readings, strict=True)]


async def _heavy_user(client: Client, times: dict[str, list[float]], stop: asyncio.Event) -> None:
    """Make the heavy calls in turns until asked to stop; every call is finished."""
    for name, call in cycle(_heavy_calls(client)):
        if stop.is_set():
            return
        started = perf_counter()
        await call()
        times.setdefault(name, []).append(perf_counter() - started)


def _heavy_calls(client: Client) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    token = ""

    async def stream() -> None:
        nonlocal token
        request = conversation_service_pb2.StreamConversationsRequest(user_id=_HEAVY).SerializeToString()
        async for raw in streaming(client.channel, f"{_SERVICE}/StreamConversations")(
            request, timeout=_LONGEST_CALL_SECONDS
        ):
            token = conversation_service_pb2.StreamConversationsResponse.FromString(raw).resume_token

    async def ask(method: str, request: bytes) -> None:
        await unary(client.channel, method)(request, timeout=_LONGEST_CALL_SECONDS)

    async def summary() -> None:
        request = conversation_service_pb2.GetUnreadSummaryRequest(user_id=_HEAVY)
        await ask(f"{_SERVICE}/GetUnreadSummary", request.SerializeToString())

    async def unread_only() -> None:
        request = conversation_service_pb2.ListConversationsRequest(
            user_id=_HEAVY, page_size=100, filter={"unread_only": True}, include_total_size=True
        )
        await ask(LIST_CONVERSATIONS, request.SerializeToString())

    async def changes() -> None:
        request = event_service_pb2.ListChangesRequest(user_id=_HEAVY, resume_token=token)
        await ask("/backscroll.v1.EventService/ListChanges", request.SerializeToString())

    async def mark_read() -> None:
        request = conversation_service_pb2.MarkAllConversationsReadRequest(user_id=_HEAVY)
        await ask(f"{_SERVICE}/MarkAllConversationsRead", request.SerializeToString())

    return [
        ("StreamConversations", stream),
        ("GetUnreadSummary", summary),
        ("ListConversations, unread_only", unread_only),
        ("MarkAllConversationsRead", mark_read),
        ("ListChanges", changes),
    ]


@asynccontextmanager
async def _served(plan: Plan, number: int, size: int, tree: Path | None) -> AsyncIterator[tuple[Client, Client]]:
    """Serve a database of its own with a tree; yield a client for the others and one for the heavy user."""
    database = plan.folder / f"heavy-{number}.db"
    async with open_store(database) as store:
        await send(
            store,
            (Send(pair(_HEAVY, f"peer-{peer}"), f"peer-{peer}", text_message(peer)) for peer in range(size)),
        )
        await send(
            store,
            (Send(pair(*users), users[n % 2], text_message(n)) for users, n in product(_PEOPLE, range(_MESSAGES))),
        )
    async with AsyncExitStack() as stack:
        server = stack.enter_context(backscroll(database, plan.cores, tree=tree))
        client = await stack.enter_async_context(connected(server))
        heavy_client = await stack.enter_async_context(connected(server))
        try:
            yield client, heavy_client
        except grpc.aio.AioRpcError as error:
            raise ValueError(f"{error.code().name}: {error.details()}") from error
