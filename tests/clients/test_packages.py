"""The package of each language, packed and installed into an empty project, calls a server."""

from pathlib import Path

import pytest

from tests.clients.runners import LANGUAGES, TOOLS
from tests.clients.targets import Target
from tests.support.commands import ROOT, run, skip_without

pytestmark = pytest.mark.toolchains


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "python"])
def test_package_is_installed_and_calls_a_server(language: str, open_server: Target, tmp_path: Path) -> None:
    skip_without(TOOLS[language])
    script = ROOT / f"protos/tools/pack_{language}.sh"
    printed = run(ROOT, "env", f"BACKSCROLL_ADDRESS={open_server.address}", script, tmp_path)
    assert printed.strip().splitlines()[-1] == "answered: 0"
