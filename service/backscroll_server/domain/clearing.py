"""The time of a clearing: imported messages that were originally written up to then are gone, whatever their sequence.

It is in microseconds since 1970, negative before that, and 0 for none.
"""

from typing import Final

from backscroll_server.domain.clock import SECOND

_FIRST_TIME: Final = -62_135_596_800 * SECOND
"""The first time that the contract has, the beginning of the year 1."""


def time_before(time: int) -> int:
    """Return the time of a clearing of all that was written before a time; 0 if nothing can be older.

    >>> time_before(5), time_before(1), time_before(0), time_before(-62_135_596_800_000_000)
    (4, 1, -1, 0)
    """
    return clearing_time(time - 1) if time > _FIRST_TIME else 0


def clearing_time(time: int) -> int:
    """Return a time as that of a clearing. The very beginning of 1970 stands for none, so it becomes the next one.

    >>> clearing_time(-5), clearing_time(0), clearing_time(5)
    (-5, 1, 5)
    """
    return time or 1


def later_clearing(first: int, second: int) -> int:
    """Return the later of the times of two clearings.

    >>> later_clearing(-5, 0), later_clearing(-5, -7), later_clearing(0, 0), later_clearing(3, -5)
    (-5, -5, 0, 3)
    """
    return max(first, second) if first and second else first or second


def is_cleared(original_time: int | None, floor_time: int) -> bool:
    """Return whether an imported message is gone by the time of a clearing.

    Args:
        original_time: the time at which the message was originally written; None for one that was not imported.
        floor_time: the time of the clearing.

    >>> is_cleared(-5, 0), is_cleared(-5, -5), is_cleared(-5, -6), is_cleared(None, 9)
    (False, True, False, False)
    """
    return original_time is not None and floor_time != 0 and original_time <= floor_time
