"""Commands that build and run client code in other languages."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]

REQUIRE = "BACKSCROLL_TEST_REQUIRE_TOOLCHAINS"
"""The variable that is set where everything must be there."""
_STEP_SECONDS = 540
"""For one command, downloads included."""


def skip_without(tools: Sequence[str]) -> None:
    """Skips a test where tools are not on this machine; fails where they are required."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        skip_or_fail(f"not on this machine: {', '.join(missing)}")


def skip_or_fail(reason: str) -> NoReturn:
    """Skips a test because something is not on this machine; fails where that is required."""
    assert not os.environ.get(REQUIRE), reason
    pytest.skip(reason)


def run(folder: Path, *command: str | Path) -> str:
    """Runs a command; answers what it printed, and fails with all of it where the command fails."""
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            printed, errors = process.communicate(timeout=_STEP_SECONDS)
        except BaseException:
            # A script has started compilers and others, which would go on without it.
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert process.returncode == 0, f"{' '.join(map(str, command[:6]))}: {printed}\n{errors}"
    return printed
