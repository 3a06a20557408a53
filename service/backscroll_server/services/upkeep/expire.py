"""Recording of changes that time alone makes: expired history and ended mutes."""

from backscroll_server.domain.enums import ChangeKind, DeletionScope, ReceiveOption
from backscroll_server.storage.tables.conversations import find_views, stored_conversation, update_conversation
from backscroll_server.storage.tables.expiry import aged
from backscroll_server.storage.tables.mutes import MuteEnd, due_mute_ends, remove_mute_ends
from backscroll_server.storage.tables.unread_counts import time_of
from backscroll_server.storage.tables.users import user_options
from backscroll_server.storage.transaction import Transaction
from backscroll_server.storage.upkeep.purge_queries import expired_conversations

STEP = 200
"""The most conversations, or mutes, that one step handles."""


def expire_step(transaction: Transaction) -> list[int]:
    """Store the raised floors of conversations with expired messages, at most 200; return their internal numbers.

    The floor is the highest sequence that nobody can see any more. Each one is recorded in the feed.
    """
    expired = [
        number
        for type_, horizon in transaction.retention.horizons(transaction.now).items()
        for number in expired_conversations(transaction, type_=int(type_), horizon=horizon, limit=STEP)
    ][:STEP]
    for number in expired:
        _expire(transaction, number)
        transaction.end_call()
    return expired


def _expire(transaction: Transaction, conversation: int) -> None:
    stored = stored_conversation(transaction, conversation)
    now = aged(transaction, stored)
    update_conversation(
        transaction,
        stored,
        floor=now.floor,
        unread_floor=now.unread_floor,
        unread_floor_countable=now.unread_floor_countable,
        oldest_time=time_of(transaction, conversation=conversation, sequence=now.floor + 1),
    )
    transaction.record_change(
        ChangeKind.HISTORY_EXPIRED,
        conversation=conversation,
        last=now.floor,
        scope=DeletionScope.EVERYONE,
    )


def unmute_step(transaction: Transaction) -> bool:
    """Record in the feed the end of up to 200 mutes; return whether there may be more to record.

    The settings keep their values. A mute that was changed after its end was set is not recorded.
    """
    ends = due_mute_ends(transaction, limit=STEP)
    for end in ends:
        if _is_current(transaction, end):
            transaction.record_change(
                ChangeKind.MUTE_ENDED, conversation=end.conversation, user=end.user, actor=end.user
            )
            transaction.end_call()
    remove_mute_ends(transaction, ends)
    return len(ends) == STEP


def _is_current(transaction: Transaction, end: MuteEnd) -> bool:
    """Return whether the setting is still a mute with the end that the row holds."""
    if end.conversation:
        view = find_views(transaction, [(end.user, end.conversation)]).get((end.user, end.conversation))
        option, until = (view.receive_option, view.muted_until) if view else (0, 0)
    else:
        option, until = user_options(transaction, end.user)
    return option == ReceiveOption.MUTED and until == end.due
