"""Unread counts on rows: the common case without a read, and the start of counting (semantics U1, U3, U4)."""

import pytest

from backscroll_server.services.views.unread import (
    count_base,
    first_unread,
    mention_base,
    unread_base_changes,
    unread_count,
    unread_mentions,
)
from tests.unit.rows import CONVERSATION, VIEW, NoReads, Reads, user_conversation

READ_5 = VIEW._replace(read_sequence=5, base_sequence=5, base_countable=4, base_own=1, own_countable=3)
"""A view read up to sequence 5: four countable messages up to there, one of them of the user, who sent three in all."""

COUNTED = CONVERSATION._replace(countable=18)


def test_count_when_nothing_is_special_then_ordinals_are_subtracted_without_a_read() -> None:
    assert unread_count(NoReads(), user_conversation(READ_5, COUNTED)) == (18 - 4) - (3 - 1)
    assert unread_count(NoReads(), user_conversation(VIEW, COUNTED)) == 18
    higher = COUNTED._replace(unread_floor=6, unread_floor_countable=5)
    assert unread_count(Reads(answers=[[(9, 3, 1)], []]), user_conversation(READ_5, higher)) == (18 - 5) - (3 - 2)


@pytest.mark.parametrize(
    ("view", "shared"),
    [
        ({"read_sequence": 20, "base_sequence": 20, "base_countable": 18}, {}),
        ({"window_to": 5}, {}),
        ({}, {"unread_floor": 20, "unread_floor_countable": 18}),
        ({}, {"unread_floor": 21, "unread_floor_countable": 18}),
    ],
)
def test_count_when_nothing_lies_above_the_base_then_zero_without_a_read(
    view: dict[str, int], shared: dict[str, int]
) -> None:
    entry = user_conversation(
        READ_5._replace(own_countable=0, base_own=0, **view),  # type: ignore[arg-type]
        COUNTED._replace(**shared),  # type: ignore[arg-type]
    )
    assert unread_count(NoReads(), entry) == 0


@pytest.mark.parametrize(
    ("view", "shared"),
    [
        ({"last_hidden": 5}, {}),
        ({}, {"last_recalled_sequence": 5}),
        ({"unread_from": 6}, {"next_burn_due": 5001}),
        ({}, {"next_burn_due": 1}),
    ],
)
def test_count_when_exceptions_lie_below_the_base_then_no_read(view: dict[str, int], shared: dict[str, int]) -> None:
    entry = user_conversation(
        READ_5._replace(**view),  # type: ignore[arg-type]
        COUNTED._replace(**shared),  # type: ignore[arg-type]
    )
    assert unread_count(NoReads(now=5000), entry) == 12


@pytest.mark.parametrize(
    ("view", "shared", "exceptions", "count"),
    [
        ({"last_hidden": 6}, {}, [1], 11),
        ({}, {"last_recalled_sequence": 6}, [2], 10),
        ({"last_hidden": 6}, {"last_recalled_sequence": 6}, [2, 1], 9),
        ({"unread_from": 1}, {"next_burn_due": 5000}, [4], 8),
        ({"last_hidden": 5, "unread_from": 6}, {"last_recalled_sequence": 5, "next_burn_due": 5000}, [4], 8),
    ],
)
def test_count_when_some_above_the_base_are_recalled_hidden_or_burned_then_without_them(
    view: dict[str, int], shared: dict[str, int], exceptions: list[int], count: int
) -> None:
    entry = user_conversation(
        READ_5._replace(**view),  # type: ignore[arg-type]
        COUNTED._replace(**shared),  # type: ignore[arg-type]
    )
    countable_at_base = [[(4,)]]
    own_after_head: list[list[tuple[int, ...]]] = [[], []]
    own_after_base: list[list[tuple[int, ...]]] = [[(6, 2, 1)], []]
    reads = Reads(
        answers=[*countable_at_base, *own_after_head, *own_after_base, *([(number,)] for number in exceptions)]
    )
    assert unread_count(reads, entry) == count
    assert reads.answers == []
    assert [asked.get("sequence") for asked in reads.asked[:5]] == [5, 20, 20, 5, 5]
    assert all((asked["after"], asked["up_to"], asked["user"]) == (5, 20, 3) for asked in reads.asked[5:])


