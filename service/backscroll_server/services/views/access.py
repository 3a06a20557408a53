"""Lookup of the calling user and a conversation, with one error for missing and for foreign ones; checks of roles."""

from typing import NamedTuple

from backscroll_server.domain.enums import ConversationType, MemberRole
from backscroll_server.domain.errors import FailedPreconditionError, NotFoundError, PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.records import UserConversation, VisibilityBounds
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.conversations import find_user_conversation, find_visibility_bounds
from backscroll_server.storage.transaction import Transaction

MANAGERS = frozenset({MemberRole.OWNER, MemberRole.ADMIN})
"""Roles that may change a group."""


class Caller(NamedTuple):
    """The user on whose behalf a call is made.

    Attributes:
        user_id: the user it names.
        as_service: whether it uses a service's rights.
        device_id: the device that caused it, empty if unknown.
    """

    user_id: str
    as_service: bool = False
    device_id: str = ""


def conversation_not_found(field: str = "conversation") -> NotFoundError:
    """Return the one answer for a conversation that does not exist and for one that is not the user's."""
    return NotFoundError(Reason.CONVERSATION_NOT_FOUND, "no such conversation", field=field)


def message_not_found(field: str = "message_id") -> NotFoundError:
    """Return the one answer for a message that does not exist and for one that the user may not see."""
    return NotFoundError(Reason.MESSAGE_NOT_FOUND, "no such message", field=field)


def find(session: Snapshot | Transaction, user_id: str, key: ConversationKey) -> UserConversation | None:
    """Return a conversation as the user has it; None if it does not exist or was never the user's.

    Cost: at most four index seeks.
    """
    user = session.user(user_id)
    conversation = session.conversation(key.conversation_id)
    if user is None or conversation is None:
        return None
    return find_user_conversation(session, user=user, conversation=conversation)


def require_bounds(session: Snapshot, user_id: str, key: ConversationKey) -> VisibilityBounds:
    """Return the bounds of the messages that the user may see in a conversation: windows, floors and its head.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` if it does not exist or was never the user's.
    """
    user = session.user(user_id)
    conversation = session.conversation(key.conversation_id)
    if user is None or conversation is None:
        raise conversation_not_found()
    bounds = find_visibility_bounds(session, user=user, conversation=conversation)
    if bounds is None:
        raise conversation_not_found()
    return bounds


def require(session: Snapshot | Transaction, user_id: str, key: ConversationKey) -> UserConversation:
    """Return a conversation as the user has it.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` if it does not exist or was never the user's.
    """
    entry = find(session, user_id, key)
    if entry is None:
        raise conversation_not_found()
    return entry


def require_manager(entry: UserConversation, field: str = "user_id") -> None:
    """Check that the user may change a group or chat room.

    Args:
        entry: the conversation as the user has it.
        field: the path of the field at fault if the role is too low.

    Raises:
        PermissionDeniedError: `NOT_A_MEMBER` if the user has left, `ROLE_TOO_LOW` if it is neither owner nor admin.
    """
    if not entry.view.role:
        raise not_a_member()
    if entry.view.role not in MANAGERS:
        raise role_too_low("is neither owner nor admin", field, needed=MemberRole.ADMIN)


def not_a_member(field: str = "conversation") -> PermissionDeniedError:
    """Return the error for a user who belonged to the conversation and has left."""
    return PermissionDeniedError(Reason.NOT_A_MEMBER, "is one that the user has left", field=field)


def role_too_low(
    message: str, field: str = "user_id", *, needed: MemberRole = MemberRole.OWNER
) -> PermissionDeniedError:
    """Return the error for a member whose role does not allow what it asks for; `needed` is the lowest that does."""
    return PermissionDeniedError(Reason.ROLE_TOO_LOW, message, field=field, needed=needed.name)


def not_supported(type_: ConversationType, message: str, field: str) -> FailedPreconditionError:
    """Return the error for a request that conversations of this type do not allow."""
    return FailedPreconditionError(Reason.TYPE_NOT_SUPPORTED, message, field=field, type=type_.name)
