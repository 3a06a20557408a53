"""Burn after reading: in which spans it was on, what was read of them, and which messages that makes vanish when."""

from typing import NamedTuple

from peewee import Expression, fn

from backscroll_server.domain.intervals import FOREVER, Interval
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.models import Burn, BurnSpan, Mention, Message, Tombstone


class Span(NamedTuple):
    """Messages sent while burn after reading was on, `(after, up_to]`, and its duration in microseconds."""

    after: int
    up_to: int
    duration: int


class NewBurn(NamedTuple):
    """Messages that burn because they were read. See the table `Burn`."""

    conversation: int
    due: int
    reader: int
    from_sequence: int
    to_sequence: int


_here = param("conversation")
_KEY = (
    (Burn.conversation == _here)
    & (Burn.due == param("due"))
    & (Burn.reader == param("reader"))
    & (Burn.from_sequence == param("from_sequence"))
)


def burned(table: type[Message] | type[Tombstone]) -> Expression:
    """Return the condition of burned but stored messages at `param("now")`. One seek, and the rows due by then."""
    return table.original_time.is_null() & fn.EXISTS(
        Burn.select(Burn.due).where(
            (Burn.conversation == table.conversation)
            & (Burn.due <= param("now"))
            & (Burn.from_sequence < table.sequence)
            & (table.sequence <= Burn.to_sequence)
            & (Burn.reader != table.sender)
        )
    )


_spans = Statement(
    BurnSpan.select(BurnSpan.from_sequence, BurnSpan.to_sequence, BurnSpan.duration)
    .where((BurnSpan.conversation == _here) & (BurnSpan.to_sequence > param("after")))
    .order_by(BurnSpan.from_sequence)
)
_open = Statement(
    BurnSpan.insert(
        {
            BurnSpan.conversation: _here,
            BurnSpan.from_sequence: param("after"),
            BurnSpan.to_sequence: FOREVER,
            BurnSpan.duration: param("duration"),
        }
    )
)
_close = Statement(
    BurnSpan.update({BurnSpan.to_sequence: param("up_to")}).where(
        (BurnSpan.conversation == _here) & (BurnSpan.to_sequence == FOREVER)
    )
)
_delete_empty = Statement(
    BurnSpan.delete().where((BurnSpan.conversation == _here) & (BurnSpan.to_sequence == BurnSpan.from_sequence))
)
_insert = Statement(Burn.insert({getattr(Burn, name): param(name) for name in NewBurn._fields}))
_delete = Statement(Burn.delete().where(_KEY))
_advance = Statement(Burn.update({Burn.from_sequence: param("after")}).where(_KEY))
_next_due = Statement(Burn.select(Burn.due).where(Burn.conversation == _here).order_by(Burn.due).limit(1))
_earliest = Statement(Burn.select(Burn.due).order_by(Burn.due).limit(1))
_first = Statement(
    Burn.select(*(getattr(Burn, name) for name in NewBurn._fields))
    .where((Burn.conversation == _here) & (Burn.due <= param("now")))
    .order_by(Burn.due, Burn.reader, Burn.from_sequence)
    .limit(1)
)
_due = Statement(
    Burn.select(Burn.from_sequence, Burn.to_sequence, Burn.reader).where(
        (Burn.conversation == _here) & (Burn.due <= param("now"))
    )
)
_conversations_due = Statement(
    Burn.select(Burn.conversation).where(Burn.due <= param("now")).order_by(Burn.due).limit(param("limit"))
)


def _in_step(table: type[Message] | type[Tombstone] | type[Mention]) -> Expression:
    return (
        (table.conversation == _here)
        & (table.sequence > param("after"))
        & (table.sequence <= param("up_to"))
        & (table.sender != param("reader"))
    )


_KEPT = (
    "conversation", "sequence", "sender", "create_time", "original_time", "counts", "countable", "own_countable",
    "content_type",
)  # fmt: skip
_replace_with_tombstones = Statement(
    Tombstone.insert_from(
        Message.select(*(getattr(Message, name) for name in _KEPT), param("empty")).where(
            _in_step(Message) & Message.original_time.is_null()
        ),
        [*(getattr(Tombstone, name) for name in _KEPT), Tombstone.body],
    )
)
_overwrite = Statement(
    Message.update({Message.body: fn.ZEROBLOB(fn.LENGTH(Message.body))}).where(
        _in_step(Message) & Message.original_time.is_null()
    )
)
_drop_messages = Statement(Message.delete().where(_in_step(Message) & Message.original_time.is_null()))
_drop_mentions = Statement(Mention.delete().where(_in_step(Mention)))
_empty_tombstones = Statement(
    Tombstone.update({Tombstone.body: param("empty")}).where(
        _in_step(Tombstone) & Tombstone.original_time.is_null() & (fn.LENGTH(Tombstone.body) > 0)
    )
)


