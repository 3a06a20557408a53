"""The yardstick of watching: a server that hands the same bytes to every open stream whenever it is called.

`python -m benchmarks.empty_fanout WATCH_PATH SEND_PATH ANSWER_FILE` serves both on the transport of the real server.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

# Read when grpc is loaded. The real server does the same.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import click
import grpc
import uvloop

# The options of the real server, so that both differ in nothing but what a call does.
from backscroll_server.transport.server import _OPTIONS


async def serve(watch_path: str, send_path: str, answer: bytes) -> None:
    """Return every stream with `answer` once at its beginning and once for each call of the other RPC."""
    streams: set[asyncio.Queue[None]] = set()

    async def watch(_request: bytes, _context: object) -> AsyncIterator[bytes]:
        calls: asyncio.Queue[None] = asyncio.Queue()
        streams.add(calls)
        try:
            yield answer
            while True:
                await calls.get()
                yield answer
        finally:
            streams.discard(calls)

    async def send(_request: bytes, _context: object) -> bytes:
        for calls in streams:
            calls.put_nowait(None)
        return answer

    server = grpc.aio.server(options=(*_OPTIONS, ("grpc.so_reuseport", 0)))
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {
        watch_path: grpc.unary_stream_rpc_method_handler(watch),
        send_path: grpc.unary_unary_rpc_method_handler(send),
    }
    for path, handler in handlers.items():
        service, method = path.strip("/").split("/")
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    click.echo(f"serving on 127.0.0.1:{port}")
    await server.wait_for_termination()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_bytes()))
