"""Members and their windows, strangers, retries, and the order that the server alone decides."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any

import grpc
import pytest

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    error_pb2,
    member_pb2,
    message_pb2,
    message_service_pb2,
)
from tests.support.api_client import (
    DOWN,
    EVERYONE,
    SELF,
    ApiClient,
    Reference,
    by_id,
    failing,
    group,
    sequences,
    single,
    text_message,
    texts,
)
from tests.support.clocked_server import eventually
from tests.support.contract_calls import call
from tests.support.fixtures import Ids, NewDatabase, peewee_database
from tests.support.running_server import serving
from tests.support.server_process import start_server
from tests.support.watch_client import changes_since, now_token

ALL = conversation_pb2.HISTORY_VISIBILITY_ALL
SINCE_JOIN = conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN


@pytest.mark.parametrize(
    ("visibility", "first_stay", "second_stay"),
    [(ALL, [1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8]), (SINCE_JOIN, [3, 4], [3, 4, 7, 8])],
)
def test_windows_when_a_member_joins_leaves_and_joins_then_they_hold_what_each_join_gave(
    api: ApiClient, ids: Ids, visibility: int, first_stay: Sequence[int], second_stay: Sequence[int]
) -> None:
    """A member who comes back with the old upper bound cannot read what is new (semantics M4)."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), history_visibility=visibility)
    api.send_many(alice, group(club), ["before"] * 2)
    api.add(alice, group(club), [bob])
    api.send_many(alice, group(club), ["first stay"] * 2)
    api.remove(alice, group(club), [bob])
    api.send_many(alice, group(club), ["away"] * 2)
    assert sequences(api.walk(bob, group(club), DOWN, 1)) == first_stay
    api.add(alice, group(club), [bob])
    api.send_many(alice, group(club), ["second stay"] * 2)
    assert sequences(api.walk(bob, group(club), DOWN, 1)) == second_stay
    assert sequences(api.walk(bob, group(club), size=3)) == second_stay[::-1]
    assert api.look(bob, group(club)).unread_count == 2


def test_adding_when_already_a_member_changes_nothing(api: ApiClient, ids: Ids) -> None:
    """Keep semantics M2."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send(alice, group(club))
    before = api.summary(bob).resume_token, api.look(bob, group(club))
    assert api.add(alice, group(club), [bob], member_pb2.MEMBER_ROLE_ADMIN) == 0
    assert (api.summary(bob).resume_token, api.look(bob, group(club))) == before


@pytest.mark.parametrize(("visibility", "at_once"), [(ALL, True), (SINCE_JOIN, False)])
def test_group_with_a_history_when_joined_is_listed_at_once_or_with_the_next_message(
    api: ApiClient, ids: Ids, visibility: int, at_once: bool
) -> None:
    """Keep semantics L6."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), history_visibility=visibility)
    api.send(alice, group(club), "before")
    api.add(alice, group(club), [bob])
    assert [entry.target_id for entry in api.listed(bob)] == [club] * at_once
    api.send(alice, group(club), "after")
    assert [entry.target_id for entry in api.listed(bob)] == [club]


