"""A secure start as README has it, word for word but for the port; and the look at whether a server would start."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backscroll_server.identity.service_keys import key_line, new_key
from tests.support.identity_files import Authority, new_signer, private_pem, public_pem, write_private
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

ROOT = Path(__file__).parents[3]
PATHS = [str(ROOT / "service"), str(ROOT / "generated" / "python"), str(ROOT)]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)}


def run(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a module in a folder."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def flags_of_the_makefile() -> list[str]:
    """The flags with which `make run-secure` serves."""
    text = (ROOT / "Makefile").read_text().replace("\\\n", " ").replace("$(SECURE)", "secure")
    (command,) = re.findall(r"^run-secure:.*\n.*\n\t\$\(BIN\)/backscroll serve (.*)$", text, re.MULTILINE)
    words = shlex.split(command)
    assert words[:4] == ["--database", "$(DATABASE)", "--listen", "$(LISTEN)"]
    return words[4:]


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    """A server started as `make run-secure` starts it, in a folder of its own."""
    made = run("tools.self_made", "secure", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    monkeypatch.chdir(tmp_path)
    server = start_server(f"sqlite:{tmp_path / 'secure.db'}", *flags_of_the_makefile())
    yield server
    assert server.stop() == 0


def test_first_calls_when_made_as_readme_says_are_served(secure: RunningServer, tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text().partition("## A secure start")[2].partition("\n## ")[0]
    commands = re.findall(r"^\$ \.venv/bin/backscroll (.*)$", section, re.MULTILINE)
    port = secure.target.rpartition(":")[2]
    printed = []
    for command in commands:
        result = run("backscroll_server", *shlex.split(command.replace(":50051", f":{port}")), folder=tmp_path)
        assert result.returncode == 0, result.stderr
        printed.append(result.stdout)
    assert "sent message 1 of s:alice:bob" in printed[0]
    assert "1 unread" in printed[1]
    denied = run("backscroll_server", "list", "bob", "--target", f"localhost:{port}", folder=tmp_path)
    assert denied.returncode == 1
    assert "The server speaks TLS: call it with --tls." in denied.stderr


def test_secrets_when_made_again_stay_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    run("tools.self_made", "secure", folder=tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "secure").iterdir()}
    assert set(before) == {"keys", "service.key", "server.key", "server.pem"}
    assert before["service.key"] not in before["keys"]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secure").iterdir()} == {0o600}
    run("tools.self_made", "secure", folder=tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "secure").iterdir()} == before


def check(folder: Path, *flags: str) -> tuple[int, str]:
    """The status of `backscroll serve --check`, and what it says."""
    result = run("backscroll_server", "serve", "--check", *flags, folder=folder)
    return result.returncode, (result.stdout or result.stderr).strip().splitlines()[-1]


def test_check_when_all_would_do_says_how_it_would_serve(tmp_path: Path) -> None:
    key = write_private(tmp_path / "keys", key_line("billing", new_key()))
    certified = Authority().certify("localhost")
    write_private(tmp_path / "c.pem", certified.certificate)
    write_private(tmp_path / "c.key", certified.key)
    assert check(tmp_path) == (
        0,
        "it would start: on 127.0.0.1:50051, in plain text, asking nobody who they are; the database would be created",
    )
    assert list(tmp_path.glob("*.db")) == []
    flags = ["--auth", "key", "--key-file", str(key), "--listen", "0.0.0.0:1"]
    flags += ["--tls-certificate", "c.pem", "--tls-key", "c.key"]
    assert check(tmp_path, *flags)[1].startswith("it would start: on 0.0.0.0:1, in TLS, asking key; ")


def test_check_when_something_would_not_do_says_what(tmp_path: Path) -> None:
    key = write_private(tmp_path / "keys", key_line("billing", new_key()))
    new, other = Authority().certify("localhost"), Authority().certify("localhost")
    write_private(tmp_path / "c.pem", new.certificate)
    write_private(tmp_path / "c.key", other.key)
    open_key = write_private(tmp_path / "open", key.read_bytes())
    open_key.chmod(0o644)
    faults = {
        ("--listen", "0.0.0.0:1"): "refusing to listen on 0.0.0.0:1",
        ("--auth", "key"): "needs the settings key_file or keys",
        ("--auth", "key", "--key-file", "missing"): "missing cannot be read",
        ("--auth", "key", "--key-file", "open"): "chmod 600",
        ("--auth", "key", "--key-file", "c.pem"): "line 1",
        ("--auth", "magic"): "auth: the modes are",
        ("--tls-certificate", "c.pem"): "tls_certificate and tls_key need each other",
        ("--tls-certificate", "c.pem", "--tls-key", "c.key"): "the key does not belong to the certificate",
        ("--database", "mysql://x"): "database",
    }
    for flags, why in faults.items():
        status, said = check(tmp_path, *flags)
        assert status != 0, flags
        assert why in said, flags


def test_token_when_made_by_the_command_is_taken(tmp_path: Path) -> None:
    signer = new_signer()
    write_private(tmp_path / "signer.key", private_pem(signer))
    public = write_private(tmp_path / "signer.pem", public_pem(signer))
    server = start_server(
        f"sqlite:{tmp_path / 'x.db'}", "--auth", "jwt", "--jwt-key-file", str(public), "--jwt-audience", "chat"
    )
    made = run("backscroll_server", "token", "alice", "--key", "signer.key", "--audience", "chat", folder=tmp_path)
    write_private(tmp_path / "alice.token", made.stdout)
    flags = ("--target", server.target, "--token-file", "alice.token")
    assert run("backscroll_server", "list", "alice", *flags, folder=tmp_path).returncode == 0
    refused = run("backscroll_server", "list", "bob", *flags, folder=tmp_path)
    assert "PERMISSION_DENIED USER_NOT_ALLOWED" in refused.stderr
    assert server.stop() == 0
