"""Connections to PostgreSQL through the driver psycopg 3."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ClassVar, Final

import peewee
import psycopg
from peewee import SQL, Node, PostgresqlDatabase, fn
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.types.numeric import Int8BinaryDumper

from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.storage.engine.disk_problems import DiskProblem, problem_of

CHANNEL: Final = "backscroll"
"""Name of the `NOTIFY` channel on which server processes notify each other of commits."""

_MIGRATING, _BACKGROUND = 0x6261636B_01, 0x6261636B_02
"""Keys of two advisory locks, for migrating and for background work; other programs are unlikely to use them."""

_PREPARED: Final = 1000
_DEFAULTS: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "application_name": "backscroll",
    # A machine that went away without a word is noticed within seconds, not hours.
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    # A server that only follows another would answer reads with what was true a while ago.
    "target_session_attrs": "read-write",
}
_STANDBY_DEFAULTS: Final = _DEFAULTS | {"connect_timeout": 2, "target_session_attrs": "any"}

# One for the writers of all processes: it is held until the commit, so that the feed, every conversation's sequence and
# the commits have the same order, and nothing deadlocks. A connection that stalls while holding it is cut off.
BEGIN_WRITE: Final = (
    "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '30s'; "
    "SELECT position FROM feed_head WHERE id = 1 FOR UPDATE"
)
BEGIN_SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_TABLE_NAMES: Final = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
    "AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) "
    "AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY relname"
)

_ROWS_AT_ONCE: Final = 128

_DONE: Final = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)

_LOST: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
    peewee.OperationalError,
    peewee.InterfaceError,
)


@lru_cache(maxsize=256)
def _inserting(sql: str, width: int, count: int) -> str:
    """Return an `INSERT` of `count` rows, made from `sql`, which inserts one row of `width` parameters."""
    head, values = sql.split(" VALUES ")
    rows = (
        re.sub(r"\$(\d+)", lambda found, before=row * width: f"${int(found[1]) + before}", values)  # type: ignore[misc]
        for row in range(count)
    )
    return f"{head} VALUES {', '.join(rows)}"


class CommitLostError(RuntimeError):
    """Error that the server answered a `COMMIT` by rolling the transaction back."""


class PostgresConnection(PostgresqlDatabase):
    """A connection to a PostgreSQL server, which commits each statement at once unless a transaction is begun."""

    leaves_copies: ClassVar[bool] = False
    without_rowid: ClassVar[bool] = False

    field_types: ClassVar[dict[str, str]] = {**PostgresqlDatabase.field_types, "AUTO": "BIGSERIAL"}

    def begin_snapshot(self) -> None:
        """Begin a read-only transaction, in which every read sees the same state of the database."""
        self._command(BEGIN_SNAPSHOT)

    def begin_write(self) -> None:
        """Begin a write transaction; first wait for the end of any other one, of this process or another.

        It locks the one row of the table `FeedHead` until it ends. The server ends a connection that is idle in it for
        30 s.
        """
        self._command(BEGIN_WRITE)

    def commit_write(self) -> None:
        """Commit the write transaction; return when it is durable.

        Raises:
            CommitLostError: where the server rolled the transaction back instead, which the driver does not report as
                an error.
        """
        if self._command("COMMIT") != "COMMIT":
            raise CommitLostError("the server rolled the transaction back")

    def undo(self) -> None:
        """End the current transaction, of reads or writes, and undo its changes."""
        self._command("ROLLBACK")

    def statement_cursor(self) -> Any:
        """Return a new cursor of this connection; all rows of a statement must be fetched before the next one runs.

        Pass it SQL with the server's placeholders, `$1` and so on: searching a long text for the driver's placeholders
        costs more than running it. Bytes arrive in binary form, not as hex digits.
        """
        cursor = psycopg.RawCursor(self.connection())
        cursor.format = psycopg.pq.Format.BINARY
        return cursor

    def placeholder(self, number: int) -> str:
        """Return the placeholder of the parameter at position `number`: `$1` for the first."""
        return f"${number}"

    def changed_rows(self, cursor: Any) -> int:
        """Return how many rows the statement inserted, updated or deleted that `cursor` ran just before."""
        count: int = cursor.rowcount
        return count

    def insert_rows(self, cursor: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run an `INSERT` of one row for many rows, up to 128 rows in one statement.

        The number of rows in a statement is always a power of two, so at most 8 different texts of one `INSERT` are
        prepared.

        Args:
            cursor: a cursor that `statement_cursor` returned.
            sql: the `INSERT`, with one placeholder for each value of a row and nothing after its `VALUES`.
            rows: the values of each row, in the order of the placeholders.
        """
        start, size = 0, _ROWS_AT_ONCE
        while start < len(rows):
            if size > len(rows) - start:
                size //= 2
                continue
            chunk = rows[start : start + size]
            cursor.execute(_inserting(sql, len(chunk[0]), size), [value for row in chunk for value in row])
            start += size

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Run the block in a transaction in which no other process migrates; first wait for one that does."""
        with self.atomic():
            self.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_MIGRATING,))
            yield

    def has_table(self, name: str) -> bool:
        """Return whether the database has a table called `name`."""
        return self.execute_sql("SELECT to_regclass(%s)", (name,)).fetchone()[0] is not None

    def try_background_lock(self) -> bool:
        """Begin a transaction and try to take the lock of background work; return whether it was free.

        False means that another connection has the lock. In both cases the transaction stays open until `undo`, which
        releases the lock. The server ends a connection that is idle in it for 60 s.
        """
        self._command("BEGIN; SET LOCAL idle_in_transaction_session_timeout = '60s'")
        row = self.execute_sql("SELECT pg_try_advisory_xact_lock(%s)", (_BACKGROUND,)).fetchone()
        return bool(row[0])

    def notify_peers(self, sender: str) -> None:
        """Notify the other server processes that this one has committed.

        Args:
            sender: the random id of this process, by which it ignores its own notifications.
        """
        self.execute_sql("SELECT pg_notify(%s, %s)", (CHANNEL, sender))

    def finish_erasing(self, *, patience_ms: int) -> bool:  # noqa: ARG002 - it holds nobody up
        """Remove dead rows from the tables `message` and `tombstone` by `VACUUM`; return True.

        A table that another connection has locked is passed over.

        Args:
            patience_ms: ignored.
        """
        self.execute_sql("VACUUM (SKIP_LOCKED) message, tombstone")
        return True

    def table_names(self) -> list[str]:
        """Return the names of all tables of the current schema, but not of those of extensions."""
        return [str(row[0]) for row in self.execute_sql(_TABLE_NAMES).fetchall()]

    def integrity_problems(self) -> list[str]:
        """Return a sentence for each index that the server has marked invalid; empty if there is none.

        It does not read the data files, which `pg_amcheck` checks.
        """
        rows = self.execute_sql(
            "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid "
            "WHERE relnamespace = current_schema()::regnamespace AND NOT indisvalid"
        ).fetchall()
        return [f"the index {name} is not valid" for (name,) in rows]

    def is_lost(self, error: BaseException) -> bool:
        """Return whether `error` means that the server is away, or has become a replica that takes no writes."""
        # Peewee's class says no more than the family of the driver's error, which a query of Peewee has as its context.
        cause = error.__context__ if isinstance(error, peewee.InternalError) else error
        return isinstance(cause, _LOST) and problem_of(error) is None

    def disk_problem(self, error: BaseException) -> DiskProblem | None:
        """Return the problem of the server's disk that `error` reports; None where it reports something else."""
        return problem_of(error)

    def get_context_options(self) -> dict[str, Any]:
        """Return Peewee's rendering options, with the function that renders the joining of bytes as `joined_bytes`."""
        options: dict[str, Any] = super().get_context_options()
        return options | {"joined_bytes": _joined_bytes}

    def _connect(self) -> Any:
        connection = super()._connect()
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise RuntimeError(f"the database's encoding is {encoding}; it must be UTF8")
        connection.prepared_max = _PREPARED
        # The server prepares a statement for each combination of types: one type for all numbers, flags among them.
        for kind in (int, bool):
            connection.adapters.register_dumper(kind, Int8BinaryDumper)
        return connection

    def _command(self, text: str) -> str:
        """Run an SQL text that begins or ends a transaction; return the name of its last command, such as `COMMIT`.

        The text goes straight to libpq: beginning and ending a transaction through a cursor of the driver would cost as
        much as reading a page between them.

        Raises:
            psycopg.Error: of the class that a cursor would raise.
        """
        pgconn = self.connection().pgconn
        result = pgconn.exec_(text.encode())
        if result.status in _DONE:
            return (result.command_status or b"").decode()
        if pgconn.status == ConnStatus.BAD:
            raise psycopg.OperationalError("the connection to the database is lost")
        raise psycopg.errors.error_from_result(result)


