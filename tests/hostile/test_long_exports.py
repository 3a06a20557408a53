"""Exports that go through a long history: other calls are answered meanwhile."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from backscroll.v1 import message_pb2, message_service_pb2
from tests.support.api_client import ApiClient, single
from tests.support.fixtures import NewDatabase
from tests.support.running_server import serving_process

MESSAGES = 100_000
LEAST_ANSWERED = 6
"""Much fewer than there are pauses, one after every 1,000 rows: a busy machine asks slowly. Without them it is two."""


def answered_during(target: str, work: Callable[[], object]) -> int:
    """Return the number of health calls that a server answers, one after the other, while something is done."""
    answered, ended = 0, threading.Event()

    def ask() -> None:
        nonlocal answered
        with grpc.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1)]) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            while not ended.is_set():
                stub.Check(health_pb2.HealthCheckRequest())
                answered += 1

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        work()
    finally:
        ended.set()
        asking.join()
    return answered


FILTERS = (
    {"sender_ids": ["nobody"]},
    {"content_types": [message_pb2.CONTENT_TYPE_CUSTOM]},
    {"mentions_me": True},
)


def test_exports_when_nothing_matches_then_other_calls_are_answered_meanwhile(new_database: NewDatabase) -> None:
    with serving_process(new_database()) as (server, api):
        api.send_many("ann", single("bob"), ["hello"] * MESSAGES)
        answered = [answered_during(server.target, partial(export_nothing, api, chosen)) for chosen in FILTERS]
    assert min(answered) >= LEAST_ANSWERED, answered


def export_nothing(api: ApiClient, chosen: dict[str, Any]) -> None:
    """Export a history with a filter that nothing matches."""
    request = message_service_pb2.StreamMessagesRequest(user_id="bob", conversation=single("ann"), filter=chosen)
    assert [len(part.messages) for part in api.messages.StreamMessages(request)] == [0]
