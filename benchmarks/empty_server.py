"""Yardstick E: a server that does nothing but answer, on the transport of the real one.

`python -m benchmarks.empty_server PATH ANSWER_FILE` serves the RPC at PATH with the bytes in the file.
"""

import asyncio
import os
import sys
from pathlib import Path

# Read when grpc is loaded. The real server does the same.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import click
import grpc
import uvloop

# The options of the real server, so that both differ in nothing but what a call does.
from backscroll_server.transport.server import _OPTIONS


async def serve(path: str, answer: bytes) -> None:
    """Return every call of `path` with `answer` until the process is ended."""

    async def handle(_request: bytes, _context: object) -> bytes:
        return answer

    service, method = path.strip("/").split("/")
    server = grpc.aio.server(options=(*_OPTIONS, ("grpc.so_reuseport", 0)))
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {method: grpc.unary_unary_rpc_method_handler(handle)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    click.echo(f"serving on 127.0.0.1:{port}")
    await server.wait_for_termination()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1], Path(sys.argv[2]).read_bytes()))
