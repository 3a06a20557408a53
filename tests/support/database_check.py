"""Verifies a server's database from outside, as an operator does."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.patience import PATIENCE_SECONDS


def assert_sound(database_url: str, *flags: str) -> None:
    """Fails with what `backscroll check` found, with further flags of it, unless it found no problem."""
    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(root / "service"), str(root / "generated" / "python")])
    checked = subprocess.run(
        [sys.executable, "-m", "backscroll_server", "check", "--allow-empty", "--database", database_url, *flags],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert checked.returncode == 0, f"{checked.stdout}\n{checked.stderr}"
