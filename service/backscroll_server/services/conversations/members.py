"""Joining, leaving and roles of members, and changes of the attributes that members share."""

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


class ListedMember(NamedTuple):
    """A member in a list.

    Attributes:
        user_id: the id of the user.
        role: the role, a `MemberRole`.
        join_time: the time of the last join, in microseconds.
        read_sequence: the read position, the highest sequence that the member has read.
    """

    user_id: str
    role: int
    join_time: int
    read_sequence: int


class MemberPage(NamedTuple):
    """A page of members.

    Attributes:
        user: the internal number of the user who asked for the page.
        conversation: the internal number of the conversation.
        members: the members, in the order in which they were first added.
        following: the `after` of the next page, the last member's order of being added; None at the end.
    """

    user: int
    conversation: int
    members: list[ListedMember]
    following: int | None


def update_shared(
    transaction: Transaction, caller: Caller, key: ConversationKey, shared: SharedAttributes
) -> ConversationView:
    """Change attributes that members share; return the conversation as the caller sees it then.

    Switching `burn_enabled` on without a duration, where none was ever set, sets one of 30 seconds. A service needs no
    role.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where the caller never belonged to the conversation, or it does not
            exist.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left a group or chat room, `ROLE_TOO_LOW` where the
            caller is neither owner nor admin of it, `SERVICE_ONLY` where a user changes a `SYSTEM` conversation.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for history visibility of a conversation with fixed members, and
            for
            burning in one that is not `SINGLE`.
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
    """Add users to a group or chat room; return how many of them were not members before.

    Users who are members already stay as they are. A caller that is a service needs no membership or role.

    Cost: for each new member one row of its view and one row of the feed.

    Args:
        transaction: the transaction to write in.
        caller: the user who adds.
        key: the conversation.
        added: the user ids and roles. A user may add itself alone to a chat room, as `MEMBER`, without a role there.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller never belonged to it.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left, `ROLE_TOO_LOW` where the caller is neither
            owner nor
            admin, or is an admin who adds an owner.
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
    """Return the view of a user who joins a conversation for the first time, with nothing unread.

    Its window opens with the first message or behind the head, as the conversation's history visibility says.

    Args:
        user: the internal number of the user.
        conversation: the conversation.
        role: the new member's role.
        order: the new member's position among all who were ever added.
        now: the time of the join, in microseconds.
    """
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
    """Make a former member a member again: messages that the user cleared stay invisible, and nothing is unread.

    The new window opens with the first message or behind the head, as the conversation's history visibility says.
    Earlier windows stay, or become part of the new one where it covers or continues them.
    """
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
    """Return the changes of a view's list position for a user who can now see the whole history.

    Every stored message counts for the position, except those sent while the user blocked the conversation.

    Returns:
        Column names and values for the view.
    """
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
    """Remove members from a group or chat room; return how many of the given users were members.

    A removed member's window ends at the head, the newest sequence. If no owner is left, another member becomes owner.
    A caller that is a service needs no membership or role.

    Cost: for each removed member one row of its view and one row of the feed.

    Args:
        transaction: the transaction to write in.
        caller: the user who removes.
        key: the conversation.
        removed: the user ids. Any member may remove itself alone.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller never belonged to it.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left, `ROLE_TOO_LOW` where the caller is neither
            owner nor
            admin, or is an admin who removes an owner.
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
    """Make a member the owner where the conversation has none: the longest-serving admin, else member."""
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
    """Change the role of a member; return the member as it is then.

    A caller that is a service needs no membership or role.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller never belonged to it;
            `MEMBER_NOT_FOUND` where the user `member_id` is not a member.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left, `ROLE_TOO_LOW` where the caller is neither
            owner nor
            admin, or is an admin who makes or unmakes an owner.
        FailedPreconditionError: `LAST_OWNER` where the only owner would lose that role, `TYPE_NOT_SUPPORTED` for
            `SINGLE`
            and `SYSTEM`.
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
    """Return a page of the current members, in the order in which they were first added.

    Args:
        snapshot: the snapshot to read from.
        user_id: the user who asks.
        key: the conversation.
        after: the `following` of the page before; 0 for the first page.
        size: the most members.
        roles: only members with these roles; empty for all.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
        PermissionDeniedError: `NOT_A_MEMBER` where the user has left.
    """
    entry = require(snapshot, user_id, key)
    if not entry.view.role:
        raise PermissionDeniedError(Reason.NOT_A_MEMBER, "the user is no longer a member", field="conversation")
    rows = member_rows.members(snapshot, conversation=entry.conversation.id, after=after, limit=size + 1, roles=roles)
    return _member_page(snapshot, entry, rows, size)


def list_readers(snapshot: Snapshot, user_id: str, message_id: tuple[int, int], *, after: int, size: int) -> MemberPage:
    """Return a page of the current members who have read a message, without its sender.

    Members whose newest window begins after the message are not listed.

    Args:
        snapshot: the snapshot to read from.
        user_id: the user who asks.
        message_id: the internal number of the conversation, and the sequence of the message.
        after: the `following` of the page before; 0 for the first page.
        size: the most members.

    Raises:
        NotFoundError: `MESSAGE_NOT_FOUND` where the message does not exist, or the user may not see it.
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
    """Return the shared side of a group or chat room that the caller may know of.

    Args:
        transaction: the transaction to read in.
        caller: the user.
        key: the conversation.
        joins: whether the caller adds itself to a chat room, for which it need not have belonged to it.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller never belonged to it.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for `SINGLE` and `SYSTEM`.
    """
    number = transaction.conversation(key.conversation_id)
    known = joins or caller.as_service or find(transaction, caller.user_id, key) is not None
    if number is None or not known:
        raise conversation_not_found()
    if not key.type.has_joins:
        raise _not_supported("its members are fixed", "conversation")
    return find_conversation(transaction, number)


def _join(before: UserConversation | None) -> Join:
    """Return the kind of a join, as the feed records it.

    Args:
        before: the conversation as the user had it before the join; None for a user who never belonged to it.
    """
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
