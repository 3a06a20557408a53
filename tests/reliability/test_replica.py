"""A standby that reads may run on: only where it is far enough, and never at the price of a failed call."""

import asyncio
import time
from collections.abc import Iterator

import grpc
import psycopg
import pytest
from grpc_health.v1 import health_pb2

from backscroll.v1 import message_service_pb2
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.ids import conversation_key
from backscroll_server.services.consistency import ConsistentReads
from backscroll_server.services.messages.send import OutgoingMessage, Send, send_all
from backscroll_server.services.store import Store, StoreOptions
from backscroll_server.storage.snapshot import Snapshot
from tests.support.api_client import DOWN, ApiClient, fresh, group, sequences, single
from tests.support.clocked_server import eventually
from tests.support.concurrent_calls import repeating
from tests.support.contract_calls import FRESH_READS, call, valid_fields, without_tokens
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, on_postgres
from tests.support.replica_pair import Counts, Pair, followed_cluster, standby_pair
from tests.support.running_server import serving
from tools.postgres_cluster import Cluster

pytestmark = pytest.mark.skipif(not on_postgres(), reason="about a database server")


@pytest.fixture(scope="module")
def clusters() -> Iterator[tuple[Cluster, Cluster]]:
    """A database server and one that follows it."""
    with followed_cluster() as both:
        yield both


@pytest.fixture
def pair(clusters: tuple[Cluster, Cluster]) -> Iterator[tuple[Pair, ApiClient]]:
    with standby_pair(*clusters) as made, grpc.insecure_channel(made.server.target) as channel:
        yield made, ApiClient(channel)


def test_reads_when_the_standby_is_far_enough_run_there_and_answer_the_same(
    pair: tuple[Pair, ApiClient], ids: Ids
) -> None:
    both, api = pair
    ann, bob = ids.users(2)
    club = group(ids.group())
    api.create_group(ann, club.target.id, [bob])
    message_id = api.send(ann, club).message_id
    token = api.read(bob, club).consistency_token
    both.catch_up()
    for method in FRESH_READS:
        fields = {"user_id": bob, **valid_fields(method, club, message_id=message_id)}
        there = call(api, method, **fields, consistency=fresh(token))
        assert without_tokens(there) == without_tokens(call(api, method, **fields)), method
    assert both.end() == Counts(served=len(FRESH_READS), behind=0, missed=0)
    assert_sound(f"{both.replica.at(both.url)}?target_session_attrs=any")


def test_reads_when_many_come_at_once_run_there(pair: tuple[Pair, ApiClient], ids: Ids) -> None:
    """Reads share the turns of a few threads, so more of them than threads still run on the standby.

    The token was issued to another user.
    """
    both, api = pair
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    token = api.read(ann, single(bob)).consistency_token
    both.catch_up()
    request = message_service_pb2.ListMessagesRequest(user_id=bob, conversation=single(ann), consistency=fresh(token))
    for _ in range(10):
        calls = [api.messages.ListMessages.future(request) for _ in range(20)]
        assert {sequences(each.result().messages)[0] for each in calls} == {1}
    assert both.end() == Counts(served=200, behind=0, missed=0)


def test_reads_when_replay_is_paused_run_there_only_with_older_tokens(pair: tuple[Pair, ApiClient], ids: Ids) -> None:
    """Keep semantics A2."""
    both, api = pair
    ann, bob = ids.users(2)
    api.send_many(ann, single(bob), ["1", "2"])
    old = api.read(ann, single(bob)).consistency_token
    with both.paused():
        api.send(bob, single(ann), "3")
        new = api.read(ann, single(bob)).consistency_token
        assert sequences(api.page(ann, single(bob)).messages) == [3, 2, 1]
        assert sequences(api.page(ann, single(bob), consistency=fresh(new)).messages) == [3, 2, 1]
        first = api.page(ann, single(bob), page_size=1, consistency=fresh(old))
        assert sequences(first.messages) == [2]
        # Begun without a token, the walk is nowhere but on the database itself.
        plain = api.page(ann, single(bob), direction=DOWN, page_size=2)
        rest = api.page(ann, single(bob), page_token=plain.next_page_token, consistency=fresh(old))
        assert sequences(rest.messages) == [3]
        # The old token alone would do; the page before held more than is there.
        ahead = api.page(ann, single(bob), page_size=1, consistency=fresh(new))
        rest = api.page(ann, single(bob), page_token=ahead.next_page_token, consistency=fresh(old))
        assert sequences(rest.messages) == [2, 1]
        rest = api.page(ann, single(bob), page_token=first.next_page_token, consistency=fresh(old))
        assert sequences(rest.messages) == [1]
    assert both.end() == Counts(served=2, behind=4, missed=0)


