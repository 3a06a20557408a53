"""Notices where the server takes no calls any more though its process runs: the loop that accepts them has ended.

Some versions of grpc end that loop at a request that they cannot read. Nothing else shows it: connections that exist
stay open, and new ones are refused or never answered.
"""

import asyncio
from time import monotonic, process_time
from typing import Any, Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from backscroll_server.transport.drain import RunningCalls

_PAUSE_SECONDS: Final = 1.0
_ANSWER_SECONDS: Final = 1.0
_BUSY_SECONDS: Final = 0.5
_ATTEMPTS: Final = 2


class AcceptingEndedError(RuntimeError):
    """The server takes no calls any more."""


class AcceptingProbe:
    """Asks the server for its health, over a connection of its own.

    A server that is only busy is never taken for one that has stopped: as long as any call is accepted, the event loop
    is late, or the process works for more than half of the time, it is left alone.

    Args:
        target: the address to ask, as grpc's channels take it.
        calls: the counter of running calls.
    """

    def __init__(self, target: str, calls: RunningCalls) -> None:
        self._target = target
        self._calls = calls

    async def wait_for_end(self) -> None:
        """Return once the server takes no calls any more: about four seconds after that began.

        Cost: a health check a second.
        """
        async with grpc.aio.insecure_channel(self._target) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            while True:
                await asyncio.sleep(_PAUSE_SECONDS)
                if await self._has_ended(stub):
                    return

    async def _has_ended(self, stub: Any) -> bool:
        accepted = self._calls.accepted
        for _ in range(_ATTEMPTS):
            asked_at, worked = monotonic(), process_time()
            try:
                await stub.Check(health_pb2.HealthCheckRequest(), timeout=_ANSWER_SECONDS)
            except grpc.aio.AioRpcError:
                waited = monotonic() - asked_at
            else:
                return False
            # An answer that nobody is there for comes at once, and so does that of a server with too much to do.
            await asyncio.sleep(_ANSWER_SECONDS - min(waited, _ANSWER_SECONDS))
            is_busy = waited > 2 * _ANSWER_SECONDS or process_time() - worked > _BUSY_SECONDS
            if is_busy or self._calls.accepted != accepted:
                return False
        return True
