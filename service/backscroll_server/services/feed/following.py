"""Turns changes of the feed into what one user is told of them: the facts, and what follows from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from backscroll_server.domain.facts import Entry
from backscroll_server.domain.intervals import clip, holds
from backscroll_server.domain.kinds import ChangeKind, ConversationType, DeletionScope, MemberRole
from backscroll_server.services.describing import Description, describe
from backscroll_server.services.feed.events import (
    Cause,
    ConversationChanged,
    ConversationRemoved,
    Event,
    Fact,
    HistoryImported,
    MessageReceived,
    MessagesDeleted,
    ReadPositionMoved,
    TotalsChanged,
    UserSettingsChanged,
)
from backscroll_server.services.feed.listed_before import was_listed
from backscroll_server.services.totals import RunningTotals, Totals, is_muted
from backscroll_server.services.visibility import Visible, blocks_of, visible_history, windows_of
from backscroll_server.storage.burn_rows import burned_sequences
from backscroll_server.storage.entry_rows import find_entries, find_entry
from backscroll_server.storage.feed_pages import FeedRow
from backscroll_server.storage.list_rows import ListRow
from backscroll_server.storage.message_rows import StoredMessage, find_hidden, find_messages
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.user_rows import UserOptions, user_options


class Follower:
    """What one stream remembers of its user: the conversations told as listed, and the totals told last.

    Args:
        user: the user's number.
        user_id: the user's id.
    """

    def __init__(self, user: int, user_id: str) -> None:
        self.user = user
        self.user_id = user_id
        self.listed: dict[int, bool] = {}
        self._totals: RunningTotals | None = None
        self._told: Totals | None = None

    def events(self, snapshot: Snapshot, rows: Sequence[FeedRow]) -> list[Event]:
        """What the user is told of some changes: facts in their order, then what follows, the totals last.

        Facts show what the user may see now: a message removed since is told as its removal only. What follows holds
        at the moment of `snapshot`, which is no older than the changes.

        Cost: a few seeks for each conversation touched; once for each stream the sum of all unread.
        """
        batch = _Batch(self, snapshot)
        batch.load(rows)
        for row in rows:
            batch.add(row)
        events: list[Event] = [*batch.facts, *batch.derived()]
        if batch.descriptions:
            events += self._changed_totals(snapshot, batch)
        return events

    def _changed_totals(self, snapshot: Snapshot, batch: "_Batch") -> list[TotalsChanged]:
        if self._totals is None:
            self._totals = RunningTotals()
            self._totals.read(snapshot, self.user)
        for description in batch.descriptions.values():
            self._totals.update(
                description.entry,
                unread=description.unread_count,
                mentions=description.mention_count,
                now=snapshot.now,
            )
        if self._totals.sum == self._told:
            return []
        self._told = Totals()
        self._told.add(self._totals.sum)
        return [TotalsChanged(batch.last_cause, self._told)]


@dataclass(slots=True)
class _Batch:
    """Some changes on their way to one user."""

    follower: Follower
    snapshot: Snapshot
    about: dict[int, list[FeedRow]] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    visible: dict[int, Visible] = field(default_factory=dict)
    messages: dict[tuple[int, int], StoredMessage] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    options: UserOptions | None = None
    facts: list[Fact] = field(default_factory=list)
    touched: dict[int, FeedRow] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    descriptions: dict[int, Description] = field(default_factory=dict)
    last_cause: Cause = field(default_factory=lambda: Cause("", 0))

    def load(self, rows: Sequence[FeedRow]) -> None:
        """Reads what the changes are about, for all of them at once."""
        for row in rows:
            if row.conversation:
                self.about.setdefault(row.conversation, []).append(row)
        self.entries = self._find(sorted(self.about))
        sent: dict[int, list[int]] = {}
        for row in rows:
            if row.kind == ChangeKind.MESSAGE and row.conversation in self.entries:
                sent.setdefault(row.conversation, []).append(row.first_sequence)
        for conversation, sequences in sent.items():
            entry = self.entries[conversation]
            stored = _messages(self.snapshot, conversation, sequences)
            seen = self._visible(entry).without(blocks_of(self.snapshot, entry))
            for sequence in seen.shows(self.snapshot, list(stored.values())):
                self.messages[conversation, sequence] = stored[sequence]
        self.names = self.snapshot.names({row.actor for row in rows if row.kind == ChangeKind.READ or row.moves_read})

    def _find(self, conversations: list[int]) -> dict[int, Entry]:
        if len(conversations) != 1:
            return find_entries(self.snapshot, user=self.follower.user, conversations=conversations)
        entry = find_entry(self.snapshot, user=self.follower.user, conversation=conversations[0])
        return {conversations[0]: entry} if entry else {}

    def add(self, row: FeedRow) -> None:
        """Takes one change."""
        if not row.conversation:
            self._add_fact(UserSettingsChanged(_cause(row), self._options()))
            return
        entry = self.entries.get(row.conversation)
        if entry is None:
            return
        tell = _FACTS.get(row.kind)
        fact = tell(self, row, entry) if tell is not None else None
        if fact is not None:
            self._add_fact(fact)
        told = fact is not None
        if row.moves_read and self._concerned_by_reads(row, entry):
            self._add_fact(self.read(row, entry))
            # One's own message that brings no event still reads.
            told = told or row.actor == self.follower.user
        if self._touches(row, entry, told=told):
            listed = self.follower.listed
            if row.conversation not in listed:
                listed[row.conversation] = was_listed(self.snapshot, entry, self.about[row.conversation])
            # The last one to touch it decides its place among what follows.
            self.touched.pop(row.conversation, None)
            self.touched[row.conversation] = row
            self.last_cause = _cause(row)

    def derived(self) -> list[ConversationChanged]:
        """How the user sees each touched conversation now, unless its removal says it all."""
        changes = []
        listed = self.follower.listed
        for conversation, row in self.touched.items():
            entry = self.entries[conversation]
            head = _messages(self.snapshot, conversation, [entry.conversation.last_sequence])
            message = head.get(entry.conversation.last_sequence)
            described = ListRow(entry, message.body if message else None, message.original_time if message else None)
            description = describe(self.snapshot, described, self.follower.user_id)
            self.descriptions[conversation] = description
            added = bool(entry.listed) and not listed[conversation]
            if entry.listed or conversation not in self.removed:
                changes.append(ConversationChanged(_cause(row), description, added))
            listed[conversation] = bool(entry.listed)
        return changes

    def _touches(self, row: FeedRow, entry: Entry, *, told: bool) -> bool:
        """Whether the change may alter how the user sees the conversation.

        Who left is shown nothing of what became of the conversation, but its own doings and removals of what it saw.
        """
        if row.kind in _TOUCHING_WHEN_TOLD:
            return told and (row.kind != ChangeKind.READ or row.actor == self.follower.user)
        if row.user == self.follower.user or entry.view.role != MemberRole.NONE or told:
            return True
        return row.kind == ChangeKind.MEMBER_REMOVED and row.first_sequence == self.follower.user

    def _concerned_by_reads(self, row: FeedRow, entry: Entry) -> bool:
        """Whether the user is told that sending this message moved its sender's read position."""
        if row.actor == self.follower.user:
            return True
        if entry.conversation.type != ConversationType.SINGLE:
            return False
        return not holds(blocks_of(self.snapshot, entry), row.last_sequence)

    def _add_fact(self, fact: Fact) -> None:
        last = self.facts[-1] if self.facts else None
        if (
            isinstance(fact, MessagesDeleted)
            and isinstance(last, MessagesDeleted)
            and fact.sequences
            and last.sequences
            and fact._replace(sequences=last.sequences) == last
        ):
            self.facts[-1] = last._replace(sequences=last.sequences + fact.sequences)
        else:
            self.facts.append(fact)

    def _visible(self, entry: Entry) -> Visible:
        conversation = entry.conversation.id
        if conversation not in self.visible:
            self.visible[conversation] = visible_history(self.snapshot, entry.reach)
        return self.visible[conversation]

    def _options(self) -> UserOptions:
        if self.options is None:
            self.options = user_options(self.snapshot, self.follower.user)
        return self.options

    def _notifies(self, row: FeedRow, entry: Entry, message: StoredMessage) -> bool:
        if row.actor == self.follower.user or not message.counts:
            return False
        view, options, now = entry.view, self._options(), self.snapshot.now
        muted = is_muted(view.receive_option, view.muted_until, now)
        return not muted and not is_muted(options.receive_option, options.muted_until, now)

    def message(self, row: FeedRow, entry: Entry) -> Fact | None:
        message = self.messages.get((row.conversation, row.first_sequence))
        if message is None:
            return None
        return MessageReceived(_cause(row), message.body, self._notifies(row, entry, message))

    def imported(self, row: FeedRow, entry: Entry) -> Fact | None:
        seen = clip(windows_of(self.snapshot, entry.reach), row.first_sequence - 1, row.last_sequence)
        if not seen:
            return None
        return HistoryImported(_cause(row), entry.conversation.conversation_id, seen[0][0] + 1, seen[-1][1])

    def hidden(self, row: FeedRow, entry: Entry) -> Fact | None:
        return _deleted(row, entry, DeletionScope.SELF, sequences=(row.first_sequence,))

    def cleared(self, row: FeedRow, entry: Entry) -> Fact | None:
        return _deleted(row, entry, DeletionScope.SELF, up_to=row.last_sequence, original_up_to=entry.view.floor_time)

    def recalled(self, row: FeedRow, entry: Entry) -> Fact | None:
        visible, sequence = self._visible(entry), row.first_sequence
        if not holds(visible.intervals, sequence):
            return None
        if visible.hidden and find_hidden(
            self.snapshot, user=visible.user, conversation=visible.conversation, sequences=[sequence]
        ):
            return None
        return _deleted(row, entry, DeletionScope.EVERYONE, sequences=(sequence,))

    def removed_conversation(self, row: FeedRow, entry: Entry) -> Fact | None:
        scope = DeletionScope(row.scope)
        head = max(row.first_sequence, 1)
        joined_later = entry.view.join_time > row.time and not clip(_ever(self.snapshot, entry), 0, head)
        if scope is DeletionScope.EVERYONE and joined_later:
            return None
        self.removed.add(row.conversation)
        self.follower.listed[row.conversation] = False
        cleared = min(row.last_sequence, entry.end)
        return ConversationRemoved(_cause(row), entry.conversation.conversation_id, cleared, scope)

    def expired(self, row: FeedRow, entry: Entry) -> Fact | None:
        seen = clip(windows_of(self.snapshot, entry.reach), 0, row.last_sequence)
        return _deleted(row, entry, DeletionScope.EVERYONE, up_to=seen[-1][1]) if seen else None

    def burned(self, row: FeedRow, entry: Entry) -> Fact | None:
        gone = burned_sequences(
            self.snapshot,
            conversation=row.conversation,
            reader=row.actor,
            after=row.first_sequence - 1,
            up_to=row.last_sequence,
        )
        return _deleted(row, entry, DeletionScope.EVERYONE, sequences=tuple(gone)) if gone else None

    def read(self, row: FeedRow, entry: Entry) -> Fact:
        reader_id = self.names[row.actor]
        return ReadPositionMoved(
            _cause(row), entry.conversation.conversation_id, reader_id, row.last_sequence, row.due_time
        )


