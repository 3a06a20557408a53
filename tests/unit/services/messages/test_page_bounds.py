"""The arithmetic of paging, beside pages cut from plain lists of sequences (semantics P1, P5, P6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.domain.intervals import FOREVER, Interval, union
from backscroll_server.services.messages.page_bounds import (
    UNSET,
    HistoryPosition,
    HistoryStart,
    beyond,
    boundary_at,
    continuation,
    gapless_span,
    has_opposite,
    known_boundary,
    within_budget,
)

ENDS = st.integers(0, 60)
SIZES = st.integers(1, 20)
DIRECTIONS = st.booleans()
SPANS = st.tuples(ENDS, ENDS).map(sorted).map(tuple)
SOME = SPANS.filter(lambda span: span[0] < span[1])
DISJOINT = st.lists(st.tuples(ENDS, ENDS), max_size=6).map(union)


def sequences(interval: Interval) -> list[int]:
    return list(range(interval[0] + 1, interval[1] + 1))


def on_side(numbers: list[int], boundary: int, *, down: bool) -> list[int]:
    """Return the sequences from a boundary on, in the order of the direction."""
    found = [sequence for sequence in numbers if (sequence > boundary) is down]
    return found if down else found[::-1]


@given(SOME, ENDS, DIRECTIONS, SIZES)
def test_gapless_span_is_the_next_messages_and_says_what_is_left(
    interval: Interval, boundary: int, down: bool, size: int
) -> None:
    numbers = sequences(interval)
    ahead = on_side(numbers, boundary, down=down)
    span = gapless_span(interval, boundary, down=down, size=size)
    page = sequences((span.after, span.up_to))
    assert span.after <= span.up_to
    assert (page if down else page[::-1]) == ahead[:size]
    if len(ahead) <= size:
        assert span.next_boundary is None
    else:
        assert span.next_boundary is not None
        assert on_side(numbers, span.next_boundary, down=down) == ahead[size:]
        assert span.next_boundary == (span.up_to if down else span.after)
    behind = on_side(numbers, boundary, down=not down)
    assert span.opposite_boundary == (boundary if behind else None)


@given(SOME, DIRECTIONS, SIZES)
def test_walk_of_a_gapless_history_shows_each_message_once(interval: Interval, down: bool, size: int) -> None:
    boundary: int | None = interval[0] if down else interval[1]
    walked: list[int] = []
    while boundary is not None:
        span = gapless_span(interval, boundary, down=down, size=size)
        page = sequences((span.after, span.up_to))
        walked += page if down else page[::-1]
        boundary = span.next_boundary
    assert walked == (sequences(interval) if down else sequences(interval)[::-1])


@given(st.lists(ENDS.filter(bool), unique=True).map(sorted), ENDS, DIRECTIONS, st.integers(0, 20))
def test_continuation_leaves_what_is_not_on_the_page(numbers: list[int], boundary: int, down: bool, size: int) -> None:
    ahead = on_side(numbers, boundary, down=down)
    goes_on = continuation(ahead[: size + 1], boundary, None, down=down, size=size)
    if len(ahead) <= size:
        assert goes_on is None
    else:
        assert goes_on is not None
        assert on_side(numbers, goes_on, down=down) == ahead[size:]


def test_continuation_when_the_search_stopped_early_then_there_unless_the_page_is_full() -> None:
    assert continuation([5, 6], 4, 40, down=True, size=2) == 40
    assert continuation([5, 6, 9], 4, 40, down=True, size=2) == 6
    assert continuation([9, 6, 5], 9, 2, down=False, size=2) == 5
    assert continuation([], 4, 40, down=True, size=2) == 40


def test_continuation_when_the_page_is_full_then_next_to_its_last_message() -> None:
    assert continuation([5, 8, 9], 4, None, down=True, size=2) == 8
    assert continuation([9, 8, 5], 9, None, down=False, size=2) == 7
    assert continuation([5], 3, None, down=True, size=0) == 3
    assert continuation([3], 4, None, down=False, size=0) == 4


@given(DISJOINT, SPANS, DIRECTIONS, st.integers(0, 30))
def test_within_budget_examines_at_most_as_many_and_loses_none(
    intervals: list[Interval], span: Interval, down: bool, budget: int
) -> None:
    visible = [sequence for interval in intervals for sequence in sequences(interval)]
    inside = [sequence for sequence in visible if span[0] < sequence <= span[1]]
    inside = inside if down else inside[::-1]
    cut_span, cut = within_budget(intervals, span, down=down, budget=budget)
    kept = [sequence for sequence in inside if cut_span[0] < sequence <= cut_span[1]]
    assert kept == inside[:budget]
    if len(inside) <= budget:
        assert (cut_span, cut) == (span, None)
    else:
        assert cut == (cut_span[1] if down else cut_span[0])
        assert cut_span == ((span[0], cut) if down else (cut, span[1]))
        assert on_side(inside, cut, down=down) == sorted(inside[budget:]) or not down
        assert len(on_side(sorted(inside), cut, down=down)) == len(inside) - budget


@pytest.mark.parametrize(
    ("down", "budget", "cut"),
    [
        (True, 3, 7),
        (True, 4, 8),
        (True, 6, 22),
        (True, 7, 23),
        (False, 3, 10),
        (False, 4, 9),
        (False, 6, 3),
        (False, 7, 2),
    ],
)
def test_within_budget_when_it_spans_intervals_then_cut_where_it_is_used_up(down: bool, budget: int, cut: int) -> None:
    """Three intervals of three sequences each."""
    expected = ((0, cut) if down else (cut, 30)), cut
    assert within_budget([(0, 3), (7, 10), (22, 25)], (0, 30), down=down, budget=budget) == expected


@pytest.mark.parametrize(
    ("start", "down", "boundary"),
    [
        (UNSET, False, FOREVER),
        (UNSET, True, 0),
        (HistoryStart(position=HistoryPosition.NEWEST), False, FOREVER),
        (HistoryStart(position=HistoryPosition.NEWEST), True, FOREVER),
        (HistoryStart(position=HistoryPosition.OLDEST), False, 0),
        (HistoryStart(position=HistoryPosition.OLDEST), True, 0),
        (HistoryStart(position=HistoryPosition.FIRST_UNREAD), True, None),
        (HistoryStart(position=HistoryPosition.FIRST_UNREAD), False, None),
        (HistoryStart(message_id=(7, 12)), True, None),
        (HistoryStart(message_id=(7, 12), include_anchor=True), False, None),
        (HistoryStart(time=0), True, None),
        (HistoryStart(time=5), False, None),
        (HistoryStart(sequence=12), True, 12),
        (HistoryStart(sequence=12), False, 11),
        (HistoryStart(sequence=12, include_anchor=True), True, 11),
        (HistoryStart(sequence=12, include_anchor=True), False, 12),
        (HistoryStart(sequence=0), False, 0),
        (HistoryStart(sequence=0, include_anchor=True), True, 0),
        (HistoryStart(sequence=2**62 + 5), True, FOREVER),
    ],
)
def test_known_boundary_of_each_start(start: HistoryStart, down: bool, boundary: int | None) -> None:
    assert known_boundary(start, down=down) == boundary


@given(ENDS.filter(bool), DIRECTIONS, st.booleans())
def test_boundary_when_a_sequence_is_the_start_then_its_message_is_on_the_page_only_if_included(
    sequence: int, down: bool, include_anchor: bool
) -> None:
    boundary = boundary_at(sequence, include_anchor=include_anchor, down=down)
    everything = sequences((0, 60))
    ahead = on_side(everything, boundary, down=down)
    assert (sequence in ahead) is include_anchor
    assert ahead[:1] in ([sequence], [sequence + 1 if down else sequence - 1], [])
    assert len(ahead) == (61 - sequence if down else sequence) - (not include_anchor)


def test_beyond_is_the_side_of_the_direction() -> None:
    assert beyond(7, 20, down=True) == (7, 20)
    assert beyond(7, 20, down=False) == (0, 7)


@pytest.mark.parametrize(
    ("boundary", "down", "expected"),
    [(0, True, False), (1, True, True), (20, False, False), (19, False, True), (21, False, False)],
)
def test_opposite_when_a_sequence_is_on_the_other_side(boundary: int, down: bool, expected: bool) -> None:
    assert has_opposite(boundary, 20, down=down) is expected
