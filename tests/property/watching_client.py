"""A device's own store of one user's conversations, kept by nothing but its first reads and what its user is sent."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import grpc

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    deletion_pb2,
    event_pb2,
    member_pb2,
    message_pb2,
    user_pb2,
    user_service_pb2,
)
from tests.property.chat_records import BLOCKED, CHAT_ROOM, FOREVER, MUTED, NORMAL, MemberChange
from tests.property.reading_checks import History
from tests.property.scene import escaped, microseconds, timestamp
from tests.support.api_client import DOWN, ApiClient, by_id, failure_of

RECALLED = deletion_pb2.DELETION_REASON_RECALLED
KINDS = tuple(field.name for field in event_pb2.Event.DESCRIPTOR.oneofs_by_name["kind"].fields)
"""The kinds of events."""
COUNTED_FROM = ("unread_floor_sequence", "unread_from_sequence", "mention_floor_sequence")
"""Fields of a conversation that are there for a client that counts for itself."""
LOSSES = (*KINDS, *COUNTED_FROM, "states", "up_to_sequence", "original_up_to_time")
"""What may be left out on the way to a client: events of a kind, or fields."""


class Gone(NamedTuple):
    """What an event says of messages that are gone.

    Attributes:
        scope: for whom.
        reason: why.
        sequences: single messages.
        cleared: or the oldest messages up to some point.
    """

    scope: deletion_pb2.DeletionScope
    reason: deletion_pb2.DeletionReason
    sequences: tuple[int, ...]
    cleared: deletion_pb2.DeletedRange | None


@dataclass
class Held(History):
    """What the device holds of a conversation: also what it holds of the history.

    Attributes:
        entry: as it was sent last; None where that is no longer true.
        listed: whether it is in the list.
        known: whether it was ever shown.
        reads: read positions by user.
        members: role and join time of the members, by user.
        dues: the moments that were sent at which messages vanish.
        received: the messages that were sent to it.
        gone: what events said of messages that are gone.
        removals: for each removal of the conversation, whether it was for everyone, and who did it.
        member_changes: what events said of members.
    """

    entry: conversation_pb2.Conversation | None = None
    listed: bool = False
    known: bool = False
    reads: dict[str, int] = field(default_factory=dict)
    members: dict[str, tuple[int, int]] = field(default_factory=dict)
    dues: set[int] = field(default_factory=set)
    received: set[int] = field(default_factory=set)
    gone: list[Gone] = field(default_factory=list)
    removals: list[tuple[bool, str]] = field(default_factory=list)
    member_changes: list[MemberChange] = field(default_factory=list)


class WatchingClient:
    """Reads everything once, then follows from the token of its first read.

    Attributes:
        user: the user.
        token: where it goes on.
        held: conversations by id.
        totals: the sums that were sent last; before, those of the first reads.
        settings: the user's settings for everything.
        from_start: whether nothing had happened when it began.
        is_current: whether it was sent all that had happened before its first reads ended.
        calls: how often it called, by what for.
    """

    def __init__(
        self, api: ApiClient, user: str, clock: Callable[[], int], *, lost: str = "", from_start: bool = False
    ) -> None:
        """Begins with the read whose token it follows from; `read` does the others.

        Args:
            api: where to read.
            user: the user.
            clock: the time by which mutes end.
            lost: one of `LOSSES`, which does not reach it.
            from_start: whether nothing has happened yet.
        """
        self.user = user
        self.from_start, self.is_current = from_start, from_start
        self.held: dict[str, Held] = {}
        self.calls: Counter[str] = Counter()
        self._act, self._clock, self._lost = api, clock, lost
        self._whole = False
        first = api.users.GetUserSettings(user_service_pb2.GetUserSettingsRequest(user_id=user))
        self.token = first.resume_token
        self.settings: user_pb2.UserSettings = first.settings

    def read(self) -> None:
        """The rest of the first reads: the list, and of each conversation the history and the members."""
        self.held = {}
        for entry in self._act.listed(self.user):
            self._show(entry, "in the first reads")
        self.totals = self.computed_totals()

    def take(self, events: Iterable[event_pb2.Event], *, whole: bool) -> None:
        """Does what events say. Where they are `whole`, nothing else had happened when they were sent."""
        self._whole = whole and self.is_current
        for event in events:
            kind = event.WhichOneof("kind")
            assert not event.notify or (
                kind == "message_received"
                and event.message_received.message.sender_id != self.user
                and not event.message_received.message.silent
            )
            if kind != self._lost:
                self._take(event)

    def order(self) -> list[str]:
        """The ids of the conversations in the list, in its order."""
        entries = [held.entry for held in self.held.values() if held.listed and held.entry is not None]
        entries.sort(
            key=lambda entry: (
                -microseconds(entry.settings.pin_time),
                -microseconds(entry.activity_time),
                entry.conversation_id.encode(),
            )
        )
        return [entry.conversation_id for entry in entries]

    def computed_totals(self) -> user_pb2.UnreadTotals:
        """The sums over the list as it is held."""
        totals = user_pb2.UnreadTotals()
        for held in self.held.values():
            entry = held.entry
            if entry is None or not held.listed or entry.type == CHAT_ROOM:
                continue
            option, mute_end = entry.settings.receive_option, microseconds(entry.settings.mute_end_time)
            option = NORMAL if option == MUTED and 0 < mute_end <= self._clock() else option
            option = BLOCKED if self.settings.receive_option == BLOCKED else option
            if option == NORMAL:
                totals.unread_count += entry.unread_count
                totals.unread_conversation_count += entry.unread_count > 0
            if option == MUTED:
                totals.muted_unread_count += entry.unread_count
            totals.unread_mention_count += entry.unread_mention_count
        return totals

    def _take(self, event: event_pb2.Event) -> None:
        match event.WhichOneof("kind"):
            case "conversation_added":
                self._conversation_added(event.conversation_added)
            case "conversation_changed":
                self._conversation_changed(event.conversation_changed)
            case "conversation_removed":
                self._conversation_removed(event.conversation_removed)
            case "message_received":
                self._message_received(event.message_received)
            case "messages_deleted":
                self._messages_deleted(event.messages_deleted)
            case "read_position_moved":
                self._read_position_moved(event.read_position_moved, microseconds(event.event_time))
            case "history_changed":
                self._history_changed(event.history_changed)
            case "members_changed":
                self._members_changed(event.members_changed)
            case "total_unread_changed":
                self.totals = event.total_unread_changed.totals
            case "user_settings_changed":
                self.settings = event.user_settings_changed.settings
            case kind:
                raise AssertionError(f"an event of an unknown kind {kind}")

    def of(self, conversation_id: str) -> Held:
        """What it holds of a conversation."""
        return self.held.setdefault(conversation_id, Held())

    def _conversation_added(self, event: event_pb2.ConversationAdded) -> None:
        assert not event.conversation.unlisted
        assert not (self._whole and self.of(event.conversation.conversation_id).listed), event
        self._show(event.conversation)

    def _conversation_changed(self, event: event_pb2.ConversationChanged) -> None:
        known = self.of(event.conversation.conversation_id).listed or event.conversation.unlisted
        assert known or not self._whole, event
        self._show(event.conversation)

    def _show(self, entry: conversation_pb2.Conversation, occasion: str = "shown for the first time") -> None:
        held = self.of(entry.conversation_id)
        if self._lost in COUNTED_FROM:
            entry.ClearField(self._lost)
        if not held.known:
            self._read_members(entry.conversation_id, occasion)
            if entry.read_sequence:
                held.reads[self.user] = entry.read_sequence
            found = self._fetch(entry.conversation_id, 1, FOREVER, occasion)
            held.messages, held.states = found.messages, found.states
        held.entry, held.listed, held.known = entry, not entry.unlisted, True

    def _conversation_removed(self, event: event_pb2.ConversationRemoved) -> None:
        held = self.of(event.conversation_id)
        held.entry, held.listed = None, False
        held.removals.append((event.scope == deletion_pb2.DELETION_SCOPE_EVERYONE, event.deleted_by))
        if event.HasField("cleared_range"):
            reason = (
                deletion_pb2.DELETION_REASON_ERASED if held.removals[-1][0] else deletion_pb2.DELETION_REASON_HIDDEN
            )
            held.gone.append(Gone(event.scope, reason, (), event.cleared_range))
            self._clear(held, event.cleared_range)

    def _message_received(self, event: event_pb2.MessageReceived) -> None:
        message = event.message
        held = self.of(message.conversation_id)
        assert not message.HasField("tombstone")
        before = held.messages.get(message.sequence)
        # What was on its way while the history was fetched is older than that: the message may be recalled there.
        assert before in (None, message) or (before.HasField("tombstone") and not self._whole), before
        held.messages[message.sequence] = message
        held.received.add(message.sequence)

    def _messages_deleted(self, event: event_pb2.MessagesDeleted) -> None:
        held = self.of(event.conversation_id)
        target = event.WhichOneof("target")
        assert target is not None
        assert len(event.messages.messages) <= 500
        sequences = tuple(message.sequence for message in event.messages.messages)
        held.gone.append(Gone(event.scope, event.reason, sequences, event.range if target == "range" else None))
        if target == "range":
            self._clear(held, event.range)
        for message in event.messages.messages:
            held.messages.pop(message.sequence, None)
            held.states.pop(message.sequence, None)
            if event.reason == RECALLED:
                assert message.HasField("tombstone"), event
                assert not message.HasField("content"), event
                held.messages[message.sequence] = message
            else:
                named = message_pb2.Message(message_id=message.message_id, sequence=message.sequence)
                assert message == named, event

    def _read_position_moved(self, event: event_pb2.ReadPositionMoved, time: int) -> None:
        held = self.of(event.conversation_id)
        before = held.reads.get(event.reader_id, 0)
        assert event.read_sequence > before or not event.HasField("burn_time") or not self.is_current
        if event.read_sequence > before:
            held.reads[event.reader_id] = event.read_sequence
        if not event.HasField("burn_time"):
            return
        held.dues.add(microseconds(event.burn_time))
        # Alone with oneself, one reads what one wrote.
        alone = event.conversation_id.split(":")[1:] == [escaped(self.user)] * 2
        for sequence in range(before + 1, event.read_sequence + 1):
            message = held.messages.get(sequence)
            if message is None or not message.HasField("burn_duration"):
                continue
            if message.sender_id != event.reader_id or alone:
                state = held.states.setdefault(sequence, message_pb2.MessageState(sequence=sequence))
                state.burn_time.CopyFrom(timestamp(time + microseconds(message.burn_duration)))

    def _history_changed(self, event: event_pb2.HistoryChanged) -> None:
        held = self.of(event.conversation_id)
        assert 1 <= event.first_sequence <= event.last_sequence, event
        assert event.reason in (
            event_pb2.HISTORY_CHANGE_REASON_IMPORTED,
            event_pb2.HISTORY_CHANGE_REASON_UNBLOCKED,
            event_pb2.HISTORY_CHANGE_REASON_JOINED,
        ), event
        found = self._fetch(event.conversation_id, event.first_sequence, event.last_sequence, "a range that changed")
        if event.reason == event_pb2.HISTORY_CHANGE_REASON_UNBLOCKED:
            blocked = all(found.blocked(sequence) for sequence in found.messages)
            assert blocked or self._lost == "states", event
        for sequence in range(event.first_sequence, event.last_sequence + 1):
            held.messages.pop(sequence, None)
            held.states.pop(sequence, None)
        held.messages |= found.messages
        held.states |= found.states

    def _fetch(self, conversation_id: str, first: int, last: int, occasion: str) -> History:
        self.calls[f"ListMessages, {occasion}"] += 1
        found = History()
        start, token = {"sequence": first}, ""
        while True:
            page = self._act.page(
                self.user,
                by_id(conversation_id),
                start=start if not token else None,
                include_start=not token,
                direction=DOWN,
                page_size=50,
                page_token=token,
                include_tombstones=True,
            )
            found.messages |= {message.sequence: message for message in page.messages if message.sequence <= last}
            if self._lost != "states":
                found.states |= {state.sequence: state for state in page.states if state.sequence <= last}
            token = page.next_page_token
            if not token:
                return found

    def _members_changed(self, event: event_pb2.MembersChanged) -> None:
        held = self.of(event.conversation_id)
        held.member_changes.append(
            MemberChange(
                event.actor_id,
                frozenset(member.user_id for member in event.joined_members),
                frozenset(member.user_id for member in event.updated_members),
                frozenset(event.left_user_ids),
            )
        )
        if any(member.user_id == self.user for member in event.joined_members):
            self._read_members(event.conversation_id, "its user joined")
        for member in [*event.joined_members, *event.updated_members]:
            held.members[member.user_id] = standing(member)
        for user in event.left_user_ids:
            held.members.pop(user, None)
        if self.user in event.left_user_ids:
            held.members.clear()

    def _read_members(self, conversation_id: str, occasion: str) -> None:
        """Reads who the members are, unless the user has left again since."""
        self.calls[f"ListMembers, {occasion}"] += 1
        held = self.of(conversation_id)
        request = conversation_service_pb2.ListMembersRequest(user_id=self.user, conversation=by_id(conversation_id))
        try:
            members = self._act.conversations.ListMembers(request).members
        except grpc.RpcError as error:
            assert failure_of(error).reason == "NOT_A_MEMBER"  # noqa: PT017 - any other is a fault
            return
        held.members = {member.user_id: standing(member) for member in members}
        if members_are_read(conversation_id):
            held.reads |= {member.user_id: member.read_sequence for member in members if member.read_sequence}

    def _clear(self, held: Held, cleared: deletion_pb2.DeletedRange) -> None:
        """Takes away what a range says is gone."""
        up_to = cleared.up_to_sequence if self._lost != "up_to_sequence" else 0
        has_time = cleared.HasField("original_up_to_time") and self._lost != "original_up_to_time"
        written = microseconds(cleared.original_up_to_time) if has_time else None
        held.messages = {
            sequence: message
            for sequence, message in held.messages.items()
            if sequence > up_to
            and not (message.imported and written is not None and microseconds(message.original_time) <= written)
        }
        held.states = {sequence: state for sequence, state in held.states.items() if sequence in held.messages}


def members_are_read(conversation_id: str) -> bool:
    """Whether the read positions of others are sent too: in a pair."""
    return conversation_id.startswith("s:")


def standing(member: member_pb2.Member) -> tuple[int, int]:
    """What a device keeps of a member."""
    return member.role, microseconds(member.join_time)
