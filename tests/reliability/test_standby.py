"""A standby that reads may run on: only where it is far enough, and never at the price of a failed call."""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import grpc
import psycopg
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from acting import DOWN, UP, Acting, group, sequences, single
from backscroll.v1 import conversation_service_pb2
from backscroll_server.domain.errors import InvalidArgumentError
from backscroll_server.domain.ids import conversation_key
from backscroll_server.domain.kinds import ConversationType
from backscroll_server.services.freshness import FreshReads
from backscroll_server.services.sending import OutgoingMessage, Send, send_all
from backscroll_server.services.store import Store, StoreOptions
from backscroll_server.storage.snapshot import Snapshot
from clocked_server import eventually
from conftest import Ids, on_postgres
from contract_calls import FRESH_READS, call, valid_fields, without_tokens
from database_check import assert_sound
from postgres_cluster import Cluster, start_cluster
from racing import repeating
from server_process import RunningServer, start_server
from serving import serving

pytestmark = pytest.mark.skipif(not on_postgres(), reason="about a database server")


class Counts(NamedTuple):
    """What a server says at its end of its standby."""

    served: int
    behind: int
    missed: int


class Pair:
    """A database server, another that follows it, and a Backscroll server that may read from both."""

    def __init__(self, primary: Cluster, standby: Cluster) -> None:
        self.primary, self.standby = primary, standby
        self.url = primary.new_database()
        self.server: RunningServer = start_server(self.url, "--standby-url", standby.at(self.url))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Lets the standby stay where it is, which is everything that is committed now, while the block runs."""
        self.catch_up()
        self.standby.run("SELECT pg_wal_replay_pause()")
        eventually(lambda: self.standby.run("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])
        try:
            yield
        finally:
            self.standby.run("SELECT pg_wal_replay_resume()")

    def health(self) -> int:
        """What the server says of itself."""
        with grpc.insecure_channel(self.server.target) as channel:
            request = health_pb2.HealthCheckRequest(service="")
            return int(health_pb2_grpc.HealthStub(channel).Check(request, timeout=5).status)

    def catch_up(self) -> None:
        """Waits until the standby has everything that is committed now."""
        ((place,),) = self.primary.run("SELECT pg_current_wal_lsn()")
        eventually(lambda: self.standby.run("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", place) == [(True,)])

    def end(self) -> Counts:
        """Ends the server; answers what it counted."""
        assert self.server.stop() == 0, self.server.log_text()
        line = next(line for line in self.server.log_text().splitlines() if "standby served=" in line)
        words = dict(word.split("=", 1) for word in line.replace('"', " ").split() if "=" in word)
        return Counts(int(words["served"]), int(words["behind"]), int(words["missed"]))


@pytest.fixture(scope="module")
def clusters() -> Iterator[tuple[Cluster, Cluster]]:
    """A database server and one that follows it."""
    primary = start_cluster()
    if primary.folder is None:
        pytest.skip("an outside database server is not ours to follow")
    standby = primary.make_standby()
    yield primary, standby
    standby.remove()
    primary.remove()


@pytest.fixture
def pair(clusters: tuple[Cluster, Cluster]) -> Iterator[tuple[Pair, Acting]]:
    pair = Pair(*clusters)
    with grpc.insecure_channel(pair.server.target) as channel:
        yield pair, Acting(channel)
    if pair.server.process.poll() is None:
        pair.end()
    assert_sound(pair.url)


def test_reads_when_the_standby_is_far_enough_run_there_and_answer_the_same(
    pair: tuple[Pair, Acting], ids: Ids
) -> None:
    both, act = pair
    ann, bob = ids.users(2)
    club = group(ids.group())
    act.create_group(ann, club.target_id, [bob])
    message_id = act.send(ann, club).message_id
    token = act.read(bob, club).resume_token
    both.catch_up()
    for method in FRESH_READS:
        fields = {"user_id": bob, **valid_fields(method, club, message_id=message_id)}
        there = call(act, method, **fields, at_least_as_fresh=token)
        assert without_tokens(there) == without_tokens(call(act, method, **fields)), method
    assert both.end() == Counts(served=len(FRESH_READS), behind=0, missed=0)


def test_reads_when_replay_is_paused_run_there_only_with_older_tokens(pair: tuple[Pair, Acting], ids: Ids) -> None:
    both, act = pair
    ann, bob = ids.users(2)
    act.send_many(ann, single(bob), ["1", "2"])
    old = act.read(ann, single(bob)).resume_token
    with both.paused():
        act.send(bob, single(ann), "3")
        new = act.read(ann, single(bob)).resume_token
        assert sequences(act.page(ann, single(bob)).messages) == [3, 2, 1]
        assert sequences(act.page(ann, single(bob), at_least_as_fresh=new).messages) == [3, 2, 1]
        first = act.page(ann, single(bob), page_size=1, at_least_as_fresh=old)
        assert sequences(first.messages) == [2]
        # Begun without a token, the walk is nowhere but on the database itself.
        plain = act.page(ann, single(bob), direction=DOWN, page_size=2)
        rest = act.page(ann, single(bob), page_token=plain.next_page_token, at_least_as_fresh=old)
        assert sequences(rest.messages) == [3]
        # The old token alone would do; the page before held more than is there.
        ahead = act.page(ann, single(bob), page_size=1, at_least_as_fresh=new)
        rest = act.page(ann, single(bob), page_token=ahead.next_page_token, at_least_as_fresh=old)
        assert sequences(rest.messages) == [2, 1]
        rest = act.page(ann, single(bob), page_token=first.next_page_token, at_least_as_fresh=old)
        assert sequences(rest.messages) == [1]
    assert both.end() == Counts(served=2, behind=3, missed=0)


def test_list_walk_when_the_standby_falls_behind_goes_on_where_it_was(pair: tuple[Pair, Acting], ids: Ids) -> None:
    """What is unpinned after the first page would be passed over by a page of the moment before."""
    both, act = pair
    ann, *others = ids.users(6)
    for other in others:
        act.send(ann, single(other))
        act.settings(ann, single(other), pinned=True)
    old = act.summary(ann).resume_token
    with both.paused():
        # In order: 4 3 2 1 0, all pinned. Now 3 falls to the end.
        act.settings(ann, single(others[3]), pinned=False)
        new = act.summary(ann).resume_token
        page = act.list_page(ann, page_size=2, at_least_as_fresh=new)
        found = [one.target_id for one in page.conversations]
        while page.next_page_token:
            page = act.list_page(ann, page_size=2, page_token=page.next_page_token, at_least_as_fresh=old)
            found += [one.target_id for one in page.conversations]
        assert found == [others[number] for number in (4, 2, 1, 0, 3)]
    assert both.end() == Counts(served=0, behind=3, missed=0)


@pytest.mark.slow
def test_reads_under_load_when_the_standby_pauses_at_random_hold_every_write(
    pair: tuple[Pair, Acting], ids: Ids
) -> None:
    both, act = pair
    dice = random.Random(2026)
    reader, *writers = ids.users(5)
    club = group(ids.group())
    act.create_group(reader, club.target_id, writers)
    others = [ids.user() for _ in range(40)]
    act.send_to_each(reader, others)
    tokens = [act.read(reader, club).resume_token]
    still = others[20:]

    def write(user: str) -> None:
        """Reads what it wrote, in whichever way."""
        sent = act.send(user, club, "text")
        token = act.read(user, club).resume_token
        newest = act.page(user, club, page_size=1, at_least_as_fresh=token).messages[0].sequence
        seen = act.conversations.GetConversation(
            conversation_service_pb2.GetConversationRequest(user_id=user, conversation=club, at_least_as_fresh=token)
        ).conversation
        assert min(newest, seen.last_sequence, seen.read_sequence) >= sent.sequence
        fields = valid_fields("GetMessage", club, message_id=sent.message_id)
        assert call(act, "GetMessage", user_id=user, **fields, at_least_as_fresh=token).message == sent

    def move() -> None:
        """Moves some of the reader's conversations up and down its list."""
        to = single(dice.choice(others[:20]))
        act.settings(reader, to, pinned=dice.random() < 0.5)
        act.send(reader, to)
        tokens.append(act.read(reader, to).resume_token)

    def freshness() -> dict[str, str]:
        """Some token or none."""
        chosen = dice.choice((tokens[0], tokens[0], tokens[-1], ""))
        return {"at_least_as_fresh": chosen} if chosen else {}

    def page_history() -> None:
        looked = act.conversations.GetConversation(
            conversation_service_pb2.GetConversationRequest(user_id=reader, conversation=club, **freshness())
        )
        direction = dice.choice((UP, DOWN))
        page = act.page(reader, club, direction=direction, page_size=7, at_least_as_fresh=looked.resume_token)
        found = sequences(page.messages)
        while page.next_page_token:
            page = act.page(reader, club, page_size=7, page_token=page.next_page_token, **freshness())
            found += sequences(page.messages)
        if direction == UP:
            found.reverse()
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= looked.conversation.last_sequence

    def page_list() -> None:
        page = act.list_page(reader, page_size=5, at_least_as_fresh=tokens[-1])
        found = [one.target_id for one in page.conversations]
        while page.next_page_token:
            page = act.list_page(reader, page_size=5, page_token=page.next_page_token, **freshness())
            found += [one.target_id for one in page.conversations]
        assert set(found) >= {club.target_id, *others}
        assert sorted(target for target in found if target in still) == sorted(still)

    def disturb() -> None:
        with both.paused():
            time.sleep(dice.uniform(0.0, 0.3))
        time.sleep(dice.uniform(0.0, 0.3))

    steps = [lambda user=user: write(user) for user in writers]
    with repeating(*steps, move, page_history, page_list, page_list, disturb):
        time.sleep(12)
    counts = both.end()
    assert min(counts.served, counts.behind) > 100, counts
    assert counts.missed < counts.served / 10, counts