def test_count_when_the_user_left_or_blocked_then_only_the_ranges_outside() -> None:
    view = READ_5._replace(window_to=12, ever_blocked=True, own_countable=0, base_own=0)
    reads = Reads(answers=[[(0, 3), (7, 9)], [(6,)], [(4,)], [(11,)], [(8,)]])
    assert unread_count(reads, user_conversation(view, COUNTED)) == (6 - 4) + (11 - 8)
    assert [asked.get("sequence") for asked in reads.asked] == [None, 7, 5, 12, 9]


def test_base_is_the_views_unless_the_unread_floor_of_all_is_higher() -> None:
    assert count_base(NoReads(), user_conversation(READ_5, COUNTED)) == (5, 4, 1)
    equal = COUNTED._replace(unread_floor=5, unread_floor_countable=99)
    assert count_base(NoReads(), user_conversation(READ_5, equal)) == (5, 4, 1)
    higher = COUNTED._replace(unread_floor=6, unread_floor_countable=5)
    without_own = READ_5._replace(own_countable=0, base_own=0)
    assert count_base(NoReads(), user_conversation(without_own, higher)) == (6, 5, 0)
    reads = Reads(answers=[[(9, 3, 1)], [(8, 2, 0)]])
    assert count_base(reads, user_conversation(READ_5, higher)) == (6, 5, 2)
    assert reads.asked == [{"conversation": 7, "user": 3, "sequence": 6}] * 2


@pytest.mark.parametrize("name", ["read_sequence", "unread_floor", "floor", "mention_floor"])
def test_mentions_are_unread_above_each_of_these(name: str) -> None:
    view = VIEW._replace(read_sequence=2, unread_floor=2, floor=2, mention_floor=2)
    assert mention_base(user_conversation(view._replace(**{name: 9}))) == 9  # type: ignore[arg-type]
    assert mention_base(user_conversation(view, CONVERSATION._replace(unread_floor=9))) == 9
    assert mention_base(user_conversation(view)) == 2


def test_mentions_when_marked_unread_then_those_that_were_read_stay_read() -> None:
    assert mention_base(user_conversation(READ_5._replace(unread_from=2))) == 5


def test_mentions_when_marked_unread_from_above_the_read_position_then_those_below_do_not_count() -> None:
    assert mention_base(user_conversation(READ_5._replace(unread_from=9))) == 8
    assert mention_base(user_conversation(READ_5._replace(unread_from=6))) == 5


@pytest.mark.parametrize(
    ("view", "shared"),
    [({}, {}), ({}, {"last_mention_sequence": 5}), ({"window_to": 5}, {"last_mention_sequence": 9})],
)
def test_mentions_when_none_lies_above_the_base_then_no_read(view: dict[str, int], shared: dict[str, int]) -> None:
    entry = user_conversation(
        READ_5._replace(**view),  # type: ignore[arg-type]
        CONVERSATION._replace(**shared),  # type: ignore[arg-type]
    )
    assert unread_mentions(NoReads(), entry) == []


def test_mentions_when_some_were_sent_while_blocked_then_without_those() -> None:
    conversation = CONVERSATION._replace(last_mention_sequence=12)
    reads = Reads(answers=[[(12, 1), (9, 2), (6, 1)]])
    assert unread_mentions(reads, user_conversation(READ_5, conversation)) == [(12, 1), (9, 2), (6, 1)]
    assert reads.asked == [{"conversation": 7, "user": 3, "after": 5, "up_to": 20}]
    blocked = READ_5._replace(ever_blocked=True)
    reads = Reads(answers=[[(12, 1), (9, 2), (6, 1)], [(5, 8), (10, 12)]])
    assert unread_mentions(reads, user_conversation(blocked, conversation)) == [(9, 2)]
    assert unread_mentions(Reads(answers=[[]]), user_conversation(blocked, conversation)) == []


