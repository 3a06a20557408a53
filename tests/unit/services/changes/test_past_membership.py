"""Changes made while a current member had left for a time (semantics F6)."""

import pytest

from backscroll_server.domain.enums import ChangeKind, ConversationType, Join
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.services.changes.past_membership import NEVER_JOINED, PastMembership
from backscroll_server.storage.tables.changes import FeedRow
from tests.unit.rows import CONVERSATION, VIEW, NoReads, Reads, user_conversation

ADDED, REMOVED = int(ChangeKind.MEMBER_ADDED), int(ChangeKind.MEMBER_REMOVED)
REJOINED = user_conversation(VIEW._replace(join_position=12))


def change(position: int) -> FeedRow:
    """Return a change of the conversation at a feed position."""
    return FeedRow(position, 1, 7, 0, int(ChangeKind.CONVERSATION_UPDATED), 4, 0, 0, 0, 500, "", 0, 1, 0, 0, 0)


@pytest.mark.parametrize("position", [12, 13])
def test_change_when_it_is_the_newest_join_or_behind_it_then_no_read(position: int) -> None:
    assert PastMembership().visible_up_to(NoReads(), REJOINED, change(position)) is None


def test_change_when_before_the_newest_join_then_the_feed_says_whether_the_user_was_a_member() -> None:
    """Feed positions decide, because the clocks of two servers may differ (semantics F6)."""
    reads = Reads(answers=[[(4, REMOVED, 12, 0), (12, ADDED, 15, Join.AGAIN)]])
    assert PastMembership().visible_up_to(reads, REJOINED, change(11)) == 12
    assert reads.asked == [{"conversation": 7, "user": 3}]


@pytest.mark.parametrize(
    ("type_", "reads"), [(ConversationType.SINGLE, 0), (ConversationType.SYSTEM, 0), (ConversationType.CHAT_ROOM, 1)]
)
def test_change_when_nobody_joins_such_a_conversation_then_no_read(type_: ConversationType, reads: int) -> None:
    entry = user_conversation(REJOINED.view, CONVERSATION._replace(type=type_))
    session = Reads(answers=[[]])
    assert PastMembership().visible_up_to(session, entry, change(9)) is None
    assert len(session.asked) == reads


@pytest.mark.parametrize(
    ("changes", "visible"),
    [
        # Never a member before the join that follows.
        ([(12, ADDED, 15, Join.FIRST)], NEVER_JOINED),
        # A member until the removal that follows.
        ([(12, REMOVED, 15, 0), (14, ADDED, 18, Join.AGAIN)], None),
        # Removed before, at sequence 6.
        ([(3, ADDED, 2, Join.FIRST), (5, REMOVED, 6, 0), (12, ADDED, 15, Join.AGAIN)], 6),
        # Removed before, but the feed no longer has that change.
        ([(12, ADDED, 15, Join.AGAIN)], FOREVER),
        ([(12, ADDED, 15, Join.STILL_LISTED)], FOREVER),
        # The change is the removal itself, and the join before it is no longer in the feed.
        ([(9, REMOVED, 15, 0), (12, ADDED, 18, Join.AGAIN)], FOREVER),
        # A member since before.
        ([(5, ADDED, 6, Join.AGAIN)], None),
        # The removal nearest before the change counts.
        (
            [(3, REMOVED, 2, 0), (5, ADDED, 4, Join.AGAIN), (7, REMOVED, 6, 0), (12, ADDED, 15, Join.AGAIN)],
            6,
        ),
    ],
)
def test_change_when_old_then_visible_as_far_as_the_user_was_a_member(
    changes: list[tuple[int, int, int, int]], visible: int | None
) -> None:
    assert PastMembership().visible_up_to(Reads(answers=[list(changes)]), REJOINED, change(9)) == visible


def test_memberships_are_read_once_for_each_join() -> None:
    reads = Reads(answers=[[(12, ADDED, 15, Join.FIRST)], [(12, REMOVED, 15, 0)]])
    past = PastMembership()
    assert [past.visible_up_to(reads, REJOINED, change(9)) for _ in range(3)] == [NEVER_JOINED] * 3
    again = user_conversation(REJOINED.view._replace(join_position=20))
    assert [past.visible_up_to(reads, again, change(9)) for _ in range(3)] == [None, None, None]
    assert len(reads.asked) == 2