def test_list_walk_when_the_standby_falls_behind_goes_on_where_it_was(pair: tuple[Pair, ApiClient], ids: Ids) -> None:
    """What is unpinned after the first page would be passed over by a page of the moment before (semantics A4)."""
    both, api = pair
    ann, *others = ids.users(6)
    for other in others:
        api.send(ann, single(other))
        api.settings(ann, single(other), pinned=True)
    old = api.summary(ann).resume_token
    with both.paused():
        # In order: 4 3 2 1 0, all pinned. Now 3 falls to the end.
        api.settings(ann, single(others[3]), pinned=False)
        new = api.summary(ann).resume_token
        page = api.list_page(ann, page_size=2, consistency=fresh(new))
        found = [one.target_id for one in page.conversations]
        while page.next_page_token:
            page = api.list_page(ann, page_size=2, page_token=page.next_page_token, consistency=fresh(old))
            found += [one.target_id for one in page.conversations]
        assert found == [others[number] for number in (4, 2, 1, 0, 3)]
    assert both.end() == Counts(served=0, behind=3, missed=0)


def test_calls_when_the_standby_is_killed_and_comes_back_do_not_fail(
    pair: tuple[Pair, ApiClient], clusters: tuple[Cluster, Cluster], ids: Ids
) -> None:
    both, api = pair
    _, replica = clusters
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    token = api.read(ann, single(bob)).consistency_token
    both.catch_up()
    reads = 0

    def read() -> None:
        nonlocal reads
        assert len(api.page(ann, single(bob), consistency=fresh(token)).messages) == 1
        reads += 1

    with repeating(read):
        time.sleep(0.5)
        replica.kill()
        time.sleep(1)
        assert both.health() == health_pb2.HealthCheckResponse.SERVING
        before = reads
        replica.start()
        time.sleep(4)
    assert reads > before
    counts = both.end()
    assert counts.served + counts.behind + counts.missed == reads
    assert both.server.log_text().count("the standby is back") == 1
    assert min(counts.served, counts.missed) > 0, counts
    assert "the database is away" not in both.server.log_text()


def test_server_when_the_standby_is_away_from_the_beginning_reads_from_the_database(
    clusters: tuple[Cluster, Cluster], ids: Ids
) -> None:
    url = clusters[0].new_database()
    with serving(url, "--standby-url", "postgresql://tests@127.0.0.1:1/postgres") as api:
        ann, bob = ids.users(2)
        api.send(ann, single(bob))
        token = api.read(ann, single(bob)).consistency_token
        for _ in range(3):
            assert len(api.page(ann, single(bob), consistency=fresh(token)).messages) == 1


def test_read_when_it_is_in_conflict_with_replay_runs_on_the_database(clusters: tuple[Cluster, Cluster]) -> None:
    primary, replica = clusters
    url = primary.new_database()
    replica.run("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    replica.run("SELECT pg_reload_conf()")
    ran_on: list[bool] = []

    def slow(snapshot: Snapshot) -> bool:
        """Reads for long where it may be cut off."""
        (there,) = snapshot.database.execute_sql("SELECT pg_is_in_recovery()").fetchone()
        ran_on.append(there)
        if there:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("DELETE FROM app_user")
                connection.execute("VACUUM app_user")
                # It changes nothing that must be durable, so it may reach the standby late. A commit takes it along.
                connection.execute("SELECT txid_current()")
            snapshot.database.execute_sql("SELECT pg_sleep(1)")
        return bool(there)

    async def test() -> None:
        store = Store.open(url, StoreOptions(standby_url=replica.at(url)))
        await store.start()
        try:
            send = Send(conversation_key(ConversationType.SINGLE, "ann", "bob"), "ann", OutgoingMessage(b"", 1))
            committed = await store.write_grouped(send_all, [send])
            assert store.replica is not None
            eventually(lambda: replica.run("SELECT pg_is_in_recovery()") == [(True,)])
            while not ran_on or not ran_on[0]:
                ran_on.clear()
                assert not await ConsistentReads(store, committed.position)(slow)
        finally:
            await store.close()

    asyncio.run(test())
    assert ran_on == [True, False]
