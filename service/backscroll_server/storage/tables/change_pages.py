"""Reads of the change feed: as a whole for the tail of a process, and one user's part of it for catching up."""

from collections.abc import Generator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import FeedPosition
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.conversations import view_ranges
from backscroll_server.storage.tables.models import Feed, FeedHead, View


class Membership(NamedTuple):
    """A change by which a member was added or removed.

    Attributes:
        position: the feed position of the change.
        kind: `ChangeKind.MEMBER_ADDED` or `MEMBER_REMOVED`, as a number.
        head: the newest sequence of the conversation at that time.
        scope: the `Join` of a member added, as a number.
    """

    position: int
    kind: int
    head: int
    scope: int


class UserChanges(NamedTuple):
    """A part of the change feed as far as it concerns one user.

    Attributes:
        rows: the changes in feed order; all changes of a call or none.
        end: the feed position up to which `rows` is complete.
        more: whether further changes that concern the user follow behind `end`.
    """

    rows: list[FeedRow]
    end: FeedPosition
    more: bool


_feed = Feed.select(*[getattr(Feed, name) for name in FeedRow._fields])
_in_range = (Feed.position > param("after")) & (Feed.position <= param("up_to"))
_rows = Statement(_feed.where(Feed.position > param("after")).order_by(Feed.position).limit(param("limit")))
_own = Statement(_feed.where((Feed.user == param("user")) & _in_range).order_by(Feed.position).limit(param("limit")))
# What concerns all members. The user's views lead, so that the cost is a seek for each conversation and what changed
# there, however much the feed holds.
_shared = Statement(
    View.select(*[getattr(Feed, name) for name in FeedRow._fields])
    .join(Feed, on=(Feed.conversation == View.conversation))
    .where(
        (View.user == param("user"))
        & (View.conversation > param("above"))
        & (View.conversation <= param("below"))
        & (Feed.user == 0)
        & _in_range
    )
    .order_by(Feed.position)
    .limit(param("limit"))
)
_call_end = Statement(
    Feed.select(Feed.position, Feed.row_check)
    .where((Feed.position >= param("position")) & (Feed.call_end == 1))
    .order_by(Feed.position)
    .limit(1)
)
_check = Statement(Feed.select(Feed.row_check).where(Feed.position == param("position")))
_low_water = Statement(FeedHead.select(FeedHead.low_water, FeedHead.low_water_check))
_viewers = Statement(View.select(View.user).where(View.conversation == param("conversation")).limit(param("limit")))
_viewers_among = ListStatement(
    lambda keys: View.select(View.user).where((View.conversation == param("conversation")) & View.user.in_(keys))
)
_memberships = Statement(
    Feed.select(Feed.position, Feed.kind, Feed.last_sequence, Feed.scope)
    .where(
        (Feed.conversation == param("conversation"))
        & (Feed.kind.between(int(ChangeKind.MEMBER_ADDED), int(ChangeKind.MEMBER_REMOVED)))
        & (Feed.first_sequence == param("user"))
    )
    .order_by(Feed.position)
)
_later = _feed.where(
    (Feed.conversation == param("conversation"))
    & (Feed.position > param("after"))
    & ((Feed.user == 0) | (Feed.user == param("user")))
)
_listing_kinds = [
    int(kind) for kind in (ChangeKind.OPENED, ChangeKind.CONVERSATION_CREATED, ChangeKind.CONVERSATION_REMOVED)
]
_later_listings = Statement(
    _later.where(
        Feed.kind.in_(_listing_kinds)
        | (
            Feed.kind.between(int(ChangeKind.MEMBER_ADDED), int(ChangeKind.MEMBER_REMOVED))
            & (Feed.first_sequence == param("user"))
        )
    ).order_by(Feed.position)
)
_first_later_message = Statement(
    _later.where(Feed.kind.in_([int(ChangeKind.MESSAGE), int(ChangeKind.HISTORY_IMPORTED)]))
    .order_by(Feed.position)
    .limit(1)
)
_EVERYTHING = 2**40
_FIRST_PART = 4096


def rows_after(session: Runner, *, after: int, limit: int) -> tuple[list[FeedRow], bool]:
    """Return the changes of all users behind the feed position `after`, and whether there may be more.

    All changes of a call are returned or none: about `limit` changes, more than that only where a single call has more.
    Cost: one key seek, and the rows read.
    """
    while True:
        rows = [FeedRow._make(row) for row in session.all(_rows, after=after, limit=limit)]
        if len(rows) < limit:
            return rows, False
        end = len(rows)
        while end and not rows[end - 1].call_end:
            end -= 1
        if end:
            return rows[:end], True
        limit *= 2


def later_listings(session: Runner, *, conversation: int, user: int, after: int) -> list[FeedRow]:
    """Return the changes behind a feed position that say whether a conversation was in a user's list there.

    These are openings, creations, removals, the user's own joins and removals, and the first message or import, in feed
    order. `conversation` and `user` are internal numbers. Cost: the conversation's changes behind the position.
    """
    values = {"conversation": conversation, "user": user, "after": after}
    rows = session.all(_later_listings, **values) + session.all(_first_later_message, **values)
    return sorted(map(FeedRow._make, rows))


