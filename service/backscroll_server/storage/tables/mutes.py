"""Mutes that end by themselves at a time."""

from typing import NamedTuple

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.models import Timer


class MuteEnd(NamedTuple):
    """End of a mute.

    Attributes:
        due: the time at which the mute ends, in microseconds.
        user: the internal number of the user.
        conversation: the internal number of the conversation; 0 for the user-wide mute.
    """

    due: int
    user: int
    conversation: int


_insert = Statement(Timer.insert({getattr(Timer, name): param(name) for name in MuteEnd._fields}))
_delete = Statement(
    Timer.delete().where(
        (Timer.due == param("due")) & (Timer.user == param("user")) & (Timer.conversation == param("conversation"))
    )
)
_due = Statement(
    Timer.select(*(getattr(Timer, name) for name in MuteEnd._fields))
    .where(Timer.due <= param("now"))
    .order_by(Timer.due, Timer.user, Timer.conversation)
    .limit(param("limit"))
)
_earliest = Statement(Timer.select(Timer.due).order_by(Timer.due).limit(1))


def set_mute_end(session: Session, *, user: int, conversation: int, before: int, after: int) -> None:
    """Replace the time at which a mute ends, in microseconds; 0 is for no end. Cost: two rows at most.

    Args:
        session: runs the statements.
        user: the internal number of the user.
        conversation: the internal number of the conversation; 0 for the user-wide mute.
        before: the stored end.
        after: the new end.
    """
    if before == after:
        return
    if before:
        session.run(_delete, due=before, user=user, conversation=conversation)
    if after:
        session.insert(_insert, [MuteEnd(after, user, conversation)])


def due_mute_ends(session: Runner, *, limit: int) -> list[MuteEnd]:
    """Return at most `limit` mutes that have ended by `session.now` and are still stored, the earliest first.

    Cost: one key seek, and one row for each.
    """
    return [MuteEnd._make(row) for row in session.all(_due, now=session.now, limit=limit)]


def remove_mute_ends(session: Session, ends: list[MuteEnd]) -> None:
    """Delete ends of mutes, after they were recorded in the feed. Cost: one row for each."""
    session.many(_delete, [end._asdict() for end in ends])


def earliest_mute_end(session: Runner) -> int:
    """Return the earliest stored time at which a mute ends, in microseconds; 0 for none. Cost: one key seek."""
    row = session.one(_earliest)
    return row[0] if row else 0
