"""Members join, leave and change roles; shared attributes change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from backscroll_server.domain import limits
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ChangeKind, ConversationType, HistoryVisibility, Join, MemberRole
from backscroll_server.domain.errors import (
    FailedPreconditionError,
    NotFoundError,
    PermissionDeniedError,
    Reason,
)
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER, subtract, union
from backscroll_server.domain.records import ConversationRow, UserConversation, ViewRow
from backscroll_server.services.conversations.create import add_views, detach_list_position, new_view
from backscroll_server.services.views.access import (
    MANAGERS,
    Caller,
    conversation_not_found,
    find,
    message_not_found,
    require,
)
from backscroll_server.services.views.burn import apply_burn_setting
from backscroll_server.services.views.conversation_view import ConversationView, describe_again, encode_map
from backscroll_server.services.views.unread import unread_base_changes
from backscroll_server.services.views.visibility import visible_history
from backscroll_server.services.weights import weighs
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables import members as member_rows
from backscroll_server.storage.tables.conversations import (
    find_conversation,
    find_user_conversation,
    find_views,
    update_conversation,
    update_view,
)
from backscroll_server.storage.tables.membership_windows import replace_windows
from backscroll_server.storage.tables.messages import find_messages
from backscroll_server.storage.tables.unread_counts import blocked_windows, newest_live, older_windows
from backscroll_server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SharedAttributes:
    """New values of what members share; only what `mask` names is changed.

    Attributes:
        mask: of `name`, `attributes`, `history_visibility`, `burn_enabled`, `burn_duration`.
        name: the name.
        attributes: free-form pairs.
        history_visibility: what later joiners see.
        burn_enabled: whether messages sent from now on burn.
        burn_duration: how long after being read, in microseconds.
    """

    mask: frozenset[str]
    name: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    history_visibility: HistoryVisibility = HistoryVisibility.ALL
    burn_enabled: bool = False
    burn_duration: int = 0


class ListedMember(NamedTuple):
    """A member in a list: user id, role, time of the last join and read position."""

    user_id: str
    role: int
    join_time: int
    read_sequence: int


class MemberPage(NamedTuple):
    """A page of members.

    Attributes:
        user: the number of the user who lists.
        conversation: the conversation's number.
        members: in the order they were first added.
        following: the place after the last one; None at the end.
    """

    user: int
    conversation: int
    members: list[ListedMember]
    following: int | None


def update_shared(
    transaction: Transaction, caller: Caller, key: ConversationKey, shared: SharedAttributes
) -> ConversationView:
    """Change what members share.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`.
        PermissionDeniedError: `NOT_A_MEMBER`, `ROLE_TOO_LOW` or `SERVICE_ONLY`.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for what this type does not have.
    """
    entry = require(transaction, caller.user_id, key)
    if not caller.as_service:
        if key.type is ConversationType.SYSTEM:
            raise PermissionDeniedError(Reason.SERVICE_ONLY, "only services change this", field="conversation")
        if key.type.has_joins:
            _require_manager(entry)
    if "history_visibility" in shared.mask and not key.type.has_joins:
        raise _not_supported("nobody joins this conversation", "history_visibility")
    if shared.mask & {"burn_enabled", "burn_duration"} and key.type is not ConversationType.SINGLE:
        raise _not_supported("only a SINGLE conversation can burn", "burn")
    changes: dict[str, object] = {name: getattr(shared, name) for name in shared.mask - {"attributes"}}
    if "attributes" in shared.mask:
        changes["attributes"] = encode_map(shared.attributes)
    if "history_visibility" in shared.mask:
        changes["history_visibility"] = int(shared.history_visibility)
    if shared.burn_enabled and "burn_duration" not in changes and not entry.conversation.burn_duration:
        changes["burn_duration"] = limits.BURN_SECONDS_DEFAULT * SECOND
    apply_burn_setting(transaction, entry.conversation, update_conversation(transaction, entry.conversation, **changes))
    transaction.record_change(
        ChangeKind.CONVERSATION_UPDATED,
        conversation=entry.conversation.id,
        actor=entry.view.user,
        device_id=caller.device_id,
    )
    return describe_again(transaction, entry, caller.user_id)


@weighs(lambda _caller, _key, members: 2 * len(members))
def add_members(
    transaction: Transaction, caller: Caller, key: ConversationKey, added: Sequence[tuple[str, MemberRole]]
) -> int:
    """Add members; return how many were none before. Two rows for each.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`.
        PermissionDeniedError: `NOT_A_MEMBER` or `ROLE_TOO_LOW`.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for `SINGLE` and `SYSTEM`.
    """
    conversation = _joinable(transaction, caller, key, joins=_joins_itself(caller, key, added))
    granted_owner = any(role is MemberRole.OWNER for _, role in added)
    if not caller.as_service and not _joins_itself(caller, key, added):
        entry = require(transaction, caller.user_id, key)
        _require_manager(entry)
        if granted_owner and entry.view.role != MemberRole.OWNER:
            raise _role_too_low("only an owner makes owners")
    users = transaction.ensure_users([user_id for user_id, _ in added])
    views = find_views(transaction, {(user, conversation.id) for user in users.values()})
    actor = transaction.ensure_users([caller.user_id])[caller.user_id]
    fresh: list[ViewRow] = []
    order = conversation.members_ever
    joined = 0
    for user_id, role in added:
        user = users[user_id]
        view = views.get((user, conversation.id))
        if view is not None and view.role:
            continue
        joined += 1
        before = (
            find_user_conversation(transaction, user=user, conversation=conversation.id) if view is not None else None
        )
        if view is None:
            order += 1
            fresh.append(_joining_view(user, conversation, role, order, transaction.now))
        else:
            _rejoin(transaction, view, conversation, role)
        transaction.record_change(
            ChangeKind.MEMBER_ADDED,
            conversation=conversation.id,
            actor=actor,
            first=user,
            last=conversation.last_sequence,
            scope=_join(before),
            device_id=caller.device_id,
        )
    add_views(transaction, fresh, conversation)
    if joined:
        update_conversation(
            transaction, conversation, member_count=conversation.member_count + joined, members_ever=order
        )
        if not conversation.member_count:
            _ensure_owner(transaction, conversation.id)
    return joined


def _joining_view(user: int, conversation: ConversationRow, role: MemberRole, order: int, now: int) -> ViewRow:
    """Return the view of a user who joins a conversation for the first time: nothing is unread."""
    head = conversation.last_sequence
    opens_after = 0 if conversation.history_visibility == HistoryVisibility.ALL else head
    return new_view(user, conversation.id, role=role, order=order, now=now)._replace(
        window_from=opens_after,
        listing_after=opens_after,
        unread_floor=head,
        base_sequence=head,
        base_countable=conversation.countable,
    )


def _rejoin(transaction: Transaction, view: ViewRow, conversation: ConversationRow, role: MemberRole) -> None:
    """Make a former member a member again: what the user cleared stays hidden, and nothing is unread."""
    head = conversation.last_sequence
    changes = unread_base_changes(transaction, view, conversation, unread_floor=head)
    changes |= {"role": int(role), "join_time": transaction.now, "window_to": FOREVER}
    earlier = union(
        [
            *older_windows(transaction, conversation=conversation.id, user=view.user),
            (view.window_from, view.window_to),
        ]
    )
    if conversation.history_visibility == HistoryVisibility.ALL:
        changes |= {"window_from": 0, "older_windows": False, **_listing_from_start(transaction, view, conversation)}
        earlier = []
    else:
        opens_after = head
        if earlier and earlier[-1][1] == head:
            opens_after = earlier.pop()[0]
        changes |= {"window_from": opens_after, "older_windows": bool(earlier)}
        if not view.blocked:
            changes["listing_after"] = head
    if view.older_windows or earlier:
        replace_windows(transaction, user=view.user, conversation=conversation.id, windows=earlier)
    update_view(transaction, view, **changes)


def _listing_from_start(transaction: Transaction, view: ViewRow, conversation: ConversationRow) -> dict[str, int]:
    """Return the list position of a user who now sees everything: moved by every message not sent while blocked."""
    if not view.ever_blocked:
        return {"listing_after": 0}
    head = conversation.last_sequence
    changes = detach_list_position(view._replace(listing_after=0), conversation)
    blocks = blocked_windows(transaction, conversation=conversation.id, user=view.user)
    moved = counted = None
    for after, up_to in reversed(subtract([(0, head)], blocks)):
        where = conversation.id
        moved = moved or newest_live(transaction, conversation=where, after=after, up_to=up_to)
        counted = counted or newest_live(transaction, conversation=where, after=after, up_to=up_to, counted=True)
    changes["frozen_activity"] = max(view.frozen_activity, moved[1] if moved else 0)
    changes["frozen_relist"] = max(view.frozen_relist, counted[0] if counted else 0)
    changes["listing_after"] = FOREVER if view.blocked else head
    return changes


@weighs(lambda _caller, _key, member_ids: 2 * len(member_ids))
def remove_members(transaction: Transaction, caller: Caller, key: ConversationKey, removed: Sequence[str]) -> int:
    """Remove members; return how many there were. Their windows end here. One row for each.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`.
        PermissionDeniedError: `NOT_A_MEMBER` or `ROLE_TOO_LOW`.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for `SINGLE` and `SYSTEM`.
    """
    conversation = _joinable(transaction, caller, key, joins=False)
    users = transaction.users(removed)
    views = find_views(transaction, {(user, conversation.id) for user in users.values()})
    if not caller.as_service:
        _may_remove(
            require(transaction, caller.user_id, key), list(views.values()), only_self=[*removed] == [caller.user_id]
        )
    leaving = [
        view for user_id in removed if (view := views.get((users.get(user_id, 0), conversation.id))) and view.role
    ]
    actor = transaction.ensure_users([caller.user_id])[caller.user_id]
    head = conversation.last_sequence
    for view in leaving:
        update_view(
            transaction,
            view,
            **{"role": int(MemberRole.NONE), "window_to": head, **detach_list_position(view, conversation)},
        )
        transaction.record_change(
            ChangeKind.MEMBER_REMOVED,
            conversation=conversation.id,
            actor=actor,
            first=view.user,
            last=head,
            device_id=caller.device_id,
        )
    if leaving:
        update_conversation(transaction, conversation, member_count=conversation.member_count - len(leaving))
        _ensure_owner(transaction, conversation.id)
    return len(leaving)


def _may_remove(entry: UserConversation, views: Sequence[ViewRow], *, only_self: bool) -> None:
    if only_self:
        return
    _require_manager(entry)
    if entry.view.role != MemberRole.OWNER and any(
        view.role == MemberRole.OWNER and view.user != entry.view.user for view in views
    ):
        raise _role_too_low("only an owner removes an owner")


def _ensure_owner(transaction: Transaction, conversation: int) -> None:
    """Give a conversation without an owner one: the longest-serving admin, else member."""
    if member_rows.owner_count(transaction, conversation):
        return
    user = member_rows.successor(transaction, conversation)
    if user is not None:
        view = find_views(transaction, [(user, conversation)])[user, conversation]
        update_view(transaction, view, role=int(MemberRole.OWNER))
        transaction.record_change(ChangeKind.MEMBER_UPDATED, conversation=conversation, actor=user, first=user)


def update_member(
    transaction: Transaction, caller: Caller, key: ConversationKey, member_id: str, role: MemberRole
) -> ListedMember:
    """Change a member's role.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`, or `MEMBER_NOT_FOUND`.
        PermissionDeniedError: `NOT_A_MEMBER` or `ROLE_TOO_LOW`.
        FailedPreconditionError: `LAST_OWNER`, or `TYPE_NOT_SUPPORTED` for `SINGLE` and `SYSTEM`.
    """
    conversation = _joinable(transaction, caller, key, joins=False)
    user = transaction.user(member_id)
    member = find_user_conversation(transaction, user=user, conversation=conversation.id) if user is not None else None
    if not caller.as_service:
        entry = require(transaction, caller.user_id, key)
        _require_manager(entry)
        touches_owner = role is MemberRole.OWNER or (member is not None and member.view.role == MemberRole.OWNER)
        if touches_owner and entry.view.role != MemberRole.OWNER:
            raise _role_too_low("only an owner makes or unmakes owners")
    if member is None or not member.view.role:
        raise NotFoundError(Reason.MEMBER_NOT_FOUND, "no such member", field="member_id")
    view = member.view
    unmakes_owner = view.role == MemberRole.OWNER and role is not MemberRole.OWNER
    if unmakes_owner and member_rows.owner_count(transaction, conversation.id) == 1:
        raise FailedPreconditionError(Reason.LAST_OWNER, "a group keeps at least one owner", field="role")
    if view.role != role:
        view = update_view(transaction, view, role=int(role))
        transaction.record_change(
            ChangeKind.MEMBER_UPDATED,
            conversation=conversation.id,
            actor=transaction.ensure_users([caller.user_id])[caller.user_id],
            first=view.user,
            device_id=caller.device_id,
        )
    return ListedMember(member_id, view.role, view.join_time, view.read_sequence)


def list_members(
    snapshot: Snapshot, user_id: str, key: ConversationKey, *, after: int, size: int, roles: Sequence[int]
) -> MemberPage:
    """Return a page of the members.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`.
        PermissionDeniedError: `NOT_A_MEMBER` for who left.
    """
    entry = require(snapshot, user_id, key)
    if not entry.view.role:
        raise PermissionDeniedError(Reason.NOT_A_MEMBER, "the user is no longer a member", field="conversation")
    rows = member_rows.members(snapshot, conversation=entry.conversation.id, after=after, limit=size + 1, roles=roles)
    return _member_page(snapshot, entry, rows, size)


def list_readers(snapshot: Snapshot, user_id: str, message_id: tuple[int, int], *, after: int, size: int) -> MemberPage:
    """Return a page of the members, but the sender, who have read a message.

    Raises:
        NotFoundError: `MESSAGE_NOT_FOUND`.
    """
    number, sequence = message_id
    user = snapshot.user(user_id)
    entry = find_user_conversation(snapshot, user=user, conversation=number) if user is not None else None
    stored = find_messages(snapshot, conversation=number, sequences=[sequence]).get(sequence)
    if (
        entry is None
        or stored is None
        or not visible_history(snapshot, entry.bounds).visible_sequences(snapshot, [stored])
    ):
        raise message_not_found()
    rows = member_rows.readers(
        snapshot, conversation=number, sequence=sequence, sender=stored.sender, after=after, limit=size + 1
    )
    return _member_page(snapshot, entry, rows, size)


def _member_page(
    snapshot: Snapshot, entry: UserConversation, rows: Sequence[member_rows.MemberRow], size: int
) -> MemberPage:
    shown = rows[:size]
    names = snapshot.names(row.user for row in shown)
    return MemberPage(
        user=entry.view.user,
        conversation=entry.conversation.id,
        members=[ListedMember(names[row.user], row.role, row.join_time, row.read_sequence) for row in shown],
        following=shown[-1].member_order if len(rows) > size else None,
    )


def _joinable(transaction: Transaction, caller: Caller, key: ConversationKey, *, joins: bool) -> ConversationRow:
    """Return a group or chat room that the caller may know of."""
    number = transaction.conversation(key.conversation_id)
    known = joins or caller.as_service or find(transaction, caller.user_id, key) is not None
    if number is None or not known:
        raise conversation_not_found()
    if not key.type.has_joins:
        raise _not_supported("its members are fixed", "conversation")
    return find_conversation(transaction, number)


def _join(before: UserConversation | None) -> Join:
    """Return the kind of join for a user with this earlier view of the conversation."""
    if before is None:
        return Join.FIRST
    return Join.STILL_LISTED if before.listed else Join.AGAIN


def _joins_itself(caller: Caller, key: ConversationKey, added: Sequence[tuple[str, MemberRole]]) -> bool:
    return key.type is ConversationType.CHAT_ROOM and [*added] == [(caller.user_id, MemberRole.MEMBER)]


def _require_manager(entry: UserConversation) -> None:
    if not entry.view.role:
        raise PermissionDeniedError(Reason.NOT_A_MEMBER, "the user is no longer a member", field="conversation")
    if entry.view.role not in MANAGERS:
        raise _role_too_low("only owner and admins may")


def _role_too_low(message: str) -> PermissionDeniedError:
    return PermissionDeniedError(Reason.ROLE_TOO_LOW, message, field="user_id")


def _not_supported(message: str, field_path: str) -> FailedPreconditionError:
    return FailedPreconditionError(Reason.TYPE_NOT_SUPPORTED, message, field=field_path)
