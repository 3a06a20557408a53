"""What the server relies on in the contract, and what the house promises of it."""

import re
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor, MethodDescriptor
from google.protobuf.message import Message

from backscroll.v1 import (
    consistency_pb2,
    conversation_pb2,
    conversation_service_pb2,
    deletion_pb2,
    error_pb2,
    event_pb2,
    event_service_pb2,
    member_pb2,
    message_pb2,
    message_service_pb2,
    user_pb2,
    user_service_pb2,
)
from backscroll_server.domain import enums, message_codec
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.errors import Reason
from backscroll_server.domain.ids import conversation_key, parse_conversation_id
from backscroll_server.services.messages.page_bounds import HistoryPosition
from backscroll_server.transport import enum_numbers

ROOT = Path(__file__).parents[2]
PROTOS = ROOT / "protos" / "backscroll" / "v1"
FILES: list[FileDescriptor] = [
    module.DESCRIPTOR
    for module in (
        consistency_pb2, conversation_pb2, conversation_service_pb2, deletion_pb2, error_pb2, event_pb2,
        event_service_pb2, member_pb2, message_pb2, message_service_pb2, user_pb2, user_service_pb2,
    )
]  # fmt: skip
METHODS: list[MethodDescriptor] = [
    method for file in FILES for service in file.services_by_name.values() for method in service.methods
]

FRAMED = [
    (message_service_pb2.SendMessageResponse, "message"),
    (message_service_pb2.BatchSendMessagesResponse, "results"),
    (message_service_pb2.ListMessagesResponse, "messages"),
    (message_service_pb2.ListMessagesAroundResponse, "messages"),
    (message_service_pb2.GetMessageResponse, "message"),
    (message_service_pb2.BatchGetMessagesResponse, "results"),
    (message_service_pb2.StreamMessagesResponse, "messages"),
    (conversation_service_pb2.CreateConversationResponse, "conversation"),
    (conversation_service_pb2.GetConversationResponse, "conversation"),
    (conversation_service_pb2.GetOrCreateConversationResponse, "conversation"),
    (conversation_service_pb2.UpdateConversationResponse, "conversation"),
    (conversation_service_pb2.UpdateConversationSettingsResponse, "conversation"),
    (conversation_service_pb2.BatchGetConversationsResponse, "results"),
    (conversation_service_pb2.BatchUpdateConversationSettingsResponse, "results"),
    (conversation_service_pb2.ListConversationsResponse, "conversations"),
    (conversation_service_pb2.StreamConversationsResponse, "conversations"),
    (event_service_pb2.WatchEventsResponse, "events"),
    (event_service_pb2.ListEventsResponse, "events"),
    (event_pb2.MessageReceived, "message"),
    (event_pb2.ConversationAdded, "conversation"),
    (event_pb2.ConversationChanged, "conversation"),
]

READS = {
    "GetConversation", "BatchGetConversations", "ListConversations", "StreamConversations", "ListMembers",
    "ListMessages", "ListMessagesAround", "GetMessage", "BatchGetMessages", "StreamMessages", "ListReaders",
    "GetUnreadSummary", "GetUserSettings", "WatchEvents", "ListEvents",
}  # fmt: skip
READS_OF_ONE_CONVERSATION = READS - {
    "ListConversations", "StreamConversations", "GetUnreadSummary", "GetUserSettings", "WatchEvents", "ListEvents",
}  # fmt: skip
"""Calls that show a service what no single user needs to see; the others show what is one user's own."""
IDEMPOTENT_WRITES = {
    "CreateConversation", "GetOrCreateConversation", "UpdateConversation", "UpdateConversationSettings",
    "BatchUpdateConversationSettings", "MarkConversationUnread", "AddMembers", "RemoveMembers", "UpdateMember",
    "ImportMessages", "DeleteMessages", "UpdateUserSettings",
}  # fmt: skip
SAFE_WITH_A_BOUND = {
    "SendMessage", "BatchSendMessages", "ClearHistory", "DeleteConversation", "DeleteAllConversations",
    "MarkConversationRead", "MarkAllConversationsRead", "ResetMentions",
}  # fmt: skip
"""Calls that are safe to retry only where the caller fills the field that their comment names."""

STATUSES = {
    "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "UNAUTHENTICATED", "FAILED_PRECONDITION",
    "OUT_OF_RANGE", "RESOURCE_EXHAUSTED", "UNAVAILABLE", "INTERNAL",
}  # fmt: skip

