"""A database server that dies for good, and a synchronous standby that takes its place: nothing answered is lost."""

import itertools
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeVar
from urllib.parse import urlsplit

import grpc
import pytest

from backscroll.v1 import message_pb2, message_service_pb2
from tests.reliability.watch.recorders import Watcher, connect
from tests.support.api_client import (
    DOWN,
    ApiClient,
    Failure,
    Reference,
    by_id,
    failing,
    failure_of,
    fresh,
    group,
    sequences,
    single,
    texts,
)
from tests.support.clocked_server import eventually
from tests.support.concurrent_calls import repeating
from tests.support.database_check import assert_sound
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token
from tools.postgres_cluster import MISSING, available, start_cluster

pytestmark = [pytest.mark.skipif(not available(), reason=MISSING), pytest.mark.slow]

FAILOVERS = 3
READER = "reader"
WRITERS = ["ann", "bob", "cleo", "dora"]
CLUB = group("club")

Answer = TypeVar("Answer")


class Servers:
    """A database server with a synchronous standby, which takes its place when it dies."""

    def __init__(self) -> None:
        self.primary = start_cluster()
        if self.primary.folder is None:
            pytest.skip("an outside database server is not ours to kill")
        self.standby = self.primary.make_standby(synchronous=True)
        self.database = self.primary.new_database()
        self.running: list[RunningServer] = []

    def url(self, sessions: str) -> str:
        """The database by the names of both servers."""
        hosts = ",".join(sorted(urlsplit(server.url).netloc.split("@")[1] for server in (self.primary, self.standby)))
        return f"postgresql://tests@{hosts}{urlsplit(self.database).path}?target_session_attrs={sessions}"

    def rebuild(self) -> None:
        """Makes a new synchronous standby in the place of the server that died."""
        died, self.primary = self.primary, self.standby
        self.standby = self.primary.make_standby(synchronous=True, port=urlsplit(died.url).port)
        died.remove()

    def serve(self, *flags: str) -> RunningServer:
        """A Backscroll server on them, ended with them."""
        self.running.append(start_server(self.url("read-write"), *flags, "--watch-heartbeat-seconds", "0.3"))
        return self.running[-1]

    def remove(self) -> None:
        """Ends everything."""
        for server in self.running:
            server.kill()
        self.primary.remove()
        self.standby.remove()


@pytest.fixture
def servers() -> Iterator[Servers]:
    made = Servers()
    yield made
    made.remove()


class Sending:
    """Sends again and again until each message is answered, as callers are asked to, and reads it back.

    Attributes:
        answered: what was, by conversation.
        refusals: how other attempts ended.
    """

    def __init__(self, api: ApiClient, user: str) -> None:
        self._act = api
        self._user = user
        self._numbers = itertools.count()
        self.answered: dict[str, list[message_pb2.Message]] = defaultdict(list)
        self.refusals: list[str] = []

    @property
    def count(self) -> int:
        """How many that is."""
        return sum(map(len, self.answered.values()))

    def wait_for_more(self) -> None:
        """Waits until one more is answered."""
        before = self.count
        eventually(lambda: self.count > before)

    def step(self) -> None:
        """One message."""
        number = next(self._numbers)
        text = f"{self._user} {number}"
        to = CLUB if number % 2 else single(READER)
        sent = self._certainly(lambda: self._act.send(self._user, to, text, client_message_id=text))
        self.answered[sent.conversation_id].append(sent)
        token = self._certainly(lambda: self._act.read(self._user, to)).consistency_token
        request = message_service_pb2.GetMessageRequest(
            user_id=self._user, message_id=sent.message_id, consistency=fresh(token)
        )
        assert self._certainly(lambda: self._act.messages.GetMessage(request)).message == sent

    def _certainly(self, call: Callable[[], Answer]) -> Answer:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                return call()
            except grpc.RpcError as error:
                self.refusals.append(failure_of(error).reason)
                time.sleep(0.02)
        raise AssertionError(f"{self._user} is refused for too long: {self.refusals[-1]}")


def received(watcher: Watcher) -> dict[str, list[int]]:
    """The sequences of the messages that a device was notified of, by conversation."""
    found: dict[str, list[int]] = defaultdict(list)
    for part in watcher.chain.groups():
        for expect in part.events:
            if expect.kind == "message_received":
                found[expect.conversation_id].append(int(expect.what[0]))
    return found


