"""A request with a field that the server does not know, at any depth, is refused and changes nothing."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from backscroll.v1 import conversation_service_pb2, event_service_pb2, message_service_pb2, user_service_pb2
from tests.support.api_client import ApiClient, failing, failure_of, metadata_of, single
from tests.support.contract_calls import METHODS
from tests.support.fixtures import Ids
from tests.support.user_view_snapshot import assert_unchanged

FILES = (conversation_service_pb2, message_service_pb2, user_service_pb2, event_service_pb2)
REQUESTS = {
    method.input_type.name: method.input_type
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}
Step = FieldDescriptor


def paths(descriptor: Descriptor, above: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Yield the path of fields to each message in a request, itself included; no path has a type twice."""
    yield above
    for field in descriptor.fields:
        inner = field.message_type
        if inner is not None and all(inner is not step.message_type for step in above):
            yield from paths(inner, (*above, field))


def is_map(field: Step) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


CASES = [
    (name, path)
    for name, descriptor in sorted(REQUESTS.items())
    for path in paths(descriptor)
    # The value of a map is reached through the map itself; an entry has no unknown fields of its own.
    if not any(is_map(step) for step in path)
]


def innermost(request: Message, path: tuple[Step, ...]) -> tuple[Message, str]:
    """Set every message on a path; return the last one, and the path as text."""
    message: Any = request
    text = ""
    for step in path:
        text = f"{text}.{step.name}" if text else step.name
        if step.is_repeated:
            message = getattr(message, step.name).add()
            text += "[0]"
        else:
            message = getattr(message, step.name)
            message.SetInParent()
    return message, text


def send_raw(api: ApiClient, name: str, raw: bytes) -> object:
    """Call the method whose request type has this name, with an encoded request."""
    for file in FILES:
        for service in file.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                if method.input_type.name != name:
                    continue
                path = f"/{service.full_name}/{method.name}"
                channel: Any = api.channel
                if method.client_streaming:
                    return channel.stream_unary(path)(iter([raw]))
                if method.server_streaming:
                    return list(channel.unary_stream(path)(raw))
                return channel.unary_unary(path)(raw)
    raise LookupError(name)


def test_cases_reach_every_call() -> None:
    assert {name for name, path in CASES if not path} == set(REQUESTS)
    assert len(REQUESTS) >= len(METHODS)
    assert len(CASES) > 100


@pytest.mark.parametrize(
    ("name", "path"), CASES, ids=[".".join([name, *(step.name for step in path)]) for name, path in CASES]
)
def test_field_when_unknown_is_refused_wherever_it_stands(api: ApiClient, name: str, path: tuple[Step, ...]) -> None:
    """Keep semantics Q1."""
    request = message_factory.GetMessageClass(REQUESTS[name])()
    message, text = innermost(request, path)
    # Number 31, as a number and as a message, which is what a new member of a `oneof` looks like.
    for unknown in (b"\xf8\x01\x01", b"\xfa\x01\x02\x08\x01"):
        message.Clear()
        message.SetInParent()
        message.MergeFromString(unknown)
        with pytest.raises(grpc.RpcError) as refusal:
            send_raw(api, name, request.SerializeToString())
        assert failure_of(refusal.value) == (grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_FIELD", text)
        assert metadata_of(refusal.value) == {"field": text, "number": "31"}


def test_send_when_a_value_in_a_structure_has_an_unknown_field_is_refused_and_stores_nothing(
    api: ApiClient, ids: Ids
) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob), "before")
    request = message_service_pb2.SendMessageRequest(user_id=alice, conversation=single(bob))
    request.message.content.structured.fields["key"].MergeFromString(b"\xf8\x01\x01")
    with assert_unchanged(api, bob, single(alice)):
        failure = failing(api.messages.SendMessage, request)
    assert (failure.reason, failure.field) == ("UNKNOWN_FIELD", "message.content.structured.fields[key]")
