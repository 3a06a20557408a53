"""Statuses of calls that ended, and expectations of them."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
import grpc.aio
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from backscroll_server.contract.expectations import Captured, MismatchError, meet, shown

_DETAILS: Final = "grpc-status-details-bin"


@dataclass(frozen=True, slots=True)
class EndedCall:
    """The end of a call.

    Attributes:
        status: the name of its status.
        text: what the status says.
        reason: the reason in `ErrorInfo`, and None where there is none.
        path: the field of the first violation in `BadRequest`, and None where there is none.
        metadata: the metadata of `ErrorInfo`.
        retry: whether there is `RetryInfo`.
    """

    status: str
    text: str = ""
    reason: str | None = None
    path: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    retry: bool = False

    def __str__(self) -> str:
        """Return one line, as `STATUS REASON: text (field PATH)`."""
        reason = f" {self.reason}" if self.reason is not None else ""
        text = f": {self.text}" if self.text else ""
        at_fault = f" (field {self.path})" if self.path is not None else ""
        return f"{self.status}{reason}{text}{at_fault}"

    def meet(self, error: Mapping[str, Any] | None) -> Captured:
        """Hold the end against the `error` of a step, and return what that captures.

        Args:
            error: the expected error; None if the call must end well.

        Raises:
            MismatchError: Where it ended otherwise.
        """
        if error is None:
            if self.status != grpc.StatusCode.OK.name:
                raise MismatchError(f"expected success, came {self}")
            return {}
        if self.status == grpc.StatusCode.OK.name:
            raise MismatchError(f"expected an error with {shown(dict(error))}, came success")
        came: dict[str, Any] = {"status": self.status, "retry": self.retry}
        if self.reason is not None:
            came |= {"reason": self.reason, "metadata": dict(self.metadata)}
        if self.path is not None:
            came["field"] = self.path
        try:
            return meet(error, came, "error")
        except MismatchError as mismatch:
            raise MismatchError(f"{mismatch}; the error is {self}") from mismatch


def ended(code: grpc.StatusCode, text: str | None, trailing: Iterable[tuple[str, str | bytes]]) -> EndedCall:
    """Return the end of a call from its status and trailing metadata."""
    reason: str | None = None
    at_fault: str | None = None
    metadata: dict[str, str] = {}
    retry = False
    for detail in _details(trailing):
        info, fault = ErrorInfo(), BadRequest()
        if detail.Unpack(info):
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(fault) and fault.field_violations:
            at_fault = fault.field_violations[0].field
        retry = retry or detail.Is(RetryInfo.DESCRIPTOR)
    return EndedCall(code.name, text or "", reason, at_fault, metadata, retry)


def texts(metadata: Iterable[tuple[str, str | bytes]]) -> dict[str, str]:
    """Return metadata by key: of a key that repeats the last value, of a binary one its base64."""
    return {key: value if isinstance(value, str) else base64.b64encode(value).decode() for key, value in metadata}


def _details(trailing: Iterable[tuple[str, str | bytes]]) -> list[Any]:
    for key, value in trailing:
        if key == _DETAILS and isinstance(value, bytes):
            try:
                return list(Status.FromString(value).details)
            except DecodeError:
                return []
    return []
