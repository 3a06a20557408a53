"""Lookup of the calling user and a conversation, with one error for missing and for foreign ones; checks of roles."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from backscroll_server.domain.enums import ConversationType, MemberRole
from backscroll_server.domain.errors import FailedPreconditionError, NotFoundError, PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import ConversationRow, UserConversation, VisibilityBounds
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.conversations import (
    NEW_VIEW,
    find_conversations,
    find_user_conversation,
    find_user_conversations,
    find_visibility_bounds,
)
from backscroll_server.storage.transaction import Transaction

MANAGERS = frozenset({MemberRole.OWNER, MemberRole.ADMIN})
"""Roles that may change a group."""

NO_ROW = 0
"""Stands for the internal number of a user or conversation that does not exist; no row has it."""


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
    """Return a conversation as the user has it; None if it does not exist, or the user never belonged to it.

    Whichever of these it is, the same statements are run (semantics C4). Cost: at most five index seeks.
    """
    conversation, refused = number_and_refusal(session, key)
    user = session.user(user_id) or NO_ROW
    entry = find_user_conversation(session, user=user, conversation=conversation)
    if entry is None:
        refused()
    return entry


def number_and_refusal(session: Snapshot | Transaction, key: ConversationKey) -> tuple[int, Callable[[], object]]:
    """Return the internal number of a conversation, and what to call before a caller is refused it.

    The number is `NO_ROW` where it does not exist. Finding a number costs a statement, unless it is cached; calling the
    second runs that statement then, so that a refusal costs the same whether there is such a conversation.
    """
    is_known = session.knows(key.conversation_id)
    number = session.conversation(key.conversation_id) or NO_ROW
    return number, partial(session.look_up, key.conversation_id) if is_known else _nothing


def _nothing() -> None:
    """Do nothing, because the statement was run already."""


def find_for_service(session: Snapshot, user_id: str, key: ConversationKey) -> UserConversation | None:
    """Return a conversation as the user has it, or as an outsider would; None only if it does not exist.

    Cost: at most four index seeks, and one more for an outsider.
    """
    conversation = session.conversation(key.conversation_id)
    if conversation is None:
        return None
    entry = find_user_conversation(session, user=session.user(user_id) or NO_ROW, conversation=conversation)
    if entry is not None:
        return entry
    shared = find_conversations(session, [conversation]).get(conversation)
    return outsider(shared) if shared else None


def outsider(conversation: ConversationRow) -> UserConversation:
    """Return a conversation as a user would have it who never belonged to it: no role, and nothing read or unread."""
    head = conversation.last_sequence
    view = NEW_VIEW._replace(
        user=0,
        conversation=conversation.id,
        window_from=head,
        window_to=FOREVER,
        unread_floor=head,
        base_sequence=head,
    )
    return UserConversation(view, conversation, listed=False, activity=0)


def require_bounds(session: Snapshot, caller: Caller, key: ConversationKey) -> VisibilityBounds:
    """Return the bounds of the messages that the caller may see in a conversation: windows, floors and its head.

    With the rights of a service they have no limits of the user's own.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` if it does not exist, or was never the user's and the caller does not
            use the rights of a service.
    """
    conversation, refused = number_and_refusal(session, key)
    if caller.as_service:
        bounds = bounds_of_each(session, caller, [conversation]).get(conversation)
    else:
        user = session.user(caller.user_id) or NO_ROW
        bounds = find_visibility_bounds(session, user=user, conversation=conversation)
    if bounds is None:
        refused()
        raise conversation_not_found()
    return bounds


def bounds_of_each(session: Snapshot, caller: Caller, conversations: Sequence[int]) -> dict[int, VisibilityBounds]:
    """Return the bounds of the messages that the caller may see, by the internal numbers of the conversations.

    Left out are conversations that do not exist, and those that were never the user's unless the caller uses the rights
    of a service. Cost: two key seeks for each.
    """
    user = session.user(caller.user_id)
    if caller.as_service:
        found = find_conversations(session, conversations)
        return {number: VisibilityBounds.of_service(shared, user or 0) for number, shared in found.items()}
    if user is None:
        return {}
    entries = find_user_conversations(session, user=user, conversations=conversations)
    return {number: entry.bounds for number, entry in entries.items()}


def require_membership(bounds: VisibilityBounds, field: str = "conversation") -> None:
    """Check that bounds are of a member, or of a read with the rights of a service.

    Args:
        bounds: the bounds of what the caller may see.
        field: the path of the field that names the conversation, for the error.

    Raises:
        PermissionDeniedError: `NOT_A_MEMBER` if they are of a user who has left.
    """
    if bounds.window_to != FOREVER:
        raise not_a_member(field)


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
