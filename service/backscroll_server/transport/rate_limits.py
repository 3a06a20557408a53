"""Limits of how much one caller may do a second, for each class of methods (semantics N6)."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from time import monotonic
from typing import Final

from backscroll_server.domain.errors import ExhaustedError, Reason

_BURST_SECONDS: Final = 2.0
_KNOWN: Final = 20_000


class MethodClass(StrEnum):
    """A class of methods, with a limit of its own."""

    READ = "read"
    WRITE = "write"
    IMPORT = "import"
    EXPORT = "export"


Rates = Mapping[MethodClass, float]
"""The most that may be done a second, by class: calls; of writes and imports messages. 0 is no limit."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RateLimits:
    """The limits of each caller in this process, as a bucket for each class that fills by its rate.

    A bucket holds what two seconds bring, and at least one call. A call begins if there is one in its bucket, whatever
    it costs; what it took beyond must come back before the next begins: so a batch costs what its messages cost alone.
    The buckets of the latest 20,000 callers are kept.

    Args:
        services: the rates of identities of services.
        users: the rates of identities of users.
        now: returns the time, in seconds from any moment.
    """

    def __init__(self, services: Rates, users: Rates, now: Callable[[], float] = monotonic) -> None:
        self._services = services
        self._users = users
        self._now = now
        self._buckets: OrderedDict[tuple[str, bool, MethodClass], _Bucket] = OrderedDict()
        self.limits_anything = any([*services.values(), *users.values()])

    def take(self, caller: str, kind: MethodClass, cost: int, *, is_service: bool) -> None:
        """Take what a call costs from the bucket of its caller.

        Args:
            caller: the name of the caller, or the address of one without a name.
            kind: the class of the method.
            cost: how much the call does: 1, or its messages.
            is_service: whether the rates of services are the caller's.

        Raises:
            ExhaustedError: `RATE_LIMITED` where the bucket is empty, with the time until it is not.
        """
        rate = self._rate(kind, is_service=is_service)
        if not rate:
            return
        bucket = self._filled(caller, kind, rate, is_service=is_service)
        if bucket.left < 1:
            error = ExhaustedError(
                Reason.RATE_LIMITED, f"makes more than {rate:g} a second", limit=f"{rate:g}", **{"class": kind}
            )
            error.retry_seconds = ceil((1 - bucket.left) / rate)
            raise error
        bucket.left -= cost

    async def wait(self, caller: str, kind: MethodClass, cost: int, *, is_service: bool) -> None:
        """Take the same as `take`, and return when the bucket is not empty any more, instead of an error."""
        rate = self._rate(kind, is_service=is_service)
        if not rate:
            return
        bucket = self._filled(caller, kind, rate, is_service=is_service)
        seconds = -bucket.left / rate
        bucket.left -= cost
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _filled(self, caller: str, kind: MethodClass, rate: float, *, is_service: bool) -> _Bucket:
        """Return the bucket of a caller, with what has come in since it was last looked at."""
        key, now, size = (caller, is_service, kind), self._now(), max(rate * _BURST_SECONDS, 1.0)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(size, now)
            if len(self._buckets) > _KNOWN:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
            bucket.left = min(bucket.left + (now - bucket.at) * rate, size)
            bucket.at = now
        return bucket

    def _rate(self, kind: MethodClass, *, is_service: bool) -> float:
        return (self._services if is_service else self._users).get(kind, 0.0)
