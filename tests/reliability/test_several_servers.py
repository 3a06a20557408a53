"""Several server processes on one database."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import grpc
import pytest

from tests.support.api_client import DOWN, ApiClient, group, sequences, single
from tests.support.concurrent_calls import repeating
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, NewDatabase, on_postgres
from tests.support.server_process import start_server
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token

pytestmark = pytest.mark.skipif(not on_postgres(), reason="a file is for one process")

SERVERS = 3


@pytest.fixture(scope="module", params=[(), ("--no-notify",)], ids=["notified", "polling"])
def servers(request: pytest.FixtureRequest, new_database: NewDatabase) -> Iterator[list[ApiClient]]:
    """Servers on one database, that wake each other or look by themselves."""
    url = new_database()
    running = [start_server(url, "--retention-group-days", "30", *request.param) for _ in range(SERVERS)]
    with ExitStack() as stack:
        yield [ApiClient(stack.enter_context(grpc.insecure_channel(server.target))) for server in running]
    for server in running:
        assert server.stop() == 0, server.log_text()
        assert "level=error" not in server.log_text()
    assert_sound(url)


def test_messages_when_sent_through_several_servers_have_one_order(servers: list[ApiClient], ids: Ids) -> None:
    ann, *others = ids.users(2 * SERVERS)
    club = group(ids.group())
    servers[0].create_group(ann, club.target.id, others)
    answered: list[int] = []

    def sends(api: ApiClient, sender: str) -> Callable[[], object]:
        return lambda: answered.append(api.send(sender, club).sequence)

    def batches(api: ApiClient, sender: str) -> Callable[[], object]:
        return lambda: answered.extend(message.sequence for message in api.send_many(sender, club, ["x"] * 20))

    steps = [sends(api, user) for api, user in zip(servers, others, strict=False)]
    steps += [batches(api, ann) for api in servers]
    with WatchClient(servers[0], ann) as watching:
        with repeating(*steps):
            time.sleep(1)
        stored = sequences(servers[1].walk(ann, club, DOWN))
        assert sorted(answered) == stored == list(range(1, len(stored) + 1))
        watching.until(lambda: len(expect(watching)) == len(stored))
        assert expect(watching) == stored


def expect(watching: WatchClient) -> list[int]:
    """The sequences of the messages that a watcher was notified of."""
    return [e.message_received.message.sequence for e in watching.events if e.HasField("message_received")]


def test_change_when_made_through_one_server_is_sent_by_another_within_a_second(
    servers: list[ApiClient], ids: Ids, request: pytest.FixtureRequest
) -> None:
    ann, bob = ids.users(2)
    notified = "notified" in request.node.name
    with WatchClient(servers[1], bob) as watching:
        delays = []
        for _ in range(4):
            # Longer than a tail looks by itself, so that it does not do so by chance.
            time.sleep(0.3)
            sent = time.monotonic()
            servers[0].send(ann, single(bob))
            watching.expect("message_received")
            delays.append(time.monotonic() - sent)
    assert max(delays) < 5
    # Looking twice a second would take a quarter of a second on average.
    assert not notified or min(delays) < 0.15


def test_what_ends_by_time_when_several_servers_look_is_sent_once(servers: list[ApiClient], ids: Ids) -> None:
    ann, bob = ids.users(2)
    servers[0].burn(ann, single(bob), 1)
    token = now_token(servers[0], ann)
    servers[0].send_many(ann, single(bob), ["1", "2", "3"])
    servers[1].read(bob, single(ann))
    time.sleep(2.5)
    expect = [event for event in changes_since(servers[2], ann, token) if event.HasField("messages_deleted")]
    assert len(expect) == 1, kinds(expect)
    assert all(sequences(api.walk(bob, single(ann))) == [] for api in servers)
