"""A device's own store of one user's conversations, kept by nothing but what its user is sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from backscroll.v1 import conversation_pb2, event_pb2, message_pb2
from tests.property.chat_records import CHAT_ROOM, GROUP
from tests.property.scene import microseconds
from tests.support.api_client import DOWN, ApiClient, by_id


@dataclass
class Held:
    """What the device holds of a conversation.

    Attributes:
        entry: as it was sent last; None where that is no longer true.
        listed: whether it is in the list.
        member: whether the user was a member when it was sent last.
        read: the user's read position.
        messages: by sequence.
        dues: the moments that were sent at which messages vanish.
    """

    entry: conversation_pb2.Conversation | None = None
    listed: bool = False
    member: bool = False
    read: int = 0
    messages: dict[int, message_pb2.Message] = field(default_factory=dict)
    dues: set[int] = field(default_factory=set)


class WatchingClient:
    """Reads the list once, then follows from the token of its first page.

    Attributes:
        user: the user.
        token: where it goes on.
        held: conversations by id.
        totals: the sums.
    """

    def __init__(self, api: ApiClient, user: str) -> None:
        self.user = user
        self._act = api
        self._whole = True
        first = api.list_page(user, page_size=1)
        self.token = first.resume_token
        self.totals = api.summary(user).totals
        self.held: dict[str, Held] = {}
        for entry in api.listed(user):
            self._show(entry)

    def take(self, events: Iterable[event_pb2.Event], *, whole: bool) -> None:
        """Does what events say. Where they are `whole`, nothing else had happened when they were sent."""
        self._whole = whole
        for event in events:
            kind = event.WhichOneof("kind") or ""
            taking = getattr(self, f"_{kind}", None)
            if taking is not None:
                taking(getattr(event, kind))
            assert not event.notify or (
                kind == "message_received"
                and event.message_received.message.sender_id != self.user
                and not event.message_received.message.silent
            )

    def of(self, conversation_id: str) -> Held:
        """What it holds of a conversation."""
        return self.held.setdefault(conversation_id, Held())

    def _conversation_added(self, expect: event_pb2.ConversationAdded) -> None:
        assert not expect.conversation.unlisted
        assert not (self._whole and self.of(expect.conversation.conversation_id).listed), expect
        self._show(expect.conversation)

    def _conversation_changed(self, expect: event_pb2.ConversationChanged) -> None:
        known = self.of(expect.conversation.conversation_id).listed or expect.conversation.unlisted
        assert known or not self._whole, expect
        self._show(expect.conversation)

    def _show(self, entry: conversation_pb2.Conversation) -> None:
        held = self.of(entry.conversation_id)
        joined = entry.role > 0 and not held.member
        held.entry, held.listed, held.member = entry, not entry.unlisted, entry.role > 0
        if joined and entry.type in (GROUP, CHAT_ROOM):
            # A joiner may see what was said before.
            self._fetch(entry.conversation_id, 0, entry.last_sequence)

    def _conversation_removed(self, expect: event_pb2.ConversationRemoved) -> None:
        held = self.of(expect.conversation_id)
        held.entry, held.listed = None, False
        _drop(held, expect.cleared_up_to_sequence)

    def _message_received(self, expect: event_pb2.MessageReceived) -> None:
        message = expect.message
        held = self.of(message.conversation_id)
        assert not message.HasField("tombstone")
        assert message.sequence not in held.messages or held.messages[message.sequence] == message
        held.messages[message.sequence] = message

    def _messages_deleted(self, expect: event_pb2.MessagesDeleted) -> None:
        held = self.of(expect.conversation_id)
        gone, written = set(expect.message_ids), microseconds(expect.original_up_to_time)
        held.messages = {
            sequence: message
            for sequence, message in held.messages.items()
            if message.message_id not in gone
            and not (message.imported and microseconds(message.original_time) <= written)
        }
        _drop(held, expect.up_to_sequence)

    def _read_position_moved(self, expect: event_pb2.ReadPositionMoved) -> None:
        held = self.of(expect.conversation_id)
        if expect.reader_id == self.user:
            assert expect.read_sequence > held.read or not expect.HasField("burn_due_time")
            held.read = max(held.read, expect.read_sequence)
        if expect.HasField("burn_due_time"):
            held.dues.add(microseconds(expect.burn_due_time))

    def _history_imported(self, expect: event_pb2.HistoryImported) -> None:
        self._fetch(expect.conversation_id, expect.first_sequence - 1, expect.last_sequence)

    def _total_unread_changed(self, expect: event_pb2.TotalUnreadChanged) -> None:
        self.totals = expect.totals

    def _fetch(self, conversation_id: str, after: int, up_to: int) -> None:
        found = self._act.walk(self.user, by_id(conversation_id), DOWN, start={"sequence": after})
        held = self.of(conversation_id)
        held.messages |= {message.sequence: message for message in found if message.sequence <= up_to}


def _drop(held: Held, up_to: int) -> None:
    held.messages = {sequence: message for sequence, message in held.messages.items() if sequence > up_to}
