"""Burn after reading: the spans in which it was on, and the messages that vanish because they were read."""

from collections.abc import Sequence
from typing import NamedTuple

from peewee import Expression, fn

from backscroll_server.domain.intervals import FOREVER, Interval
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.messages import BLANK_BODY
from backscroll_server.storage.tables.models import Burn, BurnSpan, Mention, Message, Tombstone


class Span(NamedTuple):
    """Messages sent while burn after reading was on with one duration.

    Attributes:
        after: the sequence after which the span begins.
        up_to: the last sequence of the span; `FOREVER` while it is open.
        duration: the time from reading a message of the span to its vanishing, in microseconds.
    """

    after: int
    up_to: int
    duration: int


class NewBurn(NamedTuple):
    """Messages that vanish at one time because they were read: a row of the table `Burn`.

    Attributes:
        conversation: the internal number of the conversation.
        due: the time at which the messages vanish, in microseconds.
        reader: the internal number of the user who read the messages, and whose own messages stay; 0 for a user alone
            in the conversation, whose own messages vanish too.
        from_sequence: the sequence after which the messages begin.
        to_sequence: the last sequence of the messages.
    """

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
    """Return the condition that a row of `table` has burned (vanished after reading) at the time `param("now")`.

    The row may still be stored. Cost: for each row of `table`, one key seek and the rows of `Burn` due by then.
    """
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
_insert = Statement(Burn.insert({getattr(Burn, name): param(name) for name in NewBurn._fields}))
_delete = Statement(Burn.delete().where(_KEY))
_advance = Statement(Burn.update({Burn.from_sequence: param("after")}).where(_KEY))
_next_due = Statement(Burn.select(Burn.due).where(Burn.conversation == _here).order_by(Burn.due).limit(1))
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
_pending = Statement(
    Burn.select(Burn.from_sequence, Burn.to_sequence, Burn.reader, Burn.due).where(
        (Burn.conversation == _here)
        & (Burn.due > param("now"))
        & (Burn.from_sequence < param("up_to"))
        & (Burn.to_sequence > param("after"))
    )
)


def _senders(table: type[Message] | type[Tombstone]) -> ListStatement:
    return ListStatement(
        lambda keys: table.select(table.sequence, table.sender).where(
            (table.conversation == _here) & table.sequence.in_(keys) & table.original_time.is_null()
        )
    )


_senders_of_messages, _senders_of_tombstones = _senders(Message), _senders(Tombstone)


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
    Message.update({Message.body: BLANK_BODY}).where(_in_step(Message) & Message.original_time.is_null())
)
_drop_messages = Statement(Message.delete().where(_in_step(Message) & Message.original_time.is_null()))
# Those of imported messages stay: they do not burn.
_drop_mentions = Statement(Mention.delete().where(_in_step(Mention) & (Mention.kind > 0)))
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
    """Return the spans in which burn after reading was on and that end above sequence `after`, in order.

    `conversation` is an internal number. Cost: one key seek, and one row for each span of the conversation.
    """
    return [Span(*row) for row in session.all(_spans, conversation=conversation, after=after)]


def close_span(session: Session, *, conversation: int, up_to: int) -> None:
    """End the open span of a conversation at sequence `up_to`; do nothing where none is open.

    A span without messages leaves no row, so that another can begin at its sequence. `conversation` is an internal
    number.
    """
    here = BurnSpan.conversation == conversation
    session.change(BurnSpan.update(to_sequence=up_to).where(here & (BurnSpan.to_sequence == FOREVER)))
    session.change(BurnSpan.delete().where(here & (BurnSpan.to_sequence == BurnSpan.from_sequence)))


def open_span(session: Session, *, conversation: int, after: int, duration: int) -> None:
    """Begin a span: messages above sequence `after` vanish `duration` microseconds after they are read.

    No span of the conversation may be open. `conversation` is an internal number.
    """
    session.change(
        BurnSpan.insert(conversation=conversation, from_sequence=after, to_sequence=FOREVER, duration=duration)
    )


def holds_others(session: Runner, *, conversation: int, reader: int, after: int, up_to: int) -> bool:
    """Return whether another user than `reader` sent a stored message in the sequences `(after, up_to]`.

    Tombstones count, imported messages do not. `conversation` and `reader` are internal numbers. Cost: two key seeks,
    and the rows before the first match: those of the reader's own and the imported messages.
    """
    where = {"conversation": conversation, "reader": reader, "after": after, "up_to": up_to}
    return any(session.one(statement, **where) for statement in (_messages_of_others, _tombstones_of_others))


def insert_burns(session: Session, burns: list[NewBurn]) -> None:
    """Store messages that vanish because they were read: one row of the table `Burn` for each of `burns`."""
    session.insert(_insert, burns)


