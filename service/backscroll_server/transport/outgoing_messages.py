"""Checks of the messages that callers send, and their encoding for storage."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from math import isfinite

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from backscroll.v1 import message_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.enums import MentionKind
from backscroll_server.domain.errors import Reason
from backscroll_server.services.messages.send import OutgoingMessage
from backscroll_server.transport.validation import (
    attributes,
    enum_value,
    identifier,
    identifiers,
    invalid,
    microseconds,
    not_negative,
    required,
    text,
)

_CONTENT_TYPES = {
    "text": message_pb2.CONTENT_TYPE_TEXT,
    "custom": message_pb2.CONTENT_TYPE_CUSTOM,
    "location": message_pb2.CONTENT_TYPE_LOCATION,
    "media": message_pb2.CONTENT_TYPE_MEDIA,
    "structured": message_pb2.CONTENT_TYPE_STRUCTURED,
}

_LATITUDE_MAX = 90
_LONGITUDE_MAX = 180


def require_few_mentioned(messages: Iterable[message_pb2.OutgoingMessage], field: str) -> None:
    """Check how many users the messages of one call mention together: each is a row, and all are one transaction.

    Args:
        messages: the messages of the request.
        field: the path of the field that holds them, for the error.

    Raises:
        InvalidArgumentError: `TOO_MANY` for more than 5,000.
    """
    count, most = sum(len(message.mentions.user_ids) for message in messages), limits.BATCH_MENTIONED_USERS
    if count > most:
        raise invalid(
            Reason.TOO_MANY,
            f"mentions {count} users, and at most {most} are allowed",
            field,
            limit=most,
            actual=count,
        )


def outgoing(message: message_pb2.OutgoingMessage, field: str, secret: bytes) -> OutgoingMessage:
    """Check a message from a caller and return it encoded, as the store takes it.

    Args:
        message: the message of the request; fields that the contract does not have are removed from it.
        field: the path of the message in the request, for errors.
        secret: the key of the hash by which a retry with the same client message id is recognised.

    Raises:
        InvalidArgumentError: with the path of the field that breaks a limit of the contract.
    """
    # An unknown field could have the number of one that only the server may set.
    message.DiscardUnknownFields()
    kind = message.content.WhichOneof("kind")
    if kind is None:
        raise required(f"{field}.content")
    if kind != "text":
        _check_content(message.content, kind, f"{field}.content.{kind}")
    pairs = message.attributes
    if pairs:
        attributes(pairs, f"{field}.attributes")
    mention_kind = MentionKind.NONE
    mentioned: tuple[str, ...] = ()
    if message.HasField("mentions"):
        mention_kind, mentioned = _mentions(message.mentions, f"{field}.mentions")
    client_message_id = message.client_message_id
    if client_message_id:
        identifier(client_message_id, f"{field}.client_message_id")
    if message.HasField("client_time"):
        microseconds(message.client_time, f"{field}.client_time")
    text(message.fallback_text, f"{field}.fallback_text", most=limits.FALLBACK_TEXT_BYTES)
    static = message.SerializeToString(deterministic=True)
    if len(static) > limits.MESSAGE_BYTES:
        most = limits.MESSAGE_BYTES
        raise invalid(Reason.TOO_LARGE, f"has more than {most} bytes", field, limit=most, actual=len(static))
    silent = message.silent
    return OutgoingMessage(
        static,
        _CONTENT_TYPES[kind],
        silent,
        MentionKind.NONE if silent else mention_kind,
        mentioned,
        client_message_id,
        _digest(message, static, client_message_id, secret) if client_message_id else b"",
    )


def _check_content(content: message_pb2.Content, kind: str, field: str) -> None:
    if kind == "custom":
        text(content.custom.type, f"{field}.type", most=limits.CUSTOM_TYPE_BYTES, least=1)
    elif kind == "location":
        for name, value, most in (
            ("latitude", content.location.latitude, _LATITUDE_MAX),
            ("longitude", content.location.longitude, _LONGITUDE_MAX),
        ):
            # Written so that not-a-number fails too.
            if not -most <= value <= most:
                raise invalid(
                    Reason.OUT_OF_BOUNDS,
                    f"must be -{most} to {most} degrees",
                    f"{field}.{name}",
                    least=-most,
                    most=most,
                )
    elif kind == "media":
        text(content.media.url, f"{field}.url", most=limits.URL_BYTES, least=1)
        text(content.media.thumbnail_url, f"{field}.thumbnail_url", most=limits.URL_BYTES)
        not_negative(content.media.size_bytes, f"{field}.size_bytes")
    elif kind == "structured":
        _check_structure(content.structured, field)


def _check_structure(structure: Struct, field: str) -> None:
    """Check that structured content can be written as JSON, with at most `limits.STRUCTURE_LEVELS` levels of nesting.

    Each level is three of the 100 levels that protobuf parsers accept. Content that a request can just carry would be
    too deep for a client in a list of conversations, where it is nested further, as the last message.

    Raises:
        InvalidArgumentError: `TOO_LARGE` if there are more levels; `MALFORMED` for a number that is not finite, and for
            a `Value` of no kind.
    """
    level: list[Struct | ListValue] = [structure]
    levels = 0
    while level:
        levels += 1
        if levels > limits.STRUCTURE_LEVELS:
            most = limits.STRUCTURE_LEVELS
            raise invalid(Reason.TOO_LARGE, f"has more than {most} levels", field, limit=most, actual=levels)
        level = [inner for outer in level for value in _values(outer) if (inner := _inner(value, field)) is not None]


def _values(outer: Struct | ListValue) -> Iterable[Value]:
    return outer.fields.values() if isinstance(outer, Struct) else outer.values


def _inner(value: Value, field: str) -> Struct | ListValue | None:
    kind = value.WhichOneof("kind")
    if kind is None or (kind == "number_value" and not isfinite(value.number_value)):
        raise invalid(Reason.MALFORMED, "must have finite numbers only, and no value without a kind", field)
    if kind == "struct_value":
        return value.struct_value
    return value.list_value if kind == "list_value" else None


def _mentions(mentions: message_pb2.Mentions, field: str) -> tuple[MentionKind, tuple[str, ...]]:
    kind = enum_value(mentions.kind, MentionKind, f"{field}.kind")
    if kind is MentionKind.USER:
        return kind, identifiers(mentions.user_ids, f"{field}.user_ids", least=1, most=limits.MENTIONED_USERS)
    if mentions.user_ids:
        raise invalid(
            Reason.CONFLICTING_FIELDS,
            "goes with the kind USER only",
            f"{field}.user_ids",
            conflicts_with=f"{field}.kind",
        )
    return kind, ()


@lru_cache(maxsize=4)
def _keyed(secret: bytes) -> "hashlib.blake2b":
    """Return an empty BLAKE2b hash with this key, for copying: a copy costs less than keying one for each message."""
    return hashlib.blake2b(key=secret, digest_size=16)


def _digest(message: message_pb2.OutgoingMessage, static: bytes, client_message_id: str, secret: bytes) -> bytes:
    """Return a hash, of 16 bytes, of a message without its client message id and client time.

    The hash is keyed, because it is kept after the message is erased and must not reveal its content.

    Args:
        message: the message.
        static: the encoding of `message`.
        client_message_id: the client message id of `message`.
        secret: the key.
    """
    # The client's id and time have the highest numbers but for the fallback text, so they end the encoded message.
    own_id = message_codec.client_message_stub(client_message_id)
    keyed = _keyed(secret).copy()
    if not message.fallback_text and static.endswith(own_id):
        keyed.update(static[: -len(own_id)])
    else:
        sent = message_pb2.OutgoingMessage()
        sent.CopyFrom(message)
        sent.ClearField("client_message_id")
        sent.ClearField("client_time")
        keyed.update(sent.SerializeToString(deterministic=True))
    return keyed.digest()
