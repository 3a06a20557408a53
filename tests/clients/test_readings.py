"""All runners read the format alike: each passes and fails the same checks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.clients.runners import LANGUAGES, RUNNERS, run_scenarios, write_scenarios
from tests.clients.scripted import REPEATED, scripted_server
from tests.clients.targets import Target
from tests.support.commands import ROOT

CHECKS = RUNNERS / "checks"
SUITE = "suite.json"
PASSES, FAILS = "passes:", "fails:"


def _parts(**expected: Any) -> list[dict[str, Any]]:
    return [{"call": "MessageService/StreamMessages", **expected}]


def _watch(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    second = {"message_received": {"message": {"sequence": 2}}}
    return [
        {"open": "EventService/WatchEvents", "stream": "watch", "expect": {"events": {"$count": 1}}},
        {"receive": "watch", "until": second, "changes": list(changes)},
        {"end": "watch"},
    ]


# What the server does not send in its present version.
SCRIPTED: dict[str, list[dict[str, Any]]] = {
    "passes: of a field that is no list the last answer that has it counts": _parts(
        expect={"messages": [{"sequence": 1}, {"sequence": 2}], "resume_token": "first"}
    ),
    "fails: an answer without a field does not empty it": _parts(expect={"resume_token": None}),
    "passes: of a key of metadata that came twice the last value counts": _parts(answer_metadata={REPEATED: "after"}),
    "fails: of a key of metadata that came twice the first value": _parts(answer_metadata={REPEATED: "before"}),
    "passes: items of the first answer belong to the first receive": _watch({"message_received": {}}),
    "fails: items of the first answer are passed over": _watch(),
}


@pytest.fixture(scope="module")
def marked_server(open_server: Target) -> Target:
    """The target on SQLite, with a caller whose calls have a request id."""
    return replace(open_server, callers={"marked": {"x-request-id": "of-the-caller"}})


def checks() -> Iterator[dict[str, Any]]:
    """Yield the checks of all files."""
    for path in sorted(CHECKS.glob("*.json")):
        if path.name != SUITE:
            yield from json.loads(path.read_text(encoding="utf-8"))["scenarios"]


def names(kind: str) -> set[str]:
    """The names of the checks that begin with a kind."""
    return {check["name"] for check in checks() if check["name"].startswith(kind)}


def test_checks_are_of_the_format() -> None:
    assert names(PASSES) | names(FAILS) == {check["name"] for check in checks()}
    assert (CHECKS / SUITE).read_text(encoding="utf-8") == (ROOT / "tests/contract/scenarios" / SUITE).read_text(
        encoding="utf-8"
    )
    schema = json.loads((ROOT / "tests/contract/scenario.schema.json").read_text(encoding="utf-8"))
    passing = [check for check in checks() if check["name"].startswith(PASSES)]
    file = {"format": 1, "about": "All that pass.", "scenarios": passing}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(file)] == []


@pytest.mark.toolchains
@pytest.mark.parametrize("language", LANGUAGES)
def test_runner_reads_the_format_as_all_do(language: str, marked_server: Target, tmp_path: Path) -> None:
    outcome = run_scenarios(language, marked_server, tmp_path, scenarios=CHECKS)
    assert outcome.names("passed") == names(PASSES), outcome.failures()
    assert outcome.names("failed") == names(FAILS)
    assert outcome.status == 1
    assert all(outcome.whys("failed").values())


@pytest.mark.toolchains
@pytest.mark.parametrize("language", LANGUAGES)
def test_runner_reads_answers_as_all_do(language: str, tmp_path: Path) -> None:
    folder = write_scenarios(
        tmp_path / "scenarios", [{"name": name, "steps": steps} for name, steps in SCRIPTED.items()]
    )
    with scripted_server() as address:
        outcome = run_scenarios(language, Target(address, ()), tmp_path, scenarios=folder)
    assert outcome.names("passed") == {name for name in SCRIPTED if name.startswith(PASSES)}, outcome.failures()
    assert outcome.names("failed") == {name for name in SCRIPTED if name.startswith(FAILS)}


@pytest.mark.toolchains
@pytest.mark.parametrize("language", LANGUAGES)
def test_runner_reports_the_chosen_scenarios_alone(language: str, marked_server: Target, tmp_path: Path) -> None:
    text = "the last colon"
    one = run_scenarios(language, marked_server, tmp_path, "--only", text, scenarios=CHECKS)
    assert {scenario["name"] for scenario in one.scenarios} == {name for name in names(PASSES) if text in name}
    assert one.status == 0
    none = run_scenarios(language, marked_server, tmp_path, "--only", "no name has this", scenarios=CHECKS)
    assert (none.status, none.scenarios) == (0, [])
