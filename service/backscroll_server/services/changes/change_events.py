"""The facts that one user is told of a change, and whether it may alter how the user sees the conversation."""

from collections.abc import Callable, Iterator

from backscroll_server.domain.enums import ChangeKind, ConversationType, DeletionScope, MemberRole
from backscroll_server.domain.intervals import Interval, clip, holds
from backscroll_server.domain.records import Entry
from backscroll_server.services.changes.change_context import Loaded
from backscroll_server.services.changes.events import (
    Cause,
    ConversationRemoved,
    Fact,
    HistoryImported,
    MessageReceived,
    MessagesDeleted,
    ReadPositionMoved,
)
from backscroll_server.services.views.unread_totals import is_muted
from backscroll_server.services.views.visibility import blocks_of, windows_of
from backscroll_server.storage.tables.burns import burned_sequences
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.messages import StoredMessage, find_hidden


def facts_of(loaded: Loaded, row: FeedRow, entry: Entry) -> Iterator[Fact]:
    """What the user is told of one change in a conversation; nothing where it is none of the user's."""
    tell = _FACTS.get(row.kind)
    if tell is not None and _concerned(loaded, row, entry):
        fact = tell(loaded, row, entry)
        if fact is not None:
            yield fact
    if row.moves_read and _concerned_by_read(loaded, row, entry):
        yield _read(loaded, row, entry)


def touches(loaded: Loaded, row: FeedRow, entry: Entry, *, told: bool) -> bool:
    """Whether a change may alter how the user sees the conversation.

    Who left is shown nothing of what became of the conversation, but its own doings and removals of what it saw.
    """
    if row.kind == ChangeKind.MESSAGE:
        # One that was removed since has still brought the conversation into the list, or up in it.
        return told or _reached(loaded, row, entry)
    if row.kind in _TOUCHING_WHEN_TOLD:
        return told and (row.kind != ChangeKind.READ or row.actor == loaded.user)
    if row.user == loaded.user or entry.view.role != MemberRole.NONE or told:
        return True
    return row.kind == ChangeKind.MEMBER_REMOVED and row.first_sequence == loaded.user


def _reached(loaded: Loaded, row: FeedRow, entry: Entry) -> bool:
    """Whether a message came to the user when it was sent."""
    return (
        holds(windows_of(loaded.snapshot, entry.reach), row.first_sequence)
        and not holds(blocks_of(loaded.snapshot, entry), row.first_sequence)
        and _concerned(loaded, row, entry)
    )


def cause_of(row: FeedRow) -> Cause:
    """What caused a change."""
    return Cause(row.device_id, row.time)


def _concerned(loaded: Loaded, row: FeedRow, entry: Entry) -> bool:
    """Whether the user could be told of what concerns everyone when it happened, by its memberships.

    Who joins sees what was before in the history. Told as news it would notify.
    """
    if row.kind not in _TOLD_TO_MEMBERS:
        return True
    saw = loaded.absences.saw(loaded.snapshot, entry, row)
    if saw is None:
        return True
    removed_something_seen = row.kind != ChangeKind.MESSAGES_RECALLED or row.first_sequence <= saw
    return row.kind in _REMOVALS and saw > 0 and removed_something_seen


def _message(loaded: Loaded, row: FeedRow, entry: Entry) -> Fact | None:
    message = loaded.message(row)
    if message is None:
        return None
    return MessageReceived(cause_of(row), message.body, _notifies(loaded, row, entry, message))


def _notifies(loaded: Loaded, row: FeedRow, entry: Entry, message: StoredMessage) -> bool:
    if row.actor == loaded.user or not message.counts:
        return False
    view, options, now = entry.view, loaded.options(), loaded.snapshot.now
    muted = is_muted(view.receive_option, view.muted_until, now)
    return not muted and not is_muted(options.receive_option, options.muted_until, now)


def _concerned_by_read(loaded: Loaded, row: FeedRow, entry: Entry) -> bool:
    """Whether the user is told that sending a message moved its sender's read position."""
    if row.actor == loaded.user:
        return True
    if entry.conversation.type != ConversationType.SINGLE:
        return False
    return not holds(blocks_of(loaded.snapshot, entry), row.last_sequence)


def _read(loaded: Loaded, row: FeedRow, entry: Entry) -> Fact:
    reader_id = loaded.name(row.actor)
    return ReadPositionMoved(
        cause_of(row), entry.conversation.conversation_id, reader_id, row.last_sequence, row.due_time
    )


