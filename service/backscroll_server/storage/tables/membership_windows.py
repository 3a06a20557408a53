"""Writes of earlier memberships, and of the ranges of messages sent while a user blocked a conversation."""

from backscroll_server.domain.intervals import FOREVER, Interval
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Statement, param
from backscroll_server.storage.tables.models import Block, Window

_mine = {"user": param("user"), "conversation": param("conversation")}
_insert_block = Statement(
    Block.insert(
        {
            Block.user: _mine["user"],
            Block.conversation: _mine["conversation"],
            Block.from_sequence: param("after"),
            Block.to_sequence: FOREVER,
        }
    )
)
_close_block = Statement(
    Block.update({Block.to_sequence: param("up_to")})
    .where(
        (Block.user == _mine["user"]) & (Block.conversation == _mine["conversation"]) & (Block.to_sequence == FOREVER)
    )
    .returning(Block.from_sequence)
)
_delete_empty = Statement(
    Block.delete().where(
        (Block.user == _mine["user"])
        & (Block.conversation == _mine["conversation"])
        & (Block.to_sequence == Block.from_sequence)
    )
)


def replace_windows(session: Session, *, user: int, conversation: int, windows: list[tuple[int, int]]) -> None:
    """Replace the stored earlier memberships of a user in a conversation with `windows`.

    `user` and `conversation` are internal numbers; each window is a range of sequences `(after, up_to]`.
    """
    session.change(Window.delete().where((Window.user == user) & (Window.conversation == conversation)))
    if windows:
        session.change(Window.insert_many([(user, conversation, after, up_to) for after, up_to in windows]))


def open_block(session: Session, *, user: int, conversation: int, after: int) -> None:
    """Record that a user blocks a conversation from now on: messages above sequence `after` are blocked.

    No blocked range may be open. `user` and `conversation` are internal numbers.
    """
    session.run(_insert_block, user=user, conversation=conversation, after=after)


def close_block(session: Session, *, user: int, conversation: int, up_to: int) -> Interval | None:
    """End the open blocked range of a user in a conversation at sequence `up_to`; do nothing where none is open.

    A range without messages leaves no row, so that another can begin at its sequence. `user` and `conversation` are
    internal numbers.

    Returns:
        The range that ended, `(after, up_to]`, if it has messages.
    """
    row = session.one(_close_block, user=user, conversation=conversation, up_to=up_to)
    if row is None or session.run(_delete_empty, user=user, conversation=conversation):
        return None
    return row[0], up_to
