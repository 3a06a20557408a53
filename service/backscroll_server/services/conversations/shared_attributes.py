"""Changes of the attributes that all members of a conversation share."""

from dataclasses import dataclass, field

from backscroll_server.domain import limits
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ChangeKind, ConversationType, HistoryVisibility
from backscroll_server.domain.errors import PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.services.views.access import Caller, not_supported, require, require_manager
from backscroll_server.services.views.burn import apply_burn_setting
from backscroll_server.services.views.conversation_view import ConversationView, describe_again, encode_map
from backscroll_server.storage.tables.conversations import update_conversation
from backscroll_server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SharedAttributes:
    """New values of the attributes that all members of a conversation share; only those named in `mask` are changed.

    Attributes:
        mask: some of `name`, `attributes`, `history_visibility`, `burn_enabled`, `burn_duration`.
        name: the name.
        attributes: free-form pairs.
        history_visibility: the part of earlier history that later joiners see.
        burn_enabled: whether messages sent from now on burn.
        burn_duration: the time from reading a message to its burning, in microseconds.
    """

    mask: frozenset[str]
    name: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    history_visibility: HistoryVisibility = HistoryVisibility.ALL
    burn_enabled: bool = False
    burn_duration: int = 0


def update_shared(
    transaction: Transaction, caller: Caller, key: ConversationKey, shared: SharedAttributes
) -> ConversationView:
    """Change attributes that members share; return the conversation as the caller sees it then.

    Setting an attribute to the value that it has changes nothing.

    Switching `burn_enabled` on without a duration, where none was ever set, sets one of 30 seconds. A service needs no
    role.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where the caller never belonged to the conversation, or it does not
            exist.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left a group or chat room, `ROLE_TOO_LOW` where the
            caller is neither owner nor admin of it, `SERVICE_ONLY` where a user changes a `SYSTEM` conversation.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for history visibility of a conversation with fixed members, and
            for burning in one that is not `SINGLE`.
    """
    entry = require(transaction, caller.user_id, key)
    if not caller.as_service:
        if key.type is ConversationType.SYSTEM:
            raise PermissionDeniedError(Reason.SERVICE_ONLY, "only services change this", field="conversation")
        if key.type.has_joins:
            require_manager(entry)
    if "history_visibility" in shared.mask and not key.type.has_joins:
        raise not_supported("nobody joins this conversation", "history_visibility")
    if shared.mask & {"burn_enabled", "burn_duration"} and key.type is not ConversationType.SINGLE:
        raise not_supported("only a SINGLE conversation can burn", "burn")
    changes: dict[str, object] = {name: getattr(shared, name) for name in shared.mask - {"attributes"}}
    if "attributes" in shared.mask:
        changes["attributes"] = encode_map(shared.attributes)
    if "history_visibility" in shared.mask:
        changes["history_visibility"] = int(shared.history_visibility)
    if shared.burn_enabled and "burn_duration" not in changes and not entry.conversation.burn_duration:
        changes["burn_duration"] = limits.BURN_SECONDS_DEFAULT * SECOND
    changes = {name: value for name, value in changes.items() if getattr(entry.conversation, name) != value}
    if not changes:
        return describe_again(transaction, entry, caller.user_id)
    apply_burn_setting(transaction, entry.conversation, update_conversation(transaction, entry.conversation, **changes))
    transaction.record_change(
        ChangeKind.CONVERSATION_UPDATED,
        conversation=entry.conversation.id,
        actor=entry.view.user,
        device_id=caller.device_id,
    )
    return describe_again(transaction, entry, caller.user_id)
