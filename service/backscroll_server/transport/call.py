"""Everything around one call, in one wrapper: ids, identity, limits, errors, the log line.

A chain of interceptors would do the same for several times the cost; the transport is the budget of a call.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, NoReturn, TypeAlias

import grpc
from google.protobuf.message import DecodeError, Message

from backscroll_server.domain import limits
from backscroll_server.domain.clock import Clock, system_clock
from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.transport.access_log import AccessLog, CallRecord
from backscroll_server.transport.auth import ANYONE, Identify, Identity, Metadata
from backscroll_server.transport.drain import RunningCalls, shutting_down_error
from backscroll_server.transport.errors import Failure, RefusedCallError, log_bug
from backscroll_server.transport.request_id import OPERATION_ID_KEY, REQUEST_ID_KEY, is_valid_request_id, new_request_id

DEVICE_ID_KEY = "device-id"

Answer = Message | bytes
"""A message, or one that is encoded already."""

Context = grpc.aio.ServicerContext[Any, Any]
MethodHandler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"


@dataclass(slots=True, eq=False)
class Call(CallRecord):
    """One call, as its handler sees it.

    Attributes:
        shutting_down: set when the server stops; endless streams end then.
        started: when it began, on the clock of `perf_counter`.
        device_id: the device that called; empty if it did not say.
        identity: who called.
        interruption: why it was interrupted, if it was.
    """

    shutting_down: asyncio.Event = field(kw_only=True)
    started: float = field(kw_only=True)
    device_id: str = ""
    identity: Identity = ANYONE
    interruption: Exception | None = None
    _task: "asyncio.Task[Any] | None" = None

    def allow_interrupt(self) -> None:
        """Note what `interrupt` has to wake. To be called in the call's own task."""
        self._task = asyncio.current_task()

    def interrupt(self, error: Exception) -> None:
        """End a stream with a failure wherever it is: also while its reader takes nothing."""
        if self._task is not None and self.interruption is None:
            self.interruption = error
            self._task.cancel()

    @property
    def is_service(self) -> bool:
        """True if the caller may use a service's rights."""
        return self.identity.service


UnaryHandler = Callable[[Any, Call], Awaitable[Answer]]
StreamHandler = Callable[[Any, Call], AsyncGenerator[Answer, None]]


