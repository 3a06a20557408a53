"""A record of every reason that a call of the tests was refused with, to be held against the contract's comments.

It is kept where `BACKSCROLL_TEST_REASONS` names a folder; `tools/reasons.py` reads it when all suites have run.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from backscroll.v1 import error_pb2

FOLDER = "BACKSCROLL_TEST_REASONS"

_CODES = {code.value[0]: code.name for code in grpc.StatusCode}


def recorded(channel: grpc.Channel) -> grpc.Channel:
    """The channel, its refusals recorded if that is asked for."""
    folder = os.environ.get(FOLDER)
    return grpc.intercept_channel(channel, _Recorder(Path(folder))) if folder else channel


class _Recorder(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
):
    """Writes a line for each call and reason that it has not seen: the RPC, the status and the reason."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{os.getpid()}.tsv"
        self._seen: set[tuple[str, str, str]] = set()

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        outcome = continuation(details, request)
        outcome.add_done_callback(lambda ended: self._note_unary(details.method, ended))
        return outcome

    def intercept_stream_unary(self, continuation: Callable[..., Any], details: Any, requests: Any) -> Any:
        outcome = continuation(details, requests)
        outcome.add_done_callback(lambda ended: self._note_unary(details.method, ended))
        return outcome

    def intercept_unary_stream(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        call = continuation(details, request)
        call.add_done_callback(lambda ended: self._note_status(details.method, ended))
        return call

    def _note_unary(self, method: str, outcome: Any) -> None:
        if outcome.code() is not grpc.StatusCode.OK:
            self._note_status(method, outcome)
            return
        for result in getattr(outcome.result(), "results", ()):
            if isinstance(result, Message) and result.HasField("error"):
                error: error_pb2.ItemError = result.error  # type: ignore[attr-defined]
                name = error_pb2.ErrorReason.Name(error.reason).removeprefix("ERROR_REASON_")
                self._note(method, _CODES[error.code], name)

    def _note_status(self, method: str, ended: Any) -> None:
        status = rpc_status.from_call(ended) if ended.code() is not grpc.StatusCode.OK else None
        info = error_details_pb2.ErrorInfo()
        for detail in status.details if status else ():
            if detail.Unpack(info):
                self._note(method, ended.code().name, info.reason)

    def _note(self, method: str, code: str, reason: str) -> None:
        line = (method.rpartition("/")[2], code, reason)
        if line not in self._seen:
            self._seen.add(line)
            with self._file.open("a", encoding="utf-8") as file:
                file.write("\t".join(line) + "\n")
