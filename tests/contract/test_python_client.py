"""The page about clients in Python works word for word."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients" / "python.md").read_text(encoding="utf-8")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "python")}


def test_first_call_of_the_page_prints_what_the_page_shows(tmp_path: Path) -> None:
    first, retries = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    server = start_server(f"sqlite:{tmp_path / 'x.db'}")
    try:
        for _ in range(2):  # A second run is a retry: it stores nothing twice.
            ran = subprocess.run(
                [sys.executable, "-c", f"{first}\n{retries}".replace("127.0.0.1:50051", server.target)],
                env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True,
            )  # fmt: skip
            assert ran.stdout == "s:alice:bob 1\n"
    finally:
        server.stop()
    assert f"$ .venv/bin/python first_call.py\n{ran.stdout}" in PAGE
