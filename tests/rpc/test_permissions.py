"""Who may do what: every call about a conversation, made by everyone who could make it."""

from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_pb2, error_pb2, member_pb2
from tests.support.api_client import (
    EVERYONE,
    SELF,
    ApiClient,
    Reference,
    failure_of,
    group,
    room,
    single,
    system,
    text_message,
)
from tests.support.contract_calls import METHODS, call, has_field, valid_fields
from tests.support.fixtures import Ids
from tests.support.user_view_snapshot import assert_unchanged

OWNER = member_pb2.MEMBER_ROLE_OWNER
ADMIN = member_pb2.MEMBER_ROLE_ADMIN
MEMBER = member_pb2.MEMBER_ROLE_MEMBER

OK = ""
UNKNOWN, LEFT, LOW = "CONVERSATION_NOT_FOUND", "NOT_A_MEMBER", "ROLE_TOO_LOW"
NO_MESSAGE, NOT_MINE, SERVICE = "MESSAGE_NOT_FOUND", "NOT_THE_SENDER", "SERVICE_ONLY"

CODES = {
    UNKNOWN: grpc.StatusCode.NOT_FOUND,
    NO_MESSAGE: grpc.StatusCode.NOT_FOUND,
    LEFT: grpc.StatusCode.PERMISSION_DENIED,
    LOW: grpc.StatusCode.PERMISSION_DENIED,
    NOT_MINE: grpc.StatusCode.PERMISSION_DENIED,
    SERVICE: grpc.StatusCode.PERMISSION_DENIED,
    "TYPE_NOT_SUPPORTED": grpc.StatusCode.FAILED_PRECONDITION,
    "LAST_OWNER": grpc.StatusCode.FAILED_PRECONDITION,
    "MEMBER_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
}


@dataclass
class Club:
    """A group with an owner, an admin, an author of one message, a member, and who left; and an outsider."""

    api: ApiClient
    ids: Ids
    people: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = ("owner", "admin", "author", "member", "left", "outsider", "other")
        self.people = {name: self.ids.user(name) for name in names}
        self.at: Reference = group(self.ids.group())
        call(
            self.api,
            "CreateConversation",
            user_id=self.people["owner"],
            target=self.at.target,
            members=[
                {"user_id": self.people[name], "role": ADMIN if name == "admin" else MEMBER}
                for name in ("admin", "author", "member", "left", "other")
            ],
        )
        self.message_id = self.api.send(self.people["author"], self.at).message_id
        self.api.remove(self.people["left"], self.at, [self.people["left"]])

    def do(self, caller: str, method: str, **fields: Any) -> str:
        """What becomes of a call: the reason why it failed, empty if it did not. A `service` acts for the outsider."""
        valid = valid_fields(method, self.at, message_id=self.message_id, other=self.people["other"])
        as_service = {"as_service": True} if caller.startswith("service") else {}
        user = self.people[caller.removeprefix("service for ").replace("service", "outsider")]
        return reason_of(self.api, method, **({"user_id": user} | valid | as_service | fields))


def reason_of(api: ApiClient, method: str, **fields: Any) -> str:
    """The reason why a call failed, or its one item; empty if it did not. The status must be the reason's."""
    try:
        answer = call(api, method, **fields)
    except grpc.RpcError as error:
        failure = failure_of(error)
        assert failure.code is CODES[failure.reason]
        return failure.reason
    results = getattr(answer, "results", ())
    if not results or not results[0].HasField("error"):
        return OK
    reason = error_pb2.ErrorReason.Name(results[0].error.reason).removeprefix("ERROR_REASON_")
    assert results[0].error.code == CODES[reason].value[0]
    return reason


CALLERS = (
    "owner", "admin", "author", "member", "left", "outsider", "service", "service for member", "service for left",
)  # fmt: skip

MEMBERS_ONLY = (OK, OK, OK, OK, LEFT, UNKNOWN)
EVER_A_MEMBER = (OK, OK, OK, OK, OK, UNKNOWN)
READERS = (*EVER_A_MEMBER, OK, OK, OK)
READERS_OF_A_MESSAGE = (OK, OK, OK, OK, OK, NO_MESSAGE, OK, OK, OK)
MANAGERS = (OK, OK, LOW, LOW, LEFT, UNKNOWN, OK, OK, OK)

