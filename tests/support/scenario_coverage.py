"""The parts of the contract that scenarios use: calls, fields of requests and answers, values of enums, reasons."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool

from tests.support.commands import ROOT

_PACKAGE = "backscroll.v1"
_WATCH = "EventService/WatchEvents"


class Contract:
    """The parts of a version of the contract, for scenarios to use.

    Args:
        files: its descriptors.

    Attributes:
        methods: every method, as scenarios name it.
        reasons: the enum of reasons.
        request_fields: the fields of requests and of messages in them, by full name.
        answer_fields: the fields of answers and of messages in them, by full name.
        enums: the enums of those fields, and the reasons, by full name.
    """

    def __init__(self, files: FileDescriptorSet) -> None:
        pool = DescriptorPool()
        for file in files.file:
            pool.Add(file)
        self.methods: dict[str, MethodDescriptor] = {
            f"{service.name}/{method.name}": method
            for file in files.file
            if file.package == _PACKAGE
            for service in pool.FindFileByName(file.name).services_by_name.values()
            for method in service.methods
        }
        self.reasons = pool.FindEnumTypeByName(f"{_PACKAGE}.ErrorReason")
        self.request_fields = fields_below(method.input_type for method in self.methods.values())
        self.answer_fields = fields_below(method.output_type for method in self.methods.values())
        found = (self.request_fields | self.answer_fields).values()
        used = [self.reasons, *(one.enum_type for one in found if one.enum_type is not None)]
        self.enums: dict[str, EnumDescriptor] = {enum.full_name: enum for enum in used}


def descriptors() -> FileDescriptorSet:
    """The descriptors of this version."""
    return FileDescriptorSet.FromString((ROOT / "generated/descriptors/backscroll.binpb").read_bytes())


OUTPUT_ONLY = frozenset(
    {
        "backscroll.v1.ConversationSettings.pin_time",
        "backscroll.v1.ConversationSettings.draft_time",
        "backscroll.v1.Member.join_time",
        "backscroll.v1.Member.read_sequence",
    }
)
"""Fields of messages that requests hold too, which no request sets."""


@dataclass
class Uses:
    """Full names of what scenarios use.

    Attributes:
        contract: what they may use.
        methods: methods that are called.
        sent: fields that a request sets to a value that is not their default.
        expected: fields of answers and events whose value an expectation holds.
        values: values of enums, reasons included, that a request holds or an expectation does.
    """

    contract: Contract
    methods: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    expected: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)

    def add(self, scenario: dict[str, Any], states: Iterable[str]) -> None:
        """Adds what a scenario uses.

        Args:
            scenario: the scenario.
            states: the names of the kinds of events that are states.

        Raises:
            ValueError: where a request or an expectation names a field that its message has not.
        """
        _Reader(self, json.dumps(scenario["steps"]), tuple(states)).read(scenario["steps"])


class _Reader:
    """Reads the steps of one scenario.

    Args:
        uses: what is added to.
        text: the steps as JSON, for placeholders.
        states: the names of the kinds of events that are states.
    """

    def __init__(self, uses: Uses, text: str, states: tuple[str, ...]) -> None:
        self._uses, self._text, self._states = uses, text, states
        self._methods, self._reasons = uses.contract.methods, uses.contract.reasons
        self._events: Descriptor = self._methods[_WATCH].output_type
        self._event = _message_of(self._events.fields_by_name["events"])

    def read(self, steps: list[dict[str, Any]]) -> None:
        """Adds what the steps use."""
        for step in steps:
            name = step.get("call") or step.get("open")
            if name is not None:
                self._read_call(self._methods[name], step)
            self._read_receive(step)
            reason = step.get("error", {}).get("reason")
            if reason is not None:
                self._add_value(self._reasons, f"ERROR_REASON_{reason}")

    def _read_call(self, method: MethodDescriptor, step: dict[str, Any]) -> None:
        self._uses.methods.add(method.full_name)
        for request in [step.get("request", {}), *step.get("requests", [])]:
            self._send(method.input_type, request)
        self._expect(method.output_type, step.get("expect", {}))

    def _read_receive(self, step: dict[str, Any]) -> None:
        self._expect(self._event, step.get("until", {}))
        for change in _branches(step.get("changes", [])):
            self._expect(self._event, change)
        self._expect(self._events, step.get("answer", {}))
        for state in step.get("states", []):
            for expectation in (state["of"], state["last"]):
                self._expect_state(expectation)

    def _expect_state(self, expectation: Any) -> None:
        """Adds an expectation of a state's content to every kind of state that can hold it."""
        for name in self._states:
            kind = self._event.fields_by_name[name]
            if isinstance(expectation, dict) and set(expectation) <= set(_message_of(kind).fields_by_name):
                self._expect(self._event, {name: expectation})

    def _send(self, message: Descriptor, request: dict[str, Any]) -> None:
        for name, value in request.items():
            found = _field(message, name)
            items = list(_elements(value)) if found.is_repeated and not _is_map(found) else [value]
            for item in items:
                if found.enum_type is not None:
                    self._add_value(found.enum_type, item)
                elif _is_message(found):
                    self._send(_message_of(found), item)
            if items and (_is_message(found) or not _is_default(found, items[0])):
                self._uses.sent.add(found.full_name)

    def _expect(self, message: Descriptor, expectation: Any) -> bool:
        """Adds the fields that an expectation of a message holds; answers true where there is one."""
        holds = False
        for branch in _branches([expectation]):
            if not isinstance(branch, dict):
                continue
            for name, value in branch.items():
                if not name.startswith("$") and self._expect_field(_field(message, name), value):
                    holds = True
        return holds

    def _expect_field(self, found: FieldDescriptor, expectation: Any) -> bool:
        held = [self._holds(found, branch) for branch in _branches([expectation])]
        if not any(held):
            return False
        self._uses.expected.add(found.full_name)
        return True

    def _holds(self, found: FieldDescriptor, expectation: Any) -> bool:
        if isinstance(expectation, list):
            held = [self._expect_field(found, one) for one in expectation]
            return any(held)
        if isinstance(expectation, dict) and any(key.startswith("$") for key in expectation):
            captured = expectation.get("$as")
            used = captured is not None and f"${{{captured}}}" in self._text
            there = bool({"$as", "$any"} & set(expectation)) and _is_chosen_by_server(found)
            return used or there or any(expectation.get(key, 0) not in {0, "0"} for key in ("$at_least", "$count"))
        if _is_message(found):
            return self._expect(_message_of(found), expectation)
        if found.enum_type is not None:
            self._add_value(found.enum_type, expectation)
        return not _is_default(found, expectation)

    def _add_value(self, enum: EnumDescriptor, name: Any) -> None:
        if name in enum.values_by_name:
            self._uses.values.add(value_name(enum, name))


