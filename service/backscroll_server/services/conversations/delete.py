"""Deleting conversations: from one user's list or from every list, with or without their history.

A deletion with a bound acts as if it had been made at the bound, before all later messages.
"""

from dataclasses import dataclass
from typing import NamedTuple

from backscroll_server.domain.clearing import later_clearing
from backscroll_server.domain.enums import ChangeKind, ConversationType, DeletionOutcome, DeletionScope
from backscroll_server.domain.errors import PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.records import Committed, ConversationRow, UserConversation
from backscroll_server.services.conversations.bounds import (
    countable_between,
    has_counting_messages,
    joined_after,
    last_sequence_at,
)
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller, conversation_not_found, find, require, require_manager
from backscroll_server.services.views.unread import (
    clear_beyond_window,
    countable_up_to,
    has_left_nothing,
    unread_base_changes,
)
from backscroll_server.storage.tables.conversations import (
    find_conversation,
    is_opened,
    marked_views,
    update_conversation,
    update_view,
)
from backscroll_server.storage.tables.unread_counts import time_of, time_of_clearing
from backscroll_server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DeletionRequest:
    """Options of the deletion of a conversation.

    Attributes:
        with_messages: whether its history up to now is deleted too.
        stay_hidden: whether it stays out of the list when new messages arrive, until the user opens it.
        validate_only: whether to return the outcome without changing anything.
        up_to_sequence: the bound; None is the end. Past the end is the end.
    """

    with_messages: bool = False
    stay_hidden: bool = False
    validate_only: bool = False
    up_to_sequence: int | None = None


class DeletionResult(NamedTuple):
    """Result of the deletion of a conversation.

    Attributes:
        conversation: the internal number of the conversation.
        outcome: whether it was deleted now, or had been deleted before.
        cleared: the messages up to this sequence are deleted; 0 for none.
        original_up_to: imported messages that were originally written up to this time, in microseconds, are deleted
            too; 0 for none.
        purges: whether erased messages are to be removed from storage.
    """

    conversation: int
    outcome: DeletionOutcome
    cleared: int
    original_up_to: int = 0
    purges: bool = False


class _Bound(NamedTuple):
    """The moment at which a deletion acts as if it had been made.

    Attributes:
        sequence: messages up to this sequence came before; at most the head, which is the newest sequence.
        time: the time of the moment, in microseconds: imported messages originally written up to then are cleared;
            0 for none.
        opened_until: opening the conversation up to this time, in microseconds, came before; None for at any time.
    """

    sequence: int
    time: int
    opened_until: int | None = None


def delete_for_self(
    transaction: Transaction, caller: Caller, key: ConversationKey, deletion: DeletionRequest
) -> DeletionResult:
    """Remove a conversation from the user's own list and leave nothing unread in it; others see no change.

    The history stays unless `deletion` asks to clear it too. A later message brings the conversation back into the list
    unless `deletion` says otherwise (semantics L1). With a bound, messages above it are such later ones: they stay, are
    still unread, and keep the conversation listed (semantics D8). A sequence says nothing of openings: the deletion
    undoes one made at any time. The cost does not depend on the number of messages or members.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
    """
    entry = require(transaction, caller.user_id, key)
    return _remove(transaction, caller, entry, deletion, _bound(transaction, entry.conversation, deletion))


def delete_one(
    transaction: Transaction, caller: Caller, entry: UserConversation, deletion: DeletionRequest, up_to_time: int
) -> bool:
    """Delete a conversation for the user alone, as `delete_for_self`, with a time as the bound; return whether it did.

    Messages created later, and opening the conversation later, keep it listed; one that the user joined later is left
    as it is (semantics D9).

    Args:
        transaction: the transaction to write in.
        caller: the user.
        entry: the conversation as the user has it.
        deletion: the options; its own bound is ignored.
        up_to_time: the bound (inclusive), in microseconds.
    """
    sequence = last_sequence_at(transaction, entry.conversation, up_to_time)
    if joined_after(entry, sequence, up_to_time):
        return False
    bound = _Bound(sequence, up_to_time, opened_until=up_to_time)
    return _remove(transaction, caller, entry, deletion, bound).outcome is DeletionOutcome.DELETED


def _bound(transaction: Transaction, conversation: ConversationRow, deletion: DeletionRequest) -> _Bound:
    if deletion.up_to_sequence is None:
        # Of several messages stored at one moment the last have later times.
        return _Bound(conversation.last_sequence, max(transaction.now, conversation.last_time))
    sequence = min(deletion.up_to_sequence, conversation.last_sequence)
    if not deletion.with_messages:
        return _Bound(sequence, 0)
    return _Bound(sequence, time_of_clearing(transaction, conversation=conversation.id, sequence=sequence))


