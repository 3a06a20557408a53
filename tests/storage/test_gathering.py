"""Rows of reads: who waits, for whom, and what they leave alone."""

import asyncio
import time
from collections.abc import Callable

import pytest

from backscroll_server.domain.load import Load
from backscroll_server.storage.gathering import MOST_TOGETHER, Gathering


async def is_done_at_once(gathering: Gathering) -> bool:
    """Whether a read ends without giving the loop a turn."""
    turns: list[None] = []
    turn = asyncio.get_running_loop().call_soon(turns.append, None)
    await gathering.run(int)
    turn.cancel()
    return not turns


class Rows:
    """Counts how many reads run in each turn of the loop."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self._open = False

    def read(self) -> None:
        if not self._open:
            self._open = True
            self.sizes.append(0)
            asyncio.get_running_loop().call_soon(self._end)
        self.sizes[-1] += 1

    def _end(self) -> None:
        self._open = False


async def call_again_and_again(gathering: Gathering, read: Callable[[], object], times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(0)
        await gathering.run(read)


def test_reads_while_the_process_is_not_busy_are_done_at_once() -> None:
    async def scenario() -> None:
        gathering = Gathering(lambda: False)
        for _ in range(1000):
            assert await is_done_at_once(gathering)

    asyncio.run(scenario())


def test_reads_of_many_callers_while_busy_are_done_in_rows_of_at_most_32() -> None:
    async def scenario() -> Rows:
        gathering, rows = Gathering(lambda: True), Rows()
        await asyncio.gather(*(call_again_and_again(gathering, rows.read, 100) for _ in range(MOST_TOGETHER)))
        return rows

    rows = asyncio.run(scenario())
    assert sum(rows.sizes) == 100 * MOST_TOGETHER
    assert max(rows.sizes) == MOST_TOGETHER
    # Most of them, once the rows have grown.
    assert rows.sizes.count(MOST_TOGETHER) > 80


def test_reads_of_a_lone_caller_while_busy_seldom_wait() -> None:
    async def scenario() -> int:
        gathering = Gathering(lambda: True)
        return [await is_done_at_once(gathering) for _ in range(1000)].count(False)

    # One more is waited for now and then.
    assert 0 < asyncio.run(scenario()) < 10


def test_reads_of_four_callers_while_busy_seldom_wait_for_a_fifth() -> None:
    async def scenario() -> Rows:
        gathering, rows = Gathering(lambda: True), Rows()
        await asyncio.gather(*(call_again_and_again(gathering, rows.read, 500) for _ in range(4)))
        return rows

    sizes = asyncio.run(scenario()).sizes
    assert sum(sizes) == 2000
    assert sizes.count(4) > 400


def test_reads_when_the_process_is_no_longer_busy_are_done_at_once_again() -> None:
    async def scenario() -> None:
        busy = True
        gathering = Gathering(lambda: busy)
        await asyncio.gather(*(call_again_and_again(gathering, int, 20) for _ in range(8)))
        busy = False
        await asyncio.gather(*(call_again_and_again(gathering, int, 20) for _ in range(8)))
        assert await is_done_at_once(gathering)

    asyncio.run(scenario())


def test_a_read_that_fails_in_a_row_fails_alone() -> None:
    def fail() -> int:
        raise LookupError("missing")

    async def scenario() -> list[object]:
        gathering = Gathering(lambda: True)
        await gathering.run(int)
        reads = [int, fail, int]
        return list(await asyncio.gather(*map(gathering.run, reads), return_exceptions=True))

    first, second, third = asyncio.run(scenario())
    assert (first, third) == (0, 0)
    assert isinstance(second, LookupError)


def test_a_read_whose_caller_is_gone_is_not_done() -> None:
    async def scenario() -> list[str]:
        gathering, done = Gathering(lambda: True), list[str]()
        await gathering.run(int)
        gone = asyncio.create_task(gathering.run(lambda: done.append("gone")))
        stays = asyncio.create_task(gathering.run(lambda: done.append("stays")))
        await asyncio.sleep(0)
        gone.cancel()
        await stays
        with pytest.raises(asyncio.CancelledError):
            await gone
        return done

    assert asyncio.run(scenario()) == ["stays"]


def test_finish_does_what_waits() -> None:
    async def scenario() -> None:
        gathering = Gathering(lambda: True)
        await gathering.run(int)
        waiting = asyncio.create_task(gathering.run(int))
        await asyncio.sleep(0)
        gathering.finish()
        await asyncio.sleep(0)
        assert waiting.done()

    asyncio.run(scenario())


def test_a_row_of_long_reads_lets_others_have_turns() -> None:
    async def scenario() -> list[str]:
        gathering, order = Gathering(lambda: True), list[str]()

        def long_read() -> None:
            order.append("read")
            time.sleep(0.006)

        await gathering.run(int)
        reads = [asyncio.create_task(gathering.run(long_read)) for _ in range(4)]
        await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
        order.append("other")
        await asyncio.gather(*reads)
        return order

    order = asyncio.run(scenario())
    assert order.count("read") == 4
    assert order[-1] == "read"


@pytest.mark.parametrize(("used", "busy"), [(0.0, False), (0.7, False), (0.8, True), (1.9, True)])
def test_load_when_most_of_a_processor_was_used_is_busy(used: float, busy: bool) -> None:
    load = Load(iter([100.0, 101.0, 101.05, 102.0]).__next__, iter([5.0, 5.0 + used, 5.0 + used]).__next__)
    assert load.is_busy() is busy
    # Too soon to say anything else.
    assert load.is_busy() is busy
    assert not load.is_busy()
