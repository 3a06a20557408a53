"""Deleting conversations: from one user's list or from every list, with or without their history."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from backscroll_server.domain.enums import ChangeKind, ConversationType, DeletionOutcome, DeletionScope
from backscroll_server.domain.errors import PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import Committed, ConversationRow, UserConversation
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller, conversation_not_found, find, require, require_manager
from backscroll_server.services.views.unread import countable_up_to, unread_base_changes
from backscroll_server.storage.tables.conversations import (
    find_conversation,
    is_opened,
    update_conversation,
    update_view,
)
from backscroll_server.storage.tables.unread_counts import sequence_before, time_of
from backscroll_server.storage.transaction import Transaction


class Bound(NamedTuple):
    """The moment at which a deletion acts as if it had been made; what came later stays.

    Attributes:
        sequence: messages up to this sequence came before.
        time: the time of the moment, in microseconds: imported messages that were originally written up to then, and
            openings up to then, came before.
    """

    sequence: int
    time: int


@dataclass(frozen=True, slots=True)
class DeletionRequest:
    """Options of the deletion of a conversation.

    Attributes:
        with_messages: whether its history up to the bound is deleted too.
        stay_hidden: whether it stays out of the list when new messages arrive, until the user opens it.
        validate_only: whether to return the outcome without changing anything.
        up_to_sequence: the newest message that the caller knew, the bound; None for the end.
    """

    with_messages: bool = False
    stay_hidden: bool = False
    validate_only: bool = False
    up_to_sequence: int | None = None


class DeletionResult(NamedTuple):
    """Result of the deletion of a conversation.

    Attributes:
        conversation: the internal number of the conversation.
        outcome: whether it was deleted now; not where it had been deleted before, or a later message keeps it.
        cleared: the messages up to this sequence are deleted; 0 for none.
        original_up_to: imported messages that were originally written up to this time, in microseconds, are deleted
            too; 0 for none.
        purges: whether erased messages are to be removed from storage.
    """

    conversation: int
    outcome: DeletionOutcome
    cleared: int = 0
    original_up_to: int = 0
    purges: bool = False


def delete_for_self(
    transaction: Transaction, caller: Caller, key: ConversationKey, deletion: DeletionRequest
) -> DeletionResult:
    """Remove a conversation from the user's own list and leave nothing unread in it; others see no change.

    The history stays unless `deletion` asks to clear it too. A later message brings the conversation back into the list
    unless `deletion` says otherwise (semantics L1); what came after the bound counts as later, also where it is there
    already. The cost does not depend on the number of messages or members.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
    """
    entry = require(transaction, caller.user_id, key)
    bound = _bound(transaction, entry.conversation, deletion.up_to_sequence)
    # A sequence says nothing of openings: they all came before.
    return _remove(transaction, caller, entry, deletion, bound, opened_until=FOREVER)


def _bound(transaction: Transaction, conversation: ConversationRow, up_to_sequence: int | None) -> Bound:
    """Return the moment of a message; of the newest one, and of anything past it, it is now."""
    if up_to_sequence is None or up_to_sequence >= conversation.last_sequence:
        return Bound(conversation.last_sequence, transaction.now)
    return Bound(up_to_sequence, time_of(transaction, conversation=conversation.id, sequence=up_to_sequence))


def delete_one(
    transaction: Transaction, caller: Caller, entry: UserConversation, deletion: DeletionRequest, up_to_time: int
) -> bool:
    """Delete a conversation for the user alone, as if at a time; return whether that deletes anything.

    Args:
        transaction: the transaction to write in.
        caller: the user.
        entry: the conversation as the user has it.
        deletion: the options.
        up_to_time: the time, in microseconds, at most now.
    """
    bound = Bound(sequence_at(transaction, entry.conversation, up_to_time), up_to_time)
    result = _remove(transaction, caller, entry, deletion, bound, opened_until=up_to_time)
    return result.outcome is DeletionOutcome.DELETED


def sequence_at(transaction: Transaction, conversation: ConversationRow, time: int) -> int:
    """Return the sequence of the newest message created at or before a time, in microseconds; 0 if there is none.

    Cost: two index seeks, or none where that is the newest message of all.
    """
    if conversation.last_time <= time:
        return conversation.last_sequence
    return sequence_before(transaction, conversation=conversation.id, time=time + 1)


def _remove(
    transaction: Transaction,
    caller: Caller,
    entry: UserConversation,
    deletion: DeletionRequest,
    bound: Bound,
    *,
    opened_until: int,
) -> DeletionResult:
    view, conversation = entry.view, entry.conversation
    end = min(bound.sequence, entry.end)
    clears = deletion.with_messages and view.floor < end
    cleared, original_up_to = 0, 0
    if deletion.with_messages:
        cleared, original_up_to = max(view.floor, end), max(view.floor_time, bound.time)
    hides = deletion.stay_hidden and not view.stay_hidden
    already = DeletionResult(conversation.id, DeletionOutcome.ALREADY_DELETED, cleared, original_up_to)
    if not entry.listed and not clears and not hides:
        return already
    changes = unread_base_changes(
        transaction,
        view,
        conversation,
        unread_floor=max(view.unread_floor, end),
        # What is unread after the end stays so.
        unread_from=max(view.unread_from, end + 1) if view.unread_from and end < entry.end else 0,
        floor=cleared if deletion.with_messages else view.floor,
    )
    others = {
        "marked_unread": False,
        "removed_sequence": max(view.removed_sequence, min(bound.sequence, conversation.last_sequence)),
        "stay_hidden": deletion.stay_hidden or (bool(view.stay_hidden) and not entry.listed),
        "opened_generation": -1 if view.opened_time <= opened_until else view.opened_generation,
        "floor_time": original_up_to if deletion.with_messages else view.floor_time,
    }
    changes |= {name: value for name, value in others.items() if getattr(view, name) != value}
    if not changes:
        return already
    leaves = bool(entry.listed) and not _stays_listed(entry, others)
    outcome = DeletionOutcome.DELETED if leaves or clears or hides else DeletionOutcome.ALREADY_DELETED
    if not deletion.validate_only:
        update_view(transaction, view, **changes)
        kind = ChangeKind.CONVERSATION_REMOVED
        if entry.listed and not leaves:
            # It stays where it is, with less unread or less history.
            kind = ChangeKind.HISTORY_CLEARED if deletion.with_messages else ChangeKind.MARKED_UNREAD
        transaction.record_change(
            kind,
            conversation=conversation.id,
            user=view.user,
            actor=view.user,
            last=cleared,
            scope=DeletionScope.SELF,
            device_id=caller.device_id,
        )
    return DeletionResult(conversation.id, outcome, cleared, original_up_to)


def _stays_listed(entry: UserConversation, changes: dict[str, Any]) -> bool:
    """Return whether the conversation is in the user's list after these changes of the view, as `LISTED` says."""
    view, conversation = entry.view._replace(**changes), entry.conversation
    if view.opened_generation == conversation.generation:
        return True
    if conversation.type == ConversationType.CHAT_ROOM or view.stay_hidden:
        return False
    newest = conversation.last_relist_sequence
    brought_back = newest if newest > view.listing_after else view.frozen_relist
    return brought_back > max(view.removed_sequence, conversation.removed_sequence)


