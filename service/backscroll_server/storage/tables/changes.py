"""The change feed: rows written in commit order, and reads by place."""

import random
from typing import NamedTuple

from backscroll_server.domain.intervals import Interval
from backscroll_server.domain.records import FeedPosition
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.models import Feed, FeedHead, View


class Change(NamedTuple):
    """One change before it has a position. See the table `Feed`."""

    conversation: int
    user: int
    kind: int
    actor: int
    first_sequence: int
    last_sequence: int
    scope: int
    time: int
    device_id: str
    moves_list: int
    call_end: int
    due_time: int
    moves_read: int


class FeedRow(NamedTuple):
    """A stored change, in the order of the table: its position and check, and the fields of `Change`."""

    position: int
    row_check: int
    conversation: int
    user: int
    kind: int
    actor: int
    first_sequence: int
    last_sequence: int
    scope: int
    time: int
    device_id: str
    moves_list: int
    call_end: int
    due_time: int
    moves_read: int


_newest_time = Statement(Feed.select(Feed.time).order_by(Feed.position.desc()).limit(1))
_head = Statement(FeedHead.select(FeedHead.position, FeedHead.last_check))
_advance = Statement(
    FeedHead.update(position=FeedHead.position + param("count"), last_check=param("check")).returning(FeedHead.position)
)
_insert = Statement(
    Feed.insert(
        {getattr(Feed, name): param(name) for name in FeedRow._fields},
    )
)
_moved_for_user = Statement(
    Feed.select(Feed.conversation, Feed.last_sequence)
    .where(
        (Feed.user == param("user"))
        & (Feed.position > param("after"))
        & (Feed.position <= param("up_to"))
        & (Feed.moves_list == 1)
    )
    .order_by(Feed.conversation)
)
_moved_by_message = Statement(
    View.select(Feed.conversation, Feed.last_sequence)
    .join(Feed, on=(Feed.conversation == View.conversation))
    .where(
        (View.user == param("user"))
        & (View.conversation > param("above"))
        & (View.conversation <= param("below"))
        & (Feed.user == 0)
        & (Feed.position > param("after"))
        & (Feed.position <= param("up_to"))
        & (Feed.moves_list == 1)
    )
)


def _check() -> int:
    """Return a random check that distinguishes a position from an equal one after a restore. It is no secret."""
    return random.getrandbits(32)


def feed_position(session: Runner) -> FeedPosition:
    """Return the newest position. One row."""
    row = session.one(_head)
    if row is None:
        raise LookupError("the database has no feed head")
    return FeedPosition(*row)


def newest_time(session: Runner) -> int:
    """Return the time of the newest change, in microseconds; 0 if there is none. One seek."""
    row = session.one(_newest_time)
    return row[0] if row else 0


def append(session: Session, changes: list[Change]) -> FeedPosition:
    """Store changes as the last statements before the commit, so that positions are in commit order.

    The head's row stays locked until the commit. Answers the position of the last change.
    """
    check = _check()
    row = session.one(_advance, count=len(changes), check=check)
    if row is None:
        raise LookupError("the database has no feed head")
    last = row[0]
    first = last - len(changes) + 1
    rows = [FeedRow(position, _check(), *change) for position, change in enumerate(changes[:-1], start=first)]
    rows.append(FeedRow(last, check, *changes[-1]))
    session.insert(_insert, rows)
    return FeedPosition(last, check)


def own_list_moves(session: Runner, *, user: int, after: int, up_to: int) -> list[tuple[int, int]]:
    """Return the conversations that rose in a user's list by the user's own changes in `(after, up_to]`.

    Conversation and sequence of each. Cost: an index range.
    """
    return session.all(_moved_for_user, user=user, after=after, up_to=up_to)


def message_list_moves(
    session: Runner, *, user: int, conversations: Interval, after: int, up_to: int
) -> list[tuple[int, int]]:
    """Return the messages in `(after, up_to]` of the feed that moved conversations with numbers in `conversations`.

    Conversation and sequence of each. Cost: one seek for each conversation of the user there.
    """
    above, below = conversations
    return session.all(_moved_by_message, user=user, above=above, below=below, after=after, up_to=up_to)
