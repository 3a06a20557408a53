"""Setting a field to the value that it has changes nothing, so that a retry is safe (semantics L4)."""

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_pb2, conversation_service_pb2, event_service_pb2, user_service_pb2
from tests.support.api_client import ApiClient, by_id, failing, group, single
from tests.support.clocked_server import clocked_server
from tests.support.fixtures import Ids, NewDatabase

BLOCKED = conversation_pb2.RECEIVE_OPTION_BLOCKED
MUTED = conversation_pb2.RECEIVE_OPTION_MUTED
NORMAL = conversation_pb2.RECEIVE_OPTION_NORMAL


def changes_nothing(api: ApiClient, user: str, call: Callable[[], object]) -> None:
    """Assert that a call gives a user no event and changes none of the user's conversations."""
    token, before = api.summary(user).resume_token, api.listed(user)
    call()
    assert not api.events.ListEvents(event_service_pb2.ListEventsRequest(user_id=user, resume_token=token)).events
    assert api.listed(user) == before


@pytest.mark.parametrize(
    "settings",
    [
        {"pinned": True},
        {"draft": "half a sentence"},
        {"receive_option": BLOCKED},
        {"receive_option": MUTED},
        {"marks": ["b", "a"]},
        {"attributes": {"colour": "red", "size": "1"}},
        {"pinned": False},
        {"draft": ""},
        {"receive_option": NORMAL},
        {"marks": []},
        {"attributes": {}},
        {"pinned": True, "draft": "x", "receive_option": MUTED, "marks": ["a"], "attributes": {"a": "b"}},
    ],
)
def test_settings_when_set_again_change_nothing(api: ApiClient, ids: Ids, settings: dict[str, Any]) -> None:
    alice, bob, other = ids.users(3)
    api.send(bob, single(alice))
    first = api.settings(alice, single(bob), **settings)
    api.send(other, single(alice))
    changes_nothing(api, alice, lambda: api.settings(alice, single(bob), **settings))
    assert api.look(alice, single(bob)).settings == first.settings


def test_settings_when_one_of_them_differs_change_that_alone(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(bob, single(alice))
    first = api.settings(alice, single(bob), pinned=True, draft="one").settings
    second = api.settings(alice, single(bob), pinned=True, draft="two").settings
    assert (second.pin_time, second.draft) == (first.pin_time, "two")


@pytest.mark.parametrize("settings", [{"receive_option": BLOCKED}, {"pinned": True}, {"receive_option": MUTED}])
def test_settings_when_one_call_names_a_conversation_twice_are_set_once(
    api: ApiClient, ids: Ids, settings: dict[str, Any]
) -> None:
    alice, bob = ids.users(2)
    message = api.send(bob, single(alice))
    request = conversation_service_pb2.BatchUpdateConversationSettingsRequest(
        user_id=alice,
        conversations=[single(bob), by_id(message.conversation_id)],
        settings=settings,
        update_mask={"paths": list(settings)},
    )
    first, second = api.conversations.BatchUpdateConversationSettings(request).results
    seen = api.look(alice, single(bob))
    assert first.conversation_id == second.conversation_id == seen.conversation_id
    assert first.update.changed
    assert first.update.pin_time == second.update.pin_time == seen.settings.pin_time
    again = api.conversations.BatchUpdateConversationSettings(request)
    assert [result.update.changed for result in again.results] == [False, False]
    assert api.look(alice, single(bob)) == seen


def test_shared_attributes_when_set_again_change_nothing(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob], name="club", attributes={"a": "b"})
    request = conversation_service_pb2.UpdateConversationRequest(
        user_id=alice,
        conversation=group(club),
        properties={
            "name": "club",
            "attributes": {"a": "b"},
            "history_visibility": conversation_pb2.HISTORY_VISIBILITY_ALL,
        },
        update_mask={"paths": ["name", "attributes", "history_visibility"]},
    )
    changes_nothing(api, bob, lambda: api.conversations.UpdateConversation(request))
    api.burn(alice, single(bob), seconds=60)
    changes_nothing(api, bob, lambda: api.burn(alice, single(bob), seconds=60))


def test_mute_when_its_end_has_passed_may_be_set_again_but_no_other_past(new_database: NewDatabase, ids: Ids) -> None:
    """A retry that arrives after the end of the mute must succeed."""
    alice, bob = ids.users(2)
    with clocked_server(new_database()) as served:
        api = served.api
        api.send(bob, single(alice))
        until = {"seconds": served.clock() // 1_000_000 + 10}
        api.settings(alice, single(bob), receive_option=MUTED, mute_end_time=until)
        request = user_service_pb2.UpdateUserSettingsRequest(
            user_id=alice,
            settings={"receive_option": MUTED, "mute_end_time": until},
            update_mask={"paths": ["receive_option", "mute_end_time"]},
        )
        api.users.UpdateUserSettings(request)
        served.clock.forward(20)
        api.settings(alice, single(bob), receive_option=MUTED, mute_end_time=until)
        api.users.UpdateUserSettings(request)
        until["seconds"] += 1
        failure = failing(api.settings, alice, single(bob), receive_option=MUTED, mute_end_time=until)
        assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "IN_THE_PAST")
        request.settings.mute_end_time.seconds += 1
        assert failing(api.users.UpdateUserSettings, request).reason == "IN_THE_PAST"
