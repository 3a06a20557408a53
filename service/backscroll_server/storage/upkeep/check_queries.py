"""Reads of all rows as stored, for checking a database against itself."""

from collections.abc import Iterator
from typing import NamedTuple

from peewee import fn

from backscroll_server.domain.records import ConversationRow, UserConversation
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Statement, param
from backscroll_server.storage.tables.conversations import (
    CONVERSATION_COLUMNS,
    USER_CONVERSATION_COLUMNS,
    user_conversation_of_row,
)
from backscroll_server.storage.tables.expiry import aged
from backscroll_server.storage.tables.models import (
    Conversation,
    ConversationNumber,
    Feed,
    FeedHead,
    Hidden,
    Message,
    Tombstone,
    View,
)

_CHUNK = 10_000

# Rendered once, because they run for each conversation.
_views = Statement(
    View.select(*USER_CONVERSATION_COLUMNS)
    .join(Conversation, on=(Conversation.id == View.conversation))
    .where((View.conversation == param("conversation")) & (View.member_order > param("after")))
    .order_by(View.member_order)
    .limit(param("limit"))
)
_numbers = Statement(
    ConversationNumber.select(
        ConversationNumber.number, ConversationNumber.from_sequence, ConversationNumber.to_sequence
    )
    .where(ConversationNumber.conversation == param("conversation"))
    .order_by(ConversationNumber.from_sequence, ConversationNumber.to_sequence)
)


def _checked_columns(table: type[Message] | type[Tombstone]) -> Statement:
    return Statement(
        table.select(
            table.sequence, table.sender, table.create_time, table.counts, table.countable, table.own_countable
        )
        .where((table.conversation == param("conversation")) & (table.sequence > param("after")))
        .order_by(table.sequence)
        .limit(param("limit"))
    )


_messages, _tombstones = _checked_columns(Message), _checked_columns(Tombstone)

CheckedMessage = tuple[int, int, int, bool, int, int]
"""A message or tombstone as `backscroll check` reads it, with its sequence first.

Then the internal number of its sender, its creation time in microseconds, whether it can count as unread, and how many
countable messages (neither silent nor imported) there are up to it: of all senders, and of its own sender.
"""


def each_conversation(session: Session) -> Iterator[ConversationRow]:
    """Yield the shared side of every conversation, by ascending internal number.

    Its floors are raised to what has expired by `session.now`. Cost: all rows of the table, read at once.
    """
    for row in session.query(Conversation.select(*CONVERSATION_COLUMNS).order_by(Conversation.id)):
        yield aged(session, ConversationRow._make(row))


def each_view(session: Session, conversation: int) -> Iterator[UserConversation]:
    """Yield both sides of a conversation for every user who is or was a member, in the order of first joining.

    `conversation` is an internal number. Cost: 10,000 rows at a time, and one key seek for each.
    """
    after = 0
    while True:
        rows = session.all(_views, conversation=conversation, after=after, limit=_CHUNK)
        entries = [user_conversation_of_row(session, row) for row in rows]
        yield from entries
        if len(entries) < _CHUNK:
            return
        after = entries[-1].view.member_order


def each_message(session: Session, conversation: int, *, recalled: bool) -> Iterator[CheckedMessage]:
    """Yield every stored message of a conversation, or with `recalled` every tombstone, by ascending sequence.

    `conversation` is an internal number. Cost: 10,000 rows at a time.
    """
    after = 0
    while True:
        rows = session.all(_tombstones if recalled else _messages, conversation=conversation, after=after, limit=_CHUNK)
        for sequence, sender, create_time, counts, countable, own in rows:
            yield sequence, sender, create_time, bool(counts), countable, own
        if len(rows) < _CHUNK:
            return
        after = rows[-1][0]


def numbers_of(session: Session, conversation: int) -> list[tuple[int, int, int]]:
    """Return the public numbers of a conversation in the order of their messages, each with their sequences.

    `conversation` is an internal number. Cost: one index seek.

    Returns:
        for each number itself, and the interval of sequences `(after, up_to]` whose messages have it in their ids.
    """
    rows: list[tuple[int, int, int]] = session.all(_numbers, conversation=conversation)
    return rows


def count_numbers(session: Session) -> int:
    """Return how many public numbers are stored, of all conversations. Cost: every row of the table is counted."""
    [(count,)] = session.query(ConversationNumber.select(fn.COUNT(ConversationNumber.number)))
    return int(count)


def hidden_from(session: Session, *, user: int, conversation: int) -> set[int]:
    """Return the sequences of all messages of a conversation that a user has hidden.

    `user` and `conversation` are internal numbers. Cost: one row for each hidden message.
    """
    here = (Hidden.user == user) & (Hidden.conversation == conversation)
    return {row[0] for row in session.query(Hidden.select(Hidden.sequence).where(here))}


class FeedExtent(NamedTuple):
    """Extent of the change feed, as its rows have it and as its head says.

    Attributes:
        changes: the number of stored changes.
        first: the position of the oldest stored change; 0 for none.
        last: the position of the newest stored change; 0 for none.
        head: the newest position, as the table `FeedHead` has it.
        low_water: the position up to which old changes were removed, as the table `FeedHead` has it.
    """

    changes: int
    first: int
    last: int
    head: int
    low_water: int


def feed_extent(session: Session) -> FeedExtent:
    """Return the number of changes in the feed and its positions. Cost: every row of the feed is counted."""
    position = Feed.position
    [(count, first, last)] = session.query(Feed.select(fn.COUNT(position), fn.MIN(position), fn.MAX(position)))
    [(head, low_water)] = session.query(FeedHead.select(FeedHead.position, FeedHead.low_water))
    return FeedExtent(count, first or 0, last or 0, head, low_water)


def integrity_problems(session: Session) -> list[str]:
    """Return a sentence for each fault that the database finds in its own storage; empty if there is none.

    Cost: SQLite reads the whole file, PostgreSQL only its list of indexes.
    """
    return session.database.integrity_problems()
