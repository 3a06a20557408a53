"""Raw reads of everything, for checking a database against itself."""

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
from backscroll_server.storage.tables.models import Conversation, Feed, FeedHead, Hidden, Message, Tombstone, View

_CHUNK = 10_000

_conversations = Statement(Conversation.select(*CONVERSATION_COLUMNS).order_by(Conversation.id))
_views = Statement(
    View.select(*USER_CONVERSATION_COLUMNS)
    .join(Conversation, on=(Conversation.id == View.conversation))
    .where((View.conversation == param("conversation")) & (View.member_order > param("after")))
    .order_by(View.member_order)
    .limit(param("limit"))
)
_hidden = Statement(
    Hidden.select(Hidden.sequence).where(
        (Hidden.user == param("user")) & (Hidden.conversation == param("conversation"))
    )
)
_feed = Statement(Feed.select(fn.COUNT(Feed.position), fn.MIN(Feed.position), fn.MAX(Feed.position)))
_feed_head = Statement(FeedHead.select(FeedHead.position, FeedHead.low_water))


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
"""Sequence, sender, create time, whether it counts, and the conversation's and the sender's own ordinals."""


def each_conversation(session: Session) -> Iterator[ConversationRow]:
    """Return every conversation."""
    for row in session.all(_conversations):
        yield aged(session, ConversationRow._make(row))


def each_view(session: Session, conversation: int) -> Iterator[UserConversation]:
    """Return every view of a conversation."""
    after = 0
    while True:
        rows = session.all(_views, conversation=conversation, after=after, limit=_CHUNK)
        entries = [user_conversation_of_row(session, row) for row in rows]
        yield from entries
        if len(entries) < _CHUNK:
            return
        after = entries[-1].view.member_order


def each_message(session: Session, conversation: int, *, recalled: bool) -> Iterator[CheckedMessage]:
    """Return every message of a conversation, or every tombstone, by sequence."""
    after = 0
    while True:
        rows = session.all(_tombstones if recalled else _messages, conversation=conversation, after=after, limit=_CHUNK)
        for sequence, sender, create_time, counts, countable, own in rows:
            yield sequence, sender, create_time, bool(counts), countable, own
        if len(rows) < _CHUNK:
            return
        after = rows[-1][0]


def hidden_from(session: Session, *, user: int, conversation: int) -> set[int]:
    """Return every message that is hidden from a user."""
    return {row[0] for row in session.all(_hidden, user=user, conversation=conversation)}


class FeedExtent(NamedTuple):
    """Size of the feed: number of changes, first and last position (0 for none), and the head's own values."""

    changes: int
    first: int
    last: int
    head: int
    low_water: int


def feed_extent(session: Session) -> FeedExtent:
    """Return the size of the feed. Reads all of it."""
    count, first, last = session.all(_feed)[0]
    return FeedExtent(count, first or 0, last or 0, *session.all(_feed_head)[0])


def integrity_problems(session: Session) -> list[str]:
    """Return the faults that the database itself finds in its storage. Reads all of it."""
    return session.database.integrity_problems()