FREE_NUMBERS = range(16, 21)
"""Numbers of `Message` and `OutgoingMessage` that are kept for edits, replies, times to live and attachments."""


def of_method(method: MethodDescriptor) -> str:
    return str(method.name)


def level(method: MethodDescriptor) -> str:
    number = method.GetOptions().idempotency_level
    return str(descriptor_pb2.MethodOptions.IdempotencyLevel.Name(number))


def numbers(message: Any) -> dict[str, int]:
    return {field.name: field.number for field in message.fields}


def names_and_numbers(theirs: Any, prefix: str) -> dict[str, int]:
    """The values of an enumeration of the contract but the unspecified one, by their names without the prefix."""
    assert theirs.DESCRIPTOR.values[0].name == f"{prefix}_UNSPECIFIED"
    assert theirs.DESCRIPTOR.values[0].number == 0
    return {name.removeprefix(f"{prefix}_"): number for name, number in theirs.items() if number}


def kind_of(field: Any) -> tuple[object, ...]:
    return (field.name, field.type, field.message_type.full_name if field.message_type else None)


def messages_of(file: FileDescriptor) -> list[Descriptor]:
    return list(file.message_types_by_name.values())


def test_methods_when_counted_are_in_one_of_three_levels() -> None:
    named = {method.name for method in METHODS}
    assert len(METHODS) == len(named) == 35
    assert [len(names) for names in (READS, IDEMPOTENT_WRITES, SAFE_WITH_A_BOUND)] == [15, 12, 8]
    assert named == READS | IDEMPOTENT_WRITES | SAFE_WITH_A_BOUND


@pytest.mark.parametrize("method", METHODS, ids=of_method)
def test_method_when_every_form_of_it_may_be_retried_has_the_level_that_says_so(method: MethodDescriptor) -> None:
    """Keep semantics Q6."""
    if method.name in READS:
        expected = "NO_SIDE_EFFECTS"
    else:
        expected = "IDEMPOTENT" if method.name in IDEMPOTENT_WRITES else "IDEMPOTENCY_UNKNOWN"
    assert level(method) == expected


@pytest.mark.parametrize("method", METHODS, ids=of_method)
def test_field_when_many_requests_and_responses_have_it_has_one_number(method: MethodDescriptor) -> None:
    request, response = numbers(method.input_type), numbers(method.output_type)
    assert request["user_id"] == 1
    assert {number: name for name, number in request.items() if number > 12}.items() <= {
        13: "as_service",
        14: "consistency",
    }.items()
    assert ("consistency" in request) == (method.name in READS - {"WatchEvents", "ListEvents"})
    if method.name in READS:
        assert ("as_service" in request) == (method.name in READS_OF_ONE_CONVERSATION)
    token = "resume_token" if method.name in READS else "consistency_token"
    assert {name: number for name, number in response.items() if number > 12} == {token: 15}
    assert not {"resume_token", "consistency_token"} & response.keys() - {token}


class Comment(NamedTuple):
    """The comment of a method and its first word."""

    text: str
    verb: str


def comments_of_methods() -> dict[str, Comment]:
    found = {}
    for path in PROTOS.glob("*_service.proto"):
        text = path.read_text(encoding="utf-8")
        for block, name in re.findall(r"((?:^  //.*\n)+)^  rpc (\w+)\(", text, re.MULTILINE):
            lines = [line.strip().removeprefix("//").strip() for line in block.splitlines()]
            found[name] = Comment(" ".join(lines), lines[0].split()[0])
    return found


@pytest.mark.parametrize("method", METHODS, ids=of_method)
def test_method_when_read_about_says_its_errors_its_retry_and_its_metadata(method: MethodDescriptor) -> None:
    comment = comments_of_methods()[method.name]
    assert re.fullmatch(r"[A-Z][a-z]+s", comment.verb)
    assert "Errors: " in comment.text
    assert "Metadata: the common keys" in comment.text
    assert ("`device-id`" in comment.text) == (method.name not in READS)
    retry = re.findall(r"Retry: safe( if| unless)?", comment.text)
    assert retry == [""] if method.name not in SAFE_WITH_A_BOUND else retry[0]
    reasons = names_and_numbers(error_pb2.ErrorReason, "ERROR_REASON").keys()
    listed = comment.text.partition("Errors: ")[2].partition("Retry: ")[0]
    values = {"EVERYONE", "SINGLE", "SYSTEM"}
    assert set(re.findall(r"`([A-Z][A-Z_]+[A-Z])`", listed)) <= reasons | STATUSES | values


