"""Operations on intervals, compared with the same operations on sets of sequences."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.domain.intervals import FOREVER, Interval, clip, contains, subtract, union

SEQUENCES = range(40)
ENDS = st.integers(0, len(SEQUENCES) - 1)
ANY = st.lists(st.tuples(ENDS, ENDS), max_size=6)
"""Intervals in any order, overlapping, empty or inverted."""

DISJOINT = ANY.map(union)


def in_set(intervals: list[Interval]) -> set[int]:
    return {sequence for after, up_to in intervals for sequence in range(after + 1, up_to + 1)}


def assert_sorted_and_apart(intervals: list[Interval]) -> None:
    assert all(after < up_to for after, up_to in intervals)
    assert all(left[1] <= right[0] for left, right in pairwise(intervals))


@given(ANY)
def test_union_holds_the_sequences_of_all_and_leaves_a_gap_between_any_two(intervals: list[Interval]) -> None:
    united = union(intervals)
    assert in_set(united) == in_set(intervals)
    assert_sorted_and_apart(united)
    assert all(left[1] < right[0] for left, right in pairwise(united)), "neighbours are one"


@given(DISJOINT, DISJOINT)
def test_subtract_leaves_what_is_in_no_hole(intervals: list[Interval], holes: list[Interval]) -> None:
    left = subtract(intervals, holes)
    assert in_set(left) == in_set(intervals) - in_set(holes)
    assert_sorted_and_apart(left)


@given(DISJOINT, ENDS, ENDS)
def test_clip_leaves_what_is_in_the_range(intervals: list[Interval], after: int, up_to: int) -> None:
    left = clip(intervals, after, up_to)
    assert in_set(left) == in_set(intervals) & set(range(after + 1, up_to + 1))
    assert_sorted_and_apart(left)


@given(DISJOINT, ENDS)
def test_contains_agrees_with_the_set(intervals: list[Interval], sequence: int) -> None:
    assert contains(intervals, sequence) is (sequence in in_set(intervals))


@pytest.mark.parametrize(
    ("holes", "left"),
    [
        ([(0, 10)], []),
        ([(0, 9)], [(9, 10)]),
        ([(1, 10)], [(0, 1)]),
        ([(10, 12)], [(0, 10)]),
        ([(5, 5)], [(0, 5), (5, 10)]),
    ],
)
def test_subtract_when_a_hole_ends_at_a_border_then_not_one_sequence_off(
    holes: list[Interval], left: list[Interval]
) -> None:
    assert subtract([(0, 10)], holes) == left


def test_forever_is_an_int64_above_every_sequence() -> None:
    assert 2**61 < FOREVER < 2**63
    assert clip([(5, FOREVER)], 0, 2**60) == [(5, 2**60)]
