"""The wrapper around each call: request id, identity, limits, deadline, folded user ids, errors and log line.

One wrapper does all of it, because a chain of grpc's interceptors costs several times as much for each call.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress
from math import inf
from time import perf_counter
from typing import Any, Final, NoReturn, TypeAlias

import grpc
from google.protobuf.message import DecodeError, Message

from backscroll_server.domain import limits
from backscroll_server.domain.clock import Clock, system_clock
from backscroll_server.domain.deadline import current_deadline, set_time_left, time_is_left
from backscroll_server.domain.errors import (
    DomainError,
    InvalidArgumentError,
    NotAuthenticatedError,
    NotFoundError,
    PermissionDeniedError,
    Reason,
    SlowReaderError,
)
from backscroll_server.identity.authenticator import AUTHORIZATION_KEY, Authenticator
from backscroll_server.transport.access_log import AccessLog
from backscroll_server.transport.calls import Call
from backscroll_server.transport.certificate_names import certificate_names
from backscroll_server.transport.drain import RunningCalls, shutting_down_error
from backscroll_server.transport.errors import Failure, log_bug
from backscroll_server.transport.open_identities import OpenIdentities
from backscroll_server.transport.open_streams import OpenStreams, StreamLimits
from backscroll_server.transport.rate_limits import MethodClass, RateLimits
from backscroll_server.transport.request_id import OPERATION_ID_KEY, REQUEST_ID_KEY, is_valid_request_id, new_request_id
from backscroll_server.transport.unknown_fields import refuse_unknown_fields
from backscroll_server.transport.user_id_folding import fold_user_ids

_DEADLINE_SECONDS: Final = 0.1
_DEADLINE_PART: Final = 0.01

DEVICE_ID_KEY = "device-id"
PUSHBACK_KEY = "grpc-retry-pushback-ms"
NAMESPACE_KEY = "backscroll-namespace"
DEFAULT_NAMESPACE = "default"

Answer = Message | bytes
"""An answer: a protobuf message, or the bytes of an encoded one."""

Context = grpc.aio.ServicerContext[Any, Any]
MethodHandler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"


UnaryHandler = Callable[[Any, Call], Awaitable[Answer]]
StreamHandler = Callable[[Any, Call], AsyncGenerator[Answer, None]]


class DefaultDeadlineError(Exception):
    """A call whose caller set no deadline took too long. It ends as by a deadline, with `DEADLINE_EXCEEDED`."""


class CallWrapper:
    """Maker of grpc's handlers from handlers that take a request and a `Call` and know nothing of grpc.

    Each handler that it makes parses the requests, identifies the caller, turns exceptions into statuses and logs the
    call. Requests arrive as bytes, so that their size is known and a malformed one gets a status of its own. Answers
    leave as bytes, so that an encoded one is sent unchanged.

    Args:
        calls: the counter of running calls.
        authenticator: finds the identity of each caller.
        request_log: the log that gets each call that has ended.
        require_room: raises an error while no writes can be taken, so that a large one is refused before it is parsed.
        rates: how much each caller may do a second.
        stream_limits: the most streams of answers that may be open at a time in this process.
        default_deadline_seconds: in which time a call with one request and one answer must end if its caller set no
            deadline, in seconds; 0 for no end.
        slow_reader_seconds: for how long a stream's reader may take nothing before the stream is ended, in seconds.
        folds_user_ids: whether the case of user ids in requests is folded (semantics N7).
        clock: returns the time for the log lines, in microseconds since 1970.
    """

    def __init__(
        self,
        calls: RunningCalls,
        authenticator: Authenticator,
        request_log: AccessLog,
        *,
        require_room: Callable[[], None],
        rates: RateLimits,
        stream_limits: StreamLimits,
        default_deadline_seconds: float,
        slow_reader_seconds: float,
        folds_user_ids: bool = False,
        clock: Clock = system_clock,
    ) -> None:
        self._require_room = require_room
        self._rates = rates
        self._open_streams = OpenStreams(stream_limits)
        self._default_deadline_seconds = default_deadline_seconds
        self._slow_reader_seconds = slow_reader_seconds
        self._calls = calls
        self._authenticator = authenticator
        self.open_identities = OpenIdentities(authenticator)
        self._folds_user_ids = folds_user_ids
        self._log = request_log
        self._clock = clock

    def unary(
        self, method: str, handler: UnaryHandler, request_type: type[Message], *, writes: bool = False
    ) -> MethodHandler:
        """Return grpc's handler for a method with one request and one answer.

        Args:
            method: the name for the log, `SERVICE/METHOD`.
            handler: takes the request and the `Call`, returns the answer; its exceptions become statuses.
            request_type: the class of the request.
            writes: whether the method changes something.
        """
        kind = MethodClass.WRITE if writes else MethodClass.READ
        # A batch costs what its items cost alone.
        is_batch = "items" in request_type.DESCRIPTOR.fields_by_name

        async def run(raw: bytes, context: Context) -> bytes:
            call = self._enter(method)
            request = None
            try:
                self._admit(call, context)
                if writes:
                    self._require_room()
                request = self._parse(call, raw, request_type)
                raw = b""
                if self._rates.limits_anything:
                    self._take(call, context, kind, len(request.items) if is_batch else 1)
                if self._default_deadline_seconds and current_deadline() == inf:
                    answer = await self._in_default_time(handler(request, call))
                else:
                    answer = await handler(request, call)
                encoded = answer if isinstance(answer, bytes) else answer.SerializeToString()
                call.sent_bytes = len(encoded)
            except BaseException as error:  # noqa: BLE001 - `_fail` raises in every case
                raw, request = b"", None
                await self._fail(call, context, error)
            else:
                self._record(call, grpc.StatusCode.OK)
                return encoded
            finally:
                self._calls.leave()

        return grpc.unary_unary_rpc_method_handler(run)

    async def _in_default_time(self, answer: Awaitable[Answer]) -> Answer:
        """Return the answer of a call whose caller set no deadline.

        Raises:
            DefaultDeadlineError: `DEADLINE_EXCEEDED` where it takes longer than it may.
        """
        seconds = self._default_deadline_seconds
        set_time_left(seconds)
        try:
            async with asyncio.timeout(seconds) as limit:
                return await answer
        except (TimeoutError, asyncio.CancelledError):
            # What waits for the database is given up at the deadline too, which may be a moment before.
            if limit.expired() or not (_is_cancelled() or time_is_left()):
                raise DefaultDeadlineError(f"the call set no deadline and did not end within {seconds:g} s") from None
            raise

    def unary_stream(
        self, method: str, handler: StreamHandler, request_type: type[Message], *, is_export: bool
    ) -> MethodHandler:
        """Return grpc's handler for a method with one request and a stream of answers.

        Args:
            method: the name for the log, `SERVICE/METHOD`.
            handler: takes the request and the `Call`, yields the answers; its generator is closed when the call ends,
                whether by success, failure or cancellation.
            request_type: the class of the request.
            is_export: whether the stream ends when everything was sent.
        """

        async def run(raw: bytes, context: Context) -> None:
            call = self._enter(method)
            request = None
            try:
                self._admit(call, context)
                request = self._parse(call, raw, request_type)
                raw = b""
                if self._rates.limits_anything:
                    self._take(call, context, MethodClass.EXPORT if is_export else MethodClass.READ, 1)
                with (
                    self._open_streams.opened(
                        call.user_id, call.caller if call.is_service else "", is_export=is_export
                    ),
                    self.open_identities.opened(call),
                ):
                    async with aclosing(handler(request, call)) as answers:
                        async for answer in answers:
                            await self._write(answer, call, context)
                            # What was sent must not stay until there is more to send.
                            del answer
            except BaseException as error:  # noqa: BLE001 - `_fail` raises in every case
                raw, request = b"", None
                if isinstance(call.interruption, NotAuthenticatedError):
                    await self._write_last(call, context)
                await self._fail(call, context, error)
            else:
                self._record(call, grpc.StatusCode.OK)
            finally:
                self._calls.leave()

        return grpc.unary_stream_rpc_method_handler(run)

    async def _write(self, answer: Answer, call: Call, context: Context) -> None:
        """Send an answer of a stream. It waits while the reader does not take what was sent before.

        Raises:
            SlowReaderError: `SLOW_READER` where it waits for too long.
        """
        encoded = answer if isinstance(answer, bytes) else answer.SerializeToString()
        try:
            async with asyncio.timeout(self._slow_reader_seconds):
                await context.write(encoded)
        except TimeoutError:
            raise slow_reader_error(call) from None
        except grpc.aio.BaseError:
            # The reader went away while this waited for it: the library would log that as a fault.
            raise asyncio.CancelledError from None
        call.sent_bytes += len(encoded)

    async def _write_last(self, call: Call, context: Context) -> None:
        """Send the last response of a stream that is ended by the server, as far as its reader still takes anything."""
        with suppress(SlowReaderError, asyncio.CancelledError):
            if call.last_response:
                await self._write(call.last_response, call, context)

    def stream_unary(self, method: str, handler: UnaryHandler, request_type: type[Message]) -> MethodHandler:
        """Return grpc's handler for a method with a stream of requests and one answer.

        Args:
            method: the name for the log, `SERVICE/METHOD`.
            handler: takes an asynchronous iterator of requests and the `Call`, returns the answer.
            request_type: the class of each request.
        """

        async def run(requests: AsyncIterator[bytes], context: Context) -> bytes:
            call = self._enter(method)
            try:
                self._admit(call, context)
                # Whatever streams requests does so to write them.
                self._require_room()
                with self.open_identities.opened(call):
                    answer = await handler(self._parse_each(call, context, requests, request_type), call)
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

    async def _parse_each(
        self, call: Call, context: Context, requests: AsyncIterator[bytes], request_type: type[Message]
    ) -> AsyncGenerator[Message, None]:
        """Yield the requests of a stream as fast as the caller may import."""
        async for raw in requests:
            request = self._parse(call, raw, request_type)
            if self._rates.limits_anything:
                caller, messages = _caller(call, context), len(request.messages)
                await self._rates.wait(caller, MethodClass.IMPORT, messages, is_service=call.is_service)
            yield request

    def _parse(self, call: Call, raw: bytes, request_type: type[Message]) -> Any:
        size = len(raw)
        call.received_bytes += size
        if size > limits.REQUEST_BYTES:
            most = limits.REQUEST_BYTES
            raise InvalidArgumentError(Reason.TOO_LARGE, f"a request has at most {most} bytes", limit=most, actual=size)
        try:
            request: Any = request_type.FromString(raw)
        except DecodeError:
            raise InvalidArgumentError(
                Reason.MALFORMED, f"the request is not a valid {request_type.DESCRIPTOR.full_name}"
            ) from None
        refuse_unknown_fields(request, raw)
        if self._folds_user_ids:
            fold_user_ids(request)
        call.user_id = request.user_id
        call.require_own_user()
        return request

    def _take(self, call: Call, context: Context, kind: MethodClass, cost: int) -> None:
        """Take what a call costs from what its caller may do.

        Raises:
            ExhaustedError: `RATE_LIMITED`.
        """
        self._rates.take(_caller(call, context), kind, cost, is_service=call.is_service)

    async def require_service(self, context: Context) -> None:
        """Return where the caller of grpc's own reflection is a service; otherwise end the call with an error."""
        call = self._enter("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        try:
            self._admit(call, context)
            if not call.is_service:
                raise PermissionDeniedError(Reason.SERVICE_ONLY, "reflection needs the identity of a service")
        except DomainError as error:
            await self._fail(call, context, error)
        finally:
            self._calls.leave()

    def _enter(self, method: str) -> Call:
        self._calls.enter()
        return Call(method, shutting_down=self._calls.shutting_down, started=perf_counter())

    def _admit(self, call: Call, context: Context) -> None:
        # Of a key that is there twice the first value counts.
        metadata: dict[str, str | bytes] = dict(reversed(tuple(context.invocation_metadata() or ())))
        given = (metadata.get(REQUEST_ID_KEY, ""), metadata.get(OPERATION_ID_KEY, ""))
        call.request_id = next(filter(is_valid_request_id, given), "") or new_request_id()
        context.set_trailing_metadata(((REQUEST_ID_KEY, call.request_id),))
        if call.shutting_down.is_set():
            raise shutting_down_error()
        left = context.time_remaining()
        if left == 0:
            # It waited for so long to begin that nobody waits for it.
            raise asyncio.CancelledError
        set_time_left(left)
        authorization = metadata.get(AUTHORIZATION_KEY)
        call.identity = self._authenticator.identify(authorization, lambda: certificate_names(context))
        call.caller = call.identity.name
        namespace = metadata.get(NAMESPACE_KEY, "")
        if namespace not in ("", DEFAULT_NAMESPACE):
            # A client must never write into a namespace that it did not mean.
            named = namespace if isinstance(namespace, str) else ""
            raise NotFoundError(Reason.NAMESPACE_NOT_FOUND, "there is no such namespace", namespace=named)
        device_id = metadata.get(DEVICE_ID_KEY, "")
        if device_id and isinstance(device_id, str):
            call.device_id = _checked_device_id(device_id)

    async def _fail(self, call: Call, context: Context, error: BaseException) -> NoReturn:
        if isinstance(error, asyncio.CancelledError) and call.interruption is not None:
            error = call.interruption
        if isinstance(error, asyncio.CancelledError | grpc.aio.BaseError) or not isinstance(error, Exception):
            # The caller is gone or out of time, or the process ends. Swallowing a cancellation leaks the call in grpc.
            late = _is_late(call, context)
            self._record(call, grpc.StatusCode.DEADLINE_EXCEEDED if late else grpc.StatusCode.CANCELLED)
            raise error
        if isinstance(error, DefaultDeadlineError):
            self._record(call, grpc.StatusCode.DEADLINE_EXCEEDED)
            forget_frames(error)
            await context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, str(error), ((REQUEST_ID_KEY, call.request_id),))
        failure = Failure(error)
        if isinstance(error, NotAuthenticatedError):
            call.note = error.why
        if failure.code is grpc.StatusCode.INTERNAL:
            log_bug(error, call.method, call.request_id)
        self._record(call, failure.code, failure.reason)
        forget_frames(error)
        status = failure.status(call.request_id)
        trailing = (*(status.trailing_metadata or ()), (REQUEST_ID_KEY, call.request_id))
        if failure.code is grpc.StatusCode.UNAVAILABLE:
            # Clients that retry by themselves look at this, and not at `RetryInfo`.
            trailing += ((PUSHBACK_KEY, str(failure.retry_seconds * 1000)),)
        await context.abort(status.code, status.details, trailing)

    def _record(self, call: Call, code: grpc.StatusCode, reason: str = "") -> None:
        # Once: who was answered may still be cancelled before the answer leaves.
        if not call.ended_at and self._log.wants(code):
            call.code = code
            call.reason = reason
            call.ended_at = self._clock()
            call.seconds = perf_counter() - call.started
            self._log.add(call)


