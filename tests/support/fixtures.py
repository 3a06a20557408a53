"""Types of the fixtures that every test may use, and the kind of database that the tests run on."""

import itertools
import os
import uuid
from collections.abc import Callable
from typing import Any

from backscroll_server.storage.engine.address import DatabaseAddress

KIND = "BACKSCROLL_TEST_DATABASE"
"""`postgres` runs the tests on PostgreSQL instead of SQLite files."""

NewDatabase = Callable[[], str]
"""Answers the URL of a fresh database."""

CopyDatabase = Callable[[str], str]
"""Answers the URL of a copy."""

_numbers = itertools.count(1)


class Ids:
    """Ids that no other test has."""

    def __init__(self) -> None:
        self._prefix = uuid.uuid4().hex[:8]

    def user(self, name: str = "user") -> str:
        """A new user's id."""
        return f"{name}-{self._prefix}-{next(_numbers)}"

    def users(self, count: int) -> list[str]:
        """Some new users' ids."""
        return [self.user(f"user{index}") for index in range(count)]

    def group(self, name: str = "group") -> str:
        """A new source id."""
        return f"{name}-{self._prefix}-{next(_numbers)}"


def on_postgres() -> bool:
    """Whether the tests run on PostgreSQL."""
    return os.environ.get(KIND) == "postgres"


def peewee_database(url: str) -> Any:
    """A connected database as Peewee knows it: with more methods than the server uses."""
    return DatabaseAddress(url).connect()
