"""A thousand watchers of one group: the time until the last of them gets an event, and the growth of memory."""

import asyncio
from collections.abc import Callable

import grpc

from backscroll.v1 import event_service_pb2
from benchmarks.dataset import create_group, group, open_store
from benchmarks.figures import Side, latency_ratio
from benchmarks.pairing import alternate
from benchmarks.plan import Plan
from benchmarks.processes import ServerProcess, backscroll, empty_fanout
from benchmarks.raw_calls import streaming, unary
from benchmarks.report import Outcome, Verdict, formatted
from benchmarks.requests import SEND_MESSAGE, WATCH, filled_with, send_template
from benchmarks.streams import Streams, channels, delivering

_WATCHERS = 1000
_WARM_UP_CYCLES = 4000
_CYCLES = 20_000
_AT_ONCE = 100
_GROWTH = 1.05


async def run(plan: Plan) -> Outcome:
    """Compare the time from an acknowledged send to its last delivery with a bare fan-out of as many bytes."""
    database = plan.folder / "watch.db"
    members = [f"member-{number}" for number in range(_WATCHERS)]
    async with open_store(database) as store:
        await create_group(store, "everybody", members)
    key = group("everybody")
    requests = [event_service_pb2.WatchRequest(user_id=member).SerializeToString() for member in members]
    template = send_template(members[0], key.conversation_id, 0)

    def sending(number: int, index: int) -> tuple[bytes, bytes]:
        return filled_with(template, number, index)

    with backscroll(database, plan.cores) as server:
        answer = await _one_delivery(server, requests[0], sending)
        with empty_fanout(WATCH, SEND_MESSAGE, answer, plan.folder, plan.cores) as empty:
            async with channels(server) as ours, channels(empty) as theirs:
                delivered, bare_ones = Streams(), Streams()
                for at, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
                    await delivered.open(mine, WATCH, requests[at :: len(ours)])
                    await bare_ones.open(other, WATCH, requests[at :: len(theirs)])
                sides = await alternate(
                    plan,
                    ("backscroll", delivering(delivered, ours[0], server, SEND_MESSAGE, sending)),
                    (
                        "bare fan-out",
                        delivering(bare_ones, theirs[0], empty, SEND_MESSAGE, lambda *_: (requests[0], answer[:1])),
                    ),
                )
                await delivered.close()
                await bare_ones.close()
        before, after = await _cycles(server)
    return _outcome(sides, len(answer), before, after)


async def _one_delivery(
    server: ServerProcess, request: bytes, sending: Callable[[int, int], tuple[bytes, bytes]]
) -> bytes:
    """Return the response that one watcher gets for one send."""
    async with channels(server) as (channel, *_):
        watch = streaming(channel, WATCH)(request)
        await watch.read()
        send = unary(channel, SEND_MESSAGE)
        await send(sending(9999, 0)[0])
        answer = await watch.read()
        watch.cancel()
        if isinstance(answer, bytes):
            return answer
        raise ValueError("the stream ended")


async def _cycles(server: ServerProcess) -> tuple[int | None, int | None]:
    """Return the server's memory after some streams were opened and cancelled, and after 20,000 more."""
    async with channels(server) as (channel, *_):
        await _open_and_cancel(channel, _WARM_UP_CYCLES)
        before = server.resident_bytes()
        await _open_and_cancel(channel, _CYCLES)
        return before, server.resident_bytes()


async def _open_and_cancel(channel: grpc.aio.Channel, count: int) -> None:
    watch = streaming(channel, WATCH)
    for start in range(0, count, _AT_ONCE):
        calls = [
            watch(event_service_pb2.WatchRequest(user_id=f"member-{(start + at) % _WATCHERS}").SerializeToString())
            for at in range(_AT_ONCE)
        ]
        await asyncio.gather(*(call.read() for call in calls))
        for call in calls:
            call.cancel()


def _outcome(sides: list[Side], size: int, before: int | None, after: int | None) -> Outcome:
    ours, theirs = sides
    outcome = Outcome(
        f"{_WATCHERS:,} watchers of one group, {size:,} bytes each: from an acknowledged send to the last delivery",
        sides,
        unit="sends",
    )
    if not outcome.failures:
        outcome.notes.append(f"median {formatted(latency_ratio(ours, theirs, 0.5))} times the bare fan-out")
        if before is not None and after is not None:
            text = f"memory after {_CYCLES:,} more watches {after / 2**20:.1f} MiB, before {before / 2**20:.1f} MiB"
            outcome.verdicts.append(Verdict(text, f"at most {_GROWTH:.0%}", after <= before * _GROWTH))
    return outcome
