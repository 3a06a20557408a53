"""The scenario files are of the format, and name only what there is: methods, streams and values."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import MethodDescriptor
from jsonschema import Draft202012Validator

from backscroll_server.contract.loading import SUITE_FILE, Scenario, Suite, load_suite
from backscroll_server.contract.methods import services_of

HERE = Path(__file__).parent
FOLDER = HERE / "scenarios"
SCHEMA = json.loads((HERE / "scenario.schema.json").read_text(encoding="utf-8"))
FILES = sorted(path.name for path in FOLDER.glob("*.json"))
WITHOUT_NAME = re.compile(r"now([+-]\d+s)?|repeat:.*:\d+", re.DOTALL)


def validator(name: str) -> Draft202012Validator:
    """The validator of a file with that name."""
    root = {"$ref": "#/$defs/suite", "$defs": SCHEMA["$defs"]} if name == SUITE_FILE else SCHEMA
    return Draft202012Validator(root)


def faults(name: str, read: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(read)]


def scenario_with(*steps: Any) -> dict[str, Any]:
    return {"format": 1, "about": "One.", "scenarios": [{"name": "one", "steps": list(steps)}]}


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite(FOLDER)


@pytest.fixture(scope="module")
def methods(suite: Suite) -> dict[str, MethodDescriptor]:
    """The methods of the contract by the names that scenarios use."""
    return {
        f"{name}/{method.name}": method
        for name, (service, _) in services_of(suite.package).items()
        for method in service.methods
    }


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", FILES)
def test_file_meets_the_schema(name: str) -> None:
    assert faults(name, json.loads((FOLDER / name).read_text(encoding="utf-8"))) == []


def test_schema_refuses_what_the_format_does_not_have() -> None:
    call = {"call": "A/B"}
    assert faults("x.json", scenario_with(call)) == []
    for wrong in (
        {},
        {"about": "nothing is done"},
        {**call, "wait": 1},
        {**call, "expects": {}},
        {**call, "expect": {}, "error": {}},
        {**call, "request": {}, "requests": []},
        {**call, "error": {"state": "NOT_FOUND"}},
        {**call, "error": {"status": "MISSING"}},
        {**call, "expect": {"a": [{"$some": 1}]}},
        {**call, "expect": {"a": {"$any": True, "b": 1}}},
        {**call, "expect": {"$count": "3"}},
        {**call, "expect": {"$not": {"$all": []}}},
        {**call, "request": {"a": {"$any": True}}},
        {**call, "request": {"a": [{"$times": 3}]}},
        {**call, "request": {"$times": 3, "of": {}}},
        {**call, "requests": [{"$times": 3}]},
        {**call, "requests": [{"$times": 3, "of": "no request"}]},
        {**call, "expect": {"a": [{"$times": 3, "of": {}}]}},
        {"open": "A/B"},
        {"receive": "one"},
        {"wait": 0},
    ):
        assert faults("x.json", scenario_with(wrong)), wrong


def test_schema_takes_a_placeholder_for_a_key() -> None:
    step = {"call": "A/B", "request": {"attributes": {"${alice}": "x"}}, "expect": {"attributes": {"${alice}": "x"}}}
    assert faults("x.json", scenario_with(step)) == []


def test_names_are_unique(suite: Suite) -> None:
    names = Counter(scenario.name for scenario in suite.scenarios)
    assert [name for name, count in names.items() if count > 1] == []
    assert names


def test_methods_are_there_and_requests_fit_them(suite: Suite, methods: dict[str, MethodDescriptor]) -> None:
    assert set(suite.streams) <= set(methods)
    for method, kinds in suite.streams.items():
        items = methods[method].output_type.fields_by_name[kinds.items]
        assert items.message_type is not None, method
        assert {*kinds.changes, *kinds.states} <= set(items.message_type.fields_by_name), method
    for scenario in suite.scenarios:
        for step in scenario.steps:
            if "call" in step:
                assert step["call"] in methods, scenario.name
                assert ("requests" in step) == methods[step["call"]].client_streaming, scenario.name
            if "open" in step:
                assert step["open"] in methods, scenario.name
                assert methods[step["open"]].server_streaming, scenario.name


def test_streams_are_open_where_steps_use_them(suite: Suite) -> None:
    for scenario in suite.scenarios:
        streams: dict[str, str] = {}
        for step in scenario.steps:
            if "open" in step:
                assert step["stream"] not in streams, scenario.name
                streams[step["stream"]] = step["open"]
            if "receive" in step:
                assert streams.get(step["receive"]) in suite.streams, scenario.name
            for key in ("end", "close"):
                if key in step:
                    assert streams.pop(step[key], None), scenario.name


def test_values_have_one_name_and_are_used_after_they_are_there(suite: Suite) -> None:
    for scenario in suite.scenarios:
        assert list(undefined(scenario)) == [], scenario.name


def undefined(scenario: Scenario) -> Iterator[str]:
    """Yield the placeholders of a scenario that stand for nothing, and the names that it gives twice."""
    names = [*scenario.users, *scenario.ids]
    for step in scenario.steps:
        yield from (text for text in placeholders(step, ()) if text not in names and not WITHOUT_NAME.fullmatch(text))
        names += captures(step)
    yield from (name for name, count in Counter(names).items() if count > 1)


def placeholders(value: Any, within: tuple[str, ...]) -> Iterator[str]:
    """Yield what stands in the placeholders of a JSON value, without the index of copies."""
    match value:
        case str():
            yield from (text for text in re.findall(r"\$\{([^}]*)\}", value) if text not in within)
        case list():
            for item in value:
                yield from placeholders(item, within)
        case dict():
            inner = (*within, "index") if "$times" in value else within
            for key, item in value.items():
                yield from placeholders(key, within)
                yield from placeholders(item, inner)


def captures(value: Any) -> Iterator[str]:
    """Yield the names that a step captures: nothing within a negation and the choice of states."""
    match value:
        case list():
            for item in value:
                yield from captures(item)
        case dict():
            if "$as" in value:
                yield value["$as"]
            for key, item in value.items():
                if key not in {"$not", "of"}:
                    yield from captures(item)
