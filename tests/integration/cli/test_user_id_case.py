"""The setting `user_id_case` and the database: kept from the first start, and refused where it is another (N7)."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import grpc
import pytest

from backscroll_server.services.upkeep.copy import open_copy
from backscroll_server.storage.tables.models import DatabaseProperty, User
from backscroll_server.storage.upkeep.migrate import migrate
from tests.support.api_client import ApiClient, single
from tests.support.fixtures import NewDatabase, peewee_database
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server
from tools.postgres_cluster import MISSING, Cluster, available

FOLD = ("--user-id-case", "fold")
HELD = "failed: USER_ID_CASE: the database holds users and has user_id_case = "


def run(*arguments: str) -> tuple[int, list[str]]:
    """The status of a command, and the lines that it wrote."""
    ended = subprocess.run(
        [sys.executable, "-m", "backscroll_server", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return ended.returncode, ended.stdout.strip().splitlines()


def serve(url: str, *flags: str, sender: str = "") -> None:
    """Starts a server, sends one message where a sender is given, and stops it."""
    server = start_server(url, *flags)
    if sender:
        with grpc.insecure_channel(server.target) as channel:
            ApiClient(channel).send(sender, single("bob"))
    assert server.stop() == 0


def refusal(url: str, *flags: str) -> str:
    """Return why a server refuses to start; asserts that `serve --check` gives the same reason."""
    with pytest.raises(RuntimeError) as raised:
        start_server(url, *flags)
    line = str(raised.value).strip().splitlines()[-1]
    assert run("serve", "--check", "--database", url, *flags) == (1, [line])
    return line


def forget_setting(url: str) -> None:
    """Makes a database one from before the setting, as its migration leaves it."""
    with closing(peewee_database(url)) as database:
        key = DatabaseProperty.key == "user_id_case"
        database.execute(DatabaseProperty.update(value=b"").where(key))


def stored_setting(url: str) -> bytes:
    with closing(peewee_database(url)) as database:
        rows = list(database.execute(DatabaseProperty.select().where(DatabaseProperty.key == "user_id_case")))
    return bytes(rows[0][1])


def test_start_when_the_database_holds_users_of_another_setting_then_refused(new_database: NewDatabase) -> None:
    exact, folding = new_database(), new_database()
    serve(exact, sender="ann")
    serve(folding, *FOLD, sender="Ann")
    assert refusal(exact, *FOLD) == f"{HELD}exact, which cannot be changed to fold any more"
    assert refusal(folding) == f"{HELD}fold, which cannot be changed to exact any more"
    serve(exact)
    serve(folding, *FOLD)
    for url, flags in ((exact, ()), (folding, FOLD)):
        status, lines = run("serve", "--check", "--database", url, *flags)
        assert (status, lines[-1].rpartition("; ")[2]) == (0, "the database can be opened")


def test_start_when_the_database_holds_no_users_then_the_setting_may_change(new_database: NewDatabase) -> None:
    url = new_database()
    migrate(url)
    assert stored_setting(url) == b""
    for flags, stored in ((FOLD, b"fold"), ((), b"exact"), (FOLD, b"fold")):
        serve(url, *flags)
        assert stored_setting(url) == stored


def test_start_when_the_database_is_from_before_the_setting_then_fold_needs_folded_ids(
    new_database: NewDatabase,
) -> None:
    folded, mixed = new_database(), new_database()
    serve(folded, sender="ann")
    serve(mixed, sender="Ann")
    forget_setting(folded)
    forget_setting(mixed)
    assert refusal(mixed, *FOLD) == (
        "failed: USER_ID_CASE: 2 ids of users and conversations in the database are not in folded case, so that "
        "user_id_case = fold would not find them; it has to be served with exact"
    )
    assert stored_setting(mixed) == b""
    serve(folded, *FOLD)
    serve(mixed)
    assert (stored_setting(folded), stored_setting(mixed)) == (b"fold", b"exact")


def test_check_when_an_id_is_not_folded_then_says_so(new_database: NewDatabase) -> None:
    url = new_database()
    serve(url, *FOLD, sender="Ann")
    assert run("check", "--database", url)[0] == 0
    with closing(peewee_database(url)) as database:
        database.execute(User.update(user_id="ANN").where(User.user_id == "ann"))
    status, lines = run("check", "--database", url)
    assert (status, any("1 ids of users and conversations are not in folded case" in line for line in lines)) == (
        1,
        True,
    )


@pytest.mark.skipif(not available(), reason=MISSING)
def test_copy_then_the_setting_goes_along(tmp_path: Path, cluster: Cluster) -> None:
    source, destination = f"sqlite://{tmp_path / 'source.db'}", cluster.new_database()
    serve(source, *FOLD, sender="Ann")
    with open_copy(source, destination) as copy:
        copy.copy_rows(lambda _: None)
        assert copy.verify_and_finish(0).problems == []
    assert stored_setting(destination) == b"fold"
    assert refusal(destination).startswith(HELD)
