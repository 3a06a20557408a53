"""The deadline of the running call, after which nobody waits for its result, so that no work for it is begun."""

from contextvars import ContextVar
from math import inf
from time import monotonic

_deadline: ContextVar[float] = ContextVar("deadline", default=inf)


def set_time_left(seconds: float | None) -> None:
    """Set the deadline of the running call: so many seconds from now, or none. It holds for the current task."""
    if seconds is not None:
        _deadline.set(monotonic() + seconds)


def current_deadline() -> float:
    """Return the deadline of the running call, in seconds of the monotonic clock; infinity if it has none."""
    return _deadline.get()


def time_is_left() -> bool:
    """Return whether the deadline of the running call, if it has one, is still to come."""
    return monotonic() < _deadline.get()
