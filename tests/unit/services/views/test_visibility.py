"""The visibility rule on rows: windows, floors, hidden messages, burning (semantics V1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import VisibilityBounds
from backscroll_server.services.views.visibility import VisibleHistory, blocks_of, visible_history, windows_of
from backscroll_server.storage.tables.messages import StoredMessage
from tests.unit.rows import CONVERSATION, VIEW, NoReads, Reads, user_conversation

BOUNDS = user_conversation().bounds
"""Bounds of a member from the start in a history of twenty."""

SEQUENCES = st.integers(0, 30)


def stored(sequence: int, *, original_time: int | None = None, sender: int = 4, body: bytes = b"body") -> StoredMessage:
    """Return a stored message; an empty body stands for one that has burned and was removed."""
    return StoredMessage(
        conversation=7,
        sequence=sequence,
        sender=sender,
        create_time=100 * sequence,
        original_time=original_time,
        counts=True,
        countable=sequence,
        own_countable=sequence,
        content_type=1,
        body=body,
    )


def visible(bounds: VisibilityBounds, **changes: int) -> VisibleHistory:
    return visible_history(NoReads(), bounds._replace(**changes))  # type: ignore[arg-type]


def test_bounds_are_those_of_both_sides() -> None:
    view = VIEW._replace(window_from=1, window_to=19, older_windows=True, last_hidden=4, floor=5, floor_time=500)
    view = view._replace(ever_blocked=True)
    conversation = CONVERSATION._replace(floor=6, floor_time=600, last_recalled_sequence=8, next_burn_due=900)
    assert user_conversation(view, conversation).bounds == VisibilityBounds(
        user=3,
        conversation=7,
        window_from=1,
        window_to=19,
        older_windows=True,
        last_hidden=4,
        floor=5,
        floor_time=500,
        shared_floor=6,
        shared_floor_time=600,
        head=20,
        last_recalled=8,
        next_burn_due=900,
        ever_blocked=True,
    )


def test_bounds_of_a_service_are_those_of_a_member_since_the_first_message_who_limited_nothing() -> None:
    """Keep semantics V4."""
    limited = VIEW._replace(window_from=1, window_to=19, older_windows=True, last_hidden=4, floor=5, floor_time=500)
    conversation = CONVERSATION._replace(floor=6, floor_time=600, last_recalled_sequence=8, next_burn_due=900)
    of_service = VisibilityBounds.of_service(conversation, 3)
    assert of_service == user_conversation(VIEW, conversation).bounds
    assert of_service != user_conversation(limited, conversation).bounds


@pytest.mark.parametrize(("window_to", "end"), [(FOREVER, 20), (20, 20), (12, 12), (0, 0)])
def test_end_is_the_last_sequence_of_the_newest_window(window_to: int, end: int) -> None:
    assert user_conversation(VIEW._replace(window_to=window_to)).end == end


def test_history_when_nothing_was_removed_then_all_of_it_and_gapless() -> None:
    assert visible(BOUNDS) == VisibleHistory(
        user=3,
        conversation=7,
        intervals=[(0, 20)],
        floor_time=0,
        hidden=False,
        next_burn_due=0,
        burned=False,
        gapless=True,
        ever_blocked=False,
    )


@given(SEQUENCES, st.integers(1, 31), SEQUENCES, SEQUENCES)
def test_history_begins_above_every_floor_and_ends_with_the_window(
    window_from: int, length: int, floor: int, shared_floor: int
) -> None:
    window_to = window_from + length
    intervals = visible(
        BOUNDS, window_from=window_from, window_to=window_to, floor=floor, shared_floor=shared_floor
    ).intervals
    shown = {sequence for after, up_to in intervals for sequence in range(after + 1, up_to + 1)}
    assert shown == {
        sequence
        for sequence in range(1, 21)
        if window_from < sequence <= window_to and sequence > max(floor, shared_floor)
    }
    assert all(after < up_to for after, up_to in intervals)


@pytest.mark.parametrize(
    ("changes", "gapless"),
    [
        ({"last_hidden": 5}, False),
        ({"last_hidden": 6, "floor": 5}, False),
        ({"last_hidden": 5, "floor": 5}, True),
        ({"last_recalled": 6, "shared_floor": 5}, False),
        ({"last_recalled": 5, "shared_floor": 5}, True),
        ({"floor": 5, "floor_time": 500}, False),
        ({"shared_floor": 5, "shared_floor_time": 1}, False),
        ({"next_burn_due": 5000}, False),
        ({"next_burn_due": 5001}, True),
        ({"next_burn_due": 1}, False),
    ],
)
def test_history_is_gapless_only_if_every_message_in_it_is_visible(changes: dict[str, int], gapless: bool) -> None:
    assert visible(BOUNDS, **changes).gapless is gapless


def test_history_says_what_must_be_looked_at_row_by_row() -> None:
    assert [visible(BOUNDS, last_hidden=hidden, floor=5).hidden for hidden in (5, 6)] == [False, True]
    assert [visible(BOUNDS, next_burn_due=due).burned for due in (0, 5000, 5001)] == [False, True, False]
    assert visible(BOUNDS, next_burn_due=77).next_burn_due == 77
    assert visible(BOUNDS, floor_time=500, shared_floor_time=600).floor_time == 600
    assert visible(BOUNDS, floor_time=500, shared_floor_time=400).floor_time == 500


def test_windows_when_the_user_left_and_came_back_then_each_above_the_floor_and_below_the_head() -> None:
    bounds = BOUNDS._replace(window_from=15, older_windows=True)
    reads = Reads(answers=[[(0, 3), (5, 8)], [(0, 3), (5, 15)], [(17, 30)]])
    assert windows_of(reads, bounds) == [(0, 3), (5, 8), (15, 20)]
    assert windows_of(reads, bounds, 6) == [(6, 20)]
    assert windows_of(reads, bounds._replace(window_from=20)) == [(17, 20)]
    assert reads.asked == [{"conversation": 7, "user": 3}] * 3


def test_windows_when_the_user_never_left_then_one_without_a_read() -> None:
    assert windows_of(NoReads(), BOUNDS._replace(window_from=2, window_to=9)) == [(2, 9)]
    assert windows_of(NoReads(), BOUNDS, 19) == [(19, 20)]
    assert windows_of(NoReads(), BOUNDS, 20) == []


def test_history_when_some_sequences_are_excluded_then_the_rest_of_it() -> None:
    shown = visible(BOUNDS, last_hidden=3)
    assert shown.excluding([(2, 5)]) == shown._replace(intervals=[(0, 2), (5, 20)])


def test_imported_message_when_written_at_the_time_of_the_clearing_then_gone_and_later_then_visible() -> None:
    """Semantics D1, V1: an imported message is cleared by the time at which it was originally written."""
    shown = visible(BOUNDS, floor_time=500)
    messages = [stored(1, original_time=499), stored(2, original_time=500), stored(3, original_time=501), stored(4)]
    assert shown.visible_sequences(NoReads(), messages) == {3, 4}


def test_messages_when_outside_the_intervals_then_not_visible() -> None:
    shown = visible(BOUNDS, floor=5, window_to=9)
    assert shown.visible_sequences(NoReads(), [stored(sequence) for sequence in (5, 6, 9, 10)]) == {6, 9}
    assert shown.visible_sequences(NoReads(), [stored(5)]) == set()
    assert shown.visible_sequences(NoReads(), []) == set()


def test_messages_when_hidden_by_the_user_or_burned_then_not_visible() -> None:
    messages = [stored(sequence) for sequence in (3, 4, 5, 6)]
    reads = Reads(answers=[[(4, 5, 0)], [(3,)]])
    shown = visible_history(reads, BOUNDS._replace(last_hidden=3, next_burn_due=5000))
    assert shown.visible_sequences(reads, messages) == {4, 6}
    assert reads.asked == [
        {"conversation": 7, "now": 5000},
        {"user": 3, "conversation": 7, "keys": [3, 4, 5, 6]},
    ]


def test_history_when_the_user_left_and_came_back_then_in_every_window() -> None:
    reads = Reads(answers=[[(0, 3), (5, 8)]])
    assert visible_history(reads, BOUNDS._replace(window_from=15, older_windows=True)).intervals == [
        (0, 3),
        (5, 8),
        (15, 20),
    ]


def test_blocks_when_there_never_was_one_then_no_read() -> None:
    assert blocks_of(NoReads(), user_conversation()) == []
    reads = Reads(answers=[[(2, 5), (9, FOREVER)]])
    assert blocks_of(reads, user_conversation(VIEW._replace(ever_blocked=True))) == [(2, 5), (9, FOREVER)]
    assert reads.asked == [{"conversation": 7, "user": 3}]
