"""Identity of the database: its epoch and its secrets."""

from typing import NamedTuple

from backscroll_server.storage.engine.statement import Runner, Statement
from backscroll_server.storage.tables.models import DatabaseProperty

_properties = Statement(DatabaseProperty.select(DatabaseProperty.key, DatabaseProperty.value))


class DatabaseIdentity(NamedTuple):
    """Values fixed when the database was created.

    Attributes:
        epoch: changes when a database is restored from a copy.
        token_secret: signs tokens.
        content_secret: keys the hashes of what was sent.
    """

    epoch: int
    token_secret: bytes
    content_secret: bytes


def read_identity(session: Runner) -> DatabaseIdentity:
    """Read the identity. A few rows."""
    rows = _read(session)
    return DatabaseIdentity(int.from_bytes(rows["epoch"], "big"), rows["token_secret"], rows["content_secret"])


def read_database_id(session: Runner) -> bytes:
    """Return the id that a database keeps for its whole life."""
    return _read(session)["database_id"]


def _read(session: Runner) -> dict[str, bytes]:
    return {key: bytes(value) for key, value in session.all(_properties)}
