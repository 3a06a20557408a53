"""What the server relies on in the contract, and what the house promises of it."""

import re
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FileDescriptor
from google.protobuf.message import Message

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    event_pb2,
    event_service_pb2,
    message_pb2,
    message_service_pb2,
)
from backscroll_server.domain import enums, message_codec
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.ids import conversation_key, parse_conversation_id
from backscroll_server.services.messages.page_bounds import HistoryPosition

ROOT = Path(__file__).parents[2]
FILES: list[FileDescriptor] = [
    module.DESCRIPTOR
    for module in (
        conversation_pb2, conversation_service_pb2, event_pb2, event_service_pb2, message_pb2, message_service_pb2,
    )
]  # fmt: skip

FRAMED = [
    (message_service_pb2.SendMessageResponse, "message"),
    (message_service_pb2.BatchSendResult, "message"),
    (message_service_pb2.BatchSendMessagesResponse, "results"),
    (message_service_pb2.ListMessagesResponse, "messages"),
    (message_service_pb2.GetMessagesAroundResponse, "messages"),
    (message_service_pb2.GetMessageResponse, "message"),
    (message_service_pb2.BatchGetMessagesResult, "message"),
    (message_service_pb2.BatchGetMessagesResponse, "results"),
    (message_service_pb2.StreamMessagesResponse, "messages"),
    (conversation_pb2.Conversation, "last_message"),
    (conversation_service_pb2.ConversationResult, "conversation"),
    (conversation_service_pb2.GetConversationResponse, "conversation"),
    (conversation_service_pb2.ListConversationsResponse, "conversations"),
    (conversation_service_pb2.StreamConversationsResponse, "conversations"),
]


def kind_of(field: Any) -> tuple[object, ...]:
    return (field.name, field.type, field.message_type.full_name if field.message_type else None)


def test_outgoing_message_has_the_fields_of_message_because_it_is_stored_as_it_is() -> None:
    stored = {field.number: kind_of(field) for field in message_pb2.Message.DESCRIPTOR.fields}
    for field in message_pb2.OutgoingMessage.DESCRIPTOR.fields:
        if field.name != "attributes":  # A map's entry is a type of its own message.
            assert stored[field.number] == kind_of(field)
        assert stored[field.number][0] == field.name


@pytest.mark.parametrize(("answer", "field"), FRAMED, ids=lambda part: getattr(part, "__name__", part))
def test_what_is_framed_is_field_one(answer: type[Message], field: str) -> None:
    assert answer.DESCRIPTOR.fields_by_name[field].number == 1


def test_wire_form_is_what_protobuf_reads() -> None:
    static = message_pb2.OutgoingMessage(
        content=message_pb2.Content(text=message_pb2.TextContent(text="x" * 300)), client_message_id="id"
    ).SerializeToString()
    encoded = message_codec.message(
        static, message_id="7-8", conversation_id="g:x", sequence=2**40, sender_id="é",
        create_time=1_700_000_000_123_456, burn_duration=1_500_000, original_time=-1,
    )  # fmt: skip
    read = message_pb2.Message.FromString(encoded)
    assert (read.message_id, read.conversation_id, read.sequence, read.sender_id) == ("7-8", "g:x", 2**40, "é")
    assert (read.create_time.seconds, read.create_time.nanos) == (1_700_000_000, 123_456_000)
    assert (read.burn_duration.seconds, read.burn_duration.nanos) == (1, 500_000_000)
    assert (read.original_time.seconds, read.original_time.nanos, read.imported) == (-1, 999_999_000, True)
    assert message_codec.unframe(message_codec.frame(encoded)) == encoded
    erased = message_pb2.Message.FromString(message_codec.tombstone(encoded, deleted_by="me", delete_time=5))
    assert not erased.HasField("content")
    assert (erased.tombstone.deleted_by, erased.tombstone.delete_time.nanos) == ("me", 5000)
    assert erased.client_message_id == "id"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (enums.ConversationType, conversation_pb2.ConversationType),
        (enums.HistoryVisibility, conversation_pb2.HistoryVisibility),
        (enums.ReceiveOption, conversation_pb2.ReceiveOption),
        (enums.DeletionScope, conversation_pb2.DeletionScope),
        (enums.DeletionOutcome, conversation_pb2.DeletionOutcome),
        (enums.MemberRole, conversation_pb2.MemberRole),
        (enums.MentionKind, message_pb2.MentionKind),
        (HistoryPosition, message_service_pb2.HistoryPosition),
    ],
)
def test_enumerations_have_the_numbers_of_the_contract(ours: type[IntEnum], theirs: Any) -> None:
    contract = {name: number for name, number in theirs.items() if number}
    assert {f"{name}": int(value) for name, value in ours.__members__.items() if value} == {
        re.sub(r"^[A-Z_]+?_(?=(SINGLE|GROUP|CHAT_ROOM|SYSTEM|ALL|SINCE_JOIN|NORMAL|BLOCKED|MUTED|SELF|EVERYONE|DELETED"
               r"|ALREADY_DELETED|OWNER|ADMIN|MEMBER|USER|ANNOUNCEMENT|NEWEST|OLDEST|FIRST_UNREAD)$)", "", name): number
        for name, number in contract.items()
    }  # fmt: skip


def messages_of(file: FileDescriptor) -> list[Descriptor]:
    return list(file.message_types_by_name.values())


def test_times_are_timestamps_and_durations() -> None:
    for file in FILES:
        for message in messages_of(file):
            for field in message.fields:
                kind = field.message_type.full_name if field.message_type else ""
                if re.search(r"(_time|_until|_since)$", field.name):
                    assert kind == "google.protobuf.Timestamp", field.full_name
                if field.name.endswith("duration"):
                    assert kind == "google.protobuf.Duration", field.full_name


def test_contract_imports_nothing_but_itself_and_google_protobuf() -> None:
    for path in (ROOT / "protos").rglob("*.proto"):
        for imported in re.findall(r'^import "(.*)";', path.read_text(encoding="utf-8"), re.MULTILINE):
            assert imported.startswith(("google/protobuf/", "backscroll/v1/")), (path.name, imported)


def test_conversation_ids_of_the_documentation_are_what_the_server_computes() -> None:
    text = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(SINGLE|GROUP|CHAT_ROOM|SYSTEM)` \| (.*) \| `(.*)` \|$", text, re.MULTILINE)
    assert len(rows) == 6
    for type_name, ids, expected in rows:
        parts = re.findall(r"`([^`]*)`", ids)
        type_ = ConversationType[type_name]
        if type_ is ConversationType.SYSTEM:
            key = conversation_key(type_, parts[1], parts[0])
        elif type_ is ConversationType.SINGLE:
            key = conversation_key(type_, parts[0], parts[1])
        else:
            key = conversation_key(type_, "", parts[0])
        assert key.conversation_id == expected
        assert parse_conversation_id(expected) == key


def test_reasons_are_all_documented() -> None:
    from backscroll_server.domain.errors import Reason

    text = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    assert [reason for reason in Reason if f"`{reason}`" not in text] == []
