"""Addresses of databases, parsed from URLs."""

from typing import Protocol

from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.sqlite import SqliteAddress


class _Engine(Protocol):
    """The address of one kind of database."""

    def connect(self) -> Connection: ...

    def require_existing(self) -> None: ...

    def reserve(self) -> None: ...

    def close(self) -> None: ...


class DatabaseAddress:
    """Address of a database.

    Args:
        url: `sqlite:///absolute/path`, `sqlite:relative/path`, `sqlite:///:memory:` for one that ends with the process,
            or `postgresql://USER:PASSWORD@HOST:PORT/NAME`.
        prepare_statements: whether a server keeps statements prepared for a connection.
        replica: whether it is the copy that `standby_url` names: any server will do then.

    Attributes:
        url: as given; it may hold a password.
        served: whether a server keeps it: several processes may use it, and each answer comes over a connection.

    Raises:
        InvalidArgumentError: `MALFORMED` for anything else. The text never repeats the URL, which may hold a password.
        RuntimeError: where the driver is not installed.
    """

    def __init__(self, url: str, *, prepare_statements: bool = True, replica: bool = False) -> None:
        scheme, _, rest = url.partition(":")
        self.url = url
        self._prepare_statements = prepare_statements
        self.served = scheme in ("postgresql", "postgres")
        self._engine: _Engine
        if self.served:
            # Imported only where it is needed: the driver is an extra.
            try:
                from backscroll_server.storage.engine.postgres import PostgresAddress
            except ImportError as error:
                raise RuntimeError("PostgreSQL needs its driver: pip install 'backscroll[postgres]'") from error

            self._engine = PostgresAddress(url, prepare_statements=prepare_statements, replica=replica)
        elif scheme == "sqlite" and rest.strip("/"):
            self._engine = SqliteAddress(rest)
        else:
            raise InvalidArgumentError(
                Reason.MALFORMED,
                "the database must be sqlite:///absolute/path, sqlite:path or postgresql://user:password@host:port/name",
                field="standby_url" if replica else "database",
            )

    def replica(self, url: str) -> "DatabaseAddress":
        """Return the address of a replica of this database.

        Raises:
            InvalidArgumentError: `MALFORMED`, or `CONFLICTING_FIELDS` where either is no PostgreSQL server.
        """
        address = DatabaseAddress(url, prepare_statements=self._prepare_statements, replica=True)
        if not (self.served and address.served):
            raise InvalidArgumentError(
                Reason.CONFLICTING_FIELDS,
                "only a PostgreSQL database has a standby, which is one too",
                field="standby_url",
            )
        return address

    def connect(self) -> Connection:
        """Return a new connection."""
        return self._engine.connect()

    def require_existing(self) -> None:
        """Refuse to make a database where none is.

        Raises:
            InvalidArgumentError: `OUT_OF_BOUNDS` where there is none.
        """
        self._engine.require_existing()

    def reserve(self) -> None:
        """Take a file for this process alone, until it is closed. A server's database may be shared.

        Raises:
            RefusedError: `DATABASE_IN_USE` where another process has it.
        """
        self._engine.reserve()

    def close(self) -> None:
        """Give a file free; remove a database that ends with the process."""
        self._engine.close()
