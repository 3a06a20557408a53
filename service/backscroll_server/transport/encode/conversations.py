"""Encoders of conversations, settings and totals.

A framed item carries the tag and length of field 1, so that joined items are the repeated field 1 of a response.
"""

from collections.abc import Iterable, Sequence

from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, conversation_service_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import UserOptions, ViewRow
from backscroll_server.services.views.conversation_view import ConversationView, decode_map, decode_marks
from backscroll_server.services.views.unread_totals import Totals
from backscroll_server.transport.errors import item_error, response_full


def timestamp(microseconds: int) -> Timestamp:
    """Return the protobuf `Timestamp` of a time in microseconds since 1970."""
    seconds, rest = divmod(microseconds, SECOND)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def conversation(description: ConversationView) -> bytes:
    """Return the encoded `Conversation` of a conversation as one user sees it."""
    view, shared, listed, activity = description.entry
    answer = conversation_pb2.Conversation(
        conversation_id=shared.conversation_id,
        type=shared.type,  # type: ignore[arg-type]
        target_id=description.target_id,
        name=shared.name,
        attributes=decode_map(shared.attributes),
        history_visibility=shared.history_visibility,  # type: ignore[arg-type]
        create_time=timestamp(shared.create_time),
        member_count=shared.member_count,
        last_sequence=description.last_sequence,
        role=view.role,  # type: ignore[arg-type]
        left=view.window_to != FOREVER,
        unlisted=not listed,
        settings=settings(view),
        unread_count=description.unread_count,
        marked_unread=bool(view.marked_unread),
        unread_mention_count=description.mention_count,
        unread_mentions=[
            conversation_pb2.UnreadMention(sequence=sequence, kind=kind)  # type: ignore[arg-type]
            for sequence, kind in description.mentions
        ],
        read_sequence=view.read_sequence,
    )
    if activity:
        answer.activity_time.CopyFrom(timestamp(activity))
    if shared.burn_duration:
        answer.burn.enabled = bool(shared.burn_enabled)
        answer.burn.duration.FromMicroseconds(shared.burn_duration)
    return (description.last_message or b"") + answer.SerializeToString()


def settings(view: ViewRow) -> conversation_pb2.ConversationSettings:
    """Return the `ConversationSettings` of a user for one conversation."""
    answer = conversation_pb2.ConversationSettings(
        pinned=view.pin_time > 0,
        draft=view.draft,
        receive_option=view.receive_option,  # type: ignore[arg-type]
        marks=decode_marks(view.marks),
        attributes=decode_map(view.attributes),
    )
    if view.pin_time:
        answer.pin_time.CopyFrom(timestamp(view.pin_time))
    if view.draft_time:
        answer.draft_time.CopyFrom(timestamp(view.draft_time))
    if view.muted_until:
        answer.muted_until.CopyFrom(timestamp(view.muted_until))
    return answer


def conversations(descriptions: Iterable[ConversationView]) -> list[bytes]:
    """Return encoded conversations, each framed as an element of the repeated field 1 of a response.

    They end where a response of at most 3 MiB is full: at least one is returned if there is any.
    """
    encoded: list[bytes] = []
    size = 0
    for description in descriptions:
        framed = message_codec.frame(conversation(description))
        size += len(framed)
        if encoded and size > limits.RESPONSE_ITEM_BYTES:
            break
        encoded.append(framed)
    return encoded


def conversation_results(
    keys: Sequence[ConversationKey | DomainError],
    results: Iterable[ConversationView | DomainError],
    field: str,
    *,
    most_bytes: int | None = None,
) -> bytes:
    """Return one encoded `ConversationResult` for each reference, framed as the repeated field 1 of a response.

    Args:
        keys: the key of each reference in the request, or the error of a malformed reference.
        results: the conversation or the error for each key that is not an error, in their order.
        field: the name of the request's field with the references, for the paths in errors.
        most_bytes: of a read, the bytes above which results are errors with the reason `RESPONSE_FULL`; None for a
            write, whose results are never hidden.
    """
    found = iter(results)
    encoded: list[bytes] = []
    size = 0
    for index, key in enumerate(keys):
        result = key if isinstance(key, DomainError) else next(found)
        conversation_id = "" if isinstance(key, DomainError) else key.conversation_id
        if isinstance(result, DomainError):
            error = result if isinstance(key, DomainError) else _at(result, f"{field}[{index}]")
            answer = conversation_service_pb2.ConversationResult(
                conversation_id=conversation_id, error=item_error(error)
            ).SerializeToString()
        else:
            answer = (
                message_codec.frame(conversation(result))
                + conversation_service_pb2.ConversationResult(conversation_id=conversation_id).SerializeToString()
            )
        framed = message_codec.frame(answer)
        if encoded and most_bytes is not None and size + len(framed) > most_bytes:
            full = conversation_service_pb2.ConversationResult(
                conversation_id=conversation_id, error=item_error(response_full(f"{field}[{index}]"))
            )
            framed = message_codec.frame(full.SerializeToString())
        size += len(framed)
        encoded.append(framed)
    return b"".join(encoded)


def _at(error: DomainError, field: str) -> DomainError:
    """Return the error with `field` as its path if its path is `conversation`; keep any other path, as of settings."""
    return type(error)(error.reason, error.message, field=field if error.field == "conversation" else error.field)


def user_settings(options: UserOptions) -> conversation_service_pb2.UserSettings:
    """Return the `UserSettings` of a response: the settings of a user that hold for all conversations."""
    answer = conversation_service_pb2.UserSettings(receive_option=options.receive_option)  # type: ignore[arg-type]
    if options.muted_until:
        answer.muted_until.CopyFrom(timestamp(options.muted_until))
    return answer


def totals(sums: Totals) -> conversation_service_pb2.UnreadTotals:
    """Return the `UnreadTotals` of a response."""
    return conversation_service_pb2.UnreadTotals(
        unread_count=sums.unread,
        muted_unread_count=sums.muted_unread,
        unread_conversation_count=sums.unread_conversations,
        mention_count=sums.mentions,
    )
