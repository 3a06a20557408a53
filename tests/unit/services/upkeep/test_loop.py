"""Work beside the calls: it goes on whatever fails, is woken from its pause, and ends when asked to."""

import asyncio
import logging

import pytest

from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.services.upkeep.loop import BackgroundLoop

LONG = 3600.0
SECONDS = 5


class Rounds:
    """Rounds that fail as expected, then pause for long."""

    def __init__(self, *failures: Exception, retry_seconds: float = 0) -> None:
        self.failures = list(failures)
        self.done: asyncio.Queue[int] = asyncio.Queue()
        self.count = 0
        self.background = BackgroundLoop(
            self.round, logger=logging.getLogger("rounds"), failed="it failed", retry_seconds=retry_seconds
        )

    async def round(self) -> float | None:
        """One round."""
        self.count += 1
        if self.failures:
            raise self.failures.pop(0)
        self.done.put_nowait(self.count)
        return LONG if self.count % 2 else None

    async def next(self) -> int:
        """Which round came through."""
        return await asyncio.wait_for(self.done.get(), SECONDS)


def test_round_when_it_fails_is_logged_and_followed_by_another(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        rounds = Rounds(ValueError("a bug"), UnavailableError(Reason.DATABASE_UNAVAILABLE, "away"))
        rounds.background.start()
        assert await rounds.next() == 3
        await rounds.background.close()

    asyncio.run(test())
    assert [(record.name, record.getMessage()) for record in caplog.records] == [("rounds", "it failed")]


def test_pause_when_woken_ends_and_otherwise_lasts() -> None:
    async def test() -> None:
        rounds = Rounds()
        rounds.background.start()
        for expected in (1, 2, 3):
            assert await rounds.next() == expected
            await asyncio.sleep(0.02)
            assert rounds.count == expected
            rounds.background.wake()
        await rounds.background.close()

    asyncio.run(test())


def test_wake_when_it_comes_before_the_pause_skips_it() -> None:
    async def test() -> None:
        rounds = Rounds()
        rounds.background.wake()
        rounds.background.start()
        assert [await rounds.next(), await rounds.next()] == [1, 2]
        await rounds.background.close()

    asyncio.run(test())


def test_close_when_it_failed_and_waits_to_try_again_ends_it() -> None:
    async def test() -> None:
        rounds = Rounds(ValueError("a bug"), retry_seconds=LONG)
        rounds.background.start()
        await asyncio.sleep(0.02)
        await asyncio.wait_for(rounds.background.close(), SECONDS)
        assert rounds.count == 1
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(test())
