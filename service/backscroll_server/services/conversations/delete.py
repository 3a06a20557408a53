"""Deleting conversations: from one user's list or from every list, with or without their history."""

from dataclasses import dataclass
from typing import NamedTuple

from backscroll_server.domain.enums import ChangeKind, ConversationType, DeletionOutcome, DeletionScope
from backscroll_server.domain.errors import PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.records import Committed, ConversationRow, UserConversation
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller, conversation_not_found, find, require, require_manager
from backscroll_server.services.views.unread import unread_base_changes
from backscroll_server.storage.tables.conversations import (
    find_conversation,
    is_opened,
    update_conversation,
    update_view,
)
from backscroll_server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DeletionRequest:
    """Options of the deletion of a conversation.

    Attributes:
        with_messages: whether its history up to now is deleted too.
        stay_hidden: whether it stays out of the list when new messages arrive, until the user opens it.
        validate_only: whether to return the outcome without changing anything.
    """

    with_messages: bool = False
    stay_hidden: bool = False
    validate_only: bool = False


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


def delete_for_self(
    transaction: Transaction, caller: Caller, key: ConversationKey, deletion: DeletionRequest
) -> DeletionResult:
    """Remove a conversation from the user's own list and leave nothing unread in it; others see no change.

    The history stays unless `deletion` asks to clear it too. A later message brings the conversation back into the list
    unless `deletion` says otherwise (semantics L1). The cost does not depend on the number of messages or members.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
    """
    return _remove(transaction, caller, require(transaction, caller.user_id, key), deletion)


def delete_one(transaction: Transaction, caller: Caller, entry: UserConversation, deletion: DeletionRequest) -> bool:
    """Delete a conversation for the user alone, as `delete_for_self`; return whether that changes anything."""
    return _remove(transaction, caller, entry, deletion).outcome is DeletionOutcome.DELETED


def _remove(
    transaction: Transaction, caller: Caller, entry: UserConversation, deletion: DeletionRequest
) -> DeletionResult:
    view, conversation = entry.view, entry.conversation
    end = entry.end
    clears = deletion.with_messages and view.floor < end
    cleared = max(view.floor, end) if deletion.with_messages else 0
    hides = deletion.stay_hidden and not view.stay_hidden
    if not entry.listed and not clears and not hides:
        return DeletionResult(conversation.id, DeletionOutcome.ALREADY_DELETED, cleared)
    if deletion.validate_only:
        return DeletionResult(conversation.id, DeletionOutcome.DELETED, cleared)
    floors = {"unread_floor": max(view.unread_floor, end), "unread_from": 0}
    if deletion.with_messages:
        floors["floor"] = cleared
    changes = unread_base_changes(transaction, view, conversation, **floors) | {
        "marked_unread": False,
        "opened_generation": -1,
        "removed_sequence": conversation.last_sequence,
        "stay_hidden": deletion.stay_hidden or (bool(view.stay_hidden) and not entry.listed),
    }
    if deletion.with_messages:
        changes["floor_time"] = max(view.floor_time, transaction.now)
    update_view(transaction, view, **changes)
    transaction.record_change(
        ChangeKind.CONVERSATION_REMOVED,
        conversation=conversation.id,
        user=view.user,
        actor=view.user,
        last=cleared,
        scope=DeletionScope.SELF,
        device_id=caller.device_id,
    )
    return DeletionResult(conversation.id, DeletionOutcome.DELETED, cleared)


async def delete_for_everyone(
    store: Store, caller: Caller, key: ConversationKey, deletion: DeletionRequest
) -> Committed[DeletionResult]:
    """Remove a conversation from every user's list, with nothing unread for anyone.

    With `with_messages` its history is erased for everyone, and purged from storage later. A caller that is a service
    needs no membership or role. Cost: a few rows written; where the conversation was deleted for everyone before, also
    a read of its views up to the first one in which a user opened it again.

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
    unlisted = (
        conversation.removed_sequence >= 0
        and conversation.last_relist_sequence <= conversation.removed_sequence
        and not is_opened(transaction, conversation)
    )
    cleared = head if deletion.with_messages else 0
    if unlisted and (not deletion.with_messages or conversation.erased_sequence == head):
        return DeletionResult(conversation.id, DeletionOutcome.ALREADY_DELETED, cleared)
    if deletion.validate_only:
        return DeletionResult(conversation.id, DeletionOutcome.DELETED, cleared)
    changes: dict[str, int] = {
        "removed_sequence": head,
        "generation": conversation.generation + 1,
        "unread_floor": head,
        "unread_floor_countable": conversation.countable,
    }
    if deletion.with_messages:
        changes |= {
            "floor": head,
            "floor_time": max(conversation.floor_time, transaction.now),
            "erased_sequence": head,
            "oldest_time": 0,
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
    return DeletionResult(conversation.id, DeletionOutcome.DELETED, cleared, purges=deletion.with_messages)


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