def user_changes(
    session: Runner, *, user: int, after: int, up_to: FeedPosition, limit: int
) -> Generator[None, None, UserChanges]:
    """Return the changes that concern a user in the feed positions `(after, up_to]`, about `limit` of them.

    All changes of a call are returned or none. It is a read in steps: it yields None where it may pause. `user` is an
    internal number. Cost: for each conversation of the user one index seek, and the changes there as far as the page
    goes.
    """
    rows = yield from _first(session, user=user, after=after, up_to=up_to.position, limit=limit + 1)
    if len(rows) <= limit:
        return UserChanges(rows, up_to, more=False)
    cut = rows[limit - 1].position
    end = end_of_call(session, cut)
    if end is None:
        raise LookupError(f"no call ends at or after position {cut} of the feed")
    rows = [row for row in rows if row.position <= cut]
    rows += yield from _merged(session, user=user, after=cut, up_to=end.position, limit=_EVERYTHING)
    following = yield from _first(session, user=user, after=end.position, up_to=up_to.position, limit=1)
    more = bool(following)
    return UserChanges(rows, end if more else up_to, more)


def _first(session: Runner, *, user: int, after: int, up_to: int, limit: int) -> Generator[None, None, list[FeedRow]]:
    """Return the first changes, at most `limit`, that concern a user in the feed positions `(after, up_to]`, in order.

    It yields None where it may pause. It reads longer and longer parts of the feed, because the database sorts a part
    as a whole: a million changes behind the page must not add to the cost of each page.
    """
    found: list[FeedRow] = []
    part = _FIRST_PART
    while after < up_to and len(found) < limit:
        end = min(after + part, up_to)
        found += yield from _merged(session, user=user, after=after, up_to=end, limit=limit - len(found))
        after, part = end, part * 2
    return found


def _merged(session: Runner, *, user: int, after: int, up_to: int, limit: int) -> Generator[None, None, list[FeedRow]]:
    found = session.all(_own, user=user, after=after, up_to=up_to, limit=limit)
    for above, below in view_ranges(session, user=user):
        found += session.all(_shared, user=user, above=above, below=below, after=after, up_to=up_to, limit=limit)
        if below != FOREVER:
            yield
    return sorted(map(FeedRow._make, found))[:limit]


def end_of_call(session: Runner, position: int) -> FeedPosition | None:
    """Return the feed position of the last change of the call that made the one at a position.

    None where that change is so old that neither it nor any after it is kept. Cost: the rows of the call behind it.
    """
    row = session.one(_call_end, position=position)
    return FeedPosition(*row) if row else None


def row_check(session: Runner, position: int) -> int | None:
    """Return the random check of the change at a feed position, or None where no change is stored there.

    Cost: one key seek.
    """
    row = session.one(_check, position=position)
    return row[0] if row else None


def low_water(session: Runner) -> FeedPosition:
    """Return the feed position up to which old changes were removed. Cost: one row read."""
    row = session.one(_low_water)
    if row is None:
        raise LookupError("the database has no feed head")
    return FeedPosition(*row)


def position_exists(session: Runner, place: FeedPosition, *, head: FeedPosition) -> bool:
    """Return whether the feed up to `head` contains the change at the feed position `place`, with the same check.

    False also where the change was removed because of its age, except for the last one removed. `head` is the newest
    feed position. Cost: two seeks at most.
    """
    if place.position >= head.position:
        return place == head
    check = row_check(session, place.position)
    return place == low_water(session) if check is None else check == place.check


def has_older(session: Runner, *, older_than: int) -> bool:
    """Return whether the feed has changes made before `older_than`, a time in microseconds. Cost: one key seek."""
    rows = session.query(Feed.select(Feed.time).order_by(Feed.position).limit(1))
    return bool(rows) and bool(rows[0][0] < older_than)


def trim(session: Session, *, older_than: int, step: int) -> bool:
    """Remove the oldest changes made before `older_than`, a time in microseconds, at most `step` of them.

    Return whether there may be more. Cost: one row for each change removed, and at most `step` rows read to find the
    last.
    """
    after = low_water(session).position
    last = session.query(
        Feed.select(Feed.position, Feed.row_check)
        .where((Feed.position > after) & (Feed.position <= after + step) & (Feed.time < older_than))
        .order_by(Feed.position.desc())
        .limit(1)
    )
    if not last:
        return False
    position, check = last[0]
    session.change(Feed.delete().where(Feed.position <= position))
    session.change(FeedHead.update(low_water=position, low_water_check=check))
    return bool(position == after + step)


def memberships(session: Runner, *, conversation: int, user: int) -> list[Membership]:
    """Return the changes by which a user was added to or removed from a conversation, in feed order.

    `conversation` and `user` are internal numbers. Cost: the rows of the conversation that the feed has.
    """
    return [Membership._make(row) for row in session.all(_memberships, conversation=conversation, user=user)]


def viewers(session: Runner, *, conversation: int, among: AbstractSet[int]) -> set[int]:
    """Return those users of `among` who are or were members of a conversation, all as internal numbers.

    Cost: at most one row for each of `among` and one more, or, where the conversation has more users, also one seek for
    each of `among`.
    """
    found = {row[0] for row in session.all(_viewers, conversation=conversation, limit=len(among) + 1)}
    if len(found) <= len(among):
        return {user for user in found if user in among}
    return {row[0] for row in session.listed(_viewers_among, list(among), conversation=conversation)}
