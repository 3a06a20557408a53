"""A write transaction: statements, the numbers it assigned, and the changes it will append to the feed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.records import FeedPosition
from backscroll_server.domain.retention import Retention
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Statement
from backscroll_server.storage.tables.changes import Change, append, feed_position
from backscroll_server.storage.tables.id_cache import IdCache, add_users


class Transaction(Session):
    """One transaction of the writer. Operations check first and write after, so that a refused one wrote nothing.

    Attributes:
        writes: how many statements have changed something so far.
    """

    def __init__(self, session: Session, directory: IdCache, now: int, retention: Retention) -> None:
        super().__init__(session.database, now=now, retention=retention)
        self.writes = 0
        self._directory = directory
        self._changes: list[Change] = []
        self._users: dict[str, int] = {}
        self._conversations: dict[str, int] = {}

    def run(self, statement: Statement, **values: object) -> int:
        """Run a change; return how many rows it touched."""
        self.writes += 1
        return super().run(statement, **values)

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a change once for each row of values."""
        self.writes += len(rows)
        super().many(statement, rows)

    def insert(self, statement: Statement, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a change once for each named tuple."""
        self.writes += len(rows)
        super().insert(statement, rows)

    def user(self, user_id: str) -> int | None:
        """Return the user's number, or None for one never seen."""
        return self._users.get(user_id) or self._directory.user(self, user_id)

    def users(self, user_ids: Iterable[str]) -> dict[str, int]:
        """Return the numbers of those users that were ever seen."""
        ids = list(user_ids)
        found = self._directory.users(self, (name for name in ids if name not in self._users))
        return found | {name: self._users[name] for name in ids if name in self._users}

    def ensure_users(self, user_ids: Iterable[str]) -> dict[str, int]:
        """Return the numbers of users, given out where they have none."""
        ids = list(dict.fromkeys(user_ids))
        known = self.users(ids)
        missing = [user_id for user_id in ids if user_id not in known]
        if missing:
            added = add_users(self, missing)
            self._users.update(added)
            known.update(added)
        return known

    def name(self, user: int) -> str:
        """Return the id of a user."""
        for name, number in self._users.items():
            if number == user:
                return name
        return self._directory.name(self, user)

    def conversation(self, conversation_id: str) -> int | None:
        """Return the conversation's number, or None for one that does not exist."""
        return self._conversations.get(conversation_id) or self._directory.conversation(self, conversation_id)

    def created(self, conversation_id: str, number: int) -> None:
        """Note a conversation that this transaction created."""
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
    ) -> None:
        """Add a change to the feed; see the table `Feed`. User 0 is every member of the conversation."""
        self.writes += 1
        self._changes.append(
            # Plain numbers: the driver binds an enumeration or a bool several times slower.
            Change(
                conversation, user, int(kind), actor, first, last, int(scope), self.now, device_id, int(moves_list), 0,
                due_time, moves_read,
            )
        )  # fmt: skip

    def end_call(self) -> None:
        """Close the changes of one call: a reader gets all of them or none."""
        if self._changes and not self._changes[-1].call_end:
            self._changes[-1] = self._changes[-1]._replace(call_end=1)

    def finish(self) -> FeedPosition:
        """Store the changes, as the last thing before the commit; return the position that holds them."""
        return append(self, self._changes) if self._changes else feed_position(self)

    def remember(self) -> None:
        """Cache the numbers assigned by this transaction. Call it after the commit."""
        self._directory.remember(self._users, self._conversations)