def value_name(enum: EnumDescriptor, name: str) -> str:
    """The full name of a value, with that of its enum."""
    return f"{enum.full_name}.{name}"


def fields_below(messages: Iterable[Descriptor]) -> dict[str, FieldDescriptor]:
    """The fields of messages and of those in them, by their full names."""
    found: dict[str, FieldDescriptor] = {}
    waiting = list(messages)
    while waiting:
        for one in waiting.pop().fields:
            if one.full_name not in found:
                found[one.full_name] = one
                if _is_message(one):
                    waiting.append(_message_of(one))
    return found


def _is_map(found: FieldDescriptor) -> bool:
    return found.message_type is not None and found.message_type.GetOptions().map_entry


def _is_message(found: FieldDescriptor) -> bool:
    """True for a field that holds messages of the contract: those of protobuf itself are single values in JSON."""
    return found.message_type is not None and not _is_map(found) and found.message_type.file.package == _PACKAGE


def _is_chosen_by_server(found: FieldDescriptor) -> bool:
    """True for tokens and times, whose values nobody can know before."""
    return found.name.endswith("_token") or (
        found.message_type is not None and found.message_type.full_name == "google.protobuf.Timestamp"
    )


def _message_of(found: FieldDescriptor) -> Descriptor:
    assert found.message_type is not None
    return found.message_type


def _field(message: Descriptor, name: str) -> FieldDescriptor:
    found = message.fields_by_name.get(name)
    if found is None:
        raise ValueError(f"{message.full_name} has no field {name}")
    return found


def _is_default(found: FieldDescriptor, value: Any) -> bool:
    if value is None:
        return True
    if found.enum_type is not None:
        return value in {0, found.enum_type.values[0].name}
    return not found.has_presence and value in (0, "0", "", False, [], {})


def _elements(value: Any) -> Iterator[Any]:
    """The elements of a list of a request; of copies, the one that is copied."""
    for one in value:
        yield one["of"] if isinstance(one, dict) and "$times" in one else one


def _branches(expectations: Any) -> Iterator[Any]:
    """Expectations themselves, and what is in `$is`, `$unordered` and `$contains`, at any depth."""
    if isinstance(expectations, dict):
        expectations = [expectations]
    for one in expectations:
        if isinstance(one, dict) and ("$is" in one or "$unordered" in one or "$contains" in one):
            if "$as" in one:
                yield {"$as": one["$as"]}
            inner = one.get("$is", one.get("$unordered", one.get("$contains")))
            yield from _branches(inner if "$is" not in one else [inner])
        else:
            yield one
