"""The members of a conversation, in the order in which they were first added."""

from collections.abc import Sequence
from typing import NamedTuple

from peewee import EnclosedNodeList, fn

from backscroll_server.domain import limits
from backscroll_server.domain.enums import MemberRole
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.models import View, Window

_MOST_FOUNDERS = 1 + limits.MEMBERS_PER_CALL


class MemberRow(NamedTuple):
    """A member of a conversation.

    Attributes:
        user: the internal number of the user.
        role: the `MemberRole`, as a number.
        join_time: the time at which the user last joined, in microseconds.
        member_order: the position in the order in which members were first added, from 1.
        read_sequence: the highest sequence that the user has read.
        window_from: the sequence after which the user's current membership begins.
    """

    user: int
    role: int
    join_time: int
    member_order: int
    read_sequence: int
    window_from: int


_columns = [getattr(View, name) for name in MemberRow._fields]
_after = (View.conversation == param("conversation")) & (View.member_order > param("after"))
_members = Statement(
    View.select(*_columns)
    .where(_after & View.role.in_(EnclosedNodeList([param(f"role_{i}") for i in range(3)])))
    .order_by(View.member_order)
    .limit(param("limit"))
)
_earlier_window = Window.select(Window.user).where(
    (Window.user == View.user)
    & (Window.conversation == View.conversation)
    & (Window.from_sequence < param("sequence"))
    & (Window.to_sequence >= param("sequence"))
)
_readers = Statement(
    View.select(*_columns)
    .where(
        _after
        & (View.role > 0)
        & (View.read_sequence >= param("sequence"))
        & ((View.window_from < param("sequence")) | ((View.older_windows == 1) & fn.EXISTS(_earlier_window)))
        & (View.user != param("sender"))
    )
    .order_by(View.member_order)
    .limit(param("limit"))
)


def members(
    session: Runner, *, conversation: int, after: int, limit: int, roles: Sequence[int] = ()
) -> list[MemberRow]:
    """Return at most `limit` members of a conversation, in the order in which they were first added.

    Cost: one index seek, and one row for each member returned or passed over because of its role.

    Args:
        session: runs the query.
        conversation: the internal number of the conversation.
        after: the `member_order` after which to begin.
        limit: the most members to return.
        roles: only members with one of these roles, as numbers, at most three; empty for any role.
    """
    padded_roles = [*roles, *[roles[-1]] * (3 - len(roles))] if roles else [1, 2, 3]
    values = {f"role_{i}": role for i, role in enumerate(padded_roles)}
    rows = session.all(_members, conversation=conversation, after=after, limit=limit, **values)
    return [MemberRow._make(row) for row in rows]


def readers(
    session: Runner, *, conversation: int, sequence: int, sender: int, after: int, limit: int
) -> list[MemberRow]:
    """Return at most `limit` members, without the sender, whose memberships include a message and who have read it.

    Cost: one index seek, and one row for each member returned or passed over; one seek more for a member who left and
    came back after the message.

    Args:
        session: runs the query.
        conversation: the internal number of the conversation.
        sequence: the sequence of the message.
        sender: the internal number of its sender.
        after: the `member_order` after which to begin.
        limit: the most members to return.
    """
    rows = session.all(_readers, conversation=conversation, sequence=sequence, sender=sender, after=after, limit=limit)
    return [MemberRow._make(row) for row in rows]


def founders(session: Runner, conversation: int) -> list[MemberRow]:
    """Return the current members who belong to a conversation since its creation, in the order of being added.

    `conversation` is an internal number. Cost: one row for each of them, and for each user who was added early.
    """
    rows = session.query(
        View.select(*_columns)
        .where((View.conversation == conversation) & (View.role > 0) & (View.join_position == 0))
        .order_by(View.member_order)
        .limit(_MOST_FOUNDERS)
    )
    return [MemberRow._make(row) for row in rows]


def successor(session: Runner, conversation: int) -> int | None:
    """Return the internal number of the member who would be the next owner: the longest-serving admin, else member.

    None where the conversation has only owners, or no members. `conversation` is an internal number. Cost: one row for
    each view of the conversation.
    """
    rows = session.query(
        View.select(View.user)
        .where((View.conversation == conversation) & (View.role > MemberRole.OWNER))
        .order_by(View.role, View.join_time, View.member_order)
        .limit(1)
    )
    return rows[0][0] if rows else None


def owner_count(session: Runner, conversation: int) -> int:
    """Return the number of owners of a conversation: 0, 1, or 2 for two or more.

    `conversation` is an internal number. Cost: reads the views of the conversation until two owners are found.
    """
    owners = View.select(View.user).where((View.conversation == conversation) & (View.role == MemberRole.OWNER))
    return len(session.query(owners.limit(2)))
