"""The members of a conversation, in the order they were first added."""

from collections.abc import Sequence
from typing import NamedTuple

from peewee import EnclosedNodeList

from backscroll_server.domain.enums import MemberRole
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.models import View


class MemberRow(NamedTuple):
    """A member: the user's number, role, when it last joined, its place in the order, and what it has read."""

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
_readers = Statement(
    View.select(*_columns)
    .where(
        _after
        & (View.role > 0)
        & (View.read_sequence >= param("sequence"))
        & (View.window_from < param("sequence"))
        & (View.user != param("sender"))
    )
    .order_by(View.member_order)
    .limit(param("limit"))
)
_successor = Statement(
    View.select(View.user)
    .where((View.conversation == param("conversation")) & (View.role > int(MemberRole.OWNER)))
    .order_by(View.role, View.join_time, View.member_order)
    .limit(1)
)
_owners = Statement(
    View.select(View.user)
    .where((View.conversation == param("conversation")) & (View.role == int(MemberRole.OWNER)))
    .limit(2)
)


def members(
    session: Runner, *, conversation: int, after: int, limit: int, roles: Sequence[int] = ()
) -> list[MemberRow]:
    """Return at most `limit` members with some of `roles` (empty is any), after an order. One index range."""
    padded_roles = [*roles, *[roles[-1]] * (3 - len(roles))] if roles else [1, 2, 3]
    values = {f"role_{i}": role for i, role in enumerate(padded_roles)}
    rows = session.all(_members, conversation=conversation, after=after, limit=limit, **values)
    return [MemberRow._make(row) for row in rows]


def readers(
    session: Runner, *, conversation: int, sequence: int, sender: int, after: int, limit: int
) -> list[MemberRow]:
    """Return members but the sender who may see a sequence and have read up to it. Reads the members passed over."""
    rows = session.all(_readers, conversation=conversation, sequence=sequence, sender=sender, after=after, limit=limit)
    return [MemberRow._make(row) for row in rows]


def successor(session: Runner, conversation: int) -> int | None:
    """Return the next owner: the longest-serving admin, else member. Reads all members."""
    row = session.one(_successor, conversation=conversation)
    return row[0] if row else None


def owner_count(session: Runner, conversation: int) -> int:
    """Return the number of owners, 2 for more. Reads members until two are found."""
    return len(session.all(_owners, conversation=conversation))
