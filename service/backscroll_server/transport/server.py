"""The grpc server: what it serves, how it starts, how it stops."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from backscroll_server.transport.call import CallWrapper, MethodHandler
from backscroll_server.transport.drain import RunningCalls

TRANSPORT_REQUEST_BYTES: Final = 4 * 1024 * 1024
"""Above the contract's limit, so that a request a little over it is refused with details instead of a reset."""

CLOSING_SECONDS: Final = 1.0

_OPTIONS: Final[Sequence[tuple[str, Any]]] = (
    ("grpc.max_receive_message_length", TRANSPORT_REQUEST_BYTES),
    ("grpc.max_send_message_length", -1),
    # A service that comes back gets all its watchers in one moment. The library would refuse them at random.
    ("grpc.server.max_pending_requests", 100_000),
    ("grpc.server.max_pending_requests_hard_limit", 200_000),
    # Finds watchers whose machine went away without a word.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
)

logger = logging.getLogger(__name__)


class ListeningError(RuntimeError):
    """The address cannot be listened on."""


class Server:
    """Serves servicers until it is stopped.

    A servicer is any object with an asynchronous method for each RPC of its service, named as the RPC in snake case,
    that takes the request and the `Call`. An RPC that streams its answers is an asynchronous generator.

    Args:
        wrapper: what is put around each call.
        calls: the running calls, as the wrapper counts them.
        share_port: whether other processes may listen on the same port. By mistake, each would get a part of the calls.
    """

    def __init__(self, wrapper: CallWrapper, calls: RunningCalls, *, share_port: bool = False) -> None:
        self._wrapper = wrapper
        self._calls = calls
        self._names: list[str] = []
        self._server = grpc.aio.server(options=(*_OPTIONS, ("grpc.so_reuseport", int(share_port))))
        self._health = health.aio.HealthServicer()
        self._health_updates: set[asyncio.Task[None]] = set()

    def add(self, service: ServiceDescriptor, *servicers: object) -> None:
        """Serve `service` with servicers that have its methods among them; its RPCs are read from the contract.

        Args:
            service: as in a `_pb2` module's `DESCRIPTOR.services_by_name`.
            servicers: each has some of the methods.

        Raises:
            TypeError: where a method is missing, or there twice.
        """
        handlers = {method.name: self._handler(method, servicers) for method in service.methods}
        # Not also registered one by one, as generated code does: for each call, grpc.aio would then wait on one future
        # for every method of the contract, which costs more than the whole wrapper.
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service.full_name, handlers),))
        self._names.append(service.full_name)

    async def start(self, address: str) -> int:
        """Listen on `address`, `HOST:PORT`; return the port, which is a free one where 0 was asked for.

        Raises:
            ListeningError: where the address is taken or not of this machine.
        """
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection((*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME), self._server)
        try:
            port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise ListeningError(f"cannot listen on {address}") from error
        await self._server.start()
        await self._set_health(serving=True)
        return port

    def set_serving(self, serving: bool) -> None:
        """Set the health status; calls are accepted either way. No effect during shutdown."""
        task = asyncio.create_task(self._set_health(serving=serving))
        self._health_updates.add(task)
        task.add_done_callback(self._health_updates.discard)

    async def _set_health(self, *, serving: bool) -> None:
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ("", *self._names):
            await self._health.set(name, status)

    async def stop(self, drain_seconds: float) -> None:
        """Set the health to not serving, refuse new calls, let running ones end, then close every connection."""
        await self._health.enter_graceful_shutdown()
        left = await self._calls.drain(drain_seconds)
        if left:
            logger.warning("%d calls did not end within %g s and are cancelled", left, drain_seconds)
        # With time for the last answers to leave; only a health check that watches makes use of all of it.
        await self._server.stop(None if left else CLOSING_SECONDS)

    def _handler(self, method: MethodDescriptor, servicers: Sequence[object]) -> MethodHandler:
        name = f"{method.containing_service.full_name}/{method.name}"
        request_type = message_factory.GetMessageClass(method.input_type)
        found = [getattr(one, _snake_case(method.name)) for one in servicers if hasattr(one, _snake_case(method.name))]
        if len(found) != 1:
            names = ", ".join(type(one).__name__ for one in servicers)
            raise TypeError(f"of {names}, {len(found)} have {_snake_case(method.name)}")
        handler = found[0]
        if method.client_streaming and method.server_streaming:
            raise TypeError(f"{name} streams both ways, which no RPC of the contract does")
        if method.server_streaming:
            return self._wrapper.unary_stream(name, handler, request_type)
        if method.client_streaming:
            return self._wrapper.stream_unary(name, handler, request_type)
        return self._wrapper.unary(name, handler, request_type)


def _snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("_")
