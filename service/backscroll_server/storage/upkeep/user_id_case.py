"""The setting `user_id_case` of a database: kept from its first start, and never changed under its users."""

from typing import Final

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.user_id_case import UserIdCase, fold_conversation_id, fold_user_id
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.identity import read_user_id_case, write_user_id_case
from backscroll_server.storage.tables.models import Conversation, DatabaseProperty, User
from backscroll_server.storage.upkeep.copy_rows import name_of

_CHUNK: Final = 10_000


def keep_user_id_case(database: Connection, case: UserIdCase) -> None:
    """Store how a database compares user ids, where that is not stored yet, or where it holds no users.

    Args:
        database: a connection to a database with the schema of this version.
        case: the setting of the server that starts.

    Raises:
        RefusedError: `USER_ID_CASE` as `refuse_other_user_id_case`; nothing is changed then.
    """
    session = Session(database)
    if read_user_id_case(session) == case:
        return
    with database.migrating():
        refuse_other_user_id_case(session, case)
        write_user_id_case(session, case)


def refuse_other_user_id_case(session: Session, case: UserIdCase) -> None:
    """Raise an error where a server with this setting must not start on the database; otherwise do nothing.

    Cost: a few rows; all users and conversations where `fold` is new to a database that holds users.

    Args:
        session: a session on a database that has tables of this server.
        case: the setting.

    Raises:
        RefusedError: `USER_ID_CASE` where the database holds users and has another setting, or has none and ids that
            `fold` would change.
    """
    stored = read_user_id_case(session)
    if stored == case or not session.query(User.select(User.id).limit(1)):
        return
    if stored is not None:
        raise RefusedError(
            Refusal.USER_ID_CASE,
            f"the database holds users and has user_id_case = {stored}, which cannot be changed to {case} any more",
        )
    if case == "fold" and (count := unfolded_ids(session)):
        raise RefusedError(
            Refusal.USER_ID_CASE,
            f"{count} ids of users and conversations in the database are not in folded case, so that user_id_case = "
            "fold would not find them; it has to be served with exact",
        )


def stored_user_id_case(session: Session) -> UserIdCase:
    """Return how the database compares user ids: `exact` where no server has started on it yet. Cost: a few rows."""
    return read_user_id_case(session) or "exact"


def has_properties(database: Connection) -> bool:
    """Return whether the database has the table that its properties are in. Cost: a look at its tables."""
    return name_of(DatabaseProperty) in database.table_names()


def unfolded_ids(session: Session) -> int:
    """Return how many ids of users, and of conversations by the user ids in them, folding would change.

    Cost: reads every user and the ids of all conversations, 10,000 at a time.
    """
    count, after = 0, 0
    while rows := session.query(
        User.select(User.id, User.user_id).where(User.id > after).order_by(User.id).limit(_CHUNK)
    ):
        count += sum(fold_user_id(user_id) != user_id for _, user_id in rows)
        after = rows[-1][0]
    after = 0
    types = (ConversationType.SINGLE, ConversationType.SYSTEM)
    while rows := session.query(
        Conversation.select(Conversation.id, Conversation.conversation_id)
        .where((Conversation.id > after) & Conversation.type.in_([int(type_) for type_ in types]))
        .order_by(Conversation.id)
        .limit(_CHUNK)
    ):
        count += sum(fold_conversation_id(conversation_id) != conversation_id for _, conversation_id in rows)
        after = rows[-1][0]
    return count
