"""Creating groups and rooms: what the new ones hold, and a retry that changes nothing."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_pb2, conversation_service_pb2, member_pb2
from tests.support.api_client import ApiClient, Failure, Reference, failing, group, room, single, texts
from tests.support.concurrent_calls import at_once
from tests.support.contract_calls import call
from tests.support.fixtures import Ids, NewDatabase
from tests.support.running_server import serving
from tests.support.user_view_snapshot import assert_unchanged

GROUP, ROOM = conversation_pb2.CONVERSATION_TYPE_GROUP, conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM
SINCE_JOIN = conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN
ADMIN, MEMBER, OWNER = member_pb2.MEMBER_ROLE_ADMIN, member_pb2.MEMBER_ROLE_MEMBER, member_pb2.MEMBER_ROLE_OWNER
INVALID = grpc.StatusCode.INVALID_ARGUMENT


class Creation:
    """A conversation that Alice creates with Bob and Carol in it."""

    def __init__(self, api: ApiClient, ids: Ids, type_: conversation_pb2.ConversationType) -> None:
        self.api = api
        self.alice, self.bob, self.carol, self.stranger = ids.users(4)
        self.at = group(ids.group()) if type_ == GROUP else room(ids.group())
        self.fields: dict[str, Any] = {
            "target": self.at.target,
            "properties": {
                "name": "a name",
                "attributes": {"one": "1", "two": "2"},
                "history_visibility": SINCE_JOIN,
            },
            "members": [{"user_id": self.bob}, {"user_id": self.carol, "role": ADMIN}],
        }

    def __call__(self, user: str = "", **changed: Any) -> Any:
        """Make the call, by Alice and with the same content where nothing else is said."""
        return call(self.api, "CreateConversation", user_id=user or self.alice, **(self.fields | changed))

    def roles(self) -> dict[str, int]:
        """Who is a member, and as what."""
        listed = call(self.api, "ListMembers", user_id=self.alice, conversation=self.at).members
        return {member.user_id: member.role for member in listed}


@pytest.fixture(params=[GROUP, ROOM], ids=["group", "chat room"])
def creation(api: ApiClient, ids: Ids, request: pytest.FixtureRequest) -> Creation:
    return Creation(api, ids, request.param)


def test_conversation_when_created_holds_what_was_asked_for(creation: Creation) -> None:
    answer = creation()
    properties = answer.conversation.properties
    assert answer.created
    assert (answer.conversation.type, answer.conversation.role) == (creation.at.target.type, OWNER)
    assert (properties.name, dict(properties.attributes)) == ("a name", {"one": "1", "two": "2"})
    assert properties.history_visibility == SINCE_JOIN
    assert creation.roles() == {creation.alice: OWNER, creation.bob: MEMBER, creation.carol: ADMIN}
    assert creation.api.look(creation.bob, creation.at).properties == properties


def test_creating_when_retried_by_its_user_returns_the_conversation_as_it_is_now(creation: Creation) -> None:
    """A caller that got no answer creates again, and must not be refused what is its own."""
    api, alice, at = creation.api, creation.alice, creation.at
    first = creation()
    with assert_unchanged(api, alice, at):
        second = creation()
    assert (second.created, second.conversation) == (False, first.conversation)
    assert second.consistency_token
    api.send(creation.bob, at, "meanwhile")
    call(
        api,
        "UpdateConversation",
        user_id=creation.carol,
        conversation=at,
        properties={"name": "another name"},
        update_mask={"paths": ["name"]},
    )
    api.remove(alice, at, [creation.bob])
    api.add(alice, at, [creation.stranger])
    now = api.look(alice, at)
    with assert_unchanged(api, alice, at):
        third = creation()
    assert (third.created, third.conversation) == (False, now)
    assert third.conversation.properties.name == "another name"
    assert creation.roles() == {creation.alice: OWNER, creation.carol: ADMIN, creation.stranger: MEMBER}


def test_creating_when_retried_after_a_deletion_brings_nothing_back(creation: Creation) -> None:
    api, alice, at = creation.api, creation.alice, creation.at
    creation()
    api.delete(alice, at, delete_messages=True)
    with assert_unchanged(api, alice, at):
        assert not creation().created
    assert api.listed(alice) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"properties": {"name": "another name"}},
        {"properties": None},
        {"members": []},
        {"members": "admin"},
    ],
    ids=["another name", "no properties", "no members", "another role"],
)
def test_creating_when_the_source_id_is_taken_by_another_content_is_refused(
    creation: Creation, changed: dict[str, Any]
) -> None:
    creation()
    if changed.get("members") == "admin":
        changed = {"members": [{"user_id": creation.bob, "role": ADMIN}, {"user_id": creation.carol, "role": ADMIN}]}
    with assert_unchanged(creation.api, creation.alice, creation.at):
        failure = failing(creation, **changed)
    assert failure == Failure(grpc.StatusCode.ALREADY_EXISTS, "CONVERSATION_EXISTS", "target.id")


def test_creating_when_the_source_id_is_taken_by_another_user_is_refused(creation: Creation) -> None:
    """Keep semantics C6."""
    creation.fields["members"] = [{"user_id": creation.carol}]
    creation()
    for user in (creation.bob, creation.stranger):
        with assert_unchanged(creation.api, creation.alice, creation.at):
            failure = failing(creation, user)
        assert failure == Failure(grpc.StatusCode.ALREADY_EXISTS, "CONVERSATION_EXISTS", "target.id")


def test_creating_when_one_user_sends_the_same_call_many_times_at_once_creates_one(creation: Creation) -> None:
    answers = at_once([creation] * 8)
    assert sum(answer.created for answer in answers) == 1
    assert len({answer.conversation.SerializeToString(deterministic=True) for answer in answers}) == 1
    assert creation.roles() == {creation.alice: OWNER, creation.bob: MEMBER, creation.carol: ADMIN}


@pytest.mark.parametrize(
    ("target", "reason", "field"),
    [
        ({}, "REQUIRED", "target.type"),
        ({"id": "a"}, "REQUIRED", "target.type"),
        ({"type": GROUP}, "REQUIRED", "target.id"),
        ({"type": conversation_pb2.CONVERSATION_TYPE_SINGLE, "id": "a"}, "OUT_OF_BOUNDS", "target.type"),
        ({"type": conversation_pb2.CONVERSATION_TYPE_SYSTEM, "id": "a"}, "OUT_OF_BOUNDS", "target.type"),
        ({"type": 3, "id": "a"}, "UNKNOWN_ENUM_VALUE", "target.type"),
        ({"type": GROUP, "id": "a", "recipient_id": "b"}, "CONFLICTING_FIELDS", "target.recipient_id"),
    ],
    ids=str,
)
def test_creating_when_the_target_is_wrong_is_refused(
    api: ApiClient, ids: Ids, target: dict[str, Any], reason: str, field: str
) -> None:
    user = ids.user()
    with assert_unchanged(api, user):
        failure = failing(call, api, "CreateConversation", user_id=user, target=target)
    assert failure == Failure(INVALID, reason, field)


@pytest.mark.parametrize("type_", [GROUP, ROOM], ids=["group", "chat room"])
def test_creating_when_it_is_to_burn_is_refused(
    api: ApiClient, ids: Ids, type_: conversation_pb2.ConversationType
) -> None:
    user = ids.user()
    target = {"type": type_, "id": ids.group()}
    burning = {"burn": {"enabled": True}}
    expected = Failure(grpc.StatusCode.FAILED_PRECONDITION, "TYPE_NOT_SUPPORTED", "properties.burn")
    with assert_unchanged(api, user):
        failure = failing(call, api, "CreateConversation", user_id=user, target=target, properties=burning)
        assert failure == expected
        failure = failing(
            call, api, "GetOrCreateConversation", user_id=user, conversation={"target": target}, properties=burning
        )
        assert failure == expected


def opening(creation: Creation, user: str, at: Reference) -> Any:
    """Open a conversation with the properties and members of the creation."""
    fields = {name: creation.fields[name] for name in ("properties", "members")}
    return call(creation.api, "GetOrCreateConversation", user_id=user, conversation=at, **fields)


def test_opening_when_it_creates_takes_properties_and_members_and_else_ignores_them(creation: Creation) -> None:
    """Keep semantics C3."""
    api, alice, at = creation.api, creation.alice, creation.at
    opened = opening(creation, alice, at)
    assert (opened.created, opened.conversation.properties.name) == (True, "a name")
    assert opened.conversation.properties.history_visibility == SINCE_JOIN
    assert creation.roles() == {creation.alice: OWNER, creation.bob: MEMBER, creation.carol: ADMIN}
    with assert_unchanged(api, alice, at):
        again = call(
            api,
            "GetOrCreateConversation",
            user_id=alice,
            conversation=at,
            properties={"name": "another name"},
            members=[{"user_id": creation.stranger}],
        )
    assert (again.created, again.conversation) == (False, opened.conversation)
    assert failing(api.look, creation.stranger, at).reason == "CONVERSATION_NOT_FOUND"


def test_opening_a_pair_when_members_are_given_is_refused(api: ApiClient, ids: Ids) -> None:
    alice, bob, carol = ids.users(3)
    with assert_unchanged(api, alice, single(bob)):
        failure = failing(
            call,
            api,
            "GetOrCreateConversation",
            user_id=alice,
            conversation=single(bob),
            members=[{"user_id": carol}],
        )
    assert failure == Failure(INVALID, "CONFLICTING_FIELDS", "members")


def test_opening_a_pair_when_properties_are_given_has_them_unless_pairs_have_none_such(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics C5."""
    alice, bob, carol = ids.users(3)
    visible = {"history_visibility": SINCE_JOIN}
    opening_it = partial(call, api, "GetOrCreateConversation", user_id=alice)
    with assert_unchanged(api, alice, single(bob)):
        failure = failing(opening_it, conversation=single(bob), properties=visible)
    assert failure == Failure(
        grpc.StatusCode.FAILED_PRECONDITION, "TYPE_NOT_SUPPORTED", "properties.history_visibility"
    )
    burning = {"name": "secrets", "burn": {"enabled": True, "duration": {"seconds": 5}}}
    opened = opening_it(conversation=single(carol), properties=burning)
    shown = opened.conversation.properties
    assert (opened.created, shown.name, shown.burn.enabled, shown.burn.duration.seconds) == (True, "secrets", True, 5)
    assert api.send(carol, single(alice), "burns").burn_duration.seconds == 5