GROUPS: dict[str, tuple[str, ...]] = {
    "GetConversation": READERS,
    "GetOrCreateConversation": (*EVER_A_MEMBER, UNKNOWN, OK, OK),
    "BatchGetConversations": READERS,
    "UpdateConversation": (OK, OK, LOW, LOW, LEFT, UNKNOWN, UNKNOWN, OK, OK),
    "UpdateConversationSettings": EVER_A_MEMBER,
    "BatchUpdateConversationSettings": EVER_A_MEMBER,
    "DeleteConversation": (*EVER_A_MEMBER, UNKNOWN, OK, OK),
    "DeleteConversation for everyone": MANAGERS,
    "MarkConversationRead": EVER_A_MEMBER,
    "MarkConversationUnread": EVER_A_MEMBER,
    "ResetMentions": EVER_A_MEMBER,
    "AddMembers": MANAGERS,
    "RemoveMembers": MANAGERS,
    "UpdateMember": MANAGERS,
    "ListMembers": (*MEMBERS_ONLY, OK, OK, OK),
    "SendMessage": (*MEMBERS_ONLY, UNKNOWN, OK, LEFT),
    "BatchSendMessages": (*MEMBERS_ONLY, UNKNOWN, OK, LEFT),
    "ImportMessages": (*(SERVICE,) * 6, OK, OK, OK),
    "ListMessages": READERS,
    "ListMessagesAround": READERS,
    "GetMessage": READERS_OF_A_MESSAGE,
    "BatchGetMessages": READERS_OF_A_MESSAGE,
    "StreamMessages": READERS,
    "DeleteMessages": (*EVER_A_MEMBER, UNKNOWN, OK, OK),
    "DeleteMessages for everyone": (OK, OK, OK, NOT_MINE, LEFT, UNKNOWN, OK, OK, OK),
    "ClearHistory": EVER_A_MEMBER,
    "ListReaders": (OK, OK, OK, OK, LEFT, NO_MESSAGE, OK, OK, OK),
}
"""What everyone gets who calls; services where the call knows them."""

ABOUT_NO_CONVERSATION = {
    "CreateConversation", "ListConversations", "StreamConversations", "DeleteAllConversations",
    "MarkAllConversationsRead", "GetUnreadSummary", "GetUserSettings", "UpdateUserSettings",
}  # fmt: skip

VARIANTS: dict[str, dict[str, Any]] = {
    "DeleteConversation for everyone": {"scope": EVERYONE},
    "DeleteMessages": {"scope": SELF},
    "ImportMessages": {"as_service": False},
}


@pytest.mark.parametrize("name", GROUPS)
def test_call_about_a_group_when_made_by_anyone_is_judged_by_role(api: ApiClient, ids: Ids, name: str) -> None:
    """Keep semantics C5, M1, W7, Q9, V4."""
    method = name.split(maxsplit=1)[0]
    for caller, reason in zip(CALLERS, GROUPS[name], strict=False):
        club = Club(api, ids)
        fields = VARIANTS.get(name, {})
        if caller.startswith("service"):
            fields = fields | {"as_service": True}
        assert (caller, club.do(caller, method, **fields)) == (caller, reason)


def test_calls_when_one_is_added_are_in_the_table() -> None:
    assert {name.split()[0] for name in GROUPS} | ABOUT_NO_CONVERSATION == set(METHODS)
    for name, row in GROUPS.items():
        assert len(row) == (9 if has_field(name.split()[0], "as_service") else 6)


@pytest.mark.parametrize("name", [name for name in GROUPS if not name.startswith("Import")])
def test_call_when_refused_changes_nothing(api: ApiClient, ids: Ids, name: str) -> None:
    club = Club(api, ids)
    refused = [caller for caller, reason in zip(CALLERS, GROUPS[name], strict=False) if reason]
    with assert_unchanged(api, club.people["owner"], club.at), assert_unchanged(api, club.people["left"], club.at):
        for caller in refused:
            club.do(caller, name.split(maxsplit=1)[0], **VARIANTS.get(name, {}))
    assert api.listed(club.people["outsider"]) == []


@pytest.mark.parametrize("name", sorted(GROUPS.keys() - {"GetOrCreateConversation"}))
def test_conversation_when_missing_and_when_not_the_users_are_indistinguishable(
    api: ApiClient, ids: Ids, name: str
) -> None:
    """Keep semantics C4."""
    method, club = name.split(maxsplit=1)[0], Club(api, ids)
    fields = VARIANTS.get(name, {}) | {"user_id": club.people["outsider"]}
    missing = group(ids.group("missing"))
    theirs, nowhere = (
        valid_fields(method, at, message_id=message_id, other=club.people["other"]) | fields
        for at, message_id in ((club.at, club.message_id), (missing, "999999999-1"))
    )
    assert expect(api, method, theirs) == expect(api, method, nowhere)