_FACTS: dict[int, Callable[[_Batch, FeedRow, Entry], Fact | None]] = {
    ChangeKind.MESSAGE: _Batch.message,
    ChangeKind.HISTORY_IMPORTED: _Batch.imported,
    ChangeKind.MESSAGES_HIDDEN: _Batch.hidden,
    ChangeKind.HISTORY_CLEARED: _Batch.cleared,
    ChangeKind.MESSAGES_RECALLED: _Batch.recalled,
    ChangeKind.CONVERSATION_REMOVED: _Batch.removed_conversation,
    ChangeKind.READ: _Batch.read,
    ChangeKind.HISTORY_EXPIRED: _Batch.expired,
    ChangeKind.MESSAGES_BURNED: _Batch.burned,
}

_TOUCHING_WHEN_TOLD = frozenset(
    {
        ChangeKind.MESSAGE,
        ChangeKind.HISTORY_IMPORTED,
        ChangeKind.MESSAGES_RECALLED,
        ChangeKind.CONVERSATION_REMOVED,
        ChangeKind.READ,
        ChangeKind.HISTORY_EXPIRED,
        ChangeKind.MESSAGES_BURNED,
    }
)
"""What changes nothing for a user who is told no fact of it."""


def _messages(snapshot: Snapshot, conversation: int, sequences: list[int]) -> dict[int, StoredMessage]:
    """The messages at some sequences. Read once for all who watch the conversation in this moment."""
    key = ("messages", conversation, *sequences)
    found: dict[int, StoredMessage] | None = snapshot.memory.get(key)
    if found is None:
        found = snapshot.memory[key] = find_messages(snapshot, conversation=conversation, sequences=sequences)
    return found


def _cause(row: FeedRow) -> Cause:
    return Cause(row.device_id, row.time)


def _deleted(
    row: FeedRow,
    entry: Entry,
    scope: DeletionScope,
    *,
    sequences: tuple[int, ...] = (),
    up_to: int = 0,
    original_up_to: int = 0,
) -> MessagesDeleted:
    shared = entry.conversation
    return MessagesDeleted(_cause(row), shared.id, shared.conversation_id, sequences, up_to, original_up_to, scope)


def _ever(snapshot: Snapshot, entry: Entry) -> list[tuple[int, int]]:
    """The user's windows, also where the newest has nothing in it yet."""
    view = entry.view
    return [*windows_of(snapshot, entry.reach), (view.window_from, max(view.window_to, view.window_from))]
