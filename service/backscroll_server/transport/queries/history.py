"""Parsing of requests for history: start, direction and filter."""

from enum import IntEnum

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain import limits
from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.services.messages.history import EVERYTHING, HistoryPosition, HistoryStart, MessageFilter
from backscroll_server.transport.validation import (
    enum_value,
    enum_values,
    identifiers,
    invalid,
    message_key,
    microseconds,
    not_negative,
)


class Direction(IntEnum):
    """Direction of a page. `UNSET` is `UP`, or the token's own."""

    UNSET = 0
    UP = 1
    DOWN = 2

    @classmethod
    def of(cls, *, down: bool) -> "Direction":
        """Return the direction of a token."""
        return cls.DOWN if down else cls.UP


class _Position(IntEnum):
    NEWEST = message_service_pb2.HISTORY_POSITION_NEWEST
    OLDEST = message_service_pb2.HISTORY_POSITION_OLDEST
    FIRST_UNREAD = message_service_pb2.HISTORY_POSITION_FIRST_UNREAD


class _ContentType(IntEnum):
    TEXT = message_pb2.CONTENT_TYPE_TEXT
    CUSTOM = message_pb2.CONTENT_TYPE_CUSTOM
    LOCATION = message_pb2.CONTENT_TYPE_LOCATION
    MEDIA = message_pb2.CONTENT_TYPE_MEDIA
    STRUCTURED = message_pb2.CONTENT_TYPE_STRUCTURED


_UNSET = HistoryStart()


def start_of(start: message_service_pb2.HistoryStart, field: str) -> HistoryStart:
    """Return where to start."""
    kind = start.WhichOneof("start")
    if kind is None:
        return _UNSET
    if kind == "position":
        if start.position == message_service_pb2.HISTORY_POSITION_UNSPECIFIED:
            return _UNSET
        return HistoryStart(position=HistoryPosition[enum_value(start.position, _Position, f"{field}.position").name])
    if kind == "message_id":
        position = message_key(start.message_id, f"{field}.message_id")
        return HistoryStart(message_id=position, include_anchor=start.include_anchor)
    if kind == "sequence":
        sequence = not_negative(start.sequence, f"{field}.sequence")
        return HistoryStart(sequence=sequence, include_anchor=start.include_anchor)
    return HistoryStart(time=microseconds(start.time, f"{field}.time"))


def message_filter_of(
    request: message_service_pb2.ListMessagesRequest | message_service_pb2.StreamMessagesRequest,
) -> MessageFilter:
    """Return the filter of a request."""
    if not request.HasField("filter"):
        return MessageFilter(tombstones=True) if request.include_tombstones else EVERYTHING
    message_filter = request.filter
    start_time = (
        microseconds(message_filter.start_time, "filter.start_time") if message_filter.HasField("start_time") else None
    )
    end_time = microseconds(message_filter.end_time, "filter.end_time") if message_filter.HasField("end_time") else None
    if start_time is not None and end_time is not None and end_time <= start_time:
        raise invalid(Reason.OUT_OF_BOUNDS, "it must be after start_time", "filter.end_time")
    senders = identifiers(message_filter.sender_ids, "filter.sender_ids", least=0, most=limits.FILTER_SENDERS)
    chosen = MessageFilter(
        sender_ids=tuple(sorted(senders)),
        content_types=enum_values(
            message_filter.content_types, _ContentType, "filter.content_types", most=limits.FILTER_CONTENT_TYPES
        ),
        start_time=start_time,
        end_time=end_time,
        mentions_me=message_filter.mentions_me,
        tombstones=request.include_tombstones,
    )
    return EVERYTHING if chosen == EVERYTHING else chosen


def page_token_mismatch() -> InvalidArgumentError:
    """Return a token that belongs to another query."""
    return InvalidArgumentError(
        Reason.PAGE_TOKEN_MISMATCH, "the page token belongs to another query", field="page_token"
    )
