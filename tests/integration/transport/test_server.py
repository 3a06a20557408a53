"""The server itself: what it lists, how it starts, how it stops."""

import asyncio
import time
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from backscroll.v1 import message_service_pb2
from backscroll_server.transport.server import ListeningError, Server
from tests.support.toy_server import MESSAGES, ToyServer, error_details, refused, run, stub, until

SERVICES = ("backscroll.v1.MessageService", "backscroll.v1.EventService")


async def health_of(toy: ToyServer, service: str) -> int:
    checks: Any = health_pb2_grpc.HealthStub(toy.channel)
    status: int = (await checks.Check(health_pb2.HealthCheckRequest(service=service))).status
    return status


def test_health_when_running_is_serving_for_the_server_and_each_service() -> None:
    async def scenario(toy: ToyServer) -> None:
        for service in ("", *SERVICES):
            assert await health_of(toy, service) == health_pb2.HealthCheckResponse.SERVING
        error = await refused(health_of(toy, "nobody.v1.NoService"))
        assert error.code() is grpc.StatusCode.NOT_FOUND

    run(scenario)


def test_reflection_when_asked_lists_every_service() -> None:
    async def scenario(toy: ToyServer) -> None:
        make: Any = reflection_pb2_grpc.ServerReflectionStub
        reflect = make(toy.channel)
        request = reflection_pb2.ServerReflectionRequest(list_services="")
        answers = [answer async for answer in reflect.ServerReflectionInfo(iter([request]))]
        names = {service.name for service in answers[0].list_services_response.service}
        assert {*SERVICES, "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"} == names

    run(scenario)


def test_server_when_its_port_is_taken_does_not_start() -> None:
    async def scenario(toy: ToyServer) -> None:
        second = Server(toy.wrapper, toy.calls)
        with pytest.raises(ListeningError, match=toy.target):
            await second.start(toy.target)

    run(scenario)


def test_server_when_a_servicer_lacks_a_method_does_not_start() -> None:
    async def scenario(toy: ToyServer) -> None:
        with pytest.raises(TypeError, match="of object, 0 have send_message"):
            toy.server.add(MESSAGES, object())

    run(scenario)


def test_stop_when_a_call_runs_refuses_new_ones_and_lets_it_end() -> None:
    async def scenario(toy: ToyServer) -> None:
        running = stub(toy).DeleteMessages(message_service_pb2.DeleteMessagesRequest(user_id="alice"))
        await toy.servicer.entered.wait()
        stopping = asyncio.create_task(toy.server.stop(10))
        await until(toy.calls.shutting_down.is_set)
        error = await refused(stub(toy).SendMessage(message_service_pb2.SendMessageRequest(user_id="bob")))
        assert error.code() is grpc.StatusCode.UNAVAILABLE
        found = error_details(error)
        assert found["ErrorInfo"].reason == "SHUTTING_DOWN"
        assert found["RetryInfo"].retry_delay.seconds > 0
        assert await health_of(toy, "") == health_pb2.HealthCheckResponse.NOT_SERVING
        toy.servicer.let_go.set()
        assert (await running).consistency_token == "done"
        await stopping
        error = await refused(stub(toy).SendMessage(message_service_pb2.SendMessageRequest(user_id="bob"), timeout=1))
        assert error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)

    run(scenario)


def test_stop_when_a_call_outlasts_the_time_cancels_it() -> None:
    async def scenario(toy: ToyServer) -> None:
        running = stub(toy).DeleteMessages(message_service_pb2.DeleteMessagesRequest(user_id="alice"))
        await toy.servicer.entered.wait()
        await toy.server.stop(0.1)
        error = await refused(running)
        assert error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
        await until(lambda: toy.calls.running == 0)

    run(scenario)


def test_stop_when_an_endless_stream_runs_ends_it_with_a_reason() -> None:
    async def scenario(toy: ToyServer) -> None:
        request = message_service_pb2.StreamMessagesRequest(user_id="alice")
        request.start.sequence = 1
        call: Any = stub(toy).StreamMessages(request)
        await toy.servicer.entered.wait()
        begun = time.monotonic()
        await toy.server.stop(10)
        assert time.monotonic() - begun < 5
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            async for _ in call:
                pass
        assert error_details(caught.value)["ErrorInfo"].reason == "SHUTTING_DOWN"

    run(scenario)
