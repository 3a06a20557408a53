"""Peewee queries rendered once and run many times.

Every query is a Peewee query over the fields of the models. Building and rendering one costs several times what running
it does: 0.1 ms and more against a few microseconds. So what runs in a send, a page or the feed, or once for each of
many conversations, is a `Statement`: a query at the level of its module, whose parameters are named by `param`. What
runs rarely is plain Peewee: a query with its values in it, written where it is used, and run by `Session.query` or
`Session.change`.
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
    """Return a node that stands for a parameter in a query; its value is given, by `name`, when the statement runs."""
    return Value(_Param(name), converter=False, unpack=False)


Binder = Callable[[Mapping[str, Any]], Sequence[Any]]
"""Function that returns the parameters of a statement in order, from values by name."""


RowBinder = Callable[[tuple[Any, ...]], Sequence[Any]]
"""Function that returns the parameters of a statement in order, from a named tuple."""


class Statement:
    """A query that is rendered as SQL once for each kind of database, and run many times.

    Args:
        query: the query. Its parameters are made by `param`; its only constants are integers.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._rendered: dict[type[Connection], tuple[str, Binder]] = {}
        self._row_binders: dict[tuple[type[Connection], type[tuple[Any, ...]]], RowBinder] = {}

    def rendered(self, database: Connection) -> tuple[str, Binder]:
        """Return the SQL text for a kind of database, and the function that orders named values as its parameters.

        Raises:
            TypeError: where a constant of the query is not an integer.
        """
        kind = type(database)
        if kind not in self._rendered:
            sql, parameters = database.get_sql_context().sql(self._query).query()
            self._rendered[kind] = _with_literals(sql, parameters, database)
        return self._rendered[kind]

    def row_binder(self, database: Connection, row_type: type[tuple[Any, ...]]) -> RowBinder:
        """Return the function that turns a named tuple of `row_type` into the statement's parameters.

        The parameters are a plain tuple, which SQLite's driver reads noticeably faster than a named one.
        """
        key = (type(database), row_type)
        if key not in self._row_binders:
            names = self.names(database)
            fields: tuple[str, ...] = row_type._fields  # type: ignore[attr-defined]
            in_order = list(fields) == names
            self._row_binders[key] = tuple if in_order else itemgetter(*(fields.index(name) for name in names))
        return self._row_binders[key]

    def names(self, database: Connection) -> list[str]:
        """Return the names of the statement's parameters, in the order of its SQL text for a kind of database."""
        _, parameters = database.get_sql_context().sql(self._query).query()
        return [parameter.name for parameter in parameters if isinstance(parameter, _Param)]


def _with_literals(sql: str, parameters: Sequence[Any], database: Connection) -> tuple[str, Binder]:
    """Return an SQL text with its constants written out, and the function that orders its named parameters.

    SQLite plans a statement again whenever a parameter of its LIMIT is bound, which is a noticeable part of a page's
    cost.

    Args:
        sql: the text, with a placeholder for each constant and each named parameter.
        parameters: the constants and named parameters, in the order of the placeholders.
        database: a connection to the kind of database.

    Raises:
        TypeError: where a constant is not an integer.
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
    """A query for a list of keys, padded to a power of two by its last key so that few statements are rendered.

    For an empty list no statement runs.

    Args:
        build: makes the query, given the node that stands for the list of keys.
        width: the number of values in one key; with more than one, each key is a tuple.
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
        """Return pairs of a statement and its values by name, each for at most 256 of `keys`, together for all."""
        chunks = []
        for start in range(0, len(keys), _CHUNK):
            chunk = list(keys[start : start + _CHUNK])
            size = 1 << (len(chunk) - 1).bit_length()
            chunk += [chunk[-1]] * (size - len(chunk))
            flat = chunk if self._width == 1 else [part for key in chunk for part in key]
            chunks.append((self._sized(size), dict(zip(_KEY_NAMES, flat, strict=False))))
        return chunks


class Runner(Protocol):
    """Interface of a snapshot or a transaction: a connection that runs queries.

    Attributes:
        now: the current time for expiry and burn after reading, in microseconds since 1970.
        retention: for how long messages are kept.
    """

    now: int
    retention: Retention

    def all(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        """Run a query with `values` by parameter name; return all of its rows."""
        ...

    def one(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        """Run a query with `values` by parameter name; return its first row, or None if it has no rows."""
        ...

    def listed(self, statement: ListStatement, keys: Sequence[Any], **values: object) -> list[tuple[Any, ...]]:
        """Run a query for `keys`, with `values` by name for its other parameters; return the rows for all keys."""
        ...

    def query(self, query: Query) -> list[tuple[Any, ...]]:
        """Render a Peewee query that has its values in it, run it and return all of its rows; for what runs rarely."""
        ...
