"""The one visibility rule: which messages of a conversation a user may see.

A message is visible when it is in one of the user's windows, above every floor, not hidden by the user, not recalled,
not burned, and, if it was imported, originally written after the time of the user's clearing.
"""

from typing import NamedTuple

from backscroll_server.domain.clearing import is_cleared, later_clearing
from backscroll_server.domain.intervals import Interval, clip, contains, subtract, union
from backscroll_server.domain.records import UserConversation, VisibilityBounds
from backscroll_server.services.views.burn import burned_among, is_burning
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.history_pages import NO_FILTER, RowFilter, page
from backscroll_server.storage.tables.messages import StoredMessage, find_hidden
from backscroll_server.storage.tables.unread_counts import blocked_windows, older_windows


class VisibleHistory(NamedTuple):
    """The part of a conversation's history that a user may see.

    Attributes:
        user: the user's internal number.
        conversation: the conversation's internal number.
        intervals: the sequences within the user's windows and above every floor, sorted and disjoint.
        floor_time: an imported message must be originally written after this time, in microseconds; 0 for any time.
        hidden: whether the user hid single messages in the intervals.
        next_burn_due: the earliest time at which stored messages burn, in microseconds; 0 for never.
        burned: whether burned messages are still stored.
        gapless: whether every message in the intervals is visible.
        ever_blocked: whether the user ever blocked the conversation.
    """

    user: int
    conversation: int
    intervals: list[Interval]
    floor_time: int
    hidden: bool
    next_burn_due: int
    burned: bool
    gapless: bool
    ever_blocked: bool

    def rows(
        self,
        session: Runner,
        *,
        after: int,
        up_to: int,
        down: bool,
        limit: int,
        row_filter: RowFilter = NO_FILTER,
        tombstones: bool = False,
    ) -> list[tuple[int, bytes]]:
        """Return at most `limit` visible messages of the sequences `(after, up_to]`, each as sequence and framed body.

        Args:
            session: reads.
            after: the sequence below the first one.
            up_to: the last sequence.
            down: oldest first, else newest first.
            limit: the most messages.
            row_filter: conditions on them.
            tombstones: whether the tombstones of recalled messages are returned too.

        Cost: one seek for each interval, and the rows that are returned or passed over.
        """
        if len(self.intervals) == 1 and not tombstones:
            ((first, last),) = self.intervals
            after, up_to = max(after, first), min(up_to, last)
            return self._interval(session, after, up_to, down, limit, row_filter, tombstones=False)
        rows: list[tuple[int, bytes]] = []
        bounds = clip(self.intervals, after, up_to)
        for interval_after, interval_up_to in bounds if down else reversed(bounds):
            part = self._interval(
                session, interval_after, interval_up_to, down, limit - len(rows), row_filter, tombstones=False
            )
            if tombstones:
                part += self._interval(
                    session, interval_after, interval_up_to, down, limit - len(rows), row_filter, tombstones=True
                )
                part = sorted(part, reverse=not down)[: limit - len(rows)]
            rows += part
            if len(rows) == limit:
                break
        return rows

    def _interval(
        self,
        session: Runner,
        after: int,
        up_to: int,
        down: bool,
        limit: int,
        row_filter: RowFilter,
        *,
        tombstones: bool,
    ) -> list[tuple[int, bytes]]:
        return page(
            session,
            conversation=self.conversation,
            after=after,
            up_to=up_to,
            down=down,
            limit=limit,
            floor_time=self.floor_time,
            user=self.user,
            hidden=self.hidden,
            burned=self.burned,
            row_filter=row_filter,
            tombstones=tombstones,
        )

    def excluding(self, blocks: list[Interval]) -> "VisibleHistory":
        """Return this history without some sequences, given as sorted disjoint intervals."""
        return self._replace(intervals=subtract(self.intervals, blocks))

    def visible_sequences(self, session: Runner, messages: list[StoredMessage]) -> set[int]:
        """Return the sequences of those stored messages that the user may see.

        Cost: no read if the user hid none and none has burned, else at most one seek for each message.
        """
        reachable = [
            message.sequence
            for message in messages
            if contains(self.intervals, message.sequence) and not is_cleared(message.original_time, self.floor_time)
        ]
        if not reachable:
            return set()
        burned = burned_among(session, conversation=self.conversation, next_due=self.next_burn_due, messages=messages)
        if not self.hidden:
            return set(reachable) - burned
        hidden = find_hidden(session, user=self.user, conversation=self.conversation, sequences=reachable)
        return set(reachable) - burned - hidden


def windows_of(session: Runner, bounds: VisibilityBounds, floor: int = 0) -> list[Interval]:
    """Return the sequences of the user's windows that are above a floor and exist, as sorted disjoint intervals.

    Cost: no read, except for a user who left and came back: then one statement.
    """
    first, last = max(bounds.window_from, floor), min(bounds.window_to, bounds.head)
    newest = [(first, last)] if first < last else []
    if not bounds.older_windows:
        return newest
    older = older_windows(session, conversation=bounds.conversation, user=bounds.user)
    return union([*clip(older, floor, bounds.head), *newest])


def visible_history(session: Runner, bounds: VisibilityBounds) -> VisibleHistory:
    """Return the history that the user may see now.

    Cost: no read, except for a user who left and came back: then one statement.
    """
    floor = max(bounds.floor, bounds.shared_floor)
    floor_time = later_clearing(bounds.floor_time, bounds.shared_floor_time)
    hidden = bounds.last_hidden > floor
    burned = bounds.next_burn_due > 0 and is_burning(session, bounds.next_burn_due)
    gapless = not hidden and not floor_time and not burned and bounds.last_recalled <= floor
    intervals = windows_of(session, bounds, floor)
    return VisibleHistory(
        bounds.user,
        bounds.conversation,
        intervals,
        floor_time,
        hidden,
        bounds.next_burn_due,
        burned,
        gapless,
        bounds.ever_blocked,
    )


def blocks_of(session: Runner, entry: UserConversation) -> list[Interval]:
    """Return the sequences sent while the user had blocked the conversation, as sorted disjoint intervals.

    Cost: no read if the user never blocked it, else one statement.
    """
    if not entry.view.ever_blocked:
        return []
    return blocked_windows(session, conversation=entry.conversation.id, user=entry.view.user)
