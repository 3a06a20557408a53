"""Calls that a busy server begins in a row are answered as each would be alone."""

import random
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from acting import DOWN, UP, Acting, failure_of, group, single, text_message
from backscroll.v1 import conversation_service_pb2, message_service_pb2
from backscroll_server.storage.row_barrier import RowBarrier
from backscroll_server.transport.load import Load
from clocked_server import ClockedServer, clocked_server
from conftest import NewDatabase

PATIENCE_SECONDS = 30


@pytest.fixture
def waits_in_rows(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Every server of this process is busy; gets whether each wait at a barrier was one in a row."""
    waits: list[bool] = []
    wait = RowBarrier.wait

    async def noted(barrier: RowBarrier) -> None:
        waits.append(barrier.in_row)
        await wait(barrier)

    monkeypatch.setattr(RowBarrier, "wait", noted)
    monkeypatch.setattr(Load, "is_busy", lambda _: True)
    return waits


@pytest.fixture
def server(new_database: NewDatabase, waits_in_rows: list[bool]) -> Iterator[ClockedServer]:
    del waits_in_rows
    with clocked_server(new_database()) as started:
        yield started


def questions(act: Acting) -> list[tuple[Any, Any]]:
    """Calls of many kinds, good and bad, and their requests; none changes anything."""
    listing, searching = message_service_pb2.ListMessagesRequest, message_service_pb2.GetMessagesAroundRequest
    single_message = message_service_pb2.GetMessageRequest
    page, club = act.messages.ListMessages, group("club")
    token = act.page("bob", club, page_size=7).next_page_token
    message_id = act.page("bob", club, page_size=1).messages[0].message_id
    return [
        *((page, listing(user_id="bob", conversation=club, page_size=size)) for size in (0, 1, 3, 100, 1000)),
        *((page, listing(user_id="ann", conversation=club, direction=way, page_size=9)) for way in (UP, DOWN)),
        *((page, listing(user_id="bob", conversation=club, start={"sequence": at}, page_size=5)) for at in (3, 30)),
        (page, listing(user_id="bob", conversation=club, page_token=token)),
        (page, listing(user_id="bob", conversation=club, filter={"sender_ids": ["ann"]})),
        (page, listing(user_id="bob", conversation=club, page_token=token[:-1])),
        (page, listing(user_id="bob", conversation=club, page_size=-1)),
        (page, listing(user_id="bob", conversation=club, direction=99)),  # type: ignore[arg-type]
        (page, listing(user_id="bob")),
        (page, listing(user_id="eve", conversation=club)),
        (page, listing(user_id="bob", conversation=single("nobody"))),
        (act.messages.GetMessage, single_message(user_id="bob", message_id=message_id)),
        (act.messages.GetMessage, single_message(user_id="bob", message_id="none")),
        (act.messages.GetMessagesAround, searching(user_id="bob", conversation=club, anchor={"sequence": 20})),
        *(
            (act.conversations.ListConversations, conversation_service_pb2.ListConversationsRequest(user_id=user))
            for user in ("ann", "bob", "eve", "")
        ),
        (act.conversations.GetUnreadSummary, conversation_service_pb2.GetUnreadSummaryRequest(user_id="bob")),
        (
            act.conversations.GetConversation,
            conversation_service_pb2.GetConversationRequest(user_id="bob", conversation=club),
        ),
    ]


def said(answering: Any) -> Any:
    """The answer of a call that runs, or how it failed."""
    try:
        return answering.result(timeout=PATIENCE_SECONDS)
    except grpc.RpcError as error:
        return failure_of(error)


def test_calls_when_begun_in_a_row_are_answered_as_alone(server: ClockedServer, waits_in_rows: list[bool]) -> None:
    act = server.act
    act.create_group("ann", "club", ["bob"])
    for number in range(40):
        act.send("ann" if number % 3 else "bob", group("club"), f"message {number}")
    act.send("ann", single("bob"))
    asked = questions(act)
    alone = [said(call.future(request)) for call, request in asked]
    waits_in_rows.clear()
    shuffled = random.Random(1)
    for _ in range(20):
        order = [*range(len(asked)), *range(len(asked))]
        shuffled.shuffle(order)
        answering = [(at, asked[at][0].future(asked[at][1])) for at in order]
        for at, answer in answering:
            assert said(answer) == alone[at]
    assert waits_in_rows.count(True) > 20


def test_writes_when_begun_in_a_row_store_each_once(server: ClockedServer, waits_in_rows: list[bool]) -> None:
    act = server.act
    act.create_group("ann", "club", ["bob"])
    send = act.messages.SendMessage
    requests = [
        message_service_pb2.SendMessageRequest(
            user_id="" if number % 7 == 6 else "ann" if number % 2 else "bob",
            conversation=group("club"),
            message=text_message(f"message {number}", client_message_id=f"id {number}"),
        )
        for number in range(140)
    ]
    # All of them twice at once, as after a lost connection.
    answers = [said(answering) for answering in [send.future(request) for request in [*requests, *requests]]]
    firsts, seconds = answers[: len(requests)], answers[len(requests) :]
    stored = 0
    for number, (first, second) in enumerate(zip(firsts, seconds, strict=True)):
        if number % 7 == 6:
            assert first == second == (grpc.StatusCode.INVALID_ARGUMENT, "REQUIRED", "user_id")
        else:
            assert first.message == second.message
            assert {first.duplicate, second.duplicate} == {False, True}
            stored += 1
    walked = act.walk("ann", group("club"), DOWN)
    assert [message.sequence for message in walked] == list(range(1, stored + 1))
    assert waits_in_rows.count(True) > 20
    assert server.problems() == []
