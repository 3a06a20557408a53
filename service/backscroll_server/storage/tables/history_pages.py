"""Pages of history: ranges of messages and tombstones, cut to what one user may see."""

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
        senders: only messages of the users with these numbers; of any user if empty.
        content_types: only messages of these types; of any type if empty.
        mentions_me: only those that mention the reader.
    """

    senders: tuple[int, ...] = ()
    content_types: tuple[int, ...] = ()
    mentions_me: bool = False


class _Shape(NamedTuple):
    """Parameters of the text of a page's statement.

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
    """The bytes of a column as one piece, in an order; each kind of database has a function of its own for it."""

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
    """Return the framed bodies of every message in `(after, up_to]`, in the order of the direction.

    Cost: one seek and the rows.
    """
    statement = _bodies_down if down else _bodies_up
    return [body for (body,) in session.all(statement, conversation=conversation, after=after, up_to=up_to)]


def joined_bodies(session: Runner, *, conversation: int, after: int, up_to: int, down: bool) -> list[bytes]:
    """Return these bodies as one piece.

    Cost: half of `bodies`; one step of the driver instead of one for each row.
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
    """Return sequence and framed body of at most `limit` messages in `(after, up_to]`, in the order of the direction.

    Leaves out imported messages whose original time is not after `floor_time`, with `hidden` those hidden from the
    user, and with `burned` those that have burned. Cost: one seek and the rows passed over; the primary key gives the
    order.
    """
    if row_filter is NO_FILTER:
        shape = _Shape(tombstones, down, hidden, floor_time > 0, burned, 0, 0, False, limit)
        return session.all(
            _page(shape),
            conversation=conversation, after=after, up_to=up_to, floor_time=floor_time, user=user, now=session.now,
        )  # fmt: skip
    senders, sender_values = _padded(row_filter.senders, "sender")
    types, type_values = _padded(row_filter.content_types, "type")
    shape = _Shape(tombstones, down, hidden, floor_time > 0, burned, senders, types, row_filter.mentions_me, limit)
    return session.all(
        _page(shape),
        conversation=conversation, after=after, up_to=up_to, floor_time=floor_time, user=user, now=session.now,
        **sender_values, **type_values,
    )  # fmt: skip
