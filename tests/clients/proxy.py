"""A proxy before a server, in the test's own process, that passes calls on as bytes and may refuse or change them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import grpc

from tests.support.patience import PATIENCE_SECONDS

Metadata = dict[str, str | bytes]
Refuse = Callable[[str, Metadata], bool]
"""Takes the path of a method and the metadata of a call; answers true for a call that fails with UNAVAILABLE."""
Change = Callable[[str, bytes], bytes]
"""Takes the path of a method and an answer; answers what the client gets."""
ChangeTrailer = Callable[[Metadata], Metadata]
"""Takes the metadata at the end of a call; answers what the client gets there."""

_MOST_BYTES = 64 * 1024 * 1024
_OPTIONS = [
    ("grpc.max_receive_message_length", _MOST_BYTES),
    ("grpc.max_send_message_length", _MOST_BYTES),
    ("grpc.max_metadata_size", 64 * 1024),
]
# What gRPC itself puts into the metadata of each call.
_OF_GRPC = ("user-agent", "grpc-", "content-type", "te")


def _pass_all(method: str, metadata: Metadata) -> bool:
    del method, metadata
    return False


def _keep(method: str, answer: bytes) -> bytes:
    del method
    return answer


def _keep_trailer(trailer: Metadata) -> Metadata:
    return trailer


class _Proxy(grpc.GenericRpcHandler):
    """Passes every call on, whatever its method."""

    def __init__(
        self, channel: grpc.aio.Channel, refuse: Refuse, change: Change, change_trailer: ChangeTrailer
    ) -> None:
        self._channel, self._refuse = channel, refuse
        self._change, self._change_trailer = change, change_trailer

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """The handler of a method: on the wire, calls with one message are streams of one message."""
        return grpc.stream_stream_rpc_method_handler(partial(self._pass_on, handler_call_details.method))

    async def _pass_on(self, method: str, requests: AsyncIterator[bytes], context: Any) -> None:
        sent = {key: value for key, value in context.invocation_metadata() if not key.startswith(_OF_GRPC)}
        if self._refuse(method, sent):
            await context.abort(grpc.StatusCode.UNAVAILABLE, "refused by the proxy")
        code: grpc.StatusCode
        details: str | None
        begin: Any = self._channel.stream_stream(method)
        call = begin(requests, metadata=tuple(sent.items()), timeout=context.time_remaining())
        try:
            began = False
            async for answer in call:
                if not began:
                    await context.send_initial_metadata(tuple(await call.initial_metadata()))
                    began = True
                await context.write(self._change(method, answer))
            code, details = await call.code(), await call.details()
            trailer = self._change_trailer(dict(await call.trailing_metadata()))
        except grpc.aio.AioRpcError as error:
            code, details = error.code(), error.details()
            trailer = self._change_trailer(dict(error.trailing_metadata()))
        finally:
            call.cancel()
        if code is not grpc.StatusCode.OK:
            await context.abort(code, details, tuple(trailer.items()))
        context.set_trailing_metadata(tuple(trailer.items()))


@contextmanager
def proxied(
    target: str,
    *,
    refuse: Refuse = _pass_all,
    change: Change = _keep,
    change_trailer: ChangeTrailer = _keep_trailer,
) -> Iterator[str]:
    """A proxy before a server in plain text; gives its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> tuple[grpc.aio.Channel, grpc.aio.Server, int]:
        channel = grpc.aio.insecure_channel(target, _OPTIONS)
        server = grpc.aio.server(options=_OPTIONS, handlers=[_Proxy(channel, refuse, change, change_trailer)])
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        return channel, server, port

    async def end(channel: grpc.aio.Channel, server: grpc.aio.Server) -> None:
        await server.stop(1)
        await channel.close()

    try:
        channel, server, port = asyncio.run_coroutine_threadsafe(start(), loop).result(PATIENCE_SECONDS)
        try:
            yield f"127.0.0.1:{port}"
        finally:
            asyncio.run_coroutine_threadsafe(end(channel, server), loop).result(PATIENCE_SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_SECONDS)
        loop.close()