def test_first_unread_when_blocked_in_between_then_the_first_outside() -> None:
    assert first_unread(NoReads(), user_conversation(VIEW._replace(window_to=0))) is None
    assert first_unread(NoReads(), user_conversation(READ_5._replace(window_to=5))) is None
    reads = Reads(answers=[[(5, 8), (10, 12)], [], [(13,)]])
    assert first_unread(reads, user_conversation(READ_5._replace(ever_blocked=True))) == 13
    assert [(asked.get("after"), asked.get("up_to")) for asked in reads.asked] == [(None, None), (8, 10), (12, 20)]
    reads = Reads(answers=[[]])
    assert first_unread(reads, user_conversation(READ_5)) is None
    assert reads.asked == [{"conversation": 7, "user": 3, "after": 5, "up_to": 20, "now": 5000}]


def test_first_unread_when_the_unread_floor_of_all_is_higher_then_above_it() -> None:
    higher = COUNTED._replace(unread_floor=6, unread_floor_countable=5)
    reads = Reads(answers=[[], [], [(7,)]])
    assert first_unread(reads, user_conversation(READ_5, higher)) == 7
    assert reads.asked[2]["after"] == 6


def test_first_unread_when_counted_again_from_a_message_on_then_another_statement_passes_over_burned_ones() -> None:
    statements = []
    for due in (5000, 5001):
        reads = Reads(answers=[[(8,)]])
        view = READ_5._replace(unread_from=6)
        assert first_unread(reads, user_conversation(view, COUNTED._replace(next_burn_due=due))) == 8
        statements += reads.statements
    assert statements[0] is not statements[1]


@pytest.mark.parametrize(
    ("changes", "base"),
    [
        ({"read_sequence": 20}, 20),
        ({"floor": 20}, 20),
        ({"unread_floor": 20}, 20),
        ({"read_sequence": 20, "floor": 7}, 20),
    ],
)
def test_changes_when_the_base_moves_to_the_head_then_its_ordinals_are_known(
    changes: dict[str, int], base: int
) -> None:
    view = READ_5._replace(own_countable=0, base_own=0)
    assert unread_base_changes(NoReads(), view, COUNTED, **changes) == {
        **changes,
        "base_sequence": base,
        "base_countable": 18,
        "base_own": 0,
    }


def test_changes_when_the_base_stays_then_the_changed_columns_alone() -> None:
    assert unread_base_changes(NoReads(), READ_5, COUNTED, read_sequence=5, floor=3, unread_floor=0) == {"floor": 3}
    assert unread_base_changes(NoReads(), READ_5, COUNTED, read_sequence=5) == {}


def test_changes_when_marked_unread_then_counted_from_that_message_on_but_not_below_a_floor() -> None:
    view = READ_5._replace(own_countable=0, base_own=0)
    reads = Reads(answers=[[(2,)]])
    assert unread_base_changes(reads, view, COUNTED, unread_from=4) == {
        "unread_from": 4,
        "base_sequence": 3,
        "base_countable": 2,
        "base_own": 0,
    }
    assert reads.asked == [{"conversation": 7, "sequence": 3}]
    at_floor = COUNTED._replace(unread_floor=3, unread_floor_countable=3)
    assert unread_base_changes(NoReads(), view, at_floor, unread_from=4)["base_countable"] == 3
    floored = view._replace(unread_floor=5)
    assert unread_base_changes(NoReads(), floored, COUNTED, unread_from=4) == {"unread_from": 4}
    from_the_first = unread_base_changes(NoReads(), view, COUNTED, unread_from=1)
    assert (from_the_first["base_sequence"], from_the_first["base_countable"]) == (0, 0)


def test_changes_when_the_user_has_own_messages_then_those_below_the_base_are_counted() -> None:
    reads = Reads(answers=[[(9, 3, 1)], []])
    assert unread_base_changes(reads, READ_5, COUNTED, read_sequence=20) == {
        "read_sequence": 20,
        "base_sequence": 20,
        "base_countable": 18,
        "base_own": 2,
    }
    assert reads.asked == [{"conversation": 7, "user": 3, "sequence": 20}] * 2
