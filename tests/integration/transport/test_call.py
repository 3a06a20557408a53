"""What is put around every call: ids, statuses, limits, the log line."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import grpc
import pytest

from backscroll.v1 import message_service_pb2, message_service_pb2_grpc
from backscroll_server.domain import limits
from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.transport.calls import Call
from tests.support.toy_server import ToyServer, error_details, refused, run, stub, until


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ((("x-request-id", "mine-1"),), "mine-1"),
        ((("operationid", "op-1"),), "op-1"),
        ((("operationid", "op-1"), ("x-request-id", "mine-1")), "mine-1"),
        ((("x-request-id", ""), ("operationid", "op-1")), "op-1"),
        ((("x-request-id", "m" * 128),), "m" * 128),
        ((("x-request-id", "m" * 129),), "[0-9a-f]{32}"),
        ((), "[0-9a-f]{32}"),
    ],
)
def test_request_id_when_given_or_not_is_in_answer_log_and_call(metadata: Any, expected: str) -> None:
    async def scenario(toy: ToyServer) -> None:
        call = stub(toy).SendMessage(message_service_pb2.SendMessageRequest(user_id="alice"), metadata=metadata)
        assert (await call).message.sender_id == "alice"
        request_id = dict(await call.trailing_metadata())["x-request-id"]
        assert re.fullmatch(expected, request_id)
        seen = toy.servicer.calls[0]
        assert (seen.request_id, seen.user_id, seen.is_service) == (request_id, "alice", True)
        line = toy.log()
        assert f"request_id={request_id} user_id=alice" in line
        assert "call=backscroll.v1.MessageService/SendMessage status=OK" in line

    run(scenario)


def test_request_id_when_the_call_fails_is_in_the_answer_and_its_details() -> None:
    async def scenario(toy: ToyServer) -> None:
        request = message_service_pb2.GetMessageRequest(user_id="alice", message_id="m")
        error = await refused(stub(toy).GetMessage(request, metadata=(("x-request-id", "mine-1"),)))
        assert dict(error.trailing_metadata())["x-request-id"] == "mine-1"
        assert error_details(error)["RequestInfo"].request_id == "mine-1"

    run(scenario)


def test_device_id_when_given_reaches_the_handler_and_too_long_is_refused() -> None:
    async def scenario(toy: ToyServer) -> None:
        request = message_service_pb2.SendMessageRequest(user_id="alice")
        await stub(toy).SendMessage(request, metadata=(("device-id", "d" * 256),))
        assert toy.servicer.calls[0].device_id == "d" * 256
        error = await refused(stub(toy).SendMessage(request, metadata=(("device-id", "d" * 257),)))
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert error_details(error)["ErrorInfo"].reason == "TOO_LONG"

    run(scenario)


def test_answer_when_encoded_already_is_passed_through() -> None:
    async def scenario(toy: ToyServer) -> None:
        answer = await stub(toy).ListMessages(message_service_pb2.ListMessagesRequest(user_id="a", page_token="t"))
        assert answer.next_page_token == "t"

    run(scenario)


def test_failure_when_a_rule_is_broken_has_status_reason_and_field() -> None:
    async def scenario(toy: ToyServer) -> None:
        error = await refused(stub(toy).GetMessage(message_service_pb2.GetMessageRequest(user_id="a", message_id="m")))
        assert (error.code(), error.details()) == (grpc.StatusCode.NOT_FOUND, "message_id: no such message")
        found = error_details(error)
        assert (found["ErrorInfo"].reason, found["ErrorInfo"].domain) == ("MESSAGE_NOT_FOUND", "backscroll.dev")
        assert found["BadRequest"].field_violations[0].field == "message_id"
        assert "status=NOT_FOUND reason=MESSAGE_NOT_FOUND" in toy.log()

    run(scenario)


@pytest.mark.parametrize("message_id", ["bug", "wrong answer"])
def test_failure_when_it_is_a_bug_gives_nothing_of_it(message_id: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(toy: ToyServer) -> None:
        request = message_service_pb2.GetMessageRequest(user_id="s3cret", message_id=message_id)
        error = await refused(stub(toy).GetMessage(request))
        assert (error.code(), error.details()) == (grpc.StatusCode.INTERNAL, "internal error")
        found = error_details(error)
        assert found["ErrorInfo"].reason == "INTERNAL"
        assert found["RequestInfo"].request_id in caplog.text
        assert "s3cret" not in caplog.text
        assert "level=error" in toy.log()

    run(scenario, "error")


def test_request_when_malformed_is_an_invalid_argument() -> None:
    async def scenario(toy: ToyServer) -> None:
        for path in ("SendMessage", "GetMessage"):
            for raw in (b"\xff\xff\xff", b"\x0a\x02\xff\xfe", b"\x0a\x7f"):
                send: Any = toy.channel.unary_unary(f"/backscroll.v1.MessageService/{path}")
                error = await refused(send(raw))
                assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
                assert error_details(error)["ErrorInfo"].reason == "MALFORMED"
        assert not toy.servicer.calls

    run(scenario)


def test_request_when_too_large_is_refused_and_at_the_limit_is_taken() -> None:
    async def scenario(toy: ToyServer) -> None:
        send: Any = toy.channel.unary_unary("/backscroll.v1.MessageService/SendMessage")
        # A long user id: 1 byte of tag and 4 of length.
        head = bytes([1 << 3 | 2])
        size = limits.REQUEST_BYTES - 5

        def request(extra: int) -> bytes:
            length, encoded = size + extra, bytearray()
            while length > 127:
                encoded.append(length & 127 | 128)
                length >>= 7
            encoded.append(length)
            return head + bytes(encoded) + bytes(size + extra)

        assert len(request(0)) == limits.REQUEST_BYTES
        await send(request(0))
        error = await refused(send(request(1)))
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
        details = error_details(error)
        assert details["ErrorInfo"].reason == "TOO_LARGE"
        assert "RetryInfo" not in details
        error = await refused(send(request(2 * 1024 * 1024)))
        assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert len(toy.servicer.calls) == 1

    run(scenario)


def test_stream_of_answers_when_read_gives_messages_and_bytes_alike() -> None:
    async def scenario(toy: ToyServer) -> None:
        call = stub(toy).StreamMessages(message_service_pb2.StreamMessagesRequest(user_id="alice"))
        assert [answer.messages[0].sender_id async for answer in call] == ["alice", "alice"]
        assert "x-request-id" in dict(await call.trailing_metadata())
        assert "status=OK" in toy.log()

    run(scenario)


def test_stream_of_answers_when_it_fails_midway_ends_with_the_status() -> None:
    async def scenario(toy: ToyServer) -> None:
        call = stub(toy).StreamMessages(
            message_service_pb2.StreamMessagesRequest(user_id="alice", include_tombstones=True)
        )
        for _ in range(2):
            assert (await call.read()).messages[0].sender_id == "alice"
        error = await refused(call.read())
        assert error_details(error)["ErrorInfo"].reason == "CONVERSATION_NOT_FOUND"
        assert toy.servicer.streams_closed == 1

    run(scenario)


def test_stream_of_answers_when_the_caller_leaves_is_closed_and_counted_out() -> None:
    async def scenario(toy: ToyServer) -> None:
        request = message_service_pb2.StreamMessagesRequest(user_id="alice")
        request.start.sequence = 1
        call = stub(toy).StreamMessages(request)
        await toy.servicer.entered.wait()
        assert toy.calls.running == 1
        call.cancel()
        await until(lambda: toy.calls.running == 0)
        assert toy.servicer.streams_closed == 1
        assert "status=CANCELLED" in toy.log()

    run(scenario)


def test_call_when_its_deadline_passes_is_cancelled_and_logged_as_such() -> None:
    async def scenario(toy: ToyServer) -> None:
        request = message_service_pb2.DeleteMessagesRequest(user_id="alice")
        call = stub(toy).DeleteMessages(request, timeout=2)
        await toy.servicer.entered.wait()
        error = await refused(call)
        assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        await until(lambda: toy.calls.running == 0)
        assert "status=DEADLINE_EXCEEDED" in toy.log()

    run(scenario)


def test_call_when_it_sets_no_deadline_gets_the_servers() -> None:
    """Keep semantics N9."""

    async def scenario(toy: ToyServer) -> None:
        request = message_service_pb2.DeleteMessagesRequest(user_id="alice")
        error = await refused(stub(toy).DeleteMessages(request, metadata=(("x-request-id", "mine"),)))
        assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert ("x-request-id", "mine") in list(error.trailing_metadata())
        assert toy.calls.running == 0
        assert "status=DEADLINE_EXCEEDED" in toy.log()
        # One that sets a deadline has that one.
        longer = stub(toy).DeleteMessages(request, timeout=10)
        await asyncio.sleep(1)
        assert not longer.done()
        toy.servicer.let_go.set()
        assert (await longer).consistency_token == "done"

    run(scenario, default_deadline_seconds=0.5)


def test_call_when_what_it_waits_for_is_given_up_just_before_the_servers_deadline_ends_by_it() -> None:
    """Keep semantics N9: work that waits for the database is given up at the deadline too."""

    async def given_up(_request: Any, _call: Call) -> Any:
        waited_for = asyncio.get_running_loop().create_future()
        # The timer of the deadline cannot run before the loop does again.
        time.sleep(0.6)  # noqa: ASYNC251
        waited_for.cancel()
        await waited_for

    async def scenario(toy: ToyServer) -> None:
        toy.servicer.sending = given_up
        request = message_service_pb2.SendMessageRequest(user_id="alice")
        error = await asyncio.wait_for(refused(stub(toy).SendMessage(request)), 10)
        assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert "status=DEADLINE_EXCEEDED" in toy.log()

    run(scenario, default_deadline_seconds=0.5)


def test_import_when_it_sets_no_deadline_has_none() -> None:
    async def requests() -> AsyncIterator[Any]:
        for _ in range(3):
            await asyncio.sleep(0.5)
            yield message_service_pb2.ImportMessagesRequest(user_id="alice")

    async def scenario(toy: ToyServer) -> None:
        assert (await stub(toy).ImportMessages(requests())).imported_count == 3

    run(scenario, default_deadline_seconds=0.5)


def test_stream_of_requests_when_sent_is_parsed_one_by_one() -> None:
    async def requests(count: int) -> AsyncIterator[Any]:
        for number in range(count):
            yield message_service_pb2.ImportMessagesRequest(user_id=f"user-{number}")

    async def scenario(toy: ToyServer) -> None:
        for count in (0, 1, 5):
            assert (await stub(toy).ImportMessages(requests(count))).imported_count == count
        assert toy.servicer.calls[-1].user_id == "user-4"

    run(scenario)


def test_stream_of_requests_when_one_is_malformed_or_too_large_is_refused() -> None:
    async def scenario(toy: ToyServer) -> None:
        send: Any = toy.channel.stream_unary("/backscroll.v1.MessageService/ImportMessages")
        error = await refused(send(iter([b"", b"\xff"])))
        assert error_details(error)["ErrorInfo"].reason == "MALFORMED"
        error = await refused(send(iter([b"", bytes(limits.REQUEST_BYTES + 1)])))
        assert error_details(error)["ErrorInfo"].reason == "TOO_LARGE"

    run(scenario)


def test_log_when_only_grave_lines_are_logged_has_no_line_for_a_success() -> None:
    async def scenario(toy: ToyServer) -> None:
        await stub(toy).SendMessage(message_service_pb2.SendMessageRequest(user_id="alice"))
        assert toy.log() == ""

    run(scenario, "warning")


def test_log_when_a_call_is_cancelled_between_its_row_and_its_answer_has_one_line() -> None:
    class Caller:
        def invocation_metadata(self) -> tuple[()]:
            return ()

        def set_trailing_metadata(self, _: object) -> None:
            return

        def time_remaining(self) -> float:
            return 1.0

    async def scenario(toy: ToyServer) -> None:
        async def handle(_: object, __: object) -> bytes:
            # After the row, but before the next turn of the call's own task.
            asyncio.get_running_loop().call_soon(task.cancel)
            return b""

        serve: Any = toy.wrapper.unary("toy/Call", handle, message_service_pb2.GetMessageRequest).unary_unary
        task = asyncio.create_task(serve(b"", Caller()))
        with suppress(asyncio.CancelledError):
            # A call that was begun at once has ended before it could be cancelled.
            await task
        assert toy.log().count("call=toy/Call") == 1

    run(scenario)


RETRYING = {
    "methodConfig": [
        {
            "name": [{"service": "backscroll.v1.MessageService"}],
            "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.01s",
                "maxBackoff": "0.01s",
                "backoffMultiplier": 1,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}


def test_client_when_it_retries_what_is_unavailable_waits_as_long_as_the_server_says() -> None:
    async def scenario(toy: ToyServer) -> None:
        began: list[float] = []

        async def send_message(_request: message_service_pb2.SendMessageRequest, _call: Call) -> Any:
            began.append(time.monotonic())
            if len(began) == 1:
                raise UnavailableError(Reason.DATABASE_UNAVAILABLE, "the database is away", applied="no")
            return message_service_pb2.SendMessageResponse()

        toy.servicer.sending = send_message
        options = (("grpc.service_config", json.dumps(RETRYING)),)
        async with grpc.aio.insecure_channel(toy.target, options=options) as channel:
            make: Any = message_service_pb2_grpc.MessageServiceStub
            await make(channel).SendMessage(message_service_pb2.SendMessageRequest(user_id="alice"))
        assert len(began) == 2
        # It would be a hundredth of a second by the client's own rule.
        assert began[1] - began[0] >= 0.9

    run(scenario)
