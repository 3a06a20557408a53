"""Counts and sequences from which the unread count of a conversation is computed.

A countable message is one that can count as unread: neither silent nor imported. `conversation` and `user` are internal
numbers, `after`, `up_to` and `sequence` are sequences. Each answer costs one seek, except where stated.
"""

from peewee import fn

from backscroll_server.domain.clearing import clearing_time
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


def _times_of(table: type[Message] | type[Tombstone]) -> Statement:
    return Statement(
        table.select(table.create_time, table.original_time).where(
            (table.conversation == _here) & (table.sequence == param("sequence"))
        )
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
_times_of_message, _times_of_tombstone = _times_of(Message), _times_of(Tombstone)
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
        & (Mention.kind > 0)
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
    """Return the number of countable messages (not silent, not imported) up to and including a sequence.

    0 for sequence 0, or where the message of the sequence is purged. `conversation` is an internal number. Cost: one
    key seek, two for a recalled message.
    """
    if sequence == 0:
        return 0
    row = session.one(_message_at, conversation=conversation, sequence=sequence) or session.one(
        _tombstone_at, conversation=conversation, sequence=sequence
    )
    return row[0] if row else 0


def own_countable_at(session: Runner, *, conversation: int, user: int, sequence: int, own_countable: int) -> int:
    """Return the number of a user's own countable messages (not silent, not imported) up to a sequence.

    It looks at the user's next message above the sequence, because those below may be purged. Cost: two index seeks.

    Args:
        session: runs the queries.
        conversation: the internal number of the conversation.
        user: the internal number of the user.
        sequence: the sequence up to which to count.
        own_countable: the number of the user's countable messages in the whole conversation, which is returned where
            the user sent none above the sequence.
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
    """Return the number of recalled or burned countable messages of others in the sequences `(after, up_to]`.

    `conversation` and `user`, whose own messages do not count, are internal numbers. Cost: one key seek, and one row
    for each tombstone in that range.
    """
    row = session.one(_recalled, conversation=conversation, user=user, after=after, up_to=up_to)
    return row[0] if row else 0


def hidden_count(session: Runner, *, conversation: int, user: int, after: int, up_to: int) -> int:
    """Return the number of countable messages of others in `(after, up_to]` that the user hid and nobody recalled.

    `after` and `up_to` are sequences, `conversation` and `user` internal numbers. Cost: one row, and one key seek, for
    each message of that range that the user has hidden.
    """
    row = session.one(_hidden, conversation=conversation, user=user, after=after, up_to=up_to)
    return row[0] if row else 0


def blocked_windows(session: Runner, *, conversation: int, user: int) -> list[tuple[int, int]]:
    """Return the ranges of messages sent while a user blocked a conversation, as sorted disjoint sequence intervals.

    `conversation` and `user` are internal numbers. Cost: one key seek, and one row for each range.
    """
    return [(after, up_to) for after, up_to in session.all(_blocks, conversation=conversation, user=user)]


def older_windows(session: Runner, *, conversation: int, user: int) -> list[tuple[int, int]]:
    """Return the ended memberships of a user in a conversation, as intervals of sequences sorted by their beginning.

    `conversation` and `user` are internal numbers. Cost: one key seek, and one row for each membership.
    """
    return [(after, up_to) for after, up_to in session.all(_windows, conversation=conversation, user=user)]


def mentions_between(session: Runner, *, conversation: int, user: int, after: int, up_to: int) -> list[tuple[int, int]]:
    """Return the mentions of a user, alone or as one of everyone, in the sequences `(after, up_to]`, newest first.

    Mentions by the user, in imported messages and in those that the user has hidden are left out. `conversation` and
    `user` are internal numbers. Cost: two key seeks, and one row and one seek for each mention in that range.

    Returns:
        for each mention the sequence of its message, and the number of its `MentionKind`.
    """
    rows = session.all(_mentions, conversation=conversation, user=user, after=after, up_to=up_to)
    return [(sequence, kind) for sequence, kind in rows]


def burned_count(session: Runner, *, conversation: int, user: int, after: int, up_to: int) -> int:
    """Return the number of countable messages of others in `(after, up_to]` that have burned and are still stored.

    Messages that the user has hidden do not count. `after` and `up_to` are sequences, `conversation` and `user`
    internal numbers. Cost: one row and a few seeks for each message in that range.
    """
    row = session.one(_burned, conversation=conversation, user=user, after=after, up_to=up_to, now=session.now)
    return row[0] if row else 0


def first_counted(session: Runner, *, conversation: int, user: int, after: int, up_to: int, burns: bool) -> int | None:
    """Return the first sequence in `(after, up_to]` of a countable message of others, or None if there is none.

    Messages that the user has hidden do not count, nor, with `burns`, those that have burned by `session.now`.
    `conversation` and `user` are internal numbers. Cost: the rows before the first match are read.
    """
    statement = _first_unburned if burns else _first_counted
    row = session.one(statement, conversation=conversation, user=user, after=after, up_to=up_to, now=session.now)
    return row[0] if row else None


def sequence_before(session: Runner, *, conversation: int, time: int) -> int:
    """Return the highest sequence of a message created before `time`, in microseconds; 0 if there is none.

    Tombstones count. `conversation` is an internal number. Cost: two index seeks.
    """
    rows = [
        session.one(statement, conversation=conversation, time=time)
        for statement in (_message_before, _tombstone_before)
    ]
    return max((row[0] for row in rows if row), default=0)


def time_of(session: Runner, *, conversation: int, sequence: int) -> int:
    """Return the creation time of the message or tombstone at a sequence, in microseconds; 0 if it was purged.

    `conversation` is an internal number. Cost: one key seek, two for a recalled message.
    """
    return _times(session, conversation, sequence)[0]


def time_of_clearing(session: Runner, *, conversation: int, sequence: int) -> int:
    """Return the time of a clearing up to a sequence, in microseconds: messages imported later that are older are gone.

    That is the creation time of the message or tombstone at the sequence. A message that was imported from before 1970
    into a conversation of such messages has a creation time that says nothing: for that one it is the original time.
    0, for none, if the message was purged. `conversation` is an internal number. Cost: as `time_of`.
    """
    create_time, original_time = _times(session, conversation, sequence)
    # Every message up to there was created at the earliest possible time.
    is_earliest = create_time == sequence
    return clearing_time(original_time) if is_earliest and original_time is not None else create_time


def _times(session: Runner, conversation: int, sequence: int) -> tuple[int, int | None]:
    row = session.one(_times_of_message, conversation=conversation, sequence=sequence) or session.one(
        _times_of_tombstone, conversation=conversation, sequence=sequence
    )
    return (row[0], row[1]) if row else (0, None)


def newest_live(
    session: Runner, *, conversation: int, after: int, up_to: int, counted: bool = False
) -> tuple[int, int] | None:
    """Return sequence and creation time of the newest message in `(after, up_to]` that was not imported, or None.

    Recalled and burned messages count. With `counted`, only messages that can count as unread do. `after` and `up_to`
    are sequences, `conversation` is an internal number, and the time is in microseconds. Cost: the rows above the
    newest match are read.
    """
    rows = [
        row
        for statement in (_live_message, _live_tombstone)
        if (row := session.one(statement, conversation=conversation, after=after, up_to=up_to, counted=int(counted)))
    ]
    return max((sequence, time) for sequence, time in rows) if rows else None
