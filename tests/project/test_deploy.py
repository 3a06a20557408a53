"""The files for those who run it with Docker or systemd: well-formed, and about settings and files that exist."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from backscroll_server.settings import ENVIRONMENT_PREFIX, Settings
from tests.support.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
INSTRUCTIONS = {"FROM", "RUN", "COPY", "WORKDIR", "USER", "ENV", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"}


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "backscroll.service"])
def test_settings_named_in_a_file_exist(name: str) -> None:
    named = set(re.findall(rf"{ENVIRONMENT_PREFIX}([A-Z_]+)", (DEPLOY / name).read_text())) - {"PASSWORD"}
    assert named
    assert {setting.lower() for setting in named} <= set(Settings.model_fields)


def test_dockerfile_has_known_instructions_and_copies_what_exists() -> None:
    lines = [line for line in (DEPLOY / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]
    assert {line.split()[0] for line in lines} == INSTRUCTIONS
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY") and "--from" not in line]
    assert all((ROOT / source).exists() for sources in copied for source in sources)


def test_compose_file_builds_the_server_and_waits_for_the_database() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    server = services["backscroll"]
    assert (DEPLOY / server["build"]["context"] / server["build"]["dockerfile"]).is_file()
    assert server["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert all(port.startswith("127.0.0.1:") for port in server["ports"])


def test_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    unit = configparser.RawConfigParser(strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # The documented way to keep capitals.
    unit.read(DEPLOY / "backscroll.service")
    assert unit.sections() == ["Unit", "Service", "Install"]
    assert int(unit["Service"]["LimitNOFILE"]) > 2 * Settings.model_fields["stream_limit"].default
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    # It also looks for the program and the file with secrets, which are not installed here.
    text = (DEPLOY / "backscroll.service").read_text().replace("/opt/backscroll/bin/backscroll", "/bin/true")
    copied = tmp_path / "backscroll.service"
    copied.write_text(text)
    said = subprocess.run(
        [analyze, "verify", copied], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert not [line for line in said.stderr.splitlines() if "backscroll.service" in line]
