"""A user's list of conversations: page by page, as a whole, single conversations of it, and its unread totals."""

from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import NamedTuple

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.errors import DomainError, Reason, TokenTooOldError
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER, contains
from backscroll_server.domain.records import FeedPosition, ListKey
from backscroll_server.services.views.access import conversation_not_found, find, require
from backscroll_server.services.views.conversation_view import ConversationView, describe, describe_listed
from backscroll_server.services.views.unread import unread_count, unread_mentions
from backscroll_server.services.views.unread_totals import NOTHING, Totals, shares
from backscroll_server.services.views.visibility import blocks_of, windows_of
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.stepped_reads import Steps
from backscroll_server.storage.tables.change_pages import low_water
from backscroll_server.storage.tables.changes import message_list_moves, own_list_moves
from backscroll_server.storage.tables.conversation_lists import (
    ListFilter,
    ListRow,
    chosen_rows,
    key_order,
    list_keys,
    sort_key,
)
from backscroll_server.storage.tables.conversations import view_ranges
from backscroll_server.storage.tables.unread_totals import SUMMED_TYPES

_CHUNK = 100
"""The most conversations that a read returns, or counts, before it may pause."""


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Conditions on the conversations of a list. All must hold.

    Attributes:
        types: only conversations of these types; empty is every type, chat rooms only where opened.
        unread_only: only conversations with unread messages or marked unread.
        pinned_only: only pinned conversations.
        mentioned_only: only conversations with unread mentions.
        active_since: only conversations with activity at or after this time, in microseconds; 0 is any.
        conversation_ids: only conversations with these ids; empty is any.
    """

    types: tuple[int, ...] = ()
    unread_only: bool = False
    pinned_only: bool = False
    mentioned_only: bool = False
    active_since: int = 0
    conversation_ids: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """True if the filter needs the count of unread messages or mentions of each conversation."""
        return self.unread_only or self.mentioned_only


class WalkState(NamedTuple):
    """Progress of a walk, a read of the list page by page.

    A walk returns the list in order, and then once more the conversations that rose in the list since its first page.

    Attributes:
        start: the newest feed position at the first page.
        after: the list key (pin time, activity, internal number) of the last conversation that was returned in order.
            Once
            `end` is set, only the number counts: that of the last conversation returned once more, 0 for none.
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
    """

    conversations: list[ConversationView]
    following: WalkState | None
    start: FeedPosition
    total_size: int
    user: int


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
        return ListedPage([], None, walk.start if walk else position, 0, 0)
    start = walk.start if walk else position
    if walk is not None and start.position < low_water(snapshot).position:
        raise TokenTooOldError(
            Reason.PAGE_TOKEN_TOO_OLD,
            "the changes since the first page are no longer kept: list again",
            field="page_token",
        )
    listing = _Listing(snapshot, user, query.conversation_filter)
    rows: list[ListRow] = []
    following = yield from _in_order(listing, rows, walk, start, position, query.skip, query.size)
    if following is None:
        following = yield from _once_more(listing, rows, walk, start, position, query.size)
    total = (yield from listing.total()) if query.include_total_size else 0
    return ListedPage([describe(snapshot, row, query.user_id) for row in rows], following, start, total, user)


def _in_order(
    listing: "_Listing",
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
    listing: "_Listing",
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
                return WalkState(start, ListKey(0, 0, last), end, position)
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
    for count, row in enumerate(_Listing(snapshot, user, conversation_filter).rows(None, 0), start=1):
        yield None if row is None else describe(snapshot, row, user_id)
        if count % _CHUNK == 0:
            yield None


def _database_filter(snapshot: Snapshot, conversation_filter: ConversationFilter) -> ListFilter:
    conversations = None
    if conversation_filter.conversation_ids:
        numbers = (snapshot.conversation(conversation_id) for conversation_id in conversation_filter.conversation_ids)
        conversations = tuple(sorted(number for number in numbers if number is not None))
    return ListFilter(
        conversation_filter.types,
        conversation_filter.pinned_only,
        conversation_filter.active_since,
        conversations,
        conversation_filter.unread_only,
        conversation_filter.mentioned_only,
    )


class _Listing:
    """The conversations of one user's list that match a filter.

    Args:
        snapshot: the snapshot to read from.
        user: the internal number of the user.
        conversation_filter: the filter.
    """

    def __init__(self, snapshot: Snapshot, user: int, conversation_filter: ConversationFilter) -> None:
        self._snapshot = snapshot
        self._user = user
        self._filter = conversation_filter
        self._database_filter = _database_filter(snapshot, conversation_filter)

    def rows(
        self, after: ListKey | None, skip: int, *, most: int | None = None
    ) -> Generator[ListRow | None, None, None]:
        """Yield, in steps, the matching conversations in list order, and None where the read may pause.

        Args:
            after: the list key after which to begin; None for the start of the list.
            skip: how many matching conversations to pass over first.
            most: how many the caller needs: at least so many are yielded if there are; None for all.
        """
        chunk = _CHUNK if most is None else most
        keys = yield from self._keys(after, None if self._filter.counts or most is None else skip + most)
        if self._filter.counts:
            chunk = _CHUNK
        else:
            keys = islice(keys, skip, None)
            skip = 0
        while part := list(islice(keys, chunk)):
            for row in self._chosen(part):
                if not self._filter.counts:
                    yield row
                elif _counts(self._snapshot, row, self._filter):
                    if not skip:
                        yield row
                    skip = max(skip - 1, 0)
            if len(part) == chunk:
                yield None

    def risen(self, start: int, end: int, after: int) -> Generator[ListRow | None, None, None]:
        """Yield, in steps, the matching conversations that rose in the user's list, by ascending internal number.

        It yields None where the read may pause.

        Args:
            start: the feed position after which a conversation must have risen.
            end: the feed position up to which it must have risen.
            after: only conversations with a greater internal number.
        """
        if start == end:
            return
        moves: dict[int, list[tuple[int, bool]]] = {}
        for conversation, sequence in own_list_moves(self._snapshot, user=self._user, after=start, up_to=end):
            moves.setdefault(conversation, []).append((sequence, False))
        for conversations in view_ranges(self._snapshot, user=self._user):
            for conversation, sequence in message_list_moves(
                self._snapshot, user=self._user, conversations=conversations, after=start, up_to=end
            ):
                moves.setdefault(conversation, []).append((sequence, True))
            if conversations[1] != FOREVER:
                yield None
        chosen = self._database_filter.conversations
        numbers = sorted(number for number in moves if number > after and (chosen is None or number in chosen))
        for first in range(0, len(numbers), _CHUNK):
            rows = chosen_rows(
                self._snapshot,
                user=self._user,
                conversation_filter=self._database_filter,
                conversations=numbers[first : first + _CHUNK],
            )
            for row in sorted(rows, key=lambda row: row.entry.conversation.id):
                if _rose(self._snapshot, row, moves[row.entry.conversation.id]) and (
                    not self._filter.counts or _counts(self._snapshot, row, self._filter)
                ):
                    yield row
            if first + _CHUNK < len(numbers):
                yield None

    def total(self) -> Generator[None, None, int]:
        """Return, in steps, how many conversations match."""
        if not self._filter.counts:
            keys = yield from self._keys(None, None)
            return sum(1 for _ in keys)
        count = 0
        for row in self.rows(None, 0):
            if row is None:
                yield
            else:
                count += 1
        return count

    def _keys(self, after: ListKey | None, most: int | None) -> Generator[None, None, Iterator[ListKey]]:
        """Return, in steps, the list keys that may match, in list order: all of them, or at least `most`.

        Args:
            after: the list key after which to begin; None for the start of the list.
            most: how many the caller needs; None for all.
        """
        parts: list[list[ListKey]] = []
        if self._database_filter.conversations is not None:
            rows = chosen_rows(
                self._snapshot,
                user=self._user,
                conversation_filter=self._database_filter,
                conversations=self._database_filter.conversations,
            )
            keys = sorted((row.key for row in rows), key=key_order)
            parts.append(keys if after is None else keys[bisect_right(keys, key_order(after), key=key_order) :])
        else:
            for conversations in view_ranges(self._snapshot, user=self._user):
                parts.append(
                    list_keys(
                        self._snapshot,
                        user=self._user,
                        conversation_filter=self._database_filter,
                        conversations=conversations,
                        after=after,
                        limit=most,
                    )
                )
                if conversations[1] != FOREVER:
                    yield
        return iter(parts[0]) if len(parts) == 1 else merge(*parts, key=key_order)

    def _chosen(self, keys: Sequence[ListKey]) -> list[ListRow]:
        rows = chosen_rows(
            self._snapshot,
            user=self._user,
            conversation_filter=self._database_filter,
            conversations=[key.conversation for key in keys],
        )
        return sorted(rows, key=sort_key)


def _counts(snapshot: Snapshot, row: ListRow, conversation_filter: ConversationFilter) -> bool:
    if conversation_filter.unread_only and not (row.entry.view.marked_unread or unread_count(snapshot, row.entry)):
        return False
    return not conversation_filter.mentioned_only or bool(unread_mentions(snapshot, row.entry))


def _rose(snapshot: Snapshot, row: ListRow, moves: Sequence[tuple[int, bool]]) -> bool:
    """Return whether one of several changes raised the conversation in this user's list.

    A message outside the user's windows, or sent while the user blocked the conversation, does not.

    Args:
        snapshot: the snapshot to read from.
        row: the conversation in the user's list.
        moves: for each change, its last sequence, and True for a message or import, False for the user's own change.
    """
    windows = windows_of(snapshot, row.entry.bounds)
    blocks = blocks_of(snapshot, row.entry)
    return any(
        not by_message or (contains(windows, sequence) and not contains(blocks, sequence))
        for sequence, by_message in moves
    )


def get_conversation(snapshot: Snapshot, user_id: str, key: ConversationKey) -> tuple[ConversationView, FeedPosition]:
    """Return one conversation as the user sees it, listed or not, and the newest feed position of the snapshot.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
    """
    return describe_listed(snapshot, require(snapshot, user_id, key), user_id), snapshot.position()


def get_conversations(
    snapshot: Snapshot, user_id: str, keys: Sequence[ConversationKey]
) -> tuple[list[ConversationView | DomainError], FeedPosition]:
    """Return several conversations as the user sees them, and the newest feed position of the snapshot.

    For each key, in order, the result holds the conversation or the error `CONVERSATION_NOT_FOUND`.
    """
    found: list[ConversationView | DomainError] = []
    for key in keys:
        entry = find(snapshot, user_id, key)
        found.append(describe_listed(snapshot, entry, user_id) if entry else conversation_not_found())
    return found, snapshot.position()


def unread_summary(
    snapshot: Snapshot, user_id: str
) -> Generator[None, None, tuple[dict[ConversationType, Totals], FeedPosition]]:
    """Return, in steps, the unread totals of each type over the user's list, and the snapshot's newest feed position.

    Chat rooms are left out. The generator yields None where the read may pause. Cost: reads all the user's views, with
    a seek for each.
    """
    totals = dict.fromkeys(SUMMED_TYPES, NOTHING)
    user = snapshot.user(user_id)
    if user is not None:
        for share in shares(snapshot, user):
            if share is None:
                yield
            else:
                totals[share.type] = totals[share.type].plus(share.totals)
    return totals, snapshot.position()
