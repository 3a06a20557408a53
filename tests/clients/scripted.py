"""A server in the test's own process that sends what a server of the contract seldom does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.json_format import ParseDict

from backscroll.v1.event_service_pb2 import WatchEventsResponse
from backscroll.v1.event_service_pb2_grpc import EventServiceServicer, add_EventServiceServicer_to_server
from backscroll.v1.message_service_pb2 import StreamMessagesResponse
from backscroll.v1.message_service_pb2_grpc import MessageServiceServicer, add_MessageServiceServicer_to_server

REPEATED = "x-repeated"
"""A key of metadata that an answer carries twice."""


class _Messages(MessageServiceServicer):
    def StreamMessages(self, request: Any, context: grpc.ServicerContext) -> Iterator[StreamMessagesResponse]:
        """Two parts, of which only the first has a token; metadata before and after them."""
        del request
        context.send_initial_metadata(((REPEATED, "before"),))
        context.set_trailing_metadata(((REPEATED, "after"),))
        yield ParseDict({"messages": [{"sequence": 1}], "resume_token": "first"}, StreamMessagesResponse())
        yield ParseDict({"messages": [{"sequence": 2}]}, StreamMessagesResponse())


class _Events(EventServiceServicer):
    def WatchEvents(self, request: Any, context: grpc.ServicerContext) -> Iterator[WatchEventsResponse]:
        """Two messages, the first of them in the first answer, and the end."""
        del request, context
        for number in (1, 2):
            event = {"message_received": {"message": {"sequence": number}}}
            yield ParseDict({"events": [event]}, WatchEventsResponse())


@contextmanager
def scripted_server() -> Iterator[str]:
    """Runs the server; gives its address."""
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    add_MessageServiceServicer_to_server(_Messages(), server)
    add_EventServiceServicer_to_server(_Events(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
