"""Servers that the contract suite runs against, and their credentials files."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backscroll_server.identity.service_keys import key_line, new_key
from tests.support.identity_files import AUDIENCE, Authority, new_signer, public_pem, token_of, write_private
from tests.support.server_process import start_server
from tools.postgres_cluster import start_own_cluster

USER_COUNT = 4_000
"""The number of users that a run of the suite may take."""

OPEN_HAS = ("open", "stream limits")
SECURE_HAS = ("identities", "stream limits")
"""The needs of scenarios that each target meets."""

_TOKEN_SECONDS = 3 * 3600
_RATES = ("read", "write", "import", "export", "user-read", "user-write", "user-export")
# A suite does more at a time than one caller should.
_FLAGS = ("--user-stream-limit", "4", *(part for rate in _RATES for part in (f"--{rate}-rate", "0")))


@dataclass(frozen=True)
class Target:
    """A server that takes calls, and what its callers show.

    Attributes:
        address: `HOST:PORT`.
        has: what scenarios may need of it.
        authority: the file of the certificates that sign the server's; None for plain text.
        callers: the metadata of each caller.
        signer: the key that signs the tokens of users; None where nobody is asked for proof.
    """

    address: str
    has: tuple[str, ...]
    authority: Path | None = None
    callers: dict[str, dict[str, str]] = field(default_factory=dict)
    signer: Any = None

    def write_credentials(self, path: Path) -> Path:
        """Writes a credentials file with users that nobody else has; answers its path."""
        users = []
        if self.signer is not None:
            for user_id in (f"user-{uuid.uuid4()}" for _ in range(USER_COUNT)):
                token = token_of(self.signer, user_id, exp=_later())
                users.append({"user_id": user_id, "metadata": _bearer(token)})
        content = {"format": 1, "has": list(self.has), "callers": self.callers, "users": users}
        path.write_text(json.dumps(content), encoding="utf-8")
        return path


@contextmanager
def open_target(folder: Path) -> Iterator[Target]:
    """A server on SQLite, in plain text, whose callers prove nothing."""
    server = start_server(f"sqlite://{folder / 'open.db'}", *_FLAGS)
    try:
        yield Target(server.target, OPEN_HAS)
    finally:
        status = server.stop()
    assert status == 0, server.log_text()


@contextmanager
def secure_target(folder: Path) -> Iterator[Target]:
    """Two worker processes on PostgreSQL, over TLS, whose callers show keys or tokens."""
    authority, signer = Authority(), new_signer()
    served = authority.certify("localhost", dns=("localhost",))
    keys = {"service": new_key(), "other service": new_key()}
    contents: dict[str, bytes | str] = {
        "ca.pem": authority.certificate,
        "server.pem": served.certificate,
        "server.key": served.key,
        "keys": "".join(key_line(name.replace(" ", "-"), key) + "\n" for name, key in keys.items()),
        "signer.pem": public_pem(signer),
    }
    files = {name: write_private(folder / name, content) for name, content in contents.items()}
    callers = {name: _bearer(key) for name, key in keys.items()} | {
        "expired": _bearer(token_of(signer, "user-expired", exp=_later() - 2 * _TOKEN_SECONDS)),
        "invalid": _bearer(new_key()),
        "nobody": {},
    }
    cluster = start_own_cluster()
    try:
        server = start_server(
            cluster.new_database(),
            *("--workers", "2", "--tls-certificate", str(files["server.pem"]), "--tls-key", str(files["server.key"])),
            *("--auth", "key,jwt", "--key-file", str(files["keys"])),
            *("--jwt-key-file", str(files["signer.pem"]), "--jwt-audience", AUDIENCE),
            *_FLAGS,
        )
        try:
            address = f"localhost:{server.target.rpartition(':')[2]}"
            yield Target(address, SECURE_HAS, files["ca.pem"], callers, signer)
        finally:
            status = server.stop()
        assert status == 0, server.log_text()
    finally:
        cluster.remove()


def _bearer(proof: str) -> dict[str, str]:
    return {"authorization": f"Bearer {proof}"}


def _later() -> int:
    return int(time.time()) + _TOKEN_SECONDS
