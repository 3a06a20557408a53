"""A user's absences from conversations that the user has joined again."""

from typing import Final

from backscroll_server.domain.enums import ChangeKind, ConversationType, Join
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import UserConversation
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.change_pages import Membership, memberships
from backscroll_server.storage.tables.changes import FeedRow

NEVER_JOINED: Final = -1
"""Stands for a user who had not joined yet; 0 is one who had joined, and saw no message."""


class PastMembership:
    """One user's joins and removals in conversations, read from the feed as far back as it is kept."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, list[Membership]]] = {}

    def was_member(self, session: Runner, entry: UserConversation, row: FeedRow) -> bool:
        """Return whether the user was a member after a change of the members of a conversation that users join.

        Cost: for a user who has left, one read of the conversation's part of the feed; else as `visible_up_to`.

        Args:
            session: reads the feed.
            entry: the conversation as the user has it now.
            row: the change, or the last one of its call.
        """
        if entry.view.role:
            return self.visible_up_to(session, entry, row) is None
        changes = memberships(session, conversation=row.conversation, user=entry.view.user)
        following = next((change for change in changes if change.position > row.position), None)
        return following is not None and following.kind == ChangeKind.MEMBER_REMOVED

    def visible_up_to(self, session: Runner, entry: UserConversation, row: FeedRow) -> int | None:
        """Return the last sequence that the user could see when a change was made; None if the user was a member then.

        For changes after the newest join, and in conversations with fixed members, the answer is None too: there the
        windows of the membership decide, without a read of the feed.

        Cost: for a change before the newest join one read of the conversation's part of the feed, repeated after each
        join.

        Args:
            session: reads the feed.
            entry: the conversation as the user has it now.
            row: the change.

        Returns:
            The head when the user was removed; `NEVER_JOINED` if the user had not joined before the change; `FOREVER`
            if the removal is no longer in the feed; None as described above.
        """
        view = entry.view
        if row.position >= view.join_position or not ConversationType(entry.conversation.type).has_joins:
            return None
        joined, changes = self._known.get(row.conversation, (-1, []))
        if joined != view.join_position:
            changes = memberships(session, conversation=row.conversation, user=view.user)
            self._known[row.conversation] = (view.join_position, changes)
        following = next((change for change in changes if change.position > row.position), None)
        if following is None or following.kind == ChangeKind.MEMBER_REMOVED:
            return None
        if following.scope == Join.FIRST:
            return NEVER_JOINED
        # The removal was trimmed from the feed: no bound is known.
        return next((change.head for change in reversed(changes) if change.position < row.position), FOREVER)
