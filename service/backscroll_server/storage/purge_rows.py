"""Removes the rows of what was erased for everyone, a little at a time."""

from peewee import Model

from backscroll_server.storage.models import Conversation, Mention, Message, Tombstone
from backscroll_server.storage.session import Session
from backscroll_server.storage.statement import Runner, Statement, param

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


_deletes = [_delete(table) for table in (Message, Tombstone)]
_delete_mentions = Statement(
    Mention.delete().where((Mention.conversation == param("conversation")) & (Mention.sequence <= param("up_to")))
)


def unpurged_conversations(session: Runner) -> list[int]:
    """Conversations whose erased messages are still stored. Reads all conversations."""
    return [row[0] for row in session.all(_unpurged)]


def purge(session: Session, *, conversation: int, after: int, up_to: int, last: bool) -> None:
    """Removes the messages and tombstones in `(after, up_to]`, and with `last` the mentions up to there.

    Cost: the rows removed; for the mentions those of the conversation.
    """
    for statement in _deletes:
        session.run(statement, conversation=conversation, after=after, up_to=up_to)
    if last:
        session.run(_delete_mentions, conversation=conversation, up_to=up_to)
