"""The documented calls of the Agora Chat Flutter client, as calls of this service."""

import time

import grpc
import pytest

from backscroll.v1 import conversation_pb2, conversation_service_pb2, deletion_pb2, message_service_pb2
from tests.support.api_client import EVERYONE, SELF, ApiClient, Failure, failing, single, texts
from tests.support.documented_calls import DAY, as_sent, assert_deleted, assert_removed_one_way, chat_of
from tests.support.fixtures import Ids

CONVERSATION_TYPES = {"Chat": "singleChat", "GroupChat": "groupChat", "ChatRoom": "chatRoom"}
"""`ChatConversationType` of this client, by the name that the other documents have for it."""


def test_agora_fetchConversationListFromServer_is_the_list_by_page_number(api: ApiClient, ids: Ids) -> None:
    alice, *others = ids.users(13)
    for other in others:
        api.send(other, single(alice), f"from {other}")
    fetched: list[str] = []
    for page_num, length in ((1, 5), (2, 5), (3, 2), (4, 0)):
        page = api.list_page(alice, skip=(page_num - 1) * 5, page_size=5)
        assert len(page.conversations) == length
        fetched += [entry.last_message.content.text.text for entry in page.conversations]
    assert fetched == [f"from {other}" for other in reversed(others)]


def test_agora_getConversationsFromServer_is_the_newest_10_of_7_days(api: ApiClient, ids: Ids) -> None:
    alice, old, *others = ids.users(14)
    api.import_messages(alice, single(old), [(old, int(time.time() - 8 * DAY) * 1_000_000, "long ago")])
    for other in others:
        api.send(other, single(alice), f"from {other}")
    recent = conversation_service_pb2.ConversationFilter(active_start_time={"seconds": int(time.time()) - 7 * DAY})
    page = api.list_page(alice, page_size=10, filter=recent)
    newest = [entry.last_message.content.text.text for entry in page.conversations]
    assert newest == [f"from {other}" for other in others[:1:-1]]


@pytest.mark.parametrize("conv_type", CONVERSATION_TYPES)
def test_agora_fetchHistoryMessages_has_a_cursor_until_the_end(api: ApiClient, ids: Ids, conv_type: str) -> None:
    """Of a `ChatCursorResult` the cursor is empty exactly at the end, also where the last page is full."""
    chat = chat_of(api, ids, CONVERSATION_TYPES[conv_type])
    sent = api.send_many(chat.one, chat.of_one, [str(number) for number in range(30)])
    page = api.page(chat.other, chat.of_other, page_size=10)
    fetched = list(page.messages)
    for at_end in (False, True):
        assert page.next_page_token
        page = api.page(chat.other, chat.of_other, page_size=10, page_token=page.next_page_token)
        assert (len(page.messages), not page.next_page_token) == (10, at_end)
        fetched += page.messages
    assert as_sent(fetched) == sent[::-1]
    assert texts(fetched) == [str(number) for number in range(29, -1, -1)]


def test_agora_fetchHistoryMessages_goes_on_from_the_last_message_of_a_page(api: ApiClient, ids: Ids) -> None:
    chat = chat_of(api, ids, "singleChat")
    sent = api.send_many(chat.one, chat.of_one, [str(number) for number in range(15)])
    start = message_service_pb2.HistoryStart(message_id=sent[5].message_id)
    fetched = api.page(chat.other, chat.of_other, page_size=10, start=start).messages
    assert as_sent(fetched) == sent[4::-1]


@pytest.mark.parametrize("conv_type", CONVERSATION_TYPES)
def test_agora_deleteRemoteMessagesWithTs_is_one_way(api: ApiClient, ids: Ids, conv_type: str) -> None:
    chat = chat_of(api, ids, CONVERSATION_TYPES[conv_type])
    sent = [api.send(chat.one, chat.of_one, str(number)) for number in range(4)]
    api.clear(chat.one, chat.of_one, before_time=sent[2].create_time)
    assert_removed_one_way(api, chat, sent, sent[:2])


@pytest.mark.parametrize("conv_type", CONVERSATION_TYPES)
def test_agora_deleteRemoteMessagesWithIds_is_one_way(api: ApiClient, ids: Ids, conv_type: str) -> None:
    chat = chat_of(api, ids, CONVERSATION_TYPES[conv_type])
    sent = api.send_many(chat.one, chat.of_one, [str(number) for number in range(51)])
    all_ids = [message.message_id for message in sent]
    refused = failing(api.delete_ids, chat.one, chat.of_one, all_ids)
    assert refused == Failure(grpc.StatusCode.INVALID_ARGUMENT, "TOO_MANY", "message_ids")
    api.delete_ids(chat.one, chat.of_one, all_ids[:50])
    assert_removed_one_way(api, chat, sent, sent[:50])


@pytest.mark.parametrize("is_delete_message", [False, True])
@pytest.mark.parametrize("scope", [SELF, EVERYONE], ids=["one-way", "for everyone"])
def test_agora_deleteRemoteConversation_leaves_the_list(
    api: ApiClient, ids: Ids, scope: deletion_pb2.DeletionScope, is_delete_message: bool
) -> None:
    """The call gives an id without a type. It means a pair, and must say so here (semantics Q2)."""
    chat = chat_of(api, ids, "singleChat")
    api.send_many(chat.one, chat.of_one, ["one", "two"])
    request = conversation_service_pb2.DeleteConversationRequest(
        user_id=chat.one,
        conversation={"target": {"id": chat.other}},
        scope=scope,
        delete_messages=is_delete_message,
        as_service=scope == EVERYONE,
    )
    refused = failing(api.conversations.DeleteConversation, request)
    assert refused == Failure(grpc.StatusCode.INVALID_ARGUMENT, "REQUIRED", "conversation.target.type")
    for user, at in chat.sides():
        assert (len(api.walk(user, at)), len(api.listed(user))) == (2, 1)
    request.conversation.target.type = conversation_pb2.CONVERSATION_TYPE_SINGLE
    api.conversations.DeleteConversation(request)
    assert_deleted(api, chat, scope=scope, with_messages=is_delete_message)
