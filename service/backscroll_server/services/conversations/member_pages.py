"""Lists of the members of a conversation, and of those who have read a message, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.records import ListedMember, VisibilityBounds
from backscroll_server.services.views.access import (
    Caller,
    bounds_of_each,
    message_not_found,
    require_bounds,
    require_membership,
)
from backscroll_server.services.views.visibility import visible_history
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables import members as member_rows
from backscroll_server.storage.tables.messages import find_messages


@dataclass(frozen=True, slots=True)
class MembersQuery:
    """A page of members to read.

    Attributes:
        caller: the user who asks, and whether with the rights of a service.
        key: the conversation.
        size: the most members.
        after: the `following` of the page before; 0 for the first page.
        roles: only members with these roles; empty for all.
    """

    caller: Caller
    key: ConversationKey
    size: int
    after: int = 0
    roles: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class ReadersQuery:
    """A page of readers to read.

    Attributes:
        caller: the user who asks, and whether with the rights of a service.
        message_id: the public number and the sequence in the id of the message.
        size: the most readers.
        after: the `following` of the page before; 0 for the first page.
    """

    caller: Caller
    message_id: tuple[int, int]
    size: int
    after: int = 0


class MemberPage(NamedTuple):
    """A page of members.

    Attributes:
        user: the internal number of the user who asked for the page; 0 for one whom the server does not know.
        conversation: the internal number of the conversation.
        members: the members, in the order in which they were first added.
        following: the `after` of the next page, the last member's order of being added; None at the end.
    """

    user: int
    conversation: int
    members: list[ListedMember]
    following: int | None


def list_members(snapshot: Snapshot, query: MembersQuery) -> MemberPage:
    """Return a page of the current members, in the order in which they were first added.

    The rights of a service need no membership.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller may not see it.
        PermissionDeniedError: `NOT_A_MEMBER` where the user has left.
    """
    bounds = require_bounds(snapshot, query.caller, query.key)
    require_membership(bounds)
    rows = member_rows.members(
        snapshot,
        conversation=bounds.conversation,
        after=query.after,
        limit=query.size + 1,
        roles=query.roles,
    )
    return _member_page(snapshot, bounds, rows, query.size)


def list_readers(snapshot: Snapshot, query: ReadersQuery) -> MemberPage:
    """Return a page of the current members who have read a message, without its sender.

    Members none of whose windows has the message are not listed. The rights of a service need no membership.

    Raises:
        NotFoundError: `MESSAGE_NOT_FOUND` where the message does not exist, or the caller may not see it.
        PermissionDeniedError: `NOT_A_MEMBER` where the user has left.
    """
    _, sequence = query.message_id
    number = snapshot.conversations_of([query.message_id]).get(query.message_id)
    if number is None:
        raise message_not_found()
    bounds = bounds_of_each(snapshot, query.caller, [number]).get(number)
    if bounds is None:
        raise message_not_found()
    stored = find_messages(snapshot, conversation=number, sequences=[sequence]).get(sequence)
    if stored is None or not visible_history(snapshot, bounds).visible_sequences(snapshot, [stored]):
        raise message_not_found()
    require_membership(bounds, "message_id")
    rows = member_rows.readers(
        snapshot, conversation=number, sequence=sequence, sender=stored.sender, after=query.after, limit=query.size + 1
    )
    return _member_page(snapshot, bounds, rows, query.size)


def _member_page(
    snapshot: Snapshot, bounds: VisibilityBounds, rows: Sequence[member_rows.MemberRow], size: int
) -> MemberPage:
    shown = rows[:size]
    names = snapshot.names(row.user for row in shown)
    return MemberPage(
        user=bounds.user,
        conversation=bounds.conversation,
        members=[ListedMember(names[row.user], row.role, row.join_time, row.read_sequence) for row in shown],
        following=shown[-1].member_order if len(rows) > size else None,
    )
