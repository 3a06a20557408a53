"""The documented events of the Easemob, Agora and OpenIM clients, as what a watcher is sent."""

from collections.abc import Callable

import pytest

from backscroll.v1 import conversation_service_pb2, deletion_pb2, message_pb2, message_service_pb2
from tests.support.api_client import SELF, ApiClient, single
from tests.support.documented_calls import chat_of
from tests.support.fixtures import Ids
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token

DEVICE = (("device-id", "tablet"),)


@pytest.mark.parametrize("chat_type", ["singleChat", "groupChat"])
def test_onNewConversation_when_a_first_message_comes_then_the_new_conversation(
    api: ApiClient, ids: Ids, chat_type: str
) -> None:
    chat = chat_of(api, ids, chat_type)
    with WatchClient(api, chat.other) as watching:
        api.send(chat.one, chat.of_one, "hello")
        added = watching.expect("conversation_added")[0].conversation_added.conversation
        assert added == api.look(chat.other, chat.of_other)
        assert (added.last_message.content.text.text, added.unread_count) == ("hello", 1)
        api.send(chat.one, chat.of_one, "not new any more")
        watching.expect("conversation_changed")


def test_onNewConversation_when_opened_on_one_device_then_sent_to_the_others(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    with WatchClient(api, ann) as watching:
        api.open(ann, single(bob))
        watching.expect("conversation_added")


@pytest.mark.parametrize(
    "change",
    [
        lambda api, one, other: api.send(other, single(one)),
        lambda api, one, other: api.settings(one, single(other), pinned=True),
        lambda api, one, other: api.settings(one, single(other), draft="so far"),
        lambda api, one, other: api.read(one, single(other)),
        lambda api, one, other: api.mark_unread(one, single(other)),
        lambda api, one, other: api.clear(one, single(other), up_to_sequence=1),
    ],
    ids=["message", "pin", "draft", "read", "unread mark", "clear"],
)
def test_onConversationChanged_when_anything_changes_then_the_conversation_as_it_is(
    api: ApiClient, ids: Ids, change: Callable[[ApiClient, str, str], object]
) -> None:
    ann, bob = ids.users(2)
    api.send(bob, single(ann))
    with WatchClient(api, ann) as watching:
        change(api, ann, bob)
        changed = watching.expect("conversation_changed")[0].conversation_changed.conversation
    assert changed == api.look(ann, single(bob))


def test_onTotalUnreadMessageCountChanged_when_messages_come_and_are_read_then_the_new_total(
    api: ApiClient, ids: Ids
) -> None:
    ann, bob, cleo = ids.users(3)
    with WatchClient(api, ann) as watching:
        totals = []
        for sender in (bob, bob, cleo):
            api.send(sender, single(ann))
            expect = watching.expect("total_unread_changed")[0].total_unread_changed.totals
            totals.append((expect.unread_count, expect.unread_conversation_count))
        api.read(ann, single(bob))
        expect = watching.expect("total_unread_changed")[0].total_unread_changed.totals
        totals.append((expect.unread_count, expect.unread_conversation_count))
        assert expect == api.summary(ann).totals
    assert totals == [(1, 1), (2, 1), (3, 2), (1, 1)]


@pytest.mark.parametrize("by", ["ids", "time"])
def test_onMultiDeviceEvent_deleteRoaming_when_history_is_removed_then_sent_to_the_users_other_devices(
    api: ApiClient, ids: Ids, by: str
) -> None:
    """Online at once, offline when it comes back; with the device that did it; the other user is sent nothing."""
    ann, bob = ids.users(2)
    sent = api.send_many(bob, single(ann), ["1", "2", "3"])
    offline, of_bob = now_token(api, ann), now_token(api, bob)
    with WatchClient(api, ann) as online:
        if by == "ids":
            chosen = [message.message_id for message in sent[:2]]
            ids_request = message_service_pb2.DeleteMessagesRequest(
                user_id=ann, conversation=single(bob), scope=SELF, message_ids=chosen
            )
            api.messages.DeleteMessages(ids_request, metadata=DEVICE)
        else:
            time_request = message_service_pb2.ClearHistoryRequest(
                user_id=ann, conversation=single(bob), before_time=sent[2].create_time
            )
            api.messages.ClearHistory(time_request, metadata=DEVICE)
        expect = online.expect("messages_deleted")[0]
    assert expect.device_id == "tablet"
    deleted = expect.messages_deleted
    assert (deleted.scope, deleted.reason) == (SELF, deletion_pb2.DELETION_REASON_HIDDEN)
    if by == "ids":
        left = [message_pb2.Message(message_id=message.message_id, sequence=message.sequence) for message in sent[:2]]
        assert list(deleted.messages.messages) == left
    else:
        assert deleted.range.up_to_sequence == 2
    later = [event for event in changes_since(api, ann, offline) if event.HasField("messages_deleted")]
    assert later == [expect]
    assert changes_since(api, bob, of_bob) == []


def test_onMultiDeviceEvent_when_a_conversation_is_deleted_then_sent_to_the_users_other_devices(
    api: ApiClient, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    api.send(bob, single(ann))
    offline, of_bob = now_token(api, ann), now_token(api, bob)
    api.conversations.DeleteConversation(
        conversation_service_pb2.DeleteConversationRequest(
            user_id=ann, conversation=single(bob), scope=SELF, delete_messages=True
        ),
        metadata=DEVICE,
    )
    expect = changes_since(api, ann, offline)
    assert kinds(expect) == ["conversation_removed", "total_unread_changed"]
    removed = expect[0].conversation_removed
    assert (expect[0].device_id, removed.cleared_range.up_to_sequence) == ("tablet", 1)
    assert (removed.scope, removed.deleted_by) == (SELF, ann)
    assert changes_since(api, bob, of_bob) == []
