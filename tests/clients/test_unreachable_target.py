"""A runner of the contract suite says that it could not begin where nothing listens at the target's address."""

import socket
import subprocess
from pathlib import Path

import pytest

from tests.clients.runners import LANGUAGES, SCENARIOS, command_of
from tests.support.commands import ROOT

_COULD_NOT_BEGIN = 2


@pytest.mark.toolchains
@pytest.mark.parametrize("language", LANGUAGES)
def test_runner_when_its_target_cannot_be_reached_could_not_begin(language: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [*command_of(language), "--scenarios", str(SCENARIOS), "--report", str(report)]
    with socket.socket() as bound:
        # Held without listening: connections are refused, and nobody else gets the port.
        bound.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{bound.getsockname()[1]}"
        done = subprocess.run(
            [*command, "--target", target], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == _COULD_NOT_BEGIN, done.stdout + done.stderr
    assert target in done.stdout + done.stderr
    assert not report.exists()