async def delete_for_everyone(
    store: Store, caller: Caller, key: ConversationKey, deletion: DeletionRequest
) -> Committed[DeletionResult]:
    """Remove a conversation from every user's list, with nothing unread for anyone.

    With `with_messages` its history is erased for everyone, and purged from storage later. What came after the bound
    stays, and keeps the conversation in the lists of those whom it reached. A caller that is a service needs no
    membership or role. Cost: a few rows written; where the conversation was deleted for everyone before, also a read of
    its views up to the first one in which a user opened it again.

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
    head = conversation.last_sequence
    bound = _bound(transaction, conversation, deletion.up_to_sequence)
    end = bound.sequence
    clears = deletion.with_messages and conversation.erased_sequence < end
    cleared, original_up_to = 0, 0
    if deletion.with_messages:
        cleared, original_up_to = max(conversation.erased_sequence, end), max(conversation.floor_time, bound.time)
    removed = conversation.removed_sequence
    is_kept = conversation.last_relist_sequence > end
    is_unlisted = removed >= 0 and conversation.last_relist_sequence <= removed
    # What is kept and was deleted up to there before is left alone, as is what is in no list.
    is_done = is_unlisted or (end <= removed and end <= conversation.unread_floor)
    already = DeletionResult(conversation.id, DeletionOutcome.ALREADY_DELETED, cleared, original_up_to)
    if is_done and not clears and not is_opened(transaction, conversation):
        return already
    outcome = already.outcome if is_kept and not clears else DeletionOutcome.DELETED
    result = already._replace(outcome=outcome, purges=clears)
    if deletion.validate_only:
        return result._replace(purges=False)
    changes: dict[str, int] = {
        "removed_sequence": max(removed, end),
        "generation": conversation.generation + 1,
    }
    if end > conversation.unread_floor:
        changes |= {
            "unread_floor": end,
            "unread_floor_countable": countable_up_to(transaction, conversation, end),
        }
    if deletion.with_messages:
        floor = max(conversation.floor, end)
        changes |= {
            "floor": floor,
            "floor_time": original_up_to,
            "erased_sequence": cleared,
            "oldest_time": time_of(transaction, conversation=conversation.id, sequence=floor + 1)
            if floor < head
            else 0,
        }
    update_conversation(transaction, conversation, **changes)
    actor = transaction.ensure_users([caller.user_id])[caller.user_id]
    transaction.record_change(
        ChangeKind.CONVERSATION_REMOVED,
        conversation=conversation.id,
        actor=actor,
        first=head,
        last=cleared,
        scope=DeletionScope.EVERYONE,
        device_id=caller.device_id,
    )
    return result


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
