"""Rows of calls: who waits, for whom, and what they leave alone."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from backscroll_server.storage.row_barrier import RowBarrier
from backscroll_server.transport.gathering import MOST_TOGETHER, Gathering
from backscroll_server.transport.load import Load

Scenario = Callable[[Gathering], Coroutine[Any, Any, Any]]


async def call(does: Callable[[], Any] = int) -> Any:
    """A call that waits for nothing."""
    return does()


def while_busy(scenario: Scenario) -> Any:
    """Runs a scenario in a process that is busy, where the next call waits for another one."""

    async def run() -> Any:
        gathering = Gathering(lambda: True, RowBarrier())
        await gathering.run(call())
        return await scenario(gathering)

    return asyncio.run(run(), debug=True)


async def begins_at_once(gathering: Gathering) -> bool:
    """Whether a call ends without giving the loop a turn."""
    turns: list[None] = []
    turn = asyncio.get_running_loop().call_soon(turns.append, None)
    await gathering.run(call())
    turn.cancel()
    return not turns


class Rows:
    """Counts how many calls begin in each turn of the loop."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self._open = False

    def count(self) -> None:
        if not self._open:
            self._open = True
            self.sizes.append(0)
            asyncio.get_running_loop().call_soon(self._end)
        self.sizes[-1] += 1

    def _end(self) -> None:
        self._open = False


