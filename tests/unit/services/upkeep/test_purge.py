"""The purger leaves most of the writer's time to callers (semantics D6), on a clock that the test sets."""

import asyncio
from dataclasses import dataclass, field

from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.services.upkeep.purge import REST, Purger

SECONDS = 5


@dataclass
class Steps:
    """A purge whose steps take a known time, with a clock and a sleep of its own.

    Attributes:
        left: steps left by conversation.
        length: the seconds that a step takes.
        now: the clock, in seconds.
        log: the conversation of each step, and the seconds of each rest.
        failures: raised by the next steps.
    """

    left: dict[int, int]
    length: float = 0.5
    now: float = 100.0
    log: list[int | float] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    finished: int = 0

    def __post_init__(self) -> None:
        self.done = asyncio.Event()

    async def step(self, conversation: int) -> bool:
        """Run one step."""
        self.now += self.length
        self.log.append(conversation)
        if self.failures:
            raise self.failures.pop(0)
        self.left[conversation] -= 1
        return self.left[conversation] > 0

    async def finish(self) -> bool:
        """Note that all steps are done."""
        self.finished += 1
        self.done.set()
        return True

    async def sleep(self, seconds: float) -> None:
        """Note a rest, which takes its time by the clock."""
        self.log.append(seconds)
        self.now += seconds

    async def purged(self, *conversations: int) -> list[int | float]:
        """Purge some conversations; return the steps and rests, in order."""
        purger = Purger(self.step, self.finish, clock=lambda: self.now, sleep=self.sleep)
        purger.start(list(conversations))
        await asyncio.wait_for(self.done.wait(), SECONDS)
        await purger.close()
        return self.log


def test_purge_rests_twice_as_long_as_each_step_took() -> None:
    async def test() -> None:
        assert REST >= 1, "callers have at least as much of the writer as the purge"
        assert await Steps({7: 3}).purged(7) == [7, 0.5 * REST, 7, 0.5 * REST, 7, 0.5 * REST]
        assert await Steps({7: 1}, length=0.25).purged(7) == [7, 0.25 * REST]

    asyncio.run(test())


def test_purge_goes_through_one_conversation_after_the_other_then_finishes_once() -> None:
    async def test() -> None:
        steps = Steps({7: 2, 9: 1})
        assert (await steps.purged(7, 9))[::2] == [7, 7, 9]
        assert steps.finished == 1

    asyncio.run(test())


def test_purge_when_a_conversation_is_damaged_then_the_others_are_purged_and_it_waits() -> None:
    async def test() -> None:
        steps = Steps({7: 1, 9: 1}, failures=[UnavailableError(Reason.DATABASE_CORRUPT, "damaged")])
        assert [entry for entry in await steps.purged(7, 9) if entry in (7, 9)] == [7, 9]
        assert steps.left == {7: 1, 9: 0}

    asyncio.run(test())


def test_purge_when_the_database_is_away_then_the_step_is_done_again() -> None:
    async def test() -> None:
        steps = Steps({7: 1}, failures=[UnavailableError(Reason.DATABASE_UNAVAILABLE, "away")])
        assert [entry for entry in await steps.purged(7) if entry == 7] == [7, 7]
        assert steps.left == {7: 0}

    asyncio.run(test())
