"""Encoders of the results of messages of which each succeeds or fails alone. Messages themselves are stored encoded."""

from collections.abc import Iterable, Sequence
from typing import Final

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.errors import DomainError
from backscroll_server.services.messages.delete import Outcomes
from backscroll_server.services.messages.get import FoundMessage
from backscroll_server.services.messages.send import Sent
from backscroll_server.services.views.message_states import MessageState
from backscroll_server.transport.encode.conversations import timestamp
from backscroll_server.transport.errors import item_error, response_full

_MESSAGE: Final = message_service_pb2.MessageResult.MESSAGE_FIELD_NUMBER


def state_fields(number: int, states: Iterable[MessageState]) -> bytes:
    """Return encoded `MessageState`s as the field of a response with a number, at most 63."""
    return b"".join(message_codec.bytes_field(number, _state(state).SerializeToString()) for state in states)


def _state(state: MessageState) -> message_pb2.MessageState:
    burn_time = timestamp(state.burn_time) if state.burn_time else None
    return message_pb2.MessageState(sequence=state.sequence, blocked=state.blocked, burn_time=burn_time)


def get_results(message_ids: Sequence[str], results: Sequence[FoundMessage | DomainError]) -> bytes:
    """Return the encoded results of message ids, framed as the repeated field 1 of a `BatchGetMessagesResponse`.

    Those that no longer fit into a response of 3 MiB are errors with the reason `RESPONSE_FULL`.

    Args:
        message_ids: the ids in the request.
        results: for each id the message or the error.
    """
    encoded: list[bytes] = []
    size = 0
    for index, (message_id, result) in enumerate(zip(message_ids, results, strict=True)):
        framed = _get_result(message_id, result, index)
        if encoded and size + len(framed) > limits.RESPONSE_ITEM_BYTES:
            framed = _get_result(message_id, response_full(""), index)
        size += len(framed)
        encoded.append(framed)
    return b"".join(encoded)


def _get_result(message_id: str, result: FoundMessage | DomainError, index: int) -> bytes:
    """Return the encoded `MessageResult` of one message id, framed as the repeated field 1 of a response.

    Args:
        message_id: the id in the request.
        result: the message or the error.
        index: the index of the id in the request, for the path in an error.
    """
    rest = message_service_pb2.MessageResult(message_id=message_id)
    if isinstance(result, DomainError):
        rest.error.CopyFrom(item_error(result.with_field(f"message_ids[{index}]")))
        return message_codec.frame(rest.SerializeToString())
    if result.state is not None:
        rest.state.CopyFrom(_state(result.state))
    return message_codec.frame(message_codec.retag(_MESSAGE, result.framed) + rest.SerializeToString())


def send_result(result: Sent | DomainError, index: int) -> message_service_pb2.SendResult:
    """Return the `SendResult` of one item.

    Args:
        result: the stored message or the error.
        index: the index of the item in the request, for the path in an error.
    """
    if isinstance(result, DomainError):
        moved = result if result.field.startswith("items[") else result.at(f"items[{index}]")
        return message_service_pb2.SendResult(error=item_error(moved))
    return message_service_pb2.SendResult(
        message=message_service_pb2.SentMessage(
            message_id=result.message_id,
            conversation_id=result.conversation_id,
            sequence=result.sequence,
            create_time=timestamp(result.create_time),
            duplicate=result.duplicate,
        )
    )


def deletion_results(ids: Sequence[str], outcomes: Outcomes) -> list[message_service_pb2.DeletionResult]:
    """Return the `DeletionResult` of each message id, in order, from the outcomes for the ids."""
    results = []
    for index, (message_id, outcome) in enumerate(zip(ids, outcomes, strict=True)):
        result = message_service_pb2.DeletionResult(message_id=message_id)
        if isinstance(outcome, DomainError):
            result.error.CopyFrom(item_error(outcome.with_field(f"message_ids[{index}]")))
        else:
            result.outcome = int(outcome)  # type: ignore[assignment]
        results.append(result)
    return results
