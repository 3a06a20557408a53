"""Rates of callers: what two seconds bring may come at once, then as fast as the bucket fills."""

import asyncio

import pytest

from backscroll_server.domain.errors import ExhaustedError
from backscroll_server.transport import rate_limits
from backscroll_server.transport.rate_limits import MethodClass, RateLimits

READ, WRITE = MethodClass.READ, MethodClass.WRITE


class Limited:
    """Limits on a clock that the test sets: services 10 reads and 100 messages a second, users 1 read."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.limits = RateLimits({READ: 10, WRITE: 100}, {READ: 1}, lambda: self.now)

    def refusal(self, kind: MethodClass = READ, cost: int = 1, caller: str = "a", *, is_service: bool = True) -> int:
        """Return the seconds after which a refused call may be tried again; 0 for one that is not refused."""
        try:
            self.limits.take(caller, kind, cost, is_service=is_service)
        except ExhaustedError as error:
            return error.retry_seconds
        return 0

    def taken(self, **details: object) -> int:
        """Return the number of calls in a row that are not refused."""
        return next(count for count in range(1000) if self.refusal(**details))  # type: ignore[arg-type]


def test_calls_when_they_come_at_once_are_those_of_two_seconds() -> None:
    limited = Limited()
    assert limited.taken() == 20
    limited.now += 0.5
    assert limited.taken() == 5
    limited.now += 1000
    assert limited.taken() == 20


def test_callers_when_there_are_several_have_buckets_of_their_own() -> None:
    limited = Limited()
    assert limited.taken() == 20
    assert limited.taken(caller="b") == 20
    assert limited.taken(is_service=False) == 2
    assert limited.refusal(WRITE) == 0


def test_batch_when_it_is_larger_than_the_bucket_is_paid_back() -> None:
    limited = Limited()
    assert limited.refusal(WRITE, 500) == 0
    assert limited.refusal(WRITE, 1) == 4
    limited.now += 2.9
    assert limited.refusal(WRITE, 1) == 1
    limited.now += 0.2
    assert limited.refusal(WRITE, 1) == 0


def test_class_when_it_has_no_rate_is_not_limited() -> None:
    limited = Limited()
    assert [limited.refusal(WRITE, 10_000, is_service=False) for _ in range(3)] == [0, 0, 0]
    assert limited.limits.limits_anything
    assert not RateLimits({}, {READ: 0}).limits_anything


def test_refusal_says_the_class_and_its_limit() -> None:
    limited = Limited()
    limited.taken()
    with pytest.raises(ExhaustedError, match="makes more than 10 a second") as caught:
        limited.limits.take("a", READ, 1, is_service=True)
    assert caught.value.metadata == {"limit": "10", "class": "read"}


def test_callers_when_there_are_too_many_are_forgotten_the_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_KNOWN", 2)
    limited = Limited()
    for caller in "abc":
        assert limited.taken(caller=caller) == 20
    assert limited.taken(caller="c") == 0
    assert limited.taken(caller="a") == 20


def test_import_when_its_bucket_is_empty_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = Limited()
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        limited.now += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)

    async def scenario() -> None:
        for _ in range(4):
            await limited.limits.wait("a", WRITE, 300, is_service=True)

    asyncio.run(scenario())
    assert waited == pytest.approx([1.0, 3.0, 3.0], abs=0.1)
