"""Removal of the rows of erased and expired messages from storage, some at a time."""

from peewee import Model, fn

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.models import Conversation, Mention, Message, Tombstone

_unpurged = Statement(
    Conversation.select(Conversation.id)
    .where(Conversation.purged_sequence < Conversation.floor)
    .order_by(Conversation.id)
)


def _delete(table: type[Model]) -> Statement:
    return Statement(
        table.delete().where(
            (table.conversation == param("conversation"))
            & (table.sequence > param("after"))
            & (table.sequence <= param("up_to"))
        )
    )


_overwrite = Statement(
    Message.update({Message.body: fn.ZEROBLOB(fn.LENGTH(Message.body))}).where(
        (Message.conversation == param("conversation"))
        & (Message.sequence > param("after"))
        & (Message.sequence <= param("up_to"))
    )
)
_deletes = [_delete(table) for table in (Message, Tombstone, Mention)]
_expired = Statement(
    Conversation.select(Conversation.id)
    .where(
        (Conversation.type == param("type"))
        & (Conversation.oldest_time > 0)
        & (Conversation.oldest_time <= param("horizon"))
    )
    .order_by(Conversation.oldest_time)
    .limit(param("limit"))
)
_oldest_time = Statement(
    Conversation.select(Conversation.oldest_time)
    .where((Conversation.type == param("type")) & (Conversation.oldest_time > 0))
    .order_by(Conversation.oldest_time)
    .limit(1)
)


def unpurged_conversations(session: Runner) -> list[int]:
    """Return the internal numbers of conversations whose messages up to the stored floor are not all removed yet.

    The floor is the highest sequence that is erased or expired for everyone. Cost: every row of `Conversation` is read.
    """
    return [row[0] for row in session.all(_unpurged)]


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
    return [row[0] for row in session.all(_expired, type=type_, horizon=horizon, limit=limit)]


def oldest_message_time(session: Runner, type_: int) -> int:
    """Return the creation time of the oldest message above the floor in all conversations of a type; 0 for none.

    The time is in microseconds, `type_` is the number of a type. Cost: one index seek.
    """
    row = session.one(_oldest_time, type=type_)
    return row[0] if row else 0


def purge(session: Session, *, conversation: int, after: int, up_to: int) -> None:
    """Delete the messages, tombstones and mentions of a conversation in the sequences `(after, up_to]`.

    `conversation` is an internal number. Cost: one row for each message, tombstone and mention deleted; on SQLite each
    message is also overwritten first.
    """
    session.overwrite(_overwrite, conversation=conversation, after=after, up_to=up_to)
    for statement in _deletes:
        session.run(statement, conversation=conversation, after=after, up_to=up_to)
