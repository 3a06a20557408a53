"""A PostgreSQL server of the tests' own, in a temporary folder, and fresh databases in it."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg

OUTSIDE_SERVER = "BACKSCROLL_TEST_POSTGRES_URL"
"""A server to use instead: its URL, of a user who may create databases."""

MISSING = f"there is no PostgreSQL server here; install one, or set {OUTSIDE_SERVER}"

_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/opt/postgresql*/bin", "/opt/homebrew/opt/postgresql*/bin")
_START_SECONDS = 30
_SYSTEM_USER = "postgres"


def find_binaries() -> Path | None:
    """Return the folder with the newest server's programs, or None where there is none."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _FOLDERS:
        found += sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True)
    return next((folder for folder in found if (folder / "postgres").is_file()), None)


def available() -> bool:
    """Return whether tests can run on PostgreSQL here."""
    return bool(os.environ.get(OUTSIDE_SERVER)) or find_binaries() is not None


@dataclass(slots=True)
class Cluster:
    """A server that runs.

    Attributes:
        url: of its database for maintenance.
        folder: where its files are; None for one that is not ours.
        process: the server; None for one that is not ours, or that was stopped.
    """

    url: str
    folder: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def new_database(self) -> str:
        """Return the URL of a new empty database."""
        return self._create("TEMPLATE template0 ENCODING 'UTF8'")

    def copy_database(self, url: str) -> str:
        """Return the URL of a copy of a database that nobody is connected to."""
        return self._create(f"TEMPLATE {urlsplit(url).path.removeprefix('/')}")

    def new_database_on(self, folder: Path) -> str:
        """Return the URL of a new empty database whose files, but not its log, lie in a folder of the server's user."""
        name = f"space_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        return self._create(f"TEMPLATE template0 ENCODING 'UTF8' TABLESPACE {name}")

    def _create(self, how: str) -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {how}")
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        assert self.folder is not None
        port = urlsplit(self.url).port
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *as_server(), binary("postgres"), "-D", str(self.folder / "data"), "-p", str(port),
                    "-k", str(self.folder), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300",
                    "-c", "shared_buffers=64MB", "-c", "autovacuum_naptime=5s",
                ],
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, self.log_text()
                assert self.process.poll() is None, self.log_text()
                time.sleep(0.05)
            else:
                return

    def log_text(self) -> str:
        """Return the server's log."""
        assert self.folder is not None
        return (self.folder / "log").read_text(encoding="utf-8")

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT cuts every connection off, SIGQUIT is a crash."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(_START_SECONDS)
            self.process = None

    def kill(self) -> None:
        """End the server and every process of it without warning."""
        assert self.process is not None
        everything = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        for one in everything:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait(_START_SECONDS)
        psutil.wait_procs(everything, _START_SECONDS)
        self.process = None

    def run(self, statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement in the database for maintenance; return its rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def make_standby(self, *, synchronous: bool = False, port: int | None = None) -> "Cluster":
        """Return a server that follows this one.

        Args:
            synchronous: whether commits here wait from now on until they are on a disk there.
            port: where it listens; None is any free one.
        """
        standby = _new_cluster(port)
        assert standby.folder is not None
        subprocess.run(
            [*as_server(), binary("pg_basebackup"), "-d", self.url, "-D", str(standby.folder / "data"), "-R",
             "-X", "stream", "-c", "fast", "--no-sync"],
            check=True,
            cwd="/",
        )  # fmt: skip
        standby.start()
        if synchronous:
            self.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
            self.run("SELECT pg_reload_conf()")
        expected = "sync" if synchronous else "async"
        deadline = time.monotonic() + _START_SECONDS
        while self.run("SELECT state, sync_state FROM pg_stat_replication") != [("streaming", expected)]:
            assert time.monotonic() < deadline, standby.log_text()
            time.sleep(0.05)
        return standby

    def promote(self) -> None:
        """Make a standby a server that takes writes, and wait for that."""
        assert self.run("SELECT pg_promote()") == [(True,)]

    def at(self, database: str) -> str:
        """Return the URL of a database here by that of the same one elsewhere."""
        return urlunsplit(urlsplit(self.url)._replace(path=urlsplit(database).path))

    def remove(self) -> None:
        """End the server without care for its files, and remove them."""
        self.end(signal.SIGQUIT)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def start_cluster() -> Cluster:
    """Return a server of our own, or the one that the environment names."""
    outside = os.environ.get(OUTSIDE_SERVER)
    return Cluster(outside) if outside else start_own_cluster()


def start_own_cluster(parent: Path | None = None) -> Cluster:
    """Return a server of our own, its files in a new folder below another one, or below the system's temporary one."""
    cluster = _new_cluster(parent=parent)
    assert cluster.folder is not None
    subprocess.run(
        [*as_server(), binary("initdb"), "-D", str(cluster.folder / "data"), "-U", "tests", "--auth=trust",
         "--encoding=UTF8", "--locale=C", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )  # fmt: skip
    cluster.start()
    return cluster


def _new_cluster(port: int | None = None, parent: Path | None = None) -> Cluster:
    """Return a folder and a port for a server."""
    folder = Path(tempfile.mkdtemp(prefix="backscroll-postgres-", dir=parent))
    if os.geteuid() == 0:
        # The server refuses to run as root.
        owner = pwd.getpwnam(_SYSTEM_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return Cluster(f"postgresql://tests@127.0.0.1:{port or free_port()}/postgres", folder)


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def binary(name: str) -> str:
    """Return the path of one of the server's programs.

    Raises:
        RuntimeError: where there is no server here.
    """
    folder = find_binaries()
    if folder is None:
        raise RuntimeError(MISSING)
    return str(folder / name)


def as_server() -> list[str]:
    """Return the prefix that makes a command run as an unprivileged user.

    By a program, because Python would fork for it, which gRPC's threads in the tests' own process do not survive.
    """
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid", _SYSTEM_USER, "--regid", _SYSTEM_USER, "--clear-groups"]


if __name__ == "__main__":
    if not available():
        print(f"skipped: {MISSING}")
        raise SystemExit(1)
