"""A thousand watchers of one group: the time until the last of them gets an event, and the growth of memory."""

import asyncio
from contextlib import AsyncExitStack
from typing import NamedTuple

import grpc

from benchmarks.checkouts import THIS_TREE, prepared
from benchmarks.contract import Contract
from benchmarks.dataset import group
from benchmarks.figures import Side, latency_ratio
from benchmarks.fill import open_group, served
from benchmarks.pairing import Measure, alternate
from benchmarks.plan import Plan
from benchmarks.processes import ServerProcess, empty_fanout
from benchmarks.raw_calls import streaming, unary
from benchmarks.report import Outcome, Verdict, formatted
from benchmarks.requests import SEND_MESSAGE, WATCH_EVENTS, filled_with, send_template
from benchmarks.streams import Streams, channels, delivering

_WATCHERS = 1000
_WARM_UP_CYCLES = 4000
_CYCLES = 20_000
_AT_ONCE = 100
_GROWTH = 1.05


_GROUP = group("everybody")
_MEMBERS = [f"member-{number}" for number in range(_WATCHERS)]


class _Calls(NamedTuple):
    """The calls of one checkout.

    Attributes:
        watch: the path of watching.
        watches: a watch of each member.
        send: the path of sending.
        template: a send to the group with room for a number.
    """

    watch: str
    watches: list[bytes]
    send: str
    template: bytes

    def sending(self, number: int, index: int) -> tuple[bytes, bytes]:
        """Return the send of a round with an index, and the mark in what watchers get."""
        return filled_with(self.template, number, index)


async def run(plan: Plan) -> Outcome:
    """Compare the time from an acknowledged send to its last delivery with a bare fan-out of as many bytes."""
    calls, missing = prepared(plan, _calls)
    ours = calls[THIS_TREE]
    async with served(plan, calls) as clients, AsyncExitStack() as stack:
        for tree, client in clients.items():
            await open_group(client, tree.contract, _GROUP, _MEMBERS)
            answer = await _one_delivery(client.server, calls[tree])
        empty = stack.enter_context(empty_fanout(ours.watch, ours.send, answer, plan.folder, plan.cores))
        others = [
            (tree.name, await _watched(stack, client.server, calls[tree]))
            for tree, client in clients.items()
            if tree is not THIS_TREE
        ]
        server = clients[THIS_TREE].server
        sides = await alternate(
            plan,
            ("backscroll", await _watched(stack, server, ours)),
            ("bare fan-out", await _watched(stack, empty, ours, mark=answer[:1])),
            *others,
        )
        await stack.aclose()
        before, after = await _cycles(server, ours)
    outcome = _outcome(sides, len(answer), before, after)
    outcome.notes += missing
    return outcome


def _calls(contract: Contract) -> _Calls:
    return _Calls(
        contract.path(WATCH_EVENTS),
        [contract.request(WATCH_EVENTS, user_id=member) for member in _MEMBERS],
        contract.path(SEND_MESSAGE),
        send_template(contract, _MEMBERS[0], _GROUP.conversation_id, 0),
    )


async def _watched(stack: AsyncExitStack, server: ServerProcess, calls: _Calls, *, mark: bytes = b"") -> Measure:
    """Open a stream for each member, until the stack is closed; return a measure of a delivery to all of them.

    Args:
        stack: what closes the streams.
        server: what they are streams of.
        calls: the calls of its checkout.
        mark: what each response has in it; the mark of the send if empty.
    """
    opened = await stack.enter_async_context(channels(server))
    streams = Streams()
    stack.push_async_callback(streams.close)
    for at, channel in enumerate(opened):
        await streams.open(channel, calls.watch, calls.watches[at :: len(opened)])

    def request_of(number: int, index: int) -> tuple[bytes, bytes]:
        request, sent = calls.sending(number, index)
        return request, mark or sent

    return delivering(streams, opened[0], server, calls.send, request_of)


async def _one_delivery(server: ServerProcess, calls: _Calls) -> bytes:
    """Return the response that one watcher gets for one send."""
    async with channels(server) as (channel, *_):
        watch = streaming(channel, calls.watch)(calls.watches[0])
        await watch.read()
        send = unary(channel, calls.send)
        await send(calls.sending(9999, 0)[0])
        answer = await watch.read()
        watch.cancel()
        if isinstance(answer, bytes):
            return answer
        raise ValueError("the stream ended")


async def _cycles(server: ServerProcess, calls: _Calls) -> tuple[int | None, int | None]:
    """Return the server's memory after some streams were opened and cancelled, and after 20,000 more."""
    async with channels(server) as (channel, *_):
        await _open_and_cancel(channel, calls, _WARM_UP_CYCLES)
        before = server.resident_bytes()
        await _open_and_cancel(channel, calls, _CYCLES)
        return before, server.resident_bytes()


async def _open_and_cancel(channel: grpc.aio.Channel, calls: _Calls, count: int) -> None:
    watch = streaming(channel, calls.watch)
    for start in range(0, count, _AT_ONCE):
        opened = [watch(calls.watches[(start + at) % _WATCHERS]) for at in range(_AT_ONCE)]
        await asyncio.gather(*(call.read() for call in opened))
        for call in opened:
            call.cancel()


def _outcome(sides: list[Side], size: int, before: int | None, after: int | None) -> Outcome:
    ours, theirs, *others = sides
    outcome = Outcome(
        f"{_WATCHERS:,} watchers of one group, {size:,} bytes each: from an acknowledged send to the last delivery",
        sides,
        unit="sends",
    )
    if not outcome.failures:
        outcome.notes.append(f"median {formatted(latency_ratio(ours, theirs, 0.5))} times the bare fan-out")
        outcome.notes += [
            f"beside {other.label}: median {formatted(latency_ratio(ours, other, 0.5))} times" for other in others
        ]
        if before is not None and after is not None:
            text = f"memory after {_CYCLES:,} more watches {after / 2**20:.1f} MiB, before {before / 2**20:.1f} MiB"
            outcome.verdicts.append(Verdict(text, f"at most {_GROWTH:.0%}", after <= before * _GROWTH))
    return outcome
