"""The numbers of docs/migrating.md are those of the contract, and what it says of casts is what the server does."""

import re
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from backscroll.v1 import conversation_pb2, message_pb2, message_service_pb2
from tests.support.api_client import ApiClient, failing, single, target
from tests.support.fixtures import Ids

PAGE = (Path(__file__).parents[2] / "docs" / "migrating.md").read_text(encoding="utf-8")
INVALID = grpc.StatusCode.INVALID_ARGUMENT


def section(heading: str) -> str:
    return re.split(r"^## ", PAGE.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("heading", "enum", "prefix"),
    [
        ("Conversation types", conversation_pb2.ConversationType, "CONVERSATION_TYPE"),
        ("Receive options", conversation_pb2.ReceiveOption, "RECEIVE_OPTION"),
        ("Directions", message_service_pb2.SearchDirection, "SEARCH_DIRECTION"),
        ("Mentions", message_pb2.MentionKind, "MENTION_KIND"),
    ],
)
def test_numbers_when_named_are_those_of_the_contract(heading: str, enum: EnumTypeWrapper, prefix: str) -> None:
    named = dict(re.findall(r"`([A-Z_]+)` = (\d+)", section(heading)))
    assert {f"{prefix}_{name}": int(number) for name, number in named.items()} == {
        name: number for name, number in enum.items() if number
    }


@pytest.mark.parametrize(
    "documented", ["`cursor`", "`pageNum`", "`offset`", "`ChatCursorResult.cursor`", "`startMsgId`"]
)
def test_documented_way_to_page_has_a_row(documented: str) -> None:
    assert any(documented in row for row in section("Cursors and pages").splitlines() if row.startswith("|"))


def test_OpenIM_group_type_3_when_cast_is_refused_and_no_chat_room(api: ApiClient, ids: Ids) -> None:
    cast: Any = 3
    refused = failing(api.open, ids.user(), target(cast, ids.group()))
    assert refused == (INVALID, "UNKNOWN_ENUM_VALUE", "conversation.target.type")


def test_OpenIM_receive_option_0_when_cast_is_refused(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.open(alice, single(bob))
    refused = failing(api.settings, alice, single(bob), receive_option=0)
    assert refused == (INVALID, "REQUIRED", "settings.receive_option")


def test_type_when_missing_is_single_in_a_read_and_refused_in_a_deletion(api: ApiClient, ids: Ids) -> None:
    """Nothing is deleted by a call that names an id without a type (semantics Q2)."""
    alice, bob = ids.users(2)
    opened = api.open(alice, single(bob))
    untyped = target(conversation_pb2.CONVERSATION_TYPE_UNSPECIFIED, bob)
    assert api.look(alice, untyped).conversation_id == opened.conversation_id
    assert failing(api.delete, alice, untyped) == (INVALID, "REQUIRED", "conversation.target.type")
    assert [entry.conversation_id for entry in api.listed(alice)] == [opened.conversation_id]


def test_milliseconds_when_given_as_seconds_are_refused(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    refused = failing(api.clear, alice, single(bob), before_time={"seconds": 1_700_000_000_123})
    assert refused == (INVALID, "OUT_OF_BOUNDS", "before_time")
