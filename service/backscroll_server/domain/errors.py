"""Failures of the rules, each with a stable reason; the transport turns them into statuses."""

from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """Stable reasons, given to callers in `google.rpc.ErrorInfo`."""

    REQUIRED = "REQUIRED"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    TOO_LARGE = "TOO_LARGE"
    MALFORMED = "MALFORMED"
    NEGATIVE = "NEGATIVE"
    OUT_OF_BOUNDS = "OUT_OF_BOUNDS"
    UNKNOWN_ENUM_VALUE = "UNKNOWN_ENUM_VALUE"
    DUPLICATE_VALUE = "DUPLICATE_VALUE"
    CONFLICTING_FIELDS = "CONFLICTING_FIELDS"
    UNKNOWN_FIELD_PATH = "UNKNOWN_FIELD_PATH"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    SCOPE_REQUIRED = "SCOPE_REQUIRED"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    IN_THE_PAST = "IN_THE_PAST"
    PAGE_TOKEN_MALFORMED = "PAGE_TOKEN_MALFORMED"
    PAGE_TOKEN_MISMATCH = "PAGE_TOKEN_MISMATCH"
    RESUME_TOKEN_MALFORMED = "RESUME_TOKEN_MALFORMED"
    RESUME_TOKEN_MISMATCH = "RESUME_TOKEN_MISMATCH"
    NOT_A_RESUME_TOKEN = "NOT_A_RESUME_TOKEN"
    CONSISTENCY_TOKEN_MALFORMED = "CONSISTENCY_TOKEN_MALFORMED"
    NAMESPACE_NOT_FOUND = "NAMESPACE_NOT_FOUND"
    CONVERSATION_NOT_FOUND = "CONVERSATION_NOT_FOUND"
    MESSAGE_NOT_FOUND = "MESSAGE_NOT_FOUND"
    MEMBER_NOT_FOUND = "MEMBER_NOT_FOUND"
    CONVERSATION_EXISTS = "CONVERSATION_EXISTS"
    CLIENT_MESSAGE_ID_REUSED = "CLIENT_MESSAGE_ID_REUSED"
    NOT_AUTHENTICATED = "NOT_AUTHENTICATED"
    USER_NOT_ALLOWED = "USER_NOT_ALLOWED"
    NOT_A_MEMBER = "NOT_A_MEMBER"
    ROLE_TOO_LOW = "ROLE_TOO_LOW"
    SERVICE_ONLY = "SERVICE_ONLY"
    NOT_THE_SENDER = "NOT_THE_SENDER"
    RECALL_TOO_LATE = "RECALL_TOO_LATE"
    TYPE_NOT_SUPPORTED = "TYPE_NOT_SUPPORTED"
    LAST_OWNER = "LAST_OWNER"
    RESUME_TOKEN_TOO_OLD = "RESUME_TOKEN_TOO_OLD"
    RESUME_TOKEN_FOREIGN = "RESUME_TOKEN_FOREIGN"
    CONSISTENCY_TOKEN_FOREIGN = "CONSISTENCY_TOKEN_FOREIGN"
    PAGE_TOKEN_TOO_OLD = "PAGE_TOKEN_TOO_OLD"
    RESPONSE_FULL = "RESPONSE_FULL"
    SLOW_READER = "SLOW_READER"
    TOO_MANY_STREAMS = "TOO_MANY_STREAMS"
    RATE_LIMITED = "RATE_LIMITED"
    OVERLOADED = "OVERLOADED"
    DATABASE_UNAVAILABLE = "DATABASE_UNAVAILABLE"
    DISK_FULL = "DISK_FULL"
    DATABASE_READ_ONLY = "DATABASE_READ_ONLY"
    DATABASE_CORRUPT = "DATABASE_CORRUPT"
    SHUTTING_DOWN = "SHUTTING_DOWN"
    INTERNAL = "INTERNAL"


class DomainError(Exception):
    """A call, or one item of it, that cannot be done. Nothing was changed by it.

    Args:
        reason: the stable reason.
        message: a sentence for humans, without message content and without the field's path.
        field: the path of the field at fault, as `items[3].conversation`; empty if none is.
        metadata: what else a program may want to know of it, by the keys that the contract documents for the reason.
    """

    def __init__(self, reason: Reason, message: str, *, field: str = "", **metadata: str | int) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.field = field
        self.metadata = {key: str(value) for key, value in metadata.items()}

    def at(self, prefix: str) -> Self:
        """Return this failure with the paths of its fields below `prefix`."""
        moved = self.with_field(f"{prefix}.{self.field}" if self.field else prefix)
        if "conflicts_with" in moved.metadata:
            moved.metadata["conflicts_with"] = f"{prefix}.{moved.metadata['conflicts_with']}"
        return moved

    def with_field(self, path: str) -> Self:
        """Return this failure with another path of the field at fault."""
        moved = type(self)(self.reason, self.message, field=path)
        moved.metadata = dict(self.metadata)
        return moved


class InvalidArgumentError(DomainError):
    """The request is at fault, whatever the state. `INVALID_ARGUMENT`."""


class NotAuthenticatedError(DomainError):
    """It is not known who calls. `UNAUTHENTICATED`.

    Attributes:
        why: what is wrong with the proof of identity, for the log alone.
    """

    why = ""


class NotFoundError(DomainError):
    """It does not exist, or this user may not see it. `NOT_FOUND`."""


class AlreadyExistsError(DomainError):
    """The key is taken by something else. `ALREADY_EXISTS`."""


class PermissionDeniedError(DomainError):
    """The user may not do this. `PERMISSION_DENIED`."""


class FailedPreconditionError(DomainError):
    """The state does not allow it. `FAILED_PRECONDITION`."""


class TokenTooOldError(DomainError):
    """The log does not reach back to the token, or never held its place. `OUT_OF_RANGE`."""


class ExhaustedError(DomainError):
    """A limit of the server is reached. `RESOURCE_EXHAUSTED`, with the time to wait.

    Attributes:
        retry_seconds: the time to wait, in whole seconds.
    """

    retry_seconds = 1


def overloaded_error() -> ExhaustedError:
    """Return the error for work that is not begun, because as much waits before it as may."""
    return ExhaustedError(Reason.OVERLOADED, "the server has more work waiting than it can do; try again later")


class SlowReaderError(ExhaustedError):
    """A stream's reader does not keep up."""


class UnavailableError(DomainError):
    """Try again later. `UNAVAILABLE`, with the time to wait."""
