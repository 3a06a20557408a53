"""The scenarios use the whole contract, but for a list of what they do not, with a reason for each."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from google.protobuf.descriptor import EnumDescriptor

from tests.support.commands import ROOT
from tests.support.scenario_coverage import METHODS, OUTPUT_ONLY, REASONS, Uses, fields_below, value_name

_FOLDER = Path(__file__).parent
_FILE = re.compile(r"(?:tests|docs)/[\w/]+\.(?:py|md)")

REQUEST_FIELDS = fields_below(method.input_type for method in METHODS.values())
ANSWER_FIELDS = fields_below(method.output_type for method in METHODS.values())
ENUMS: set[EnumDescriptor] = {
    found.enum_type for found in (REQUEST_FIELDS | ANSWER_FIELDS).values() if found.enum_type is not None
} | {REASONS}


def not_covered() -> dict[str, str]:
    """What is not covered, by its full name, with the reason."""
    reasons: dict[str, str] = json.loads((_FOLDER / "not_covered.json").read_text(encoding="utf-8"))
    return reasons


@cache
def uses() -> Uses:
    """What all scenarios use."""
    folder = _FOLDER / "scenarios"
    suite = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    states = {state for stream in suite["streams"].values() for state in stream["states"]}
    found = Uses()
    for path in sorted(folder.glob("*.json")):
        if path.name != "suite.json":
            for scenario in json.loads(path.read_text(encoding="utf-8"))["scenarios"]:
                found.add(scenario, states)
    return found


def missing(kind: str) -> set[str]:
    """The full names of what the scenarios do not use of methods, request fields, answer fields or values."""
    used = uses()
    return {
        "methods": {method.full_name for method in METHODS.values()} - used.methods,
        "request fields": set(REQUEST_FIELDS) - OUTPUT_ONLY - used.sent,
        "answer fields": set(ANSWER_FIELDS) - used.expected,
        "values": {value_name(enum, value.name) for enum in ENUMS for value in enum.values if value.number}
        - used.values,
    }[kind]


KINDS = ("methods", "request fields", "answer fields", "values")


@pytest.mark.parametrize("kind", KINDS)
def test_scenarios_use_everything_that_is_not_listed(kind: str) -> None:
    assert not (names := sorted(missing(kind) - set(not_covered()))), "\n".join(names)


def test_list_holds_nothing_that_is_covered_or_does_not_exist() -> None:
    every: set[str] = set().union(*(missing(kind) for kind in KINDS))
    assert not (names := sorted(set(not_covered()) - every)), "\n".join(names)


def test_every_file_that_a_reason_names_exists() -> None:
    for name, reason in not_covered().items():
        assert reason, name
        for path in _FILE.findall(reason):
            assert (ROOT / path).is_file(), (name, path)
