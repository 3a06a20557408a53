"""All stored data that a batch of feed changes refers to, read at once and limited to one user's view."""

from collections.abc import Sequence

from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.records import ListedMember, UserConversation, UserOptions, ViewRow
from backscroll_server.services.changes.past_membership import PastMembership
from backscroll_server.services.views.visibility import VisibleHistory, blocks_of, visible_history
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.change_pages import later_listings
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.conversations import (
    find_user_conversation,
    find_user_conversations,
    find_views,
)
from backscroll_server.storage.tables.members import founders
from backscroll_server.storage.tables.messages import StoredMessage, find_messages
from backscroll_server.storage.tables.users import user_options

_ABOUT_A_MEMBER = frozenset({ChangeKind.MEMBER_ADDED, ChangeKind.MEMBER_REMOVED, ChangeKind.MEMBER_UPDATED})
_NAMED = _ABOUT_A_MEMBER | {ChangeKind.READ, ChangeKind.CONVERSATION_REMOVED, ChangeKind.CONVERSATION_CREATED}
"""Kinds of changes whose events name the user who made them."""


class ChangeContext:
    """Data needed to turn a batch of feed changes into one user's events.

    Args:
        snapshot: the snapshot to read from; no older than the changes.
        user: the internal number of the user.
        rows: the changes, in feed order.
        past_membership: finds whether the user was a member at the time of an older change.
    """

    def __init__(self, snapshot: Snapshot, user: int, rows: Sequence[FeedRow], past_membership: PastMembership) -> None:
        self.snapshot = snapshot
        self.user = user
        self.past_membership = past_membership
        self._end = rows[-1].position if rows else 0
        self._newest: int | None = None
        self._later: dict[int, list[FeedRow]] = {}
        self._visible: dict[int, VisibleHistory] = {}
        self._messages: dict[tuple[int, int], StoredMessage] = {}
        self._options: UserOptions | None = None
        self._changes: dict[int, list[FeedRow]] = {}
        for row in rows:
            if row.conversation:
                self._changes.setdefault(row.conversation, []).append(row)
        self._entries = self._find_entries(sorted(self._changes))
        self._find_messages(rows)
        named = {row.actor for row in rows if row.kind in _NAMED or row.moves_read}
        self._member_rows = {(row.first_sequence, row.conversation) for row in rows if row.kind in _ABOUT_A_MEMBER}
        self._names = snapshot.names(named | {user for user, _ in self._member_rows})
        self._members: dict[tuple[int, int], ViewRow] | None = None

    def _find_entries(self, conversations: list[int]) -> dict[int, UserConversation]:
        if len(conversations) != 1:
            return find_user_conversations(self.snapshot, user=self.user, conversations=conversations)
        entry = find_user_conversation(self.snapshot, user=self.user, conversation=conversations[0])
        return {conversations[0]: entry} if entry else {}

    def _find_messages(self, rows: Sequence[FeedRow]) -> None:
        sent: dict[int, list[int]] = {}
        for row in rows:
            if row.kind == ChangeKind.MESSAGE and row.conversation in self._entries:
                sent.setdefault(row.conversation, []).append(row.first_sequence)
        for conversation, sequences in sent.items():
            entry = self._entries[conversation]
            stored = messages_at(self.snapshot, conversation, sequences)
            seen = self.visible(entry).excluding(blocks_of(self.snapshot, entry))
            for sequence in seen.visible_sequences(self.snapshot, list(stored.values())):
                self._messages[conversation, sequence] = stored[sequence]

    def entry(self, conversation: int) -> UserConversation | None:
        """Return a conversation as the user has it now, by internal number; None where the user never belonged to it.

        Only conversations that at least one change of the batch is about are found.
        """
        return self._entries.get(conversation)

    def changes(self, conversation: int) -> list[FeedRow]:
        """Return the changes of the batch that are about a conversation, in feed order.

        Args:
            conversation: the internal number of a conversation that at least one change is about.
        """
        return self._changes[conversation]

    def later_listings(self, conversation: int) -> list[FeedRow]:
        """Return the changes behind the batch that say whether a conversation was in the user's list at its end.

        They are read once, and not at all for a batch that ends with the newest change.

        Args:
            conversation: the internal number of a conversation that at least one change is about.
        """
        if self._newest is None:
            self._newest = self.snapshot.position().position
        if self._end == self._newest:
            return []
        if conversation not in self._later:
            self._later[conversation] = later_listings(
                self.snapshot, conversation=conversation, user=self.user, after=self._end
            )
        return self._later[conversation]

    def message(self, row: FeedRow) -> StoredMessage | None:
        """Return the message that a change stored; None if the user may not see it now or had blocked it."""
        return self._messages.get((row.conversation, row.first_sequence))

    def name(self, number: int) -> str:
        """Return the user id of a user whom the events of the batch name, by internal number."""
        return self._names[number]

    def end_of_call(self, row: FeedRow) -> FeedRow:
        """Return a change as if it were the last one of its call, as far as the call is in the batch."""
        rows = self._changes[row.conversation]
        at = rows.index(row)
        last = next((later for later in rows[at:] if later.call_end), rows[-1])
        return row._replace(position=last.position)

    def member(self, row: FeedRow) -> ListedMember | None:
        """Return the member whom a change added or changed, as they are now; None for one who has left since.

        The members of all changes of the batch are read at once.
        """
        if self._members is None:
            self._members = find_views(self.snapshot, self._member_rows)
        view = self._members.get((row.first_sequence, row.conversation))
        if view is None or not view.role:
            return None
        return ListedMember(self.name(view.user), view.role, view.join_time, view.read_sequence)

    def founders(self, conversation: int) -> tuple[ListedMember, ...]:
        """Return the members whom a conversation has since its creation, as they are now."""
        rows = founders(self.snapshot, conversation)
        names = self.snapshot.names(row.user for row in rows)
        return tuple(ListedMember(names[row.user], row.role, row.join_time, row.read_sequence) for row in rows)

    def visible(self, entry: UserConversation) -> VisibleHistory:
        """Return the part of a conversation's history that the user may see; computed once for each conversation."""
        conversation = entry.conversation.id
        if conversation not in self._visible:
            self._visible[conversation] = visible_history(self.snapshot, entry.bounds)
        return self._visible[conversation]

    def options(self) -> UserOptions:
        """Return the user's settings for all conversations: receive option and end of a mute. They are read once."""
        if self._options is None:
            self._options = user_options(self.snapshot, self.user)
        return self._options


def messages_at(snapshot: Snapshot, conversation: int, sequences: list[int]) -> dict[int, StoredMessage]:
    """Return the stored messages at some sequences of a conversation, by sequence. Missing ones are left out.

    The result is kept for the life of the snapshot, so that all watchers of the conversation share one read.

    Args:
        snapshot: the snapshot to read from.
        conversation: the internal number of the conversation.
        sequences: the sequences of the messages.
    """
    key = ("messages", conversation, *sequences)
    found: dict[int, StoredMessage] | None = snapshot.memory.get(key)
    if found is None:
        found = snapshot.memory[key] = find_messages(snapshot, conversation=conversation, sequences=sequences)
    return found
