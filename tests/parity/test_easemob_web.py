"""The documented calls of the Easemob and Agora Web SDKs, each made through the contract."""

import time

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, conversation_service_pb2, message_service_pb2
from tests.support.api_client import DOWN, EVERYONE, SELF, UP, ApiClient, failing, group, single, texts
from tests.support.fixtures import Ids, NewDatabase
from tests.support.server_process import start_server


def test_getConversationlist_when_paged_then_pages_count_from_one_and_hold_up_to_twenty(
    api: ApiClient, ids: Ids
) -> None:
    me, others = ids.user(), ids.users(25)
    for other in others:
        api.send(other, single(me), f"from {other}")

    def page(page_num: int, page_size: int) -> list[conversation_pb2.Conversation]:
        return list(api.list_page(me, skip=(page_num - 1) * page_size, page_size=page_size).conversations)

    assert [entry.target_id for entry in page(1, 20)] == others[:4:-1]
    assert [entry.target_id for entry in page(2, 20)] == others[4::-1]
    assert page(3, 20) == []
    assert len(page(1, 1)) == 1
    first = page(1, 20)[0]
    # channel_id, lastMessage, unread_num
    assert first.conversation_id == "s:" + ":".join(sorted([me, others[-1]]))
    assert first.last_message.content.text.text == f"from {others[-1]}"
    assert first.unread_count == 1


def test_getConversationlist_when_unpaged_then_ten_conversations_of_the_last_seven_days(
    api: ApiClient, ids: Ids
) -> None:
    me, others = ids.user(), ids.users(12)
    for other in others:
        api.send(other, single(me))
    old = ids.user("old")
    nine_days_ago = (int(time.time()) - 9 * 24 * 3600) * 1_000_000
    api.import_messages(old, single(me), [(old, nine_days_ago, "long ago")])
    week = Timestamp(seconds=int(time.time()) - 7 * 24 * 3600)
    recent = conversation_service_pb2.ConversationFilter(active_start_time=week)
    assert [entry.target_id for entry in api.list_page(me, page_size=10, filter=recent).conversations] == others[:1:-1]
    everything = {entry.target_id for entry in api.listed(me)}
    assert everything == {*others, old}
    assert {entry.target_id for entry in api.listed(me, filter=recent)} == set(others)


def test_getConversationlist_when_ids_differ_in_case_then_they_are_different_users(api: ApiClient, ids: Ids) -> None:
    me, other = ids.user("mixedCase"), ids.user()
    api.send(other, single(me))
    assert len(api.listed(me)) == 1
    assert api.listed(me.lower()) == []


def test_getConversationlist_when_the_server_folds_case_then_mixed_case_ids_have_one_list(
    new_database: NewDatabase, ids: Ids
) -> None:
    """The documented trap: ids in mixed case get an empty list (semantics N7)."""
    me, other = ids.user("mixedCase"), ids.user("Other")
    server = start_server(new_database(), "--user-id-case", "fold")
    try:
        with grpc.insecure_channel(server.target) as channel:
            api = ApiClient(channel)
            api.send(other, single(me))
            for written in (me, me.lower(), me.upper()):
                assert [entry.target_id for entry in api.listed(written)] == [other.lower()]
    finally:
        status = server.stop()
    assert status == 0


def test_sending_then_adds_the_peer_to_both_lists(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    assert [entry.target_id for entry in api.listed(alice)] == [bob]
    assert [entry.target_id for entry in api.listed(bob)] == [alice]


@pytest.mark.parametrize("cursor", [None, message_service_pb2.HISTORY_POSITION_NEWEST])
def test_getHistoryMessages_when_no_cursor_then_twenty_from_the_newest(
    api: ApiClient, ids: Ids, cursor: message_service_pb2.HistoryPosition | None
) -> None:
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), map(str, range(60)))
    start = {} if cursor is None else {"start": message_service_pb2.HistoryStart(position=cursor)}
    # The type defaults to single, the direction to up, the size to 20.
    without_type = conversation_pb2.ConversationReference(target={"id": alice})
    page = api.page(bob, without_type, **start)
    assert texts(page.messages) == [str(number) for number in range(59, 39, -1)]


@pytest.mark.parametrize(("asked", "given"), [(1, 1), (50, 50), (51, 50), (1000, 50)])
def test_getHistoryMessages_when_page_size_then_one_to_fifty(api: ApiClient, ids: Ids, asked: int, given: int) -> None:
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), map(str, range(60)))
    assert len(api.page(bob, single(alice), page_size=asked).messages) == given


def test_getHistoryMessages_when_searchDirection_then_up_is_newest_first_and_down_oldest_first(
    api: ApiClient, ids: Ids
) -> None:
    owner, source = ids.user(), ids.group()
    api.create_group(owner, source)
    sent = api.send_many(owner, group(source), map(str, range(10)))
    cursor = message_service_pb2.HistoryStart(message_id=sent[5].message_id)
    assert texts(api.page(owner, group(source), direction=UP, start=cursor).messages) == ["4", "3", "2", "1", "0"]
    assert texts(api.page(owner, group(source), direction=DOWN, start=cursor).messages) == ["6", "7", "8", "9"]


def test_removeHistoryMessages_when_by_ids_then_only_for_the_user(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), map(str, range(60)))
    api.delete_ids(bob, single(alice), [message.message_id for message in sent[:50]], SELF)
    assert texts(api.walk(bob, single(alice), DOWN)) == [str(number) for number in range(50, 60)]
    assert len(api.walk(alice, single(bob))) == 60
    too_many = [message.message_id for message in sent[:51]]
    failure = failing(lambda: api.delete_ids(bob, single(alice), too_many))
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "TOO_MANY", "message_ids")


def test_removeHistoryMessages_when_by_time_then_only_for_the_user(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), map(str, range(10)))
    api.clear(bob, single(alice), before_time=sent[7].create_time)
    assert texts(api.walk(bob, single(alice), DOWN)) == ["7", "8", "9"]
    assert len(api.walk(alice, single(bob))) == 10


@pytest.mark.parametrize("delete_roam", [False, True])
def test_deleteConversation_when_one_way_then_gone_for_the_user_alone(
    api: ApiClient, ids: Ids, *, delete_roam: bool
) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob), "before")
    api.delete(bob, single(alice), SELF, delete_messages=delete_roam)
    assert api.listed(bob) == []
    assert len(api.listed(alice)) == 1
    api.send(alice, single(bob), "after")
    assert [entry.target_id for entry in api.listed(bob)] == [alice]
    assert texts(api.walk(bob, single(alice))) == (["after"] if delete_roam else ["after", "before"])


@pytest.mark.parametrize("delete_roam", [False, True])
def test_deleteConversation_when_for_all_then_no_user_has_it(api: ApiClient, ids: Ids, *, delete_roam: bool) -> None:
    owner, member, source = ids.user(), ids.user(), ids.group()
    api.create_group(owner, source, [member])
    api.send(owner, group(source), "before")
    api.delete(owner, group(source), EVERYONE, delete_messages=delete_roam)
    assert api.listed(owner) == []
    assert api.listed(member) == []
    assert texts(api.walk(member, group(source))) == ([] if delete_roam else ["before"])
