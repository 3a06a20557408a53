"""Encoders of a watcher's events."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from google.protobuf.message import Message

from backscroll.v1 import event_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.services.changes.events import (
    Cause,
    ConversationChanged,
    ConversationRemoved,
    Event,
    HistoryChanged,
    MembersChanged,
    MessageReceived,
    MessagesDeleted,
    ReadPositionMoved,
    TotalsChanged,
    UserSettingsChanged,
)
from backscroll_server.transport.encode import conversations as encode
from backscroll_server.transport.encode.members import member

_SHARED_BYTES: Final = 4096
"""The size of the largest message whose encoding is kept. To copy a larger one costs less than to look for it."""

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
                yield _message(event) if len(event.framed) <= _SHARED_BYTES else _encoded_message(event)
            else:
                if isinstance(event, ConversationRemoved):
                    self._sent_digests.pop(event.conversation_id, None)
                name, encoder = _ENCODERS[type(event)]
                for part in _parts(event):
                    yield _framed(name, encoder(part).SerializeToString(), event.cause)


def _parts(event: Event) -> Iterator[Event]:
    """Yield an event, or several in its place where it names more messages than one event may."""
    if not isinstance(event, MessagesDeleted) or len(event.messages) <= limits.DELETED_MESSAGES_SHOWN:
        yield event
        return
    for start in range(0, len(event.messages), limits.DELETED_MESSAGES_SHOWN):
        yield event._replace(messages=event.messages[start : start + limits.DELETED_MESSAGES_SHOWN])


@lru_cache(maxsize=256)
def _message(event: MessageReceived) -> bytes:
    """Return the framed `Event` of a received message; cached, so that all watchers share one encoding."""
    return _encoded_message(event)


def _encoded_message(event: MessageReceived) -> bytes:
    return _framed("message_received", event.framed, event.cause, notify=event.notify)


def _deleted(event: MessagesDeleted) -> event_pb2.MessagesDeleted:
    deleted = event_pb2.MessagesDeleted(
        conversation_id=event.conversation_id,
        scope=int(event.scope),  # type: ignore[arg-type]
        reason=int(event.reason),  # type: ignore[arg-type]
    )
    if event.messages:
        deleted.messages.MergeFromString(b"".join(event.messages))
    else:
        deleted.range.CopyFrom(encode.deleted_range(event.up_to, event.original_up_to))
    return deleted


def _read(event: ReadPositionMoved) -> event_pb2.ReadPositionMoved:
    moved = event_pb2.ReadPositionMoved(
        conversation_id=event.conversation_id, reader_id=event.reader_id, read_sequence=event.sequence
    )
    if event.burn_due:
        moved.burn_time.CopyFrom(encode.timestamp(event.burn_due))
    return moved


def _history(event: HistoryChanged) -> event_pb2.HistoryChanged:
    return event_pb2.HistoryChanged(
        conversation_id=event.conversation_id,
        reason=int(event.reason),  # type: ignore[arg-type]
        first_sequence=event.first,
        last_sequence=event.last,
    )


def _members(event: MembersChanged) -> event_pb2.MembersChanged:
    return event_pb2.MembersChanged(
        conversation_id=event.conversation_id,
        joined_members=map(member, event.joined),
        updated_members=map(member, event.updated),
        left_user_ids=event.left,
        actor_id=event.actor_id,
    )


def _removed(event: ConversationRemoved) -> event_pb2.ConversationRemoved:
    removed = event_pb2.ConversationRemoved(
        conversation_id=event.conversation_id,
        scope=int(event.scope),  # type: ignore[arg-type]
        deleted_by=event.deleted_by,
    )
    if event.cleared:
        removed.cleared_range.CopyFrom(encode.deleted_range(event.cleared, event.original_up_to))
    return removed


def _user_settings(event: UserSettingsChanged) -> event_pb2.UserSettingsChanged:
    return event_pb2.UserSettingsChanged(settings=encode.user_settings(event.options))


def _totals(event: TotalsChanged) -> event_pb2.TotalUnreadChanged:
    return event_pb2.TotalUnreadChanged(totals=encode.totals(event.totals))


_ENCODERS: dict[type[Any], tuple[str, Callable[[Any], Message]]] = {
    MessagesDeleted: ("messages_deleted", _deleted),
    ReadPositionMoved: ("read_position_moved", _read),
    HistoryChanged: ("history_changed", _history),
    MembersChanged: ("members_changed", _members),
    ConversationRemoved: ("conversation_removed", _removed),
    UserSettingsChanged: ("user_settings_changed", _user_settings),
    TotalsChanged: ("total_unread_changed", _totals),
}
"""By kind of event, the field of `Event` and the encoder."""


def _framed(name: str, content: bytes, cause: Cause, *, notify: bool = False) -> bytes:
    rest = event_pb2.Event(device_id=cause.device_id, notify=notify, event_time=encode.timestamp(cause.time))
    encoded = message_codec.bytes_field(_FIELDS[name], content) + rest.SerializeToString()
    return message_codec.frame(encoded)
