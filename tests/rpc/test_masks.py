"""Field masks: what they name is set or cleared, what they do not name is ignored, and nothing else may be named."""

from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from backscroll.v1 import conversation_pb2, member_pb2
from tests.support.api_client import ApiClient, Failure, failing, failure_of, group, room, single, system
from tests.support.contract_calls import call, has_field
from tests.support.fixtures import Ids
from tests.support.user_view_snapshot import assert_unchanged

INVALID = grpc.StatusCode.INVALID_ARGUMENT
MUTED, NORMAL = conversation_pb2.RECEIVE_OPTION_MUTED, conversation_pb2.RECEIVE_OPTION_NORMAL
SETTINGS = ["pinned", "draft", "receive_option", "mute_end_time", "marks", "attributes"]
ALLOWED = {
    "UpdateConversation": ["name", "attributes", "history_visibility", "burn"],
    "UpdateConversationSettings": SETTINGS,
    "BatchUpdateConversationSettings": SETTINGS,
    "UpdateMember": ["role"],
    "UpdateUserSettings": ["receive_option", "mute_end_time"],
}
REFUSED = {
    "UpdateConversation": [
        "conversation_id", "properties", "properties.name", "burn.enabled", "burn.duration", "attributes.key",
        "member_count", "Name",
    ],
    "UpdateConversationSettings": ["pin_time", "draft_time", "settings.pinned", "attributes.key", "name", "Pinned"],
    "BatchUpdateConversationSettings": ["pin_time", "draft_time", "settings.pinned", "attributes.key", "name"],
    "UpdateMember": ["user_id", "join_time", "read_sequence", "member.role", "Role"],
    "UpdateUserSettings": ["pinned", "settings.receive_option", "user_id"],
}  # fmt: skip


class Group:
    """Alice's group with Bob in it, and the calls that change something of it by a mask."""

    def __init__(self, api: ApiClient, ids: Ids) -> None:
        self.api = api
        self.alice, self.bob = ids.users(2)
        self.at = group(ids.group())
        api.create_group(self.alice, self.at.target.id, [self.bob], name="old name", attributes={"old": "pair"})
        api.send(self.bob, self.at)
        api.settings(self.alice, self.at, pinned=True, draft="old draft", marks=["old"])

    def fields(self, method: str, paths: list[str] | None, **values: Any) -> dict[str, Any]:
        """What a call holds that names these paths, with these values of what the mask is about."""
        fields: dict[str, Any] = {"user_id": self.alice}
        if has_field(method, "conversation"):
            fields["conversation"] = self.at
        if has_field(method, "conversations"):
            fields["conversations"] = [self.at]
        resource = {"UpdateConversation": "properties", "UpdateMember": "member"}.get(method, "settings")
        fields[resource] = ({"user_id": self.bob} if resource == "member" else {}) | values
        return fields if paths is None else fields | {"update_mask": {"paths": paths}}

    def change(self, method: str, paths: list[str] | None, **values: Any) -> Any:
        """Make such a call."""
        return call(self.api, method, **self.fields(method, paths, **values))

    def refused(self, method: str, paths: list[str] | None) -> Failure:
        """Make such a call, which must fail and change nothing."""
        with assert_unchanged(self.api, self.alice, self.at), assert_unchanged(self.api, self.bob, self.at):
            return failing(self.change, method, paths)


@pytest.fixture
def club(api: ApiClient, ids: Ids) -> Group:
    return Group(api, ids)


@pytest.mark.parametrize("method", ALLOWED)
def test_mask_when_empty_or_absent_is_required(club: Group, method: str) -> None:
    empty: list[str] = []
    for paths in (empty, None):
        assert club.refused(method, paths) == Failure(INVALID, "REQUIRED", "update_mask")


@pytest.mark.parametrize(
    ("method", "path"), [(method, path) for method in REFUSED for path in [*REFUSED[method], "*", "", " "]]
)
def test_path_when_unknown_or_not_to_be_set_is_refused(club: Group, method: str, path: str) -> None:
    assert club.refused(method, [path]) == Failure(INVALID, "UNKNOWN_FIELD_PATH", "update_mask.paths[0]")
    after_a_good_one = club.refused(method, [ALLOWED[method][0], path])
    assert after_a_good_one == Failure(INVALID, "UNKNOWN_FIELD_PATH", "update_mask.paths[1]")


@pytest.mark.parametrize(("method", "path"), [(method, path) for method in ALLOWED for path in ALLOWED[method]])
def test_path_when_given_twice_is_refused(club: Group, method: str, path: str) -> None:
    assert club.refused(method, [path, path]) == Failure(INVALID, "DUPLICATE_VALUE", "update_mask.paths[1]")