class CallWrapper:
    """Adapter from handlers that know nothing of grpc to grpc's handlers.

    Requests arrive as bytes and are parsed here, so that their size is known and a malformed one has a clear status.
    Answers leave as bytes, so that one that is encoded already is passed through untouched.

    Args:
        calls: counts the running calls.
        identify: identifies callers.
        request_log: takes the log lines.
        clock: dates the lines.
    """

    def __init__(
        self,
        calls: RunningCalls,
        identify: Identify,
        request_log: AccessLog,
        *,
        clock: Clock = system_clock,
    ) -> None:
        self._calls = calls
        self._identify = identify
        self._log = request_log
        self._clock = clock

    def unary(self, method: str, handler: UnaryHandler, request_type: type[Message]) -> MethodHandler:
        """Make a handler of one request and one answer."""

        async def run(raw: bytes, context: Context) -> bytes:
            call = self._enter(method)
            try:
                self._admit(call, context)
                answer = await handler(_parse(call, raw, request_type), call)
                encoded = answer if isinstance(answer, bytes) else answer.SerializeToString()
                call.sent_bytes = len(encoded)
            except BaseException as error:  # noqa: BLE001 - `_fail` raises in every case
                await self._fail(call, context, error)
            else:
                self._record(call, grpc.StatusCode.OK)
                return encoded
            finally:
                self._calls.leave()

        return grpc.unary_unary_rpc_method_handler(run)

    def unary_stream(self, method: str, handler: StreamHandler, request_type: type[Message]) -> MethodHandler:
        """Make a handler of one request and a stream of answers; its generator is closed however the call ends."""

        async def run(raw: bytes, context: Context) -> None:
            call = self._enter(method)
            try:
                self._admit(call, context)
                async with aclosing(handler(_parse(call, raw, request_type), call)) as answers:
                    async for answer in answers:
                        encoded = answer if isinstance(answer, bytes) else answer.SerializeToString()
                        await context.write(encoded)
                        call.sent_bytes += len(encoded)
            except BaseException as error:  # noqa: BLE001 - `_fail` raises in every case
                await self._fail(call, context, error)
            else:
                self._record(call, grpc.StatusCode.OK)
            finally:
                self._calls.leave()

        return grpc.unary_stream_rpc_method_handler(run)

    def stream_unary(self, method: str, handler: UnaryHandler, request_type: type[Message]) -> MethodHandler:
        """Return a stream of requests, which the handler reads as an asynchronous iterator; one answer."""

        async def run(requests: AsyncIterator[bytes], context: Context) -> bytes:
            call = self._enter(method)
            try:
                self._admit(call, context)
                answer = await handler(_parse_each(call, requests, request_type), call)
                encoded = answer if isinstance(answer, bytes) else answer.SerializeToString()
                call.sent_bytes = len(encoded)
            except BaseException as error:  # noqa: BLE001 - `_fail` raises in every case
                await self._fail(call, context, error)
            else:
                self._record(call, grpc.StatusCode.OK)
                return encoded
            finally:
                self._calls.leave()

        return grpc.stream_unary_rpc_method_handler(run)

    def _enter(self, method: str) -> Call:
        self._calls.enter()
        return Call(method, shutting_down=self._calls.shutting_down, started=perf_counter())

    def _admit(self, call: Call, context: Context) -> None:
        metadata: Metadata = context.invocation_metadata() or ()
        operation_id: str = ""
        device_id: str | bytes = ""
        for key, value in metadata:
            if key == REQUEST_ID_KEY and is_valid_request_id(value):
                call.request_id = value
            elif key == OPERATION_ID_KEY and is_valid_request_id(value):
                operation_id = value
            elif key == DEVICE_ID_KEY:
                device_id = value
        call.request_id = call.request_id or operation_id or new_request_id()
        context.set_trailing_metadata(((REQUEST_ID_KEY, call.request_id),))
        if call.shutting_down.is_set():
            raise shutting_down_error()
        call.identity = self._identify(metadata)
        if device_id and isinstance(device_id, str):
            if len(device_id) > limits.ID_BYTES:
                raise InvalidArgumentError(
                    Reason.TOO_LONG, f"a device id has at most {limits.ID_BYTES} bytes", field=DEVICE_ID_KEY
                )
            call.device_id = device_id

    async def _fail(self, call: Call, context: Context, error: BaseException) -> NoReturn:
        if isinstance(error, asyncio.CancelledError) and call.interruption is not None:
            error = call.interruption
        if isinstance(error, asyncio.CancelledError | grpc.aio.BaseError) or not isinstance(error, Exception):
            # The caller is gone or out of time, or the process ends. Swallowing a cancellation leaks the call in grpc.
            late = context.time_remaining() == 0
            self._record(call, grpc.StatusCode.DEADLINE_EXCEEDED if late else grpc.StatusCode.CANCELLED)
            raise error
        failure = Failure(error)
        if failure.code is grpc.StatusCode.INTERNAL:
            log_bug(error, call.method, call.request_id)
        self._record(call, failure.code, failure.reason)
        status = failure.status(call.request_id)
        trailing = (*(status.trailing_metadata or ()), (REQUEST_ID_KEY, call.request_id))
        await context.abort(status.code, status.details, trailing)

    def _record(self, call: Call, code: grpc.StatusCode, reason: str = "") -> None:
        # Once: who was answered may still be cancelled before the answer leaves.
        if not call.ended_at and self._log.wants(code):
            call.code = code
            call.reason = reason
            call.ended_at = self._clock()
            call.seconds = perf_counter() - call.started
            self._log.add(call)


async def _parse_each(
    call: Call, requests: AsyncIterator[bytes], request_type: type[Message]
) -> AsyncGenerator[Message, None]:
    async for raw in requests:
        yield _parse(call, raw, request_type)


def _parse(call: Call, raw: bytes, request_type: type[Message]) -> Any:
    size = len(raw)
    call.received_bytes += size
    if size > limits.REQUEST_BYTES:
        raise RefusedCallError(
            grpc.StatusCode.RESOURCE_EXHAUSTED, Reason.TOO_LARGE, f"a request has at most {limits.REQUEST_BYTES} bytes"
        )
    try:
        request: Any = request_type.FromString(raw)
    except DecodeError:
        raise InvalidArgumentError(
            Reason.MALFORMED, f"the request is not a valid {request_type.DESCRIPTOR.full_name}"
        ) from None
    call.user_id = request.user_id
    return request