async def call_again_and_again(gathering: Gathering, does: Callable[[], object], times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(0)
        await gathering.run(call(does))


def test_calls_while_the_process_is_not_busy_begin_at_once() -> None:
    async def scenario() -> None:
        gathering = Gathering(lambda: False, RowBarrier())
        for _ in range(1000):
            assert await begins_at_once(gathering)

    asyncio.run(scenario())


def test_calls_of_many_callers_while_busy_begin_in_rows_of_at_most_32() -> None:
    async def scenario() -> Rows:
        gathering, rows = Gathering(lambda: True, RowBarrier()), Rows()
        await asyncio.gather(*(call_again_and_again(gathering, rows.count, 100) for _ in range(MOST_TOGETHER)))
        return rows

    rows = asyncio.run(scenario())
    assert sum(rows.sizes) == 100 * MOST_TOGETHER
    assert max(rows.sizes) == MOST_TOGETHER
    # Most of them, once the rows have grown.
    assert rows.sizes.count(MOST_TOGETHER) > 80


def test_calls_of_a_lone_caller_while_busy_seldom_wait() -> None:
    async def scenario() -> int:
        gathering = Gathering(lambda: True, RowBarrier())
        return [await begins_at_once(gathering) for _ in range(1000)].count(False)

    # One more is waited for now and then.
    assert 0 < asyncio.run(scenario()) < 10


def test_calls_of_four_callers_while_busy_seldom_wait_for_a_fifth() -> None:
    async def scenario() -> Rows:
        gathering, rows = Gathering(lambda: True, RowBarrier()), Rows()
        await asyncio.gather(*(call_again_and_again(gathering, rows.count, 500) for _ in range(4)))
        return rows

    sizes = asyncio.run(scenario()).sizes
    assert sum(sizes) == 2000
    assert sizes.count(4) > 400


def test_calls_when_the_process_is_no_longer_busy_begin_at_once_again() -> None:
    async def scenario() -> None:
        busy = True
        gathering = Gathering(lambda: busy, RowBarrier())
        await asyncio.gather(*(call_again_and_again(gathering, int, 20) for _ in range(8)))
        busy = False
        await asyncio.gather(*(call_again_and_again(gathering, int, 20) for _ in range(8)))
        assert await begins_at_once(gathering)

    asyncio.run(scenario())


def test_a_call_that_fails_in_a_row_fails_alone() -> None:
    def fail() -> int:
        raise LookupError("missing")

    async def scenario(gathering: Gathering) -> list[object]:
        calls = (call(), call(fail), call())
        return list(await asyncio.gather(*map(gathering.run, calls), return_exceptions=True))

    first, second, third = while_busy(scenario)
    assert (first, third) == (0, 0)
    assert isinstance(second, LookupError)


def test_a_call_that_is_cancelled_from_within_ends_its_own_task_alone() -> None:
    async def scenario(gathering: Gathering) -> list[object]:
        gone = asyncio.get_running_loop().create_future()
        gone.cancel()

        async def wait_for_what_is_gone() -> None:
            await gone

        calls = (call(), wait_for_what_is_gone(), call())
        return list(await asyncio.gather(*map(gathering.run, calls), return_exceptions=True))

    first, second, third = while_busy(scenario)
    assert (first, third) == (0, 0)
    assert isinstance(second, asyncio.CancelledError)


def test_a_call_that_has_to_wait_goes_on_in_its_own_task() -> None:
    async def scenario(gathering: Gathering) -> None:
        tasks = []

        async def waits() -> str:
            tasks.append(asyncio.current_task())
            await asyncio.sleep(0)
            tasks.append(asyncio.current_task())
            await asyncio.sleep(0.001)
            tasks.append(asyncio.current_task())
            return "done"

        task = asyncio.create_task(gathering.run(waits()))
        assert await task == "done"
        assert tasks == [task, task, task]

    while_busy(scenario)


def test_a_failure_of_what_a_call_waits_for_is_the_calls_to_handle() -> None:
    async def scenario(gathering: Gathering) -> tuple[str, str]:
        late: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def handles() -> str:
            try:
                await late
            except LookupError as error:
                await asyncio.sleep(0)
                return f"handled {error}"
            return "unhandled"

        async def passes_on() -> None:
            await late

        handling, passing = (asyncio.create_task(gathering.run(one())) for one in (handles, passes_on))
        await asyncio.sleep(0.02)
        late.set_exception(LookupError("missing"))
        with pytest.raises(LookupError) as caught:
            await passing
        return await handling, str(caught.value)

    assert while_busy(scenario) == ("handled missing", "missing")


def test_a_timeout_in_a_call_ends_what_it_is_about() -> None:
    async def scenario(gathering: Gathering) -> str:
        async def waits_in_vain() -> str:
            try:
                async with asyncio.timeout(0.01):
                    await asyncio.Event().wait()
            except TimeoutError:
                return "in time"
            return "never"

        return str(await asyncio.create_task(gathering.run(waits_in_vain())))

    assert while_busy(scenario) == "in time"


def test_a_call_whose_caller_is_gone_before_its_row_is_not_begun() -> None:
    async def scenario(gathering: Gathering) -> list[str]:
        done: list[str] = []
        gone = asyncio.create_task(gathering.run(call(lambda: done.append("gone"))))
        stays = asyncio.create_task(gathering.run(call(lambda: done.append("stays"))))
        await asyncio.sleep(0)
        gone.cancel()
        await stays
        with pytest.raises(asyncio.CancelledError):
            await gone
        return done

    assert while_busy(scenario) == ["stays"]


def test_a_call_whose_caller_goes_while_it_waits_is_told() -> None:
    async def scenario(gathering: Gathering) -> list[str]:
        told: list[str] = []
        waits = asyncio.Event()

        async def waits_for_ever() -> None:
            waits.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                told.append("cancelled")
                raise

        gone = asyncio.create_task(gathering.run(waits_for_ever()))
        await waits.wait()
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return told

    assert while_busy(scenario) == ["cancelled"]


@pytest.mark.parametrize("ending", ["waits", "fails", "answers"])
@pytest.mark.parametrize("at_once", [False, True])
def test_a_call_whose_caller_goes_in_the_turn_of_its_row_leaves_nothing_behind(ending: str, at_once: bool) -> None:
    async def scenario(gathering: Gathering) -> tuple[list[str], list[Any]]:
        closed: list[str] = []
        complaints: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))

        async def ends() -> None:
            task = asyncio.current_task()
            assert task is not None
            if at_once:
                task.cancel()
            else:
                # After the row, but before the next turn of the call's own task.
                asyncio.get_running_loop().call_soon(task.cancel)
            try:
                if ending == "waits":
                    await asyncio.Event().wait()
                if ending == "fails":
                    raise LookupError("missing")
            finally:
                closed.append("closed")

        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(gathering.run(ends()))
        await asyncio.sleep(0)
        return closed, complaints

    assert while_busy(scenario) == (["closed"], [])