@pytest.mark.parametrize("method", ALLOWED)
def test_path_when_refused_is_in_the_metadata_with_those_that_are_allowed(club: Group, method: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        club.change(method, ["no such field"])
    assert failure_of(caught.value).reason == "UNKNOWN_FIELD_PATH"
    info: Any = error_details_pb2.ErrorInfo()
    status: Any = rpc_status.from_call(caught.value)  # type: ignore[arg-type]  # The error of a call is that call.
    assert any(detail.Unpack(info) for detail in status.details)
    assert info.metadata["path"] == "no such field"
    assert info.metadata["field"] == "update_mask.paths[0]"
    allowed = [path.strip() for path in info.metadata["allowed"].split(",")]
    assert sorted(allowed) == sorted(ALLOWED[method])


WRONG: dict[str, tuple[list[str], dict[str, Any]]] = {
    "UpdateConversation": (["name"], {"attributes": {"": "no key"}, "burn": {"duration": {"seconds": -1}}}),
    "UpdateConversationSettings": (["pinned"], {"marks": ["a", "a"], "mute_end_time": {"seconds": 1}}),
    "BatchUpdateConversationSettings": (["pinned"], {"marks": ["a", "a"], "mute_end_time": {"seconds": 1}}),
    "UpdateMember": (["role"], {"role": member_pb2.MEMBER_ROLE_ADMIN, "read_sequence": -1}),
    "UpdateUserSettings": (["receive_option"], {"receive_option": MUTED, "mute_end_time": {"seconds": 1}}),
}
"""For each call a mask, and values of which only those that the mask names are right."""


@pytest.mark.parametrize("method", WRONG)
def test_values_when_the_mask_does_not_name_them_are_ignored_also_where_they_are_wrong(
    club: Group, method: str
) -> None:
    paths, values = WRONG[method]
    before = club.api.look(club.alice, club.at)
    club.change(method, paths, **values)
    after = club.api.look(club.alice, club.at)
    assert after.properties.attributes == before.properties.attributes
    assert after.settings.marks == before.settings.marks
    assert not after.settings.HasField("mute_end_time")
    assert not call(club.api, "GetUserSettings", user_id=club.alice).settings.HasField("mute_end_time")


def test_values_when_the_mask_names_them_and_they_are_unset_are_cleared(club: Group) -> None:
    kept = club.change("UpdateConversation", ["name"]).conversation.properties
    assert (kept.name, dict(kept.attributes)) == ("", {"old": "pair"})
    assert not club.change("UpdateConversation", ["attributes"]).conversation.properties.attributes
    settings = club.change("UpdateConversationSettings", ["pinned", "draft"]).conversation.settings
    assert (settings.pinned, settings.draft, list(settings.marks)) == (False, "", ["old"])
    assert not settings.HasField("pin_time")
    assert not settings.HasField("draft_time")
    [result] = club.change("BatchUpdateConversationSettings", ["marks"]).results
    assert result.update.changed
    assert not club.api.look(club.alice, club.at).settings.marks


def test_attributes_when_updated_are_replaced_whole(club: Group) -> None:
    shared = club.change("UpdateConversation", ["attributes"], attributes={"new": "pair"}).conversation
    assert dict(shared.properties.attributes) == {"new": "pair"}
    for pairs in ({"one": "1", "two": "2"}, {"three": "3"}):
        own = club.change("UpdateConversationSettings", ["attributes"], attributes=pairs).conversation
        assert dict(own.settings.attributes) == pairs


@pytest.mark.parametrize("of", ["one conversation", "everything"])
def test_end_of_a_mute_when_the_mask_names_the_option_alone_is_taken_away(club: Group, of: str) -> None:
    method = "UpdateConversationSettings" if of == "one conversation" else "UpdateUserSettings"
    end = {"seconds": 4_000_000_000}
    both = ["receive_option", "mute_end_time"]

    def now() -> Any:
        if of == "one conversation":
            return club.api.look(club.alice, club.at).settings
        return call(club.api, "GetUserSettings", user_id=club.alice).settings

    club.change(method, both, receive_option=MUTED, mute_end_time=end)
    assert (now().receive_option, now().mute_end_time.seconds) == (MUTED, 4_000_000_000)
    club.change(method, ["receive_option"], receive_option=MUTED)
    assert now().receive_option == MUTED
    assert not now().HasField("mute_end_time")
    club.change(method, ["mute_end_time"], mute_end_time=end)
    assert now().mute_end_time.seconds == 4_000_000_000
    club.change(method, ["receive_option"], receive_option=NORMAL)
    assert now().receive_option == NORMAL
    assert not now().HasField("mute_end_time")


def test_burn_when_named_in_the_mask_is_replaced_whole(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.burn(alice, single(bob), seconds=60)
    update = {"user_id": alice, "conversation": single(bob), "update_mask": {"paths": ["burn"]}}
    switched = call(api, "UpdateConversation", **update, properties={"burn": {"enabled": True}}).conversation
    assert (switched.properties.burn.enabled, switched.properties.burn.duration.seconds) == (True, 30)
    cleared = call(api, "UpdateConversation", **update).conversation
    assert not cleared.properties.burn.enabled


@pytest.mark.parametrize("kind", ["single", "group", "room", "system"])
def test_burn_when_the_mask_does_not_name_it_is_not_stored(api: ApiClient, ids: Ids, kind: str) -> None:
    """Neither the switch nor the duration, whatever the type of the conversation (semantics C5)."""
    alice = ids.user()
    at = {"single": single, "group": group, "room": room, "system": system}[kind](ids.group())
    before = api.open(alice, at).properties
    for burn in ({"enabled": True}, {"enabled": True, "duration": {"seconds": 60}}, {"duration": {"seconds": 60}}):
        changed = call(
            api,
            "UpdateConversation",
            user_id=alice,
            conversation=at,
            update_mask={"paths": ["name"]},
            properties={"name": "new name", "burn": burn},
            as_service=True,
        ).conversation
        assert changed.properties.name == "new name"
        assert not changed.properties.HasField("burn")
        assert api.look(alice, at).properties == changed.properties
    assert not before.HasField("burn")
    assert not api.send(alice, at, as_service=True).HasField("burn_duration")
