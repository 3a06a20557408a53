"""The grpc server: its services, its health status, its start and its stop."""

import asyncio
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from backscroll_server.transport.call import CallWrapper, MethodHandler
from backscroll_server.transport.drain import RunningCalls
from backscroll_server.transport.guarded_reflection import GuardedReflection

TRANSPORT_REQUEST_BYTES: Final = 4 * 1024 * 1024
"""The size of request, in bytes, above which grpc resets a call.

It is above the contract's limit, so that a request a little over that limit is refused with error details.
"""

METADATA_BYTES: Final = 16 * 1024
"""The size of a call's metadata, in bytes, above which grpc refuses it.

Without a number of ours, grpc would refuse calls at random from 8 KiB on.
"""

CLOSING_SECONDS: Final = 1.0

IDLE_CONNECTION_SECONDS: Final = 900.0
HANDSHAKE_SECONDS: Final = 10.0

AGE_GRACE_SECONDS: Final = 300
"""The time that running calls get on a connection that is closed because of its age, in seconds."""

if TYPE_CHECKING:
    # It needs a library that only servers with TLS have.
    from backscroll_server.transport.tls import ServerCertificates

_OPTIONS: Final[Sequence[tuple[str, Any]]] = (
    ("grpc.max_receive_message_length", TRANSPORT_REQUEST_BYTES),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_metadata_size", METADATA_BYTES),
    ("grpc.absolute_max_metadata_size", METADATA_BYTES),
    # Else one connection may have any number of calls waiting, also of those that it has reset.
    ("grpc.max_concurrent_streams", 1_000),
    # A service that comes back gets all its watchers in one moment. The library would refuse them at random. A call
    # that was reset before it began waits among them, and takes memory until its turn.
    ("grpc.server.max_pending_requests", 10_000),
    ("grpc.server.max_pending_requests_hard_limit", 11_000),
    ("grpc.keepalive_permit_without_calls", 1),
)

_ENDLESS: Final = frozenset({"WatchEvents"})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keepalive:
    """Times of the pings by which connections are found whose client has vanished without a word.

    Attributes:
        seconds: the time without anything from a client after which it is asked whether it is there, in seconds.
        timeout_seconds: the time that it gets for its answer, in seconds; then its connection is closed.
        client_seconds: the shortest time between two such questions by a client, in seconds; the connection of one that
            asks more often is closed.
    """

    seconds: float = 60
    timeout_seconds: float = 20
    client_seconds: float = 5

    @property
    def options(self) -> tuple[tuple[str, int], ...]:
        """The options of grpc with these times."""
        return (
            ("grpc.keepalive_time_ms", int(self.seconds * 1000)),
            ("grpc.keepalive_timeout_ms", int(self.timeout_seconds * 1000)),
            # While grpc waits for the answer to a ping of another kind, it sends none of these.
            ("grpc.http2.ping_timeout_ms", int((self.seconds + self.timeout_seconds) * 1000)),
            ("grpc.http2.min_ping_interval_without_data_ms", int(self.client_seconds * 1000)),
        )


KEEPALIVE: Final = Keepalive()


class ListeningError(RuntimeError):
    """The server cannot listen on its address: it is in use, or not an address of this machine."""


