"""The conversations of a user's list that match a filter, in the order of the list, and those that rose in it."""

from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from backscroll_server.domain import limits
from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.intervals import FOREVER, contains
from backscroll_server.domain.records import ListKey
from backscroll_server.services.byte_budgets import rows_at_once
from backscroll_server.services.views.unread import unread_count, unread_mentions
from backscroll_server.services.views.visibility import blocks_of, windows_of
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.changes import ListMove, own_list_moves, shared_list_moves
from backscroll_server.storage.tables.conversation_lists import (
    ListFilter,
    ListRow,
    chosen_rows,
    key_order,
    list_keys,
    sort_key,
)
from backscroll_server.storage.tables.conversations import view_ranges

CHUNK = 100
"""The most conversations that a read returns, or counts, before it may pause."""

_STORES_MESSAGES = frozenset({ChangeKind.MESSAGE, ChangeKind.HISTORY_IMPORTED})


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


class Listing:
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
        chunk = CHUNK if most is None else most
        # Conversations can be large: where all are returned, the first few show how large they are.
        count = chunk if most is not None else rows_at_once(0, 0, limits.STREAM_PART_BYTES)
        keys = yield from self._keys(after, None if self._filter.counts or most is None else skip + most)
        if self._filter.counts:
            chunk = count = CHUNK
        else:
            keys = islice(keys, skip, None)
            skip = 0
        passed = size = 0
        while part := list(islice(keys, count)):
            rows = self._chosen(part)
            passed += len(part)
            size += sum(row.size for row in rows)
            for row in rows:
                if not self._filter.counts:
                    yield row
                elif _counts(self._snapshot, row, self._filter):
                    if not skip:
                        yield row
                    skip = max(skip - 1, 0)
            if most is None:
                count = rows_at_once(passed, size, limits.STREAM_PART_BYTES)
            if passed >= chunk or (most is None and size > limits.STREAM_PART_BYTES):
                yield None
                passed = size = 0

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
        moves: dict[int, list[ListMove]] = {}
        for move in own_list_moves(self._snapshot, user=self._user, after=start, up_to=end):
            moves.setdefault(move.conversation, []).append(move)
        for conversations in view_ranges(self._snapshot, user=self._user):
            for move in shared_list_moves(
                self._snapshot, user=self._user, conversations=conversations, after=start, up_to=end
            ):
                moves.setdefault(move.conversation, []).append(move)
            if conversations[1] != FOREVER:
                yield None
        chosen = self._database_filter.conversations
        numbers = sorted(number for number in moves if number > after and (chosen is None or number in chosen))
        for first in range(0, len(numbers), CHUNK):
            rows = chosen_rows(
                self._snapshot,
                user=self._user,
                conversation_filter=self._database_filter,
                conversations=numbers[first : first + CHUNK],
            )
            for row in sorted(rows, key=lambda row: row.entry.conversation.id):
                if _rose(self._snapshot, row, moves[row.entry.conversation.id]) and (
                    not self._filter.counts or _counts(self._snapshot, row, self._filter)
                ):
                    yield row
            if first + CHUNK < len(numbers):
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


def _rose(snapshot: Snapshot, row: ListRow, moves: Sequence[ListMove]) -> bool:
    """Return whether one of several changes raised the conversation in this user's list.

    A message outside the user's windows, or sent while the user blocked the conversation, does not.
    """
    windows = windows_of(snapshot, row.entry.bounds)
    blocks = blocks_of(snapshot, row.entry)
    return any(
        move.kind not in _STORES_MESSAGES or (contains(windows, move.sequence) and not contains(blocks, move.sequence))
        for move in moves
    )
