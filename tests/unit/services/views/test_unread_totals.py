"""A user's totals as sums of parts (semantics U5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.domain.enums import ConversationType, ReceiveOption
from backscroll_server.services.views.unread_totals import NOTHING, RunningTotals, Totals, is_muted, share
from tests.unit.rows import CONVERSATION, VIEW, user_conversation

NORMAL, BLOCKED, MUTED = ReceiveOption
COUNTS = st.integers(0, 50)
TOTALS = st.builds(Totals, COUNTS, COUNTS, COUNTS, COUNTS)


@pytest.mark.parametrize(
    ("option", "until", "muted"),
    [
        (MUTED, 0, True),
        (MUTED, 101, True),
        (MUTED, 100, False),
        (MUTED, 99, False),
        (NORMAL, 0, False),
        (BLOCKED, 0, False),
    ],
)
def test_muted_until_its_end_comes(option: ReceiveOption, until: int, muted: bool) -> None:
    assert is_muted(option, until, now=100) is muted


@pytest.mark.parametrize(
    ("option", "until", "unread", "expected"),
    [
        (NORMAL, 0, 5, Totals(unread=5, unread_conversations=1, mentions=2)),
        (NORMAL, 0, 1, Totals(unread=1, unread_conversations=1, mentions=2)),
        (NORMAL, 0, 0, Totals(mentions=2)),
        (MUTED, 0, 5, Totals(muted_unread=5, mentions=2)),
        (MUTED, 100, 5, Totals(unread=5, unread_conversations=1, mentions=2)),
        (BLOCKED, 0, 5, Totals(mentions=2)),
    ],
)
def test_part_of_a_conversation_by_its_receive_option(
    option: ReceiveOption, until: int, unread: int, expected: Totals
) -> None:
    view = VIEW._replace(receive_option=option, muted_until=until, blocked=int(option is BLOCKED))
    assert share(view, unread=unread, mentions=2, now=100) == expected


@given(TOTALS, TOTALS)
def test_parts_when_added_and_taken_away_then_as_before(one: Totals, other: Totals) -> None:
    assert one.plus(other) == tuple(left + right for left, right in zip(one, other, strict=True))
    assert one.plus(other).minus(other) == one
    assert one.plus(NOTHING) == one


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from(ConversationType),
            st.booleans(),
            st.sampled_from(ReceiveOption),
            COUNTS,
            COUNTS,
        )
    )
)
def test_running_totals_when_conversations_change_then_the_sum_of_their_last_parts(
    changes: list[tuple[int, ConversationType, bool, ReceiveOption, int, int]],
) -> None:
    totals = RunningTotals()
    parts: dict[int, Totals] = {}
    for number, type_, listed, option, unread, mentions in changes:
        view = VIEW._replace(receive_option=option)
        entry = user_conversation(view, CONVERSATION._replace(id=number, type=type_))._replace(listed=listed)
        totals.update(entry, unread=unread, mentions=mentions, now=100)
        counts = listed and type_ is not ConversationType.CHAT_ROOM
        parts[number] = share(view, unread=unread, mentions=mentions, now=100) if counts else NOTHING
        assert totals.sum == tuple(map(sum, zip(*parts.values(), strict=True)))


def test_running_totals_when_a_mute_ended_then_counted_with_the_rest() -> None:
    totals = RunningTotals()
    entry = user_conversation(VIEW._replace(receive_option=MUTED, muted_until=100))
    totals.update(entry, unread=5, mentions=0, now=99)
    assert totals.sum == Totals(muted_unread=5)
    totals.update(entry, unread=5, mentions=0, now=100)
    assert totals.sum == Totals(unread=5, unread_conversations=1)


def test_running_totals_when_new_then_nothing() -> None:
    assert RunningTotals().sum == NOTHING == (0, 0, 0, 0)
