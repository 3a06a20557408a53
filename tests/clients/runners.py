"""The runners of the contract suite in five languages: how each is built and started, and what it reports."""

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from backscroll_server.contract.loading import load_suite
from tests.clients.targets import Target
from tests.support.commands import ROOT, run, skip_without

RUNNERS = ROOT / "tests/contract/runners"
SCENARIOS = ROOT / "tests/contract/scenarios"

# What each language needs on this machine. The ones that take longest to build come first.
TOOLS: dict[str, tuple[str, ...]] = {
    "rust": ("cargo", "rustc"),
    "java": ("mvn", "javac", "java"),
    "go": ("go",),
    "typescript": ("npm", "node"),
    "python": (),
}
LANGUAGES = tuple(TOOLS)

_RUN_SECONDS = 900


@dataclass(frozen=True)
class Outcome:
    """The result of a run of a runner.

    Attributes:
        status: the exit status.
        printed: everything that the runner printed.
        scenarios: the objects of the report.
    """

    status: int
    printed: str
    scenarios: list[dict[str, Any]]

    def names(self, result: str) -> set[str]:
        """The names of the scenarios with that result."""
        return {scenario["name"] for scenario in self.scenarios if scenario["result"] == result}

    def whys(self, result: str) -> dict[str, str]:
        """The reasons of the scenarios with that result, by name."""
        return {scenario["name"]: scenario["why"] for scenario in self.scenarios if scenario["result"] == result}

    def failures(self) -> str:
        """A line for each scenario that failed; empty where none did."""
        return "".join(f"{name}: {why}\n" for name, why in self.whys("failed").items())


@cache
def command_of(language: str) -> list[str]:
    """The command that starts a runner, which is built first; skips where the language's tools are not here."""
    skip_without(TOOLS[language])
    if language == "python":
        return [sys.executable, "-m", "backscroll_server", "contract"]
    return built(RUNNERS / language / "build.sh")


def built(script: Path) -> list[str]:
    """Runs a script that builds a program; answers the command that its last line names."""
    return shlex.split(run(ROOT, script).strip().splitlines()[-1])


def run_scenarios(
    language: str, target: Target, folder: Path, *options: str | Path, scenarios: Path = SCENARIOS
) -> Outcome:
    """Runs scenarios against a target with the runner of a language.

    Args:
        language: the language.
        target: the server.
        folder: where the credentials and the report are written.
        options: further options of the runner.
        scenarios: the folder of scenarios.

    Returns:
        what the runner gave; its status is 0 or 1.
    """
    report = folder / f"{language}.report.json"
    credentials = target.write_credentials(folder / f"{language}.credentials.json")
    command: list[str | Path] = [
        *command_of(language),
        *("--target", target.address, "--scenarios", scenarios, "--report", report, "--credentials", credentials),
        *_authority(target),
        *options,
    ]
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_RUN_SECONDS,
        check=False,
    )
    assert done.returncode in {0, 1}, f"{language}: {done.returncode}\n{done.stdout}"
    return Outcome(done.returncode, done.stdout, json.loads(report.read_text(encoding="utf-8")))


def names_of(scenarios: Path = SCENARIOS, *, has: Sequence[str] | None = None) -> list[str]:
    """The names of the scenarios of a folder in the order of a report.

    Args:
        scenarios: the folder.
        has: what a target has, to leave out the scenarios that need more; None for all scenarios.
    """
    suite = load_suite(scenarios)
    return [one.name for one in suite.scenarios if has is None or set(one.needs) <= set(has)]


def write_scenarios(folder: Path, scenarios: Sequence[dict[str, Any]]) -> Path:
    """Writes a folder with a file of scenarios and what all files share; answers the folder."""
    folder.mkdir(exist_ok=True)
    shared = (SCENARIOS / "suite.json").read_text(encoding="utf-8")
    (folder / "suite.json").write_text(shared, encoding="utf-8")
    content = {"format": 1, "about": "Scenarios of a test.", "scenarios": list(scenarios)}
    (folder / "scenarios.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
    return folder


def _authority(target: Target) -> list[str | Path]:
    return [] if target.authority is None else ["--tls-ca", target.authority]
