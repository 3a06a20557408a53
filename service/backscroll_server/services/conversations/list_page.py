"""A user's list of conversations: page by page, and as a whole."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

from backscroll_server.domain.errors import Reason, TokenTooOldError
from backscroll_server.domain.records import FeedPosition, ListKey
from backscroll_server.services.conversations.listing import ConversationFilter, Listing
from backscroll_server.services.views.conversation_view import ConversationView, describe
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.stepped_reads import Steps
from backscroll_server.storage.tables.change_pages import low_water
from backscroll_server.storage.tables.conversation_lists import ListRow, list_key


class WalkState(NamedTuple):
    """Progress of a walk, a read of the list page by page.

    A walk returns the list in order, and then once more the conversations that rose in the list since its first page.

    Attributes:
        start: the newest feed position at the first page.
        after: the list key (pin time, activity, internal number) of the last conversation that was returned in order.
            Once `end` is set, only the number counts: that of the last conversation returned once more, 0 for none.
        end: the feed position up to which conversations that rose are returned, set when the order ended; None before.
        read_at: the newest feed position in the snapshot of the last page. With an older snapshot the walk would miss a
            conversation that moved down in between.
    """

    start: FeedPosition
    after: ListKey | None
    end: int | None
    read_at: FeedPosition


class ListedPage(NamedTuple):
    """A page of the list.

    Attributes:
        conversations: the conversations as the user sees them, in order.
        following: the state with which the next page continues the walk; None at the end.
        start: the newest feed position at the walk's first page.
        total_size: how many conversations match, or 0 if the query did not ask for it.
        user: the internal number of the user, 0 for one never seen.
        ordered: how many of the conversations, the first ones, are in list order; the others are returned once more.
        read_at: the newest feed position in the snapshot of the page.
        end: the feed position up to which conversations that rose are returned.
    """

    conversations: list[ConversationView]
    following: WalkState | None
    start: FeedPosition
    total_size: int
    user: int
    ordered: int
    read_at: FeedPosition
    end: int

    def first(self, count: int) -> "ListedPage":
        """Return this page without the conversations after the first `count`, at least one."""
        if count >= len(self.conversations):
            return self
        last = self.conversations[count - 1].entry
        if count <= self.ordered:
            following = WalkState(self.start, list_key(last), None, self.read_at)
        else:
            following = WalkState(self.start, ListKey(0, 0, "", last.conversation.id), self.end, self.read_at)
        return self._replace(conversations=self.conversations[:count], following=following)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A page of the list to read.

    Attributes:
        user_id: the reading user.
        conversation_filter: the conditions on conversations.
        size: the most conversations of the page.
        skip: how many matching conversations to pass over, on a first page.
        include_total_size: whether to count all matching conversations.
        walk: the walk to continue; None for a first page.
    """

    user_id: str
    conversation_filter: ConversationFilter
    size: int
    skip: int = 0
    include_total_size: bool = False
    walk: WalkState | None = None


def list_conversations(snapshot: Snapshot, query: ListQuery) -> Generator[None, None, ListedPage]:
    """Return, in steps, one page of a walk through a user's list.

    After the end of the order, the conversations that rose since the first page are returned once more, so that a walk
    never misses one that moved from behind a page to before it. The generator yields None where the read may pause.

    Cost: reads all the user's views, with a seek for each; then a few seeks for each conversation returned.

    Raises:
        TokenTooOldError: `PAGE_TOKEN_TOO_OLD` where the feed no longer holds the changes since the walk's first page.
    """
    walk, position = query.walk, snapshot.position()
    user = snapshot.user(query.user_id)
    if user is None:
        return ListedPage([], None, walk.start if walk else position, 0, 0, 0, position, 0)
    start = walk.start if walk else position
    if walk is not None and start.position < low_water(snapshot).position:
        raise TokenTooOldError(
            Reason.PAGE_TOKEN_TOO_OLD,
            "belongs to a list that was begun too long ago: list again",
            field="page_token",
        )
    listing = Listing(snapshot, user, query.conversation_filter)
    rows: list[ListRow] = []
    following = yield from _in_order(listing, rows, walk, start, position, query.skip, query.size)
    ordered, end = len(rows), (walk.end if walk else None) or position.position
    if following is None:
        following = yield from _once_more(listing, rows, walk, start, position, query.size)
    total = (yield from listing.total()) if query.include_total_size else 0
    described = [describe(snapshot, row, query.user_id) for row in rows]
    return ListedPage(described, following, start, total, user, ordered, position, end)


def _in_order(
    listing: "Listing",
    rows: list[ListRow],
    walk: WalkState | None,
    start: FeedPosition,
    position: FeedPosition,
    skip: int,
    size: int,
) -> Generator[None, None, WalkState | None]:
    """Add to `rows` the next conversations in list order, up to `size` rows.

    Returns:
        The state with which the next page continues the order; None at its end.
    """
    if walk is not None and walk.end is not None:
        return None
    for row in listing.rows(walk.after if walk else None, skip, most=size + 1):
        if row is None:
            yield
        elif len(rows) == size:
            return WalkState(start, rows[-1].key, None, position)
        else:
            rows.append(row)
    return None


def _once_more(
    listing: "Listing",
    rows: list[ListRow],
    walk: WalkState | None,
    start: FeedPosition,
    position: FeedPosition,
    size: int,
) -> Generator[None, None, WalkState | None]:
    """Add to `rows` conversations that rose in the list since the first page, up to `size` rows in all.

    Returns:
        The state with which the next page continues; None at the end of the walk.
    """
    end, last = position.position, 0
    if walk is not None and walk.end is not None:
        end, last = walk.end, walk.after.conversation if walk.after else 0
    shown = {row.entry.conversation.id for row in rows}
    for row in listing.risen(start.position, end, last):
        if row is None:
            yield
        elif row.entry.conversation.id not in shown:
            if len(rows) == size:
                return WalkState(start, ListKey(0, 0, "", last), end, position)
            rows.append(row)
            last = row.entry.conversation.id
    return None


def stream_conversations(
    snapshot: Snapshot, user_id: str, *, conversation_filter: ConversationFilter
) -> Steps[ConversationView | FeedPosition, None]:
    """Yield, in steps, the newest feed position of the snapshot, then the user's whole list in order.

    It yields None where the read may pause.
    """
    yield snapshot.position()
    user = snapshot.user(user_id)
    if user is None:
        return
    for row in Listing(snapshot, user, conversation_filter).rows(None, 0):
        yield None if row is None else describe(snapshot, row, user_id)
