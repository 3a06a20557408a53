"""The contract suite with the expectations changed into those of a server of a later version."""

import json
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor

from tests.clients.later_contract import (
    CONTENT,
    EVENT,
    LATER_DEVICE,
    LATER_METADATA,
    REPLACED_CONTENT,
    LaterContract,
)

_NESTED = frozenset({"$is", "$not", "$unordered", "$contains"})
"""The operators that hold expectations of the value itself or of its elements."""

_Kind = Descriptor | EnumDescriptor | None
_Json = dict[str, Any]


class LaterExpectations:
    """Changes the expectations of scenarios as `LaterContract` changes answers; requests stay as they are.

    The value of an enum with later ones is expected to be the later one, as a number, because a client of this version
    has no name for it; content of a kind that is replaced to be there without a kind; and a list of events to have the
    added ones. A captured value that the later server changes cannot be used in a request: the server behind the proxy
    refuses it, and the scenario fails.

    Args:
        later: the later version.
        shared: what `suite.json` holds.
    """

    def __init__(self, later: LaterContract, shared: _Json) -> None:
        self._later, self._package, self._streams = later, shared["package"], shared["streams"]
        unknown = {"device_id": LATER_DEVICE, **dict.fromkeys(later.known_kinds(EVENT))}
        self._added = [unknown for _ in later.later_kinds(EVENT)]
        self._content_of_no_kind = dict.fromkeys(later.known_kinds(CONTENT))

    def scenario(self, scenario: _Json) -> _Json:
        """A scenario with expectations of the later server."""
        methods = {step["stream"]: step["open"] for step in scenario["steps"] if "open" in step}
        return scenario | {"steps": [self._step(step, methods) for step in scenario["steps"]]}

    def _step(self, step: _Json, methods: dict[str, str]) -> _Json:
        changed = dict(step)
        if "error" in step:
            changed["error"] = self._error(step["error"])
        if "expect" in step:
            changed["expect"] = self._changed(self._answer_of(step.get("call") or step["open"]), step["expect"])
        if "receive" in step:
            changed |= self._received(step, methods[step["receive"]])
        return changed

    def _error(self, error: _Json) -> _Json:
        if error.get("reason") is None:
            return error
        metadata = error.get("metadata", {}) | LATER_METADATA
        return error | {"reason": self._later.later_reason(), "metadata": metadata}

    def _received(self, step: _Json, method: str) -> _Json:
        """The expectations of a step that reads a stream."""
        items = self._streams[method]
        answer = self._answer_of(method)
        item = _message_of(answer, items["items"])
        changed: _Json = {key: self._changed(item, step[key]) for key in ("until", "changes") if key in step}
        if "states" in step:
            states = [_message_of(item, name) for name in items["states"]]
            changed["states"] = [
                {key: self._state(states, expectation) for key, expectation in state.items()}
                for state in step["states"]
            ]
        if "answer" in step:
            changed["answer"] = self._changed(answer, step["answer"])
        return changed

    def _state(self, states: list[Descriptor], expectation: _Json) -> Any:
        """An expectation of a state, whose fields say of which of these messages it is."""
        kind = next(state for state in states if set(expectation) <= set(state.fields_by_name))
        return self._changed(kind, expectation)

    def _changed(self, kind: _Kind, expectation: Any) -> Any:
        """An expectation of a value of that kind, or of a list of them; kinds are messages and enums, else None."""
        if isinstance(expectation, list):
            return [self._changed(kind, one) for one in expectation]
        if isinstance(expectation, dict):
            if kind is not None and kind.full_name == CONTENT and expectation.keys() & REPLACED_CONTENT:
                return self._content_of_no_kind
            return {name: self._member(kind, name, inner) for name, inner in expectation.items()}
        if isinstance(kind, EnumDescriptor) and expectation:
            later = self._later.later_value(kind)
            return expectation if later is None else later
        return expectation

    def _member(self, kind: _Kind, name: str, expectation: Any) -> Any:
        """What stands under a name in an expectation: that of a field, or the argument of an operator."""
        if name in _NESTED:
            return self._changed(kind, expectation)
        if not isinstance(kind, Descriptor) or name not in kind.fields_by_name:
            return expectation
        field = kind.fields_by_name[name]
        changed = self._changed(field.message_type or field.enum_type, expectation)
        if field.is_repeated and field.message_type is not None and field.message_type.full_name == EVENT:
            return self._with_added_events(changed)
        return changed

    def _with_added_events(self, events: Any) -> Any:
        """An expectation of a list of events, with those that the later server puts around a list that is not empty."""
        if isinstance(events, list):
            return [*self._added, *events, *self._added] if events else events
        if isinstance(events, dict) and "$count" in events:
            return {"$count": events["$count"] + 2 * len(self._added) if events["$count"] else 0}
        if isinstance(events, dict):
            return {
                name: self._with_added_events(inner) if name in _NESTED else inner for name, inner in events.items()
            }
        return events

    def _answer_of(self, method: str) -> Descriptor:
        return self._later.answer_of(f"/{self._package}.{method}")


def _message_of(described: Descriptor, field: str) -> Descriptor:
    message = described.fields_by_name[field].message_type
    assert message is not None
    return message


def write_suite(source: Path, folder: Path, later: LaterContract) -> Path:
    """Writes the suite of a folder with expectations of the later server into another folder; answers that."""
    folder.mkdir()
    shared = json.loads((source / "suite.json").read_text(encoding="utf-8"))
    expectations = LaterExpectations(later, shared)
    for path in source.glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        if "scenarios" in content:
            content["scenarios"] = [expectations.scenario(scenario) for scenario in content["scenarios"]]
        (folder / path.name).write_text(json.dumps(content), encoding="utf-8")
    return folder
