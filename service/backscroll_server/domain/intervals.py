"""Sets of sequences as sorted disjoint half-open intervals `(after, up_to]`."""

from collections.abc import Iterable

FOREVER = 2**62
"""The end of an interval that is still open; above every sequence."""

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the sequences that are in any of `intervals`, as sorted disjoint intervals.

    >>> union([(5, 9), (0, 3), (3, 4), (8, 12)])
    [(0, 4), (5, 12)]
    """
    merged: list[Interval] = []
    for after, up_to in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if merged and after <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], up_to))
        else:
            merged.append((after, up_to))
    return merged


def subtract(intervals: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """Return the sequences of `intervals` that are in none of `holes`. Both are sorted and disjoint.

    >>> subtract([(0, 10)], [(2, 4), (9, 12)])
    [(0, 2), (4, 9)]
    """
    remaining = list(intervals)
    for hole_after, hole_up_to in holes:
        cut: list[Interval] = []
        for after, up_to in remaining:
            if hole_up_to <= after or up_to <= hole_after:
                cut.append((after, up_to))
                continue
            if after < hole_after:
                cut.append((after, hole_after))
            if hole_up_to < up_to:
                cut.append((hole_up_to, up_to))
        remaining = cut
    return remaining


def clip(intervals: Iterable[Interval], after: int, up_to: int) -> list[Interval]:
    """Return the part of `intervals` in `(after, up_to]`.

    >>> clip([(0, 4), (6, 9)], 3, 7)
    [(3, 4), (6, 7)]
    """
    clipped = [(max(a, after), min(b, up_to)) for a, b in intervals]
    return [interval for interval in clipped if interval[0] < interval[1]]


def contains(intervals: Iterable[Interval], sequence: int) -> bool:
    """Return whether `sequence` is in one of `intervals`.

    >>> contains([(0, 4)], 4), contains([(0, 4)], 0)
    (True, False)
    """
    return any(after < sequence <= up_to for after, up_to in intervals)
