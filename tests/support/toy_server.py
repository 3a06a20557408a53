"""A server on a socket whose servicer only shows what is put around a call."""

import asyncio
import io
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from backscroll.v1 import event_service_pb2, message_pb2, message_service_pb2, message_service_pb2_grpc
from backscroll_server.domain.errors import NotFoundError, Reason
from backscroll_server.identity.authenticator import Authenticator
from backscroll_server.transport.access_log import AccessLog
from backscroll_server.transport.call import CallWrapper
from backscroll_server.transport.calls import Call
from backscroll_server.transport.drain import RunningCalls, shutting_down_error
from backscroll_server.transport.log_output import LogLevel, LogOutput
from backscroll_server.transport.open_streams import StreamLimits
from backscroll_server.transport.rate_limits import RateLimits
from backscroll_server.transport.server import Server

MESSAGES = message_service_pb2.DESCRIPTOR.services_by_name["MessageService"]
EVENTS = event_service_pb2.DESCRIPTOR.services_by_name["EventService"]


class UncalledServicer:
    """Has every method; none of them is called."""

    def __getattr__(self, name: str) -> Any:
        async def refuse(request: Any, call: Call) -> Any:
            raise NotImplementedError(name)

        return refuse


@dataclass
class ToyServicer(UncalledServicer):
    """Answers without a store; remembers what it was called with."""

    calls: list[Call] = field(default_factory=list)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    streams_closed: int = 0
    sending: Callable[[Any, Call], Awaitable[Any]] | None = None

    async def send_message(
        self, request: message_service_pb2.SendMessageRequest, call: Call
    ) -> message_service_pb2.SendMessageResponse:
        self.calls.append(call)
        if self.sending is not None:
            return await self.sending(request, call)
        return message_service_pb2.SendMessageResponse(message=message_pb2.Message(sender_id=request.user_id))

    async def list_messages(self, request: message_service_pb2.ListMessagesRequest, call: Call) -> bytes:
        self.calls.append(call)
        return message_service_pb2.ListMessagesResponse(next_page_token=request.page_token).SerializeToString()

    async def get_message(self, request: message_service_pb2.GetMessageRequest, call: Call) -> Any:
        self.calls.append(call)
        if request.message_id == "bug":
            raise ValueError(f"what {request.user_id} wrote")
        if request.message_id == "wrong answer":
            return "what a user wrote"
        raise NotFoundError(Reason.MESSAGE_NOT_FOUND, "no such message", field="message_id")

    async def delete_messages(
        self, request: message_service_pb2.DeleteMessagesRequest, call: Call
    ) -> message_service_pb2.DeleteMessagesResponse:
        """Waits until it is let go."""
        del request
        self.calls.append(call)
        self.entered.set()
        await self.let_go.wait()
        return message_service_pb2.DeleteMessagesResponse(consistency_token="done")

    async def import_messages(
        self, requests: AsyncIterator[message_service_pb2.ImportMessagesRequest], call: Call
    ) -> message_service_pb2.ImportMessagesResponse:
        self.calls.append(call)
        return message_service_pb2.ImportMessagesResponse(imported_count=len([request async for request in requests]))

    async def stream_messages(
        self, request: message_service_pb2.StreamMessagesRequest, call: Call
    ) -> AsyncGenerator[message_service_pb2.StreamMessagesResponse | bytes, None]:
        self.calls.append(call)
        part = message_service_pb2.StreamMessagesResponse(messages=[message_pb2.Message(sender_id=request.user_id)])
        try:
            yield part
            yield part.SerializeToString()
            if request.include_tombstones:
                raise NotFoundError(Reason.CONVERSATION_NOT_FOUND, "no such conversation")
            if request.HasField("start"):
                self.entered.set()
                await call.shutting_down.wait()
                raise shutting_down_error()
        finally:
            self.streams_closed += 1


@dataclass
class ToyServer:
    """A running server and what is seen from outside and inside."""

    server: Server
    wrapper: CallWrapper
    calls: RunningCalls
    servicer: ToyServicer
    target: str
    channel: grpc.aio.Channel
    _request_log: AccessLog
    _output: LogOutput
    _stream: io.StringIO

    def log(self) -> str:
        """What was logged; nothing is logged after."""
        self._request_log.flush()
        self._output.close()
        return self._stream.getvalue()


@asynccontextmanager
async def toy_server(level: LogLevel = "info", *, default_deadline_seconds: float = 0) -> AsyncIterator[ToyServer]:
    """Run a server on a free port, and a channel to it."""
    stream = io.StringIO()
    output = LogOutput(stream)
    calls = RunningCalls()
    request_log = AccessLog(output, level, "text")
    wrapper = CallWrapper(
        calls,
        Authenticator(),
        request_log,
        require_room=lambda: None,
        rates=RateLimits({}, {}),
        stream_limits=StreamLimits(in_all=100, of_user=100, of_service=100, exports=100),
        default_deadline_seconds=default_deadline_seconds,
        slow_reader_seconds=60,
    )
    server = Server(wrapper, calls)
    servicer = ToyServicer()
    server.add(MESSAGES, servicer)
    server.add(EVENTS, UncalledServicer())
    target = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
    try:
        async with grpc.aio.insecure_channel(target) as channel:
            yield ToyServer(server, wrapper, calls, servicer, target, channel, request_log, output, stream)
    finally:
        servicer.let_go.set()
        await server.stop(0)
        output.close()


def error_details(error: grpc.aio.AioRpcError) -> dict[str, Any]:
    """The details of a failure, by the name of their message."""
    packed = dict(error.trailing_metadata())["grpc-status-details-bin"]
    found = {}
    for detail in status_pb2.Status.FromString(packed).details:
        name = detail.TypeName().rpartition(".")[2]
        found[name] = getattr(error_details_pb2, name).FromString(detail.value)
    return found


Scenario = Callable[[ToyServer], Awaitable[None]]


def run(scenario: Scenario, level: LogLevel = "info", *, default_deadline_seconds: float = 0) -> None:
    """Run a scenario against a server of its own, for 20 s at most."""

    async def with_server() -> None:
        async with asyncio.timeout(20), toy_server(level, default_deadline_seconds=default_deadline_seconds) as toy:
            await scenario(toy)

    asyncio.run(with_server())


def stub(toy: ToyServer) -> Any:
    """A stub of the toy's service."""
    make: Any = message_service_pb2_grpc.MessageServiceStub
    return make(toy.channel)


async def refused(call: Any) -> grpc.aio.AioRpcError:
    """The failure of a call that must fail."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def until(condition: Callable[[], bool]) -> None:
    """Waits for something to become true, for 5 s at most."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen within 5 s")