def _joined_bytes(column: Node, order: Node) -> Node:
    return fn.STRING_AGG(column, SQL("''")).order_by(order)


class PostgresAddress:
    """Address of a database on a PostgreSQL server.

    Args:
        url: a connection URL or string as libpq takes it. Of several hosts, the first that accepts writes is used,
            unless the URL says otherwise.
        prepare_statements: whether repeated statements are prepared, once for each connection.
        replica: whether the URL is that of the setting `standby_url`: then a server that accepts no writes will do too,
            and errors name that setting.

    Attributes:
        parameters: the connection parameters for the driver: those of the URL, and defaults for the others.
        place: where the database is, for the log: its name, host and port.

    Raises:
        InvalidArgumentError: `MALFORMED` where libpq cannot parse the URL. The text does not repeat the URL, which may
            contain a password.
    """

    def __init__(self, url: str, *, prepare_statements: bool = True, replica: bool = False) -> None:
        self._prepare_statements = prepare_statements
        try:
            parameters = conninfo_to_dict(url)
        except psycopg.Error:
            # From None: libpq's text repeats the URL with its password.
            raise InvalidArgumentError(
                Reason.MALFORMED,
                "the database's URL is not one that PostgreSQL takes",
                field="standby_url" if replica else "database",
            ) from None
        defaults = _STANDBY_DEFAULTS if replica else _DEFAULTS
        self.parameters: dict[str, Any] = defaults | parameters | {"client_encoding": "utf8"}
        self.parameters.setdefault("dbname", parameters.get("user"))
        host, port = (self.parameters.get(name, "the default") for name in ("host", "port"))
        self.place = f"{self.parameters['dbname']}, host {host}, port {port}"

    def connect(self) -> PostgresConnection:
        """Open a new connection and return it.

        Raises:
            RuntimeError: where the encoding of the database is not UTF8.
        """
        others = {name: value for name, value in self.parameters.items() if name != "dbname"}
        if not self._prepare_statements:
            others["prepare_threshold"] = None
        database = PostgresConnection(self.parameters["dbname"], prefer_psycopg3=True, thread_safe=False, **others)
        database.connect()
        return database

    def require_existing(self) -> None:
        """Raise an error where the database lacks the tables of this server; otherwise do nothing.

        Raises:
            InvalidArgumentError: `OUT_OF_BOUNDS` where the database has no table `feed_head`.
        """
        database = self.connect()
        try:
            if not database.has_table("feed_head"):
                raise InvalidArgumentError(
                    Reason.OUT_OF_BOUNDS, "the database has no tables of this server", field="database"
                )
        finally:
            database.close()

    def require_writable(self) -> None:
        """Do nothing: a connection is made to a server that takes writes."""

    def reserve(self) -> None:
        """Do nothing: several processes may share the database of a server."""

    def close(self) -> None:
        """Do nothing: this address has no lock and no temporary file."""
