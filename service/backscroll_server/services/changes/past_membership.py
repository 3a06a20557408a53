"""Which changes happened while a user was no member, though it is one now and sees the whole history."""

from backscroll_server.domain.enums import ChangeKind, ConversationType, Join
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import UserConversation
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.change_pages import Membership, memberships
from backscroll_server.storage.tables.changes import FeedRow


class PastMembership:
    """When one user was no member of its conversations, as far as the feed still holds it."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, list[Membership]]] = {}

    def visible_up_to(self, snapshot: Snapshot, entry: UserConversation, row: FeedRow) -> int | None:
        """Up to which sequence the user may have seen the conversation when something happened while it was away.

        None where the user was a member then. What happened after the newest join needs no look into the feed: the
        windows tell.

        Cost: for changes from before the newest join the conversation's part of the feed, once for each join.
        """
        view = entry.view
        if row.time > view.join_time or not ConversationType(entry.conversation.type).has_joins:
            return None
        joined, changes = self._known.get(row.conversation, (-1, []))
        if joined != view.join_time:
            changes = memberships(snapshot, conversation=row.conversation, user=view.user)
            self._known[row.conversation] = (view.join_time, changes)
        following = next((change for change in changes if change.position > row.position), None)
        if following is None or following.kind == ChangeKind.MEMBER_REMOVED:
            return None
        if following.scope == Join.FIRST:
            return 0
        # A removal that the feed does not hold any more bounds nothing.
        return next((change.head for change in reversed(changes) if change.position < row.position), FOREVER)
