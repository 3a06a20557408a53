"""A PgBouncer of the tests' own: a pool of a few connections in front of a PostgreSQL server."""

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.support.patience import PATIENCE_SECONDS
from tools.postgres_cluster import as_server, free_port

PROGRAM = "BACKSCROLL_TEST_PGBOUNCER"
"""The path of the program, where it is not found as `pgbouncer`."""


def find_program() -> str | None:
    """The path of PgBouncer, or None where there is none."""
    return os.environ.get(PROGRAM) or shutil.which("pgbouncer")


def knows_prepared_statements(program: str) -> bool:
    """Whether a PgBouncer follows prepared statements (1.21), and what the driver says to forget them all (1.22)."""
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS
    ).stdout
    major, minor = said.split()[1].split(".")[:2]
    return (int(major), int(minor)) >= (1, 22)


@dataclass(slots=True)
class Pooler:
    """A PgBouncer in transaction mode.

    Attributes:
        server: the URL of any database of the server behind it.
        port: where it listens.
        folder: its files.
        process: None while it is ended.
    """

    server: str
    port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    def url(self, database_url: str) -> str:
        """The URL of a database of that server, through the pool."""
        parts = urlsplit(database_url)
        return urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{self.port}"))

    def start(self) -> None:
        """Starts it and waits until it takes connections."""
        program = find_program()
        assert program is not None
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*as_server(), program, str(self.folder / "pool.ini")], stderr=log, cwd="/")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                psycopg.connect(self.url(self.server), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, self.log_text()
                assert self.process.poll() is None, f"status {self.process.returncode}: {self.log_text()}"
                time.sleep(0.05)
            else:
                return

    def end(self) -> None:
        """Ends it at once, and every connection through it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE_SECONDS)
            self.process = None

    def log_text(self) -> str:
        """What it logged."""
        return (self.folder / "log").read_text()

    def remove(self) -> None:
        """Ends it and removes its files."""
        self.end()
        shutil.rmtree(self.folder)


def start_pooler(server: str, *, size: int, prepared: int = 0) -> Pooler:
    """Starts a pool.

    Args:
        server: the URL of any database of the server behind it.
        size: how many connections to a database it opens at most.
        prepared: how many prepared statements it follows; 0 for one that may not know any.
    """
    parts = urlsplit(server)
    folder = Path(tempfile.mkdtemp(prefix="backscroll-pool-"))
    folder.chmod(0o755)
    port = free_port()
    (folder / "users").write_text(f'"{parts.username}" ""\n')
    (folder / "pool.ini").write_text(
        "[databases]\n"
        f"* = host={parts.hostname} port={parts.port}\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = trust\nauth_file = {folder / 'users'}\n"
        f"pool_mode = transaction\ndefault_pool_size = {size}\nmax_client_conn = 500\n"
        # The first one that finds the server away is sent so, and the pool soon tries again.
        "server_login_retry = 1\n" + (f"max_prepared_statements = {prepared}\n" if prepared else "")
    )
    pooler = Pooler(server, port, folder)
    pooler.start()
    return pooler
