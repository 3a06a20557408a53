"""Conversion of requests for history into queries: start, direction, filter and page token."""

from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain import limits
from backscroll_server.domain.errors import Reason
from backscroll_server.services.messages.history import EVERYTHING, HistoryQuery, MessageFilter
from backscroll_server.services.messages.page_bounds import UNSET, HistoryPosition, HistoryStart
from backscroll_server.services.views.access import Caller
from backscroll_server.transport.calls import Call
from backscroll_server.transport.tokens.codec import TokenCodec, page_token_mismatch, query_digest, service_parts
from backscroll_server.transport.tokens.history import decode_history
from backscroll_server.transport.tokens.v1.token_pb2 import HistoryToken
from backscroll_server.transport.validation import (
    boundary,
    caller,
    enum_value,
    enum_values,
    identifiers,
    invalid,
    message_key,
    not_negative,
    page_size,
    reference,
)

_PLAIN_DIGEST = query_digest("history", repr(EVERYTHING))


def start_of(start: message_service_pb2.HistoryStart, field: str, *, include: bool = False) -> HistoryStart:
    """Return the start of a page from a request; `UNSET`, the default start, if the request gives none.

    Args:
        start: the start in the request.
        field: its path, for errors.
        include: whether the message that it names is part of the page.

    Raises:
        InvalidArgumentError: for a message id, sequence, time or position that is not valid.
    """
    kind = start.WhichOneof("start")
    if kind is None:
        return UNSET
    if kind == "position":
        return HistoryStart(position=enum_value(start.position, HistoryPosition, f"{field}.position"))
    if kind == "message_id":
        return HistoryStart(message_id=message_key(start.message_id, f"{field}.message_id"), include_anchor=include)
    if kind == "sequence":
        sequence = not_negative(start.sequence, f"{field}.sequence")
        return HistoryStart(sequence=sequence, include_anchor=include)
    return HistoryStart(time=boundary(start.start_time, f"{field}.start_time"))


def message_filter_of(
    request: message_service_pb2.ListMessagesRequest | message_service_pb2.StreamMessagesRequest,
) -> MessageFilter:
    """Return the message filter of a request; the object `EVERYTHING` itself if it has no conditions or tombstones.

    Raises:
        InvalidArgumentError: for a faulty field.
    """
    if not request.HasField("filter"):
        return MessageFilter(tombstones=True) if request.include_tombstones else EVERYTHING
    message_filter = request.filter
    start_time = (
        boundary(message_filter.start_time, "filter.start_time") if message_filter.HasField("start_time") else None
    )
    end_time = boundary(message_filter.end_time, "filter.end_time") if message_filter.HasField("end_time") else None
    if (
        start_time is not None
        and end_time is not None
        and not _is_before(message_filter.start_time, message_filter.end_time)
    ):
        raise invalid(Reason.OUT_OF_BOUNDS, "must be after filter.start_time", "filter.end_time")
    senders = identifiers(message_filter.sender_ids, "filter.sender_ids", least=0, most=limits.FILTER_SENDERS)
    chosen = MessageFilter(
        sender_ids=tuple(sorted(senders)),
        content_types=enum_values(
            message_filter.content_types,
            message_pb2.ContentType,
            "filter.content_types",
            most=limits.FILTER_CONTENT_TYPES,
        ),
        start_time=start_time,
        end_time=end_time,
        mentions_me=message_filter.mentions_me,
        tombstones=request.include_tombstones,
    )
    return EVERYTHING if chosen == EVERYTHING else chosen


def history_query(
    request: message_service_pb2.ListMessagesRequest, call: Call, codec: TokenCodec
) -> tuple[HistoryQuery, HistoryToken | None]:
    """Return the query of the requested page, and the fields of the request's page token; None without a token.

    The caller must compare the token's user and conversation with those of the page, which only the database knows.

    Raises:
        InvalidArgumentError: for a faulty field; `PAGE_TOKEN_MALFORMED`; `PAGE_TOKEN_MISMATCH` if the token was made
            for another filter or direction, or with the rights of a service and this call is without, or the reverse.
        PermissionDeniedError: `SERVICE_ONLY`.
    """
    reader = caller(request, call)
    key = reference(request.conversation, reader.user_id)
    size = page_size(request.page_size, default=limits.HISTORY_PAGE_DEFAULT, most=limits.HISTORY_PAGE_MAX)
    down = _down(request.direction)
    message_filter = message_filter_of(request)
    if not request.page_token:
        start = start_of(request.start, "start", include=request.include_start)
        return HistoryQuery(reader, key, bool(down), size, message_filter, start), None
    if request.HasField("start"):
        raise invalid(Reason.CONFLICTING_FIELDS, "does not go with a page token", "start", conflicts_with="page_token")
    token = decode_history(codec, request.page_token)
    if token.query_digest != filter_digest(message_filter, reader) or down not in (None, token.down):
        raise page_token_mismatch()
    return HistoryQuery(reader, key, token.down, size, message_filter, boundary=token.boundary), token


def export_query(request: message_service_pb2.StreamMessagesRequest, call: Call) -> HistoryQuery:
    """Return the query of the first page, of at most 500 messages, that an export reads.

    Raises:
        InvalidArgumentError: for a faulty field.
        PermissionDeniedError: `SERVICE_ONLY`.
    """
    reader = caller(request, call)
    return HistoryQuery(
        reader,
        reference(request.conversation, reader.user_id),
        bool(_down(request.direction)),
        limits.STREAM_PART,
        message_filter_of(request),
        start_of(request.start, "start", include=request.include_start),
        is_part=True,
    )


def _down(direction: message_service_pb2.SearchDirection) -> bool | None:
    """Return whether a page goes towards newer messages; None if the request does not say."""
    if direction == message_service_pb2.SEARCH_DIRECTION_UNSPECIFIED:
        return None
    known = enum_value(direction, message_service_pb2.SearchDirection, "direction")
    return known == message_service_pb2.SEARCH_DIRECTION_DOWN


def filter_digest(message_filter: MessageFilter, reader: Caller) -> bytes:
    """Return the 8 bytes that page tokens carry, so that none is used with another filter or with other rights."""
    if message_filter is EVERYTHING and not reader.as_service:
        return _PLAIN_DIGEST
    return query_digest("history", repr(message_filter), *service_parts(reader))


def _is_before(one: Timestamp, other: Timestamp) -> bool:
    return (one.seconds, one.nanos) < (other.seconds, other.nanos)
