"""Pages of history: ranges of messages and tombstones, without those that one user may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from peewee import Case, Context, EnclosedNodeList, Node, Query, Select, fn

from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.burns import burned as has_burned
from backscroll_server.storage.tables.models import Hidden, Mention, Message, Tombstone


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Conditions that messages must meet.

    Attributes:
        senders: only messages of the users with these internal numbers; of any user if empty.
        content_types: only messages of these content types, as numbers; of any type if empty.
        mentions_me: only messages of others that mention the reader, alone or as one of everyone.
    """

    senders: tuple[int, ...] = ()
    content_types: tuple[int, ...] = ()
    mentions_me: bool = False


class _Shape(NamedTuple):
    """Parameters that change the SQL text of a page's statement: one statement is rendered for each combination.

    The limit is part of the text: SQLite would plan the statement again whenever another limit is bound, which is a
    noticeable part of a page's cost.
    """

    tombstones: bool
    down: bool
    hidden: bool
    cleared: bool
    burned: bool
    senders: int
    content_types: int
    mentions_me: bool
    limit: int


NO_FILTER = RowFilter()


@lru_cache(maxsize=1024)
def _page(shape: _Shape) -> Statement:
    table: type[Message | Tombstone] = Tombstone if shape.tombstones else Message
    where = (
        (table.conversation == param("conversation"))
        & (table.sequence > param("after"))
        & (table.sequence <= param("up_to"))
    )
    if shape.tombstones:
        # What burned leaves nothing that is shown.
        where &= fn.LENGTH(Tombstone.body) > 0
    if shape.burned:
        where &= ~has_burned(table)
    if shape.cleared:
        where &= table.original_time.is_null() | (table.original_time > param("floor_time"))
    if shape.hidden:
        where &= ~fn.EXISTS(
            Hidden.select(Hidden.sequence).where(
                (Hidden.user == param("user"))
                & (Hidden.conversation == table.conversation)
                & (Hidden.sequence == table.sequence)
            )
        )
    if shape.senders:
        # A unary plus would be SQLite's alone; the CASE keeps the order by sequence the access path, so that the
        # rows examined are bounded by the range.
        sender = Case(None, ((table.sender > 0, table.sender),), 0)
        where &= sender.in_(EnclosedNodeList([param(f"sender_{i}") for i in range(shape.senders)]))
    if shape.content_types:
        where &= table.content_type.in_(EnclosedNodeList([param(f"type_{i}") for i in range(shape.content_types)]))
    if shape.mentions_me:
        where &= (table.sender != param("user")) & fn.EXISTS(
            Mention.select(Mention.sequence).where(
                (Mention.conversation == table.conversation)
                & (Mention.user.in_([param("user"), 0]))
                & (Mention.sequence == table.sequence)
            )
        )
    order = table.sequence.asc() if shape.down else table.sequence.desc()
    return Statement(table.select(table.sequence, table.body).where(where).order_by(order).limit(shape.limit))


def _in_range(*columns: Node, down: bool) -> Query:
    order = Message.sequence.asc() if down else Message.sequence.desc()
    in_range = (Message.sequence > param("after")) & (Message.sequence <= param("up_to"))
    return Message.select(*columns).where((Message.conversation == param("conversation")) & in_range).order_by(order)


class _JoinedBytes(Node):  # type: ignore[misc]
    """SQL that joins the bytes of a column over all rows in an order, by a function of each kind of database."""

    def __init__(self, column: Node, order: Node) -> None:
        self._column = column
        self._order = order

    def __sql__(self, ctx: Context) -> Context:
        return ctx.sql(ctx.state.joined_bytes(self._column, self._order))


def _joined(*, down: bool) -> Statement:
    rows = _in_range(Message.body, Message.sequence, down=down)
    order = rows.c.sequence.asc() if down else rows.c.sequence.desc()
    return Statement(Select((rows,), (_JoinedBytes(rows.c.body, order),)))


_bodies_down, _bodies_up = (Statement(_in_range(Message.body, down=down)) for down in (True, False))
_joined_down, _joined_up = (_joined(down=down) for down in (True, False))


def bodies(session: Runner, *, conversation: int, after: int, up_to: int, down: bool) -> list[bytes]:
    """Return the framed bodies, as stored, of every message in the sequences `(after, up_to]`, without tombstones.

    The order is ascending by sequence with `down`, otherwise descending. `conversation` is an internal number. Cost:
    one key seek, and one row for each message.
    """
    statement = _bodies_down if down else _bodies_up
    return [body for (body,) in session.all(statement, conversation=conversation, after=after, up_to=up_to)]


def joined_bodies(session: Runner, *, conversation: int, after: int, up_to: int, down: bool) -> list[bytes]:
    """Return the result of `bodies` joined to a list of one bytes object, which is empty if there are no messages.

    Cost: half of that of `bodies`: one step of the driver instead of one for each row.
    """
    statement = _joined_down if down else _joined_up
    ((joined,),) = session.all(statement, conversation=conversation, after=after, up_to=up_to)
    return [joined or b""]


def _padded(values: Sequence[int], prefix: str) -> tuple[int, dict[str, int]]:
    if not values:
        return 0, {}
    size = 1 << (len(values) - 1).bit_length()
    filled = [*values, *[values[-1]] * (size - len(values))]
    return size, {f"{prefix}_{i}": value for i, value in enumerate(filled)}


def page(
    session: Runner,
    *,
    conversation: int,
    after: int,
    up_to: int,
    down: bool,
    limit: int,
    floor_time: int,
    user: int,
    hidden: bool,
    burned: bool = False,
    row_filter: RowFilter = NO_FILTER,
    tombstones: bool = False,
) -> list[tuple[int, bytes]]:
    """Return sequence and framed body of the first messages, or tombstones, of a range that one user may see.

    Cost: one key seek, and the rows returned or passed over.

    Args:
        session: runs the query.
        conversation: the internal number of the conversation.
        after: the sequence after which the range begins.
        up_to: the last sequence of the range.
        down: whether the order is ascending by sequence, from the beginning of the range; otherwise descending, from
            its end.
        limit: the most messages to return.
        floor_time: leave out imported messages originally written at or before this time, in microseconds; 0 for none.
        user: the internal number of the user who reads.
        hidden: whether to leave out messages that are hidden from the user.
        burned: whether to leave out messages that have burned by `session.now`.
        row_filter: conditions that the messages must meet.
        tombstones: whether to return tombstones of recalled messages instead of messages.
    """
    if row_filter is NO_FILTER:
        shape = _Shape(tombstones, down, hidden, floor_time != 0, burned, 0, 0, False, limit)
        return session.all(
            _page(shape),
            conversation=conversation, after=after, up_to=up_to, floor_time=floor_time, user=user, now=session.now,
        )  # fmt: skip
    senders, sender_values = _padded(row_filter.senders, "sender")
    types, type_values = _padded(row_filter.content_types, "type")
    shape = _Shape(tombstones, down, hidden, floor_time != 0, burned, senders, types, row_filter.mentions_me, limit)
    return session.all(
        _page(shape),
        conversation=conversation, after=after, up_to=up_to, floor_time=floor_time, user=user, now=session.now,
        **sender_values, **type_values,
    )  # fmt: skip
