"""A device's own store of one user's conversations, kept by nothing but what its user is sent."""

from collections.abc import Iterable
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
from tests.property.chat_records import CHAT_ROOM, GROUP, MemberChange
from tests.property.reading_checks import History
from tests.property.scene import escaped, microseconds, timestamp
from tests.support.api_client import DOWN, ApiClient, by_id, failure_of

RECALLED = deletion_pb2.DELETION_REASON_RECALLED


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
    gone: list[Gone] = field(default_factory=list)
    removals: list[tuple[bool, str]] = field(default_factory=list)
    member_changes: list[MemberChange] = field(default_factory=list)


class WatchingClient:
    """Reads the list once, then follows from the token of its first read.

    Attributes:
        user: the user.
        token: where it goes on.
        held: conversations by id.
        totals: the sums.
        settings: the user's settings for everything.
    """

    def __init__(self, api: ApiClient, user: str) -> None:
        self.user = user
        self._act = api
        self._whole = True
        first = api.users.GetUserSettings(user_service_pb2.GetUserSettingsRequest(user_id=user))
        self.token = first.resume_token
        self.settings: user_pb2.UserSettings = first.settings
        self.totals = api.summary(user).totals
        self.held: dict[str, Held] = {}
        for entry in api.listed(user):
            self._show(entry)

    def take(self, events: Iterable[event_pb2.Event], *, whole: bool) -> None:
        """Does what events say. Where they are `whole`, nothing else had happened when they were sent."""
        self._whole = whole
        for event in events:
            self._take(event)
            kind = event.WhichOneof("kind")
            assert not event.notify or (
                kind == "message_received"
                and event.message_received.message.sender_id != self.user
                and not event.message_received.message.silent
            )

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

    def _show(self, entry: conversation_pb2.Conversation) -> None:
        held = self.of(entry.conversation_id)
        if not held.known and entry.type in (GROUP, CHAT_ROOM):
            self._read_members(entry.conversation_id)
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
            _clear(held, event.cleared_range)

    def _message_received(self, event: event_pb2.MessageReceived) -> None:
        message = event.message
        held = self.of(message.conversation_id)
        assert not message.HasField("tombstone")
        assert message.sequence not in held.messages or held.messages[message.sequence] == message
        held.messages[message.sequence] = message

    def _messages_deleted(self, event: event_pb2.MessagesDeleted) -> None:
        held = self.of(event.conversation_id)
        target = event.WhichOneof("target")
        assert target is not None
        assert len(event.messages.messages) <= 500
        sequences = tuple(message.sequence for message in event.messages.messages)
        held.gone.append(Gone(event.scope, event.reason, sequences, event.range if target == "range" else None))
        if target == "range":
            _clear(held, event.range)
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
        assert event.read_sequence > before or not event.HasField("burn_time")
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
        found = self._fetch(event.conversation_id, event.first_sequence, event.last_sequence)
        if event.reason == event_pb2.HISTORY_CHANGE_REASON_UNBLOCKED:
            assert all(found.blocked(sequence) for sequence in found.messages), event
        for sequence in range(event.first_sequence, event.last_sequence + 1):
            held.messages.pop(sequence, None)
            held.states.pop(sequence, None)
        held.messages |= found.messages
        held.states |= found.states

    def _fetch(self, conversation_id: str, first: int, last: int) -> History:
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
            self._read_members(event.conversation_id)
        for member in [*event.joined_members, *event.updated_members]:
            held.members[member.user_id] = standing(member)
        for user in event.left_user_ids:
            held.members.pop(user, None)
        if self.user in event.left_user_ids:
            held.members.clear()

    def _read_members(self, conversation_id: str) -> None:
        """Reads who the members are, unless the user has left again since."""
        request = conversation_service_pb2.ListMembersRequest(user_id=self.user, conversation=by_id(conversation_id))
        try:
            members = self._act.conversations.ListMembers(request).members
        except grpc.RpcError as error:
            assert failure_of(error).reason == "NOT_A_MEMBER"  # noqa: PT017 - any other is a fault
            return
        self.of(conversation_id).members = {member.user_id: standing(member) for member in members}


def standing(member: member_pb2.Member) -> tuple[int, int]:
    """What a device keeps of a member."""
    return member.role, microseconds(member.join_time)


def _clear(held: Held, cleared: deletion_pb2.DeletedRange) -> None:
    """Takes away what a range says is gone."""
    written = microseconds(cleared.original_up_to_time) if cleared.HasField("original_up_to_time") else None
    held.messages = {
        sequence: message
        for sequence, message in held.messages.items()
        if sequence > cleared.up_to_sequence
        and not (message.imported and written is not None and microseconds(message.original_time) <= written)
    }
    held.states = {sequence: state for sequence, state in held.states.items() if sequence in held.messages}
