"""Write transactions, with the internal numbers that they assign and the changes that they append to the feed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peewee import Query

from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.records import FeedPosition
from backscroll_server.domain.retention import Retention
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Statement
from backscroll_server.storage.tables.changes import FeedRow, append, feed_position
from backscroll_server.storage.tables.conversation_numbers import conversations_among
from backscroll_server.storage.tables.conversations import set_join_positions
from backscroll_server.storage.tables.id_cache import IdCache, add_users


class Transaction(Session):
    """One write transaction. Operations check everything before they write, so that a refused one wrote nothing.

    Args:
        session: the session on which the transaction was begun.
        directory: the cache of internal numbers of users and conversations.
        now: the time of the transaction, in microseconds.
        retention: for how long messages are kept.

    Attributes:
        writes: the number of statements run and changes recorded so far; while it stays, nothing is written.
    """

    def __init__(self, session: Session, directory: IdCache, now: int, retention: Retention) -> None:
        super().__init__(session.database, now=now, retention=retention)
        self.writes = 0
        self._directory = directory
        self._changes: list[FeedRow] = []
        self._users: dict[str, int] = {}
        self._conversations: dict[str, int] = {}

    def run(self, statement: Statement, **values: object) -> int:
        """Run a statement that inserts, updates or deletes rows; return the number of those rows."""
        self.writes += 1
        return super().run(statement, **values)

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement that changes the database once for each of `rows`, which are values by parameter name."""
        self.writes += len(rows)
        super().many(statement, rows)

    def insert(self, statement: Statement, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run an `INSERT` of one row once for each of `rows`, whose fields are named as the statement's parameters."""
        self.writes += len(rows)
        super().insert(statement, rows)

    def change(self, query: Query) -> int:
        """Render a Peewee query that inserts, updates or deletes rows, and run it; return the number of those rows."""
        self.writes += 1
        return super().change(query)

    def user(self, user_id: str) -> int | None:
        """Return the internal number of a user, or None where the user id was never stored.

        Cost: one index seek, or none where the number is cached.
        """
        return self._users.get(user_id) or self._directory.user(self, user_id)

    def users(self, user_ids: Iterable[str]) -> dict[str, int]:
        """Return the internal numbers of users by user id, without ids that were never stored.

        Cost: one index seek for each number that is not cached.
        """
        ids = list(user_ids)
        found = self._directory.users(self, (name for name in ids if name not in self._users))
        return found | {name: self._users[name] for name in ids if name in self._users}

    def ensure_users(self, user_ids: Iterable[str]) -> dict[str, int]:
        """Return the internal numbers of users by user id; assign a number to each user that has none.

        Cost: one index seek for each number that is not cached, and one row for each that is assigned.
        """
        ids = list(dict.fromkeys(user_ids))
        known = self.users(ids)
        missing = [user_id for user_id in ids if user_id not in known]
        if missing:
            added = add_users(self, missing)
            self._users.update(added)
            known.update(added)
        return known

    def name(self, user: int) -> str:
        """Return the user id of the user with the internal number `user`."""
        for name, number in self._users.items():
            if number == user:
                return name
        return self._directory.name(self, user)

    def conversation(self, conversation_id: str) -> int | None:
        """Return the internal number of a conversation, or None where it does not exist.

        Cost: one index seek, or none where the number is cached.
        """
        return self._conversations.get(conversation_id) or self._directory.conversation(self, conversation_id)

    def knows(self, conversation_id: str) -> bool:
        """Return whether the number of a conversation is cached, or of one that this transaction created."""
        return conversation_id in self._conversations or self._directory.known_conversation(conversation_id) is not None

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
        return conversations_among(self._directory.numbered(self, (number for number, _ in requested)), requested)

    def created(self, conversation_id: str, number: int) -> None:
        """Record the internal number of a conversation that this transaction created, for `conversation`."""
        self._conversations[conversation_id] = number

    def record_change(
        self,
        kind: ChangeKind,
        *,
        conversation: int = 0,
        user: int = 0,
        actor: int = 0,
        first: int = 0,
        last: int = 0,
        scope: int = 0,
        device_id: str = "",
        moves_list: bool = False,
        due_time: int = 0,
        moves_read: int = 0,
        first_seen: int = 0,
    ) -> None:
        """Add a change to those that `finish` appends to the feed; the time of the change is that of the transaction.

        Args:
            kind: the kind of the change.
            conversation: the internal number of the conversation; 0 for a change that concerns one user alone.
            user: the internal number of the one user whom the change concerns; 0 for every member of the conversation.
            actor: the internal number of the user who made the change; 0 for none.
            first: the first sequence that the change concerns; of a member added, removed or updated, the member's
                internal number. It depends on the kind, as do `last` and `scope`.
            last: the last sequence that the change concerns.
            scope: a `DeletionScope`; of a member added, a `Join`.
            device_id: the device that made the change.
            moves_list: whether the conversation rises in the list of the users whom the change concerns.
            due_time: the time at which the first message that this change marks as read burns, in microseconds; 0 for
                none.
            moves_read: of a message, 1 if it moves its sender's read position, otherwise 0.
            first_seen: of a member added, the first sequence that becomes visible to the member by it, 0 for none.
        """
        self.writes += 1
        self._changes.append(
            # Plain numbers: the driver binds an enumeration or a bool several times slower.
            FeedRow(
                0, 0, conversation, user, int(kind), actor, first, last, int(scope), self.now, device_id,
                int(moves_list), 0, due_time, moves_read, first_seen,
            )
        )  # fmt: skip

    def end_call(self) -> None:
        """Mark the last recorded change as the end of a call, whose changes readers of the feed get together."""
        if self._changes and not self._changes[-1].call_end:
            self._changes[-1] = self._changes[-1]._replace(call_end=1)

    def finish(self) -> FeedPosition:
        """Append the recorded changes to the feed, as the last statements before the commit.

        Each join is stored with the feed position of its change, which is known only now.

        Returns:
            the feed position of the last change; without changes, the newest feed position.
        """
        if not self._changes:
            return feed_position(self)
        last = append(self, self._changes)
        first = last.position - len(self._changes) + 1
        set_join_positions(
            self,
            [
                (change.first_sequence, change.conversation, position)
                for position, change in enumerate(self._changes, start=first)
                if change.kind == ChangeKind.MEMBER_ADDED
            ],
        )
        return last

    def remember(self) -> None:
        """Add the internal numbers that this transaction assigned to the cache; to be called after the commit."""
        self._directory.remember(self._users, self._conversations)
