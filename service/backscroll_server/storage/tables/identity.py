"""Facts of the whole database."""

from typing import NamedTuple

from backscroll_server.storage.engine.statement import Runner, Statement
from backscroll_server.storage.tables.models import DatabaseProperty

_properties = Statement(DatabaseProperty.select(DatabaseProperty.key, DatabaseProperty.value))


class DatabaseIdentity(NamedTuple):
    """What was decided when the database was made.

    Attributes:
        epoch: changes when a database is restored from a copy.
        token_secret: signs tokens.
        content_secret: keys the hashes of what was sent.
    """

    epoch: int
    token_secret: bytes
    content_secret: bytes


def read_identity(session: Runner) -> DatabaseIdentity:
    """Reads the facts. A few rows."""
    rows = _read(session)
    return DatabaseIdentity(int.from_bytes(rows["epoch"], "big"), rows["token_secret"], rows["content_secret"])


def read_database_id(session: Runner) -> bytes:
    """What a database is recognised by, whatever changes in it."""
    return _read(session)["database_id"]


def _read(session: Runner) -> dict[str, bytes]:
    return {key: bytes(value) for key, value in session.all(_properties)}