def test_calls_when_the_standby_is_killed_and_comes_back_do_not_fail(
    pair: tuple[Pair, Acting], clusters: tuple[Cluster, Cluster], ids: Ids
) -> None:
    both, act = pair
    _, standby = clusters
    ann, bob = ids.users(2)
    act.send(ann, single(bob))
    token = act.read(ann, single(bob)).resume_token
    both.catch_up()
    reads = 0

    def read() -> None:
        nonlocal reads
        assert len(act.page(ann, single(bob), at_least_as_fresh=token).messages) == 1
        reads += 1

    with repeating(read):
        time.sleep(0.5)
        standby.kill()
        time.sleep(1)
        assert both.health() == health_pb2.HealthCheckResponse.SERVING
        before = reads
        standby.start()
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
    with serving(url, "--standby-url", "postgresql://tests@127.0.0.1:1/postgres") as act:
        ann, bob = ids.users(2)
        act.send(ann, single(bob))
        token = act.read(ann, single(bob)).resume_token
        for _ in range(3):
            assert len(act.page(ann, single(bob), at_least_as_fresh=token).messages) == 1


def test_read_when_it_is_in_conflict_with_replay_runs_on_the_database(clusters: tuple[Cluster, Cluster]) -> None:
    primary, standby = clusters
    url = primary.new_database()
    standby.run("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    standby.run("SELECT pg_reload_conf()")
    ran_on: list[bool] = []

    def slow(snapshot: Snapshot) -> bool:
        """Reads for long where it may be cut off."""
        (there,) = snapshot.database.execute_sql("SELECT pg_is_in_recovery()").fetchone()
        ran_on.append(there)
        if there:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("DELETE FROM app_user")
                connection.execute("VACUUM app_user")
            snapshot.database.execute_sql("SELECT pg_sleep(1)")
        return bool(there)

    async def test() -> None:
        store = Store.open(url, StoreOptions(standby_url=standby.at(url)))
        await store.start()
        try:
            send = Send(conversation_key(ConversationType.SINGLE, "ann", "bob"), "ann", OutgoingMessage(b"", 1))
            committed = await store.write_grouped(send_all, [send])
            assert store.standby is not None
            eventually(lambda: standby.run("SELECT pg_is_in_recovery()") == [(True,)])
            while not ran_on or not ran_on[0]:
                ran_on.clear()
                assert not await FreshReads(store, committed.position)(slow)
        finally:
            await store.close()

    asyncio.run(test())
    assert ran_on == [True, False]


@pytest.mark.parametrize("url", ["sqlite:standby.db", "nonsense", "postgresql://user:hunter2@host/name?no_such=1"])
def test_standby_url_when_it_is_not_of_a_postgres_server_is_refused_by_name(
    clusters: tuple[Cluster, Cluster], url: str
) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        Store.open(clusters[0].new_database(), StoreOptions(standby_url=url))
    assert refused.value.field == "standby_url"
    assert "hunter2" not in str(refused.value)
