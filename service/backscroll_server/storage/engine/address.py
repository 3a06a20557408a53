"""Addresses of databases, parsed from URLs."""

from typing import Protocol

from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.storage.engine.connection import Connection


class _Engine(Protocol):
    """Interface of the address of one kind of database; `DatabaseAddress` describes the methods."""

    place: str

    def connect(self) -> Connection: ...

    def require_existing(self) -> None: ...

    def require_writable(self) -> None: ...

    def reserve(self) -> None: ...

    def close(self) -> None: ...


class DatabaseAddress:
    """Address of a database, given by a URL.

    Args:
        url: `sqlite:///absolute/path`, `sqlite:relative/path`, `sqlite:///:memory:` for a temporary database that
            `close` removes, or `postgresql://USER:PASSWORD@HOST:PORT/NAME`.
        prepare_statements: whether repeated statements are prepared on each PostgreSQL connection. SQLite ignores it.
        replica: whether the URL is that of the setting `standby_url`: then a server that accepts no writes will do too,
            and errors name that setting.

    Attributes:
        url: the URL as given, which may contain a password.
        served: whether a PostgreSQL server has the database: then several processes may use it, and each statement is a
            round trip over a connection.

    Raises:
        InvalidArgumentError: `MALFORMED` where the URL has none of these forms. The text does not repeat the URL, which
            may contain a password.
        RuntimeError: where the driver of this kind of database is not installed.
    """

    def __init__(self, url: str, *, prepare_statements: bool = True, replica: bool = False) -> None:
        scheme, _, rest = url.partition(":")
        self.url = url
        self._prepare_statements = prepare_statements
        self.served = scheme in ("postgresql", "postgres")
        self._engine: _Engine
        if self.served:
            # Imported only where it is needed, as that of SQLite is: each driver is an extra.
            try:
                from backscroll_server.storage.engine.postgres import PostgresAddress
            except ImportError as error:
                raise RuntimeError(
                    "PostgreSQL needs its driver: install Backscroll with the extra `postgres`"
                ) from error

            self._engine = PostgresAddress(url, prepare_statements=prepare_statements, replica=replica)
        elif scheme == "sqlite" and rest.strip("/"):
            try:
                from backscroll_server.storage.engine.sqlite import SqliteAddress
            except ImportError as error:
                raise RuntimeError(
                    "SQLite needs its library: install Backscroll with the extra `sqlite`, "
                    "as pip install '/path/to/the/clone[sqlite]'"
                ) from error

            self._engine = SqliteAddress(rest)
        else:
            raise InvalidArgumentError(
                Reason.MALFORMED,
                "the database must be sqlite:///absolute/path, sqlite:path or postgresql://user:password@host:port/name",
                field="standby_url" if replica else "database",
            )

    def replica(self, url: str) -> "DatabaseAddress":
        """Return the address of a replica of this database: a PostgreSQL standby that serves reads.

        Args:
            url: the URL of the replica.

        Raises:
            InvalidArgumentError: `MALFORMED` where the URL has no form that a database URL has, or `CONFLICTING_FIELDS`
                where this database or the replica is not one of PostgreSQL.
            RuntimeError: where the URL is one of PostgreSQL and its driver is not installed.
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
        """Open a new connection to the database and return it. A missing SQLite file is created."""
        return self._engine.connect()

    def require_existing(self) -> None:
        """Raise an error where the database does not exist; otherwise do nothing.

        Raises:
            InvalidArgumentError: `OUT_OF_BOUNDS` where the SQLite file does not exist, or the PostgreSQL database lacks
                the tables of this server.
        """
        self._engine.require_existing()

    @property
    def place(self) -> str:
        """The path of the database, or its name, host and port, for the log; never a password."""
        return self._engine.place

    def require_writable(self) -> None:
        """Raise an error where a SQLite file may not be written; otherwise, and for PostgreSQL, do nothing.

        Raises:
            RefusedError: `DATABASE_READ_ONLY` with the cause.
        """
        self._engine.require_writable()

    def reserve(self) -> None:
        """Lock a SQLite file until `close`, so that no other process serves it. Do nothing for PostgreSQL.

        Raises:
            RefusedError: `DATABASE_IN_USE` where another process, or another address in this one, has locked the file.
        """
        self._engine.reserve()

    def close(self) -> None:
        """Release the lock that `reserve` took, and remove a temporary database. Do nothing for PostgreSQL."""
        self._engine.close()
