"""Listing a user's conversations: by token without ever missing one, by skip, as a whole, and in sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.errors import DomainError, Reason, TokenTooOldError
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import contains
from backscroll_server.services.views.access import conversation_not_found, find, require
from backscroll_server.services.views.conversation_view import ConversationView, describe, describe_listed
from backscroll_server.services.views.unread import unread_count, unread_mentions
from backscroll_server.services.views.unread_totals import SUMMED_TYPES, Totals, shares
from backscroll_server.services.views.visibility import blocks_of, windows_of
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.change_pages import low_water
from backscroll_server.storage.tables.changes import FeedPosition, list_moves
from backscroll_server.storage.tables.conversation_lists import (
    ListFilter,
    ListKey,
    ListRow,
    chosen_rows,
    count_listed,
    list_page,
)

_CHUNK = 200


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Conditions on conversations. All must hold.

    Attributes:
        types: only these; empty is every type, chat rooms only where opened.
        unread_only: only with unread messages or marked unread.
        pinned_only: only pinned ones.
        mentioned_only: only with unread mentions.
        active_since: only with activity at or after this, in microseconds; 0 is any.
        conversation_ids: only these; empty is any.
    """

    types: tuple[int, ...] = ()
    unread_only: bool = False
    pinned_only: bool = False
    mentioned_only: bool = False
    active_since: int = 0
    conversation_ids: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """True if each conversation's counts decide."""
        return self.unread_only or self.mentioned_only


class WalkState(NamedTuple):
    """Progress of a walk through the list.

    Attributes:
        start: the feed's position at the first page.
        after: the last conversation shown in order; with `end`, the last one shown again (only its number counts).
        end: the position fixed when the order was exhausted; None before that.
        read_at: the position the last page was read at. With an older snapshot the walk would miss a conversation that
            moved down in between.
    """

    start: FeedPosition
    after: ListKey | None
    end: int | None
    read_at: FeedPosition


class ListedPage(NamedTuple):
    """A page of the list.

    Attributes:
        conversations: in order.
        following: where the walk goes on; None at its end.
        start: the feed's position at the walk's first page.
        total_size: how many match, if asked for.
        user: the user's number, 0 for one never seen.
    """

    conversations: list[ConversationView]
    following: WalkState | None
    start: FeedPosition
    total_size: int
    user: int


def list_conversations(
    snapshot: Snapshot,
    user_id: str,
    *,
    conversation_filter: ConversationFilter,
    walk: WalkState | None,
    skip: int,
    size: int,
    include_total_size: bool,
) -> ListedPage:
    """Return one page of a walk.

    Once the order is exhausted, the conversations that rose since the first page are shown once more, so that a walk
    never misses one that moved from behind it to before it.

    Cost: reads all the user's views and sorts those listed; then a seek or none for each shown.

    Raises:
        TokenTooOldError: `PAGE_TOKEN_TOO_OLD` where the walk began before what the feed still holds.
    """
    position = snapshot.position()
    user = snapshot.user(user_id)
    if user is None:
        return ListedPage([], None, walk.start if walk else position, 0, 0)
    database_filter = _database_filter(snapshot, conversation_filter)
    start = walk.start if walk else position
    if walk is not None and start.position < low_water(snapshot).position:
        raise TokenTooOldError(
            Reason.PAGE_TOKEN_TOO_OLD,
            "the changes since the first page are no longer kept: list again",
            field="page_token",
        )
    rows: list[ListRow] = []
    following: WalkState | None = None
    if walk is None or walk.end is None:
        after = walk.after if walk else None
        matching = _matching(snapshot, user, conversation_filter, database_filter, after, skip, chunk=size + 1)
        for row in matching:
            if len(rows) == size:
                following = WalkState(start, rows[-1].key, None, position)
                break
            rows.append(row)
        end, shown_again = position.position, 0
    else:
        end, shown_again = walk.end, walk.after.conversation if walk.after else 0
    if following is None:
        shown = {row.entry.conversation.id for row in rows}
        for row in _risen(snapshot, user, conversation_filter, database_filter, start.position, end, shown_again):
            if row.entry.conversation.id in shown:
                continue
            if len(rows) == size:
                following = WalkState(start, ListKey(0, 0, shown_again), end, position)
                break
            rows.append(row)
            shown_again = row.entry.conversation.id
    total = _total(snapshot, user, conversation_filter, database_filter) if include_total_size else 0
    return ListedPage([describe(snapshot, row, user_id) for row in rows], following, start, total, user)


def whole_list(
    snapshot: Snapshot, user_id: str, *, conversation_filter: ConversationFilter
) -> tuple[list[ConversationView], int]:
    """Return the whole list as of one moment, in order, and the user's number (0 for one never seen)."""
    user = snapshot.user(user_id)
    if user is None:
        return [], 0
    rows = _matching(snapshot, user, conversation_filter, _database_filter(snapshot, conversation_filter), None, 0)
    return [describe(snapshot, row, user_id) for row in rows], user


