"""The examples of docs/api.md: each method has one, and all of them work on a server, one after the other."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from backscroll.v1 import conversation_service_pb2, event_service_pb2, message_service_pb2, user_service_pb2
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server

ROOT = Path(__file__).parents[2]
EXAMPLES: Final[list[dict[str, Any]]] = json.loads((ROOT / "protos" / "examples.json").read_text(encoding="utf-8"))
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")

SERVICES: list[ServiceDescriptor] = [
    module.DESCRIPTOR.services_by_name[name]
    for module, name in (
        (conversation_service_pb2, "ConversationService"),
        (message_service_pb2, "MessageService"),
        (event_service_pb2, "EventService"),
        (user_service_pb2, "UserService"),
    )
]
METHODS: dict[str, MethodDescriptor] = {
    f"{service.name}/{method.name}": method for service in SERVICES for method in service.methods
}

PLACEHOLDER = re.compile(r"<(\w+): ([\w.\[\]]+)>")
"""A value of an earlier response, as `<SendMessage: message.messageId>`."""


def requests(example: dict[str, Any]) -> list[Any]:
    """The request of an example, or those of a stream."""
    request = example["request"]
    return request if isinstance(request, list) else [request]


def filled(value: Any, responses: dict[str, Any]) -> Any:
    """A request with the values of earlier responses in place of the placeholders."""
    if isinstance(value, dict):
        return {key: filled(item, responses) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, responses) for item in value]
    named = PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    if named is None:
        return value
    found = responses[named[1]]
    for step in re.findall(r"\w+", named[2]):
        found = found[int(step) if step.isdigit() else step]
    return found


def holds(response: Any, expected: Any) -> bool:
    """Whether a response has everything that is expected of it; a list has as many items, in the same order."""
    if isinstance(expected, dict):
        return isinstance(response, dict) and all(
            key in response and holds(response[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(response, list)
            and len(response) == len(expected)
            and all(holds(item, value) for item, value in zip(response, expected, strict=True))
        )
    return bool(response == expected)


def parsed(value: Any, method: MethodDescriptor) -> Message:
    return json_format.ParseDict(value, GetMessageClass(method.input_type)())


def responses_of(channel: grpc.Channel, example: dict[str, Any], earlier: dict[str, Any]) -> Iterator[Any]:
    """Make the call of an example, and yield its response or the parts of it."""
    method = METHODS[example["call"]]
    messages = [parsed(request, method) for request in filled(requests(example), earlier)]
    kind = ("stream" if method.client_streaming else "unary", "stream" if method.server_streaming else "unary")
    call = getattr(channel, "_".join(kind))(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=GetMessageClass(method.input_type).SerializeToString,
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    metadata = list(example.get("metadata", {}).items())
    request = iter(messages) if method.client_streaming else messages[0]
    response = call(request, metadata=metadata, timeout=PATIENCE_SECONDS)
    parts: Iterable[Message] = response if method.server_streaming else [response]
    try:
        for part in parts:
            yield json_format.MessageToDict(part)
    finally:
        if method.server_streaming:
            response.cancel()


def shown_response(channel: grpc.Channel, example: dict[str, Any], earlier: dict[str, Any]) -> Any:
    """Make the call of an example, and return the response, or the part of it, that has what the example shows."""
    parts = []
    try:
        for part in responses_of(channel, example, earlier):
            if holds(part, example["response"]):
                return part
            parts.append(part)
    except grpc.RpcError as error:
        error.add_note(example["call"])
        raise
    pytest.fail(f"{example['call']} returned {json.dumps(parts, indent=1)}")


def test_each_method_has_one_example() -> None:
    assert len(METHODS) == 35
    assert sorted(example["call"] for example in EXAMPLES) == sorted(METHODS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["call"])
def test_example_is_of_its_method_and_refers_to_earlier_ones(example: dict[str, Any]) -> None:
    method = METHODS[example["call"]]
    for request in requests(example):
        # A placeholder is a text, and a number may be written as one.
        parsed(
            json.loads(PLACEHOLDER.sub("1970-01-01T00:00:00Z" if "upToTime" in request else "1", json.dumps(request))),
            method,
        )
    json_format.ParseDict(example["response"], GetMessageClass(method.output_type)())
    before = [earlier["call"].partition("/")[2] for earlier in EXAMPLES[: EXAMPLES.index(example)]]
    named = {call for call, _ in PLACEHOLDER.findall(json.dumps(example["request"]))}
    assert named <= set(before)
    assert "<" not in PLACEHOLDER.sub("", json.dumps(example["request"]))


def test_page_has_these_examples_and_no_others() -> None:
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", API.replace("\n#### ", "\n"), re.MULTILINE | re.DOTALL))
    for example in EXAMPLES:
        section = sections[example["call"].partition("/")[2]]
        shown = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", section, re.DOTALL)]
        assert shown == [example["request"], example["response"]], example["call"]
        assert f"**Example**: {example['about']}\n" in section
        assert re.findall(r"^Metadata `(.+): (.+)`\.$", section, re.MULTILINE) == list(
            example.get("metadata", {}).items()
        )
    assert API.count("```json\n") == 2 * len(EXAMPLES)


def test_links_of_the_page_lead_to_headings() -> None:
    headings = [heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", API, re.MULTILINE)]
    assert len(headings) == len(set(headings))
    links = re.findall(r"\]\(#([^)]+)\)", API)
    assert set(links) <= set(headings)
    assert {name.partition("/")[2].lower() for name in METHODS} <= set(links)


def test_examples_when_called_in_order_return_what_they_show(new_database: NewDatabase) -> None:
    server = start_server(new_database())
    try:
        with grpc.insecure_channel(server.target) as channel:
            earlier: dict[str, Any] = {}
            for example in EXAMPLES:
                earlier[example["call"].partition("/")[2]] = shown_response(channel, example, earlier)
    finally:
        assert server.stop() == 0, server.log_text()