def expect(api: ApiClient, method: str, fields: dict[str, Any]) -> tuple[object, ...]:
    """All that a failure gives."""
    try:
        result = call(api, method, **fields).results[0]
    except grpc.RpcError as error:
        return (*failure_of(error), error.details())
    item = result.error
    return (item.code, item.reason, item.message, item.field, dict(item.metadata))


ROLES = {
    "an admin adds an owner": ("admin", "AddMembers", "outsider", OWNER, LOW),
    "an owner adds an owner": ("owner", "AddMembers", "outsider", OWNER, OK),
    "a service adds an owner": ("service", "AddMembers", "outsider", OWNER, OK),
    "an admin adds an admin": ("admin", "AddMembers", "outsider", ADMIN, OK),
    "a member adds itself again": ("member", "AddMembers", "member", MEMBER, LOW),
    "who left adds itself": ("left", "AddMembers", "left", MEMBER, LEFT),
    "an outsider adds itself": ("outsider", "AddMembers", "outsider", MEMBER, UNKNOWN),
    "an admin removes the owner": ("admin", "RemoveMembers", "owner", 0, LOW),
    "a service removes the owner": ("service", "RemoveMembers", "owner", 0, OK),
    "an admin removes an admin": ("admin", "RemoveMembers", "admin", 0, OK),
    "a member leaves": ("member", "RemoveMembers", "member", 0, OK),
    "the owner leaves": ("owner", "RemoveMembers", "owner", 0, OK),
    "who left leaves again": ("left", "RemoveMembers", "left", 0, OK),
    "an outsider leaves": ("outsider", "RemoveMembers", "outsider", 0, UNKNOWN),
    "an admin makes an admin": ("admin", "UpdateMember", "member", ADMIN, OK),
    "an admin makes itself owner": ("admin", "UpdateMember", "admin", OWNER, LOW),
    "an admin unmakes the owner": ("admin", "UpdateMember", "owner", MEMBER, LOW),
    "an owner makes an owner": ("owner", "UpdateMember", "member", OWNER, OK),
    "the last owner steps down": ("owner", "UpdateMember", "owner", MEMBER, "LAST_OWNER"),
    "a service unmakes the last owner": ("service", "UpdateMember", "owner", ADMIN, "LAST_OWNER"),
    "a member raises itself": ("member", "UpdateMember", "member", ADMIN, LOW),
    "an owner changes who left": ("owner", "UpdateMember", "left", ADMIN, "MEMBER_NOT_FOUND"),
    "an owner changes an outsider": ("owner", "UpdateMember", "outsider", ADMIN, "MEMBER_NOT_FOUND"),
}


@pytest.mark.parametrize("case", ROLES)
def test_role_when_given_or_taken_needs_a_role_of_its_own(api: ApiClient, ids: Ids, case: str) -> None:
    """Keep semantics M1, M3."""
    caller, method, whom, role, reason = ROLES[case]
    club = Club(api, ids)
    whom = club.people[whom]
    fields: dict[str, dict[str, Any]] = {
        "AddMembers": {"members": [{"user_id": whom, "role": role}]},
        "RemoveMembers": {"user_ids": [whom]},
        "UpdateMember": {"member": {"user_id": whom, "role": role}, "update_mask": {"paths": ["role"]}},
    }
    assert club.do(caller, method, **fields[method]) == reason
    owners = call(api, "ListMembers", user_id=club.people["other"], conversation=club.at, roles=[OWNER]).members
    assert len(owners) >= 1


