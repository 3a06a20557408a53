"""Snapshots: read transactions in which every read sees the same state of the database."""

from collections.abc import Hashable, Iterable
from typing import Any

from backscroll_server.domain.records import FeedPosition
from backscroll_server.domain.retention import Retention
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.changes import feed_position
from backscroll_server.storage.tables.conversation_numbers import conversations_among
from backscroll_server.storage.tables.id_cache import IdCache


class Snapshot(Session):
    """A session for reads that all see the same state of the database. The caller sets `now` before reading.

    Args:
        database: the connection to read on.
        directory: the cache of internal numbers of users and conversations.
        retention: for how long messages are kept.

    Attributes:
        memory: values that the reads of this snapshot share; emptied at its end.
    """

    def __init__(self, database: Connection, directory: IdCache, retention: Retention) -> None:
        super().__init__(database, retention=retention)
        self._directory = directory
        self.memory: dict[Hashable, Any] = {}
        self._known_user = directory.known_user
        self._known_conversation = directory.known_conversation

    def user(self, user_id: str) -> int | None:
        """Return the internal number of a user, or None where the user id was never stored.

        Cost: one index seek, or none where the number is cached.
        """
        number = self._known_user(user_id)
        if number is None:
            number = self._directory.user(self, user_id)
            if number is not None:
                self._directory.remember({user_id: number}, {})
        return number

    def users(self, user_ids: Iterable[str]) -> dict[str, int]:
        """Return the internal numbers of users by user id, without ids that were never stored.

        Cost: one index seek for each number that is not cached.
        """
        found = self._directory.users(self, user_ids)
        self._directory.remember(found, {})
        return found

    def names(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the user ids of users by internal number, without numbers that do not exist.

        Cost: one key seek for each id that is not cached.
        """
        return self._directory.names(self, numbers)

    def conversation(self, conversation_id: str) -> int | None:
        """Return the internal number of a conversation, or None where it does not exist.

        Cost: one index seek, or none where the number is cached.
        """
        number = self._known_conversation(conversation_id)
        if number is None:
            number = self._directory.conversation(self, conversation_id)
            if number is not None:
                self._directory.remember({}, {conversation_id: number})
        return number

    def knows(self, conversation_id: str) -> bool:
        """Return whether the number of a conversation is cached."""
        return self._known_conversation(conversation_id) is not None

    def look_up(self, conversation_id: str) -> None:
        """Run the statement that finds the number of a conversation, for nothing but what it costs.

        After it, a refusal for one whose number was cached has cost the same as for one that does not exist.
        """
        self._directory.look_up(self, conversation_id)

    def conversations_of(self, messages: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """Return the internal numbers of the conversations of messages, named by public number and sequence.

        Numbers that no conversation has are left out, and sequences whose messages have another number.

        Cost: one key seek for each public number that is not cached.
        """
        requested = list(messages)
        found = self._directory.numbered(self, (number for number, _ in requested))
        self._directory.remember_numbered(found)
        return conversations_among(found, requested)

    def position(self) -> FeedPosition:
        """Return the newest feed position in this snapshot. Cost: one row read, once for each snapshot."""
        position: FeedPosition | None = self.memory.get("position")
        if position is None:
            position = self.memory["position"] = feed_position(self)
        return position
