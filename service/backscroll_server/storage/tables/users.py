"""Settings of users for all of their conversations."""

from collections.abc import Sequence

from backscroll_server.domain.records import UserOptions
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.models import User

_options = Statement(User.select(User.receive_option, User.muted_until).where(User.id == param("user")))
_receive_options = ListStatement(
    lambda keys: User.select(User.id, User.receive_option).where(User.id.in_(keys) & (User.receive_option != 1))
)


def user_options(session: Runner, user: int) -> UserOptions:
    """Return a user's settings for all conversations; the default settings where the user does not exist.

    `user` is an internal number. Cost: one key seek.
    """
    row = session.one(_options, user=user)
    return UserOptions(*row) if row else UserOptions()


def receive_options(session: Runner, users: Sequence[int]) -> dict[int, int]:
    """Return the numbers of the user-wide `ReceiveOption` of users, without users who have the default `NORMAL`.

    `users`, and the keys of the result, are internal numbers of users. Cost: one key seek for each user.
    """
    return dict(session.listed(_receive_options, users))


def update_user(session: Session, user: int, options: UserOptions) -> None:
    """Change a user's settings for all conversations. `user` is an internal number. Cost: one row written."""
    session.change(User.update(options._asdict()).where(User.id == user))
