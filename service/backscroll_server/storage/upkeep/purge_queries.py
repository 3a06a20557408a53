"""Removal of the rows of erased and expired messages from storage, some at a time."""

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.messages import BLANK_BODY
from backscroll_server.storage.tables.models import Conversation, Mention, Message, Tombstone


def unpurged_conversations(session: Runner) -> list[int]:
    """Return the internal numbers of conversations whose messages up to the stored floor are not all removed yet.

    The floor is the highest sequence that is erased or expired for everyone. Cost: every row of `Conversation` is read.
    """
    unpurged = Conversation.select(Conversation.id).where(Conversation.purged_sequence < Conversation.floor)
    return [row[0] for row in session.query(unpurged.order_by(Conversation.id))]


def expired_conversations(session: Runner, *, type_: int, horizon: int, limit: int) -> list[int]:
    """Return the internal numbers of at most `limit` conversations with messages created at or before a time.

    The conversation with the oldest message comes first. Cost: one index seek, and one index entry for each
    conversation.

    Args:
        session: runs the query.
        type_: the number of the type of the conversations.
        horizon: the time at or before which messages of that type have expired, in microseconds.
        limit: the most conversations to return.
    """
    oldest = Conversation.oldest_time
    expired = (Conversation.type == type_) & (oldest > 0) & (oldest <= horizon)
    rows = session.query(Conversation.select(Conversation.id).where(expired).order_by(oldest).limit(limit))
    return [row[0] for row in rows]


def oldest_message_time(session: Runner, type_: int) -> int:
    """Return the creation time of the oldest message above the floor in all conversations of a type; 0 for none.

    The time is in microseconds, `type_` is the number of a type. Cost: one index seek.
    """
    oldest = Conversation.oldest_time
    kept = (Conversation.type == type_) & (oldest > 0)
    rows = session.query(Conversation.select(oldest).where(kept).order_by(oldest).limit(1))
    return rows[0][0] if rows else 0


def purge(session: Session, *, conversation: int, after: int, up_to: int) -> None:
    """Delete the messages, tombstones and mentions of a conversation in the sequences `(after, up_to]`.

    `conversation` is an internal number. Cost: one row for each message, tombstone and mention deleted; on SQLite each
    message is also overwritten first.
    """
    for table in (Message, Tombstone, Mention):
        purged = (table.conversation == conversation) & (table.sequence > after) & (table.sequence <= up_to)
        if table is Message and session.database.leaves_copies:
            session.change(Message.update(body=BLANK_BODY).where(purged))
        session.change(table.delete().where(purged))
