"""A runner fails each of thirty scenarios that expect a little more, less or other than the server does."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.runners import LANGUAGES, run_scenarios, write_scenarios
from tests.clients.targets import Target

pytestmark = pytest.mark.toolchains

_Scenario = dict[str, Any]
_Change = Callable[[_Scenario], None]

BASES: dict[str, _Scenario] = {
    scenario["name"]: scenario
    for scenario in json.loads(Path(__file__).with_name("changed_expectations.json").read_text(encoding="utf-8"))
}
HISTORY, WATCH, ERROR = BASES
_LEFT_OUT = object()


def change(*path: int | str, to: Any) -> _Change:
    """Puts another value at a place of the steps."""

    def apply(scenario: _Scenario) -> None:
        place: Any = scenario["steps"]
        for key in path[:-1]:
            place = place[key]
        if to is _LEFT_OUT:
            del place[path[-1]]
        else:
            place[path[-1]] = to

    return apply


def reverse(*path: int | str) -> _Change:
    """Puts a list of the steps into the opposite order."""

    def apply(scenario: _Scenario) -> None:
        place: Any = scenario["steps"]
        for key in path:
            place = place[key]
        place.reverse()

    return apply


def received(number: int) -> dict[str, Any]:
    """An expectation of one of the messages that the watch delivers."""
    return {"message_received": {"message": {"content": {"text": {"text": f"number {number}"}}}}}


_LOCATION = {"location": {"latitude": 47.25}}
_ANY = {"$any": True}

# By a name that begins with the kind of the change: the scenario, and what is changed in it.
CHANGES: dict[str, tuple[str, _Change]] = {
    "value: a number": (HISTORY, change(0, "expect", "message", "sequence", to="2")),
    "value: a fraction": (HISTORY, change(2, "expect", "messages", 0, "content", to=_LOCATION)),
    "value: true for false": (HISTORY, change(0, "expect", "duplicate", to=True)),
    "value: at least": (HISTORY, change(1, "expect", "message", "sequence", "$at_least", to=3)),
    "value: a count": (WATCH, change(1, "expect", "results", "$count", to=2)),
    "value: metadata of the answer": (HISTORY, change(0, "answer_metadata", "x-request-id", to="another")),
    "value: the last state": (WATCH, change(4, "states", 0, "last", "conversation", "unread_count", to=3)),
    "value: not what it is": (HISTORY, change(0, "expect", "message", "sequence", to={"$not": 1})),
    "absent field: expected to be there": (HISTORY, change(1, "expect", "message", "tombstone", to=_ANY)),
    "absent field: with a value": (HISTORY, change(2, "expect", "next_page_token", to="more")),
    "absent field: expected to be absent": (HISTORY, change(2, "expect", "messages", 1, "client_message_id", to=None)),
    "absent field: an empty list that is not": (HISTORY, change(2, "expect", "messages", to=[])),
    "status: another one": (ERROR, change(0, "error", "status", to="NOT_FOUND")),
    "status: success": (ERROR, change(1, "error", to=_LEFT_OUT)),
    "status: failure": (HISTORY, change(3, "error", to={"status": "NOT_FOUND"})),
    "reason: another one": (ERROR, change(0, "error", "reason", to="REQUIRED")),
    "reason: none": (ERROR, change(1, "error", "reason", to=None)),
    "reason: with other metadata": (ERROR, change(0, "error", "metadata", "limit", to="255")),
    "reason: with a time to retry": (ERROR, change(0, "error", "retry", to=True)),
    "field path: another one": (ERROR, change(1, "error", "field", to="message_ids")),
    "field path: none": (ERROR, change(0, "error", "field", to=None)),
    "field path: a longer one": (ERROR, change(0, "error", "field", to="user_id.user_id")),
    "order: of a page": (HISTORY, reverse(2, "expect", "messages")),
    "order: of events": (WATCH, reverse(2, "changes")),
    "order: of what a list contains": (HISTORY, reverse(3, "expect", "results", "$contains")),
    "one event too many: at the end": (WATCH, change(2, "changes", 1, to=_LEFT_OUT)),
    "one event too many: at the beginning": (WATCH, change(2, "changes", 0, to=_LEFT_OUT)),
    "one event too many: where none is expected": (WATCH, change(2, "changes", to=[])),
    "one event too few: at the end": (WATCH, change(2, "changes", to=[received(0), received(1), _ANY])),
    "one event too few: twice the same": (WATCH, change(2, "changes", to=[received(0), received(0), received(1)])),
    "one event too few: a marker that does not come": (WATCH, change(2, "until", to=received(3))),
    "one event too few: a state that does not come": (
        WATCH,
        change(4, "states", 0, "of", to={"conversation_id": _ANY}),
    ),
    "a stream that should end: a watch": (WATCH, change(5, to={"end": "bob's", "within": 1})),
    "a stream that should end: another status": (HISTORY, change(5, "error", to={"status": "CANCELLED"})),
    "a capture: of another message": (HISTORY, change(2, "expect", "messages", 1, "message_id", to="${two}")),
    "a capture: of what is absent": (HISTORY, change(1, "expect", "message", "tombstone", to={"$as": "nothing"})),
    "a capture: of another value": (
        HISTORY,
        change(0, "expect", "message", "sequence", to={"$as": "sequence", "$is": "2"}),
    ),
}


def changed(name: str) -> _Scenario:
    """The scenario with that change."""
    base, apply = CHANGES[name]
    scenario = copy.deepcopy(BASES[base])
    scenario["name"] = f"changed: {name}"
    apply(scenario)
    return scenario


def changed_step(name: str) -> str:
    """The number of the step that a change is in, from 1."""
    steps = zip(BASES[CHANGES[name][0]]["steps"], changed(name)["steps"], strict=True)
    return str(next(number for number, (before, after) in enumerate(steps, 1) if before != after))


def failed_step(why: str) -> str:
    """The number of the step that a runner says has failed; empty where it names none."""
    found = re.match(r"step (\d+)\b", why)
    return found[1] if found else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_runner_fails_every_changed_expectation_and_no_unchanged_one(
    language: str, open_server: Target, tmp_path: Path
) -> None:
    scenarios = write_scenarios(tmp_path / "scenarios", [*BASES.values(), *map(changed, CHANGES)])
    outcome = run_scenarios(language, open_server, tmp_path, scenarios=scenarios)
    whys = outcome.whys("failed")
    assert outcome.names("passed") == set(BASES), outcome.failures()
    assert {name: failed_step(why) for name, why in whys.items()} == {
        f"changed: {name}": changed_step(name) for name in CHANGES
    }, whys
    assert outcome.status == 1
