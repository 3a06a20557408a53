"""Joining, leaving and roles of members."""

from collections.abc import Sequence

from backscroll_server.domain.enums import ChangeKind, ConversationType, HistoryVisibility, Join, MemberRole
from backscroll_server.domain.errors import FailedPreconditionError, NotFoundError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER, contains, subtract, union
from backscroll_server.domain.records import ConversationRow, ListedMember, UserConversation, ViewRow
from backscroll_server.services.conversations.create import add_views, detach_list_position, new_view
from backscroll_server.services.views.access import (
    Caller,
    conversation_not_found,
    not_supported,
    require,
    require_manager,
    role_too_low,
)
from backscroll_server.services.views.unread import unread_base_changes
from backscroll_server.services.weights import weighs
from backscroll_server.storage.tables import members as member_rows
from backscroll_server.storage.tables.conversations import (
    find_conversation,
    find_user_conversation,
    find_views,
    update_conversation,
    update_view,
)
from backscroll_server.storage.tables.former_properties import delete_former_properties, insert_former_properties
from backscroll_server.storage.tables.membership_windows import replace_windows
from backscroll_server.storage.tables.unread_counts import blocked_windows, newest_live, older_windows
from backscroll_server.storage.transaction import Transaction


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
            owner nor admin, or is an admin who adds an owner.
        FailedPreconditionError: `TYPE_NOT_SUPPORTED` for `SINGLE` and `SYSTEM`.
    """
    conversation = _joinable(transaction, caller, key, joins=_joins_itself(caller, key, added))
    granted_owner = any(role is MemberRole.OWNER for _, role in added)
    if not caller.as_service and not _joins_itself(caller, key, added):
        entry = require(transaction, caller.user_id, key)
        require_manager(entry)
        if granted_owner and entry.view.role != MemberRole.OWNER:
            raise role_too_low("only an owner makes owners")
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
            first_seen = int(fresh[-1].window_from < conversation.last_sequence)
        else:
            first_seen = _rejoin(transaction, view, conversation, role)
        transaction.record_change(
            ChangeKind.MEMBER_ADDED,
            conversation=conversation.id,
            actor=actor,
            first=user,
            last=conversation.last_sequence,
            scope=_join(before),
            device_id=caller.device_id,
            moves_list=True,
            first_seen=first_seen,
        )
    add_views(transaction, fresh, conversation)
    if joined:
        update_conversation(
            transaction, conversation, member_count=conversation.member_count + joined, members_ever=order
        )
        if not conversation.member_count:
            _ensure_owner(transaction, conversation.id, actor, caller.device_id)
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


def _rejoin(transaction: Transaction, view: ViewRow, conversation: ConversationRow, role: MemberRole) -> int:
    """Make a former member a member again: messages that the user cleared stay invisible, and nothing is unread.

    The new window opens with the first message or behind the head, as the conversation's history visibility says.
    Earlier windows stay, or become part of the new one where it covers or continues them.

    Returns:
        The first sequence that the user did not see before and sees now; 0 for none.
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
    first_seen = 0
    if conversation.history_visibility == HistoryVisibility.ALL:
        unseen = subtract([(0, head)], earlier) if head else []
        first_seen = unseen[0][0] + 1 if unseen else 0
        changes |= {"window_from": 0, "older_windows": False, **_listing_from_start(transaction, view, conversation)}
        earlier = []
    else:
        opens_after = head
        if earlier and earlier[-1][1] == head:
            opens_after = earlier.pop()[0]
        changes |= {"window_from": opens_after, "older_windows": bool(earlier)}
        if not view.blocked:
            changes["listing_after"] = head
    delete_former_properties(transaction, user=view.user, conversation=conversation.id)
    if view.older_windows or earlier:
        replace_windows(transaction, user=view.user, conversation=conversation.id, windows=earlier)
    update_view(transaction, view, **changes)
    return first_seen


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
    visible = subtract([(0, head)], blocks)
    # The newest ones are known also where they were erased since: activity never falls.
    moved = conversation.last_live_time if contains(visible, conversation.last_live_sequence) else 0
    relisted = conversation.last_relist_sequence if contains(visible, conversation.last_relist_sequence) else 0
    for after, up_to in reversed(visible):
        where = conversation.id
        if not moved and (newest := newest_live(transaction, conversation=where, after=after, up_to=up_to)):
            moved = newest[1]
        if not relisted and (
            newest := newest_live(transaction, conversation=where, after=after, up_to=up_to, counted=True)
        ):
            relisted = newest[0]
    changes["frozen_activity"] = max(view.frozen_activity, moved)
    changes["frozen_relist"] = max(view.frozen_relist, relisted)
    changes["listing_after"] = FOREVER if view.blocked else head
    return changes


