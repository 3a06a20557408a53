"""Unread counts and mentions, computed from ordinals: exact, and as cheap for a million messages as for one."""

from backscroll_server.domain.enums import MemberRole
from backscroll_server.domain.intervals import Interval, clip, subtract
from backscroll_server.domain.records import ConversationRow, UserConversation, ViewRow
from backscroll_server.services.views.burn import is_burning
from backscroll_server.services.views.visibility import blocks_of
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.conversations import update_view
from backscroll_server.storage.tables.unread_counts import (
    burned_count,
    countable_at,
    first_counted,
    hidden_count,
    mentions_between,
    own_countable_at,
    recalled_count,
)
from backscroll_server.storage.transaction import Transaction


def unread_count(session: Runner, entry: UserConversation) -> int:
    """Return how many messages of a conversation are unread for its user (semantics U1).

    Cost: no read in the common case; a few seeks for each range of sequences during which the user had it blocked.
    """
    view, conversation = entry.view, entry.conversation
    after, countable, own = count_base(session, entry)
    if after >= entry.end:
        return 0
    if (
        entry.end == conversation.last_sequence
        and conversation.last_recalled_sequence <= after
        and view.last_hidden <= after
        and not view.ever_blocked
        and not _counts_burned(session, entry)
    ):
        return conversation.countable - countable - (view.own_countable - own)
    intervals = subtract([(after, entry.end)], blocks_of(session, entry))
    return sum(_count(session, entry, interval) for interval in intervals)


def count_base(session: Runner, entry: UserConversation) -> tuple[int, int, int]:
    """Return where counting starts: the last sequence that does not count, and two ordinals up to it.

    The ordinals say how many countable messages the conversation has up to that sequence, and how many of them are
    the user's own.
    """
    view, conversation = entry.view, entry.conversation
    if conversation.unread_floor <= view.base_sequence:
        return view.base_sequence, view.base_countable, view.base_own
    floor = conversation.unread_floor
    return floor, conversation.unread_floor_countable, _own_at(session, view, floor)


def _count(session: Runner, entry: UserConversation, interval: Interval) -> int:
    view, conversation = entry.view, entry.conversation
    after, up_to = interval
    where = {"conversation": conversation.id, "user": view.user, "after": after, "up_to": up_to}
    total = countable_up_to(session, conversation, up_to) - countable_up_to(session, conversation, after)
    total -= _own_at(session, view, up_to) - _own_at(session, view, after)
    if conversation.last_recalled_sequence > after:
        total -= recalled_count(session, **where)
    if view.last_hidden > after:
        total -= hidden_count(session, **where)
    if _counts_burned(session, entry):
        total -= burned_count(session, **where)
    return total


def _counts_burned(session: Runner, entry: UserConversation) -> bool:
    """Return whether burned messages may lie above the start of counting: only after the user marked it unread."""
    return entry.view.unread_from > 0 and is_burning(session, entry.conversation.next_burn_due)


def countable_up_to(session: Runner, conversation: ConversationRow, sequence: int) -> int:
    """Return how many countable messages a conversation has up to a sequence.

    Cost: none for the newest sequence and for the one where counting starts for everyone, else two seeks at most.
    """
    if sequence >= conversation.last_sequence:
        return conversation.countable
    if sequence == conversation.unread_floor:
        return conversation.unread_floor_countable
    return countable_at(session, conversation=conversation.id, sequence=sequence)


def _own_at(session: Runner, view: ViewRow, sequence: int) -> int:
    if not view.own_countable:
        return 0
    return own_countable_at(
        session,
        conversation=view.conversation,
        user=view.user,
        sequence=sequence,
        own_countable=view.own_countable,
    )


def unread_base_changes(
    session: Runner, view: ViewRow, conversation: ConversationRow, **changes: int
) -> dict[str, object]:
    """Return the columns of a view to update, given the changed ones, with the start of counting that follows.

    Every change of `read_sequence`, `unread_floor`, `floor` or `unread_from` goes through here. A given column that
    already has its value is left out.
    """
    after = view._replace(**changes)  # type: ignore[arg-type]
    read = after.unread_from - 1 if after.unread_from else after.read_sequence
    base = max(read, after.unread_floor, after.floor)
    effective: dict[str, object] = {name: value for name, value in changes.items() if getattr(view, name) != value}
    if base != view.base_sequence:
        effective |= {
            "base_sequence": base,
            "base_countable": countable_up_to(session, conversation, base),
            "base_own": _own_at(session, view, base),
        }
    return effective


def has_left_nothing(entry: UserConversation) -> bool:
    """Return whether the user has left, and has cleared everything up to the end of the window."""
    return entry.view.role == MemberRole.NONE and entry.view.floor >= entry.end


def clear_beyond_window(transaction: Transaction, entry: UserConversation, floor: int, floor_time: int) -> None:
    """Raise the floor of a user who has left and sees nothing any more, for when the user joins again.

    No change is recorded: the user's view stays the same, and an event would show how far the conversation went on.

    Args:
        transaction: the transaction to write in.
        entry: the conversation as the user has it.
        floor: the sequence up to which the history is cleared, not below the floor so far.
        floor_time: the time of that, in microseconds, not before the time so far.
    """
    changes = unread_base_changes(transaction, entry.view, entry.conversation, floor=floor)
    if changes:
        update_view(transaction, entry.view, **changes, floor_time=floor_time)


def unread_mentions(session: Runner, entry: UserConversation) -> list[tuple[int, int]]:
    """Return the unread mentions of the user, newest first, each as sequence and `MentionKind`.

    Cost: no read if the conversation has none above the read position, else one range of an index.
    """
    view, conversation = entry.view, entry.conversation
    after = mention_base(entry)
    if conversation.last_mention_sequence <= after or after >= entry.end:
        return []
    mentions = mentions_between(session, conversation=conversation.id, user=view.user, after=after, up_to=entry.end)
    if mentions and view.ever_blocked:
        blocks = blocks_of(session, entry)
        mentions = [mention for mention in mentions if not clip(blocks, mention[0] - 1, mention[0])]
    return mentions


def unread_floor(entry: UserConversation) -> int:
    """Return the sequence above which counting starts at the earliest: joining, deleting and clearing raise it.

    At most the end of the user's newest window: what happens above it is not for who has left.
    """
    return min(max(entry.view.unread_floor, entry.view.floor, entry.conversation.unread_floor), entry.end)


def mention_floor(view: ViewRow) -> int:
    """Return the sequence up to which mentions were cleared for good, by reading or by a reset."""
    return max(view.read_sequence, view.mention_floor)


def mention_base(entry: UserConversation) -> int:
    """Return the sequence up to which no mention is unread (semantics U4).

    Mentions up to it were read or cleared, or their messages do not count. Marking unread from a message on moves it
    up to that message, never back.
    """
    return max(mention_floor(entry.view), entry.view.unread_from - 1, unread_floor(entry))


def first_unread(session: Runner, entry: UserConversation) -> int | None:
    """Return the sequence of the oldest unread message, or None if none is unread."""
    after, _, _ = count_base(session, entry)
    if after >= entry.end:
        return None
    for interval_after, interval_up_to in subtract([(after, entry.end)], blocks_of(session, entry)):
        sequence = first_counted(
            session,
            conversation=entry.conversation.id,
            user=entry.view.user,
            after=interval_after,
            up_to=interval_up_to,
            burns=_counts_burned(session, entry),
        )
        if sequence is not None:
            return sequence
    return None
