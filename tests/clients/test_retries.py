"""Clients with the service config repeat exactly the calls that the contract calls idempotent, streams too."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet, MethodOptions

from tests.clients.proxy import Metadata, proxied
from tests.clients.runners import LANGUAGES, run_scenarios, write_scenarios
from tests.clients.targets import Target
from tests.support.commands import ROOT

pytestmark = pytest.mark.toolchains

_CONFIG = ROOT / "generated/backscroll_grpc_service_config.json"
_CALL_ID = "x-request-id"

_PAIR = {"target": {"type": "CONVERSATION_TYPE_SINGLE", "id": "${bob}"}}
_GROUP = {"target": {"type": "CONVERSATION_TYPE_GROUP", "id": "${group}"}}
_PINNED = {"settings": {"pinned": True}, "update_mask": "pinned"}

_WATCH = "EventService/WatchEvents"
_IMPORT = "MessageService/ImportMessages"

# A valid request of each method, beside its `user_id`.
REQUESTS: dict[str, dict[str, Any]] = {
    "ConversationService/CreateConversation": {
        "target": {"type": "CONVERSATION_TYPE_GROUP", "id": "${other}"},
        "properties": {"name": "another group"},
    },
    "ConversationService/GetConversation": {"conversation": _GROUP},
    "ConversationService/GetOrCreateConversation": {"conversation": _GROUP},
    "ConversationService/BatchGetConversations": {"conversations": [_GROUP]},
    "ConversationService/ListConversations": {},
    "ConversationService/StreamConversations": {},
    "ConversationService/UpdateConversation": {
        "conversation": _GROUP,
        "properties": {"name": "another name"},
        "update_mask": "name",
    },
    "ConversationService/UpdateConversationSettings": {"conversation": _GROUP, **_PINNED},
    "ConversationService/BatchUpdateConversationSettings": {"conversations": [_GROUP], **_PINNED},
    "ConversationService/DeleteConversation": {"conversation": _GROUP, "scope": "DELETION_SCOPE_SELF"},
    "ConversationService/DeleteAllConversations": {},
    "ConversationService/MarkConversationRead": {"conversation": _GROUP},
    "ConversationService/MarkConversationUnread": {"conversation": _GROUP},
    "ConversationService/MarkAllConversationsRead": {},
    "ConversationService/ResetMentions": {"conversation": _GROUP},
    "ConversationService/AddMembers": {"conversation": _GROUP, "members": [{"user_id": "${other}"}]},
    "ConversationService/RemoveMembers": {"conversation": _GROUP, "user_ids": ["${bob}"]},
    "ConversationService/UpdateMember": {
        "conversation": _GROUP,
        "member": {"user_id": "${bob}", "role": "MEMBER_ROLE_ADMIN"},
        "update_mask": "role",
    },
    "ConversationService/ListMembers": {"conversation": _GROUP},
    "EventService/ListEvents": {"resume_token": "${token}"},
    _WATCH: {},
    "MessageService/SendMessage": {"conversation": _PAIR, "message": {"content": {"text": {"text": "two"}}}},
    "MessageService/BatchSendMessages": {
        "items": [{"conversation": _PAIR, "message": {"content": {"text": {"text": "two"}}}}]
    },
    _IMPORT: {
        "as_service": True,
        "conversation": _PAIR,
        "messages": [
            {
                "sender_id": "${alice}",
                "original_time": "2020-01-01T00:00:00Z",
                "message": {"content": {"text": {"text": "long ago"}}, "client_message_id": "1"},
            }
        ],
    },
    "MessageService/ListMessages": {"conversation": _PAIR},
    "MessageService/ListMessagesAround": {
        "conversation": _PAIR,
        "anchor": {"message_id": "${message}"},
        "older_count": 1,
    },
    "MessageService/GetMessage": {"message_id": "${message}"},
    "MessageService/BatchGetMessages": {"message_ids": ["${message}"]},
    "MessageService/DeleteMessages": {
        "conversation": _PAIR,
        "message_ids": ["${message}"],
        "scope": "DELETION_SCOPE_SELF",
    },
    "MessageService/ClearHistory": {"conversation": _PAIR, "up_to_sequence": 1},
    "MessageService/StreamMessages": {"conversation": _PAIR},
    "MessageService/ListReaders": {"message_id": "${message}"},
    "UserService/GetUnreadSummary": {},
    "UserService/GetUserSettings": {},
    "UserService/UpdateUserSettings": {
        "settings": {"receive_option": "RECEIVE_OPTION_MUTED"},
        "update_mask": "receiveOption",
    },
}

_SET_UP: list[dict[str, Any]] = [
    {
        "call": "ConversationService/CreateConversation",
        "as": "alice",
        "request": {"user_id": "${alice}", **_GROUP, "members": [{"user_id": "${bob}"}]},
        "expect": {"conversation": {"member_count": 2}},
    },
    {
        "call": "MessageService/SendMessage",
        "as": "alice",
        "request": {"user_id": "${alice}", "conversation": _PAIR, "message": {"content": {"text": {"text": "one"}}}},
        "expect": {"message": {"message_id": {"$as": "message"}}},
    },
    {
        "call": "UserService/GetUnreadSummary",
        "as": "alice",
        "request": {"user_id": "${alice}"},
        "expect": {"resume_token": {"$as": "token"}},
    },
]


def methods() -> dict[str, bool]:
    """All methods, by `SERVICE/METHOD`: true for those that are idempotent."""
    contract = FileDescriptorSet.FromString((ROOT / "generated/descriptors/backscroll.binpb").read_bytes())
    return {
        f"{service.name}/{method.name}": method.options.idempotency_level != MethodOptions.IDEMPOTENCY_UNKNOWN
        for file in contract.file
        for service in file.service
        for method in service.method
    }


def scenario_of(method: str, repeats: bool) -> dict[str, Any]:
    """A scenario in which the proxy refuses a call of a method."""
    request = {"user_id": "${alice}", **REQUESTS[method]}
    call: dict[str, Any] = {"open": method, "stream": "alice's"} if method == _WATCH else {"call": method}
    call |= {"as": "service" if method == _IMPORT else "alice", "metadata": {_CALL_ID: "${call}"}}
    call |= {"requests": [request]} if method == _IMPORT else {"request": request}
    if not repeats:
        call["error"] = {"status": "UNAVAILABLE"}
    return {
        "name": f"retries: {method}",
        "users": ["alice", "bob"],
        "ids": ["group", "other", "call"],
        "steps": [*_SET_UP, call],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_client_repeats_calls_that_are_idempotent_and_no_others(
    language: str, open_server: Target, tmp_path: Path
) -> None:
    idempotent = methods()
    scenarios = write_scenarios(tmp_path / "scenarios", [scenario_of(*item) for item in idempotent.items()])
    arrived: Counter[tuple[str, str | bytes]] = Counter()

    def refuse_twice(method: str, metadata: Metadata) -> bool:
        if _CALL_ID not in metadata:
            return False
        arrived[method, metadata[_CALL_ID]] += 1
        return arrived[method, metadata[_CALL_ID]] <= 2

    with proxied(open_server.address, refuse=refuse_twice) as address:
        outcome = run_scenarios(
            language, replace(open_server, address=address), tmp_path, "--service-config", _CONFIG, scenarios=scenarios
        )
    assert not outcome.failures(), outcome.failures()
    assert len(outcome.names("passed")) == len(idempotent)
    counts = {method.removeprefix("/backscroll.v1."): count for (method, _), count in arrived.items()}
    assert counts == {method: 3 if repeats else 1 for method, repeats in idempotent.items()}


def test_every_method_has_a_request() -> None:
    assert set(REQUESTS) == set(methods())
