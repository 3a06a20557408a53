"""Mutes that end by themselves at a time."""

from collections.abc import Sequence
from typing import NamedTuple

from peewee import Tuple

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner
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


_KEY = [getattr(Timer, name) for name in MuteEnd._fields]


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
        remove_mute_ends(session, [MuteEnd(before, user, conversation)])
    if after:
        session.change(Timer.insert(due=after, user=user, conversation=conversation))


def due_mute_ends(session: Runner, *, limit: int) -> list[MuteEnd]:
    """Return at most `limit` mutes that have ended by `session.now` and are still stored, the earliest first.

    Cost: one key seek, and one row for each.
    """
    due = Timer.select(*_KEY).where(Timer.due <= session.now).order_by(*_KEY).limit(limit)
    return [MuteEnd._make(row) for row in session.query(due)]


def remove_mute_ends(session: Session, ends: Sequence[MuteEnd]) -> None:
    """Delete ends of mutes, after they were recorded in the feed. Cost: one row for each."""
    if ends:
        session.change(Timer.delete().where(Tuple(*_KEY).in_(ends)))


def earliest_mute_end(session: Runner) -> int:
    """Return the earliest stored time at which a mute ends, in microseconds; 0 for none. Cost: one key seek."""
    rows = session.query(Timer.select(Timer.due).order_by(Timer.due).limit(1))
    return rows[0][0] if rows else 0