def _remove(
    transaction: Transaction, caller: Caller, entry: UserConversation, deletion: DeletionRequest, bound: _Bound
) -> DeletionResult:
    view, conversation = entry.view, entry.conversation
    reopened = bound.opened_until is not None and _is_open(entry) and view.opened_time > bound.opened_until
    stays = bool(entry.listed) and (reopened or (not deletion.stay_hidden and _is_relisted(entry, bound.sequence)))
    end = min(bound.sequence, entry.end)
    # What was stored since then and has an earlier time was imported: clearing up to the time has taken it.
    is_cleared = view.floor >= end or (bound.opened_until is not None and view.floor_time >= bound.time)
    clears = deletion.with_messages and not is_cleared
    hides = deletion.stay_hidden and not view.stay_hidden and not reopened
    deletes = clears or hides or (bool(entry.listed) and not stays)
    floor, floor_time = view.floor, view.floor_time
    if deletes and deletion.with_messages:
        # Also beyond the window of who has left: joining again brings nothing of it back.
        floor, floor_time = max(floor, bound.sequence), later_clearing(floor_time, bound.time)
    cleared = min(floor, entry.end) if deletion.with_messages else 0
    # One that later messages keep in the list loses what is unread up to the bound.
    changes = deletes or (stays and has_counting_messages(transaction, entry, end))
    outcome = DeletionOutcome.DELETED if changes else DeletionOutcome.ALREADY_DELETED
    result = DeletionResult(conversation.id, outcome, cleared, floor_time)
    if deletion.validate_only:
        return result
    if not changes:
        if deletion.with_messages and has_left_nothing(entry):
            clear_beyond_window(
                transaction, entry, max(view.floor, bound.sequence), later_clearing(view.floor_time, bound.time)
            )
        return result
    # A mark above the bound, or on what was read above it, was made later.
    is_marked_later = view.read_sequence > bound.sequence
    keeps_count = is_marked_later or view.unread_from > bound.sequence
    columns = unread_base_changes(
        transaction,
        view,
        conversation,
        floor=floor,
        unread_floor=max(view.unread_floor, end),
        unread_from=view.unread_from if keeps_count else 0,
    ) | {"floor_time": floor_time, "marked_unread": bool(view.marked_unread) and is_marked_later}
    if stays:
        kind = ChangeKind.HISTORY_CLEARED if clears else ChangeKind.MARKED_UNREAD
    else:
        kind = ChangeKind.CONVERSATION_REMOVED
        columns |= {
            "removed_sequence": max(view.removed_sequence, bound.sequence),
            "opened_generation": -1,
            "stay_hidden": hides or bool(view.stay_hidden),
        }
    update_view(transaction, view, **columns)
    transaction.record_change(
        kind,
        conversation=conversation.id,
        user=view.user,
        actor=view.user,
        last=cleared,
        scope=DeletionScope.SELF,
        device_id=caller.device_id,
    )
    return result


def _is_open(entry: UserConversation) -> bool:
    """Return whether the user has opened the conversation since it was last deleted."""
    return entry.view.opened_generation == entry.conversation.generation


def _is_relisted(entry: UserConversation, up_to: int) -> bool:
    """Return whether a message above `up_to`, and above earlier deletions, brings it back into the user's list."""
    view, conversation = entry.view, entry.conversation
    if conversation.type == ConversationType.CHAT_ROOM:
        return False
    brought_back = conversation.last_relist_sequence
    if brought_back <= view.listing_after:
        brought_back = view.frozen_relist
    return brought_back > max(up_to, view.removed_sequence, conversation.removed_sequence)


async def delete_for_everyone(
    store: Store, caller: Caller, key: ConversationKey, deletion: DeletionRequest
) -> Committed[DeletionResult]:
    """Remove a conversation from every user's list, with nothing unread for anyone.

    With `with_messages` its history is erased for everyone, and purged from storage later. Messages above a bound stay,
    stay unread, and list the conversation again (semantics D8). A caller that is a service needs no membership or role.
    Cost: a few rows written, and a read of the conversation's views with a row for each user who marked it unread.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller never belonged to it.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left a group or chat room, `ROLE_TOO_LOW` where the
            caller is neither owner nor admin of it, `SERVICE_ONLY` where a user deletes a `SYSTEM` conversation, or a
            `SINGLE` one while the server leaves that to services.
    """
    allow_single = store.options.allow_single_delete_everyone
    committed = await store.write(_remove_for_everyone, caller, key, deletion, allow_single=allow_single)
    if committed.value.purges:
        store.purger.add(committed.value.conversation)
    return committed


