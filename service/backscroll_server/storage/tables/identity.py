"""Identity of the database: its id, its epoch and its secrets."""

from typing import NamedTuple

from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.models import DatabaseProperty


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


def _read(session: Runner) -> dict[str, bytes]:
    rows = session.query(DatabaseProperty.select(DatabaseProperty.key, DatabaseProperty.value))
    return {key: bytes(value) for key, value in rows}