def test_pair_when_its_sides_or_others_call_is_theirs_alone(api: ApiClient, ids: Ids) -> None:
    """Keep semantics C4, M6."""
    alice, bob, eve = ids.users(3)
    sent = api.send(alice, single(bob))
    at = Reference(conversation_id=sent.conversation_id)

    def reason(user: str, method: str, **fields: Any) -> str:
        valid = valid_fields(method, at, message_id=sent.message_id, other=eve)
        return reason_of(api, method, **({"user_id": user} | valid | fields))

    for method in METHODS.keys() - ABOUT_NO_CONVERSATION - {"ImportMessages"}:
        expected = NO_MESSAGE if method in {"GetMessage", "BatchGetMessages", "ListReaders"} else UNKNOWN
        assert (method, reason(eve, method)) == (method, expected)
    for method in ("AddMembers", "RemoveMembers", "UpdateMember"):
        for fields in ({}, {"as_service": True}):
            assert reason(alice, method, **fields) == "TYPE_NOT_SUPPORTED"
    assert reason(bob, "UpdateConversation") == OK
    visibility = {"update_mask": {"paths": ["history_visibility"]}, "properties": {"history_visibility": 1}}
    assert reason(bob, "UpdateConversation", **visibility) == "TYPE_NOT_SUPPORTED"
    assert reason(bob, "DeleteConversation", scope=EVERYONE) == SERVICE
    assert reason(bob, "DeleteMessages") == NOT_MINE
    assert reason(alice, "DeleteMessages") == OK
    assert reason(bob, "DeleteConversation", scope=EVERYONE, as_service=True) == OK


def test_system_conversation_when_its_user_or_others_call_is_changed_by_services_alone(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics C1, M6, W7."""
    alice, eve, source = ids.user(), ids.user(), ids.group("news")
    at = system(source, alice)
    assert reason_of(api, "SendMessage", user_id=alice, conversation=at, message=text_message()) == SERVICE
    assert reason_of(api, "SendMessage", user_id=eve, conversation=at, message=text_message()) == UNKNOWN
    sent = api.send(source, at, as_service=True)

    def reason(user: str, method: str, **fields: Any) -> str:
        valid = valid_fields(method, at, message_id=sent.message_id, other=eve)
        return reason_of(api, method, **({"user_id": user} | valid | fields))

    for method in ("GetConversation", "ListMessages", "MarkConversationRead", "ListMembers", "GetMessage"):
        assert reason(alice, method) == OK
        assert reason(eve, method) in {UNKNOWN, NO_MESSAGE}
    for method in ("UpdateConversation", "SendMessage"):
        assert reason(alice, method) == SERVICE
        assert reason(alice, method, as_service=True) == OK
    assert reason(alice, "AddMembers", as_service=True) == "TYPE_NOT_SUPPORTED"
    assert reason(alice, "DeleteMessages") == NOT_MINE
    assert reason(alice, "DeleteConversation", scope=EVERYONE) == SERVICE
    assert reason(alice, "DeleteConversation", scope=SELF) == OK


def test_burn_when_asked_of_anything_but_a_pair_is_not_supported(api: ApiClient, ids: Ids) -> None:
    """Keep semantics C5."""
    alice = ids.user()
    burning = {"update_mask": {"paths": ["burn"]}, "properties": {"burn": {"enabled": True}}}
    for at in (group(ids.group()), room(ids.group()), system(ids.group())):
        api.open(alice, at)
        as_service = {"as_service": True} if at.target.type == conversation_pb2.CONVERSATION_TYPE_SYSTEM else {}
        reason = reason_of(api, "UpdateConversation", user_id=alice, conversation=at, **burning, **as_service)
        assert reason == "TYPE_NOT_SUPPORTED"


def test_chat_room_when_users_come_and_go_lets_them_but_only_as_members(api: ApiClient, ids: Ids) -> None:
    """Keep semantics M1."""
    owner, alice, eve = ids.users(3)
    at = room(ids.group())
    api.create_group(owner, at.target.id, kind=conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM)

    def adds(user: str, *members: tuple[str, int]) -> str:
        new = [{"user_id": member, "role": role} for member, role in members]
        return reason_of(api, "AddMembers", user_id=user, conversation=at, members=new)

    assert adds(alice, (alice, ADMIN)) == UNKNOWN
    assert adds(alice, (eve, MEMBER)) == UNKNOWN
    assert reason_of(api, "GetOrCreateConversation", user_id=alice, conversation=at) == UNKNOWN
    assert adds(alice, (alice, MEMBER)) == OK
    assert adds(alice, (eve, MEMBER)) == LOW
    assert reason_of(api, "RemoveMembers", user_id=alice, conversation=at, user_ids=[owner]) == LOW
    assert reason_of(api, "SendMessage", user_id=alice, conversation=at, message=text_message()) == OK
    assert api.remove(alice, at, [alice]) == 1
    assert reason_of(api, "SendMessage", user_id=alice, conversation=at, message=text_message()) == LEFT
    assert adds(alice, (alice, MEMBER)) == OK
    assert adds(eve, (eve, member_pb2.MEMBER_ROLE_UNSPECIFIED)) == OK
