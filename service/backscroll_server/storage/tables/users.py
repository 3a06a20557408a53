"""Users' settings for all conversations."""

from collections.abc import Sequence

from backscroll_server.domain.records import UserOptions
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.models import User

_options = Statement(User.select(User.receive_option, User.muted_until).where(User.id == param("user")))
_receive_options = ListStatement(
    lambda keys: User.select(User.id, User.receive_option).where(User.id.in_(keys) & (User.receive_option != 1))
)
_update = Statement(
    User.update({User.receive_option: param("receive_option"), User.muted_until: param("muted_until")}).where(
        User.id == param("user")
    )
)


def user_options(session: Runner, user: int) -> UserOptions:
    """Return a user's settings. One seek."""
    row = session.one(_options, user=user)
    return UserOptions(*row) if row else UserOptions()


def receive_options(session: Runner, users: Sequence[int]) -> dict[int, int]:
    """Return the receive options of those users who do not have the default. One seek each."""
    return dict(session.listed(_receive_options, users))


def update_user(session: Session, user: int, options: UserOptions) -> None:
    """Change a user's settings."""
    session.run(_update, user=user, **options._asdict())
