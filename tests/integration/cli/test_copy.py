"""Moving a database from SQLite to PostgreSQL: the same content, the same answers, whatever happens on the way."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import grpc
import peewee
import pytest

from backscroll.v1 import message_pb2
from backscroll_server.domain.clock import system_clock
from backscroll_server.domain.command_errors import Refusal
from backscroll_server.services.upkeep import copy as copy_module
from backscroll_server.services.upkeep.copy import open_copy
from backscroll_server.storage.engine import postgres
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.upkeep.copy_progress import CopyProgress
from tests.support.api_client import DOWN, UP, ApiClient, Failure, Reference, failure_of, group, single
from tests.support.clocked_server import SettableClock
from tests.support.contract_calls import call
from tests.support.patience import PATIENCE_SECONDS
from tests.support.sample_data import CLUB, CONTENTS, PLACES, USERS, fill, rows_of, served_everything
from tests.support.server_process import start_server
from tests.support.user_view_snapshot import view_of_user
from tests.support.watch_client import changes_since, kinds, now_token
from tools.postgres_cluster import MISSING, Cluster, available

pytestmark = pytest.mark.skipif(not available(), reason=MISSING)

SECRET = "hunter2"
CHUNK = 7

# The command's work in small steps; it says each, and waits until it may go on.
STEPS = """
import sys
from backscroll_server.domain.clock import system_clock
from backscroll_server.services.upkeep import copy
def say(*words):
    print(*words, flush=True)
    sys.stdin.readline()
copy.CHUNK_ROWS = 7
with copy.open_copy(sys.argv[1], sys.argv[2]) as copy:
    say("opened", copy.already_there)
    copy.copy_rows(lambda rows: say("copied", rows))
    say("checking")
    verified = copy.verify_and_finish(system_clock())
say("finished", *verified.problems)
"""


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, clock: SettableClock) -> Path:
    """A file with some of everything."""
    path = tmp_path_factory.mktemp("source") / "backscroll.db"
    fill(f"sqlite://{path}", clock)
    return path


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> str:
    """The URL of a file of this test's own with some of everything."""
    return f"sqlite://{shutil.copy(filled, tmp_path / 'source.db')}"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "backscroll_server", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def copied(source: str, cluster: Cluster) -> str:
    """The URL of a finished copy."""
    destination = cluster.new_database()
    ended = run("copy", source, destination)
    assert ended.returncode == 0, ended.stderr
    return destination


