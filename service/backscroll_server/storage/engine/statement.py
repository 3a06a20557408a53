"""Peewee queries rendered once and run many times.

Building and rendering a query costs several times what running it does, so hot paths hold `Statement`s: module-level
queries whose parameters are named by `param`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from peewee import EnclosedNodeList, Query, Value

from backscroll_server.domain.retention import Retention
from backscroll_server.storage.engine.connection import Connection

_CHUNK = 256


class _Param(NamedTuple):
    name: str


def param(name: str) -> Value:
    """Return a placeholder whose value is given when the statement runs."""
    return Value(_Param(name), converter=False, unpack=False)


Binder = Callable[[Mapping[str, Any]], Sequence[Any]]
"""Turns named values into the parameters of a statement."""


RowBinder = Callable[[tuple[Any, ...]], Sequence[Any]]
"""Turns a named tuple into the parameters of a statement."""


class Statement:
    """A query that is rendered once for each kind of database."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._rendered: dict[type[Connection], tuple[str, Binder]] = {}
        self._row_binders: dict[tuple[type[Connection], type[tuple[Any, ...]]], RowBinder] = {}

    def rendered(self, database: Connection) -> tuple[str, Binder]:
        """Return the SQL text for a database, and what turns named values into its parameters."""
        kind = type(database)
        if kind not in self._rendered:
            sql, parameters = database.get_sql_context().sql(self._query).query()
            self._rendered[kind] = _with_literals(sql, parameters, database)
        return self._rendered[kind]

    def row_binder(self, database: Connection, row_type: type[tuple[Any, ...]]) -> RowBinder:
        """Return the function that turns a named tuple into the statement's parameters.

        Always a plain tuple: SQLite's driver reads one without asking each value of it, which is noticeable in a row.
        """
        key = (type(database), row_type)
        if key not in self._row_binders:
            names = self.names(database)
            fields: tuple[str, ...] = row_type._fields  # type: ignore[attr-defined]
            in_order = list(fields) == names
            self._row_binders[key] = tuple if in_order else itemgetter(*(fields.index(name) for name in names))
        return self._row_binders[key]

    def names(self, database: Connection) -> list[str]:
        """Return the names of its parameters, in the order of its text."""
        _, parameters = database.get_sql_context().sql(self._query).query()
        return [parameter.name for parameter in parameters if isinstance(parameter, _Param)]


def _with_literals(sql: str, parameters: Sequence[Any], database: Connection) -> tuple[str, Binder]:
    """Put constants into the text and leave only named parameters.

    SQLite plans a statement again whenever a parameter of its LIMIT is bound, which is a noticeable part of a page's
    cost.
    """
    text, *rest = sql.split(database.param)
    names = []
    for parameter, following in zip(parameters, rest, strict=True):
        if isinstance(parameter, _Param):
            names.append(parameter.name)
            text += database.placeholder(len(names)) + following
        elif isinstance(parameter, int):
            text += str(int(parameter)) + following
        else:
            raise TypeError(f"only numbers can be constants of a statement, not {type(parameter).__name__}")
    return text, _binder(names)


def _binder(names: Sequence[str]) -> Binder:
    if not names:
        return lambda _: ()
    if len(names) == 1:
        name = names[0]
        return lambda values: (values[name],)
    getter: Binder = itemgetter(*names)
    return getter


_KEY_NAMES = [f"key_{i}" for i in range(4 * _CHUNK)]


class ListStatement:
    """A query with a list of keys in it; lists are padded so that few statements are ever rendered.

    Args:
        build: makes the query for the node that stands for the list.
        width: how many values one key has.
    """

    def __init__(self, build: Callable[[EnclosedNodeList], Query], *, width: int = 1) -> None:
        self._width = width
        self._build = build
        self._sized = lru_cache(maxsize=16)(self._statement)

    def _statement(self, size: int) -> Statement:
        keys: list[Any] = []
        for i in range(size):
            parts = [param(_KEY_NAMES[i * self._width + j]) for j in range(self._width)]
            keys.append(parts[0] if self._width == 1 else EnclosedNodeList(parts))
        return Statement(self._build(EnclosedNodeList(keys)))

    def chunks(self, keys: Sequence[Any]) -> "list[tuple[Statement, dict[str, Any]]]":
        """Return the statements to run for `keys` with their values: at most 256 keys in one."""
        chunks = []
        for start in range(0, len(keys), _CHUNK):
            chunk = list(keys[start : start + _CHUNK])
            size = 1 << (len(chunk) - 1).bit_length()
            chunk += [chunk[-1]] * (size - len(chunk))
            flat = chunk if self._width == 1 else [part for key in chunk for part in key]
            chunks.append((self._sized(size), dict(zip(_KEY_NAMES, flat, strict=False))))
        return chunks


class Runner(Protocol):
    """A snapshot or a transaction: anything that runs statements.

    Attributes:
        now: the time for everything that depends on it, in microseconds.
        retention: for how long messages are kept.
    """

    now: int
    retention: Retention

    def all(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        """Return every row."""
        ...

    def one(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        """Return the first row, fetched to the end, or None."""
        ...

    def listed(self, statement: ListStatement, keys: Sequence[Any], **values: object) -> list[tuple[Any, ...]]:
        """Return the rows for all `keys`."""
        ...
