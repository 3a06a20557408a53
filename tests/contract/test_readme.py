"""What the README shows works word for word."""

import re
import subprocess
import sys
from pathlib import Path

from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_readme_python_when_run_word_for_word_then_sends_and_pages(new_database: NewDatabase) -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert "127.0.0.1:50051" in snippet
    server: RunningServer = start_server(new_database())
    try:
        for _ in range(2):  # A second run is a retry: it stores nothing twice.
            ran = subprocess.run(
                [sys.executable, "-c", snippet.replace("127.0.0.1:50051", server.target)],
                capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True,
            )  # fmt: skip
            assert ran.stdout == "s:alice:bob 1\nalice Hello, Bob\n"
    finally:
        server.stop()


def test_readme_when_it_names_make_targets_then_they_exist() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^\$ |`)make ([a-z-]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