def copy_some(source: str, destination: str, monkeypatch: pytest.MonkeyPatch, *, steps: int = 20) -> None:
    """Begins a copy, which ends as if its process did."""

    class Killed(Exception):  # noqa: N818 - it is no error: the process is gone
        pass

    left = steps

    def die(_: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Killed

    with open_copy(source, destination) as copy, monkeypatch.context() as small:
        small.setattr(copy_module, "CHUNK_ROWS", CHUNK)
        with pytest.raises(Killed):
            copy.copy_rows(die)


def assert_refused(ended: "subprocess.CompletedProcess[str]", reason: Refusal) -> None:
    assert ended.returncode == 1, ended.stdout
    assert ended.stderr.splitlines()[-1].startswith(f"failed: {reason}: ")
    assert "Traceback" not in ended.stderr


def test_copy_when_finished_then_every_row_is_there_and_the_last_line_sums_up(source: str, cluster: Cluster) -> None:
    rows = rows_of(source)
    assert [name for name, held in rows.items() if not held] == [], "every table has rows to lose"
    destination = cluster.new_database()
    before = Path(source.removeprefix("sqlite://")).read_bytes()
    ended = run("copy", source, destination)
    assert (ended.returncode, ended.stderr) == (0, "")
    held = sum(map(len, rows.values()))
    messages = len(rows["Message"]) + len(rows["Tombstone"])
    assert ended.stdout.splitlines()[-1].startswith(
        f"copied {held} rows (0 already there), {len(rows['Conversation'])} conversations, {messages} messages in "
    )
    assert ended.stdout.endswith(" s: no problem\n")
    assert rows_of(destination) == rows
    assert Path(source.removeprefix("sqlite://")).read_bytes() == before
    checked = run("check", "--database", destination)
    assert checked.stdout.endswith(": no problem\n")
    assert run("migrate", "--database", destination).stdout == "migrated: nothing to do\n"


def test_copy_when_served_then_answers_as_the_source_does(source: str, cluster: Cluster, clock: SettableClock) -> None:
    destination = copied(source, cluster)
    with served_everything(source, clock) as old, served_everything(destination, clock) as new:
        for user in USERS:
            assert view_of_user(new.api, user, *PLACES) == view_of_user(old.api, user, *PLACES)
            for place in PLACES:
                for way in (UP, DOWN):
                    assert walked(new.api, user, place, way) == walked(old.api, user, place, way)


def walked(api: ApiClient, user: str, place: Reference, direction: int) -> list[message_pb2.Message] | Failure:
    """A whole history by small pages, or why there is none."""
    try:
        return api.walk(user, place, direction, 13)
    except grpc.RpcError as error:
        return failure_of(error)


def test_copy_when_served_then_tokens_of_the_source_go_on(source: str, cluster: Cluster, clock: SettableClock) -> None:
    with served_everything(source, clock) as old:
        resume = {user: now_token(old.api, user) for user in USERS}
        old.api.send("ann", CLUB, "behind the tokens")
        old.api.recall("ann", CLUB, old.api.send("ann", CLUB, "recalled").message_id)
        pages = {way: old.api.page("ann", CLUB, direction=way, page_size=9).next_page_token for way in (UP, DOWN)}
        listing = old.api.list_page("ann", page_size=2)
        going_on = {way: old.api.page("ann", CLUB, page_token=token, page_size=9) for way, token in pages.items()}
        next_list = old.api.list_page("ann", page_size=2, page_token=listing.next_page_token)
        expect = {user: changes_since(old.api, user, token) for user, token in resume.items()}
    destination = copied(source, cluster)
    assert all(pages.values())
    assert listing.next_page_token
    assert all(expect[user] for user in ("ann", "bob", "cid"))
    with served_everything(destination, clock) as new:
        for way, token in pages.items():
            assert new.api.page("ann", CLUB, page_token=token, page_size=9) == going_on[way]
        assert new.api.list_page("ann", page_size=2, page_token=listing.next_page_token) == next_list
        assert {user: changes_since(new.api, user, token) for user, token in resume.items()} == expect


def test_copy_when_written_to_then_goes_on_behind_what_was_copied(
    source: str, cluster: Cluster, clock: SettableClock
) -> None:
    destination = copied(source, cluster)
    numbers = {row[0] for row in rows_of(source)["Conversation"]}
    users = {row[0] for row in rows_of(source)["User"]}
    with served_everything(source, clock) as old, served_everything(destination, clock) as new:
        retry = {"content": CONTENTS[2], "client_message_id": "kind 2", "attributes": {"n": "2"}}
        request = {"user_id": "ann", "conversation": single("bob"), "message": retry}
        again = call(new.api, "SendMessage", **request)
        assert again.duplicate
        assert again == call(old.api, "SendMessage", **request)
        head, token = new.api.look("ann", CLUB).last_sequence, now_token(new.api, "ann")
        assert new.api.send("ann", CLUB, "new").sequence == head + 1
        assert kinds(changes_since(new.api, "ann", token))[:1] == ["message_received"]
        assert new.number_of(new.api.send("new user", single("another"), "hello")) > max(numbers)
        new.api.create_group("ann", "another club", ["gus"])
        assert new.api.send("gus", group("another club")).sequence == 1
    assert min({row[0] for row in rows_of(destination)["User"]} - users) > max(users)
    assert run("check", "--database", destination).returncode == 0


@contextmanager
def stepping(source: str, destination: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", STEPS, source, destination],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def kill_after(source: str, destination: str, moment: tuple[str, int]) -> int:
    """Lets a copy run until so many lines of a kind were said, then kills it; answers where it had begun."""
    word, count = moment
    began = -1
    with stepping(source, destination) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            said, *rest = line.split()
            if said == "opened":
                began = int(rest[0])
            count -= said == word
            if not count:
                process.kill()
                return began
            process.stdin.write("\n")
            process.stdin.flush()
        assert process.stderr is not None
        pytest.fail(f"it ended before that: {process.stderr.read()}")


def test_copy_when_killed_again_and_again_then_goes_on_and_ends_the_same(source: str, cluster: Cluster) -> None:
    destination = cluster.new_database()
    moments = [("opened", 1), ("copied", 1), ("copied", 5), ("copied", 30), ("copied", 2), ("checking", 1)]
    began = [kill_after(source, destination, moment) for moment in moments]
    assert began[:2] == [0, 0]
    assert began == sorted(began)
    assert began[-1] >= CHUNK * 30
    assert_refused(run("check", "--database", destination), Refusal.COPY_UNFINISHED)
    ended = run("copy", source, destination)
    assert ended.returncode == 0, ended.stderr
    rows = rows_of(source)
    held = sum(map(len, rows.values()))
    assert ended.stdout.splitlines()[-1].startswith(f"copied 0 rows ({held} already there), ")
    assert rows_of(destination) == rows


@pytest.mark.parametrize("steps", range(1, 60, 4))
def test_copy_when_it_ended_after_any_step_then_goes_on_there(
    source: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    destination = cluster.new_database()
    copy_some(source, destination, monkeypatch, steps=steps)
    with open_copy(source, destination) as copy:
        assert copy.already_there <= CHUNK * steps
        assert copy.already_there + copy.copy_rows(lambda _: None) == copy.total
        assert copy.verify_and_finish(system_clock()).problems == []
    assert rows_of(destination) == rows_of(source)


def test_copy_when_it_ended_while_tables_were_made_then_begins_again(
    source: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = cluster.new_database()
    with monkeypatch.context() as broken:
        broken.setattr(CopyProgress, "encoded", lambda _: None)
        with pytest.raises(peewee.IntegrityError), open_copy(source, destination):
            pass
    assert tables_of(destination) == []
    with open_copy(source, destination) as copy:
        assert copy.copy_rows(lambda _: None) == copy.total


def test_copy_when_unfinished_then_nothing_serves_it(
    source: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = cluster.new_database()
    copy_some(source, destination, monkeypatch)
    rows = rows_of(destination)
    for command in ("serve", "check", "migrate"):
        assert_refused(run(command, "--database", destination), Refusal.COPY_UNFINISHED)
    assert rows_of(destination) == rows


def test_copy_when_the_source_is_served_is_refused(source: str, cluster: Cluster) -> None:
    destination = cluster.new_database()
    server = start_server(source)
    try:
        assert_refused(run("copy", source, destination), Refusal.DATABASE_IN_USE)
    finally:
        server.stop()
    assert tables_of(destination) == []
    with open_copy(source, destination), pytest.raises(RuntimeError, match=Refusal.DATABASE_IN_USE):
        start_server(source)


def tables_of(url: str) -> list[str]:
    with closing(DatabaseAddress(url).connect()) as database:
        return list(database.get_tables())  # type: ignore[attr-defined]  # Peewee's, not the protocol's.


def test_copy_when_the_destination_has_tables_is_refused_and_changes_nothing(source: str, cluster: Cluster) -> None:
    destination = cluster.new_database()
    assert run("migrate", "--database", destination).returncode == 0
    rows = rows_of(destination)
    assert_refused(run("copy", source, destination), Refusal.DESTINATION_NOT_EMPTY)
    assert rows_of(destination) == rows
    finished = copied(source, cluster)
    assert_refused(run("copy", source, finished), Refusal.DESTINATION_NOT_EMPTY)
    assert rows_of(finished) == rows_of(source)


def test_copy_when_the_destination_has_tables_of_others_leaves_them_alone(source: str, cluster: Cluster) -> None:
    destination = cluster.new_database()
    with closing(DatabaseAddress(destination).connect()) as database:
        database.execute_sql("CREATE TABLE others (id int)")
    assert run("copy", source, destination).returncode == 0
    assert "others" in tables_of(destination)


def test_copy_when_the_source_changed_since_is_refused(
    source: str, cluster: Cluster, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = cluster.new_database()
    copy_some(source, destination, monkeypatch)
    rows = rows_of(destination)
    with served_everything(source, clock) as served:
        served.api.send("ann", CLUB, "meanwhile")
    assert_refused(run("copy", source, destination), Refusal.SOURCE_CHANGED)
    assert rows_of(destination) == rows


def test_copy_when_begun_from_another_source_is_refused(
    source: str, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination, other = cluster.new_database(), f"sqlite://{tmp_path}/other.db"
    copy_some(source, destination, monkeypatch)
    rows = rows_of(destination)
    assert run("migrate", "--database", other).returncode == 0
    assert_refused(run("copy", other, destination), Refusal.OTHER_SOURCE)
    assert rows_of(destination) == rows


def test_copy_when_the_source_was_only_looked_at_since_goes_on(
    source: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = cluster.new_database()
    copy_some(source, destination, monkeypatch)
    assert run("check", "--database", source).returncode == 0
    assert run("copy", source, destination).returncode == 0


def test_copy_when_two_run_at_once_then_one_of_them_is_refused(
    source: str, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The second waits until the server ends the idle transaction of the first.
    monkeypatch.setattr(postgres, "BEGIN_WRITE", postgres.BEGIN_WRITE.replace("'30s'", "'2s'"))
    destination = cluster.new_database()
    # Two files with the same content: neither lock is in the other's way.
    twin = f"sqlite://{shutil.copy(source.removeprefix('sqlite://'), tmp_path / 'twin.db')}"
    with open_copy(source, destination) as first, open_copy(twin, destination) as second:
        first.copy_rows(lambda _: None)
        with pytest.raises(RuntimeError, match=Refusal.DATABASE_IN_USE):
            second.copy_rows(lambda _: None)
        assert first.verify_and_finish(system_clock()).problems == []
    assert rows_of(destination) == rows_of(source)


def test_copy_when_a_row_got_lost_then_fails_and_stays_unfinished(source: str, cluster: Cluster) -> None:
    destination = cluster.new_database()
    with open_copy(source, destination) as copy:
        copy.copy_rows(lambda _: None)
        with closing(DatabaseAddress(destination).connect()) as database:
            database.execute_sql("DELETE FROM idempotency_key WHERE client_message_id = 'kind 2'")
    ended = run("copy", source, destination)
    assert ended.returncode == 1
    problem, last = ended.stdout.splitlines()[-2:]
    assert problem.startswith("the table idempotency_key has ")
    assert last.endswith(": 1 problems, so it is not finished")
    assert_refused(run("check", "--database", destination), Refusal.COPY_UNFINISHED)


def test_copy_when_a_count_is_wrong_then_fails_and_stays_unfinished(source: str, cluster: Cluster) -> None:
    destination = cluster.new_database()
    with open_copy(source, destination) as copy:
        copy.copy_rows(lambda _: None)
        with closing(DatabaseAddress(destination).connect()) as database:
            database.execute_sql("UPDATE conversation SET member_count = member_count + 1 WHERE id = 1")
        (problem,) = copy.verify_and_finish(system_clock()).problems
    assert problem.startswith("destination: conversation 1: ")
    assert_refused(run("check", "--database", destination), Refusal.COPY_UNFINISHED)


@pytest.mark.parametrize("place", ["127.0.0.1:1/name?connect_timeout=2", "127.0.0.1:port/name", "[::1/name"])
def test_copy_when_the_destination_cannot_be_reached_fails_without_its_password(source: str, place: str) -> None:
    ended = run("copy", source, f"postgresql://user:{SECRET}@{place}")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("failed: ") or "failed: " in ended.stderr
    assert SECRET not in ended.stdout + ended.stderr


def test_copy_when_urls_are_of_the_wrong_kind_is_refused(source: str, cluster: Cluster, tmp_path: Path) -> None:
    destination = cluster.new_database()
    assert_refused(run("copy", destination, source), Refusal.COPY_KIND)
    assert_refused(run("copy", source, f"sqlite://{tmp_path}/copy.db"), Refusal.COPY_KIND)
    for missing in (f"sqlite://{tmp_path}/missing.db", "sqlite:///:memory:", "nonsense"):
        ended = run("copy", missing, destination)
        assert (ended.returncode, ended.stderr.splitlines()[-1][:8]) == (1, "failed: ")
    assert not (tmp_path / "missing.db").exists()
    assert tables_of(destination) == []


def test_copy_when_the_source_is_of_an_older_schema_is_refused(cluster: Cluster, tmp_path: Path, source: str) -> None:
    with closing(DatabaseAddress(source).connect()) as database:
        database.execute_sql("DELETE FROM schema_migration WHERE name LIKE '0003%'")
    destination = cluster.new_database()
    assert_refused(run("copy", source, destination), Refusal.COPY_SCHEMA)
    assert tables_of(destination) == []
    (tmp_path / "empty.db").touch()
    assert_refused(run("copy", f"sqlite://{tmp_path}/empty.db", destination), Refusal.COPY_SCHEMA)
