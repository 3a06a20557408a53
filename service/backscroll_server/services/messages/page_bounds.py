"""The arithmetic of paging: where a page starts, which sequences it covers and where both directions go on. No reads.

A *boundary* is a point between two sequences, named by the lower one: a page upwards holds messages at or below it,
a page downwards messages above it.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from backscroll_server.domain.intervals import FOREVER, Interval, clip


class HistoryPosition(IntEnum):
    """A named position in a history, with the number that the contract gives it."""

    NEWEST = 1
    OLDEST = 2
    FIRST_UNREAD = 3


class HistoryStart(NamedTuple):
    """Start of a page: a named position, a message, a sequence or a time. At most one is set; none is the default.

    Attributes:
        position: a named position.
        message_id: a message, as the public number and the sequence in its id.
        sequence: a sequence, whether or not a message has it.
        time: a time, in microseconds; the page starts between what was created before it and the rest.
        include_anchor: whether the message or sequence itself is part of the page.
    """

    position: HistoryPosition | None = None
    message_id: tuple[int, int] | None = None
    sequence: int | None = None
    time: int | None = None
    include_anchor: bool = False


UNSET = HistoryStart()
"""The default start of a direction: the newest message upwards, the oldest one downwards."""


class PageSpan(NamedTuple):
    """The sequences of a page, `(after, up_to]`, and its continuations.

    Attributes:
        after: the sequence below the first one of the page.
        up_to: the last sequence of the page; equal to `after` where the page is empty.
        next_boundary: where the same direction goes on; None at the end.
        opposite_boundary: where the other direction goes on; None if no message is there.
    """

    after: int
    up_to: int
    next_boundary: int | None
    opposite_boundary: int | None


def gapless_span(interval: Interval, boundary: int, *, down: bool, size: int) -> PageSpan:
    """Return the span of a page in a history that is one interval of sequences, each of them visible.

    Args:
        interval: the visible sequences, `(first, last]`.
        boundary: the start of the page; it may lie outside the interval.
        down: towards newer messages.
        size: the most messages.

    >>> gapless_span((0, 100), 100, down=False, size=20)
    PageSpan(after=80, up_to=100, next_boundary=80, opposite_boundary=None)
    >>> gapless_span((0, 100), 95, down=True, size=20)
    PageSpan(after=95, up_to=100, next_boundary=None, opposite_boundary=95)
    """
    first, last = interval
    if down:
        after = max(boundary, first)
        up_to = max(min(after + size, last), after)
        more, beyond = up_to < last, first < boundary
        next_boundary = up_to
    else:
        up_to = min(boundary, last)
        after = min(max(up_to - size, first), up_to)
        more, beyond = first < after, boundary < last
        next_boundary = after
    return PageSpan(after, up_to, next_boundary if more else None, boundary if beyond else None)


def known_boundary(start: HistoryStart, *, down: bool) -> int | None:
    """Return the boundary of a start that needs no read, perhaps above the head; None for any other start."""
    if start.sequence is not None:
        return boundary_at(start.sequence, include_anchor=start.include_anchor, down=down)
    if start.message_id is not None or start.time is not None or start.position is HistoryPosition.FIRST_UNREAD:
        return None
    position = start.position or (HistoryPosition.OLDEST if down else HistoryPosition.NEWEST)
    return FOREVER if position is HistoryPosition.NEWEST else 0


def boundary_at(sequence: int, *, include_anchor: bool, down: bool) -> int:
    """Return the boundary of a page that starts at a sequence, which is on the page or just outside it.

    >>> boundary_at(7, include_anchor=True, down=True), boundary_at(7, include_anchor=False, down=True)
    (6, 7)
    >>> boundary_at(7, include_anchor=True, down=False), boundary_at(7, include_anchor=False, down=False)
    (7, 6)
    """
    below = down == include_anchor
    return min(max(sequence - 1 if below else sequence, 0), FOREVER)


def beyond(boundary: int, head: int, *, down: bool) -> Interval:
    """Return the sequences from a boundary on in a direction, as `(after, up_to]` in a history up to `head`."""
    return (boundary, head) if down else (0, boundary)


def within_budget(
    intervals: Iterable[Interval], span: Interval, *, down: bool, budget: int
) -> tuple[Interval, int | None]:
    """Cut a span so that it holds at most `budget` sequences of `intervals`; return it, and the cut or None.

    >>> within_budget([(0, 5), (8, 100)], (0, 100), down=True, budget=10)
    ((0, 13), 13)
    """
    after, up_to = span
    clipped = clip(intervals, after, up_to)
    for interval_after, interval_up_to in clipped if down else reversed(clipped):
        length = interval_up_to - interval_after
        if length > budget:
            cut = interval_after + budget if down else interval_up_to - budget
            return ((after, cut) if down else (cut, up_to)), cut
        budget -= length
    return span, None


def continuation(
    sequences: Sequence[int], boundary: int, stopped_at: int | None, *, down: bool, size: int
) -> int | None:
    """Return the boundary where a page goes on, or None if nothing is left in its direction.

    Args:
        sequences: the sequences found from `boundary` on, in the order of the direction: one more than the page
            holds, if there are as many.
        boundary: the start of the page.
        stopped_at: the boundary at which the search for them stopped before its end; None if it did not.
        down: towards newer messages.
        size: the most messages of the page.

    >>> continuation([5, 6, 9], 4, None, down=True, size=2), continuation([5, 6], 4, None, down=True, size=2)
    (6, None)
    """
    if len(sequences) <= size:
        return stopped_at
    if not size:
        return boundary
    last = sequences[size - 1]
    return last if down else last - 1


def has_opposite(boundary: int, head: int, *, down: bool) -> bool:
    """Return whether a history up to `head` has any sequence on the other side of a boundary."""
    return boundary > 0 if down else boundary < head
