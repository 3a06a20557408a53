"""The scenarios use the whole contract, but for a list of what they do not, with a reason for each."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

from tests.support.commands import ROOT
from tests.support.scenario_coverage import OUTPUT_ONLY, Contract, Uses, descriptors, value_name

Change = Callable[[FileDescriptorSet], None]
"""Changes the descriptors of a contract."""

_FOLDER = Path(__file__).parent
_FILE = re.compile(r"(?:tests|docs)/[\w/]+\.(?:py|md)")


def not_covered() -> dict[str, str]:
    """The parts that are not covered, by full name, with the reason."""
    reasons: dict[str, str] = json.loads((_FOLDER / "not_covered.json").read_text(encoding="utf-8"))
    return reasons


def uses(contract: Contract) -> Uses:
    """The parts of a version of the contract that all scenarios use."""
    folder = _FOLDER / "scenarios"
    suite = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    states = {state for stream in suite["streams"].values() for state in stream["states"]}
    found = Uses(contract)
    for path in sorted(folder.glob("*.json")):
        if path.name != "suite.json":
            for scenario in json.loads(path.read_text(encoding="utf-8"))["scenarios"]:
                found.add(scenario, states)
    return found


def unused(contract: Contract) -> dict[str, set[str]]:
    """The full names of what the scenarios do not use: methods, request fields, answer fields, and values."""
    used = uses(contract)
    return {
        "methods": {method.full_name for method in contract.methods.values()} - used.methods,
        "request fields": set(contract.request_fields) - OUTPUT_ONLY - used.sent,
        "answer fields": set(contract.answer_fields) - used.expected,
        "values": {
            value_name(enum, value.name) for enum in contract.enums.values() for value in enum.values if value.number
        }
        - used.values,
    }


@cache
def missing() -> dict[str, set[str]]:
    """The parts of this version that the scenarios do not use."""
    return unused(Contract(descriptors()))


KINDS = ("methods", "request fields", "answer fields", "values")


@pytest.mark.parametrize("kind", KINDS)
def test_scenarios_use_everything_that_is_not_listed(kind: str) -> None:
    assert not (names := sorted(missing()[kind] - set(not_covered()))), "\n".join(names)


def test_list_holds_nothing_that_is_covered_or_does_not_exist() -> None:
    every: set[str] = set().union(*missing().values())
    assert not (names := sorted(set(not_covered()) - every)), "\n".join(names)


def test_every_file_that_a_reason_names_exists() -> None:
    for name, reason in not_covered().items():
        assert reason, name
        for path in _FILE.findall(reason):
            assert (ROOT / path).is_file(), (name, path)


def field_of(name: str) -> Change:
    """Adds a field to a message."""

    def change(files: FileDescriptorSet) -> None:
        message = next(message for file in files.file for message in file.message_type if message.name == name)
        message.field.add(
            name="later_field",
            number=5000,
            type=FieldDescriptorProto.TYPE_STRING,
            label=FieldDescriptorProto.LABEL_OPTIONAL,
        )

    return change


def value_of(name: str, value: str) -> Change:
    """Adds a value to an enum."""

    def change(files: FileDescriptorSet) -> None:
        enum = next(enum for file in files.file for enum in file.enum_type if enum.name == name)
        enum.value.add(name=value, number=5000)

    return change


def add_method(files: FileDescriptorSet) -> None:
    file = next(file for file in files.file if file.name.endswith("/message_service.proto"))
    like = file.service[0].method[0]
    file.service[0].method.add(name="LaterMethod", input_type=like.input_type, output_type=like.output_type)


def add_service(files: FileDescriptorSet) -> None:
    file = next(file for file in files.file if file.name.endswith("/message_service.proto"))
    like = file.service[0].method[0]
    later = files.file.add(name="backscroll/v1/later.proto", package=file.package, syntax="proto3")
    later.dependency.append(file.name)
    method = later.service.add(name="LaterService").method.add(name="Get")
    method.input_type, method.output_type = like.input_type, like.output_type


@pytest.mark.parametrize(
    ("kind", "name", "change"),
    [
        ("methods", "MessageService.LaterMethod", add_method),
        ("methods", "LaterService.Get", add_service),
        ("request fields", "SendMessageRequest.later_field", field_of("SendMessageRequest")),
        ("request fields", "OutgoingMessage.later_field", field_of("OutgoingMessage")),
        ("answer fields", "ListMessagesResponse.later_field", field_of("ListMessagesResponse")),
        ("answer fields", "MessageReceived.later_field", field_of("MessageReceived")),
        ("values", "MemberRole.MEMBER_ROLE_LATER", value_of("MemberRole", "MEMBER_ROLE_LATER")),
        ("values", "ErrorReason.ERROR_REASON_LATER", value_of("ErrorReason", "ERROR_REASON_LATER")),
    ],
)
def test_what_is_new_must_be_used_or_listed(kind: str, name: str, change: Change) -> None:
    files = descriptors()
    change(files)
    assert unused(Contract(files))[kind] - set(not_covered()) == {f"backscroll.v1.{name}"}