def _imported(loaded: Loaded, row: FeedRow, entry: Entry) -> Fact | None:
    seen = clip(windows_of(loaded.snapshot, entry.reach), row.first_sequence - 1, row.last_sequence)
    if not seen:
        return None
    return HistoryImported(cause_of(row), entry.conversation.conversation_id, seen[0][0] + 1, seen[-1][1])


def _hidden(_: Loaded, row: FeedRow, entry: Entry) -> Fact | None:
    return _deleted(row, entry, DeletionScope.SELF, sequences=(row.first_sequence,))


def _cleared(_: Loaded, row: FeedRow, entry: Entry) -> Fact | None:
    return _deleted(row, entry, DeletionScope.SELF, up_to=row.last_sequence, original_up_to=entry.view.floor_time)


def _recalled(loaded: Loaded, row: FeedRow, entry: Entry) -> Fact | None:
    visible, sequence = loaded.visible(entry), row.first_sequence
    if not holds(visible.intervals, sequence):
        return None
    if visible.hidden and find_hidden(
        loaded.snapshot, user=visible.user, conversation=visible.conversation, sequences=[sequence]
    ):
        return None
    return _deleted(row, entry, DeletionScope.EVERYONE, sequences=(sequence,))


def _expired(loaded: Loaded, row: FeedRow, entry: Entry) -> Fact | None:
    seen = clip(windows_of(loaded.snapshot, entry.reach), 0, row.last_sequence)
    return _deleted(row, entry, DeletionScope.EVERYONE, up_to=seen[-1][1]) if seen else None


def _burned(loaded: Loaded, row: FeedRow, entry: Entry) -> Fact | None:
    gone = burned_sequences(
        loaded.snapshot,
        conversation=row.conversation,
        reader=row.actor,
        after=row.first_sequence - 1,
        up_to=row.last_sequence,
    )
    return _deleted(row, entry, DeletionScope.EVERYONE, sequences=tuple(gone)) if gone else None


def _removed(loaded: Loaded, row: FeedRow, entry: Entry) -> Fact | None:
    scope = DeletionScope(row.scope)
    joined_later = entry.view.join_time > row.time and not clip(_ever(loaded, entry), 0, max(row.first_sequence, 1))
    if scope is DeletionScope.EVERYONE and joined_later:
        return None
    cleared = min(row.last_sequence, entry.end)
    return ConversationRemoved(cause_of(row), entry.conversation.conversation_id, cleared, scope)


def _ever(loaded: Loaded, entry: Entry) -> list[Interval]:
    """The user's windows, also where the newest has nothing in it yet."""
    view = entry.view
    return [*windows_of(loaded.snapshot, entry.reach), (view.window_from, max(view.window_to, view.window_from))]


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
    return MessagesDeleted(cause_of(row), shared.id, shared.conversation_id, sequences, up_to, original_up_to, scope)


_FACTS: dict[int, Callable[[Loaded, FeedRow, Entry], Fact | None]] = {
    ChangeKind.MESSAGE: _message,
    ChangeKind.HISTORY_IMPORTED: _imported,
    ChangeKind.MESSAGES_HIDDEN: _hidden,
    ChangeKind.HISTORY_CLEARED: _cleared,
    ChangeKind.MESSAGES_RECALLED: _recalled,
    ChangeKind.CONVERSATION_REMOVED: _removed,
    ChangeKind.READ: _read,
    ChangeKind.HISTORY_EXPIRED: _expired,
    ChangeKind.MESSAGES_BURNED: _burned,
}

_TOUCHING_WHEN_TOLD = frozenset(
    {
        ChangeKind.HISTORY_IMPORTED,
        ChangeKind.MESSAGES_RECALLED,
        ChangeKind.CONVERSATION_REMOVED,
        ChangeKind.READ,
        ChangeKind.HISTORY_EXPIRED,
        ChangeKind.MESSAGES_BURNED,
    }
)
"""What changes nothing for a user who is told no fact of it."""

_REMOVALS = frozenset({ChangeKind.MESSAGES_RECALLED, ChangeKind.CONVERSATION_REMOVED, ChangeKind.HISTORY_EXPIRED})
"""What who left is told too."""

_TOLD_TO_MEMBERS = _REMOVALS | {ChangeKind.MESSAGE, ChangeKind.HISTORY_IMPORTED}
"""What concerns every member of a group at its moment."""
