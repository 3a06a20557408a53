"""Many open streams of one client, and when each of them got what it waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter, process_time

import grpc

from benchmarks.figures import Reading
from benchmarks.pairing import Measure
from benchmarks.processes import ServerProcess
from benchmarks.raw_calls import streaming, unary

_PATIENCE_SECONDS = 30
_CHANNELS = 4


class Streams:
    """Open streams that count the responses which hold a mark."""

    def __init__(self) -> None:
        self._calls: list[grpc.aio.UnaryStreamCall[bytes, bytes]] = []
        self._readers: list[asyncio.Task[None]] = []
        self._mark = b""
        self._missing = 0
        self._all_came = asyncio.Event()
        self.last = 0.0

    async def open(self, channel: grpc.aio.Channel, method: str, requests: Sequence[bytes]) -> None:
        """Open a stream for each request and wait for its first response."""
        call_of = streaming(channel, method)
        opened = [call_of(request) for request in requests]
        await asyncio.gather(*(call.read() for call in opened))
        self._calls += opened
        self._readers += [asyncio.create_task(self._read(call)) for call in opened]

    async def _read(self, call: "grpc.aio.UnaryStreamCall[bytes, bytes]") -> None:
        while isinstance(response := await call.read(), bytes):
            if self._mark in response:
                self.last = perf_counter()
                self._missing -= 1
                if not self._missing:
                    self._all_came.set()

    def expect(self, mark: bytes) -> None:
        """Count, from now on, the streams that get a response with `mark` in it."""
        self._mark = mark
        self._missing = len(self._calls)
        self._all_came.clear()

    async def all_came(self) -> None:
        """Wait until every stream got it.

        Raises:
            ValueError: where one does not get it in time.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._all_came.wait()
        except TimeoutError:
            raise ValueError(f"{self._missing} of {len(self._calls)} streams got nothing") from None

    async def close(self) -> None:
        """Cancel all streams."""
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)


@asynccontextmanager
async def channels(server: ServerProcess) -> AsyncIterator[list[grpc.aio.Channel]]:
    """Return a few connections, as several application servers would have them."""
    options = (("grpc.use_local_subchannel_pool", 1),)
    opened = [grpc.aio.insecure_channel(server.address, options=options) for _ in range(_CHANNELS)]
    try:
        yield opened
    finally:
        for channel in opened:
            await channel.close()


def delivering(
    streams: Streams,
    channel: grpc.aio.Channel,
    server: ServerProcess,
    method: str,
    request_of: Callable[[int, int], tuple[bytes, bytes]],
) -> Measure:
    """Return a measure that calls `method` again and again, each time waiting until every stream got what it caused.

    Args:
        streams: who waits for it.
        channel: what calls.
        server: what is measured.
        method: what is called.
        request_of: the request of a round and number, and the mark in what it causes.
    """
    call = unary(channel, method)

    async def measure(round_number: int, seconds: float) -> Reading:
        latencies: list[float] = []
        before_server, before_client, begun = server.processor_seconds(), process_time(), perf_counter()
        while perf_counter() < begun + seconds or not latencies:
            request, mark = request_of(round_number, len(latencies))
            streams.expect(mark)
            await call(request)
            answered = perf_counter()
            await streams.all_came()
            latencies.append(max(streams.last - answered, 0.0))
        after_server = server.processor_seconds()
        known = before_server is not None and after_server is not None
        return Reading(
            calls=len(latencies),
            seconds=perf_counter() - begun,
            latencies=latencies,
            server_seconds=(after_server or 0.0) - (before_server or 0.0) if known else None,
            client_seconds=process_time() - before_client,
        )

    return measure
