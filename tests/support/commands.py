"""Commands that build and run client code in other languages."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_REQUIRE = "BACKSCROLL_TEST_REQUIRE_TOOLCHAINS"
_STEP_SECONDS = 540
"""For one command, downloads included."""


def skip_without(tools: Sequence[str]) -> None:
    """Skips a test where tools are not on this machine; fails where they are required."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        reason = f"not on this machine: {', '.join(missing)}"
        assert not os.environ.get(_REQUIRE), reason
        pytest.skip(reason)


def run(folder: Path, *command: str | Path) -> str:
    """Runs a command; answers what it printed, and fails with all of it where the command fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_STEP_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command[:6]))}: {done.stdout}\n{done.stderr}"
    return done.stdout
