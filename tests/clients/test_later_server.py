"""Clients of this version keep working with a server of a later one, which answers with more than they know."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet
from google.rpc import error_details_pb2, status_pb2

from backscroll.v1.conversation_pb2 import CONVERSATION_TYPE_GROUP, Conversation
from backscroll.v1.conversation_service_pb2 import GetConversationResponse
from backscroll.v1.event_pb2 import Event
from backscroll.v1.event_service_pb2 import ListEventsResponse, WatchEventsResponse
from backscroll.v1.member_pb2 import MEMBER_ROLE_OWNER
from backscroll.v1.message_pb2 import Content, CustomContent, LocationContent, MediaContent, TextContent
from backscroll.v1.message_service_pb2 import GetMessageResponse
from backscroll_server.contract.expectations import meets
from tests.clients.later_contract import EVENT, LATER_DEVICE, PROTOS, LaterContract, load
from tests.clients.later_expectations import LaterExpectations, write_suite
from tests.clients.proxy import proxied
from tests.clients.runners import LANGUAGES, SCENARIOS, names_of, run_scenarios
from tests.clients.targets import Target
from tests.support.commands import ROOT

_SHARED = {
    "package": "backscroll.v1",
    "streams": {
        "EventService/WatchEvents": {
            "items": "events",
            "changes": ["message_received", "history_changed"],
            "states": ["conversation_changed", "total_unread_changed"],
        }
    },
}


@pytest.fixture
def later() -> LaterContract:
    """The later version, which has sent nothing yet."""
    return load()


@pytest.fixture
def later_server(later: LaterContract, open_server: Target) -> Iterator[Target]:
    """A server of the later version: one of this version behind a proxy."""
    with proxied(open_server.address, change=later.change, change_trailer=later.change_error) as address:
        yield replace(open_server, address=address)


@pytest.fixture
def expectations(later: LaterContract) -> LaterExpectations:
    """Expectations of the later version, with some kinds of events."""
    return LaterExpectations(later, _SHARED)


@pytest.mark.toolchains
@pytest.mark.parametrize("language", LANGUAGES)
def test_suite_passes_with_a_later_server_that_sends_everything(
    language: str, later: LaterContract, later_server: Target, tmp_path: Path
) -> None:
    scenarios = write_suite(SCENARIOS, tmp_path / "scenarios", later)
    outcome = run_scenarios(language, later_server, tmp_path, scenarios=scenarios)
    assert not outcome.failures(), outcome.failures()
    assert outcome.names("passed") == set(names_of(has=later_server.has))
    assert set(later.sent) == later.additions()


def test_additions_are_fields_kinds_values_and_reasons(later: LaterContract) -> None:
    additions = later.additions()
    assert additions >= {
        "backscroll.v1.Message.edit_count",
        "backscroll.v1.Event.reactions_changed",
        "backscroll.v1.Content.poll",
        "backscroll.v1.ConversationType",
        "backscroll.v1.MemberRole",
        "backscroll.v1.DeletionReason",
        "backscroll.v1.HistoryChangeReason",
        "backscroll.v1.ErrorReason",
        "google.rpc.ErrorInfo",
    }
    assert "backscroll.v1.Message.sequence" not in additions
    assert "backscroll.v1.DeletionScope" not in additions
    assert not later.sent


def test_every_answer_has_values_and_fields_that_came_later(later: LaterContract) -> None:
    conversation = Conversation(type=CONVERSATION_TYPE_GROUP, role=MEMBER_ROLE_OWNER, last_sequence=3)
    answer = GetConversationResponse(conversation=conversation)
    changed = changed_by(later, "ConversationService/GetConversation", answer).conversation
    assert MessageToDict(changed, preserving_proto_field_name=True) == {"type": 6, "role": 4, "last_sequence": "3"}
    assert len(UnknownFieldSet(changed)) > 1
    assert later.sent["backscroll.v1.ConversationType"] == later.sent["backscroll.v1.MemberRole"] == 1


@pytest.mark.parametrize("method", ["WatchEvents", "ListEvents"])
def test_events_of_kinds_that_came_later_stand_around_others(method: str, later: LaterContract) -> None:
    answer = {"WatchEvents": WatchEventsResponse, "ListEvents": ListEventsResponse}[method]()
    answer.events.add().message_received.message.sequence = 3
    events = changed_by(later, f"EventService/{method}", answer).events
    added = len(later.later_kinds(EVENT))
    kinds = [event.WhichOneof("kind") for event in events]
    assert kinds == [None] * added + ["message_received"] + [None] * added
    assert {event.device_id for event in events} == {LATER_DEVICE, ""}
    assert all(later.sent[kind.full_name] == 1 for kind in later.later_kinds(EVENT))


def test_answers_without_events_stay_without_them(later: LaterContract) -> None:
    answer = ListEventsResponse(resume_token="token")
    assert changed_by(later, "EventService/ListEvents", answer) == answer


@pytest.mark.parametrize(
    "content",
    [Content(location=LocationContent()), Content(custom=CustomContent(type="dice")), Content(structured={})],
    ids=lambda content: content.WhichOneof("kind"),
)
def test_content_of_some_kinds_becomes_one_that_came_later(content: Content, later: LaterContract) -> None:
    message = message_with(later, content)
    assert message.HasField("content")
    assert message.content.WhichOneof("kind") is None
    assert message.fallback_text == "[something]"
    assert later.sent["backscroll.v1.Content.poll"] == 1


@pytest.mark.parametrize(
    "content",
    [Content(text=TextContent(text="hello")), Content(media=MediaContent(url="a"))],
    ids=lambda content: content.WhichOneof("kind"),
)
def test_other_content_keeps_its_kind(content: Content, later: LaterContract) -> None:
    assert message_with(later, content).content.WhichOneof("kind") == content.WhichOneof("kind")


def test_every_error_has_a_reason_that_came_later(later: LaterContract) -> None:
    status = status_pb2.Status(code=5)
    status.details.add().Pack(error_details_pb2.ErrorInfo(reason="MESSAGE_NOT_FOUND", metadata={"field": "message_id"}))
    trailer = later.change_error({"grpc-status-details-bin": status.SerializeToString()})
    packed = trailer["grpc-status-details-bin"]
    assert isinstance(packed, bytes)
    changed, info = status_pb2.Status.FromString(packed), error_details_pb2.ErrorInfo()
    assert changed.code == 5
    assert len(changed.details) == 3
    assert changed.details[0].Unpack(info)
    assert info.reason == later.later_reason() == "RESOURCE_NOT_FOUND"
    assert dict(info.metadata) == {"field": "message_id", "later": "yes"}
    assert later.sent["google.rpc.ErrorInfo"] == 1


def test_values_are_expected_as_later_numbers(expectations: LaterExpectations) -> None:
    expected = {
        "members": {
            "$unordered": [
                {"user_id": "${alice}", "role": "MEMBER_ROLE_OWNER"},
                {"role": {"$as": "role", "$is": "MEMBER_ROLE_MEMBER"}},
                {"role": None},
                {"role": {"$any": True}},
            ]
        }
    }
    assert answer_expected(expectations, "ConversationService/ListMembers", expected) == {
        "members": {
            "$unordered": [
                {"user_id": "${alice}", "role": 4},
                {"role": {"$as": "role", "$is": 4}},
                {"role": None},
                {"role": {"$any": True}},
            ]
        }
    }


def test_values_without_later_ones_are_expected_as_they_are(expectations: LaterExpectations) -> None:
    expected = {"results": [{"outcome": "DELETION_OUTCOME_DELETED"}, {"message_id": "MEMBER_ROLE_OWNER"}]}
    assert answer_expected(expectations, "MessageService/DeleteMessages", expected) == expected


def test_reasons_are_expected_as_later_ones(expectations: LaterExpectations) -> None:
    items = {"results": [{"error": {"code": 5, "reason": "ERROR_REASON_MESSAGE_NOT_FOUND"}}]}
    assert answer_expected(expectations, "MessageService/BatchGetMessages", items) == {
        "results": [{"error": {"code": 5, "reason": 60}}]
    }
    errors = [
        {"status": "NOT_FOUND", "reason": "MESSAGE_NOT_FOUND", "metadata": {"field": "a"}},
        {"status": "CANCELLED", "reason": None},
        {"status": "CANCELLED"},
    ]
    steps = [{"call": "MessageService/GetMessage", "error": error} for error in errors]
    assert [step["error"] for step in changed_steps(expectations, *steps, {"end": "a", "error": errors[0]})] == [
        {"status": "NOT_FOUND", "reason": "RESOURCE_NOT_FOUND", "metadata": {"field": "a", "later": "yes"}},
        *errors[1:],
        {"status": "NOT_FOUND", "reason": "RESOURCE_NOT_FOUND", "metadata": {"field": "a", "later": "yes"}},
    ]


@pytest.mark.parametrize(
    ("expected", "met_by_more"),
    [
        ([{"notify": True}], False),
        ({"$count": 1}, False),
        ({"$unordered": [{"notify": True}]}, False),
        ({"$contains": [{"notify": True}]}, True),
        ({"$not": {"$contains": [{"notify": False}]}}, True),
        ({"$not": {"$count": 2}}, False),
    ],
    ids=str,
)
def test_lists_of_events_are_expected_with_the_added_ones(
    expected: Any, met_by_more: bool, later: LaterContract, expectations: LaterExpectations
) -> None:
    changed = answer_expected(expectations, "EventService/ListEvents", {"events": expected})
    answer = ListEventsResponse(events=[Event(notify=True)])
    sent = MessageToDict(changed_by(later, "EventService/ListEvents", answer), preserving_proto_field_name=True)
    assert meets(changed, sent)
    assert not meets({"events": [{"notify": True}]}, sent)
    sent["events"].insert(5, {"notify": True})
    assert meets(changed, sent) is met_by_more


@pytest.mark.parametrize("expected", [[], {"$count": 0}], ids=str)
def test_no_events_are_expected_to_be_none(expected: Any, expectations: LaterExpectations) -> None:
    answer = {"events": expected}
    assert answer_expected(expectations, "EventService/ListEvents", answer) == answer


def test_content_that_is_replaced_is_expected_without_a_kind(
    later: LaterContract, expectations: LaterExpectations
) -> None:
    places = [{"location": {"latitude": 47.5}}, {"text": {"text": "hello"}}, None]
    expected = {"messages": [{"content": content} for content in places]}
    changed = answer_expected(expectations, "MessageService/ListMessages", expected)
    no_kind = dict.fromkeys(later.known_kinds("backscroll.v1.Content"))
    assert changed == {"messages": [{"content": no_kind}, {"content": places[1]}, {"content": None}]}
    assert meets(no_kind, {})
    assert not meets({"content": no_kind}, {})


def test_what_a_stream_sends_is_expected_to_be_later(expectations: LaterExpectations) -> None:
    opened = {
        "open": "EventService/WatchEvents",
        "stream": "a",
        "request": {"user_id": "${alice}"},
        "expect": {"events": []},
    }
    received: dict[str, Any] = {
        "receive": "a",
        "until": {"message_received": {"message": {"content": {"text": {"text": "MEMBER_ROLE_OWNER"}}}}},
        "changes": [{"history_changed": {"reason": "HISTORY_CHANGE_REASON_JOINED"}}],
        "states": [
            {"of": {"totals": {"$any": True}}, "last": {"totals": {"unread_count": 1}}},
            {"of": {"conversation": {"role": "MEMBER_ROLE_OWNER"}}, "last": {"conversation": {"left": False}}},
        ],
        "answer": {"events": {"$count": 1}},
    }
    assert changed_steps(expectations, opened, received) == [
        opened,
        received
        | {
            "changes": [{"history_changed": {"reason": 5}}],
            "states": [
                received["states"][0],
                {"of": {"conversation": {"role": 4}}, "last": {"conversation": {"left": False}}},
            ],
            "answer": {"events": {"$count": 11}},
        },
    ]


def test_requests_stay_as_they_are(expectations: LaterExpectations) -> None:
    request = {
        "message": {"content": {"location": {}}},
        "conversation": {"target": {"type": "CONVERSATION_TYPE_GROUP"}},
    }
    step = {"call": "MessageService/SendMessage", "request": request, "expect": {}}
    assert changed_steps(expectations, step) == [step]


def test_later_version_breaks_nothing() -> None:
    buf = Path(sys.executable).with_name("buf")
    command = [str(buf), "breaking", str(PROTOS), "--against", str(ROOT / "protos/released/v1.binpb")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROTOS)
    assert done.returncode == 0, done.stdout + done.stderr


def changed_by(later: LaterContract, method: str, answer: Message) -> Any:
    """An answer as a client of this version reads what the later server makes of it."""
    return type(answer).FromString(later.change(f"/backscroll.v1.{method}", answer.SerializeToString()))


def message_with(later: LaterContract, content: Content) -> Any:
    """A message with that content as a client of this version reads what the later server makes of it."""
    answer = GetMessageResponse()
    answer.message.content.CopyFrom(content)
    answer.message.fallback_text = "[something]"
    return changed_by(later, "MessageService/GetMessage", answer).message


def changed_steps(expectations: LaterExpectations, *steps: dict[str, Any]) -> Any:
    """The steps with expectations of the later server."""
    return expectations.scenario({"name": "a scenario", "steps": list(steps)})["steps"]


def answer_expected(expectations: LaterExpectations, method: str, expected: dict[str, Any]) -> Any:
    """The expectation of an answer of the later server in the place of one of this version's."""
    return changed_steps(expectations, {"call": method, "expect": expected})[0]["expect"]
