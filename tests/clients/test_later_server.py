"""Clients of this version keep working with a server of a later one, which answers with more than they know."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.unknown_fields import UnknownFieldSet

from backscroll.v1.conversation_pb2 import CONVERSATION_TYPE_GROUP, ConversationType
from backscroll.v1.event_service_pb2 import WatchEventsResponse
from tests.clients.later_contract import LATER_REASON, PROTOS, LaterContract, load
from tests.clients.proxy import Metadata, proxied
from tests.clients.runners import LANGUAGES, names_of, run_scenarios, write_scenarios
from tests.clients.targets import Target
from tests.support.commands import ROOT

_EVERY_VALUE = "x-every-value"
"""Metadata of calls whose answers have values of enums that came later."""

_METADATA = {_EVERY_VALUE: "yes"}
_GROUP = {"target": {"type": "CONVERSATION_TYPE_GROUP", "id": "${group}"}}

# A value that a client does not know is a number in JSON.
VALUES: dict[str, Any] = {
    "name": "later: values that are not known arrive as numbers",
    "users": ["alice", "bob"],
    "ids": ["group"],
    "steps": [
        {
            "call": "ConversationService/CreateConversation",
            "as": "alice",
            "metadata": _METADATA,
            "request": {"user_id": "${alice}", **_GROUP, "members": [{"user_id": "${bob}"}]},
            "expect": {"conversation": {"type": 6, "role": 4, "properties": {"history_visibility": {"$any": True}}}},
        },
        {
            "open": "EventService/WatchEvents",
            "stream": "bob's",
            "as": "bob",
            "metadata": _METADATA,
            "request": {"user_id": "${bob}"},
        },
        {
            "call": "MessageService/SendMessage",
            "as": "alice",
            "request": {
                "user_id": "${alice}",
                "conversation": _GROUP,
                "message": {"content": {"text": {"text": "one"}}},
            },
            "expect": {"message": {"message_id": {"$as": "message"}}},
        },
        {
            "call": "MessageService/DeleteMessages",
            "as": "alice",
            "metadata": _METADATA,
            "request": {
                "user_id": "${alice}",
                "conversation": _GROUP,
                "message_ids": ["${message}", "1-1"],
                "scope": "DELETION_SCOPE_EVERYONE",
            },
            "expect": {"results": [{"outcome": "DELETION_OUTCOME_DELETED"}, {"error": {"reason": 53}}]},
        },
        {
            "receive": "bob's",
            "until": {"messages_deleted": {"reason": 6, "scope": "DELETION_SCOPE_EVERYONE"}},
            "changes": [{"message_received": {"message": {"message_id": "${message}"}}}],
            "states": [{"of": {"conversation": {"type": 6}}, "last": {"conversation": {"role": 4}}}],
        },
        {
            "call": "ConversationService/ListMembers",
            "as": "bob",
            "metadata": _METADATA,
            "request": {"user_id": "${bob}", "conversation": _GROUP},
            "expect": {"members": [{"role": 4}, {"role": 4}]},
        },
        {
            "call": "MessageService/GetMessage",
            "as": "bob",
            "metadata": _METADATA,
            "request": {"user_id": "${bob}", "message_id": "1-1"},
            "error": {
                "status": "NOT_FOUND",
                "reason": LATER_REASON,
                "field": "message_id",
                "metadata": {"later": "yes"},
            },
        },
    ],
}


@pytest.fixture(scope="module")
def later() -> LaterContract:
    """The later version."""
    return load()


@pytest.fixture
def later_server(later: LaterContract, open_server: Target) -> Iterator[Target]:
    """A server of the later version: one of this version behind a proxy."""

    def change(method: str, metadata: Metadata, answer: bytes) -> bytes:
        return later.change(method, answer, every_value=_EVERY_VALUE in metadata)

    def change_trailer(metadata: Metadata, trailer: Metadata) -> Metadata:
        return later.change_error(trailer, every_value=_EVERY_VALUE in metadata)

    with proxied(open_server.address, change=change, change_trailer=change_trailer) as address:
        yield replace(open_server, address=address)


@pytest.mark.toolchains
@pytest.mark.parametrize("language", LANGUAGES)
def test_suite_passes_with_a_later_server(language: str, later_server: Target, tmp_path: Path) -> None:
    outcome = run_scenarios(language, later_server, tmp_path)
    assert not outcome.failures(), outcome.failures()
    assert outcome.names("passed") == set(names_of(has=later_server.has))


@pytest.mark.toolchains
@pytest.mark.parametrize("language", LANGUAGES)
def test_values_that_are_not_known_arrive_as_numbers(language: str, later_server: Target, tmp_path: Path) -> None:
    outcome = run_scenarios(
        language, later_server, tmp_path, scenarios=write_scenarios(tmp_path / "scenarios", [VALUES])
    )
    assert not outcome.failures(), outcome.failures()
    assert outcome.names("passed") == {VALUES["name"]}


def test_every_caller_gets_events_types_and_fields_that_came_later(later: LaterContract) -> None:
    answer = WatchEventsResponse()
    answer.events.add().conversation_changed.conversation.type = CONVERSATION_TYPE_GROUP
    changed = later.change("/backscroll.v1.EventService/WatchEvents", answer.SerializeToString(), every_value=False)
    events = WatchEventsResponse.FromString(changed).events
    conversations = [event.conversation_changed.conversation for event in events if event.WhichOneof("kind")]
    thread, group = conversations
    assert len(events) - len(conversations) > 1
    assert thread.type not in ConversationType.values()
    assert group.type == CONVERSATION_TYPE_GROUP
    assert len(UnknownFieldSet(group)) > 1


def test_later_version_breaks_nothing() -> None:
    buf = Path(sys.executable).with_name("buf")
    command = [str(buf), "breaking", str(PROTOS), "--against", str(ROOT / "protos/released/v1.binpb")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROTOS)
    assert done.returncode == 0, done.stdout + done.stderr
