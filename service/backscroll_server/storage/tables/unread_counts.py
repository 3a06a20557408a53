"""Ordinals and counts that unread is computed from. Each answer is one seek, except where stated."""

from peewee import fn

from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.burns import burned
from backscroll_server.storage.tables.models import Block, Hidden, Mention, Message, Tombstone, Window

_here = param("conversation")


def _at(table: type[Message] | type[Tombstone]) -> Statement:
    return Statement(
        table.select(table.countable).where((table.conversation == _here) & (table.sequence == param("sequence")))
    )


def _next_own(table: type[Message] | type[Tombstone]) -> Statement:
    return Statement(
        table.select(table.sequence, table.own_countable, table.counts)
        .where((table.conversation == _here) & (table.sender == param("user")) & (table.sequence > param("sequence")))
        .order_by(table.sequence)
        .limit(1)
    )


def _before_time(table: type[Message] | type[Tombstone]) -> Statement:
    return Statement(
        table.select(table.sequence)
        .where((table.conversation == _here) & (table.create_time < param("time")))
        .order_by(table.create_time.desc())
        .limit(1)
    )


def _newest_live(table: type[Message] | type[Tombstone]) -> Statement:
    return Statement(
        table.select(table.sequence, table.create_time)
        .where(
            (table.conversation == _here)
            & (table.sequence > param("after"))
            & (table.sequence <= param("up_to"))
            & table.original_time.is_null()
            & ((table.counts == 1) | (param("counted") == 0))
        )
        .order_by(table.sequence.desc())
        .limit(1)
    )


_message_at, _tombstone_at = _at(Message), _at(Tombstone)
_next_own_message, _next_own_tombstone = _next_own(Message), _next_own(Tombstone)
_message_before, _tombstone_before = _before_time(Message), _before_time(Tombstone)
_live_message, _live_tombstone = _newest_live(Message), _newest_live(Tombstone)
_time_of_message = Statement(
    Message.select(Message.create_time).where((Message.conversation == _here) & (Message.sequence == param("sequence")))
)
_time_of_tombstone = Statement(
    Tombstone.select(Tombstone.create_time).where(
        (Tombstone.conversation == _here) & (Tombstone.sequence == param("sequence"))
    )
)
_recalled = Statement(
    Tombstone.select(fn.COUNT(Tombstone.sequence)).where(
        (Tombstone.conversation == _here)
        & (Tombstone.sequence > param("after"))
        & (Tombstone.sequence <= param("up_to"))
        & (Tombstone.sender != param("user"))
        & (Tombstone.counts == 1)
    )
)
_hidden = Statement(
    Hidden.select(fn.COUNT(Hidden.sequence)).where(
        (Hidden.user == param("user"))
        & (Hidden.conversation == _here)
        & (Hidden.sequence > param("after"))
        & (Hidden.sequence <= param("up_to"))
        & (Hidden.counts == 1)
        & ~fn.EXISTS(
            Tombstone.select(Tombstone.sequence).where(
                (Tombstone.conversation == Hidden.conversation) & (Tombstone.sequence == Hidden.sequence)
            )
        )
    )
)
_blocks = Statement(
    Block.select(Block.from_sequence, Block.to_sequence)
    .where((Block.user == param("user")) & (Block.conversation == _here))
    .order_by(Block.from_sequence)
)
_windows = Statement(
    Window.select(Window.from_sequence, Window.to_sequence)
    .where((Window.user == param("user")) & (Window.conversation == _here))
    .order_by(Window.from_sequence)
)
_mentions = Statement(
    Mention.select(Mention.sequence, Mention.kind)
    .where(
        (Mention.conversation == _here)
        & (Mention.user.in_([param("user"), 0]))
        & (Mention.sequence > param("after"))
        & (Mention.sequence <= param("up_to"))
        & (Mention.sender != param("user"))
        & ~fn.EXISTS(
            Hidden.select(Hidden.sequence).where(
                (Hidden.user == param("user"))
                & (Hidden.conversation == Mention.conversation)
                & (Hidden.sequence == Mention.sequence)
            )
        )
    )
    .order_by(Mention.sequence.desc())
)
_counted = (
    (Message.conversation == _here)
    & (Message.sequence > param("after"))
    & (Message.sequence <= param("up_to"))
    & (Message.counts == 1)
    & (Message.sender != param("user"))
    & ~fn.EXISTS(
        Hidden.select(Hidden.sequence).where(
            (Hidden.user == param("user"))
            & (Hidden.conversation == Message.conversation)
            & (Hidden.sequence == Message.sequence)
        )
    )
)
_first_counted = Statement(Message.select(Message.sequence).where(_counted).order_by(Message.sequence).limit(1))
_first_unburned = Statement(
    Message.select(Message.sequence).where(_counted & ~burned(Message)).order_by(Message.sequence).limit(1)
)
_burned = Statement(Message.select(fn.COUNT(Message.sequence)).where(_counted & burned(Message)))


