"""The generation of client code by plugins of buf."""

import os
import sys
from pathlib import Path

from tests.support.commands import ROOT, run

HERE = Path(__file__).parent


def buf(language: str, output: Path, plugins: Path) -> None:
    """Generates into a folder, by the plugins of another one."""
    buf = Path(sys.executable).with_name("buf")
    template = HERE / f"buf.gen.{language}.yaml"
    path = f"PATH={plugins}{os.pathsep}{os.environ['PATH']}"
    run(ROOT, "env", path, buf, "generate", "protos", "--template", template, "--output", output)