def test_group_when_rejoined_with_its_whole_history_to_see_is_listed_at_once(api: ApiClient, ids: Ids) -> None:
    """The first join, with `SINCE_JOIN`, did not list the group; the second, with `ALL`, does (semantics L6)."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), history_visibility=SINCE_JOIN)
    api.send(alice, group(club), "before")
    api.add(alice, group(club), [bob])
    api.remove(alice, group(club), [bob])
    assert api.listed(bob) == []
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=alice,
            conversation=group(club),
            properties={"history_visibility": ALL},
            update_mask={"paths": ["history_visibility"]},
        )
    )
    api.add(alice, group(club), [bob])
    assert [entry.target_id for entry in api.listed(bob)] == [club]
    assert texts(api.walk(bob, group(club))) == ["before"]


@pytest.mark.parametrize("ever_blocked", [False, True])
def test_activity_when_what_moved_the_list_was_erased_then_it_does_not_fall(
    new_database: NewDatabase, ids: Ids, ever_blocked: bool
) -> None:
    """It must not fall either for a member who blocked the group once, left, and joined again (semantics L3)."""
    database = new_database()
    alice, bob = ids.users(2)
    with serving(database) as api, closing(peewee_database(database)) as looking:
        api.create_group(alice, club := ids.group(), [bob])
        api.send(alice, group(club))
        if ever_blocked:
            api.settings(bob, group(club), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
            api.settings(bob, group(club), receive_option=conversation_pb2.RECEIVE_OPTION_NORMAL)
        api.remove(alice, group(club), [bob])
        newest = api.send(alice, group(club))
        api.delete(alice, group(club), EVERYONE, delete_messages=True)
        eventually(lambda: looking.execute_sql("SELECT purged_sequence FROM conversation").fetchone()[0] == 2)
        api.add(alice, group(club), [bob])
        assert api.look(bob, group(club)).activity_time == newest.create_time


def test_window_when_it_begins_then_the_last_message_before_the_join_is_outside(api: ApiClient, ids: Ids) -> None:
    """One off shows a new member the last thing said before."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), history_visibility=SINCE_JOIN)
    before = api.send(alice, group(club), "before")
    api.add(alice, group(club), [bob])
    notice = api.send(alice, group(club), "bob joined", silent=True)
    assert texts(api.walk(bob, group(club))) == ["bob joined"]

    def get(message: message_pb2.Message) -> object:
        return api.messages.GetMessage(
            message_service_pb2.GetMessageRequest(user_id=bob, message_id=message.message_id)
        )

    get(notice)
    assert failing(lambda: get(before))[:2] == (grpc.StatusCode.NOT_FOUND, "MESSAGE_NOT_FOUND")
    start = message_service_pb2.HistoryStart(message_id=before.message_id)
    assert failing(lambda: api.page(bob, group(club), start=start)).code == grpc.StatusCode.NOT_FOUND


