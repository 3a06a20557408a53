"""Checks of the fields of requests against the limits of the contract, before any lookup in the database.

Most functions take a value and its path in the request (`field`, for errors), and return the checked value.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1.conversation_pb2 import ConversationReference, ConversationTarget
from backscroll_server.domain import limits
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ConversationType, DeletionScope, ReceiveOption
from backscroll_server.domain.errors import DomainError, InvalidArgumentError, PermissionDeniedError, Reason
from backscroll_server.domain.ids import (
    ConversationKey,
    conversation_key,
    is_valid_id,
    parse_conversation_id,
    parse_message_id,
)
from backscroll_server.services.views.access import Caller
from backscroll_server.transport.calls import Call
from backscroll_server.transport.enum_numbers import CONVERSATION_TYPES, RECEIVE_OPTIONS

Kind = TypeVar("Kind", bound=int)


_YEAR_1 = -62_135_596_800
_YEAR_10000 = 253_402_300_800


def invalid(reason: Reason, message: str, field: str, **metadata: str | int) -> InvalidArgumentError:
    """Return, without raising it, an `InvalidArgumentError` about the field with this path."""
    return InvalidArgumentError(reason, message, field=field, **metadata)


def required(field: str) -> InvalidArgumentError:
    """Return, without raising it, the error for a field that is missing."""
    return invalid(Reason.REQUIRED, "is required", field)


def too_long(field: str, *, limit: int, actual: int) -> InvalidArgumentError:
    """Return, without raising it, the error for a text with more bytes than allowed."""
    return invalid(
        Reason.TOO_LONG, f"has {actual} bytes, and at most {limit} are allowed", field, limit=limit, actual=actual
    )


def identifier(value: str, field: str) -> str:
    """Return the value if it is an id: 1 to 256 bytes of UTF-8 without control characters.

    Raises:
        InvalidArgumentError: `REQUIRED` if it is empty, `TOO_LONG`, or `MALFORMED` for a control character.
    """
    if is_valid_id(value):
        return value
    if not value:
        raise required(field)
    if (size := len(value.encode())) > limits.ID_BYTES:
        raise too_long(field, limit=limits.ID_BYTES, actual=size)
    raise invalid(Reason.MALFORMED, "must not hold control characters", field)


def identifiers(values: Sequence[str], field: str, *, least: int, most: int) -> tuple[str, ...]:
    """Return the values if each is an id, all differ, and their count is from `least` to `most`.

    Raises:
        InvalidArgumentError: `REQUIRED` for too few or an empty one, `TOO_MANY`, `DUPLICATE_VALUE`, `TOO_LONG` or
            `MALFORMED`.
    """
    require_count(values, field, least=least, most=most)
    for index, value in enumerate(values):
        identifier(value, f"{field}[{index}]")
    require_unique(values, field)
    return tuple(values)


def require_count(values: Collection[Any], field: str, *, least: int, most: int) -> None:
    """Check that the count of values is from `least` to `most`.

    Raises:
        InvalidArgumentError: `REQUIRED` for too few, `TOO_MANY` for too many.
    """
    size = len(values)
    if size < least:
        raise invalid(Reason.REQUIRED, f"needs at least {least}", field, least=least)
    if size > most:
        raise invalid(Reason.TOO_MANY, f"has {size}, and at most {most} are allowed", field, limit=most, actual=size)


def require_unique(values: Sequence[Any], field: str) -> None:
    """Check that no two values are equal.

    Raises:
        InvalidArgumentError: `DUPLICATE_VALUE`, with the path of the first value that is a repetition.
    """
    if len(set(values)) != len(values):
        seen = set()
        for index, value in enumerate(values):
            if value in seen:
                raise invalid(Reason.DUPLICATE_VALUE, "is given twice", f"{field}[{index}]")
            seen.add(value)


def text(value: str, field: str, *, most: int, least: int = 0) -> str:
    """Return the text if it has at most `most` bytes of UTF-8, at least `least` characters and no NUL character.

    Raises:
        InvalidArgumentError: `TOO_LONG`, `REQUIRED` if it is too short, `MALFORMED` for a NUL character.
    """
    if len(value) * 4 > most and (size := len(value.encode())) > most:
        raise too_long(field, limit=most, actual=size)
    if len(value) < least:
        raise required(field)
    if "\0" in value:
        # Not every database can hold one in a text.
        raise invalid(Reason.MALFORMED, "must not hold a NUL character", field)
    return value


def attributes(pairs: Mapping[str, str], field: str) -> dict[str, str]:
    """Return free-form pairs of texts, of which there may be 64, with keys of 1 to 128 and values of up to 4,096 bytes.

    Raises:
        InvalidArgumentError: `TOO_MANY` pairs; for a key or value `TOO_LONG`, `REQUIRED` if a key is empty, or
            `MALFORMED` for a NUL character.
    """
    require_count(pairs, field, least=0, most=limits.ATTRIBUTES)
    for key, value in pairs.items():
        text(key, field, most=limits.ATTRIBUTE_KEY_BYTES, least=1)
        text(value, f"{field}[{key}]", most=limits.ATTRIBUTE_VALUE_BYTES)
    return dict(pairs)


def enum_value(value: int, kinds: type[Kind], field: str, *, default: Kind | None = None) -> Kind:
    """Return the member of an enumeration with this number; for 0, which is unspecified, return `default`.

    Args:
        value: the number in the request.
        kinds: an enumeration of the domain, or of the contract, whose members are plain numbers.
        field: the path of the number in the request, for errors.
        default: the member for 0; None if 0 is not allowed.

    Raises:
        InvalidArgumentError: `UNKNOWN_ENUM_VALUE` if there is no such member, `REQUIRED` for 0 without a default.
    """
    if value == 0:
        if default is not None:
            return default
        raise required(field)
    try:
        kind: Kind = _member(kinds, value)  # type: ignore[arg-type]
    except ValueError:
        raise unknown_enum_value(value, field) from None
    return kind


def unknown_enum_value(value: int, field: str) -> InvalidArgumentError:
    """Return, without raising it, the error for a number that an enumeration does not have."""
    return invalid(Reason.UNKNOWN_ENUM_VALUE, f"has the number {value}, which is not known", field, actual=value)


def conversation_type(value: int, field: str, *, default: ConversationType | None = None) -> ConversationType:
    """Return the conversation type with this number in the contract; for 0, which is unspecified, `default`.

    Raises:
        InvalidArgumentError: `UNKNOWN_ENUM_VALUE` if there is none, `REQUIRED` for 0 without a default.
    """
    return _numbered(value, CONVERSATION_TYPES, field, default)


def conversation_types(values: Iterable[int], field: str) -> tuple[ConversationType, ...]:
    """Return the conversation types with these numbers in the contract, sorted and without repetition.

    Raises:
        InvalidArgumentError: `TOO_MANY`, `UNKNOWN_ENUM_VALUE`, or `REQUIRED` if one is 0.
    """
    listed = list(values)
    require_count(listed, field, least=0, most=len(ConversationType))
    return tuple(sorted({conversation_type(value, f"{field}[{index}]") for index, value in enumerate(listed)}))


def receive_option(value: int, field: str) -> ReceiveOption:
    """Return the receive option with this number in the contract.

    Raises:
        InvalidArgumentError: `UNKNOWN_ENUM_VALUE` if there is none, `REQUIRED` for 0.
    """
    return _numbered(value, RECEIVE_OPTIONS, field, None)


def _numbered(value: int, kinds: Mapping[int, Kind], field: str, default: Kind | None) -> Kind:
    if value == 0:
        if default is None:
            raise required(field)
        return default
    kind = kinds.get(value)
    if kind is None:
        raise unknown_enum_value(value, field)
    return kind


# Many times faster than the enumeration itself; what is not known is not kept.
@lru_cache(maxsize=256)
def _member(kinds: Any, value: int) -> Any:
    # At run time an enumeration of the contract is an object, not a class.
    return kinds(value) if isinstance(kinds, type) else kinds.Value(kinds.Name(value))


def enum_values(values: Iterable[int], kinds: type[Kind], field: str, *, most: int) -> tuple[int, ...]:
    """Return the numbers of members of an enumeration, sorted and without repetition; there may be none.

    Raises:
        InvalidArgumentError: `TOO_MANY` if there are more than `most`, `UNKNOWN_ENUM_VALUE` if one is no member,
            `REQUIRED` if one is 0.
    """
    listed = list(values)
    require_count(listed, field, least=0, most=most)
    return tuple(sorted({int(enum_value(value, kinds, f"{field}[{index}]")) for index, value in enumerate(listed)}))


def deletion_scope(value: int) -> DeletionScope:
    """Return the scope of a deletion from its number in a request.

    Raises:
        InvalidArgumentError: `SCOPE_REQUIRED` if it is unspecified, `UNKNOWN_ENUM_VALUE` if it is not known.
    """
    if value == 0:
        raise invalid(Reason.SCOPE_REQUIRED, "is required: the scope of a deletion is always explicit", "scope")
    return enum_value(value, DeletionScope, "scope")


def page_size(value: int, *, default: int, most: int, field: str = "page_size") -> int:
    """Return the page size for a requested one: `default` for 0, `most` for anything above it.

    Raises:
        InvalidArgumentError: `NEGATIVE`.
    """
    return min(not_negative(value, field) or default, most)


def not_negative(value: int, field: str) -> int:
    """Return the value if it is 0 or more.

    Raises:
        InvalidArgumentError: `NEGATIVE`.
    """
    if value < 0:
        raise invalid(Reason.NEGATIVE, "must not be negative", field, actual=value)
    return value


def at_least_one(value: int, field: str) -> int:
    """Return the value if it is 1 or more.

    Raises:
        InvalidArgumentError: `OUT_OF_BOUNDS`.
    """
    if value < 1:
        raise invalid(Reason.OUT_OF_BOUNDS, "must be 1 or more", field, least=1)
    return value


def microseconds(value: Timestamp, field: str) -> int:
    """Return a time in microseconds since 1970, rounded down.

    Raises:
        InvalidArgumentError: `OUT_OF_BOUNDS` if it is no time of the years 1 to 9999.
    """
    if not _YEAR_1 <= value.seconds < _YEAR_10000 or not 0 <= value.nanos < 1_000_000_000:  # noqa: PLR2004
        raise invalid(Reason.OUT_OF_BOUNDS, "is not a time of the years 1 to 9999", field)
    return value.seconds * SECOND + value.nanos // 1000


def boundary(value: Timestamp, field: str) -> int:
    """Return a time in microseconds since 1970, rounded up, as a boundary between times stored in microseconds.

    What is stored at or after the exact time is at or after the result, and what is stored before it is before.

    Raises:
        InvalidArgumentError: `OUT_OF_BOUNDS` if it is no time of the years 1 to 9999.
    """
    return microseconds(value, field) + (value.nanos % 1000 > 0)


def duration(value: Duration, field: str, *, least: int, most: int) -> int:
    """Return a duration in microseconds; it must be from `least` to `most` seconds.

    Raises:
        InvalidArgumentError: `OUT_OF_BOUNDS`.
    """
    nanoseconds = value.seconds * 1_000_000_000 + value.nanos
    is_valid = 0 <= value.nanos < 1_000_000_000  # noqa: PLR2004
    if not is_valid or not least * 1_000_000_000 <= nanoseconds <= most * 1_000_000_000:
        raise invalid(Reason.OUT_OF_BOUNDS, f"must be {least} to {most} seconds", field, least=least, most=most)
    return nanoseconds // 1000


def mask(value: FieldMask, allowed: Collection[str], field: str = "update_mask") -> frozenset[str]:
    """Return the paths of a field mask; there must be at least one, all different, and each must be in `allowed`.

    Raises:
        InvalidArgumentError: `REQUIRED` if there is no path, `UNKNOWN_FIELD_PATH` if one is not allowed,
            `DUPLICATE_VALUE` if one is given twice.
    """
    if not value.paths:
        raise required(field)
    for index, path in enumerate(value.paths):
        if path not in allowed:
            known = sorted(allowed)
            raise invalid(
                Reason.UNKNOWN_FIELD_PATH,
                f"names no field that can be set; allowed are {', '.join(known)}",
                f"{field}.paths[{index}]",
                path=path,
                allowed=",".join(known),
            )
    require_unique(value.paths, f"{field}.paths")
    return frozenset(value.paths)


def message_key(value: str, field: str) -> tuple[int, int]:
    """Return the two parts of a message id: a public number of its conversation, and its sequence.

    Raises:
        InvalidArgumentError: `REQUIRED` if the id is empty, `MALFORMED` if no message can have it.
    """
    if not value:
        raise required(field)
    try:
        return parse_message_id(value)
    except InvalidArgumentError as error:
        raise error.with_field(field) from None


def caller(request: Any, call: Call) -> Caller:
    """Return the user of a request, the calling device, and whether the request uses a service's rights.

    Raises:
        InvalidArgumentError: `REQUIRED`, `TOO_LONG` or `MALFORMED` if `user_id` is not an id.
        PermissionDeniedError: `SERVICE_ONLY` if `as_service` is set and the caller is no service.
    """
    identifier(request.user_id, "user_id")
    as_service = bool(getattr(request, "as_service", False))
    if as_service and not call.is_service:
        raise PermissionDeniedError(Reason.SERVICE_ONLY, "needs the identity of a service", field="as_service")
    return Caller(request.user_id, as_service, call.device_id)


def reference(value: ConversationReference, user_id: str, field: str = "conversation") -> ConversationKey:
    """Return the key of the conversation that a read names, by its id or by its target.

    Args:
        value: the reference; a target without a type is the other user of a `SINGLE` conversation.
        user_id: the user of the request, who is one side of a `SINGLE` conversation, and the recipient of a `SYSTEM`
            one unless the reference names another.
        field: the path of the reference in the request, for errors.

    Raises:
        InvalidArgumentError: `REQUIRED` if nothing is named, `CONFLICTING_FIELDS` for a recipient without `SYSTEM`,
            `UNKNOWN_ENUM_VALUE` for the type, `TOO_LONG` or `MALFORMED` for an id.
    """
    return _referred(value, user_id, field, ConversationType.SINGLE)


def changed_reference(value: ConversationReference, user_id: str, field: str = "conversation") -> ConversationKey:
    """Return the key of the conversation that a call which changes something names: a target must have its type.

    So a forgotten type cannot create, change or delete the pair of somebody.

    Args:
        value: the reference.
        user_id: the user of the request.
        field: the path of the reference in the request, for errors.

    Raises:
        InvalidArgumentError: as `reference`, and `REQUIRED` for a target without a type.
    """
    return _referred(value, user_id, field, None)


def _referred(
    value: ConversationReference, user_id: str, field: str, default_type: ConversationType | None
) -> ConversationKey:
    kind = value.WhichOneof("reference")
    if kind is None:
        raise required(field)
    if kind == "conversation_id":
        return conversation_by_id(value.conversation_id, f"{field}.conversation_id")
    target = value.target
    type_ = conversation_type(target.type, f"{field}.target.type", default=default_type)
    return target_key(target, type_, user_id, f"{field}.target")


def target_key(target: ConversationTarget, type_: ConversationType, user_id: str, field: str) -> ConversationKey:
    """Return the key of the conversation with a target.

    Args:
        target: the target.
        type_: its type.
        user_id: the user of the request.
        field: the path of the target in the request, for errors.

    Raises:
        InvalidArgumentError: `REQUIRED`, `TOO_LONG` or `MALFORMED` for an id, `CONFLICTING_FIELDS` for a recipient
            without `SYSTEM`.
    """
    identifier(target.id, f"{field}.id")
    if target.recipient_id:
        if type_ is not ConversationType.SYSTEM:
            raise invalid(
                Reason.CONFLICTING_FIELDS,
                "only a SYSTEM conversation has a recipient",
                f"{field}.recipient_id",
                conflicts_with=f"{field}.type",
            )
        user_id = identifier(target.recipient_id, f"{field}.recipient_id")
    return conversation_key(type_, user_id, target.id)


def references(
    values: Sequence[ConversationReference], user_id: str, *, most: int, changed: bool = False
) -> list[ConversationKey | DomainError]:
    """Return, for each reference, the key of its conversation, or the error if the reference is malformed.

    Args:
        values: the references in the field `conversations` of the request.
        user_id: the user of the request.
        most: the most references that are allowed; at least one is required.
        changed: whether the call changes something, so that a target must have its type.

    Raises:
        InvalidArgumentError: `REQUIRED` if there is none, `TOO_MANY` if there are too many.
    """
    require_count(values, "conversations", least=1, most=most)
    refer = changed_reference if changed else reference
    keys: list[ConversationKey | DomainError] = []
    for index, value in enumerate(values):
        try:
            keys.append(refer(value, user_id, f"conversations[{index}]"))
        except DomainError as error:
            keys.append(error)
    return keys


def conversation_by_id(value: str, field: str) -> ConversationKey:
    """Return the key of the conversation with this id.

    Raises:
        InvalidArgumentError: `REQUIRED` if it is empty, `TOO_LONG` for more than 1,540 bytes, `MALFORMED` if no
            conversation can have this id.
    """
    most = limits.CONVERSATION_ID_BYTES
    if not value:
        raise required(field)
    if len(value) * 4 > most and (size := len(value.encode())) > most:
        raise too_long(field, limit=most, actual=size)
    try:
        return parse_conversation_id(value)
    except InvalidArgumentError as error:
        raise error.with_field(field) from None
