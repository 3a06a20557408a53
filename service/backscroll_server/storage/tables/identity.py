"""Identity of the database: its id, its epoch, its secrets, and how it compares user ids."""

from typing import Final, NamedTuple

from backscroll_server.domain.user_id_case import UserIdCase
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.models import DatabaseProperty

USER_ID_CASE_PROPERTY: Final = "user_id_case"
_CASES: Final[dict[str, UserIdCase | None]] = {"": None, "exact": "exact", "fold": "fold"}


class DatabaseIdentity(NamedTuple):
    """Random values fixed when the database was created.

    Attributes:
        epoch: a number by which resume tokens of another database are recognised.
        token_secret: the key that signs tokens.
        content_secret: the key of the hashes by which a retried message is compared with the stored one.
    """

    epoch: int
    token_secret: bytes
    content_secret: bytes


def read_identity(session: Runner) -> DatabaseIdentity:
    """Return the epoch and the secrets of the database. Cost: all rows of `DatabaseProperty`, which are few."""
    rows = _read(session)
    return DatabaseIdentity(int.from_bytes(rows["epoch"], "big"), rows["token_secret"], rows["content_secret"])


def read_database_id(session: Runner) -> bytes:
    """Return the id that a database keeps for its whole life, also when copied. Cost: a few rows."""
    return _read(session)["database_id"]


def read_user_id_case(session: Runner) -> UserIdCase | None:
    """Return how the database compares user ids; None where no server has started on it since it could be chosen.

    Cost: a few rows.
    """
    return _CASES[_read(session).get(USER_ID_CASE_PROPERTY, b"").decode()]


def write_user_id_case(session: Session, case: UserIdCase) -> None:
    """Store how the database compares user ids. Cost: one row written."""
    stored = DatabaseProperty.update(value=case.encode()).where(DatabaseProperty.key == USER_ID_CASE_PROPERTY)
    session.change(stored)


def _read(session: Runner) -> dict[str, bytes]:
    rows = session.query(DatabaseProperty.select(DatabaseProperty.key, DatabaseProperty.value))
    return {key: bytes(value) for key, value in rows}
