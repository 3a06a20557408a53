"""The change feed: changes are appended in commit order, and read by feed position."""

import random
from typing import NamedTuple

from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.intervals import Interval
from backscroll_server.domain.records import FeedPosition
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.models import Feed, FeedHead, View


class FeedRow(NamedTuple):
    """A change; until it is appended to the feed, its position and check are 0. See the table `Feed` for each field."""

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
    first_seen: int


class ListMove(NamedTuple):
    """A change by which a conversation may have risen in a user's list.

    Attributes:
        conversation: the internal number of the conversation.
        sequence: the change's last sequence.
        kind: the kind of the change; of one by the user alone 0.
    """

    conversation: int
    sequence: int
    kind: int = 0


_head = Statement(FeedHead.select(FeedHead.position, FeedHead.last_check))
_advance = Statement(
    FeedHead.update(position=FeedHead.position + param("count"), last_check=param("check")).returning(FeedHead.position)
)
_insert = Statement(Feed.insert({getattr(Feed, name): param(name) for name in FeedRow._fields}))
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
# A join moves the list of who joins, a creation that of the creator; messages and imports move everyone's.
_joins = Feed.kind == int(ChangeKind.MEMBER_ADDED)
_creates = Feed.kind == int(ChangeKind.CONVERSATION_CREATED)
_moved_for_members = Statement(
    View.select(Feed.conversation, Feed.last_sequence, Feed.kind)
    .join(Feed, on=(Feed.conversation == View.conversation))
    .where(
        (View.user == param("user"))
        & (View.conversation > param("above"))
        & (View.conversation <= param("below"))
        & (Feed.user == 0)
        & (Feed.position > param("after"))
        & (Feed.position <= param("up_to"))
        & (Feed.moves_list == 1)
        & (
            ~(_joins | _creates)
            | (_joins & (Feed.first_sequence == View.user))
            | (_creates & (Feed.actor == View.user))
        )
    )
)


def _check() -> int:
    """Return a random number that distinguishes a feed position from an equal one after a restore. It is no secret."""
    return random.getrandbits(32)


def feed_position(session: Runner) -> FeedPosition:
    """Return the newest feed position, with its check. Cost: one row read."""
    row = session.one(_head)
    if row is None:
        raise LookupError("the database has no feed head")
    return FeedPosition(*row)


def newest_time(session: Runner) -> int:
    """Return the time of the newest change, in microseconds; 0 if the feed is empty. Cost: one key seek."""
    rows = session.query(Feed.select(Feed.time).order_by(Feed.position.desc()).limit(1))
    return rows[0][0] if rows else 0


def bring_back(session: Session, now: int) -> int:
    """Give the changes with a later time than `now`, in microseconds, that time; return how many they were.

    Cost: one read of the feed, and one row for each change.
    """
    return session.change(Feed.update(time=now).where(Feed.time > now))


def append(session: Session, changes: list[FeedRow]) -> FeedPosition:
    """Append changes, at least one, to the feed; return the feed position of the last.

    These must be the last statements before the commit, so that positions are in commit order: the row that assigns
    them stays locked until then. Cost: one row for each change, and one update.
    """
    check = _check()
    row = session.one(_advance, count=len(changes), check=check)
    if row is None:
        raise LookupError("the database has no feed head")
    last = row[0]
    first = last - len(changes) + 1
    rows = [FeedRow(position, _check(), *change[2:]) for position, change in enumerate(changes[:-1], start=first)]
    rows.append(FeedRow(last, check, *changes[-1][2:]))
    session.insert(_insert, rows)
    return FeedPosition(last, check)


def write_head_again(session: Runner) -> None:
    """Write the row with the newest position, and leave it as it was: the transaction then writes to the disk.

    An update that changes nothing would not do: SQLite then leaves the page as it is.
    """
    ((_, check),) = session.all(_head)
    session.all(_advance, count=1, check=check)
    session.all(_advance, count=-1, check=check)


def own_list_moves(session: Runner, *, user: int, after: int, up_to: int) -> list[ListMove]:
    """Return the conversations that rose in a user's list by the user's own changes at feed positions `(after, up_to]`.

    `user` is an internal number. Cost: one index seek, and one row for each own change in that range.
    """
    return [ListMove(*row) for row in session.all(_moved_for_user, user=user, after=after, up_to=up_to)]


def shared_list_moves(session: Runner, *, user: int, conversations: Interval, after: int, up_to: int) -> list[ListMove]:
    """Return the changes at feed positions `(after, up_to]` that concern members and moved this user's list.

    They are messages and imports, joins of the user, and creations by the user.

    `user` is an internal number; `conversations` is a range `(above, below]` of internal numbers to which the result is
    limited. Cost: for each conversation of the user in that range one index seek, and its changes in the feed range.
    """
    above, below = conversations
    rows = session.all(_moved_for_members, user=user, above=above, below=below, after=after, up_to=up_to)
    return list(map(ListMove._make, rows))
