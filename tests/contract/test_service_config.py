"""The service config for clients retries what the contract allows to retry, and nothing else (semantics Q6)."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet, MethodOptions
from google.protobuf.message import Message

from backscroll.v1 import conversation_service_pb2, event_service_pb2, message_service_pb2, user_service_pb2
from backscroll.v1.conversation_service_pb2_grpc import ConversationServiceStub
from backscroll.v1.event_service_pb2_grpc import EventServiceStub
from backscroll.v1.message_service_pb2_grpc import MessageServiceStub
from backscroll.v1.user_service_pb2_grpc import UserServiceStub
from tests.support.patience import PATIENCE_SECONDS

GENERATED = Path(__file__).parents[2] / "generated"
CONFIG = (GENERATED / "backscroll_grpc_service_config.json").read_text(encoding="utf-8")

NOT_RETRIED = {
    "MessageService/SendMessage",
    "MessageService/BatchSendMessages",
    "MessageService/ClearHistory",
    "ConversationService/DeleteConversation",
    "ConversationService/DeleteAllConversations",
    "ConversationService/MarkConversationRead",
    "ConversationService/MarkAllConversationsRead",
    "ConversationService/ResetMentions",
}

Call = tuple[type[Any], str, Message]
RETRIED_CALLS: list[Call] = [
    (ConversationServiceStub, "GetConversation", conversation_service_pb2.GetConversationRequest()),
    (ConversationServiceStub, "UpdateMember", conversation_service_pb2.UpdateMemberRequest()),
    (MessageServiceStub, "ListMessages", message_service_pb2.ListMessagesRequest()),
    (MessageServiceStub, "StreamMessages", message_service_pb2.StreamMessagesRequest()),
    (MessageServiceStub, "ImportMessages", message_service_pb2.ImportMessagesRequest()),
    (EventServiceStub, "WatchEvents", event_service_pb2.WatchEventsRequest()),
    (UserServiceStub, "GetUserSettings", user_service_pb2.GetUserSettingsRequest()),
]
OTHER_CALLS: list[Call] = [
    (MessageServiceStub, "SendMessage", message_service_pb2.SendMessageRequest()),
    (MessageServiceStub, "ClearHistory", message_service_pb2.ClearHistoryRequest()),
    (ConversationServiceStub, "MarkConversationRead", conversation_service_pb2.MarkConversationReadRequest()),
]


def levels() -> dict[str, int]:
    """The idempotency level of each method of the contract."""
    described = FileDescriptorSet.FromString((GENERATED / "descriptors" / "backscroll.binpb").read_bytes())
    return {
        f"{service.name}/{method.name}": method.options.idempotency_level
        for file in described.file
        if file.package == "backscroll.v1"
        for service in file.service
        for method in service.method
    }


def retried() -> set[str]:
    """The methods that the config has a retry policy for."""
    names = [name for part in json.loads(CONFIG)["methodConfig"] if "retryPolicy" in part for name in part["name"]]
    assert all(name["service"].startswith("backscroll.v1.") for name in names)
    return {f"{name['service'].removeprefix('backscroll.v1.')}/{name['method']}" for name in names}


def test_methods_with_an_idempotency_level_are_retried_and_no_others() -> None:
    by_level = levels()
    assert len(by_level) == 35
    assert retried() == {name for name, level in by_level.items() if level != MethodOptions.IDEMPOTENCY_UNKNOWN}
    assert set(by_level) - retried() == NOT_RETRIED
    assert len(retried()) == 27


def test_only_unavailable_is_retried() -> None:
    policies = [part["retryPolicy"] for part in json.loads(CONFIG)["methodConfig"]]
    assert [policy["retryableStatusCodes"] for policy in policies] == [["UNAVAILABLE"]]


class Failing(grpc.GenericRpcHandler):
    """Handles every method, whatever its request: the first call of each is `UNAVAILABLE`, later ones succeed."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def service(self, details: Any) -> Any:
        name = details.method.rpartition(".")[2]

        def one(_: object, context: grpc.ServicerContext) -> bytes:
            self.calls.append(name)
            if self.calls.count(name) == 1:
                context.abort(grpc.StatusCode.UNAVAILABLE, "the first call fails")
            return b""

        def several(request: object, context: grpc.ServicerContext) -> Iterator[bytes]:
            yield one(request, context)

        if name.endswith(("/StreamMessages", "/WatchEvents")):
            return grpc.unary_stream_rpc_method_handler(several)
        if name.endswith("/ImportMessages"):
            return grpc.stream_unary_rpc_method_handler(one)
        return grpc.unary_unary_rpc_method_handler(one)


@pytest.fixture
def failing() -> Iterator[tuple[Failing, grpc.Channel]]:
    """A server whose first call of each method fails, and a channel to it with the config."""
    handler = Failing()
    server = grpc.server(ThreadPoolExecutor(2), handlers=[handler])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.service_config", CONFIG)]) as channel:
        yield handler, channel
    server.stop(None).wait()


def make(channel: grpc.Channel, call: Call) -> object:
    """Make a call and read its response."""
    stub, method, request = call
    if method == "ImportMessages":
        return stub(channel).ImportMessages(iter([request]), timeout=PATIENCE_SECONDS)
    response = getattr(stub(channel), method)(request, timeout=PATIENCE_SECONDS)
    return response if isinstance(response, Message) else list(response)


@pytest.mark.parametrize("call", RETRIED_CALLS, ids=lambda call: call[1])
def test_call_with_a_level_when_unavailable_once_is_retried_by_the_channel(
    failing: tuple[Failing, grpc.Channel], call: Call
) -> None:
    handler, channel = failing
    make(channel, call)
    assert [name.rpartition("/")[2] for name in handler.calls] == [call[1]] * 2


@pytest.mark.parametrize("call", OTHER_CALLS, ids=lambda call: call[1])
def test_call_without_a_level_when_unavailable_once_fails_and_is_not_retried(
    failing: tuple[Failing, grpc.Channel], call: Call
) -> None:
    handler, channel = failing
    with pytest.raises(grpc.RpcError) as refused:
        make(channel, call)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert len(handler.calls) == 1