def _remove_for_everyone(
    transaction: Transaction, caller: Caller, key: ConversationKey, deletion: DeletionRequest, *, allow_single: bool
) -> DeletionResult:
    conversation = _permitted(transaction, caller, key, allow_single=allow_single)
    bound = _bound(transaction, conversation, deletion)
    kept = conversation.type != ConversationType.CHAT_ROOM and conversation.last_relist_sequence > max(
        bound.sequence, conversation.removed_sequence
    )
    clears = deletion.with_messages and conversation.erased_sequence < bound.sequence
    # Where it is kept, a deletion at the bound was made before if any reached as far.
    was_listed = (not kept or conversation.removed_sequence < bound.sequence) and _was_in_a_list(
        transaction, conversation, bound.sequence
    )
    deletes = clears or (was_listed and not kept)
    # One that later messages keep in lists loses what is unread up to the bound.
    changes = deletes or (
        was_listed
        and countable_between(transaction, conversation, max(conversation.removed_sequence, 0), bound.sequence)
    )
    outcome = DeletionOutcome.DELETED if changes else DeletionOutcome.ALREADY_DELETED
    erased = max(conversation.erased_sequence, bound.sequence) if deletion.with_messages else 0
    floor_time = conversation.floor_time
    if deletes and deletion.with_messages:
        floor_time = later_clearing(floor_time, bound.time)
    result = DeletionResult(conversation.id, outcome, erased, floor_time)
    if deletion.validate_only or not changes:
        return result
    columns: dict[str, int] = {
        "removed_sequence": max(conversation.removed_sequence, bound.sequence),
        "generation": conversation.generation + 1,
    }
    # What has expired above the bound is left to the background, which records it.
    if bound.sequence > conversation.unread_floor:
        columns["unread_floor"] = bound.sequence
        columns["unread_floor_countable"] = countable_up_to(transaction, conversation, bound.sequence)
    if deletion.with_messages:
        columns |= {"erased_sequence": erased, "floor_time": floor_time}
        if bound.sequence > conversation.floor:
            columns["floor"] = bound.sequence
            columns["oldest_time"] = time_of(transaction, conversation=conversation.id, sequence=bound.sequence + 1)
    _end_marks(transaction, update_conversation(transaction, conversation, **columns), bound.sequence)
    actor = transaction.ensure_users([caller.user_id])[caller.user_id]
    transaction.record_change(
        ChangeKind.CONVERSATION_REMOVED,
        conversation=conversation.id,
        actor=actor,
        first=conversation.last_sequence,
        last=erased,
        scope=DeletionScope.EVERYONE,
        device_id=caller.device_id,
    )
    return result._replace(purges=clears)


def _end_marks(transaction: Transaction, conversation: ConversationRow, up_to: int) -> None:
    """End the marks of unread of all users, but those above a sequence and on what was read above it, which are later.

    Cost: one row read for each view of the conversation, and one written for each user who marked it unread.
    """
    for view in marked_views(transaction, conversation=conversation.id, read_up_to=up_to):
        unread_from = view.unread_from if view.unread_from > up_to else 0
        changes = unread_base_changes(transaction, view, conversation, unread_from=unread_from)
        if view.marked_unread:
            changes["marked_unread"] = False
        update_view(transaction, view, **changes)


def _was_in_a_list(transaction: Transaction, conversation: ConversationRow, up_to: int) -> bool:
    """Return whether the conversation was in any list before the messages above `up_to`."""
    removed = conversation.removed_sequence
    return (
        removed < 0
        or countable_between(transaction, conversation, removed, up_to)
        or is_opened(transaction, conversation)
    )


def _permitted(
    transaction: Transaction, caller: Caller, key: ConversationKey, *, allow_single: bool
) -> ConversationRow:
    entry = find(transaction, caller.user_id, key)
    if caller.as_service:
        number = transaction.conversation(key.conversation_id)
        if number is None:
            raise conversation_not_found()
        return find_conversation(transaction, number)
    if entry is None:
        raise conversation_not_found()
    if key.type.has_joins:
        require_manager(entry, "scope")
    elif key.type is ConversationType.SYSTEM or not allow_single:
        raise PermissionDeniedError(
            Reason.SERVICE_ONLY, "needs a service: only services delete this for everyone", field="scope"
        )
    return entry.conversation
