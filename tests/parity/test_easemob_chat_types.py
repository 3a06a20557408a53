"""The documented calls of the Easemob and Agora Web SDKs, in each `chatType` that they take."""

from collections.abc import Iterator

import grpc
import pytest

from backscroll.v1 import deletion_pb2, message_service_pb2
from tests.support.api_client import DOWN, EVERYONE, SELF, UP, ApiClient, Failure, failing, room, sequences
from tests.support.documented_calls import (
    CHAT_TYPES,
    as_sent,
    assert_deleted,
    assert_removed_one_way,
    chat_of,
    listed_targets,
)
from tests.support.fixtures import Ids, NewDatabase
from tests.support.server_process import start_server

NEWEST = message_service_pb2.HistoryStart(position=message_service_pb2.HISTORY_POSITION_NEWEST)
LISTED_CHATS = ["singleChat", "groupChat"]


@pytest.mark.parametrize("chat_type", LISTED_CHATS)
def test_sending_then_each_member_has_it_in_the_list(api: ApiClient, ids: Ids, chat_type: str) -> None:
    chat = chat_of(api, ids, chat_type)
    assert listed_targets(api, chat.other) == []
    api.send(chat.one, chat.of_one)
    assert [listed_targets(api, user) for user, _ in chat.sides()] == [[at.target.id] for _, at in chat.sides()]


def test_sending_when_to_a_chat_room_then_who_did_not_open_it_has_nothing_new(api: ApiClient, ids: Ids) -> None:
    chat = chat_of(api, ids, "chatRoom")
    api.send(chat.one, chat.of_one)
    assert [listed_targets(api, user) for user, _ in chat.sides()] == [[chat.of_one.target.id], []]


@pytest.mark.parametrize("chat_type", CHAT_TYPES)
def test_getHistoryMessages_when_walked_by_cursor_then_everything_once(
    api: ApiClient, ids: Ids, chat_type: str
) -> None:
    """A cursor of -1, null or an empty string is the newest message."""
    chat = chat_of(api, ids, chat_type)
    api.send_many(chat.one, chat.of_one, map(str, range(45)))
    page = api.page(chat.other, chat.of_other, page_token="")
    assert page == api.page(chat.other, chat.of_other, start=NEWEST)
    assert page == api.page(chat.other, chat.of_other, direction=UP, page_size=20)
    fetched = list(page.messages)
    while page.next_page_token:
        page = api.page(chat.other, chat.of_other, page_token=page.next_page_token)
        fetched += page.messages
    assert sequences(fetched) == list(range(45, 0, -1))


@pytest.mark.parametrize("chat_type", CHAT_TYPES)
def test_getHistoryMessages_when_searchDirection_then_by_the_server_s_time(
    api: ApiClient, ids: Ids, chat_type: str
) -> None:
    chat = chat_of(api, ids, chat_type)
    sent = api.send_many(chat.one, chat.of_one, map(str, range(12)))
    assert as_sent(api.walk(chat.other, chat.of_other, UP, 5)) == sent[::-1]
    assert as_sent(api.walk(chat.other, chat.of_other, DOWN, 5)) == sent
    times = [message.create_time.ToNanoseconds() for message in sent]
    assert times == sorted(set(times))
    assert not api.page(chat.other, chat.of_other, direction=DOWN, start=NEWEST).messages


@pytest.mark.parametrize("chat_type", CHAT_TYPES)
def test_getHistoryMessages_when_there_are_none_then_an_empty_end(api: ApiClient, ids: Ids, chat_type: str) -> None:
    chat = chat_of(api, ids, chat_type)
    api.open(chat.one, chat.of_one)
    page = api.page(chat.one, chat.of_one)
    assert (len(page.messages), page.next_page_token, page.opposite_page_token) == (0, "", "")


@pytest.mark.parametrize("chat_type", CHAT_TYPES)
def test_removeHistoryMessages_when_by_time_then_one_way(api: ApiClient, ids: Ids, chat_type: str) -> None:
    """`beforeTimeStamp` is exclusive, and any number of messages goes."""
    chat = chat_of(api, ids, chat_type)
    sent = api.send_many(chat.one, chat.of_one, map(str, range(60)))
    answer = api.clear(chat.one, chat.of_one, before_time=sent[57].create_time)
    assert answer.outcome == deletion_pb2.DELETION_OUTCOME_DELETED
    assert answer.cleared_range.up_to_sequence == 57
    assert_removed_one_way(api, chat, sent, sent[:57])


