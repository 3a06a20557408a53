"""What surrounds the calls: health, reflection, request ids, and a bug that gives nothing of itself."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

from backscroll.v1 import conversation_service_pb2, event_service_pb2, message_service_pb2, user_service_pb2
from tests.support.api_client import ApiClient, failing, failure_of, single, text_message
from tests.support.contract_calls import METHODS, has_field, request_of, send_request, valid_fields
from tests.support.fixtures import Ids, NewDatabase, peewee_database
from tests.support.server_process import RunningServer, start_server

SERVICES = [
    "backscroll.v1.ConversationService",
    "backscroll.v1.EventService",
    "backscroll.v1.MessageService",
    "backscroll.v1.UserService",
]


@pytest.mark.parametrize("name", ["", *SERVICES])
def test_health_when_asked_is_serving_for_the_server_and_each_service(channel: grpc.Channel, name: str) -> None:
    stub: Any = health_pb2_grpc.HealthStub(channel)
    request = health_pb2.HealthCheckRequest(service=name)
    assert stub.Check(request).status == health_pb2.HealthCheckResponse.SERVING
    watch = stub.Watch(request)
    assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
    watch.cancel()


def test_health_when_the_service_is_unknown_is_not_found(channel: grpc.Channel) -> None:
    stub: Any = health_pb2_grpc.HealthStub(channel)
    with pytest.raises(grpc.RpcError) as caught:
        stub.Check(health_pb2.HealthCheckRequest(service="backscroll.v1.Unknown"))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


def reflected(channel: grpc.Channel, **request: Any) -> Any:
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    requests = iter([reflection_pb2.ServerReflectionRequest(**request)])
    return next(iter(stub.ServerReflectionInfo(requests)))


def test_reflection_when_asked_lists_the_services_and_gives_their_contract(channel: grpc.Channel) -> None:
    listed = [service.name for service in reflected(channel, list_services="").list_services_response.service]
    assert set(SERVICES) <= set(listed)
    contracts = (conversation_service_pb2, event_service_pb2, message_service_pb2, user_service_pb2)
    for service, contract in zip(SERVICES, contracts, strict=True):
        files = reflected(channel, file_containing_symbol=service).file_descriptor_response.file_descriptor_proto
        found = [descriptor_pb2.FileDescriptorProto.FromString(file) for file in files]
        expected = descriptor_pb2.FileDescriptorProto()
        contract.DESCRIPTOR.CopyToProto(expected)
        assert expected in found


@pytest.mark.parametrize(
    "symbol",
    [
        "backscroll.v1.MessageService.SendMessage",
        "backscroll.v1.SendMessageRequest",
        "backscroll.v1.SendMessageRequest.user_id",
        "backscroll.v1.SEARCH_DIRECTION_UP",
    ],
)
def test_reflection_when_asked_for_a_symbol_gives_the_file_that_declares_it(channel: grpc.Channel, symbol: str) -> None:
    """`grpcurl describe` asks so for methods."""
    files = reflected(channel, file_containing_symbol=symbol).file_descriptor_response.file_descriptor_proto
    assert descriptor_pb2.FileDescriptorProto.FromString(files[0]).name == "backscroll/v1/message_service.proto"


@pytest.mark.parametrize("symbol", ["backscroll.v1.MessageService.Nothing", "backscroll.v1.Nothing", "", "a..b"])
def test_reflection_when_asked_for_an_unknown_symbol_says_not_found(channel: grpc.Channel, symbol: str) -> None:
    error = reflected(channel, file_containing_symbol=symbol).error_response
    assert error.error_code == grpc.StatusCode.NOT_FOUND.value[0]


def test_method_when_unknown_is_unimplemented(channel: grpc.Channel) -> None:
    for path in ("/backscroll.v1.MessageService/Unknown", "/backscroll.v1.Unknown/SendMessage"):
        made: Any = channel.unary_unary(path)
        assert failing(made, b"").code is grpc.StatusCode.UNIMPLEMENTED


def request_ids(made: Any) -> list[str]:
    """The request ids that an answer or a failure carries."""
    return [value for key, value in made.trailing_metadata() if key == "x-request-id"]


def look(api: ApiClient, user: str, metadata: list[tuple[str, str]]) -> tuple[list[str], str]:
    """The ids in the answer to a call that succeeds and in the details of one that fails, which are the same."""
    request = user_service_pb2.GetUnreadSummaryRequest(user_id=user)
    _, made = api.users.GetUnreadSummary.with_call(request, metadata=metadata)
    with pytest.raises(grpc.RpcError) as caught:
        api.users.GetUnreadSummary(user_service_pb2.GetUnreadSummaryRequest(), metadata=metadata)
    return [*request_ids(made), *request_ids(caught.value)], detailed_id(caught.value)


def details_of(error: Any) -> list[Any]:
    return [*rpc_status.from_call(error).details]


def detailed_id(error: grpc.RpcError) -> str:
    info = error_details_pb2.RequestInfo()
    assert any(detail.Unpack(info) for detail in details_of(error))
    return str(info.request_id)


@pytest.mark.parametrize(
    "metadata",
    [
        [("x-request-id", "mine")],
        [("operationid", "mine")],
        [("operationid", "other"), ("x-request-id", "mine")],
        [("x-request-id", "mine"), ("operationid", "other")],
        [("x-request-id", "mine"), ("x-request-id", "other")],
    ],
)
def test_request_id_when_given_is_in_answers_and_failures(
    api: ApiClient, ids: Ids, metadata: list[tuple[str, str]]
) -> None:
    """Keep semantics Q8."""
    assert look(api, ids.user(), metadata) == (["mine", "mine"], "mine")


def test_request_id_when_as_long_as_may_be_is_echoed_and_longer_is_replaced(api: ApiClient, ids: Ids) -> None:
    assert look(api, ids.user(), [("x-request-id", "i" * 128)]) == (["i" * 128] * 2, "i" * 128)
    for metadata in ([], [("x-request-id", "i" * 129)], [("x-request-id", "")]):
        (first, second), detailed = look(api, ids.user(), metadata)
        assert re.fullmatch("[0-9a-f]{32}", first)
        assert second == detailed != first


def test_request_id_when_a_stream_answers_or_asks_is_in_its_end(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    metadata = [("x-request-id", "mine")]
    exported = api.messages.StreamMessages(
        message_service_pb2.StreamMessagesRequest(user_id=alice, conversation=single(bob)), metadata=metadata
    )
    assert [len(part.messages) for part in exported] == [1]
    assert request_ids(exported) == ["mine"]
    with pytest.raises(grpc.RpcError) as caught:
        api.messages.ImportMessages(iter([]), metadata=metadata)
    assert request_ids(caught.value) == ["mine"]
    assert failure_of(caught.value).field == "messages"


SECRET = "a secret of the user"


@pytest.fixture
def broken(new_database: NewDatabase) -> Iterator[tuple[RunningServer, ApiClient]]:
    """A server whose tables went away after it had started."""
    url = new_database()
    server = start_server(url)
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        api.send("alice", single("bob"), SECRET)
        with closing(peewee_database(url)) as database:
            for table in database.get_tables():
                if not table.startswith("sqlite_"):
                    database.execute_sql(f'ALTER TABLE "{table}" RENAME TO "{table} away"')
        yield server, api
    server.stop()


def test_bug_when_it_happens_gives_a_constant_text_and_the_request_id_only(
    broken: tuple[RunningServer, ApiClient],
) -> None:
    server, api = broken
    broken_calls = 0
    for method in METHODS:
        valid = valid_fields(method, single("bob"))
        if has_field(method, "message"):
            valid["message"] = text_message(SECRET)
        request = request_of(method, user_id="alice", **valid)
        with pytest.raises(grpc.RpcError) as caught:
            send_request(api, method, request, metadata=[("x-request-id", f"id of {method}")])
        failure = failure_of(caught.value)
        if failure.code is grpc.StatusCode.INTERNAL:
            broken_calls += 1
            assert (failure.reason, failure.field, caught.value.details()) == ("INTERNAL", "", "internal error")
            assert detailed_id(caught.value) == f"id of {method}"
            details = [detail.type_url.rpartition(".")[2] for detail in details_of(caught.value)]
            assert details == ["ErrorInfo", "RequestInfo"]
        else:
            assert failure.code in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.NOT_FOUND}
    assert broken_calls > 20
    server.stop()
    log = server.log_text()
    assert "id of SendMessage" in log
    assert SECRET not in log
    assert "away" not in log


def test_log_when_messages_are_sent_and_refused_holds_none_of_their_text(new_database: NewDatabase) -> None:
    server = start_server(new_database(), "--log-level", "debug")
    try:
        with grpc.insecure_channel(server.target) as channel:
            api = ApiClient(channel)
            api.send("alice", single("bob"), SECRET, attributes={SECRET: SECRET}, client_message_id="1")
            failing(api.send, "alice", single("bob"), SECRET * 2, client_message_id="1")
            failing(api.send, "alice", single("bob"), SECRET, attributes={SECRET: SECRET * 1000})
            failing(api.send, "alice", single("bob"), SECRET * 10_000)
            api.settings("alice", single("bob"), draft=SECRET)
            api.page("bob", single("alice"))
    finally:
        server.stop()
    log = server.log_text()
    assert log.count("SendMessage") >= 4
    assert SECRET not in log
