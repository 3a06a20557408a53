"""Refusal of requests with fields that this server does not know: nothing weaker is done than a client meant."""

from collections.abc import Iterator

from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from backscroll_server.domain.errors import InvalidArgumentError, Reason


def refuse_unknown_fields(request: Message, raw: bytes) -> None:
    """Check that a request, and every message in it, has only fields that this server knows.

    Args:
        request: the parsed request; its unknown fields are dropped.
        raw: the request as it arrived.

    Raises:
        InvalidArgumentError: `UNKNOWN_FIELD`, with the path of the message that has the field, and the field's number.
    """
    size = request.ByteSize()
    request.DiscardUnknownFields()
    if request.ByteSize() == size:
        return
    path, number = next(_unknown_fields(type(request).FromString(raw), ""))
    raise InvalidArgumentError(
        Reason.UNKNOWN_FIELD,
        f"has a field with the number {number}, which this server does not know",
        field=path,
        number=number,
    )


def _unknown_fields(message: Message, path: str) -> Iterator[tuple[str, int]]:
    """Yield the path of each message that has a field unknown to this server, and the number of that field."""
    for unknown in UnknownFieldSet(message):  # type: ignore[attr-defined] # its stubs lack the iterator
        yield path, unknown.field_number
    for field, value in message.ListFields():
        inner = f"{path}.{field.name}" if path else field.name
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            for key in value:
                if isinstance(value[key], Message):
                    yield from _unknown_fields(value[key], f"{inner}[{key}]")
        elif isinstance(value, Message):
            yield from _unknown_fields(value, inner)
        else:
            for index, element in enumerate(value):
                yield from _unknown_fields(element, f"{inner}[{index}]")