def countable_at(session: Runner, *, conversation: int, sequence: int) -> int:
    """Return the number of countable messages up to a stored sequence; 0 for sequence 0."""
    if sequence == 0:
        return 0
    row = session.one(_message_at, conversation=conversation, sequence=sequence) or session.one(
        _tombstone_at, conversation=conversation, sequence=sequence
    )
    return row[0] if row else 0


def own_countable_at(session: Runner, *, conversation: int, user: int, sequence: int, own_countable: int) -> int:
    """Return the number of the user's countable messages up to a sequence, given their number in all.

    Looks upwards, at the user's next message, because what is below may be purged. Two seeks.
    """
    rows = [
        row
        for statement in (_next_own_message, _next_own_tombstone)
        if (row := session.one(statement, conversation=conversation, user=user, sequence=sequence))
    ]
    if not rows:
        return own_countable
    _, own, counts = min(rows)
    return int(own) - bool(counts)


def recalled_count(session: Runner, *, conversation: int, user: int, after: int, up_to: int) -> int:
    """Return the number of others' countable messages in `(after, up_to]` recalled. Reads the tombstones there."""
    row = session.one(_recalled, conversation=conversation, user=user, after=after, up_to=up_to)
    return row[0] if row else 0


def hidden_count(session: Runner, *, conversation: int, user: int, after: int, up_to: int) -> int:
    """Return the number of others' countable messages in `(after, up_to]` hidden, not recalled. Reads the hidden."""
    row = session.one(_hidden, conversation=conversation, user=user, after=after, up_to=up_to)
    return row[0] if row else 0


def blocked_windows(session: Runner, *, conversation: int, user: int) -> list[tuple[int, int]]:
    """Return the user's blocked windows, as sorted disjoint intervals."""
    return [(after, up_to) for after, up_to in session.all(_blocks, conversation=conversation, user=user)]


def older_windows(session: Runner, *, conversation: int, user: int) -> list[tuple[int, int]]:
    """Return the user's earlier memberships, as sorted intervals."""
    return [(after, up_to) for after, up_to in session.all(_windows, conversation=conversation, user=user)]


def mentions_between(session: Runner, *, conversation: int, user: int, after: int, up_to: int) -> list[tuple[int, int]]:
    """Return sequence and kind of others' mentions of the user in `(after, up_to]`, newest first. One seek each."""
    rows = session.all(_mentions, conversation=conversation, user=user, after=after, up_to=up_to)
    return [(sequence, kind) for sequence, kind in rows]


def burned_count(session: Runner, *, conversation: int, user: int, after: int, up_to: int) -> int:
    """Return the number of others' countable messages in `(after, up_to]` burned, not hidden. Reads the messages."""
    row = session.one(_burned, conversation=conversation, user=user, after=after, up_to=up_to, now=session.now)
    return row[0] if row else 0


def first_counted(session: Runner, *, conversation: int, user: int, after: int, up_to: int, burns: bool) -> int | None:
    """Return others' first countable message in `(after, up_to]` not hidden, and with `burns` not burned.

    Passes over the others.
    """
    statement = _first_unburned if burns else _first_counted
    row = session.one(statement, conversation=conversation, user=user, after=after, up_to=up_to, now=session.now)
    return row[0] if row else None


def sequence_before(session: Runner, *, conversation: int, time: int) -> int:
    """Return the highest sequence created before a time; 0 if none. Two seeks."""
    rows = [
        session.one(statement, conversation=conversation, time=time)
        for statement in (_message_before, _tombstone_before)
    ]
    return max((row[0] for row in rows if row), default=0)


def time_of(session: Runner, *, conversation: int, sequence: int) -> int:
    """Return the time of the message at a sequence; 0 if it was purged."""
    row = session.one(_time_of_message, conversation=conversation, sequence=sequence) or session.one(
        _time_of_tombstone, conversation=conversation, sequence=sequence
    )
    return row[0] if row else 0


def newest_live(
    session: Runner, *, conversation: int, after: int, up_to: int, counted: bool = False
) -> tuple[int, int] | None:
    """Return sequence and time of the newest message in `(after, up_to]` that was not imported, recalled ones included.

    With `counted` the newest of those that can count as unread. Passes over the others.
    """
    rows = [
        row
        for statement in (_live_message, _live_tombstone)
        if (row := session.one(statement, conversation=conversation, after=after, up_to=up_to, counted=int(counted)))
    ]
    return max((sequence, time) for sequence, time in rows) if rows else None
