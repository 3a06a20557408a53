"""Makes erased text leave the disk with its rows."""

from backscroll_server.storage.session import Session
from backscroll_server.storage.statement import Statement


def overwrite(session: Session, statement: Statement, **values: object) -> None:
    """Overwrites what the next statements delete, where the database may copy rows within its file.

    Where SQLite moves rows that it deletes next, it then moves zeros: a copy left behind says nothing.
    """
    if session.database.leaves_copies:
        session.run(statement, **values)
