"""The stored form of a message: protobuf's wire format, put together without a protobuf library.

A message is encoded by the transport without what only the server knows; number, time and ids are appended as bytes
once they are known. Concatenated protobuf encodings merge, so the result is the encoded `Message`. Field numbers are
those of `backscroll.v1.Message`; a contract test holds them together.
Source: protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Iterator
from functools import lru_cache

TOMBSTONE_FIELDS = frozenset({1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15})
"""Numbers of the fields that a tombstone keeps: the ids, `sequence`, `sender_id`, the times, and the flags.

A field that a later version stores is not kept unless it is named here, because it may hold content.
"""

_VARINT, _LENGTH, _FIXED64, _FIXED32 = 0, 2, 1, 5


# The long ones are those of tokens: an epoch, and the position and check of a moment that many calls share.
@lru_cache(maxsize=1024)
def _encode_varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:  # noqa: PLR2004
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


_SMALL_COUNT = 1 << 14
_SMALL = tuple(_encode_varint(value) for value in range(_SMALL_COUNT))


def varint(value: int) -> bytes:
    """Return a number of 0 or more, in 7-bit groups."""
    return _SMALL[value] if value < _SMALL_COUNT else _encode_varint(value)


def varint_tag(number: int) -> bytes:
    """Return the tag of a field that holds a number, as `varint` encodes it."""
    return _encode_varint(number << 3 | _VARINT)


def length_tag(number: int) -> bytes:
    """Return the tag of a field of bytes, text or an encoded message."""
    return _encode_varint(number << 3 | _LENGTH)


def fixed32_tag(number: int) -> bytes:
    """Return the tag of a field of four bytes, little-endian."""
    return _encode_varint(number << 3 | _FIXED32)


_LENGTH_TAGS = tuple(map(length_tag, range(64)))

# Fields of `Message`.
_SEQUENCE = varint_tag(3)
_IMPORTED = varint_tag(15) + varint(1)

# Fields of `Timestamp` and of `Duration`.
_SECONDS = varint_tag(1)
_NANOS = varint_tag(2)

_FRAME = length_tag(1)


def bytes_field(number: int, value: bytes) -> bytes:
    """Return a field of bytes, text or an encoded message; its number is at most 63."""
    length = len(value)
    return _LENGTH_TAGS[number] + (_SMALL[length] if length < _SMALL_COUNT else _encode_varint(length)) + value


@lru_cache(maxsize=65536)
def _id_field(number: int, value: str) -> bytes:
    return bytes_field(number, value.encode())


def _pair(value: int) -> bytes:
    """Return a time or duration of 0 or more microseconds as `Timestamp` and `Duration` encode it."""
    seconds, microseconds = divmod(value, 1_000_000)
    encoded = _seconds(seconds)
    return encoded + _NANOS + varint(microseconds * 1000) if microseconds else encoded


# The messages of one transaction share few times.
@lru_cache(maxsize=1024)
def _create_time_field(value: int) -> bytes:
    return bytes_field(5, _pair(value))


@lru_cache(maxsize=1024)
def _seconds(value: int) -> bytes:
    return _SECONDS + varint(value & 0xFFFFFFFFFFFFFFFF)


def message(
    static: bytes,
    *,
    message_id: str,
    conversation_id: str,
    sequence: int,
    sender_id: str,
    create_time: int,
    burn_duration: int = 0,
    original_time: int | None = None,
) -> bytes:
    """Return the encoded `Message`.

    Args:
        static: the fields that the sender gave, encoded.
        message_id: its id.
        conversation_id: where it is.
        sequence: its sequence.
        sender_id: who sent it.
        create_time: in microseconds.
        burn_duration: in microseconds, 0 for none.
        original_time: in microseconds, for an imported message.
    """
    encoded = (
        static
        + bytes_field(1, message_id.encode())
        + _id_field(2, conversation_id)
        + _SEQUENCE
        + (_SMALL[sequence] if sequence < _SMALL_COUNT else _encode_varint(sequence))
        + _id_field(4, sender_id)
        + _create_time_field(create_time)
    )
    if burn_duration:
        encoded += bytes_field(14, _pair(burn_duration))
    if original_time is not None:
        encoded += bytes_field(13, _pair(original_time)) + _IMPORTED
    return encoded


def frame(encoded: bytes) -> bytes:
    """Return an encoded message as field 1 of an answer; framed messages join to a list."""
    length = len(encoded)
    return _FRAME + (_SMALL[length] if length < _SMALL_COUNT else _encode_varint(length)) + encoded


def retag(number: int, framed: bytes) -> bytes:
    """Return a framed message as the field with another number, at most 63, in place of 1."""
    return _LENGTH_TAGS[number] + framed[1:]


def unframe(framed: bytes) -> bytes:
    """Return the encoded message in a frame."""
    _, start = _read_varint(framed, 1)
    return framed[start:]


def stub(*, message_id: str, sequence: int) -> bytes:
    """Return an encoded message of which only its id and sequence are left."""
    return bytes_field(1, message_id.encode()) + _SEQUENCE + varint(sequence)


def client_message_stub(client_message_id: str) -> bytes:
    """Return the static part of a message of which only the client's id is left."""
    return bytes_field(11, client_message_id.encode())


def tombstone(encoded: bytes, *, deleted_by: str, delete_time: int) -> bytes:
    """Return the part of an encoded message that outlives it, with who took it back, and when in microseconds."""
    kept = b"".join(part for number, part in fields(encoded) if number in TOMBSTONE_FIELDS)
    return kept + bytes_field(6, bytes_field(1, deleted_by.encode()) + bytes_field(2, _pair(delete_time)))


def fields(encoded: bytes) -> Iterator[tuple[int, bytes]]:
    """Return the fields of an encoded message: number, and the bytes with their tag."""
    at = 0
    while at < len(encoded):
        start = at
        tag, at = _read_varint(encoded, at)
        kind = tag & 7
        if kind == _VARINT:
            _, at = _read_varint(encoded, at)
        elif kind == _LENGTH:
            length, at = _read_varint(encoded, at)
            at += length
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {kind} is not in a stored message")
        yield tag >> 3, encoded[start:at]


def _read_varint(encoded: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = encoded[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004
            return value, at
        shift += 7