@pytest.mark.parametrize("chat_type", CHAT_TYPES)
def test_removeHistoryMessages_when_by_time_from_now_then_everything(api: ApiClient, ids: Ids, chat_type: str) -> None:
    """A clock that runs ahead removes what is there, not what is to come."""
    chat = chat_of(api, ids, chat_type)
    sent = api.send_many(chat.one, chat.of_one, map(str, range(3)))
    api.clear(chat.one, chat.of_one, before_time={"seconds": sent[-1].create_time.seconds + 3600})
    assert_removed_one_way(api, chat, sent, sent)
    later = api.send(chat.other, chat.of_other, "later")
    assert api.walk(chat.one, chat.of_one) == [later]


@pytest.mark.parametrize("chat_type", CHAT_TYPES)
def test_removeHistoryMessages_when_by_ids_then_one_way(api: ApiClient, ids: Ids, chat_type: str) -> None:
    chat = chat_of(api, ids, chat_type)
    sent = api.send_many(chat.one, chat.of_one, map(str, range(5)))
    answer = api.delete_ids(chat.one, chat.of_one, [sent[4].message_id, sent[1].message_id])
    assert [result.message_id for result in answer.results] == [sent[4].message_id, sent[1].message_id]
    assert not any(result.HasField("error") for result in answer.results)
    assert_removed_one_way(api, chat, sent, [sent[1], sent[4]])


def test_removeHistoryMessages_when_more_than_50_ids_then_refused_and_nothing_is_gone(api: ApiClient, ids: Ids) -> None:
    chat = chat_of(api, ids, "singleChat")
    sent = api.send_many(chat.one, chat.of_one, map(str, range(51)))
    all_ids = [message.message_id for message in sent]
    refused = failing(api.delete_ids, chat.one, chat.of_one, all_ids)
    assert refused == Failure(grpc.StatusCode.INVALID_ARGUMENT, "TOO_MANY", "message_ids")
    assert_removed_one_way(api, chat, sent, [])
    api.delete_ids(chat.one, chat.of_one, all_ids[:50])
    assert_removed_one_way(api, chat, sent, sent[:50])


@pytest.mark.parametrize("delete_roam", [False, True])
@pytest.mark.parametrize("scope", [SELF, EVERYONE], ids=["one-way", "for everyone"])
@pytest.mark.parametrize("chat_type", LISTED_CHATS)
def test_deleteConversation_then_lost_until_the_next_message(
    api: ApiClient, ids: Ids, chat_type: str, scope: deletion_pb2.DeletionScope, *, delete_roam: bool
) -> None:
    """The older documents say that other users lose it too, the newer ones that they do not: both exist."""
    chat = chat_of(api, ids, chat_type)
    api.send_many(chat.one, chat.of_one, ["one", "two"])
    by_service = scope == EVERYONE and chat_type == "singleChat"
    api.delete(chat.one, chat.of_one, scope, delete_messages=delete_roam, as_service=by_service)
    assert_deleted(api, chat, scope=scope, with_messages=delete_roam)


def test_deleteConversation_when_a_chat_room_then_out_of_the_list_of_who_opened_it(api: ApiClient, ids: Ids) -> None:
    alice, hall = ids.user(), room(ids.group())
    api.open(alice, hall)
    api.send(alice, hall)
    assert listed_targets(api, alice) == [hall.target.id]
    api.delete(alice, hall, delete_messages=True)
    assert (listed_targets(api, alice), api.walk(alice, hall)) == ([], [])


@pytest.fixture(scope="module")
def allowing(new_database: NewDatabase) -> Iterator[ApiClient]:
    """A server whose policy lets either side of a pair delete it for both."""
    server = start_server(new_database(), "--allow-single-delete-everyone")
    with grpc.insecure_channel(server.target) as channel:
        yield ApiClient(channel)
    assert server.stop() == 0, server.log_text()


@pytest.mark.parametrize("delete_roam", [False, True])
def test_deleteConversation_when_a_side_deletes_for_both_then_only_where_the_policy_lets_it(
    api: ApiClient, allowing: ApiClient, ids: Ids, *, delete_roam: bool
) -> None:
    chat = chat_of(api, ids, "singleChat")
    for server in (api, allowing):
        server.send_many(chat.one, chat.of_one, ["one", "two"])
    refused = failing(api.delete, chat.one, chat.of_one, EVERYONE, delete_messages=delete_roam)
    assert refused == Failure(grpc.StatusCode.PERMISSION_DENIED, "SERVICE_ONLY", "scope")
    for user, at in chat.sides():
        assert (len(api.walk(user, at)), listed_targets(api, user)) == (2, [at.target.id])
    allowing.delete(chat.one, chat.of_one, EVERYONE, delete_messages=delete_roam)
    assert_deleted(allowing, chat, scope=EVERYONE, with_messages=delete_roam)
