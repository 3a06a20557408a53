"""The numbers of users and conversations, which never change once given out, with a cache of committed ones."""

from collections.abc import Callable, Iterable, Sequence

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
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
    """Translates between the ids of users and conversations and their numbers in the database, and caches these.

    Attributes:
        known_user: the number of a user id, where it is cached.
        known_conversation: the number of a conversation id, where it is cached.
    """

    def __init__(self) -> None:
        self._users: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._conversations: dict[str, int] = {}
        self.known_user: Callable[[str], int | None] = self._users.get
        self.known_conversation: Callable[[str], int | None] = self._conversations.get

    def user(self, session: Runner, user_id: str) -> int | None:
        """Return the user's number, or None for one never seen. One seek, or none."""
        number = self._users.get(user_id)
        return self.users(session, [user_id]).get(user_id) if number is None else number

    def users(self, session: Runner, user_ids: Iterable[str]) -> dict[str, int]:
        """Return the numbers of known users. Cached only when read outside a transaction that adds users."""
        ids = list(dict.fromkeys(user_ids))
        known = {user_id: number for user_id in ids if (number := self._users.get(user_id)) is not None}
        missing = [user_id for user_id in ids if user_id not in known]
        if missing:
            known.update((name, number) for name, number in session.listed(_user_numbers, missing))
        return known

    def names(self, session: Runner, numbers: Iterable[int]) -> dict[int, str]:
        """Return the ids of users by their numbers."""
        ids = set(numbers) - {0}
        known = {number: name for number in ids if (name := self._names.get(number)) is not None}
        missing = sorted(ids - known.keys())
        if missing:
            found = {number: name for name, number in session.listed(_user_names, missing)}
            known.update(found)
        return known

    def name(self, session: Runner, number: int) -> str:
        """Return the id of one user."""
        return self._names.get(number) or self.names(session, [number])[number]

    def conversation(self, session: Runner, conversation_id: str) -> int | None:
        """Return the conversation's number, or None for one that does not exist. One seek, or none."""
        number = self._conversations.get(conversation_id)
        if number is None:
            row = session.one(_conversation_number, conversation_id=conversation_id)
            number = row[0] if row else None
        return number

    def remember(self, users: dict[str, int], conversations: dict[str, int]) -> None:
        """Cache numbers that a transaction read or assigned; call it after its commit."""
        if len(self._users) + len(users) > _CACHE_SIZE:
            self._users.clear()
            self._names.clear()
        if len(self._conversations) + len(conversations) > _CACHE_SIZE:
            self._conversations.clear()
        self._users.update(users)
        self._names.update((number, name) for name, number in users.items())
        self._conversations.update(conversations)

    def forget(self) -> None:
        """Empty the cache: another server may hold another history."""
        self._users.clear()
        self._names.clear()
        self._conversations.clear()


def add_users(session: Session, user_ids: Sequence[str]) -> dict[str, int]:
    """Give numbers to users never seen; return all of them. For use inside a transaction."""
    session.many(_add_user, [{"user_id": user_id} for user_id in user_ids])
    return dict(session.listed(_user_numbers, user_ids))
