"""Encoders of the results of messages of which each succeeds or fails alone. Messages themselves are stored encoded."""

from collections.abc import Sequence

from backscroll.v1 import message_service_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.errors import DomainError
from backscroll_server.services.messages.delete import Outcomes
from backscroll_server.services.messages.send import Sent
from backscroll_server.transport.errors import item_error, response_full

_DUPLICATE = message_service_pb2.BatchSendResult(duplicate=True).SerializeToString()


def get_results(message_ids: Sequence[str], results: Sequence[bytes | DomainError]) -> bytes:
    """Return the encoded results of message ids, framed as the repeated field 1 of a `BatchGetMessagesResponse`.

    Those that no longer fit into a response of 3 MiB are errors with the reason `RESPONSE_FULL`.

    Args:
        message_ids: the ids in the request.
        results: for each id the framed message or the error.
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


def _get_result(message_id: str, result: bytes | DomainError, index: int) -> bytes:
    """Return the encoded `BatchGetMessagesResult` of one message id, framed as the repeated field 1 of a response.

    Args:
        message_id: the id in the request.
        result: the framed message or the error.
        index: the index of the id in the request, for the path in an error.
    """
    if isinstance(result, DomainError):
        error = type(result)(result.reason, result.message, field=f"message_ids[{index}]")
        failed = message_service_pb2.BatchGetMessagesResult(message_id=message_id, error=item_error(error))
        return message_codec.frame(failed.SerializeToString())
    rest = message_service_pb2.BatchGetMessagesResult(message_id=message_id)
    return message_codec.frame(result + rest.SerializeToString())


def send_result(result: Sent | DomainError, index: int) -> bytes:
    """Return the encoded `BatchSendResult` of one item, framed as the repeated field 1 of a response.

    Args:
        result: the stored message or the error.
        index: the index of the item in the request, for the path in an error.
    """
    if isinstance(result, DomainError):
        field = result.field if result.field.startswith("items[") else f"items[{index}].{result.field}"
        error = type(result)(result.reason, result.message, field=field)
        return message_codec.frame(message_service_pb2.BatchSendResult(error=item_error(error)).SerializeToString())
    return message_codec.frame(result.framed + _DUPLICATE if result.duplicate else result.framed)


def deletion_results(ids: list[str], outcomes: Outcomes) -> list[message_service_pb2.DeleteMessagesResult]:
    """Return the `DeleteMessagesResult` of each message id, in order, from the outcomes for the ids."""
    results = []
    for index, (message_id, outcome) in enumerate(zip(ids, outcomes, strict=True)):
        if isinstance(outcome, DomainError):
            error = type(outcome)(outcome.reason, outcome.message, field=f"ids.message_ids[{index}]")
            results.append(message_service_pb2.DeleteMessagesResult(message_id=message_id, error=item_error(error)))
        else:
            results.append(
                message_service_pb2.DeleteMessagesResult(message_id=message_id, outcome=int(outcome))  # type: ignore[arg-type]
            )
    return results
