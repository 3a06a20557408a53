"""A stream is read item by item: changes are taken once and in order, states are the last of their kind."""

import asyncio
from typing import Any

import grpc.aio
import pytest
from google.protobuf.json_format import ParseDict

from backscroll.v1 import event_service_pb2
from backscroll_server.contract.expectations import MismatchError
from backscroll_server.contract.loading import StreamKinds
from backscroll_server.contract.methods import Method
from backscroll_server.contract.streams import OpenStream

KINDS = StreamKinds("events", ("message_received", "history_changed"), ("conversation_added", "conversation_changed"))


class Answers:
    """A call whose answers are there from the beginning, and which then ends well."""

    def __init__(self, *answers: Any) -> None:
        self._answers = [ParseDict(answer, event_service_pb2.WatchEventsResponse()) for answer in answers]

    async def read(self) -> Any:
        return self._answers.pop(0) if self._answers else grpc.aio.EOF

    async def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.OK

    async def details(self) -> str:
        return ""

    async def trailing_metadata(self) -> tuple[()]:
        return ()


def opened(*answers: Any) -> OpenStream:
    method = Method(event_service_pb2.WatchEventsRequest, False, True, lambda *_, **__: Answers(*answers))
    return OpenStream(method, {}, [], KINDS)


def answer(token: str, *events: Any) -> dict[str, Any]:
    return {"resume_token": token, "events": list(events)}


def received(message_id: str) -> dict[str, Any]:
    return {"message_received": {"message": {"message_id": message_id}}}


def state(kind: str, unread: int, conversation: str = "c") -> dict[str, Any]:
    return {kind: {"conversation": {"conversation_id": conversation, "unread_count": unread}}}


# A kind that is neither among the changes nor among the states, as one that came later.
LATER: dict[str, Any] = {"user_settings_changed": {}}


def receive(stream: OpenStream, **step: Any) -> dict[str, Any]:
    return asyncio.run(stream.receive(step))


def last(unread: int) -> list[dict[str, Any]]:
    return [{"of": {"conversation": {"conversation_id": "c"}}, "last": {"conversation": {"unread_count": unread}}}]


def test_changes_before_the_marker_are_all_and_in_order() -> None:
    stream = opened(
        answer("1", received("a"), LATER, state("conversation_added", 1)), answer("2", received("b"), received("c"))
    )
    changes = [received("a"), received("b")]
    captured = receive(stream, until=received("c"), changes=changes, answer={"resume_token": {"$as": "token"}})
    assert captured == {"token": "2"}


def test_items_after_the_marker_belong_to_the_next_receive_but_states_do_not() -> None:
    stream = opened(
        answer("1", received("a"), received("b"), state("conversation_changed", 2), received("c")),
        answer("2", received("d"), state("conversation_changed", 3)),
    )
    receive(stream, until=received("a"), changes=[], states=last(2))
    receive(stream, until=received("b"), changes=[], answer={"resume_token": "1"})
    receive(stream, until=received("d"), changes=[received("c")], states=last(3))
    with pytest.raises(MismatchError, match=r"the stream ended: OK"):
        receive(stream, until=received("e"))


def test_states_that_were_looked_at_are_not_looked_at_again() -> None:
    stream = opened(answer("1", received("a"), state("conversation_changed", 2), received("b")))
    receive(stream, until=received("a"))
    with pytest.raises(MismatchError, match=r"states\[0\]\.of: expected a state"):
        receive(stream, until=received("b"), states=last(2))


def test_states_of_either_kind_stand_for_each_other_and_the_last_counts() -> None:
    events = [
        state("conversation_added", 1),
        state("conversation_changed", 2),
        state("conversation_changed", 9, "other"),
    ]
    receive(opened(answer("1", *events, received("a"))), until=received("a"), states=last(2))
    with pytest.raises(MismatchError, match=r"states\[0\]\.last\.conversation\.unread_count: expected 1, came 2"):
        receive(opened(answer("1", *events, received("a"))), until=received("a"), states=last(1))


def test_only_a_change_is_a_marker() -> None:
    stream = opened(answer("1", state("conversation_added", 1)), answer("2", received("a")))
    receive(stream, until={"$any": True}, answer={"resume_token": "2"})


def test_items_of_the_first_answer_belong_to_the_first_receive() -> None:
    stream = opened(answer("1", received("a")), answer("2", received("b")))
    assert asyncio.run(stream.begin())["resume_token"] == "1"
    receive(stream, until=received("b"), changes=[received("a")])


def test_wrong_changes_are_shown_whole() -> None:
    with pytest.raises(MismatchError) as raised:
        receive(opened(answer("1", received("a"), received("b"))), until=received("b"), changes=[])
    assert str(raised.value).startswith("changes: expected a list of 0, came one of 1: [")
    assert str(raised.value).endswith(f"; changes that came (1): [{received('a')}]".replace("'", '"'))