def _is_cancelled() -> bool:
    """Return whether the running task was asked to end, and not only something that it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _caller(call: Call, context: Context) -> str:
    """Return the name of the caller; without one its address, without the port."""
    return call.caller or str(context.peer()).rpartition(":")[0]


def _checked_device_id(device_id: str) -> str:
    if len(device_id) > limits.ID_BYTES:
        raise InvalidArgumentError(
            Reason.TOO_LONG,
            f"a device id has at most {limits.ID_BYTES} bytes",
            field=DEVICE_ID_KEY,
            limit=limits.ID_BYTES,
            actual=len(device_id),
        )
    return device_id


def _is_late(call: Call, context: Context) -> bool:
    """Return whether a call that was cancelled has likely ended by its deadline.

    The client cancels it at that moment by its own clock. The server's comes later by the way of the request, and by up
    to a hundredth of the whole time, to which the protocol rounds it up.
    """
    remaining: float | None = context.time_remaining()
    if remaining is None:
        return False
    return remaining <= _DEADLINE_SECONDS + _DEADLINE_PART * (perf_counter() - call.started + remaining)


def forget_frames(error: BaseException) -> None:
    """Let go of the frames that an exception, and those before it, passed through: they hold requests.

    The library keeps the exception of an aborted call in a cycle, until the collector finds that.
    """
    known: BaseException | None = error
    while known is not None and known.__traceback__ is not None:
        known.__traceback__ = None
        known = known.__cause__ or known.__context__


def slow_reader_error(call: Call) -> SlowReaderError:
    """Return the error for a stream whose reader is too slow: the client goes on from the token in its metadata."""
    return SlowReaderError(
        Reason.SLOW_READER, "the reader is too slow: go on from its last token", resume_token=call.resume_token
    )
