"""The page about clients works word for word where it is in Python, and is alike for all languages."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.contract_calls import METHODS
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
LANGUAGES = ["Python", "Go", "TypeScript", "Java", "Rust"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "python")}


def sections(page: str) -> dict[str, str]:
    """The sections of a page by their titles."""
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_first_call_in_python_prints_what_the_page_shows(tmp_path: Path) -> None:
    section = sections(PAGE)["Python"]
    first, retries = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
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
    assert f"$ .venv/bin/python first_call.py\n{ran.stdout}" in section


def test_languages_have_the_same_headings_in_one_order() -> None:
    found = sections(PROSE)
    assert list(found) == ["All languages", *LANGUAGES]
    headings = {title: re.findall(r"^### (.+)$", found[title], re.MULTILINE) for title in LANGUAGES}
    assert headings["Python"]
    assert all(headings[title] == headings["Python"] for title in LANGUAGES), headings


def test_links_lead_to_files_and_to_sections_of_the_page() -> None:
    anchors = {title.lower().replace(" ", "-") for title in sections(PROSE)}
    for link in re.findall(r"\]\((\S+?)\)", PROSE):
        file, _, anchor = link.partition("#")
        assert (ROOT / "docs" / file).exists() if file else anchor in anchors, link


def test_calls_that_are_the_callers_to_repeat_are_those_that_the_service_config_leaves_out() -> None:
    config = (ROOT / "generated" / "backscroll_grpc_service_config.json").read_text(encoding="utf-8")
    table = PROSE.partition("| call | safe with |")[2].partition("\n\n")[0]
    named = {name for line in table.splitlines() for name in re.findall(r"`([A-Z]\w+)`", line)}
    assert named == {method for method in METHODS if f'"{method}"' not in config}
