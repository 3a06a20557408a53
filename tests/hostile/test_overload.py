"""More writes at once than a server can do: it works for nobody who has gone, refuses in time, and stops in time."""

import signal
import time
from collections import Counter
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from backscroll.v1 import message_pb2, message_service_pb2
from tests.support.api_client import ApiClient, failure_of, single, text_message
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.running_server import serving_process

CALLS, MESSAGES, MENTIONED = 400, 100, 50
ANY_NUMBER = ("--waiting-limit", "1000000000")
DEADLINE_SECONDS = 2.0
MENTIONS = message_pb2.Mentions(
    kind=message_pb2.MENTION_KIND_USER, user_ids=[f"user {number}" for number in range(MENTIONED)]
)
ITEM = message_service_pb2.SendItem(conversation=single("bob"), message=text_message(mentions=MENTIONS))
REQUEST = message_service_pb2.BatchSendMessagesRequest(user_id="ann", items=[ITEM] * MESSAGES)
"""Much longer to do than to check: 5,100 rows."""


def send_all_at_once(api: ApiClient, *, timeout: float | None) -> list[Any]:
    """Begins many large writes, more than ten seconds' work, and waits for none."""
    return [api.messages.BatchSendMessages.future(REQUEST, timeout=timeout) for _ in range(CALLS)]


def outcomes(calls: list[Any]) -> Counter[str]:
    """Return the number of calls by outcome, when all have ended: `OK`, a reason, or a code where there is none."""
    counted: Counter[str] = Counter()
    for call in calls:
        error = call.exception(PATIENCE_SECONDS)
        counted["OK" if error is None else failure_of(error).reason or error.code().name] += 1
    return counted


def batches_stored(api: ApiClient) -> float:
    """Return the number of large writes that were stored, when nothing waits any more before the next one."""
    return (api.send("ann", single("bob")).sequence - 1) / MESSAGES


@pytest.mark.parametrize("deadline", ["the caller's", "the server's"])
def test_writes_when_their_callers_have_gone_are_not_begun(new_database: NewDatabase, deadline: str) -> None:
    """Keep semantics N9."""
    own, default = (DEADLINE_SECONDS, "0") if deadline == "the caller's" else (None, str(DEADLINE_SECONDS))
    with serving_process(new_database(), *ANY_NUMBER, "--default-deadline-seconds", default) as (_, api):
        counted = outcomes(send_all_at_once(api, timeout=own))
        began = time.monotonic()
        late = batches_stored(api) - counted["OK"]
        waited = time.monotonic() - began
    assert counted["DEADLINE_EXCEEDED"] > CALLS / 2, counted
    # What was under way when time was over, and what was answered and not taken in time.
    assert (late < CALLS / 3, waited < 5) == (True, True), (counted, late, waited)


def test_writes_when_more_wait_than_allowed_are_refused_and_not_begun(new_database: NewDatabase) -> None:
    with serving_process(new_database(), "--waiting-limit", "50000") as (_, api):
        calls = send_all_at_once(api, timeout=PATIENCE_SECONDS)
        counted = outcomes(calls)
        assert batches_stored(api) == counted["OK"]
    assert set(counted) == {"OK", "OVERLOADED"}
    refused: Any = next(error for call in calls if (error := call.exception()) is not None)
    status = rpc_status.from_call(refused)
    assert refused.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert status is not None
    assert any(detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR) for detail in status.details)


def test_stopping_when_more_waits_than_can_be_done_takes_no_longer_than_draining(new_database: NewDatabase) -> None:
    with serving_process(new_database(), *ANY_NUMBER, "--drain-seconds", "1") as (server, api):
        calls = send_all_at_once(api, timeout=PATIENCE_SECONDS)
        calls[0].result(PATIENCE_SECONDS)
        time.sleep(3)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE_SECONDS) == 0
        seconds = time.monotonic() - began
        counted = outcomes(calls)
    assert (counted["OK"] < CALLS / 2, seconds < 1 + 4) == (True, True), (counted, seconds)
