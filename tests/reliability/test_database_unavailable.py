"""A database server that goes away and comes back under a Backscroll server that goes on."""

import signal
import time
from collections.abc import Iterator

import grpc
import pytest
from grpc_health.v1 import health_pb2

from tests.support.api_client import DOWN, ApiClient, failure_of, health_stub, single
from tests.support.clocked_server import eventually
from tests.support.concurrent_calls import sending_persistently
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, on_postgres
from tests.support.patience import PATIENCE_SECONDS
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
    answer = health_stub(channel).Check(health_pb2.HealthCheckRequest(service=""), timeout=PATIENCE_SECONDS)
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
        eventually(lambda: health(channel) == SERVING)
        api.send(ann, single(bob), "after")
        texts = [message.content.text.text for message in api.walk(bob, single(ann), DOWN)]
        assert texts == ["before", "after"]
    assert server.log_text().count("the database is away") == 1


def test_acknowledged_messages_when_the_database_crashes_under_load_are_there_once(
    away: tuple[Cluster, RunningServer, str], ids: Ids
) -> None:
    cluster, server, _ = away
    reader, *senders = ids.users(5)
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        with sending_persistently(dict.fromkeys(senders, api), reader) as sends:
            for _ in range(3):
                time.sleep(0.4)
                cluster.end(signal.SIGQUIT)
                time.sleep(0.2)
                cluster.start()
            eventually(lambda: health(channel) == SERVING)
            time.sleep(0.2)
        for sender, sent in sends.items():
            stored = [(m.content.text.text, m.sequence) for m in api.walk(reader, single(sender), DOWN)]
            assert stored == sent.acknowledged
    assert set().union(*(sent.refusals for sent in sends.values())) == {"DATABASE_UNAVAILABLE"}
