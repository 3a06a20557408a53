"""The shared properties of conversations as they were when users left."""

from typing import NamedTuple

from backscroll_server.domain.records import ConversationRow
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.models import FormerProperties


class SharedProperties(NamedTuple):
    """Properties that the members of a conversation share, with the columns' names and stored forms."""

    name: str
    attributes: str
    history_visibility: int


_COLUMNS = [getattr(FormerProperties, name) for name in SharedProperties._fields]


def insert_former_properties(session: Session, users: list[int], conversation: ConversationRow) -> None:
    """Keep a conversation's properties for users, by internal number, who leave it. Cost: one row for each user."""
    properties = {name: getattr(conversation, name) for name in SharedProperties._fields}
    rows = [properties | {"user": user, "conversation": conversation.id} for user in users]
    session.change(FormerProperties.insert_many(rows))


def delete_former_properties(session: Session, *, user: int, conversation: int) -> None:
    """Forget the properties that a user saw until joining again. Cost: one row at most."""
    session.change(
        FormerProperties.delete().where(
            (FormerProperties.user == user) & (FormerProperties.conversation == conversation)
        )
    )


def former_properties(session: Runner, *, user: int, conversation: int) -> SharedProperties | None:
    """Return the properties as they were when a user left; None where they were not kept. Cost: one key seek."""
    rows = session.query(
        FormerProperties.select(*_COLUMNS).where(
            (FormerProperties.user == user) & (FormerProperties.conversation == conversation)
        )
    )
    return SharedProperties(*rows[0]) if rows else None
