"""Encoders of conversations, settings and totals.

A framed item carries the tag and length of field 1, so that joined items are the repeated field 1 of a response.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, conversation_service_pb2, deletion_pb2, user_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import UserOptions, ViewRow
from backscroll_server.services.conversations.settings import SettingsUpdate
from backscroll_server.services.views.conversation_view import ConversationView, decode_map, decode_marks
from backscroll_server.services.views.unread import mention_floor, unread_floor
from backscroll_server.services.views.unread_totals import Totals
from backscroll_server.transport.enum_numbers import OPTION_NUMBERS, TYPE_NUMBERS
from backscroll_server.transport.errors import item_error, response_full

_LAST_MESSAGE: Final = conversation_pb2.Conversation.LAST_MESSAGE_FIELD_NUMBER
_RESULT_CONVERSATION: Final = conversation_service_pb2.ConversationResult.CONVERSATION_FIELD_NUMBER

Result = TypeVar("Result")


def timestamp(microseconds: int) -> Timestamp:
    """Return the protobuf `Timestamp` of a time in microseconds since 1970."""
    seconds, rest = divmod(microseconds, SECOND)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def conversation(description: ConversationView) -> bytes:
    """Return the encoded `Conversation` of a conversation as one user sees it."""
    view, shared, listed, activity = description.entry
    answer = conversation_pb2.Conversation(
        conversation_id=shared.conversation_id,
        type=TYPE_NUMBERS[shared.type],
        target_id=description.target_id,
        properties=conversation_pb2.ConversationProperties(
            name=shared.name,
            attributes=decode_map(shared.attributes),
            history_visibility=shared.history_visibility,  # type: ignore[arg-type]
        ),
        create_time=timestamp(shared.create_time),
        member_count=description.member_count,
        role=view.role,  # type: ignore[arg-type]
        left=view.window_to != FOREVER,
        unlisted=not listed,
        settings=settings(view),
        last_sequence=description.last_sequence,
        read_sequence=view.read_sequence,
        unread_count=description.unread_count,
        unread_mention_count=description.mention_count,
        unread_mentions=[
            conversation_pb2.UnreadMention(sequence=sequence, kind=kind)  # type: ignore[arg-type]
            for sequence, kind in description.mentions
        ],
        marked_unread=bool(view.marked_unread),
        unread_floor_sequence=unread_floor(description.entry),
        unread_from_sequence=view.unread_from,
        mention_floor_sequence=mention_floor(view),
    )
    if activity:
        answer.activity_time.CopyFrom(timestamp(activity))
    if shared.burn_duration:
        answer.properties.burn.enabled = bool(shared.burn_enabled)
        answer.properties.burn.duration.FromMicroseconds(shared.burn_duration)
    if description.last_message is None:
        return answer.SerializeToString()
    return message_codec.retag(_LAST_MESSAGE, description.last_message) + answer.SerializeToString()


def settings(view: ViewRow) -> conversation_pb2.ConversationSettings:
    """Return the `ConversationSettings` of a user for one conversation."""
    answer = conversation_pb2.ConversationSettings(
        pinned=view.pin_time > 0,
        draft=view.draft,
        receive_option=OPTION_NUMBERS[view.receive_option],
        marks=decode_marks(view.marks),
        attributes=decode_map(view.attributes),
    )
    if view.pin_time:
        answer.pin_time.CopyFrom(timestamp(view.pin_time))
    if view.draft_time:
        answer.draft_time.CopyFrom(timestamp(view.draft_time))
    if view.muted_until:
        answer.mute_end_time.CopyFrom(timestamp(view.muted_until))
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


def get_results(
    keys: Sequence[ConversationKey | DomainError], results: Iterable[ConversationView | DomainError]
) -> bytes:
    """Return one encoded `ConversationResult` for each reference, framed as the repeated field 1 of a response.

    Those that no longer fit into a response of 3 MiB are errors with the reason `RESPONSE_FULL`.

    Args:
        keys: the key of each reference in the field `conversations` of the request, or the error of a malformed one.
        results: the conversation or the error for each key that is not an error, in their order.
    """
    encoded: list[bytes] = []
    size = 0
    for conversation_id, result in _for_each(keys, results):
        framed = _get_result(conversation_id, result)
        if encoded and size + len(framed) > limits.RESPONSE_ITEM_BYTES:
            framed = _get_result(conversation_id, response_full(f"conversations[{len(encoded)}]"))
        size += len(framed)
        encoded.append(framed)
    return b"".join(encoded)


def _get_result(conversation_id: str, result: ConversationView | DomainError) -> bytes:
    rest = conversation_service_pb2.ConversationResult(conversation_id=conversation_id)
    if isinstance(result, DomainError):
        rest.error.CopyFrom(item_error(result))
        return message_codec.frame(rest.SerializeToString())
    return message_codec.frame(
        rest.SerializeToString() + message_codec.bytes_field(_RESULT_CONVERSATION, conversation(result))
    )


def settings_results(
    keys: Sequence[ConversationKey | DomainError], results: Iterable[SettingsUpdate | DomainError]
) -> list[conversation_service_pb2.SettingsUpdateResult]:
    """Return the `SettingsUpdateResult` of each reference.

    Args:
        keys: the key of each reference in the field `conversations` of the request, or the error of a malformed one.
        results: the update or the error for each key that is not an error, in their order.
    """
    encoded = []
    for conversation_id, result in _for_each(keys, results):
        answer = conversation_service_pb2.SettingsUpdateResult(conversation_id=conversation_id)
        if isinstance(result, DomainError):
            answer.error.CopyFrom(item_error(result))
        else:
            answer.update.changed = result.changed
            if result.pin_time:
                answer.update.pin_time.CopyFrom(timestamp(result.pin_time))
            if result.draft_time:
                answer.update.draft_time.CopyFrom(timestamp(result.draft_time))
        encoded.append(answer)
    return encoded


def _for_each(
    keys: Sequence[ConversationKey | DomainError], results: Iterable[Result | DomainError]
) -> Iterator[tuple[str, Result | DomainError]]:
    """Yield, for each reference, the conversation's id, empty for a malformed one, and its result or error."""
    found = iter(results)
    for index, key in enumerate(keys):
        if isinstance(key, DomainError):
            yield "", key
            continue
        result = next(found)
        if isinstance(result, DomainError) and result.field == "conversation":
            result = result.with_field(f"conversations[{index}]")
        yield key.conversation_id, result


def deleted_range(up_to: int, original_up_to: int = 0) -> deletion_pb2.DeletedRange:
    """Return the `DeletedRange` of a response.

    Args:
        up_to: messages up to this sequence are gone.
        original_up_to: imported messages that were originally written up to this time, in microseconds, are gone too;
            0 for none.
    """
    gone = deletion_pb2.DeletedRange(up_to_sequence=up_to)
    if original_up_to:
        gone.original_up_to_time.CopyFrom(timestamp(original_up_to))
    return gone


def user_settings(options: UserOptions) -> user_pb2.UserSettings:
    """Return the `UserSettings` of a response: the settings of a user that hold for all conversations."""
    answer = user_pb2.UserSettings(receive_option=OPTION_NUMBERS[options.receive_option])
    if options.muted_until:
        answer.mute_end_time.CopyFrom(timestamp(options.muted_until))
    return answer


def totals(sums: Totals) -> user_pb2.UnreadTotals:
    """Return the `UnreadTotals` of a response."""
    return user_pb2.UnreadTotals(
        unread_count=sums.unread,
        muted_unread_count=sums.muted_unread,
        unread_conversation_count=sums.unread_conversations,
        unread_mention_count=sums.mentions,
    )
