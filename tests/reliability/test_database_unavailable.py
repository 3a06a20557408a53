"""A database server that goes away and comes back under a Backscroll server that goes on."""

import itertools
import signal
import threading
import time
from collections.abc import Iterator

import grpc
import pytest
from grpc_health.v1 import health_pb2

from tests.support.api_client import DOWN, ApiClient, failure_of, health_stub, single
from tests.support.clocked_server import eventually
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, on_postgres
from tests.support.server_process import RunningServer, start_server
from tools.postgres_cluster import Cluster

pytestmark = pytest.mark.skipif(not on_postgres(), reason="about a database server")

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@pytest.fixture
def away(own_cluster: Cluster) -> Iterator[tuple[Cluster, RunningServer, str]]:
    """A Backscroll server on it, and the URL of its database."""
    url = own_cluster.new_database()
    server = start_server(url)
    yield own_cluster, server, url
    assert server.stop() == 0, server.log_text()
    assert_sound(url)


def health(channel: grpc.Channel) -> int:
    """What the server says of itself."""
    answer = health_stub(channel).Check(health_pb2.HealthCheckRequest(service=""), timeout=5)
    return int(answer.status)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_database_when_it_goes_away_and_comes_back_then_calls_say_so_and_go_on(
    away: tuple[Cluster, RunningServer, str], ids: Ids, how: signal.Signals
) -> None:
    cluster, server, _ = away
    ann, bob = ids.users(2)
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        api.send(ann, single(bob), "before")
        assert health(channel) == SERVING
        cluster.end(how)
        eventually(lambda: health(channel) == NOT_SERVING)
        for call in (lambda: api.send(ann, single(bob), "lost"), lambda: api.page(ann, single(bob))):
            with pytest.raises(grpc.RpcError) as caught:
                call()
            failure = failure_of(caught.value)
            assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "DATABASE_UNAVAILABLE")
        cluster.start()
        eventually(lambda: health(channel) == SERVING, seconds=10)
        api.send(ann, single(bob), "after")
        texts = [message.content.text.text for message in api.walk(bob, single(ann), DOWN)]
        assert texts == ["before", "after"]
    assert server.log_text().count("the database is away") == 1


def test_acknowledged_messages_when_the_database_crashes_under_load_are_there_once(
    away: tuple[Cluster, RunningServer, str], ids: Ids
) -> None:
    """Each sender tries the same message again until it is answered, as callers are asked to."""
    cluster, server, _ = away
    reader, *senders = ids.users(5)
    stop = threading.Event()
    sent: dict[str, list[tuple[str, int]]] = {sender: [] for sender in senders}
    refusals: list[str] = []

    def send(api: ApiClient, sender: str) -> None:
        for number in itertools.count():
            text = f"{sender} {number}"
            while True:
                try:
                    stored = api.send(sender, single(reader), text, client_message_id=text)
                except grpc.RpcError as error:
                    refusals.append(failure_of(error).reason)
                    time.sleep(0.02)
                    continue
                sent[sender].append((text, stored.sequence))
                break
            if stop.is_set():
                return

    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        threads = [threading.Thread(target=send, args=(api, sender)) for sender in senders]
        for thread in threads:
            thread.start()
        for _ in range(3):
            time.sleep(0.4)
            cluster.end(signal.SIGQUIT)
            time.sleep(0.2)
            cluster.start()
        eventually(lambda: health(channel) == SERVING, seconds=10)
        time.sleep(0.2)
        stop.set()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
        for sender in senders:
            stored = [(m.content.text.text, m.sequence) for m in api.walk(reader, single(sender), DOWN)]
            assert stored == sent[sender]
    assert set(refusals) == {"DATABASE_UNAVAILABLE"}
