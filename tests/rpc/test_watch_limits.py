"""Watchers that are slow, many, or gone, and servers that stop."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

import grpc
import pytest
from grpc_status import rpc_status

from backscroll.v1 import event_service_pb2, event_service_pb2_grpc
from tests.support.api_client import ApiClient, failure_of, metadata_of, single
from tests.support.fixtures import Ids, NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server
from tests.support.watch_client import WatchClient, changes_since, kinds

QUEUE = 16


def test_reader_when_too_slow_is_ended_with_a_token_and_slows_nobody(new_database: NewDatabase) -> None:
    """Keep semantics F10."""
    server = start_server(new_database(), "--watch-queue", str(QUEUE))
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        stuck = api.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="bob"))
        start = next(stuck).resume_token
        with WatchClient(api, "bob") as quick:
            for number in range(120):
                api.send("ann", single("bob"), f"{number} " + "x" * 60_000)
                quick.until(lambda sent=number: kinds(quick.events).count("message_received") > sent)
            with pytest.raises(grpc.RpcError) as ended:
                list(stuck)
        error: Any = ended.value
        failure = rpc_status.from_call(error)
        assert ended.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert "too slow" in failure.message
        token = metadata_of(ended.value)["resume_token"]
        rest = changes_since(api, "bob", token)
        everything = changes_since(api, "bob", start)
        assert 0 < kinds(rest).count("message_received") < 120
        assert kinds(everything).count("message_received") == 120
    assert server.stop() == 0


def test_reader_when_slow_is_sent_whole_calls_between_two_tokens(new_database: NewDatabase) -> None:
    """Keep semantics F1, F2, also where one call has more content than a part of a stream."""
    calls, messages = 6, 40
    server = start_server(new_database())
    with grpc.insecure_channel(server.target, options=[("grpc.http2.bdp_probe", 0)]) as channel:
        api = ApiClient(channel)
        slow = api.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="bob"))
        token = next(slow).resume_token
        for _ in range(calls):
            api.send_many("ann", single("bob"), ["x" * 60_000] * messages)
            for _ in range(20):
                api.send("ann", single("bob"))
        counts, parts = [0], 0
        while sum(counts) < calls * (messages + 20):
            response = next(slow)
            assert response.ByteSize() < 1.1 * 1024 * 1024
            counts[-1] += kinds(response.events).count("message_received")
            parts += 1
            if response.resume_token != token:
                token = response.resume_token
                counts.append(0)
        slow.cancel()
    assert counts.pop() == 0
    # What was read before each token, as the last message of a large call or a small one behind it.
    ends = [sum(counts[: end + 1]) % (messages + 20) for end in range(len(counts))]
    assert [end for end in ends if 0 < end < messages] == []
    assert calls <= len(counts) < parts
    assert server.stop() == 0


def test_watchers_when_too_many_are_refused(new_database: NewDatabase) -> None:
    server = start_server(new_database(), "--stream-limit", "2")
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        with WatchClient(api, "ann"), WatchClient(api, "ann"):
            third = api.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="ann"))
            with pytest.raises(grpc.RpcError) as refusal:
                list(third)
            failure = failure_of(refusal.value)
            assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS")
            assert metadata_of(refusal.value) == {"per": "server", "limit": "2"}
        deadline = time.monotonic() + PATIENCE_SECONDS
        refused = True
        while refused and time.monotonic() < deadline:
            with WatchClient(api, "ann") as again:
                refused = again.error is not None
        assert not refused
    assert server.stop() == 0


def test_watchers_when_the_server_stops_are_sent_at_once(new_database: NewDatabase) -> None:
    server = start_server(new_database(), "--drain-seconds", "600")
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        with WatchClient(api, "ann") as watching:
            # One that waited for its watchers would not end within the patience of `stop`.
            assert server.stop() == 0
            watching.until(lambda: watching.error is not None)
            assert watching.error is not None
            assert watching.error.code() is grpc.StatusCode.UNAVAILABLE


def test_heartbeats_carry_tokens_that_lose_nothing(new_database: NewDatabase) -> None:
    """Keep semantics F1."""
    server = start_server(new_database(), "--watch-heartbeat-seconds", "0.1")
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        with WatchClient(api, "ann") as of_ann:
            api.send("bob", single("cleo"), "nothing of Ann's")
            of_ann.until(lambda: len(of_ann.responses) > 3)
            heartbeat = of_ann.token
            assert not of_ann.events
        api.send("bob", single("ann"))
        assert kinds(changes_since(api, "ann", heartbeat)).count("message_received") == 1
    assert server.stop() == 0


@pytest.mark.slow
def test_ten_thousand_watchers_when_connecting_at_once_are_all_served(server: RunningServer, ids: Ids) -> None:
    prefix = ids.user("crowd")

    async def crowd() -> int:
        async with AsyncExitStack() as stack:
            channels = [
                await stack.enter_async_context(
                    grpc.aio.insecure_channel(server.target, [("grpc.use_local_subchannel_pool", 1)])
                )
                for _ in range(10)
            ]
            stubs = [event_service_pb2_grpc.EventServiceStub(channel) for channel in channels]
            calls = [
                stubs[n % 10].WatchEvents(event_service_pb2.WatchEventsRequest(user_id=f"{prefix}-{n}"))
                for n in range(10_000)
            ]
            firsts = await asyncio.wait_for(asyncio.gather(*(call.read() for call in calls)), PATIENCE_SECONDS)
            for call in calls:
                call.cancel()
            return sum(bool(first.resume_token) for first in firsts)

    assert asyncio.run(crowd()) == 10_000