def _database_filter(snapshot: Snapshot, conversation_filter: ConversationFilter) -> ListFilter:
    conversations = None
    if conversation_filter.conversation_ids:
        numbers = (snapshot.conversation(conversation_id) for conversation_id in conversation_filter.conversation_ids)
        conversations = tuple(sorted(number for number in numbers if number is not None))
    return ListFilter(
        conversation_filter.types, conversation_filter.pinned_only, conversation_filter.active_since, conversations
    )


def _matching(
    snapshot: Snapshot,
    user: int,
    conversation_filter: ConversationFilter,
    database_filter: ListFilter,
    after: ListKey | None,
    skip: int,
    *,
    chunk: int = _CHUNK,
) -> Iterator[ListRow]:
    """Yield the matching conversations in order, read in chunks: as many as asked for, or larger if counts decide."""
    passed_over = 0 if conversation_filter.counts else skip
    limit = _CHUNK if conversation_filter.counts else chunk
    while True:
        rows = list_page(
            snapshot, user=user, conversation_filter=database_filter, after=after, skip=passed_over, limit=limit
        )
        passed_over = 0
        for row in rows:
            if conversation_filter.counts:
                if not _counts(snapshot, row, conversation_filter):
                    continue
                if skip:
                    skip -= 1
                    continue
            yield row
        if len(rows) < limit:
            return
        after = rows[-1].key


def _counts(snapshot: Snapshot, row: ListRow, conversation_filter: ConversationFilter) -> bool:
    if conversation_filter.unread_only and not (row.entry.view.marked_unread or unread_count(snapshot, row.entry)):
        return False
    return not conversation_filter.mentioned_only or bool(unread_mentions(snapshot, row.entry))


def _total(snapshot: Snapshot, user: int, conversation_filter: ConversationFilter, database_filter: ListFilter) -> int:
    if conversation_filter.counts:
        return sum(1 for _ in _matching(snapshot, user, conversation_filter, database_filter, None, 0))
    return count_listed(snapshot, user=user, conversation_filter=database_filter)


def _risen(
    snapshot: Snapshot,
    user: int,
    conversation_filter: ConversationFilter,
    database_filter: ListFilter,
    start: int,
    end: int,
    after: int,
) -> Iterator[ListRow]:
    """Return the matching conversations that rose for the user in `(start, end]`, by number, after `after`."""
    if start == end:
        return
    moves: dict[int, list[tuple[int, bool]]] = {}
    for conversation, sequence, by_message in list_moves(snapshot, user=user, after=start, up_to=end):
        if conversation > after:
            moves.setdefault(conversation, []).append((sequence, by_message))
    if database_filter.conversations is not None:
        moves = {number: moves[number] for number in moves if number in database_filter.conversations}
    rows = chosen_rows(snapshot, user=user, conversation_filter=database_filter, conversations=sorted(moves))
    for row in sorted(rows, key=lambda row: row.entry.conversation.id):
        if _rose(snapshot, row, moves[row.entry.conversation.id]) and (
            not conversation_filter.counts or _counts(snapshot, row, conversation_filter)
        ):
            yield row


def _rose(snapshot: Snapshot, row: ListRow, moves: Sequence[tuple[int, bool]]) -> bool:
    """Return whether any of the moves was one for this user: a message outside the windows or blocked is none."""
    windows = windows_of(snapshot, row.entry.bounds)
    blocks = blocks_of(snapshot, row.entry)
    return any(
        not by_message or (contains(windows, sequence) and not contains(blocks, sequence))
        for sequence, by_message in moves
    )


def get_conversation(snapshot: Snapshot, user_id: str, key: ConversationKey) -> ConversationView:
    """Return one conversation, listed or not.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`.
    """
    return describe_listed(snapshot, require(snapshot, user_id, key), user_id)


def get_conversations(
    snapshot: Snapshot, user_id: str, keys: Sequence[ConversationKey]
) -> list[ConversationView | DomainError]:
    """Return several conversations, each found or failed alone."""
    found: list[ConversationView | DomainError] = []
    for key in keys:
        entry = find(snapshot, user_id, key)
        found.append(describe_listed(snapshot, entry, user_id) if entry else conversation_not_found())
    return found


def unread_summary(snapshot: Snapshot, user_id: str) -> tuple[dict[ConversationType, Totals], int]:
    """Return the totals of each type over the user's list, and the user's number. Reads all the user's views."""
    totals = {type_: Totals() for type_ in SUMMED_TYPES}
    user = snapshot.user(user_id)
    if user is None:
        return totals, 0
    for entry, added in shares(snapshot, user):
        totals[ConversationType(entry.conversation.type)].add(added)
    return totals, user
