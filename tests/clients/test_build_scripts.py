"""The command that a build script prints starts the program, also from a folder whose path has a space."""

import os
import shutil
from pathlib import Path

import pytest

from tests.clients.runners import LANGUAGES, built
from tests.support.commands import ROOT

SCRIPTS = [
    f"{folder}/{language}/build.sh"
    for folder in ("tests/contract/runners", "examples")
    for language in LANGUAGES
    if language != "python"
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_command_stands_a_path_with_a_space(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, tools = tmp_path / "a folder", tmp_path / "tools"
    copied = root / script
    copied.parent.joinpath("target").mkdir(parents=True)
    shutil.copy(ROOT / script, copied)
    for tool in (tools / "go", tools / "cargo", tools / "mvn", root / "protos/tools/typescript/build.sh"):
        tool.parent.mkdir(parents=True, exist_ok=True)
        tool.write_text("#!/bin/sh\n", encoding="utf-8")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    program = built(copied)[-1]
    assert Path(program).is_relative_to(root)
