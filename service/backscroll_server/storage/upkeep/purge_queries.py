"""Removes the rows of what was erased for everyone, a little at a time."""

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
    """Return conversations whose erased messages are still stored. Reads all conversations."""
    return [row[0] for row in session.all(_unpurged)]


def expired_conversations(session: Runner, *, type_: int, horizon: int, limit: int) -> list[int]:
    """Return at most `limit` conversations of a type whose oldest message was created by a time, the oldest first."""
    return [row[0] for row in session.all(_expired, type=type_, horizon=horizon, limit=limit)]


def oldest_message_time(session: Runner, type_: int) -> int:
    """Return the time of the oldest message in all conversations of a type; 0 if there is none. One seek."""
    row = session.one(_oldest_time, type=type_)
    return row[0] if row else 0


def purge(session: Session, *, conversation: int, after: int, up_to: int) -> None:
    """Remove the messages, tombstones and mentions in `(after, up_to]`. Cost: the rows removed."""
    session.overwrite(_overwrite, conversation=conversation, after=after, up_to=up_to)
    for statement in _deletes:
        session.run(statement, conversation=conversation, after=after, up_to=up_to)
