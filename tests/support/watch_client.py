"""Watches and polls for changes, for tests that look at what a user is sent."""

import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

import grpc

from backscroll.v1 import event_pb2, event_service_pb2
from tests.support.api_client import ApiClient, failure_of
from tests.support.patience import PATIENCE_SECONDS


class WatchClient:
    """A stream of one user's changes, read by a thread of its own. Ready once entered.

    Attributes:
        responses: what came so far.
        error: how the stream ended, if the server ended it.
    """

    def __init__(self, api: ApiClient, user: str, token: str = "") -> None:
        self._request = event_service_pb2.WatchEventsRequest(user_id=user, resume_token=token)
        self._act = api
        self._came = threading.Condition()
        self.responses: list[event_service_pb2.WatchEventsResponse] = []
        self.error: grpc.RpcError | None = None

    def __enter__(self) -> Self:
        self._call = self._act.events.WatchEvents(self._request)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.until(lambda: bool(self.responses) or self.error is not None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._call.cancel()
        self._thread.join(PATIENCE_SECONDS)

    def _read(self) -> None:
        try:
            for response in self._call:
                with self._came:
                    self.responses.append(response)
                    self._came.notify_all()
        except grpc.RpcError as error:
            with self._came:
                self.error = error
                self._came.notify_all()

    @property
    def token(self) -> str:
        """Where another stream goes on."""
        return self.responses[-1].resume_token

    @property
    def events(self) -> list[event_pb2.Event]:
        """Everything sent so far."""
        return [event for response in list(self.responses) for event in response.events]

    def until(self, reached: Any) -> None:
        """Waits until a condition holds; fails where that takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._came:
            while not reached():
                left = deadline - time.monotonic()
                assert left > 0, f"not sent in time; so far: {kinds(self.events)}, {self.error}"
                self._came.wait(left)

    def expect(self, *expected_kinds: str) -> list[event_pb2.Event]:
        """Waits until the events of these kinds were sent, in this order and none between them; takes them away."""
        self.until(
            lambda: len([e for e in self.events if e.WhichOneof("kind") in expected_kinds]) >= len(expected_kinds)
        )
        found = [event for event in self.events if event.WhichOneof("kind") in expected_kinds]
        assert kinds(found) == list(expected_kinds)
        self.forget()
        return found

    def forget(self) -> None:
        """Forgets all events so far."""
        with self._came:
            for response in self.responses:
                response.ClearField("events")


def kinds(events: Iterable[event_pb2.Event]) -> list[str]:
    """What kinds of events these are."""
    return [event.WhichOneof("kind") or "" for event in events]


def now_token(api: ApiClient, user: str) -> str:
    """The place that is now."""
    return api.events.ListEvents(event_service_pb2.ListEventsRequest(user_id=user)).resume_token


def refused_as_too_old(api: ApiClient, user: str, token: str) -> bool:
    """Whether the log no longer reaches back to a token."""
    try:
        api.events.ListEvents(event_service_pb2.ListEventsRequest(user_id=user, resume_token=token))
    except grpc.RpcError as error:
        return failure_of(error).reason == "RESUME_TOKEN_TOO_OLD"
    return False


def changes_since(api: ApiClient, user: str, token: str, size: int = 0) -> list[event_pb2.Event]:
    """Everything sent to a user since a place, by polling."""
    found: list[event_pb2.Event] = []
    while True:
        page = api.events.ListEvents(
            event_service_pb2.ListEventsRequest(user_id=user, resume_token=token, page_size=size)
        )
        found += page.events
        token = page.resume_token
        if not page.has_more:
            return found