def test_window_when_it_ends_then_the_first_message_after_the_removal_is_outside(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send(alice, group(club), "last seen")
    api.remove(alice, group(club), [bob])
    api.send(alice, group(club), "behind the back")
    assert texts(api.walk(bob, group(club))) == ["last seen"]
    seen = api.look(bob, group(club))
    assert (seen.last_sequence, seen.left, seen.role) == (1, True, member_pb2.MEMBER_ROLE_UNSPECIFIED)


def test_last_sequence_when_nothing_can_be_reached_is_zero_and_stands_still_while_blocked(
    api: ApiClient, ids: Ids
) -> None:
    """A joiner who sees no message yet gets 0. No event announces a move while the group is blocked (semantics L12)."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), history_visibility=SINCE_JOIN)
    api.send_many(alice, group(club), ["before"] * 3)
    api.add(alice, group(club), [bob])
    assert api.look(bob, group(club)).last_sequence == 0
    api.send(alice, group(club))
    assert api.look(bob, group(club)).last_sequence == 4
    api.settings(bob, group(club), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    api.send(alice, group(club), "while blocked")
    assert api.look(bob, group(club)).last_sequence == 4
    api.remove(alice, group(club), [bob])
    api.send(alice, group(club), "while away")
    api.add(alice, group(club), [bob])
    assert api.look(bob, group(club)).last_sequence == 4
    api.settings(bob, group(club), receive_option=conversation_pb2.RECEIVE_OPTION_NORMAL)
    assert api.look(bob, group(club)).last_sequence == 5
    api.send(alice, group(club))
    assert api.look(bob, group(club)).last_sequence == 7


def test_windows_when_the_visibility_changes_then_earlier_joins_keep_theirs(api: ApiClient, ids: Ids) -> None:
    """Keep semantics M4."""
    alice, bob, carol = ids.users(3)
    api.create_group(alice, club := ids.group(), history_visibility=SINCE_JOIN)
    api.send(alice, group(club), "first")
    api.add(alice, group(club), [bob])
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=alice,
            conversation=group(club),
            update_mask={"paths": ["history_visibility"]},
            properties={"history_visibility": ALL},
        )
    )
    api.add(alice, group(club), [carol])
    api.send(alice, group(club), "second")
    assert texts(api.walk(bob, group(club))) == ["second"]
    assert texts(api.walk(carol, group(club))) == ["second", "first"]


_OF_A_STRANGER: dict[str, Callable[[ApiClient, str, Reference], object]] = {
    "GetConversation": lambda api, user, at: api.look(user, at),
    "GetOrCreateConversation": lambda api, user, at: api.open(user, at),
    "UpdateConversation": lambda api, user, at: api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=user, conversation=at, update_mask={"paths": ["name"]}, properties={"name": "taken"}
        )
    ),
    "DeleteConversation": lambda api, user, at: api.delete(user, at),
    "DeleteConversation for everyone": lambda api, user, at: api.delete(user, at, EVERYONE),
    "MarkConversationRead": lambda api, user, at: api.read(user, at),
    "MarkConversationUnread": lambda api, user, at: api.mark_unread(user, at),
    "ResetMentions": lambda api, user, at: api.reset_mentions(user, at),
    "AddMembers": lambda api, user, at: api.add(user, at, [user]),
    "RemoveMembers": lambda api, user, at: api.remove(user, at, [user]),
    "UpdateMember": lambda api, user, at: api.conversations.UpdateMember(
        conversation_service_pb2.UpdateMemberRequest(
            user_id=user,
            conversation=at,
            member=member_pb2.Member(user_id=user, role=member_pb2.MEMBER_ROLE_OWNER),
            update_mask={"paths": ["role"]},
        )
    ),
    "ListMembers": lambda api, user, at: api.conversations.ListMembers(
        conversation_service_pb2.ListMembersRequest(user_id=user, conversation=at)
    ),
    "SendMessage": lambda api, user, at: api.send(user, at),
    "ListMessages": lambda api, user, at: api.page(user, at),
    "ListMessagesAround": lambda api, user, at: api.messages.ListMessagesAround(
        message_service_pb2.ListMessagesAroundRequest(user_id=user, conversation=at, older_count=5)
    ),
    "StreamMessages": lambda api, user, at: list(
        api.messages.StreamMessages(message_service_pb2.StreamMessagesRequest(user_id=user, conversation=at))
    ),
    "DeleteMessages": lambda api, user, at: api.delete_ids(user, at, ["1-1"]),
    "ClearHistory": lambda api, user, at: api.clear(user, at, up_to_sequence=1),
}


@pytest.mark.parametrize("call", _OF_A_STRANGER)
def test_conversation_of_others_when_a_stranger_names_it_then_it_is_as_if_it_did_not_exist(
    api: ApiClient, ids: Ids, call: str
) -> None:
    """Who knows or computes an id must learn nothing and change nothing by it."""
    alice, bob, mallory = ids.users(3)
    api.create_group(alice, club := ids.group(), [bob])
    api.send(alice, group(club), "private")
    api.send(alice, single(bob), "private")
    pair = by_id(api.look(alice, single(bob)).conversation_id)
    group_id = by_id(api.look(alice, group(club)).conversation_id)
    before = [(api.look(user, at), api.walk(user, at)) for user in (alice, bob) for at in (pair, group_id)]
    for at in (pair, group_id):
        failure = failing(partial(_OF_A_STRANGER[call], api, mallory, at))
        assert failure[:2] == (grpc.StatusCode.NOT_FOUND, "CONVERSATION_NOT_FOUND")
    assert [(api.look(user, at), api.walk(user, at)) for user in (alice, bob) for at in (pair, group_id)] == before
    assert api.listed(mallory) == []


def test_message_of_others_when_a_stranger_names_it_then_it_is_as_if_it_did_not_exist(api: ApiClient, ids: Ids) -> None:
    alice, bob, mallory = ids.users(3)
    sent = api.send(alice, single(bob), "private")
    api.send(mallory, single(alice))
    results = api.messages.BatchGetMessages(
        message_service_pb2.BatchGetMessagesRequest(user_id=mallory, message_ids=[sent.message_id])
    ).results
    not_found = error_pb2.ERROR_REASON_MESSAGE_NOT_FOUND
    assert [(result.error.reason, result.HasField("message")) for result in results] == [(not_found, False)]
    for read in (
        lambda: api.messages.GetMessage(
            message_service_pb2.GetMessageRequest(user_id=mallory, message_id=sent.message_id)
        ),
        lambda: api.messages.ListReaders(
            message_service_pb2.ListReadersRequest(user_id=mallory, message_id=sent.message_id)
        ),
    ):
        assert failing(read).code == grpc.StatusCode.NOT_FOUND
    [result] = api.delete_ids(mallory, single(alice), [sent.message_id]).results
    assert result.error.reason == not_found


def test_list_entry_when_the_member_left_then_it_stays_until_deleted_and_new_messages_do_not_move_it(
    api: ApiClient, ids: Ids
) -> None:
    alice, bob, carol = ids.users(3)
    api.create_group(alice, club := ids.group(), [bob])
    api.send(alice, group(club), "together")
    api.remove(bob, group(club), [bob])
    api.send(carol, single(bob))
    api.send(alice, group(club), "alone")
    assert [(entry.target_id, entry.left) for entry in api.listed(bob)] == [(carol, False), (club, True)]
    api.delete(bob, group(club), SELF)
    api.send(alice, group(club), "alone")
    assert [entry.target_id for entry in api.listed(bob)] == [carol]


def test_member_who_left_when_asking_then_reading_and_own_view_work_and_the_rest_is_refused(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics M5."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    sent = api.send_many(alice, group(club), ["one", "two"])
    api.remove(bob, group(club), [bob])
    assert api.read(bob, group(club)).unread_count == 0
    assert api.settings(bob, group(club), pinned=True).settings.pinned
    api.delete_ids(bob, group(club), [sent[0].message_id])
    assert texts(api.walk(bob, group(club))) == ["two"]
    for name in ("SendMessage", "ListMembers", "AddMembers", "UpdateConversation"):
        failure = failing(partial(_OF_A_STRANGER[name], api, bob, group(club)))
        assert failure[:2] == (grpc.StatusCode.PERMISSION_DENIED, "NOT_A_MEMBER"), name


def test_member_who_left_when_the_group_changes_then_sees_it_as_it_was(api: ApiClient, ids: Ids) -> None:
    """Keep semantics M7."""
    alice, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(alice, at.target.id, [bob], name="before", attributes={"colour": "red"})
    before = api.look(bob, at).properties
    api.remove(alice, at, [bob])
    api.update(alice, at, name="after", attributes={"colour": "blue"}, history_visibility=SINCE_JOIN)
    for seen in (api.look(bob, at), api.open(bob, at), *api.listed(bob)):
        assert (seen.left, seen.properties) == (True, before)
        assert (seen.member_count, seen.role) == (0, member_pb2.MEMBER_ROLE_UNSPECIFIED)
    api.add(alice, at, [bob])
    seen = api.look(bob, at)
    assert (seen.left, seen.properties) == (False, api.look(alice, at).properties)
    assert (seen.properties.name, seen.member_count, seen.role) == ("after", 2, member_pb2.MEMBER_ROLE_MEMBER)


def test_member_who_left_when_the_group_goes_on_then_is_shown_nothing_of_it_on_any_way(
    api: ApiClient, ids: Ids
) -> None:
    """Neither later properties, nor members, nor who has read what (semantics M5, M7)."""
    alice, bob, carol = ids.users(3)
    at = group(ids.group())
    api.create_group(alice, at.target.id, [bob], name="before", attributes={"colour": "red"})
    sent = api.send(alice, at)
    api.remove(alice, at, [bob])
    before, token = api.look(bob, at), now_token(api, bob)
    api.update(alice, at, name="after", attributes={"colour": "blue"})
    api.add(alice, at, [carol])
    api.read(carol, at)
    api.send(alice, at, "after")
    assert changes_since(api, bob, token) == []
    [got] = call(api, "BatchGetConversations", user_id=bob, conversations=[at]).results
    streamed = [entry for part in call(api, "StreamConversations", user_id=bob) for entry in part.conversations]
    for seen in (api.look(bob, at), got.conversation, *api.listed(bob), *streamed):
        assert seen == before
    assert (before.left, before.properties.name, before.member_count) == (True, "before", 0)
    readers = message_service_pb2.ListReadersRequest(user_id=bob, message_id=sent.message_id)
    assert failing(api.messages.ListReaders, readers)[:2] == (grpc.StatusCode.PERMISSION_DENIED, "NOT_A_MEMBER")
    changed = api.settings(bob, at, pinned=True)
    [event] = [event for event in changes_since(api, bob, token) if event.HasField("conversation_changed")]
    for seen in (changed, event.conversation_changed.conversation):
        assert (seen.properties, seen.member_count) == (before.properties, 0)


def test_owner_when_the_last_one_leaves_then_the_longest_serving_admin_follows(api: ApiClient, ids: Ids) -> None:
    """Keep semantics M3."""
    alice, bob, carol = ids.users(3)
    api.create_group(alice, club := ids.group(), [bob])
    api.add(alice, group(club), [carol], role=member_pb2.MEMBER_ROLE_ADMIN)
    api.remove(alice, group(club), [alice])
    assert api.look(carol, group(club)).role == member_pb2.MEMBER_ROLE_OWNER
    api.remove(carol, group(club), [carol])
    assert api.look(bob, group(club)).role == member_pb2.MEMBER_ROLE_OWNER


def test_send_when_retried_from_many_threads_then_one_message_is_stored_and_all_get_it(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics W2."""
    alice, bob = ids.users(2)
    request = message_service_pb2.SendMessageRequest(
        user_id=alice, conversation=single(bob), message=text_message("once", client_message_id="mine")
    )
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.messages.SendMessage(request), range(40)))
    assert sum(not answer.duplicate for answer in answers) == 1
    assert all(answer.message == answers[0].message for answer in answers)
    assert texts(api.walk(bob, single(alice))) == ["once"]


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "other"},
        {"attributes": {"key": "value"}},
        {"silent": True},
        {"mentions": message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ALL)},
    ],
    ids=["content", "attributes", "silent", "mentions"],
)
def test_client_message_id_when_used_again_for_something_else_then_it_is_refused(
    api: ApiClient, ids: Ids, changed: dict[str, Any]
) -> None:
    """Keep semantics W2."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob), "said", client_message_id="mine")
    again: dict[str, Any] = {"text": "said", "client_message_id": "mine", **changed}
    failure = failing(lambda: api.send(alice, single(bob), **again))
    assert failure[:2] == (grpc.StatusCode.ALREADY_EXISTS, "CLIENT_MESSAGE_ID_REUSED")
    assert texts(api.walk(bob, single(alice))) == ["said"]


def test_client_message_id_when_used_by_another_sender_or_elsewhere_then_it_is_another_message(
    api: ApiClient, ids: Ids
) -> None:
    alice, bob, carol = ids.users(3)
    sent = [
        api.send(sender, single(to), "said", client_message_id="mine")
        for sender, to in ((alice, bob), (bob, alice), (alice, carol))
    ]
    assert len({message.message_id for message in sent}) == 3


def test_settings_when_different_fields_change_at_once_then_all_changes_survive(api: ApiClient, ids: Ids) -> None:
    """An update that writes all it knows swallows another's field (semantics S1)."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    changes: list[dict[str, object]] = [
        {"pinned": True},
        {"draft": "writing"},
        {"receive_option": conversation_pb2.RECEIVE_OPTION_MUTED},
        {"marks": ["red"]},
        {"attributes": {"key": "value"}},
    ]
    with ThreadPoolExecutor(5) as threads:
        list(threads.map(lambda change: api.settings(bob, single(alice), **change), changes))
    seen = api.look(bob, single(alice)).settings
    assert (seen.pinned, seen.draft, seen.receive_option) == (True, "writing", conversation_pb2.RECEIVE_OPTION_MUTED)
    assert (list(seen.marks), dict(seen.attributes)) == (["red"], {"key": "value"})


