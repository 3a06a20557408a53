"""Mutes that end by themselves."""

from typing import NamedTuple

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.models import Timer


class MuteEnd(NamedTuple):
    """End of a mute: time, user and conversation; 0 for the user-wide one."""

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
    """Replace the end of a mute by another, in microseconds; 0 is none. Two rows at most."""
    if before == after:
        return
    if before:
        session.run(_delete, due=before, user=user, conversation=conversation)
    if after:
        session.insert(_insert, [MuteEnd(after, user, conversation)])


def due_mute_ends(session: Runner, *, limit: int) -> list[MuteEnd]:
    """Return at most `limit` mutes that have ended, the earliest first. One range of the key."""
    return [MuteEnd._make(row) for row in session.all(_due, now=session.now, limit=limit)]


def remove_mute_ends(session: Session, ends: list[MuteEnd]) -> None:
    """Delete the ends that were recorded in the feed."""
    session.many(_delete, [end._asdict() for end in ends])


def earliest_mute_end(session: Runner) -> int:
    """Return the time of the next end of a mute, in microseconds; 0 for none. One seek."""
    row = session.one(_earliest)
    return row[0] if row else 0
