"""Changes of the properties that all members of a conversation share."""

from dataclasses import dataclass, field

from backscroll_server.domain.enums import ChangeKind, ConversationType, HistoryVisibility
from backscroll_server.domain.errors import PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.services.views.access import Caller, not_supported, require, require_manager
from backscroll_server.services.views.burn import apply_burn_setting
from backscroll_server.services.views.conversation_view import ConversationView, describe_again, encode_map
from backscroll_server.storage.tables.conversations import update_conversation
from backscroll_server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Properties:
    """New values of the properties that all members of a conversation share; only those named in `mask` are changed.

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


NO_PROPERTIES = Properties(frozenset())
"""The properties of a conversation that is created without any."""


def update_properties(
    transaction: Transaction, caller: Caller, key: ConversationKey, properties: Properties
) -> ConversationView:
    """Change properties that members share; return the conversation as the caller sees it then.

    Setting a property to the value that it has changes nothing. A service needs no role.

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
            raise PermissionDeniedError(
                Reason.SERVICE_ONLY, "is a SYSTEM conversation, which only services change", field="conversation"
            )
        if key.type.has_joins:
            require_manager(entry)
    check_supported(key.type, properties)
    changes = stored_values(properties)
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


def check_supported(type_: ConversationType, properties: Properties) -> None:
    """Check that conversations of a type have the properties that the mask names.

    Raises:
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for history visibility of a conversation with fixed members, and
            for burning in one that is not `SINGLE`.
    """
    if "history_visibility" in properties.mask and not type_.has_joins:
        raise not_supported(type_, "needs a conversation that users join", "properties.history_visibility")
    if properties.mask & {"burn_enabled", "burn_duration"} and type_ is not ConversationType.SINGLE:
        raise not_supported(type_, "needs a SINGLE conversation", "properties.burn")


def stored_values(properties: Properties) -> dict[str, object]:
    """Return the columns of a conversation, with their values, that the mask names."""
    values: dict[str, object] = {name: getattr(properties, name) for name in properties.mask}
    if "attributes" in values:
        values["attributes"] = encode_map(properties.attributes)
    if "history_visibility" in values:
        values["history_visibility"] = int(properties.history_visibility)
    return values
