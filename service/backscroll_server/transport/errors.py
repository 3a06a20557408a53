"""Conversion of exceptions into grpc statuses: the table of codes, and the details of each status."""

import logging
from typing import Any, Final

import grpc
from google.protobuf.any_pb2 import Any as PackedAny
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from backscroll.v1 import error_pb2
from backscroll_server.domain.errors import (
    AlreadyExistsError,
    DomainError,
    ExhaustedError,
    FailedPreconditionError,
    InvalidArgumentError,
    NotAuthenticatedError,
    NotFoundError,
    PermissionDeniedError,
    Reason,
    TokenTooOldError,
    UnavailableError,
)
from backscroll_server.transport.log_output import exception_places

ERROR_DOMAIN: Final = "backscroll.dev"

RETRY_SECONDS: Final = 1

INTERNAL_MESSAGE: Final = "internal error"

STATUS_CODES: Final[dict[type[DomainError], grpc.StatusCode]] = {
    InvalidArgumentError: grpc.StatusCode.INVALID_ARGUMENT,
    NotAuthenticatedError: grpc.StatusCode.UNAUTHENTICATED,
    NotFoundError: grpc.StatusCode.NOT_FOUND,
    AlreadyExistsError: grpc.StatusCode.ALREADY_EXISTS,
    PermissionDeniedError: grpc.StatusCode.PERMISSION_DENIED,
    FailedPreconditionError: grpc.StatusCode.FAILED_PRECONDITION,
    TokenTooOldError: grpc.StatusCode.OUT_OF_RANGE,
    ExhaustedError: grpc.StatusCode.RESOURCE_EXHAUSTED,
    UnavailableError: grpc.StatusCode.UNAVAILABLE,
}

_RETRIABLE: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED})

logger = logging.getLogger(__name__)


class Failure:
    """The status that a caller gets for an exception.

    Args:
        error: the exception. Any other than a `DomainError` is a bug: it gets the code `INTERNAL` and a constant text,
            because its own text may contain message content.

    Attributes:
        code: the grpc status code.
        reason: the stable reason, for `ErrorInfo`.
        message: a sentence for humans; it begins with the path of the field at fault, if one is.
        field: the path of the field at fault; empty if none is.
        metadata: what varies, for programs, by the keys that the contract documents for the reason.
        retry_seconds: where a retry can help, after how many seconds.
    """

    __slots__ = ("code", "field", "message", "metadata", "reason", "retry_seconds")

    def __init__(self, error: BaseException) -> None:
        self.field = ""
        self.retry_seconds = getattr(error, "retry_seconds", RETRY_SECONDS)
        self.metadata: dict[str, str] = {}
        if isinstance(error, DomainError) and (code := _status_code(error)) is not None:
            self.code, self.reason, self.message, self.field = code, str(error.reason), error.message, error.field
            self.metadata |= error.metadata
        else:
            self.code, self.reason, self.message = grpc.StatusCode.INTERNAL, str(Reason.INTERNAL), INTERNAL_MESSAGE
        if self.field:
            self.message = f"{self.field}: {self.message}"
        if self.field or self.code is grpc.StatusCode.INVALID_ARGUMENT:
            # Empty where the whole request is at fault.
            self.metadata["field"] = self.field

    def status(self, request_id: str) -> grpc.Status:
        """Return the grpc status with its details.

        These are always `ErrorInfo` and `RequestInfo`; `BadRequest` if a field is at fault; and `RetryInfo` for
        `UNAVAILABLE` and `RESOURCE_EXHAUSTED`, with one second unless the error says more.
        """
        details: list[Message] = [
            error_details_pb2.ErrorInfo(reason=self.reason, domain=ERROR_DOMAIN, metadata=self.metadata),
            error_details_pb2.RequestInfo(request_id=request_id),
        ]
        if self.field:
            violation = error_details_pb2.BadRequest.FieldViolation(
                field=self.field, description=self.message, reason=self.reason
            )
            details.append(error_details_pb2.BadRequest(field_violations=[violation]))
        if self.code in _RETRIABLE:
            details.append(error_details_pb2.RetryInfo(retry_delay=Duration(seconds=self.retry_seconds)))
        number: int = self.code.value[0]
        status = status_pb2.Status(code=number, message=self.message, details=[_pack(detail) for detail in details])
        return rpc_status.to_status(status)


def item_error(error: DomainError) -> error_pb2.ItemError:
    """Return the `ItemError` for one item of a batch in which each item succeeds or fails alone."""
    failure = Failure(error)
    number: int = failure.code.value[0]
    reason: Any = error_pb2.ErrorReason.Value(f"ERROR_REASON_{failure.reason}")
    return error_pb2.ItemError(
        code=number, reason=reason, message=failure.message, field=failure.field, metadata=failure.metadata
    )


def response_full(field: str) -> ExhaustedError:
    """Return the error for an item of a batch read that no longer fits into the response: ask for it again."""
    return ExhaustedError(Reason.RESPONSE_FULL, "the response is full before this item: ask for it again", field=field)


def log_bug(error: BaseException, method: str, request_id: str) -> None:
    """Log an unexpected exception and its causes as an error: their types and stack traces.

    Their texts are left out, because they may contain message content.

    Args:
        error: the exception.
        method: the method of the call that raised it, `SERVICE/METHOD`.
        request_id: the id of that call.
    """
    logger.error("%s failed, request id %s: %s", method, request_id, exception_places(error))


def _status_code(error: DomainError) -> grpc.StatusCode | None:
    for kind in type(error).__mro__:
        if (code := STATUS_CODES.get(kind)) is not None:
            return code
    return None


def _pack(detail: Message) -> PackedAny:
    packed = PackedAny()
    packed.Pack(detail)
    return packed