class Server:
    """A grpc server with health checks and reflection, which serves servicers from `start` to `stop`.

    A servicer is an object with methods that handle RPCs. Such a method is named as the RPC in snake case, is
    asynchronous, and takes the request and the `Call`. The method of an RPC that streams its answers is an asynchronous
    generator.

    Args:
        wrapper: makes grpc's handlers from the methods of servicers.
        calls: the counter of running calls that `wrapper` uses.
        share_port: whether other processes may listen on the same port; the system then distributes connections among
            all of them. If false, `start` fails while another process listens there.
        connection_limit: the most connections on the address at a time, those in the making too; 0 is no limit.
        idle_connection_seconds: for how long a connection may have no call before it is closed, in seconds.
        connection_age_seconds: at which age a connection is closed, in seconds; 0 for never.
        handshake_seconds: in which time a new connection must be ready for calls, in seconds.
        keepalive: how clients that have vanished are found.
        certificates: the certificates for TLS; None for plain text.

    Attributes:
        own_target: a second address, of this process alone where several share the port; only this machine reaches it.
            Empty where the system has no such addresses: Linux has.
    """

    def __init__(
        self,
        wrapper: CallWrapper,
        calls: RunningCalls,
        *,
        share_port: bool = False,
        connection_limit: int = 0,
        idle_connection_seconds: float = IDLE_CONNECTION_SECONDS,
        connection_age_seconds: float = 0,
        handshake_seconds: float = HANDSHAKE_SECONDS,
        keepalive: Keepalive = KEEPALIVE,
        certificates: "ServerCertificates | None" = None,
    ) -> None:
        self._wrapper = wrapper
        self._calls = calls
        self._names: list[str] = []
        self._reading: set[str] = set()
        options = (
            *_OPTIONS,
            *keepalive.options,
            ("grpc.so_reuseport", int(share_port)),
            # Clients that were forgotten would hold open files for ever.
            ("grpc.max_connection_idle_ms", int(idle_connection_seconds * 1000)),
            ("grpc.server_handshake_timeout_ms", int(handshake_seconds * 1000)),
        )
        if connection_age_seconds:
            options += (
                ("grpc.max_connection_age_ms", int(connection_age_seconds * 1000)),
                ("grpc.max_connection_age_grace_ms", AGE_GRACE_SECONDS * 1000),
            )
        if connection_limit:
            options += (("grpc.max_allowed_incoming_connections", connection_limit),)
        self._certificates = certificates
        self._server = grpc.aio.server(options=options)
        # The first that grpc asks for a method.
        self._server.add_generic_rpc_handlers((_AcceptedCounter(calls),))
        self._health = health.aio.HealthServicer()
        self._health_updates: set[asyncio.Task[None]] = set()
        is_linux = sys.platform == "linux"
        self.own_target = f"unix-abstract:backscroll-{os.getpid()}-{secrets.token_hex(8)}" if is_linux else ""

    def add(self, service: ServiceDescriptor, *servicers: object) -> None:
        """Add a service, whose RPCs the methods of the servicers handle. Must be called before `start`.

        Args:
            service: the service, from `DESCRIPTOR.services_by_name` of a `_pb2` module.
            servicers: objects that have, together, exactly one method for each RPC of the service.

        Raises:
            TypeError: where no servicer or more than one has the method of an RPC, or an RPC streams both ways.
        """
        handlers = {method.name: self._handler(method, servicers) for method in service.methods}
        # Not also registered one by one, as generated code does: for each call, grpc.aio would then wait on one future
        # for every method of the contract, which costs more than the whole wrapper.
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service.full_name, handlers),))
        self._names.append(service.full_name)
        if not any(_writes(method) for method in service.methods):
            self._reading.add(service.full_name)

    async def start(self, address: str) -> int:
        """Begin to take calls and set the health status to serving.

        Args:
            address: the address to listen on, `HOST:PORT`; port 0 is any free port.

        Returns:
            The port that the server listens on.

        Raises:
            ListeningError: where the address is in use or not one of this machine.
        """
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = (*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME)
        asked = GuardedReflection(names, self._wrapper.require_service)
        add_reflection: Any = reflection_pb2_grpc.add_ServerReflectionServicer_to_server
        add_reflection(asked, self._server)
        try:
            if self._certificates is None:
                port = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, self._certificates.credentials())
        except RuntimeError as error:
            raise ListeningError(f"cannot listen on {address}") from error
        if self.own_target:
            self._server.add_insecure_port(self.own_target)
        await self._server.start()
        await self._set_health(reads=True, writes=True)
        return port

    def set_serving(self, reads: bool, writes: bool) -> None:
        """Set the health status of all services, soon after the return. No effect during shutdown.

        Calls are accepted in every state.

        Args:
            reads: whether reads can be served: `SERVING` for services of which no RPC writes, otherwise `NOT_SERVING`.
            writes: whether writes can be served as well: the same for all other services, and for the whole server.
        """
        task = asyncio.create_task(self._set_health(reads=reads, writes=writes))
        self._health_updates.add(task)
        task.add_done_callback(self._health_updates.discard)

    async def _set_health(self, *, reads: bool, writes: bool) -> None:
        for name in ("", *self._names):
            is_served = reads if name in self._reading else writes
            status = health_pb2.HealthCheckResponse.SERVING if is_served else health_pb2.HealthCheckResponse.NOT_SERVING
            await self._health.set(name, status)

    async def stop(self, drain_seconds: float) -> None:
        """Stop the server: set the health status to not serving, refuse new calls, wait, then close every connection.

        Args:
            drain_seconds: the time that running calls get to end, in seconds; then they are cancelled.
        """
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
            return self._wrapper.unary_stream(name, handler, request_type, is_export=method.name not in _ENDLESS)
        if method.client_streaming:
            return self._wrapper.stream_unary(name, handler, request_type)
        return self._wrapper.unary(name, handler, request_type, writes=_writes(method))


class _AcceptedCounter(grpc.GenericRpcHandler):
    """Counts the calls that grpc accepts, and handles none of them."""

    def __init__(self, calls: RunningCalls) -> None:
        self._calls = calls

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> None:  # noqa: ARG002 - whatever its method is
        """Count a call."""
        self._calls.accepted += 1


def _writes(method: MethodDescriptor) -> bool:
    return bool(method.GetOptions().idempotency_level != MethodOptions.NO_SIDE_EFFECTS)


def _snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("_")
