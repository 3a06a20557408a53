"""The image's steps work without Docker: what deploy/Dockerfile installs serves as deploy/compose.yaml starts it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import grpc
import pytest
import yaml

from backscroll_server.cli.connection import Connection
from tests.support.api_client import ApiClient, failing, single, texts
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, await_target
from tools.postgres_cluster import MISSING, Cluster, available

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
INSTALL_SECONDS = 400
"""For the installation from a package registry."""

PREFIX = "/opt/backscroll"

Instruction = tuple[str, str]


def stages() -> list[list[Instruction]]:
    """The instructions of each stage of the Dockerfile, with what follows them on the line."""
    found: list[list[Instruction]] = []
    for line in (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            instruction, _, rest = line.partition(" ")
            if instruction == "FROM":
                found.append([])
            found[-1].append((instruction, rest))
    return found


def outside_environment() -> dict[str, str]:
    """The environment without this project's own paths and settings, and with the Python of the tests as `python`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BACKSCROLL_", "PYTHON"))}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def build(folder: Path) -> None:
    """Run the first stage in a folder: copy what it copies, and run what it runs, which installs below the folder."""
    source = folder / "source"
    for instruction, rest in stages()[0]:
        if instruction == "WORKDIR":
            source.mkdir()
        elif instruction == "COPY":
            *names, destination = rest.split()
            for name in names:
                copied = source / destination
                if (ROOT / name).is_dir():
                    shutil.copytree(ROOT / name, copied)
                else:
                    shutil.copy(ROOT / name, copied)
        elif instruction == "RUN":
            ran = subprocess.run(
                ["/bin/sh", "-c", rest.replace(PREFIX, str(folder / "installed"))],
                cwd=source,
                env=outside_environment(),
                capture_output=True,
                text=True,
                timeout=INSTALL_SECONDS,
                check=False,
            )
            assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"


def entry_point(folder: Path) -> tuple[list[str], list[str]]:
    """The program that the last stage starts, and its arguments."""
    last = dict(stages()[-1])
    program: list[str] = json.loads(last["ENTRYPOINT"])
    arguments: list[str] = json.loads(last["CMD"])
    return [part.replace(PREFIX, str(folder / "installed")) for part in program], arguments


def composed_environment(**values: str) -> dict[str, str]:
    """The environment of the server in the compose file.

    Args:
        values: what the file takes from the environment, and `BACKSCROLL_DATABASE` in place of the composed one.
    """
    server = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["backscroll"]
    composed: dict[str, str] = server["environment"]
    assert {"BACKSCROLL_DATABASE", "BACKSCROLL_KEYS", "BACKSCROLL_WORKERS", "BACKSCROLL_AUTH"} == set(composed)
    filled = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: values.get(found[1], ""), text)
        for name, text in composed.items()
    }
    return {**filled, "BACKSCROLL_DATABASE": values["BACKSCROLL_DATABASE"]}


@pytest.mark.slow
@pytest.mark.skipif(not available(), reason=MISSING)
def test_image_when_its_steps_run_in_a_folder_serves_callers_with_a_key(cluster: Cluster, tmp_path: Path) -> None:
    build(tmp_path)
    program, arguments = entry_point(tmp_path)
    made = subprocess.run(
        [*program, "key", "new", "billing"],
        env=outside_environment(), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True,
    )  # fmt: skip
    key = made.stdout.strip()
    composed = composed_environment(BACKSCROLL_DATABASE=cluster.new_database(), BACKSCROLL_KEYS=f"billing:{key}")
    log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - lives as long as the server
    process = subprocess.Popen(
        [*program, *arguments],
        cwd=tmp_path,
        env={**outside_environment(), **composed, "BACKSCROLL_LISTEN": "127.0.0.1:0"},
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    server = await_target(RunningServer("", process, log))
    try:
        with Connection(server.target).open() as channel:
            refused = failing(ApiClient(channel).send, "alice", single("bob"))
            assert refused.code is grpc.StatusCode.UNAUTHENTICATED
        with Connection(server.target, proof=key).open() as channel:
            ApiClient(channel).send("alice", single("bob"), "hello")
            assert texts(ApiClient(channel).walk("bob", single("alice"))) == ["hello"]
    finally:
        assert server.stop() == 0, server.log_text()
