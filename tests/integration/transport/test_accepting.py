"""Notices that a server takes no calls any more, and only that."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from backscroll_server.transport import accepting
from backscroll_server.transport.accepting import AcceptingProbe
from backscroll_server.transport.drain import RunningCalls
from benchmarks import http2
from tests.support.toy_server import ToyServer, run


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asks more often."""
    monkeypatch.setattr(accepting, "_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(accepting, "_ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(accepting, "_BUSY_SECONDS", 0.03)


@contextmanager
def silent_server() -> Iterator[str]:
    """A server that the system takes connections for, and that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def work() -> None:
    until = time.thread_time() + 0.06
    while time.thread_time() < until:
        pass


async def ends_within(target: str, calls: RunningCalls, meanwhile: Callable[[], None]) -> bool:
    """Whether the probe says within some rounds that accepting has ended."""
    waiting = asyncio.create_task(AcceptingProbe(target, calls).wait_for_end())
    try:
        for _ in range(40):
            if waiting.done():
                return True
            meanwhile()
            await asyncio.sleep(0.05)
        return False
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting


def test_probe_when_nothing_is_answered_then_accepting_has_ended() -> None:
    async def scenario() -> bool:
        with silent_server() as target:
            return await ends_within(target, RunningCalls(), lambda: None)

    assert asyncio.run(scenario())


def test_probe_when_nobody_listens_then_accepting_has_ended() -> None:
    assert asyncio.run(ends_within("127.0.0.1:1", RunningCalls(), lambda: None))


def test_probe_when_calls_are_accepted_then_the_server_is_only_slow() -> None:
    calls = RunningCalls()

    def accept() -> None:
        calls.accepted += 1

    async def scenario() -> bool:
        with silent_server() as target:
            return await ends_within(target, calls, accept)

    assert not asyncio.run(scenario())


def test_probe_when_refused_at_once_and_the_process_works_then_the_server_is_only_busy() -> None:
    """As by a server that has more calls waiting than it may, in a flood of calls that were reset."""
    assert not asyncio.run(ends_within("127.0.0.1:1", RunningCalls(), work))


def test_probe_when_the_process_works_then_the_server_is_only_busy() -> None:
    async def scenario() -> bool:
        with silent_server() as target:
            return await ends_within(target, RunningCalls(), work)

    assert not asyncio.run(scenario())


def test_calls_when_reset_before_they_begin_are_counted_as_accepted() -> None:
    async def scenario(toy: ToyServer) -> None:
        with http2.connected(toy.target) as connection:
            # gRPC drops those that are reset before it has looked for who takes them, which may be a whole round.
            for first in range(1, 1_000_000, 200):
                connection.sendall(http2.reset_calls(first, 100))
                await asyncio.sleep(0.01)
                if toy.calls.accepted:
                    return
            pytest.fail("no call was counted")

    run(scenario)
