"""Servers whose connections come from a PgBouncer in transaction mode: each transaction may be on another one."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial

import grpc
import psycopg
import pytest

from backscroll_server.storage.engine.postgres import PostgresAddress
from tests.support.api_client import DOWN, UP, ApiClient, failing, group, sequences, single, texts
from tests.support.clocked_server import eventually
from tests.support.concurrent_calls import repeating, sending_persistently
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, on_postgres
from tests.support.pgbouncer import PROGRAM, Pooler, find_program, knows_prepared_statements, start_pooler
from tests.support.server_process import RunningServer, start_server
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token
from tools.postgres_cluster import Cluster

pytestmark = [
    pytest.mark.skipif(not on_postgres(), reason="about a database server"),
    pytest.mark.skipif(find_program() is None, reason=f"there is no pgbouncer here; {PROGRAM} may name one"),
]

POOL = 3
"""Connections of the pool: fewer than the threads that read in one server."""

WRITERS, READERS = 4, 8


@dataclass(frozen=True, slots=True)
class Pooled:
    """Two servers on one database behind a pool.

    Attributes:
        acts: a short way to call each.
        servers: their processes.
        pooler: the pool.
        database: the URL of the database itself.
    """

    acts: tuple[ApiClient, ApiClient]
    servers: tuple[RunningServer, RunningServer]
    pooler: Pooler
    database: str


@pytest.fixture(scope="module", params=[False, True], ids=["unprepared", "prepared"])
def pooled(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[Pooled]:
    """Servers that prepare statements, where the pool knows them, and servers that do not."""
    program = find_program()
    assert program is not None
    if request.param and not knows_prepared_statements(program):
        pytest.skip("prepared statements need pgbouncer 1.22")
    database = cluster.new_database()
    pooler = start_pooler(cluster.url, size=POOL, prepared=1000 if request.param else 0)
    url = pooler.url(database)
    prepares = "--prepare-statements" if request.param else "--no-prepare-statements"
    servers = (
        start_server(url, "--listen-url", database, prepares),
        start_server(url, "--listen-url", database, prepares),
    )
    with ExitStack() as stack:
        first, second = (ApiClient(stack.enter_context(grpc.insecure_channel(server.target))) for server in servers)
        yield Pooled((first, second), servers, pooler, database)
    for server in servers:
        assert server.stop() == 0, server.log_text()
    assert_sound(database)
    assert_sound(url, prepares)
    pooler.remove()


def test_history_when_sent_and_walked_through_a_pool_is_whole(pooled: Pooled, ids: Ids) -> None:
    ann, bob = ids.users(2)
    one, other = pooled.acts
    said = [str(number) for number in range(40)]
    for number, text in enumerate(said):
        # Often enough for statements to be prepared.
        pooled.acts[number % 2].send(ann, single(bob), text)
    said += [f"batch {number}" for number in range(300)]
    one.send_many(ann, single(bob), said[40:])
    assert texts(other.walk(bob, single(ann), DOWN, 7)) == said
    assert texts(one.walk(ann, single(bob), UP, 50)) == said[::-1]
    assert other.look(bob, single(ann)).unread_count == len(said)
    assert [conversation.last_message.sequence for conversation in other.listed(bob)] == [len(said)]


def test_change_when_made_through_one_server_wakes_a_watcher_of_the_other(pooled: Pooled, ids: Ids) -> None:
    ann, bob = ids.users(2)
    for sender, watched in (pooled.acts, pooled.acts[::-1]):
        delays = []
        with WatchClient(watched, bob) as watching:
            for _ in range(4):
                # Longer than a tail looks by itself, so that it does not do so by chance.
                time.sleep(0.3)
                sent = time.monotonic()
                sender.send(ann, single(bob))
                watching.expect("message_received")
                delays.append(time.monotonic() - sent)
        # Looking twice a second would take a quarter of a second on average.
        assert min(delays) < 0.15


def test_callers_when_more_than_the_pool_has_connections_are_all_served(pooled: Pooled, ids: Ids) -> None:
    owner, *members = ids.users(WRITERS + 1)
    club = group(ids.group())
    pooled.acts[0].create_group(owner, club.target.id, members)
    answered: list[int] = []
    walked: list[list[int]] = []
    connections: list[int] = []

    def send(api: ApiClient, member: str) -> None:
        answered.append(api.send(member, club).sequence)
        answered.extend(message.sequence for message in api.send_many(member, club, ["x"] * 5))

    def walk(api: ApiClient) -> None:
        walked.append(sequences(api.walk(owner, club, DOWN)))

    with psycopg.connect(pooled.database, autocommit=True) as looking:

        def count() -> None:
            row = looking.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND query NOT LIKE 'LISTEN %' AND backend_type = 'client backend'"
            ).fetchone()
            assert row is not None
            connections.append(row[0])
            time.sleep(0.02)

        steps = [partial(send, pooled.acts[n % 2], member) for n, member in enumerate(members)]
        steps += [partial(walk, pooled.acts[n % 2]) for n in range(READERS)]
        with repeating(*steps, count):
            time.sleep(2)
    stored = sequences(pooled.acts[1].walk(owner, club, DOWN))
    assert sorted(answered) == stored == list(range(1, len(stored) + 1))
    assert len(walked) > READERS
    assert all(found == list(range(1, len(found) + 1)) for found in walked)
    assert max(connections) == POOL


def test_turn_in_the_background_when_taken_through_a_pool_is_one_of_all_servers(pooled: Pooled, ids: Ids) -> None:
    ann, bob = ids.users(2)
    one, other = pooled.acts
    one.burn(ann, single(bob), 1)
    token = now_token(one, ann)
    one.send_many(ann, single(bob), ["1", "2", "3"])

    def removals() -> list[str]:
        return [kind for kind in kinds(changes_since(one, ann, token)) if kind == "messages_deleted"]

    with closing(PostgresAddress(pooled.database).connect()) as elsewhere:
        eventually(elsewhere.try_background_lock)
        other.read(bob, single(ann))
        time.sleep(2)
        assert sequences(one.walk(bob, single(ann))) == []
        assert removals() == []
        elsewhere.undo()
        eventually(removals)
    time.sleep(1)
    assert removals() == ["messages_deleted"]


def test_pool_when_restarted_under_load_loses_nothing_that_was_answered(pooled: Pooled, ids: Ids) -> None:
    reader, *senders = ids.users(WRITERS + 1)
    with sending_persistently({s: pooled.acts[n % 2] for n, s in enumerate(senders)}, reader) as sends:
        for _ in range(2):
            time.sleep(0.5)
            pooled.pooler.end()
            eventually(
                lambda: failing(pooled.acts[0].page, reader, single(senders[0])).reason == "DATABASE_UNAVAILABLE"
            )
            pooled.pooler.start()
        time.sleep(2.5)
    assert set().union(*(sent.refusals for sent in sends.values())) == {"DATABASE_UNAVAILABLE"}
    for sender, sent in sends.items():
        walked = pooled.acts[0].walk(reader, single(sender), DOWN)
        assert [(message.content.text.text, message.sequence) for message in walked] == sent.acknowledged
