"""Projection of feed changes onto one user: the events of each change, then those derived from all of them."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.records import UserConversation
from backscroll_server.services.changes.change_context import ChangeContext, messages_at
from backscroll_server.services.changes.change_events import affects_view, cause_of, events_for
from backscroll_server.services.changes.events import (
    Cause,
    ConversationChanged,
    ConversationRemoved,
    Event,
    MembersChanged,
    MessagesDeleted,
    PositionedEvent,
    ReadPositionMoved,
    TotalsChanged,
    UserSettingsChanged,
)
from backscroll_server.services.changes.member_events import joined_to
from backscroll_server.services.changes.past_membership import PastMembership
from backscroll_server.services.changes.was_listed import LISTING, was_listed
from backscroll_server.services.views.conversation_view import ConversationView, describe
from backscroll_server.services.views.unread_totals import RunningTotals, Totals
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.conversation_lists import ListRow

_STEP: Final = 64
"""The approximate number of changes after which a read may pause."""


class UserProjector:
    """Turns feed changes into the events of one stream of one user, and remembers what the stream sent last.

    Args:
        user: the internal number of the user.
        user_id: the user's id.

    Attributes:
        listed: by internal number of the conversation, whether it was in the user's list at the last change of the
            stream that says so.
    """

    def __init__(self, user: int, user_id: str) -> None:
        self.user = user
        self.user_id = user_id
        self.listed: dict[int, bool] = {}
        self._past_membership = PastMembership()
        self._totals: RunningTotals | None = None
        self._sent_totals: Totals | None = None

    def events(self, snapshot: Snapshot, rows: Sequence[FeedRow]) -> list[Event]:
        """Return the user's events for some changes: first those of each change in feed order, then the derived ones.

        The derived events are ConversationChanged and, as the last one, TotalsChanged; they hold at `snapshot`. Events
        show content as the user may see it now: of a message removed since, only the removal is sent. Call
        `start_totals` before.

        Cost: a few seeks for each conversation that the changes are about.

        Args:
            snapshot: the snapshot to read from; no older than the changes.
            rows: the changes, in feed order.
        """
        if rows:
            # Recorded by a server whose clock is ahead, a change shows what that time alone did (semantics T2).
            snapshot.now = max(snapshot.now, rows[-1].time)
        batch = _Batch(self, ChangeContext(snapshot, self.user, rows, self._past_membership))
        for row in rows:
            batch.add(row)
            if row.call_end:
                batch.member_events.clear()
        events: list[Event] = [*batch.events, *batch.derived()]
        if batch.descriptions or batch.has_user_settings:
            events += self._changed_totals(snapshot, batch)
        return events

    def events_in_steps(self, snapshot: Snapshot, rows: Sequence[FeedRow]) -> Generator[None, None, list[Event]]:
        """Return the same events as `events`, in steps of about 64 changes; yield None where the read may pause.

        A read that pauses begins again, so this must be the first use of the projector.
        """
        events: list[Event] = []
        changed: dict[str, ConversationChanged] = {}
        totals: list[Event] = []
        is_cut = False
        for part in _parts(rows):
            if events or changed:
                yield None
            projected = self.events(snapshot, part)
            if is_cut:
                _join_members(events, projected)
            is_cut = not part[-1].call_end
            for event in projected:
                if isinstance(event, ConversationChanged):
                    conversation_id = event.description.entry.conversation.conversation_id
                    before = changed.pop(conversation_id, event)
                    changed[conversation_id] = event._replace(added=before.added or event.added)
                elif isinstance(event, TotalsChanged):
                    totals = [event]
                else:
                    if isinstance(event, ConversationRemoved):
                        changed.pop(event.conversation_id, None)
                    events.append(event)
        return [*events, *changed.values(), *totals]

    def needs_totals(self, rows: Sequence[FeedRow]) -> bool:
        """Return whether `start_totals` must be called before `events` with these changes.

        That is so at first, and where the user's settings for all conversations changed: then every conversation may
        count in another way.
        """
        return self._totals is None or any(not row.conversation for row in rows)

    def start_totals(self, totals: RunningTotals) -> None:
        """Set the unread totals from which `events` counts on.

        Args:
            totals: the totals of a snapshot. Every change that is committed after it must be passed to `events`.
        """
        self._totals = totals

    def _changed_totals(self, snapshot: Snapshot, batch: "_Batch") -> list[TotalsChanged]:
        if self._totals is None:
            raise LookupError("the totals were not read")
        for description in batch.descriptions.values():
            self._totals.update(
                description.entry,
                unread=description.unread_count,
                mentions=description.mention_count,
                now=snapshot.now,
            )
        if self._totals.sum == self._sent_totals:
            return []
        self._sent_totals = self._totals.sum
        return [TotalsChanged(batch.last_cause, self._sent_totals)]


def _join_members(before: list[Event], after: list[Event]) -> None:
    """Move the first change of members of `after` to the one of the same call with which `before` was cut."""
    first = next((event for event in after if isinstance(event, MembersChanged)), None)
    last = next((at for at in reversed(range(len(before))) if isinstance(before[at], MembersChanged)), None)
    if first is None or last is None:
        return
    earlier = before[last]
    if isinstance(earlier, MembersChanged) and earlier[:3] == first[:3]:
        before[last] = joined_to(earlier, first)
        after.remove(first)


def _parts(rows: Sequence[FeedRow]) -> Iterator[Sequence[FeedRow]]:
    """Yield the changes in parts of about 64; those of a call are split only if it has more than twice as many."""
    start = 0
    for end, row in enumerate(rows, start=1):
        if end - start >= (_STEP if row.call_end else 2 * _STEP):
            yield rows[start:end]
            start = end
    if start < len(rows):
        yield rows[start:]


def _is_read_by_others(event: PositionedEvent, row: FeedRow, user: int) -> bool:
    """Return whether an event says that another user read, which changes nothing of the conversation as shown."""
    return isinstance(event, ReadPositionMoved) and row.actor != user


@dataclass(slots=True)
class _Batch:
    """Changes that are being projected onto one user, and the events made of them so far.

    Attributes:
        projector: the state of the user's stream.
        context: the data that the changes refer to.
        events: the events of the changes, in feed order.
        touched: by internal number of the conversation, the user's entry and the last change that may have altered it.
        removed: the internal numbers of the conversations whose removal is among the events.
        has_user_settings: whether a change of the user's settings for all conversations is among the changes.
        member_events: by conversation id, the index of the event of changed members that the present call has made.
        descriptions: by internal number, the conversations as the user sees them now.
        last_cause: the device and time of the last change that may have altered a conversation.
    """

    projector: UserProjector
    context: ChangeContext
    events: list[PositionedEvent] = field(default_factory=list)
    touched: dict[int, tuple[UserConversation, FeedRow]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    has_user_settings: bool = False
    member_events: dict[str, int] = field(default_factory=dict)
    descriptions: dict[int, ConversationView] = field(default_factory=dict)
    last_cause: Cause = field(default_factory=lambda: Cause("", 0))

    def add(self, row: FeedRow) -> None:
        """Add the events of one change, and note the conversation if its view may have changed."""
        if not row.conversation:
            self.events.append(UserSettingsChanged(cause_of(row), self.context.options()))
            self.has_user_settings = True
            self.last_cause = cause_of(row)
            return
        entry = self.context.entry(row.conversation)
        if entry is None:
            return
        delivered = False
        for event in events_for(self.context, row, entry):
            delivered = delivered or not _is_read_by_others(event, row, self.projector.user)
            self._add(event)
            if isinstance(event, ConversationRemoved):
                self.removed.add(row.conversation)
                self.projector.listed[row.conversation] = False
        if affects_view(self.context, row, entry, delivered=delivered):
            if row.conversation not in self.projector.listed:
                changes = self.context.changes(row.conversation) + self.context.later_listings(row.conversation)
                before = was_listed(self.context.snapshot, entry, changes)
                if before is not None:
                    self.projector.listed[row.conversation] = before
            # The last one to touch it decides its place among what follows.
            self.touched.pop(row.conversation, None)
            self.touched[row.conversation] = entry, row
            self.last_cause = cause_of(row)

    def _add(self, event: PositionedEvent) -> None:
        """Add an event; deletions of single messages by one call, and its changes of members, become one event."""
        last = self.events[-1] if self.events else None
        if (
            isinstance(event, MessagesDeleted)
            and isinstance(last, MessagesDeleted)
            and event.messages
            and last.messages
            and event._replace(messages=last.messages) == last
        ):
            self.events[-1] = last._replace(messages=last.messages + event.messages)
            return
        if isinstance(event, MembersChanged):
            index = self.member_events.get(event.conversation_id)
            if index is not None:
                earlier = self.events[index]
                if isinstance(earlier, MembersChanged):
                    self.events[index] = joined_to(earlier, event)
                    return
            self.member_events[event.conversation_id] = len(self.events)
        self.events.append(event)

    def derived(self) -> list[ConversationChanged]:
        """Return the changed view of each noted conversation, except of an unlisted one whose removal is an event."""
        changes = []
        listed = self.projector.listed
        for conversation, (entry, row) in self.touched.items():
            description = self._describe(entry)
            self.descriptions[conversation] = description
            before = listed.get(conversation)
            # Only a removal takes it out of the list, and that is noted where its event is made.
            listed[conversation] = before or self._is_listed_after(entry)
            # One that a later change brings into the list gets its event with that change.
            if listed[conversation] if entry.listed else conversation not in self.removed:
                added = bool(entry.listed) and before is False
                changes.append(ConversationChanged(cause_of(row), description, added))
        return changes

    def _is_listed_after(self, entry: UserConversation) -> bool:
        """Return whether a conversation is in the user's list after the changes, whatever happened since."""
        conversation = entry.conversation.id
        later = self.context.later_listings(conversation)
        if later and later[0].kind == ChangeKind.CONVERSATION_REMOVED:
            # As before the changes, unless one of them may have listed it.
            before = self.projector.listed.get(conversation, True)
            return before or any(row.kind in LISTING for row in self.context.changes(conversation))
        listed = was_listed(self.context.snapshot, entry, later)
        return bool(entry.listed) if listed is None else listed

    def _describe(self, entry: UserConversation) -> ConversationView:
        snapshot, shared = self.context.snapshot, entry.conversation
        head = messages_at(snapshot, shared.id, [shared.last_sequence]).get(shared.last_sequence)
        row = ListRow(entry, head.body if head else None, head.original_time if head else None)
        return describe(snapshot, row, self.projector.user_id)
