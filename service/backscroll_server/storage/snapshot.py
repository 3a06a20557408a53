"""A moment of the database to read from."""

from collections.abc import Hashable, Iterable
from typing import Any

from backscroll_server.domain.records import FeedPosition
from backscroll_server.domain.retention import Retention
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.changes import feed_position
from backscroll_server.storage.tables.id_cache import IdCache


class Snapshot(Session):
    """Reads on one connection, with cached ids of users and conversations. The caller sets `now` before reading.

    Attributes:
        memory: values shared by the readers of this snapshot; emptied at its end.
    """

    def __init__(self, database: Connection, directory: IdCache, retention: Retention) -> None:
        super().__init__(database, retention=retention)
        self._directory = directory
        self.memory: dict[Hashable, Any] = {}
        self._known_user = directory.known_user
        self._known_conversation = directory.known_conversation

    def user(self, user_id: str) -> int | None:
        """Return the user's number, or None for one never seen."""
        number = self._known_user(user_id)
        if number is None:
            number = self._directory.user(self, user_id)
            if number is not None:
                self._directory.remember({user_id: number}, {})
        return number

    def users(self, user_ids: Iterable[str]) -> dict[str, int]:
        """Return the numbers of those users that were ever seen."""
        found = self._directory.users(self, user_ids)
        self._directory.remember(found, {})
        return found

    def names(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the ids of users by their numbers."""
        return self._directory.names(self, numbers)

    def conversation(self, conversation_id: str) -> int | None:
        """Return the conversation's number, or None for one that does not exist."""
        number = self._known_conversation(conversation_id)
        if number is None:
            number = self._directory.conversation(self, conversation_id)
            if number is not None:
                self._directory.remember({}, {conversation_id: number})
        return number

    def position(self) -> FeedPosition:
        """Return the newest position of the feed that this moment holds."""
        return feed_position(self)