def test_opening_when_many_do_at_once_creates_one_with_the_content_of_one(api: ApiClient, ids: Ids) -> None:
    """Keep semantics C3."""
    alice, bob = ids.users(2)
    source = ids.group()
    names = [f"name {number}" for number in range(8)]
    requests = [
        conversation_service_pb2.GetOrCreateConversationRequest(
            user_id=alice, conversation=group(source), properties={"name": name}, members=[{"user_id": bob}]
        )
        for name in names
    ]
    answers = at_once([partial(api.conversations.GetOrCreateConversation, request) for request in requests])
    assert sum(answer.created for answer in answers) == 1
    [name] = {answer.conversation.properties.name for answer in answers}
    assert name in names
    api.send(alice, group(source), "hello")
    assert texts(api.walk(bob, group(source))) == ["hello"]


@pytest.fixture(scope="module")
def services_only(new_database: NewDatabase) -> Iterator[ApiClient]:
    """A server that leaves creating groups to services."""
    with serving(new_database(), "--no-users-may-create-groups") as serving_api:
        yield serving_api


@pytest.mark.parametrize("method", ["CreateConversation", "GetOrCreateConversation"])
@pytest.mark.parametrize("of_type", [group, room])
def test_creating_when_left_to_services_needs_one_and_else_changes_nothing(
    services_only: ApiClient, ids: Ids, of_type: Callable[[str], Reference], method: str
) -> None:
    """Keep semantics C3."""
    api, at, (alice, bob) = services_only, of_type(ids.group()), ids.users(2)
    field, named = ("target", at.target) if method == "CreateConversation" else ("conversation", at)
    creating = partial(call, api, method, user_id=alice, members=[{"user_id": bob}], **{field: named})
    with assert_unchanged(api, alice, at):
        assert failing(creating) == Failure(grpc.StatusCode.PERMISSION_DENIED, "SERVICE_ONLY", field)
    assert creating(as_service=True).created
    assert not call(api, "GetOrCreateConversation", user_id=bob, conversation=at).created
    assert api.open(alice, single(bob)).target_id == bob
