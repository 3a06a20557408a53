"""The documented calls of the Agora Chat React Native client, as calls of this service."""

import time

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2, deletion_pb2, message_service_pb2
from tests.support.api_client import DOWN, EVERYONE, SELF, UP, ApiClient, Failure, failing, sequences, single, texts
from tests.support.documented_calls import DAY, as_sent, assert_deleted, assert_removed_one_way, chat_of
from tests.support.fixtures import Ids

CONVERSATION_TYPES = {"PeerChat": "singleChat", "GroupChat": "groupChat", "RoomChat": "chatRoom"}
"""`ChatConversationType` of this client, by the name that the other documents have for it."""


def test_agora_fetchAllConversations_is_the_whole_list_with_the_newest_messages(api: ApiClient, ids: Ids) -> None:
    alice, *others = ids.users(26)
    for other in others:
        api.send(other, single(alice), f"from {other}")
    fetched = api.listed(alice)
    assert texts(entry.last_message for entry in fetched) == [f"from {other}" for other in reversed(others)]
    assert {entry.unread_count for entry in fetched} == {1}
    parts = api.conversations.StreamConversations(conversation_service_pb2.StreamConversationsRequest(user_id=alice))
    assert [entry for part in parts for entry in part.conversations] == fetched


def test_agora_fetchAllConversations_by_default_is_the_newest_10_of_7_days(api: ApiClient, ids: Ids) -> None:
    alice, old, *others = ids.users(14)
    api.import_messages(alice, single(old), [(old, int(time.time() - 8 * DAY) * 1_000_000, "long ago")])
    for other in others:
        api.send(other, single(alice))
    recent = conversation_service_pb2.ConversationFilter(active_start_time={"seconds": int(time.time()) - 7 * DAY})
    page = api.list_page(alice, page_size=10, filter=recent, include_total_size=True)
    assert [entry.target_id for entry in page.conversations] == others[:1:-1]
    assert (page.total_size, api.list_page(alice, include_total_size=True).total_size) == (12, 13)


@pytest.mark.parametrize("conv_type", CONVERSATION_TYPES)
def test_agora_fetchHistoryMessages_goes_on_from_a_message_id(api: ApiClient, ids: Ids, conv_type: str) -> None:
    """Of `pageSize` messages, before `startMsgId`, which is not part of them; an empty one is the newest."""
    chat = chat_of(api, ids, CONVERSATION_TYPES[conv_type])
    sent = api.send_many(chat.one, chat.of_one, [str(number) for number in range(25)])
    fetched = list(api.page(chat.other, chat.of_other, page_size=10).messages)
    assert as_sent(fetched) == sent[:14:-1]
    for left in (10, 5, 0):
        start = message_service_pb2.HistoryStart(message_id=fetched[-1].message_id)
        page = api.page(chat.other, chat.of_other, page_size=10, start=start)
        assert (len(page.messages), bool(page.next_page_token)) == (left, left == 10)
        fetched += page.messages
    assert as_sent(fetched) == sent[::-1]
    assert texts(fetched) == [str(number) for number in range(24, -1, -1)]


def test_agora_fetchHistoryMessages_goes_in_the_order_of_time_or_against_it(api: ApiClient, ids: Ids) -> None:
    chat = chat_of(api, ids, "singleChat")
    sent = api.send_many(chat.one, chat.of_one, [str(number) for number in range(8)])
    start = message_service_pb2.HistoryStart(message_id=sent[3].message_id)
    assert as_sent(api.page(chat.other, chat.of_other, direction=UP, start=start).messages) == sent[2::-1]
    assert as_sent(api.page(chat.other, chat.of_other, direction=DOWN, start=start).messages) == sent[4:]


def test_agora_fetchHistoryMessages_when_the_start_was_removed_then_goes_on_from_its_place(
    api: ApiClient, ids: Ids
) -> None:
    chat = chat_of(api, ids, "singleChat")
    sent = api.send_many(chat.one, chat.of_one, [str(number) for number in range(6)])
    api.delete_ids(chat.other, chat.of_other, [sent[3].message_id])
    api.recall(chat.one, chat.of_one, sent[2].message_id)
    for removed in (3, 2):
        start = message_service_pb2.HistoryStart(message_id=sent[removed].message_id)
        assert sequences(api.page(chat.other, chat.of_other, start=start).messages) == [2, 1]


def test_agora_fetchHistoryMessages_of_another_conversation_s_message_is_not_found(api: ApiClient, ids: Ids) -> None:
    chat, elsewhere = chat_of(api, ids, "singleChat"), chat_of(api, ids, "singleChat")
    api.send(chat.one, chat.of_one)
    start = message_service_pb2.HistoryStart(message_id=api.send(elsewhere.one, elsewhere.of_one).message_id)
    refused = failing(api.page, chat.one, chat.of_one, start=start)
    assert refused[:2] == (grpc.StatusCode.NOT_FOUND, "MESSAGE_NOT_FOUND")


@pytest.mark.parametrize("conv_type", CONVERSATION_TYPES)
def test_agora_removeMessagesFromServerWithMsgIds_is_one_way(api: ApiClient, ids: Ids, conv_type: str) -> None:
    chat = chat_of(api, ids, CONVERSATION_TYPES[conv_type])
    sent = api.send_many(chat.one, chat.of_one, [str(number) for number in range(51)])
    all_ids = [message.message_id for message in sent]
    refused = failing(api.delete_ids, chat.one, chat.of_one, all_ids)
    assert refused == Failure(grpc.StatusCode.INVALID_ARGUMENT, "TOO_MANY", "message_ids")
    api.delete_ids(chat.one, chat.of_one, all_ids[1:])
    assert_removed_one_way(api, chat, sent, sent[1:])


@pytest.mark.parametrize("conv_type", CONVERSATION_TYPES)
def test_agora_removeMessagesFromServerWithTimestamp_is_one_way(api: ApiClient, ids: Ids, conv_type: str) -> None:
    """The timestamp itself stays, and no number of messages is too many."""
    chat = chat_of(api, ids, CONVERSATION_TYPES[conv_type])
    sent = api.send_many(chat.one, chat.of_one, [str(number) for number in range(120)])
    api.clear(chat.one, chat.of_one, before_time=sent[118].create_time)
    assert_removed_one_way(api, chat, sent, sent[:118])


@pytest.mark.parametrize("is_delete_message", [False, True])
@pytest.mark.parametrize("scope", [SELF, EVERYONE], ids=["one-way", "for everyone"])
@pytest.mark.parametrize("conv_type", ["PeerChat", "GroupChat"])
def test_agora_removeConversationFromServer_leaves_the_list(
    api: ApiClient, ids: Ids, conv_type: str, scope: deletion_pb2.DeletionScope, is_delete_message: bool
) -> None:
    chat = chat_of(api, ids, CONVERSATION_TYPES[conv_type])
    api.send_many(chat.one, chat.of_one, ["one", "two"])
    by_service = scope == EVERYONE
    api.delete(chat.one, chat.of_one, scope, delete_messages=is_delete_message, as_service=by_service)
    assert_deleted(api, chat, scope=scope, with_messages=is_delete_message)