def test_service_when_its_database_fails_over_three_times_is_back_by_itself_and_nothing_is_lost(
    servers: Servers,
) -> None:
    running = [servers.serve("--standby-url", servers.url("prefer-standby")) for _ in range(2)]
    with ExitStack() as stack:
        acts = [ApiClient(stack.enter_context(connect(server.target))) for server in running]
        acts[0].create_group(WRITERS[0], CLUB.target.id, [*WRITERS[1:], READER])
        start = now_token(acts[0], READER)
        # Of each two, one goes and comes back whenever nobody is there.
        watchers = [Watcher(server.target, READER, start, random.Random()) for server in [*running, *running]]
        senders = [Sending(acts[number % 2], user) for number, user in enumerate(WRITERS)]
        for watcher in watchers:
            stack.callback(watcher.stop)
        with repeating(*(sender.step for sender in senders)):
            for _ in range(FAILOVERS):
                time.sleep(2)
                servers.primary.kill()
                for watcher in watchers[:2]:
                    watcher.disconnect()
                servers.standby.promote()
                for sender in senders:
                    sender.wait_for_more()
                time.sleep(1)
                servers.rebuild()
        answered: dict[str, list[message_pb2.Message]] = defaultdict(list)
        for sender in senders:
            for conversation_id, messages in sender.answered.items():
                answered[conversation_id] += messages
        assert {reason for sender in senders for reason in sender.refusals} == {"DATABASE_UNAVAILABLE"}
        for conversation_id, messages in answered.items():
            stored = acts[0].walk(READER, by_id(conversation_id), DOWN)
            assert stored == sorted(messages, key=lambda message: message.sequence)
            assert sequences(stored) == list(range(1, len(stored) + 1))
        for watcher in watchers:
            eventually(lambda watcher=watcher: watcher.processed == now_token(acts[0], READER))
            expect = {where: list(range(1, len(messages) + 1)) for where, messages in answered.items()}
            assert received(watcher) == expect
        assert all(len(watcher.chain.streams) > FAILOVERS for watcher in watchers[:2])
    for server in running:
        assert server.stop() == 0, server.log_text()
        errors = [line for line in server.log_text().splitlines() if "level=error" in line]
        assert all("the database is away" in line for line in errors), errors
    assert_sound(servers.url("read-write"))


def is_sent(api: ApiClient, user: str, to: Reference) -> bool:
    """Whether a message is stored; the same one each time."""
    try:
        api.send(user, to, "after all", client_message_id="1")
    except grpc.RpcError as error:
        assert failure_of(error).reason == "DATABASE_UNAVAILABLE"  # noqa: PT017 - any other is a fault
        return False
    return True


def test_failover_when_it_loses_changes_then_their_numbers_tokens_and_watchers_are_not_taken_for_the_new_ones(
    servers: Servers,
) -> None:
    """The standby hears nothing any more; what is answered then is lost with the server."""
    servers.primary.run("ALTER SYSTEM RESET synchronous_standby_names")
    servers.primary.run("SELECT pg_reload_conf()")
    running = servers.serve()
    with connect(running.target) as channel:
        api = ApiClient(channel)
        api.send("ann", single("bob"), "kept")
        kept = now_token(api, "bob")
        ((place,),) = servers.primary.run("SELECT pg_current_wal_lsn()")
        reached = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        eventually(lambda: servers.standby.run(reached, place) == [(True,)])
        servers.standby.run("ALTER SYSTEM SET primary_conninfo = ''")
        servers.standby.run("SELECT pg_reload_conf()")
        eventually(lambda: servers.primary.run("SELECT 1 FROM pg_stat_replication") == [])
        with WatchClient(api, "bob") as watching:
            for number in range(5):
                api.send("zoe", single("bob"), f"lost {number}")
            watching.expect(*["message_received"] * 5)
            lost = now_token(api, "bob")
            servers.primary.kill()
            servers.standby.promote()
            eventually(lambda: is_sent(api, "max", single("bob")))
            watching.until(lambda: watching.error is not None)
            assert failure_of(watching.error).reason == "DATABASE_UNAVAILABLE"
        foreign = Failure(grpc.StatusCode.OUT_OF_RANGE, "CONSISTENCY_TOKEN_FOREIGN", "consistency.at_least_as_fresh")
        assert failing(api.page, "bob", single("ann"), consistency=fresh(lost)) == foreign
        assert failing(changes_since, api, "bob", lost).reason == "RESUME_TOKEN_FOREIGN"
        assert kinds(changes_since(api, "bob", kept)).count("message_received") == 1
        assert {one.target_id for one in api.listed("bob")} == {"ann", "max"}
        assert api.listed("zoe") == []
        with WatchClient(api, "bob") as watching:
            api.send("zoe", single("bob"), "new")
            (expect,) = watching.expect("message_received")
            assert expect.message_received.message.sender_id == "zoe"
        assert texts(api.walk("bob", single("zoe"))) == ["new"]
    assert running.stop() == 0, running.log_text()
    assert_sound(servers.url("read-write"))