def test_outgoing_message_has_the_fields_of_message_because_it_is_stored_as_it_is() -> None:
    stored = {field.number: kind_of(field) for field in message_pb2.Message.DESCRIPTOR.fields}
    for field in message_pb2.OutgoingMessage.DESCRIPTOR.fields:
        if field.name != "attributes":  # A map's entry is a type of its own message.
            assert stored[field.number] == kind_of(field)
        assert stored[field.number][0] == field.name


def test_numbers_when_kept_for_later_fields_of_messages_are_neither_taken_nor_reserved() -> None:
    for type_ in (message_pb2.Message, message_pb2.OutgoingMessage):
        described = descriptor_pb2.DescriptorProto()
        type_.DESCRIPTOR.CopyToProto(described)
        taken = {field.number for field in described.field}
        reserved = {number for part in described.reserved_range for number in range(part.start, part.end)}
        assert not (taken | reserved) & set(FREE_NUMBERS)
        assert 21 in taken


@pytest.mark.parametrize(("response", "field"), FRAMED, ids=lambda part: getattr(part, "__name__", part))
def test_what_is_framed_is_field_one(response: type[Message], field: str) -> None:
    assert response.DESCRIPTOR.fields_by_name[field].number == 1


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


def test_tombstone_when_its_message_had_every_field_keeps_none_that_says_what_was_said() -> None:
    """Keep semantics W9."""
    outgoing = message_pb2.OutgoingMessage(
        content={"text": {"text": "secret"}}, attributes={"secret": "secret"}, silent=True, client_message_id="id",
        mentions={"kind": message_pb2.MENTION_KIND_USER, "user_ids": ["secret"]}, client_time={"seconds": 1},
        fallback_text="secret",
    )  # fmt: skip
    assert len(outgoing.ListFields()) == len(outgoing.DESCRIPTOR.fields)
    encoded = message_codec.message(
        outgoing.SerializeToString(), message_id="7-8", conversation_id="g:x", sequence=1, sender_id="me",
        create_time=1, burn_duration=1, original_time=1,
    )  # fmt: skip
    erased = message_codec.tombstone(encoded, deleted_by="me", delete_time=5)
    assert b"secret" not in erased
    kept = {field.name for field, _ in message_pb2.Message.FromString(erased).ListFields()}
    assert kept == set(numbers(message_pb2.Message.DESCRIPTOR)) - {
        "content",
        "attributes",
        "mentions",
        "fallback_text",
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "prefix"),
    [
        (enums.HistoryVisibility, conversation_pb2.HistoryVisibility, "HISTORY_VISIBILITY"),
        (enums.DeletionScope, deletion_pb2.DeletionScope, "DELETION_SCOPE"),
        (enums.DeletionOutcome, deletion_pb2.DeletionOutcome, "DELETION_OUTCOME"),
        (enums.DeletionReason, deletion_pb2.DeletionReason, "DELETION_REASON"),
        (enums.HistoryChangeReason, event_pb2.HistoryChangeReason, "HISTORY_CHANGE_REASON"),
        (enums.MemberRole, member_pb2.MemberRole, "MEMBER_ROLE"),
        (enums.MentionKind, message_pb2.MentionKind, "MENTION_KIND"),
        (HistoryPosition, message_service_pb2.HistoryPosition, "HISTORY_POSITION"),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_enumerations_have_the_numbers_of_the_contract(ours: type[IntEnum], theirs: Any, prefix: str) -> None:
    stored = {name: int(value) for name, value in ours.__members__.items() if value}
    assert stored == names_and_numbers(theirs, prefix)


def test_types_and_receive_options_keep_their_stored_numbers_and_are_mapped_by_name() -> None:
    """The contract's numbers are those that migrators cast; databases hold other ones."""
    assert {value.name: value.value for value in ConversationType} == {
        "SINGLE": 1,
        "GROUP": 2,
        "CHAT_ROOM": 3,
        "SYSTEM": 4,
    }
    assert {value.name: value.value for value in enums.ReceiveOption} == {"NORMAL": 1, "BLOCKED": 2, "MUTED": 3}
    types = names_and_numbers(conversation_pb2.ConversationType, "CONVERSATION_TYPE")
    options = names_and_numbers(conversation_pb2.ReceiveOption, "RECEIVE_OPTION")
    assert types == {"SINGLE": 1, "GROUP": 2, "SYSTEM": 4, "CHAT_ROOM": 5}
    assert options == {"BLOCKED": 1, "MUTED": 2, "NORMAL": 3}
    assert {stored.name: number for number, stored in enum_numbers.CONVERSATION_TYPES.items()} == types
    assert {stored.name: number for number, stored in enum_numbers.RECEIVE_OPTIONS.items()} == options
    assert {ConversationType(stored).name: number for stored, number in enum_numbers.TYPE_NUMBERS.items()} == types
    assert {
        enums.ReceiveOption(stored).name: number for stored, number in enum_numbers.OPTION_NUMBERS.items()
    } == options


def test_number_of_an_openim_group_names_no_conversation_type() -> None:
    described = descriptor_pb2.EnumDescriptorProto()
    conversation_pb2.ConversationType.DESCRIPTOR.CopyToProto(described)
    assert 3 not in {value.number for value in described.value}
    assert any(part.start <= 3 <= part.end for part in described.reserved_range)


def test_reasons_of_the_server_are_values_of_the_contract() -> None:
    named = names_and_numbers(error_pb2.ErrorReason, "ERROR_REASON")
    assert {str(reason) for reason in Reason} <= named.keys()
    assert len(set(named.values())) == len(named)


def test_reasons_of_the_contract_name_their_status_and_their_metadata() -> None:
    text = (PROTOS / "error.proto").read_text(encoding="utf-8")
    found = re.findall(r"((?:^  //.*\n)+)^  ERROR_REASON_(\w+) = ", text, re.MULTILINE)
    assert {name for _, name in found} - {"UNSPECIFIED"} == names_and_numbers(
        error_pb2.ErrorReason, "ERROR_REASON"
    ).keys()
    for block, name in found:
        comment = " ".join(line.strip().removeprefix("//").strip() for line in block.splitlines())
        if name != "UNSPECIFIED":
            status = re.match(r"`([A-Z_]+)`", comment)
            assert status is not None
            assert status[1] in STATUSES, name
            assert "Metadata: " in comment, name


def test_times_are_timestamps_and_durations() -> None:
    for file in FILES:
        for message in messages_of(file):
            for field in message.fields:
                kind = field.message_type.full_name if field.message_type else ""
                assert (kind == "google.protobuf.Timestamp") == field.name.endswith("_time"), field.full_name
                assert (kind == "google.protobuf.Duration") == field.name.endswith("duration"), field.full_name


def test_counts_are_small_numbers_and_only_sequences_and_sizes_large_ones() -> None:
    for file in FILES:
        for message in messages_of(file):
            for field in message.fields:
                if field.type == FieldDescriptor.TYPE_INT64:
                    assert re.search(r"sequence$|^size_bytes$", field.name), field.full_name
                if field.name.endswith("_count"):
                    assert field.type == FieldDescriptor.TYPE_INT32, field.full_name


def test_enumerations_have_an_unspecified_value_of_zero() -> None:
    found: list[EnumDescriptor] = [one for file in FILES for one in file.enum_types_by_name.values()]
    assert len(found) > 10
    for described in found:
        zero = described.values_by_number[0].name
        assert zero.endswith("_UNSPECIFIED"), described.full_name
        prefix = zero.removesuffix("UNSPECIFIED")
        assert all(value.name.startswith(prefix) for value in described.values), described.full_name


def test_files_say_where_their_code_goes_in_each_language() -> None:
    for file in FILES:
        options = file.GetOptions()
        for name in (
            "go_package", "java_package", "java_outer_classname", "csharp_namespace", "objc_class_prefix",
            "php_namespace", "ruby_package",
        ):  # fmt: skip
            assert getattr(options, name), (file.name, name)
        assert options.java_multiple_files, file.name


def test_contract_when_listed_is_every_file_of_its_folder() -> None:
    assert {file.name for file in FILES} == {f"backscroll/v1/{path.name}" for path in PROTOS.glob("*.proto")}


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
    text = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    assert [reason for reason in Reason if f"`{reason}`" not in text] == []
