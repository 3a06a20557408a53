"""The benchmarks themselves: that they run, whatever the machine gives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.postgres_server import missing

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_benchmarks_when_run_briefly_measure_every_case() -> None:
    _measure("page", "send", "batch", "depth", "group", "list")


@pytest.mark.slow
@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_benchmarks_on_postgres_when_run_briefly_measure_every_case() -> None:
    _measure("postgres-page", "postgres-send")


def _measure(*cases: str) -> None:
    paths = os.pathsep.join(str(ROOT / path) for path in ("service", "generated/python", "."))
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
