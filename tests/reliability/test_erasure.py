"""What burned or expired is gone from the disk, the write-ahead log included; a purge that is killed goes on."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2
from backscroll_server.storage.engine.address import DatabaseAddress
from tests.support.api_client import ApiClient, sequences, single
from tests.support.clocked_server import ClockedServer, SettableClock, clocked_server, eventually
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, NewDatabase
from tests.support.server_process import start_server

ONE_DAY = 24 * 3600
SECRET = "quokka-"
OTHER = "wombat-"


def words(mark: str, count: int) -> list[str]:
    """Different texts of different lengths that all hold `mark`, some longer than a page of the database."""
    dice = random.Random(count)
    return [f"{mark}{number} " + "x" * dice.choice([3, 40, 400, 9000]) for number in range(count)]


def copies(database: Path, mark: str) -> int:
    """How often a text is in the bytes of a database: in its file and in its log."""
    files = [database, database.with_name(database.name + "-wal")]
    return sum(file.read_bytes().count(mark.encode()) for file in files if file.exists())


def erased(database: Path, mark: str) -> Callable[[], bool]:
    """Whether a text is nowhere in the bytes of a database."""
    return lambda: copies(database, mark) == 0


def turn_on_burning(api: ApiClient, user: str, other: str) -> None:
    """Makes what is sent from now on burn a second after it was read."""
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=user,
            conversation=single(other),
            properties={"burn": {"enabled": True, "duration": timedelta(seconds=1)}},
            update_mask={"paths": ["burn"]},
        )
    )


@pytest.mark.usefixtures("sqlite_only")
def test_burned_text_when_swept_then_in_no_byte_of_the_database(tmp_path: Path, ids: Ids) -> None:
    """Keep semantics B5."""
    database = tmp_path / "burned.db"
    (ann, bob), carl = ids.users(2), ids.user()
    with clocked_server(f"sqlite://{database}") as server:
        api = server.api
        api.open(ann, single(bob))
        turn_on_burning(api, ann, bob)
        secret, other = words(SECRET, 600), words(OTHER, 600)
        for start in range(0, 600, 50):
            api.send_many(ann, single(bob), secret[start : start + 50])
            api.send_many(carl, single(bob), other[start : start + 50])
        assert copies(database, SECRET) >= 600
        api.read(bob, single(ann))
        server.clock.forward(1)
        eventually(erased(database, SECRET))
        assert len(api.walk(bob, single(carl))) == 600
        assert server.problems() == []
    assert copies(database, OTHER) >= 600


@pytest.mark.usefixtures("sqlite_only")
def test_expired_text_when_purged_then_in_no_byte_of_the_database(tmp_path: Path, ids: Ids) -> None:
    database = tmp_path / "expired.db"
    ann, bob = ids.users(2)
    with clocked_server(f"sqlite://{database}", retention_single_days=1) as server:
        api = server.api
        api.send_many(ann, single(bob), words(SECRET, 700))
        server.clock.forward(ONE_DAY // 2)
        api.send_many(ann, single(bob), words(OTHER, 300))
        server.clock.forward(ONE_DAY // 2 + 1)
        eventually(erased(database, SECRET))
        assert len(api.walk(bob, single(ann))) == 300
        assert server.problems() == []


def purged(database: str) -> tuple[int, int]:
    """Up to where the only conversation is purged, and up to where it is to be."""
    connection = DatabaseAddress(database).connect()
    try:
        row: tuple[int, int] = connection.execute_sql("SELECT purged_sequence, floor FROM conversation").fetchone()
    finally:
        connection.close()
    return row


def fill(server: ClockedServer, ann: str, bob: str, count: int) -> None:
    """Sends many messages a long time ago."""
    for start in range(0, count, 5000):
        server.api.send_many(ann, single(bob), [f"{SECRET}{number}" for number in range(start, start + 5000)])


def test_purge_when_killed_in_the_middle_then_the_next_server_goes_on(new_database: NewDatabase, ids: Ids) -> None:
    """A physical deletion that broke off leaves nothing that a read stumbles over (semantics D6)."""
    database = new_database()
    ann, bob = ids.users(2)
    clock = SettableClock()
    clock.forward(-30 * ONE_DAY)
    with clocked_server(database, clock) as server:
        fill(server, ann, bob, 30_000)
    for round_ in range(3):
        running = start_server(database, "--retention-single-days", "1", "--removal-delay-hours", "0")
        try:
            began = purged(database)[0]
            eventually(lambda began=began: purged(database)[0] > began)
            if round_ < 2:
                running.kill()
                assert purged(database)[1] == 30_000
                continue
            with grpc.insecure_channel(running.target) as channel:
                api = ApiClient(channel)
                assert api.walk(bob, single(ann)) == []
                assert api.look(bob, single(ann)).unread_count == 0
                fresh = api.send(ann, single(bob), "fresh")
                assert fresh.sequence == 30_001
                if purged(database)[0] < 15_000:
                    # A purge lets writers in between its steps: this is answered long before it ends.
                    api.send(bob, single(ann), "while purging")
                    assert purged(database)[0] < 30_000
                eventually(lambda: purged(database) == (30_000, 30_000))
                if database.startswith("sqlite:"):
                    eventually(erased(Path(database.removeprefix("sqlite://")), SECRET))
                assert sequences(api.walk(bob, single(ann)))[-1] == 30_001
        finally:
            running.kill()
    assert_sound(database)