@weighs(lambda _caller, _key, member_ids: 2 * len(member_ids))
def remove_members(transaction: Transaction, caller: Caller, key: ConversationKey, removed: Sequence[str]) -> int:
    """Remove members from a group or chat room; return how many of the given users were members.

    A removed member's window ends at the head, the newest sequence. If no owner is left, another member becomes owner.
    A caller that is a service needs no membership or role.

    Cost: for each removed member one row of its view, one of the properties that it goes on seeing, one of the feed.

    Args:
        transaction: the transaction to write in.
        caller: the user who removes.
        key: the conversation.
        removed: the user ids. Any member may remove itself alone.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller never belonged to it.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left, `ROLE_TOO_LOW` where the caller is neither
            owner nor admin, or is an admin who removes an owner.
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
        insert_former_properties(transaction, [view.user for view in leaving], conversation)
        update_conversation(transaction, conversation, member_count=conversation.member_count - len(leaving))
        _ensure_owner(transaction, conversation.id, actor, caller.device_id)
    return len(leaving)


def _may_remove(entry: UserConversation, views: Sequence[ViewRow], *, only_self: bool) -> None:
    if only_self:
        return
    require_manager(entry)
    if entry.view.role != MemberRole.OWNER and any(
        view.role == MemberRole.OWNER and view.user != entry.view.user for view in views
    ):
        raise role_too_low("only an owner removes an owner")


def _ensure_owner(transaction: Transaction, conversation: int, actor: int, device_id: str) -> None:
    """Make a member the owner where the conversation has none: the longest-serving admin, else member."""
    if member_rows.owner_count(transaction, conversation):
        return
    user = member_rows.successor(transaction, conversation)
    if user is not None:
        view = find_views(transaction, [(user, conversation)])[user, conversation]
        update_view(transaction, view, role=int(MemberRole.OWNER))
        transaction.record_change(
            ChangeKind.MEMBER_UPDATED, conversation=conversation, actor=actor, first=user, device_id=device_id
        )


def update_member(
    transaction: Transaction, caller: Caller, key: ConversationKey, member_id: str, role: MemberRole
) -> ListedMember:
    """Change the role of a member; return the member as it is then.

    A caller that is a service needs no membership or role.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller never belonged to it;
            `MEMBER_NOT_FOUND` where the user is not a member.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left, `ROLE_TOO_LOW` where the caller is neither
            owner nor admin, or is an admin who makes or unmakes an owner.
        FailedPreconditionError: `LAST_OWNER` where the only owner would lose that role, `TYPE_NOT_SUPPORTED` for
            `SINGLE` and `SYSTEM`.
    """
    conversation = _joinable(transaction, caller, key, joins=False)
    user = transaction.user(member_id)
    member = find_user_conversation(transaction, user=user, conversation=conversation.id) if user is not None else None
    if not caller.as_service:
        entry = require(transaction, caller.user_id, key)
        require_manager(entry)
        touches_owner = role is MemberRole.OWNER or (member is not None and member.view.role == MemberRole.OWNER)
        if touches_owner and entry.view.role != MemberRole.OWNER:
            raise role_too_low("only an owner makes or unmakes owners")
    if member is None or not member.view.role:
        raise NotFoundError(Reason.MEMBER_NOT_FOUND, "is not a member", field="member.user_id")
    view = member.view
    unmakes_owner = view.role == MemberRole.OWNER and role is not MemberRole.OWNER
    if unmakes_owner and member_rows.owner_count(transaction, conversation.id) == 1:
        raise FailedPreconditionError(Reason.LAST_OWNER, "would leave the group without an owner", field="member.role")
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
    if joins or caller.as_service:
        number = transaction.conversation(key.conversation_id)
        if number is None:
            raise conversation_not_found()
    else:
        number = require(transaction, caller.user_id, key).conversation.id
    if not key.type.has_joins:
        raise not_supported(key.type, "has fixed members", "conversation")
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