_gone = Statement(
    Tombstone.select(Tombstone.sequence)
    .where(_in_step(Tombstone) & (fn.LENGTH(Tombstone.body) == 0))
    .order_by(Tombstone.sequence)
)


def _from_others(table: type[Message] | type[Tombstone]) -> Statement:
    return Statement(table.select(table.sequence).where(_in_step(table) & table.original_time.is_null()).limit(1))


_messages_of_others, _tombstones_of_others = _from_others(Message), _from_others(Tombstone)


def spans_above(session: Runner, *, conversation: int, after: int) -> list[Span]:
    """Return the spans above a sequence in which burn after reading was on, in order. One range of the key."""
    return [Span(*row) for row in session.all(_spans, conversation=conversation, after=after)]


def close_span(session: Session, *, conversation: int, up_to: int) -> None:
    """End the open span at a sequence; one that held nothing leaves no row, so that another can start there."""
    session.run(_close, conversation=conversation, up_to=up_to)
    session.run(_delete_empty, conversation=conversation)


def open_span(session: Session, *, conversation: int, after: int, duration: int) -> None:
    """Make what comes after a sequence burn. None is open."""
    session.run(_open, conversation=conversation, after=after, duration=duration)


def holds_others(session: Runner, *, conversation: int, reader: int, after: int, up_to: int) -> bool:
    """Return whether there is a message of another than `reader` in `(after, up_to]`. Passes over the reader's own."""
    where = {"conversation": conversation, "reader": reader, "after": after, "up_to": up_to}
    return any(session.one(statement, **where) for statement in (_messages_of_others, _tombstones_of_others))


def insert_burns(session: Session, burns: list[NewBurn]) -> None:
    """Store what burns."""
    session.insert(_insert, burns)


def next_burn_due(session: Runner, conversation: int) -> int:
    """Return the earliest burn time of a conversation's stored messages; 0 for none. One seek."""
    row = session.one(_next_due, conversation=conversation)
    return row[0] if row else 0


def earliest_burn_due(session: Runner) -> int:
    """Return the earliest burn time in the whole database; 0 for none."""
    row = session.one(_earliest)
    return row[0] if row else 0


def conversations_burning(session: Runner, *, limit: int) -> list[int]:
    """Return conversations with messages that have burned and are still stored. At most `limit` index entries."""
    rows = session.all(_conversations_due, now=session.now, limit=limit)
    return list(dict.fromkeys(conversation for (conversation,) in rows))


def burned_ranges(session: Runner, conversation: int) -> list[tuple[Interval, int]]:
    """Return the burned ranges still stored: `(after, up_to]`, and the reader whose own messages stay."""
    rows = session.all(_due, conversation=conversation, now=session.now)
    return [((after, up_to), reader) for after, up_to, reader in rows]


def first_burned(session: Runner, conversation: int) -> NewBurn | None:
    """Return the first row whose messages are to be removed. One seek."""
    row = session.one(_first, conversation=conversation, now=session.now)
    return NewBurn._make(row) if row else None


def remove_burned(session: Session, burn: NewBurn, *, up_to: int) -> bool:
    """Turn the messages of a row up to a sequence into empty tombstones; return whether there were any.

    Cost: the rows in that range.
    """
    where = {"conversation": burn.conversation, "reader": burn.reader, "after": burn.from_sequence, "up_to": up_to}
    emptied = session.run(_empty_tombstones, empty=b"", **where)
    erased = session.run(_replace_with_tombstones, empty=b"", **where)
    if erased:
        session.overwrite(_overwrite, **where)
        session.run(_drop_messages, **where)
        session.run(_drop_mentions, **where)
    return bool(emptied or erased)


def shorten_burn(session: Session, burn: NewBurn, *, after: int) -> None:
    """Note that a row's messages up to a sequence are removed."""
    key = {"conversation": burn.conversation, "due": burn.due, "reader": burn.reader}
    if after >= burn.to_sequence:
        session.run(_delete, from_sequence=burn.from_sequence, **key)
    else:
        session.run(_advance, from_sequence=burn.from_sequence, after=after, **key)


def burned_sequences(session: Runner, *, conversation: int, reader: int, after: int, up_to: int) -> list[int]:
    """Return the messages of others in `(after, up_to]` that burned and were removed. Reads the tombstones there."""
    rows = session.all(_gone, conversation=conversation, reader=reader, after=after, up_to=up_to)
    return [row[0] for row in rows]
