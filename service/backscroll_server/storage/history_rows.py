"""Pages of history: ranges of messages and tombstones, cut to what one user may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from peewee import Case, Context, EnclosedNodeList, Node, Query, Select, fn

from backscroll_server.domain.facts import Reach
from backscroll_server.domain.intervals import FOREVER, Interval
from backscroll_server.storage.burn_rows import burned as has_burned
from backscroll_server.storage.entry_rows import as_reach, reach_query
from backscroll_server.storage.models import Conversation, Hidden, Mention, Message, Tombstone, View
from backscroll_server.storage.statement import Lookup, Runner, Statement, param


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which messages are wanted, by internal numbers.

    Attributes:
        senders: only from these; empty is any.
        content_types: only these; empty is any.
        mentions_me: only those that mention the reader.
    """

    senders: tuple[int, ...] = ()
    content_types: tuple[int, ...] = ()
    mentions_me: bool = False


class _Shape(NamedTuple):
    """What decides the text of a page's statement.

    The limit is part of the text: SQLite would plan a statement anew whenever another limit is bound, which is a
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


def _in_range(*columns: Node, conversation: Node, after: Node, up_to: Node, down: bool) -> Query:
    order = Message.sequence.asc() if down else Message.sequence.desc()
    in_range = (Message.sequence > after) & (Message.sequence <= up_to)
    return Message.select(*columns).where((Message.conversation == conversation) & in_range).order_by(order)


_GIVEN = {name: param(name) for name in ("conversation", "after", "up_to")}


def _bodies(*, down: bool) -> Lookup:
    return Lookup(_in_range(Message.body, **_GIVEN, down=down), *_GIVEN)


class _JoinedBytes(Node):  # type: ignore[misc]
    """The bytes of a column as one piece, in an order; each kind of database has a function of its own for it."""

    def __init__(self, column: Node, order: Node) -> None:
        self._column = column
        self._order = order

    def __sql__(self, ctx: Context) -> Context:
        return ctx.sql(ctx.state.joined_bytes(self._column, self._order))


def _joined(*, conversation: Node, after: Node, up_to: Node, down: bool) -> Select:
    rows = _in_range(Message.body, Message.sequence, conversation=conversation, after=after, up_to=up_to, down=down)
    order = rows.c.sequence.asc() if down else rows.c.sequence.desc()
    return Select((rows,), (_JoinedBytes(rows.c.body, order),))


def _reach_and_joined(after: Node, up_to: Node, *, down: bool) -> Query:
    return reach_query(_joined(conversation=View.conversation, after=after, up_to=up_to, down=down))


_bodies_down, _bodies_up = _bodies(down=True), _bodies(down=False)
_joined_down, _joined_up = (Lookup(_joined(**_GIVEN, down=down), *_GIVEN) for down in (True, False))
_page_down, _page_up = (
    Lookup(_reach_and_joined(param("after"), param("up_to"), down=down), "after", "up_to", "user", "conversation")
    for down in (True, False)
)
_page_newest = Lookup(
    _reach_and_joined(Conversation.last_sequence - param("size"), Conversation.last_sequence, down=False),
    "size",
    "user",
    "conversation",
)


def bodies(session: Runner, *, conversation: int, after: int, up_to: int, down: bool) -> list[bytes]:
    """The framed bodies of every message in `(after, up_to]`, in the order of the direction. One seek and the rows."""
    return [body for (body,) in session.look_up(_bodies_down if down else _bodies_up, conversation, after, up_to)]


def joined_bodies(session: Runner, *, conversation: int, after: int, up_to: int, down: bool) -> list[bytes]:
    """The same bodies joined to one piece. Half the cost: one step of the driver instead of one for each row."""
    ((joined,),) = session.look_up(_joined_down if down else _joined_up, conversation, after, up_to)
    return [joined or b""]


class Likely(NamedTuple):
    """What a page holds where nothing stands in its way.

    Attributes:
        reach: what bounds the user's messages; it decides whether this is the page.
        interval: the sequences that were read.
        joined: the framed bodies of all messages in them, as one piece, in the order of the direction.
    """

    reach: Reach
    interval: Interval
    joined: bytes


def likely_page(
    session: Runner, *, user: int, conversation: int, boundary: int, size: int, down: bool
) -> Likely | None:
    """`size` sequences from a boundary on, read together with what bounds the user's messages.

    `down` goes on above the boundary, else at or below it; `FOREVER` is above the newest. Most pages are just these,
    and one statement costs less than two. None where the user never belonged to the conversation.
    """
    after, up_to = (boundary, boundary + size) if down else (max(boundary - size, 0), boundary)
    if not down and boundary == FOREVER:
        rows = session.look_up(_page_newest, size, user, conversation)
    else:
        rows = session.look_up(_page_down if down else _page_up, after, up_to, user, conversation)
    if not rows:
        return None
    reach = as_reach(session, user, conversation, rows[0])
    if up_to > reach.head:
        up_to = reach.head
        if boundary == FOREVER:
            after = max(up_to - size, 0)
    return Likely(reach, (after, up_to), rows[0][-1] or b"")


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
    """Sequence and framed body of at most `limit` messages in `(after, up_to]`, in the order of the direction.

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
