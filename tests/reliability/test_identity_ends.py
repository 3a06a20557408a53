"""A stream lasts no longer than the identity that opened it (semantics N4), and the next goes on where it ended."""

import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from backscroll_server.cli.connection import Connection
from backscroll_server.identity.service_keys import key_line, new_key
from backscroll_server.identity.tokens import LEEWAY_SECONDS
from tests.support.api_client import ApiClient, failure_of, metadata_of, single
from tests.support.fixtures import Ids, NewDatabase
from tests.support.identity_files import AUDIENCE, new_signer, public_pem, token_of, write_private
from tests.support.server_process import RunningServer, start_server
from tests.support.watch_client import WatchClient

SECONDS = 3


class Server:
    """A server with keys and tokens, and their files."""

    def __init__(self, folder: Path, database: str) -> None:
        self.signer = new_signer()
        self.writer, self.watcher = new_key(), new_key()
        self.keys = folder / "keys"
        self.let_in(self.writer, self.watcher)
        public = write_private(folder / "signer.pem", public_pem(self.signer))
        self.process: RunningServer = start_server(
            database, "--auth", "key,jwt", "--key-file", str(self.keys), "--jwt-key-file", str(public),
            "--jwt-audience", AUDIENCE,
        )  # fmt: skip

    def let_in(self, *keys: str) -> None:
        """Replaces the file of keys."""
        write_private(self.keys, "".join(f"{key_line('service', key)}\n" for key in keys))

    def api(self, proof: str) -> ApiClient:
        """A client that brings a key or a token."""
        return ApiClient(Connection(self.process.target, proof=proof).open().__enter__())

    def short_token(self, user: str) -> str:
        """A token that is good for some seconds more."""
        return token_of(self.signer, user, exp=time.time() - LEEWAY_SECONDS + SECONDS)


@pytest.fixture
def server(tmp_path: Path, new_database: NewDatabase) -> Iterator[Server]:
    started = Server(tmp_path, new_database())
    yield started
    assert started.process.stop() == 0


def texts(watch: WatchClient) -> list[str]:
    """The texts of the messages that came."""
    events = [event for response in watch.responses for event in response.events]
    return [event.message_received.message.content.text.text for event in events if event.HasField("message_received")]


def assert_ended(watch: WatchClient, cause: str) -> None:
    """Holds a watch to its end: after a response with nothing but a token."""
    watch.until(lambda: watch.error is not None)
    assert watch.error is not None
    assert watch.error.code() is grpc.StatusCode.UNAUTHENTICATED
    assert failure_of(watch.error).reason == "NOT_AUTHENTICATED"
    assert metadata_of(watch.error)["cause"] == cause
    assert watch.token
    assert not watch.responses[-1].events


def test_watch_when_its_token_expires_ends_and_goes_on_with_the_next(server: Server, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sender = server.api(server.writer)
    began = time.monotonic()
    with WatchClient(server.api(server.short_token(alice)), alice) as watch:
        sender.send(bob, single(alice), "before")
        assert_ended(watch, "expired")
        assert time.monotonic() - began >= SECONDS - 1
    sender.send(bob, single(alice), "between")
    with WatchClient(server.api(server.short_token(alice)), alice, watch.token) as following:
        sender.send(bob, single(alice), "after")
        following.until(lambda: "after" in texts(following))
    assert texts(watch) + texts(following) == ["before", "between", "after"]


def test_watch_when_its_key_is_removed_ends_and_goes_on_with_another(server: Server, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sender = server.api(server.writer)
    with WatchClient(server.api(server.watcher), alice) as watch:
        sender.send(bob, single(alice), "before")
        watch.until(lambda: "before" in texts(watch))
        server.let_in(server.writer)
        began = time.monotonic()
        assert_ended(watch, "invalid")
        # Five seconds, and the time of a busy machine.
        assert time.monotonic() - began < 30
    sender.send(bob, single(alice), "between")
    with WatchClient(sender, alice, watch.token) as following:
        following.until(lambda: "between" in texts(following))
    assert texts(watch) + texts(following) == ["before", "between"]


def test_keys_when_the_file_is_broken_stay_those_before_and_one_line_says_so(server: Server, ids: Ids) -> None:
    alice = ids.user()
    write_private(server.keys, "garbage\n")
    time.sleep(3)
    assert server.api(server.writer).listed(alice) == []
    assert server.process.log_text().count("stay in use") == 1
    fresh = new_key()
    server.let_in(fresh)
    time.sleep(2)
    assert server.api(fresh).listed(alice) == []
