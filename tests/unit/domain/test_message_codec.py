"""The stored form of messages, compared with protobuf's own encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain import message_codec

TIMES = st.integers(0, 253_402_300_799_999_999)
"""Microseconds up to the end of the year 9999, the last that a `Timestamp` has."""

IDS = st.text(min_size=1, max_size=80)
COUNTS = st.integers(0, 2**63 - 1) | st.sampled_from([0, 127, 128, 2**14 - 1, 2**14, 2**21])


def seconds_and_nanos(microseconds: int) -> dict[str, int]:
    return {"seconds": microseconds // 1_000_000, "nanos": microseconds % 1_000_000 * 1000}


def sender_part(text: str, client_id: str = "") -> message_pb2.Message:
    return message_pb2.Message(
        client_message_id=client_id,
        content=message_pb2.Content(text=message_pb2.TextContent(text=text)) if text else None,
        attributes={"colour": "red"} if text else {},
    )


@given(COUNTS)
def test_varint_is_that_of_protobuf(value: int) -> None:
    expected = message_pb2.Message(sequence=value).SerializeToString()
    assert message_codec.varint(value) == (expected[1:] if value else b"\x00")


@pytest.mark.parametrize(
    ("number", "varint", "length", "fixed32"),
    [
        (1, b"\x08", b"\x0a", b"\x0d"),
        (15, b"\x78", b"\x7a", b"\x7d"),
        (16, b"\x80\x01", b"\x82\x01", b"\x85\x01"),
        (2**29 - 1, b"\xf8\xff\xff\xff\x0f", b"\xfa\xff\xff\xff\x0f", b"\xfd\xff\xff\xff\x0f"),
    ],
)
def test_tag_has_the_number_of_its_field_and_its_kind(
    number: int, varint: bytes, length: bytes, fixed32: bytes
) -> None:
    tags = (message_codec.varint_tag, message_codec.length_tag, message_codec.fixed32_tag)
    assert tuple(tag(number) for tag in tags) == (varint, length, fixed32)


@pytest.mark.parametrize("length", [0, 1, 127, 128, 2**14 - 1, 2**14, 70_000])
def test_frame_when_undone_then_the_message(length: int) -> None:
    encoded = b"\x0a" * length
    framed = message_codec.frame(encoded)
    assert message_codec.unframe(framed) == encoded
    assert framed == message_codec.bytes_field(1, encoded)
    assert framed[0] == 1 << 3 | 2


@given(st.lists(st.text(max_size=30), max_size=4))
def test_frames_when_joined_then_the_messages_of_a_page(texts: list[str]) -> None:
    messages = [sender_part(text) for text in texts]
    joined = b"".join(message_codec.frame(message.SerializeToString()) for message in messages)
    assert list(message_service_pb2.ListMessagesResponse.FromString(joined).messages) == messages


@given(
    st.text(max_size=300),
    IDS,
    COUNTS.filter(bool),
    IDS,
    TIMES,
    st.just(0) | TIMES,
    st.none() | TIMES,
)
def test_message_when_put_together_then_that_of_protobuf(
    text: str, conversation_id: str, sequence: int, sender_id: str, time: int, burn: int, original: int | None
) -> None:
    static = sender_part(text, "client-1")
    expected = message_pb2.Message()
    expected.CopyFrom(static)
    expected.message_id = f"7-{sequence}"
    expected.conversation_id = conversation_id
    expected.sequence = sequence
    expected.sender_id = sender_id
    expected.create_time.CopyFrom(message_pb2.Message(create_time=seconds_and_nanos(time)).create_time)
    if burn:
        expected.burn_duration.CopyFrom(message_pb2.Message(burn_duration=seconds_and_nanos(burn)).burn_duration)
    if original is not None:
        expected.original_time.CopyFrom(message_pb2.Message(original_time=seconds_and_nanos(original)).original_time)
        expected.imported = True
    encoded = message_codec.message(
        static.SerializeToString(),
        message_id=f"7-{sequence}",
        conversation_id=conversation_id,
        sequence=sequence,
        sender_id=sender_id,
        create_time=time,
        burn_duration=burn,
        original_time=original,
    )
    assert message_pb2.Message.FromString(encoded) == expected


def test_message_when_times_are_whole_seconds_then_as_short_as_that_of_protobuf() -> None:
    encoded = message_codec.message(
        b"",
        message_id="7-1",
        conversation_id="g:c",
        sequence=1,
        sender_id="ann",
        create_time=1,
        burn_duration=5_000_000,
    )
    assert encoded.endswith(b"\x72\x02\x08\x05")


def test_message_when_nothing_optional_is_given_then_neither_burns_nor_imported() -> None:
    encoded = message_codec.message(
        b"", message_id="7-1", conversation_id="g:club", sequence=1, sender_id="ann", create_time=1
    )
    message = message_pb2.Message.FromString(encoded)
    assert not message.HasField("burn_duration")
    assert not message.HasField("original_time")
    assert not message.imported


KEPT = {
    "message_id", "conversation_id", "sequence", "sender_id", "create_time", "silent", "client_message_id",
    "client_time", "original_time", "burn_duration", "imported",
}  # fmt: skip
"""What is left of a recalled message, beside who recalled it and when."""


def with_every_field() -> message_pb2.Message:
    """Return a message in which every field that the contract has is set."""
    message = message_pb2.Message()
    for field in message.DESCRIPTOR.fields:
        if field.name == "attributes":
            message.attributes["colour"] = "red"
        elif field.message_type is not None:
            getattr(message, field.name).SetInParent()
        elif field.type == field.TYPE_STRING:
            setattr(message, field.name, f"the {field.name}")
        else:
            setattr(message, field.name, 1)
    message.content.text.text = "secret"
    message.mentions.user_ids.append("bob")
    assert [field.name for field, _ in message.ListFields()] == [field.name for field in message.DESCRIPTOR.fields]
    return message


def parts_beside(kept: set[str], message: message_pb2.Message) -> message_pb2.Message:
    """Return a message with only some of its fields."""
    rest = message_pb2.Message()
    rest.CopyFrom(message)
    for field, _ in message.ListFields():
        if field.name not in kept:
            rest.ClearField(field.name)
    return rest


@given(IDS, TIMES)
def test_tombstone_when_every_field_is_set_then_keeps_those_listed_and_names_who_recalled_it(
    user: str, time: int
) -> None:
    message = with_every_field()
    expected = parts_beside(KEPT, message)
    expected.tombstone.deleted_by = user
    expected.tombstone.delete_time.CopyFrom(message_pb2.Message(create_time=seconds_and_nanos(time)).create_time)
    encoded = message_codec.tombstone(message.SerializeToString(), deleted_by=user, delete_time=time)
    assert message_pb2.Message.FromString(encoded) == expected


@pytest.mark.parametrize("number", [16, 17, 18, 19, 20, 22, 1000])
def test_tombstone_when_the_message_has_a_field_of_a_later_version_then_it_is_gone(number: int) -> None:
    message = with_every_field().SerializeToString()
    later = message_codec.length_tag(number) + message_codec.varint(6) + b"secret"
    plain, extended = (
        message_codec.tombstone(encoded, deleted_by="ann", delete_time=1) for encoded in (message, message + later)
    )
    assert plain == extended
    assert b"secret" not in plain


def test_erased_duplicate_has_nothing_but_what_tombstones_keep() -> None:
    stub = message_codec.message(
        message_codec.client_message_stub("client-1"),
        message_id="7-1",
        conversation_id="g:club",
        sequence=1,
        sender_id="ann",
        create_time=1,
    )
    assert {number for number, _ in message_codec.fields(stub)} <= message_codec.TOMBSTONE_FIELDS


def test_stub_has_the_clients_id_only() -> None:
    stub = message_pb2.Message.FromString(message_codec.client_message_stub("client-ë"))
    assert stub == message_pb2.Message(client_message_id="client-ë")


def test_fields_of_each_wire_type_keep_their_bytes() -> None:
    long = message_pb2.Message(sender_id="a" * 2**15).SerializeToString()
    parts = [
        (4, long),
        (3, b"\x18\x96\x01"),
        (7, b"\x3a\x03abc"),
        (20, b"\xa1\x01" + bytes(8)),
        (21, b"\xad\x01" + bytes(4)),
        (1, b"\x0a\x00"),
    ]
    assert list(message_codec.fields(b"".join(part for _, part in parts))) == parts


@pytest.mark.parametrize("wire_type", [3, 4, 6, 7])
def test_fields_when_the_wire_type_is_none_of_proto3_then_refused(wire_type: int) -> None:
    with pytest.raises(ValueError, match=f"^wire type {wire_type} is not in a stored message$"):
        list(message_codec.fields(bytes([1 << 3 | wire_type])))