def next_burn_due(session: Runner, conversation: int) -> int:
    """Return the earliest time at which stored messages of a conversation burn, in microseconds; 0 for none.

    The time may be past, where the messages are not removed yet. `conversation` is an internal number. Cost: one key
    seek.
    """
    row = session.one(_next_due, conversation=conversation)
    return row[0] if row else 0


def earliest_burn_due(session: Runner) -> int:
    """Return the earliest time at which stored messages of any conversation burn, in microseconds; 0 for none.

    The time may be past, where the messages are not removed yet. Cost: one index seek.
    """
    rows = session.query(Burn.select(Burn.due).order_by(Burn.due).limit(1))
    return rows[0][0] if rows else 0


def conversations_burning(session: Runner, *, limit: int) -> list[int]:
    """Return the internal numbers of conversations with burned messages that are still stored, the earliest due first.

    Cost: at most `limit` index entries read; so at most `limit` conversations are returned, each once.
    """
    rows = session.query(Burn.select(Burn.conversation).where(Burn.due <= session.now).order_by(Burn.due).limit(limit))
    return list(dict.fromkeys(conversation for (conversation,) in rows))


def burned_ranges(session: Runner, conversation: int) -> list[tuple[Interval, int]]:
    """Return the ranges of burned messages that are still stored in a conversation.

    `conversation` is an internal number. Cost: one key seek, and one row of `Burn` for each range.

    Returns:
        for each range its interval of sequences `(after, up_to]`, and the internal number of the reader, whose own
        messages in the interval have not burned.
    """
    rows = session.all(_due, conversation=conversation, now=session.now)
    return [((after, up_to), reader) for after, up_to, reader in rows]


def burn_times(session: Runner, *, conversation: int, sequences: Sequence[int]) -> dict[int, int]:
    """Return when messages that were read vanish, in microseconds, by sequence; tombstones vanish like messages.

    Sequences whose messages do not vanish, or have by `session.now`, are left out.

    Cost: one key seek, and one row of `Burn` for each read of the conversation whose messages have not vanished yet. If
    any sequence is among those, two key seeks for each such one more.

    Args:
        session: runs the queries.
        conversation: the internal number of the conversation.
        sequences: the sequences, at least one.
    """
    burns = session.all(
        _pending, conversation=conversation, now=session.now, after=min(sequences) - 1, up_to=max(sequences)
    )
    covered = [item for item in sequences if any(after < item <= up_to for after, up_to, _, _ in burns)]
    if not covered:
        return {}
    senders: list[tuple[int, int]] = session.listed(_senders_of_messages, covered, conversation=conversation)
    if len(senders) < len(covered):
        senders += session.listed(_senders_of_tombstones, covered, conversation=conversation)
    return {
        sequence: min(dues)
        for sequence, sender in senders
        if (dues := [due for after, up_to, reader, due in burns if after < sequence <= up_to and reader != sender])
    }


def first_burned(session: Runner, conversation: int) -> NewBurn | None:
    """Return the row of `Burn` whose messages are to be removed next; None where none of the conversation is due.

    `conversation` is an internal number. Cost: one key seek.
    """
    row = session.one(_first, conversation=conversation, now=session.now)
    return NewBurn._make(row) if row else None


def remove_burned(session: Session, burn: NewBurn, *, up_to: int) -> bool:
    """Replace the messages of `burn` up to sequence `up_to` with empty tombstones; return whether there were any.

    Tombstones of recalled messages are emptied too, and mentions are deleted; messages of the reader and imported ones
    stay. Cost: each row in that range of sequences is read, and each that burned is written.
    """
    where = {"conversation": burn.conversation, "reader": burn.reader, "after": burn.from_sequence, "up_to": up_to}
    emptied = session.run(_empty_tombstones, empty=b"", **where)
    erased = session.run(_replace_with_tombstones, empty=b"", **where)
    if erased:
        if session.database.leaves_copies:
            session.run(_overwrite, **where)
        session.run(_drop_messages, **where)
        session.run(_drop_mentions, **where)
    return bool(emptied or erased)


def shorten_burn(session: Session, burn: NewBurn, *, after: int) -> None:
    """Record that the messages of `burn` up to sequence `after` are removed from storage.

    The row of `Burn` is deleted where no messages are left in it, otherwise it begins after that sequence from now on.
    """
    key = {"conversation": burn.conversation, "due": burn.due, "reader": burn.reader}
    if after >= burn.to_sequence:
        session.run(_delete, from_sequence=burn.from_sequence, **key)
    else:
        session.run(_advance, from_sequence=burn.from_sequence, after=after, **key)


def burned_sequences(session: Runner, *, conversation: int, reader: int, after: int, up_to: int) -> list[int]:
    """Return the sequences in `(after, up_to]` of burned and removed messages of other users than `reader`, in order.

    `conversation` and `reader` are internal numbers. Cost: one row for each tombstone in that range.
    """
    rows = session.all(_gone, conversation=conversation, reader=reader, after=after, up_to=up_to)
    return [row[0] for row in rows]
