"""Encoders of a watcher's events."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from google.protobuf.message import Message

from backscroll.v1 import event_pb2
from backscroll_server.domain import ids, message_codec
from backscroll_server.services.changes.events import (
    Cause,
    ConversationChanged,
    ConversationRemoved,
    Event,
    HistoryImported,
    MessageReceived,
    MessagesDeleted,
    ReadPositionMoved,
    TotalsChanged,
    UserSettingsChanged,
)
from backscroll_server.transport.encode import conversations as encode

_FIELDS = {field.name: field.number for field in event_pb2.Event.DESCRIPTOR.oneofs_by_name["kind"].fields}


class EventEncoder:
    """Encoder of the events that one stream or one answer carries.

    It remembers a hash of each conversation as it was last sent, and leaves out a change that encodes to equal bytes.
    """

    def __init__(self) -> None:
        self._sent_digests: dict[str, int] = {}

    def framed(self, events: Iterable[Event]) -> Iterator[bytes]:
        """Yield each event as an encoded `Event`, framed as field 1 of a response.

        A conversation that encodes as it was last sent is left out, unless it was removed in between: who has it so
        knows that it is listed.
        """
        for event in events:
            if isinstance(event, ConversationChanged):
                encoded = encode.conversation(event.description)
                conversation_id, digest = event.description.entry.conversation.conversation_id, hash(encoded)
                if self._sent_digests.get(conversation_id) == digest:
                    continue
                self._sent_digests[conversation_id] = digest
                name = "conversation_added" if event.added else "conversation_changed"
                yield _framed(name, message_codec.frame(encoded), event.cause)
            elif isinstance(event, MessageReceived):
                yield _message(event)
            else:
                if isinstance(event, ConversationRemoved):
                    self._sent_digests.pop(event.conversation_id, None)
                name, content = _plain(event)
                yield _framed(name, content.SerializeToString(), event.cause)


@lru_cache(maxsize=256)
def _message(event: MessageReceived) -> bytes:
    """Return the framed `Event` of a received message; cached, so that all watchers share one encoding."""
    return _framed("message_received", event.framed, event.cause, notify=event.notify)


def _plain(event: Event) -> tuple[str, Message]:
    match event:
        case MessagesDeleted():
            deleted = event_pb2.MessagesDeleted(
                conversation_id=event.conversation_id,
                message_ids=[ids.message_id(event.conversation, sequence) for sequence in event.sequences],
                up_to_sequence=event.up_to,
                scope=int(event.scope),  # type: ignore[arg-type]
            )
            if event.original_up_to:
                deleted.original_up_to_time.CopyFrom(encode.timestamp(event.original_up_to))
            return "messages_deleted", deleted
        case ReadPositionMoved():
            moved = event_pb2.ReadPositionMoved(
                conversation_id=event.conversation_id, reader_id=event.reader_id, read_sequence=event.sequence
            )
            if event.burn_due:
                moved.burn_due_time.CopyFrom(encode.timestamp(event.burn_due))
            return "read_position_moved", moved
        case HistoryImported():
            return "history_imported", event_pb2.HistoryImported(
                conversation_id=event.conversation_id, first_sequence=event.first, last_sequence=event.last
            )
        case ConversationRemoved():
            return "conversation_removed", event_pb2.ConversationRemoved(
                conversation_id=event.conversation_id,
                cleared_up_to_sequence=event.cleared,
                scope=int(event.scope),  # type: ignore[arg-type]
            )
        case UserSettingsChanged():
            return "user_settings_changed", event_pb2.UserSettingsChanged(settings=encode.user_settings(event.options))
        case TotalsChanged():
            return "total_unread_changed", event_pb2.TotalUnreadChanged(totals=encode.totals(event.totals))
    raise TypeError(f"{type(event).__name__} is no event")


def _framed(name: str, content: bytes, cause: Cause, *, notify: bool = False) -> bytes:
    rest = event_pb2.Event(device_id=cause.device_id, notify=notify, time=encode.timestamp(cause.time))
    encoded = message_codec.bytes_field(_FIELDS[name], content) + rest.SerializeToString()
    return message_codec.frame(encoded)
