"""The benchmarks themselves: that they run, whatever the machine gives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_benchmarks_when_run_briefly_measure_every_case() -> None:
    paths = os.pathsep.join(str(ROOT / path) for path in ("service", "generated/python", "."))
    cases = ("page", "send", "batch", "depth", "list")
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--seconds", "0.1", "--rounds", "1", "--quick", *cases],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1].endswith("0 not measured, 0 cases failed")
