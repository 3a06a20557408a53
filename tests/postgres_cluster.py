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
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

OUTSIDE_SERVER = "BACKSCROLL_TEST_POSTGRES_URL"
"""A server to use instead: its URL, of a user who may create databases."""

MISSING = f"there is no PostgreSQL server here; install one, or set {OUTSIDE_SERVER}"

_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/opt/postgresql*/bin", "/opt/homebrew/opt/postgresql*/bin")
_START_SECONDS = 30
_SYSTEM_USER = "postgres"


def find_binaries() -> Path | None:
    """The folder with the newest server's programs, or None where there is none."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _FOLDERS:
        found += sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True)
    return next((folder for folder in found if (folder / "postgres").is_file()), None)


def available() -> bool:
    """Whether tests can run on PostgreSQL here."""
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
        """The URL of a new empty database."""
        return self._create("TEMPLATE template0 ENCODING 'UTF8'")

    def copy_database(self, url: str) -> str:
        """The URL of a copy of a database that nobody is connected to."""
        return self._create(f"TEMPLATE {urlsplit(url).path.removeprefix('/')}")

    def _create(self, how: str) -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {how}")
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def start(self) -> None:
        """Starts the server and waits until it takes connections."""
        assert self.folder is not None
        port = urlsplit(self.url).port
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    _binary("postgres"), "-D", str(self.folder / "data"), "-p", str(port), "-k", str(self.folder),
                    "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "shared_buffers=64MB",
                    "-c", "autovacuum_naptime=5s",
                ],
                stdout=subprocess.DEVNULL,
                stderr=log,
                **_as_server(),
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                assert self.process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        """Ends the server: SIGINT cuts every connection off, SIGQUIT is a crash."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(_START_SECONDS)
            self.process = None

    def remove(self) -> None:
        """Ends the server without care for its files, and removes them."""
        self.end(signal.SIGQUIT)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def start_cluster() -> Cluster:
    """A server of our own, or the one that the environment names."""
    outside = os.environ.get(OUTSIDE_SERVER)
    if outside:
        return Cluster(outside)
    folder = Path(tempfile.mkdtemp(prefix="backscroll-postgres-"))
    if os.geteuid() == 0:
        # The server refuses to run as root.
        owner = pwd.getpwnam(_SYSTEM_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    subprocess.run(
        [_binary("initdb"), "-D", str(folder / "data"), "-U", "tests", "--auth=trust", "--encoding=UTF8",
         "--locale=C", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        **_as_server(),
    )  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = Cluster(f"postgresql://tests@127.0.0.1:{port}/postgres", folder)
    cluster.start()
    return cluster


def _binary(name: str) -> str:
    folder = find_binaries()
    assert folder is not None, f"there is no PostgreSQL server here; set {OUTSIDE_SERVER} to use one elsewhere"
    return str(folder / name)


def _as_server() -> dict[str, object]:
    """How its programs are started: never as root, and from a folder that they may read."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    return {"cwd": "/", "user": _SYSTEM_USER, "group": _SYSTEM_USER, "extra_groups": []}


if __name__ == "__main__":
    if not available():
        print(f"skipped: {MISSING}")  # noqa: T201
        raise SystemExit(1)