def test_barriers_in_a_row_are_passed_when_all_have_come_as_far() -> None:
    async def scenario(gathering: Gathering) -> list[str]:
        order: list[str] = []

        async def works(name: str, parts: int) -> None:
            for part in range(parts):
                order.append(f"{name}{part}")
                await gathering.barrier.wait()
            order.append(f"{name}.")

        await asyncio.gather(*(gathering.run(works(name, parts)) for name, parts in (("a", 1), ("b", 2), ("c", 0))))
        return order

    assert while_busy(scenario) == ["a0", "b0", "c.", "a.", "b1", "b."]


def test_barriers_outside_a_row_are_passed_at_once() -> None:
    async def scenario(gathering: Gathering) -> list[str]:
        order: list[str] = []

        async def works(name: str, wait: Callable[[], Coroutine[Any, Any, None]]) -> None:
            await wait()
            order.append(f"{name}0")
            await gathering.barrier.wait()
            order.append(f"{name}1")

        async def ready() -> None:
            return

        # In tasks of their own, and in calls of a row that have already waited for something.
        await asyncio.gather(works("a", ready), works("b", ready))
        await asyncio.gather(*(gathering.run(works(name, lambda: asyncio.sleep(0.001))) for name in ("c", "d")))
        return order

    assert while_busy(scenario) == ["a0", "a1", "b0", "b1", "c0", "c1", "d0", "d1"]


def test_a_call_whose_caller_goes_while_it_is_at_a_barrier_is_ended_there() -> None:
    async def scenario(gathering: Gathering) -> list[str]:
        order: list[str] = []

        async def works(name: str) -> None:
            try:
                await gathering.barrier.wait()
                order.append(f"{name} goes on")
            finally:
                order.append(f"{name} ends")

        async def cancels() -> None:
            gone.cancel()

        gone = asyncio.create_task(gathering.run(works("gone")))
        stays = asyncio.create_task(gathering.run(works("stays")))
        await asyncio.gather(stays, asyncio.create_task(gathering.run(cancels())))
        with pytest.raises(asyncio.CancelledError):
            await gone
        return order

    assert sorted(while_busy(scenario)) == ["gone ends", "stays ends", "stays goes on"]


def test_a_row_of_long_calls_lets_others_have_turns() -> None:
    async def scenario(gathering: Gathering) -> list[str]:
        order: list[str] = []

        def take_long() -> None:
            order.append("call")
            time.sleep(0.006)

        calls = [asyncio.create_task(gathering.run(call(take_long))) for _ in range(4)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        order.append("other")
        await asyncio.gather(*calls)
        return order

    order = while_busy(scenario)
    assert order.count("call") == 4
    assert order[-1] == "call"


def test_rows_that_come_while_one_is_worked_off_take_no_more_turns() -> None:
    async def scenario(gathering: Gathering) -> str:
        order: list[str] = []
        loop = asyncio.get_running_loop()

        def tick() -> None:
            order.append(".")
            if order.count("c") < 16:
                loop.call_soon(tick)

        def take_long() -> None:
            order.append("c")
            time.sleep(0.006)

        tick()
        rows: list[asyncio.Task[Any]] = []
        for _ in range(4):
            rows += [asyncio.create_task(gathering.run(call(take_long))) for _ in range(4)]
            await asyncio.sleep(0.01)
        await asyncio.gather(*rows)
        return "".join(order)

    order = while_busy(scenario)
    assert order.count("c") == 16
    assert "cc" not in order


@pytest.mark.parametrize(("used", "busy"), [(0.0, False), (0.7, False), (0.8, True), (1.9, True)])
def test_load_when_most_of_a_processor_was_used_is_busy(used: float, busy: bool) -> None:
    load = Load(iter([100.0, 101.0, 101.05, 102.0]).__next__, iter([5.0, 5.0 + used, 5.0 + used]).__next__)
    assert load.is_busy() is busy
    # Too soon to say anything else.
    assert load.is_busy() is busy
    assert not load.is_busy()
