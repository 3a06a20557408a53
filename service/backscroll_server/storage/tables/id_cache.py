"""The numbers of users and conversations, which never change once assigned, and a cache of committed ones."""

from collections.abc import Callable, Iterable, Sequence

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.conversation_numbers import NumberedMessages, numbered_messages
from backscroll_server.storage.tables.models import Conversation, User

_CACHE_SIZE = 200_000

_user_numbers = ListStatement(lambda keys: User.select(User.user_id, User.id).where(User.user_id.in_(keys)))
_user_names = ListStatement(lambda keys: User.select(User.user_id, User.id).where(User.id.in_(keys)))
# `DO UPDATE` that never applies, because on SQLite Peewee's "ignore" would also swallow other violations.
_add_user = Statement(
    User.insert({User.user_id: param("user_id"), User.receive_option: 1, User.muted_until: 0}).on_conflict(
        conflict_target=[User.user_id], preserve=[User.user_id], where=(User.id < 0)
    )
)
_conversation_number = Statement(
    Conversation.select(Conversation.id).where(Conversation.conversation_id == param("conversation_id"))
)


class IdCache:
    """Translates between ids of users and conversations and their numbers in the database, with a cache.

    Attributes:
        known_user: returns the internal number of a user id if it is cached, otherwise None.
        known_conversation: returns the internal number of a conversation id if it is cached, otherwise None.
    """

    def __init__(self) -> None:
        self._users: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._conversations: dict[str, int] = {}
        self._numbered: dict[int, NumberedMessages] = {}
        self.known_user: Callable[[str], int | None] = self._users.get
        self.known_conversation: Callable[[str], int | None] = self._conversations.get

    def user(self, session: Runner, user_id: str) -> int | None:
        """Return the internal number of a user, or None where the user id was never stored.

        The result is not added to the cache. Cost: one index seek, or none where the number is cached.
        """
        number = self._users.get(user_id)
        return self.users(session, [user_id]).get(user_id) if number is None else number

    def users(self, session: Runner, user_ids: Iterable[str]) -> dict[str, int]:
        """Return the internal numbers of users by user id, without ids that were never stored.

        The result is not added to the cache, because a transaction that added users may yet fail; see `remember`. Cost:
        one index seek for each number that is not cached.
        """
        ids = list(dict.fromkeys(user_ids))
        known = {user_id: number for user_id in ids if (number := self._users.get(user_id)) is not None}
        missing = [user_id for user_id in ids if user_id not in known]
        if missing:
            known.update((name, number) for name, number in session.listed(_user_numbers, missing))
        return known

    def names(self, session: Runner, numbers: Iterable[int]) -> dict[int, str]:
        """Return the user ids of users by internal number, without numbers that do not exist.

        Cost: one key seek for each id that is not cached.
        """
        ids = set(numbers) - {0}
        known = {number: name for number in ids if (name := self._names.get(number)) is not None}
        missing = sorted(ids - known.keys())
        if missing:
            found = {number: name for name, number in session.listed(_user_names, missing)}
            known.update(found)
        return known

    def name(self, session: Runner, number: int) -> str:
        """Return the user id of the user with the internal number `number`.

        Cost: one key seek, or none where the id is cached.

        Raises:
            KeyError: where no user has that number.
        """
        return self._names.get(number) or self.names(session, [number])[number]

    def conversation(self, session: Runner, conversation_id: str) -> int | None:
        """Return the internal number of a conversation, or None where it does not exist.

        The result is not added to the cache. Cost: one index seek, or none where the number is cached.
        """
        number = self._conversations.get(conversation_id)
        return self.look_up(session, conversation_id) if number is None else number

    def look_up(self, session: Runner, conversation_id: str) -> int | None:
        """Return the internal number of a conversation from the database, also where it is cached.

        Cost: one index seek.
        """
        row = session.one(_conversation_number, conversation_id=conversation_id)
        return row[0] if row else None

    def numbered(self, session: Runner, numbers: Iterable[int]) -> dict[int, NumberedMessages]:
        """Return the messages whose ids begin with public numbers, by number; unknown numbers are left out.

        The result is not added to the cache. Cost: one key seek for each number that is not cached.
        """
        requested = list(dict.fromkeys(numbers))
        known = {number: found for number in requested if (found := self._numbered.get(number)) is not None}
        missing = [number for number in requested if number not in known]
        return known | numbered_messages(session, missing) if missing else known

    def remember_numbered(self, numbered: dict[int, NumberedMessages]) -> None:
        """Add messages by public number to the cache; only committed ones. At 200,000 it is emptied first."""
        if len(self._numbered) + len(numbered) > _CACHE_SIZE:
            self._numbered.clear()
        self._numbered.update(numbered)

    def remember(self, users: dict[str, int], conversations: dict[str, int]) -> None:
        """Add internal numbers by id to the cache; only numbers that are committed.

        At 200,000 users or conversations the cache of these is emptied first.
        """
        if len(self._users) + len(users) > _CACHE_SIZE:
            self._users.clear()
            self._names.clear()
        if len(self._conversations) + len(conversations) > _CACHE_SIZE:
            self._conversations.clear()
        self._users.update(users)
        self._names.update((number, name) for name, number in users.items())
        self._conversations.update(conversations)

    def forget(self) -> None:
        """Empty the cache, because the database may have been replaced by one with other numbers."""
        self._users.clear()
        self._names.clear()
        self._conversations.clear()
        self._numbered.clear()


def add_users(session: Session, user_ids: Sequence[str]) -> dict[str, int]:
    """Assign internal numbers to users without one; return the internal numbers of all `user_ids` by user id.

    To be called within a write transaction. Cost: one row written for each new user.
    """
    session.many(_add_user, [{"user_id": user_id} for user_id in user_ids])
    return dict(session.listed(_user_numbers, user_ids))
