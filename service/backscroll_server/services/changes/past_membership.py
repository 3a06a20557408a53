"""Changes made while a current member was temporarily not one."""

from backscroll_server.domain.enums import ChangeKind, ConversationType, Join
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import UserConversation
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.change_pages import Membership, memberships
from backscroll_server.storage.tables.changes import FeedRow


class PastMembership:
    """One user's absences from conversations, as far as the feed still holds them."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, list[Membership]]] = {}

    def visible_up_to(self, session: Runner, entry: UserConversation, row: FeedRow) -> int | None:
        """Return the last sequence visible to the user when `row` was written; None if they were a member then.

        Changes after the newest join need no lookup in the feed: the membership windows decide.

        Cost: for changes from before the newest join the conversation's part of the feed, once for each join.
        """
        view = entry.view
        if row.time > view.join_time or not ConversationType(entry.conversation.type).has_joins:
            return None
        joined, changes = self._known.get(row.conversation, (-1, []))
        if joined != view.join_time:
            changes = memberships(session, conversation=row.conversation, user=view.user)
            self._known[row.conversation] = (view.join_time, changes)
        following = next((change for change in changes if change.position > row.position), None)
        if following is None or following.kind == ChangeKind.MEMBER_REMOVED:
            return None
        if following.scope == Join.FIRST:
            return 0
        # The removal was trimmed from the feed: no bound is known.
        return next((change.head for change in reversed(changes) if change.position < row.position), FOREVER)
