"""Failures into statuses: each class has one, and each status its details."""

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from backscroll.v1 import error_pb2
from backscroll_server.domain.errors import (
    DomainError,
    InvalidArgumentError,
    NotFoundError,
    Reason,
    SlowReaderError,
    UnavailableError,
)
from backscroll_server.transport.errors import STATUS_CODES, Failure, item_error, log_bug


def details(error: BaseException) -> tuple[status_pb2.Status, dict[type[Message], Message]]:
    status = Failure(error).status("id-1")
    packed = status_pb2.Status.FromString(dict(status.trailing_metadata)["grpc-status-details-bin"])
    found: dict[type[Message], Message] = {}
    for detail in packed.details:
        kind = getattr(error_details_pb2, detail.TypeName().rpartition(".")[2])
        found[kind] = kind.FromString(detail.value)
    return packed, found


def every_error() -> list[type[DomainError]]:
    waiting, found = [DomainError], []
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += kinds
        waiting += kinds
    return found


@pytest.mark.parametrize("kind", every_error())
def test_domain_error_when_raised_has_a_status_of_its_own(kind: type[DomainError]) -> None:
    failure = Failure(kind(Reason.REQUIRED, "text", field="user_id"))
    assert failure.code is not grpc.StatusCode.INTERNAL
    assert (failure.reason, failure.message, failure.field) == ("REQUIRED", "user_id: text", "user_id")


def test_statuses_when_listed_are_all_different() -> None:
    assert len(set(STATUS_CODES.values())) == len(STATUS_CODES)


def test_status_when_a_field_is_at_fault_names_it() -> None:
    packed, found = details(
        InvalidArgumentError(Reason.TOO_LONG, "is too long", field="items[3].conversation", limit=256, actual=300)
    )
    assert (packed.code, packed.message) == (3, "items[3].conversation: is too long")
    assert found == {
        error_details_pb2.ErrorInfo: error_details_pb2.ErrorInfo(
            reason="TOO_LONG",
            domain="backscroll.dev",
            metadata={"field": "items[3].conversation", "limit": "256", "actual": "300"},
        ),
        error_details_pb2.RequestInfo: error_details_pb2.RequestInfo(request_id="id-1"),
        error_details_pb2.BadRequest: error_details_pb2.BadRequest(
            field_violations=[
                error_details_pb2.BadRequest.FieldViolation(
                    field="items[3].conversation",
                    description="items[3].conversation: is too long",
                    reason="TOO_LONG",
                )
            ]
        ),
    }


def test_status_when_no_field_is_at_fault_has_no_bad_request() -> None:
    packed, found = details(NotFoundError(Reason.CONVERSATION_NOT_FOUND, "no such conversation"))
    assert packed.message == "no such conversation"
    assert set(found) == {error_details_pb2.ErrorInfo, error_details_pb2.RequestInfo}


@pytest.mark.parametrize(
    "error",
    [
        UnavailableError(Reason.DATABASE_UNAVAILABLE, "away"),
        SlowReaderError(Reason.SLOW_READER, "too slow"),
    ],
)
def test_status_when_a_later_try_may_succeed_says_when(error: Exception) -> None:
    _, found = details(error)
    assert error_details_pb2.RetryInfo in found


def test_status_when_a_bug_raised_is_constant() -> None:
    packed, found = details(ValueError("what a user wrote"))
    assert (packed.code, packed.message) == (13, "internal error")
    assert found[error_details_pb2.ErrorInfo] == error_details_pb2.ErrorInfo(reason="INTERNAL", domain="backscroll.dev")
    assert b"what a user wrote" not in packed.SerializeToString()


def test_item_error_when_an_item_failed_alone_has_code_reason_text_and_path() -> None:
    error = item_error(NotFoundError(Reason.MESSAGE_NOT_FOUND, "no such message", field="message_ids[1]"))
    assert error == error_pb2.ItemError(
        code=5,
        reason=error_pb2.ERROR_REASON_MESSAGE_NOT_FOUND,
        message="message_ids[1]: no such message",
        field="message_ids[1]",
        metadata={"field": "message_ids[1]"},
    )


@pytest.mark.parametrize("reason", Reason)
def test_reason_is_one_of_the_contract(reason: Reason) -> None:
    assert f"ERROR_REASON_{reason}" in set(error_pb2.ErrorReason.keys())


def test_bug_when_logged_shows_places_and_types_but_no_text(caplog: pytest.LogCaptureFixture) -> None:
    try:
        try:
            raise KeyError("what a user wrote")
        except KeyError as cause:
            raise ValueError("what another wrote") from cause
    except ValueError as error:
        log_bug(error, "S/M", "id-1")
    assert "wrote" not in caplog.text.replace('raise KeyError("what a user wrote")', "").replace(
        'raise ValueError("what another wrote") from cause', ""
    )
    for expected in ("S/M", "id-1", "builtins.ValueError", "builtins.KeyError", "test_errors.py"):
        assert expected in caplog.text
