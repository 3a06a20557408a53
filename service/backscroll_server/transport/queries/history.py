"""What a request asks of a history: where it starts, which way it goes, which messages it wants."""

from enum import IntEnum

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain import limits
from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.services.messages.history import EVERYTHING, Place, Start, Wanted
from backscroll_server.transport.validation import (
    identifiers,
    invalid,
    message_place,
    microseconds,
    not_negative,
    one_of,
    several_of,
)


class Direction(IntEnum):
    """Which way a page goes. `UNSET` is `UP`, or the token's own."""

    UNSET = 0
    UP = 1
    DOWN = 2

    @classmethod
    def of(cls, *, down: bool) -> "Direction":
        """The direction of a token."""
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


_UNSET = Start()


def start_of(start: message_service_pb2.HistoryStart, field: str) -> Start:
    """Where to start."""
    kind = start.WhichOneof("start")
    if kind is None:
        return _UNSET
    if kind == "position":
        if start.position == message_service_pb2.HISTORY_POSITION_UNSPECIFIED:
            return _UNSET
        return Start(place=Place[one_of(start.position, _Position, f"{field}.position").name])
    if kind == "message_id":
        place = message_place(start.message_id, f"{field}.message_id")
        return Start(message_id=place, include_anchor=start.include_anchor)
    if kind == "sequence":
        sequence = not_negative(start.sequence, f"{field}.sequence")
        return Start(sequence=sequence, include_anchor=start.include_anchor)
    return Start(time=microseconds(start.time, f"{field}.time"))


def wanted_of(
    request: message_service_pb2.ListMessagesRequest | message_service_pb2.StreamMessagesRequest,
) -> Wanted:
    """Which messages are wanted."""
    if not request.HasField("filter"):
        return Wanted(tombstones=True) if request.include_tombstones else EVERYTHING
    wanted = request.filter
    start_time = microseconds(wanted.start_time, "filter.start_time") if wanted.HasField("start_time") else None
    end_time = microseconds(wanted.end_time, "filter.end_time") if wanted.HasField("end_time") else None
    if start_time is not None and end_time is not None and end_time <= start_time:
        raise invalid(Reason.OUT_OF_BOUNDS, "it must be after start_time", "filter.end_time")
    senders = identifiers(wanted.sender_ids, "filter.sender_ids", least=0, most=limits.FILTER_SENDERS)
    asked = Wanted(
        sender_ids=tuple(sorted(senders)),
        content_types=several_of(
            wanted.content_types, _ContentType, "filter.content_types", most=limits.FILTER_CONTENT_TYPES
        ),
        start_time=start_time,
        end_time=end_time,
        mentions_me=wanted.mentions_me,
        tombstones=request.include_tombstones,
    )
    return EVERYTHING if asked == EVERYTHING else asked


def page_token_mismatch() -> InvalidArgumentError:
    """A token that belongs to another query."""
    return InvalidArgumentError(
        Reason.PAGE_TOKEN_MISMATCH, "the page token belongs to another query", field="page_token"
    )
