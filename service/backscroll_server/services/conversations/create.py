"""Creating conversations, and opening them, which puts them into a user's list."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from backscroll_server.domain.enums import ChangeKind, ConversationType, MemberRole, ReceiveOption
from backscroll_server.domain.errors import AlreadyExistsError, PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import ConversationRow, UserConversation, ViewRow
from backscroll_server.services.conversations.properties import (
    NO_PROPERTIES,
    Properties,
    check_supported,
    stored_values,
)
from backscroll_server.services.views.access import Caller, conversation_not_found, find
from backscroll_server.services.views.conversation_view import ConversationView, describe_again
from backscroll_server.services.weights import weighs
from backscroll_server.storage.tables.burns import open_span
from backscroll_server.storage.tables.conversation_numbers import insert_first_number, new_public_number
from backscroll_server.storage.tables.conversations import (
    NEW_CONVERSATION,
    NEW_VIEW,
    find_conversation,
    find_user_conversation,
    insert_conversation,
    insert_views,
    update_view,
)
from backscroll_server.storage.tables.creations import creation_digest, insert_creation
from backscroll_server.storage.tables.membership_windows import open_block
from backscroll_server.storage.tables.users import receive_options
from backscroll_server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class NewConversation:
    """A conversation to create.

    Attributes:
        key: its type and the ids that identify it.
        properties: what all members share.
        members: the user ids and roles of the members of a group or chat room, besides its creator.
    """

    key: ConversationKey
    properties: Properties = NO_PROPERTIES
    members: Sequence[tuple[str, MemberRole]] = ()


@weighs(lambda _caller, new, **_: 2 + len(new.members))
def create_conversation(
    transaction: Transaction, caller: Caller, new: NewConversation, *, users_may_create_groups: bool = True
) -> tuple[ConversationView, bool]:
    """Create a group or chat room, with the caller as its owner and in the caller's list.

    A retry of the same call changes nothing, whatever happened to the conversation since.

    Returns:
        The conversation as the caller sees it, and whether it was created; not by a retry.

    Raises:
        AlreadyExistsError: `CONVERSATION_EXISTS` where another call took its source id.
        PermissionDeniedError: `SERVICE_ONLY` where only services create groups.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for burning.
    """
    digest = _creation_digest(caller, new)
    number = transaction.conversation(new.key.conversation_id)
    if number is not None:
        entry = find(transaction, caller.user_id, new.key)
        if entry is None or creation_digest(transaction, number) != digest:
            raise AlreadyExistsError(
                Reason.CONVERSATION_EXISTS,
                "is taken",
                field="target.id",
                conversation_id=new.key.conversation_id,
            )
        return describe_again(transaction, entry, caller.user_id), False
    _check_creation(caller, new, users_may_create_groups=users_may_create_groups, field="target")
    entry = _create(transaction, caller, new)
    insert_creation(transaction, conversation=entry.conversation.id, digest=digest)
    return describe_again(transaction, entry, caller.user_id), True


@weighs(lambda _caller, new, **_: 2 + len(new.members))
def get_or_create(
    transaction: Transaction, caller: Caller, new: NewConversation, *, users_may_create_groups: bool = True
) -> tuple[ConversationView, bool]:
    """Return a conversation, created if it does not exist, and put it into the caller's list.

    Properties and members are ignored where it exists.

    Returns:
        The conversation as the caller sees it, and whether it was created.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where the caller is not of the pair, or never belonged to the group.
        PermissionDeniedError: `SERVICE_ONLY` where a group or chat room does not exist and only services create them.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for properties that the type does not have.
    """
    key = new.key
    if not key.concerns(caller.user_id):
        raise conversation_not_found()
    if transaction.conversation(key.conversation_id) is not None:
        return describe_again(transaction, _open(transaction, caller, key), caller.user_id), False
    _check_creation(caller, new, users_may_create_groups=users_may_create_groups, field="conversation")
    entry = _create(transaction, caller, new)
    return describe_again(transaction, entry, caller.user_id), True


def _check_creation(caller: Caller, new: NewConversation, *, users_may_create_groups: bool, field: str) -> None:
    if new.key.type.has_joins and not users_may_create_groups and not caller.as_service:
        raise PermissionDeniedError(Reason.SERVICE_ONLY, "does not exist, and only services create groups", field=field)
    check_supported(new.key.type, new.properties)


def _creation_digest(caller: Caller, new: NewConversation) -> bytes:
    """Return a hash, of 16 bytes, by which a retry of the creation is recognised."""
    members = sorted((user_id, int(role)) for user_id, role in new.members)
    values = sorted(stored_values(new.properties).items())
    content = repr((caller.user_id, new.key.conversation_id, values, members))
    return hashlib.blake2b(content.encode(), digest_size=16).digest()


def _open(transaction: Transaction, caller: Caller, key: ConversationKey) -> UserConversation:
    entry = find(transaction, caller.user_id, key)
    if entry is None:
        raise conversation_not_found()
    if not entry.listed:
        update_view(
            transaction,
            entry.view,
            opened_generation=entry.conversation.generation,
            # Messages of one moment get later times, and servers' clocks differ: it was opened after all that is shown.
            opened_time=max(transaction.now, entry.activity),
            stay_hidden=False,
        )
        transaction.record_change(
            ChangeKind.OPENED,
            conversation=entry.conversation.id,
            user=entry.view.user,
            actor=entry.view.user,
            device_id=caller.device_id,
            moves_list=True,
        )
    return entry


def _create(transaction: Transaction, caller: Caller, new: NewConversation) -> UserConversation:
    """Create a conversation and open it for the caller; return it as the caller has it."""
    roles = pair_roles(new.key)
    if new.key.type.has_joins:
        roles = dict(new.members) | {caller.user_id: MemberRole.OWNER}
    users = transaction.ensure_users([caller.user_id, *roles])
    creator = users[caller.user_id]
    ordered = sorted(roles, key=lambda user_id: (user_id != caller.user_id,))
    number = store_conversation(transaction, new, [(users[user_id], roles[user_id]) for user_id in ordered], creator)
    if new.properties.burn_enabled:
        open_span(transaction, conversation=number, after=0, duration=new.properties.burn_duration)
    transaction.record_change(
        ChangeKind.CONVERSATION_CREATED,
        conversation=number,
        actor=creator,
        device_id=caller.device_id,
        moves_list=True,
    )
    entry = find_user_conversation(transaction, user=creator, conversation=number)
    if entry is None:
        raise LookupError(f"conversation {number} has no view of its creator")
    return entry


def pair_roles(key: ConversationKey) -> dict[str, MemberRole]:
    """Return the fixed members of a `SINGLE` or `SYSTEM` conversation: user ids, each with the role `MEMBER`."""
    members = (key.first, key.second) if key.type is ConversationType.SINGLE else (key.second,)
    return dict.fromkeys(members, MemberRole.MEMBER)


def store_conversation(
    transaction: Transaction, new: NewConversation, members: Sequence[tuple[int, MemberRole]], opened_by: int
) -> int:
    """Store a new conversation and the views of its members; return its internal number.

    Args:
        transaction: the transaction to write in.
        new: the conversation.
        members: the internal numbers of the members and their roles, in the order in which members are listed.
        opened_by: the internal number of the member whose list it enters at once; 0 for none.

    Raises:
        AlreadyExistsError: `CONVERSATION_EXISTS` where another process has created it meanwhile.
    """
    public_number = new_public_number()
    row = _new_row(new, len(members), transaction.now)._replace(public_number=public_number)
    number = insert_conversation(transaction, row)
    transaction.writes += 1
    if number is None:
        raise AlreadyExistsError(Reason.CONVERSATION_EXISTS, "the conversation was created meanwhile")
    insert_first_number(transaction, number=public_number, conversation=number)
    transaction.created(new.key.conversation_id, number)
    views = [
        new_view(user, number, role=role, order=order, now=transaction.now)
        for order, (user, role) in enumerate(members, start=1)
    ]
    views = [
        view._replace(opened_generation=0, opened_time=transaction.now) if view.user == opened_by else view
        for view in views
    ]
    add_views(transaction, views, find_conversation(transaction, number))
    return number


def add_views(transaction: Transaction, views: Sequence[ViewRow], conversation: ConversationRow) -> None:
    """Store the first views of users in a conversation; users who block all conversations block it from the start."""
    options = receive_options(transaction, [view.user for view in views])
    blocking = {user for user, option in options.items() if option == ReceiveOption.BLOCKED}
    insert_views(
        transaction,
        [_blocking(view, conversation) if view.user in blocking else view for view in views],
    )
    for user in sorted(blocking):
        open_block(transaction, user=user, conversation=conversation.id, after=conversation.last_sequence)


def _blocking(view: ViewRow, conversation: ConversationRow) -> ViewRow:
    changes = detach_list_position(view, conversation) | {"blocked": 2, "ever_blocked": True}
    return view._replace(**changes)  # type: ignore[arg-type]


def detach_list_position(view: ViewRow, conversation: ConversationRow) -> dict[str, int]:
    """Return the changes of a view that freeze its list position: later messages no longer move it.

    Returns:
        Column names and values for the view.
    """
    changes = {"listing_after": FOREVER}
    if conversation.last_live_sequence > view.listing_after:
        changes["frozen_activity"] = conversation.last_live_time
    if conversation.last_live_sequence == 0 and conversation.last_sequence > view.listing_after:
        changes["frozen_import_time"] = conversation.last_time
    if conversation.last_relist_sequence > view.listing_after:
        changes["frozen_relist"] = conversation.last_relist_sequence
    return changes


def _new_row(new: NewConversation, members: int, now: int) -> ConversationRow:
    return NEW_CONVERSATION._replace(
        conversation_id=new.key.conversation_id,
        type=int(new.key.type),
        create_time=now,
        member_count=members,
        members_ever=members,
        **stored_values(new.properties),  # type: ignore[arg-type]
    )


def new_view(user: int, conversation: int, *, role: MemberRole, order: int, now: int) -> ViewRow:
    """Return the view of a user whose window begins with the first message; the conversation is not in the list.

    Args:
        user: the internal number of the user.
        conversation: the internal number of the conversation.
        role: the user's role.
        order: the user's position among all who were ever added as members.
        now: the time of the join, in microseconds.
    """
    return NEW_VIEW._replace(
        user=user,
        conversation=conversation,
        role=int(role),
        join_time=now,
        join_position=0,
        member_order=order,
        window_to=FOREVER,
    )