def test_order_when_client_clocks_disagree_then_the_server_decides_and_keeps_them_as_data(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics W3."""
    alice, bob = ids.users(2)
    clocks = [2_000_000_000, 1_000_000_000, 3_000_000_000, 0]
    for clock in clocks:
        api.send(alice, single(bob), str(clock), client_time={"seconds": clock})
    walked = api.walk(bob, single(alice), DOWN)
    assert [message.client_time.seconds for message in walked] == clocks
    times = [message.create_time.ToMicroseconds() for message in walked]
    assert times == sorted(set(times))
    assert [entry.last_message.client_time.seconds for entry in api.listed(bob)] == [0]


def test_walk_when_the_server_restarts_between_pages_then_it_goes_on(new_database: NewDatabase, ids: Ids) -> None:
    """What a process remembers, and not the database, is stale in the next one (semantics P5)."""
    database = new_database()
    alice, *others = ids.users(6)
    first = start_server(database)
    with grpc.insecure_channel(first.target) as channel:
        api = ApiClient(channel)
        for other in others:
            api.send(other, single(alice))
        api.send_many(others[0], single(alice), ["text"] * 9)
        history = api.page(alice, single(others[0]), page_size=4)
        listed = api.list_page(alice, page_size=2)
    assert first.stop() == 0
    second = start_server(database)
    with grpc.insecure_channel(second.target) as channel:
        api = ApiClient(channel)
        rest = api.page(alice, single(others[0]), page_token=history.next_page_token)
        assert sequences([*history.messages, *rest.messages]) == list(range(10, 0, -1))
        shown = list(listed.conversations)
        token = listed.next_page_token
        while token:
            page = api.list_page(alice, page_size=2, page_token=token)
            shown += page.conversations
            token = page.next_page_token
        assert [entry.target_id for entry in shown] == [others[0], *others[:0:-1]]
        assert api.look(alice, single(others[0])).unread_count == 10
        api.send(alice, single(others[1]))
        api.create_group(alice, club := ids.group(), others[:1])
        api.remove(alice, group(club), others[:1])
        assert failing(lambda: api.send(others[0], group(club))).reason == "NOT_A_MEMBER"
    assert second.stop() == 0
