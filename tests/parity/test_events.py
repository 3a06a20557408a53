"""The documented events of the Easemob, Agora and OpenIM clients, as what a watcher is told."""

import pytest

from backscroll.v1 import conversation_service_pb2, message_service_pb2
from tests.support.api_client import SELF, Acting, single
from tests.support.documented_calls import chat_of
from tests.support.fixtures import Ids
from tests.support.watch_client import Watching, changes_since, kinds, now_token

DEVICE = (("device-id", "tablet"),)


@pytest.mark.parametrize("chat_type", ["singleChat", "groupChat"])
def test_onNewConversation_when_a_first_message_comes_then_the_new_conversation(
    act: Acting, ids: Ids, chat_type: str
) -> None:
    chat = chat_of(act, ids, chat_type)
    with Watching(act, chat.other) as watching:
        act.send(chat.one, chat.of_one, "hello")
        added = watching.told("conversation_added")[0].conversation_added.conversation
        assert added == act.look(chat.other, chat.of_other)
        assert (added.last_message.content.text.text, added.unread_count) == ("hello", 1)
        act.send(chat.one, chat.of_one, "not new any more")
        watching.told("conversation_changed")


def test_onNewConversation_when_opened_on_one_device_then_told_to_the_others(act: Acting, ids: Ids) -> None:
    ann, bob = ids.users(2)
    with Watching(act, ann) as watching:
        act.open(ann, single(bob))
        watching.told("conversation_added")


@pytest.mark.parametrize(
    "change",
    [
        lambda act, one, other: act.send(other, single(one)),
        lambda act, one, other: act.settings(one, single(other), pinned=True),
        lambda act, one, other: act.settings(one, single(other), draft="so far"),
        lambda act, one, other: act.read(one, single(other)),
        lambda act, one, other: act.mark_unread(one, single(other)),
        lambda act, one, other: act.clear(one, single(other), up_to_sequence=1),
    ],
    ids=["message", "pin", "draft", "read", "unread mark", "clear"],
)
def test_onConversationChanged_when_anything_changes_then_the_conversation_as_it_is(
    act: Acting, ids: Ids, change: object
) -> None:
    ann, bob = ids.users(2)
    act.send(bob, single(ann))
    with Watching(act, ann) as watching:
        change(act, ann, bob)  # type: ignore[operator]
        changed = watching.told("conversation_changed")[0].conversation_changed.conversation
    assert changed == act.look(ann, single(bob))


def test_onTotalUnreadMessageCountChanged_when_messages_come_and_are_read_then_the_new_total(
    act: Acting, ids: Ids
) -> None:
    ann, bob, cleo = ids.users(3)
    with Watching(act, ann) as watching:
        totals = []
        for sender in (bob, bob, cleo):
            act.send(sender, single(ann))
            told = watching.told("total_unread_changed")[0].total_unread_changed.totals
            totals.append((told.unread_count, told.unread_conversation_count))
        act.read(ann, single(bob))
        told = watching.told("total_unread_changed")[0].total_unread_changed.totals
        totals.append((told.unread_count, told.unread_conversation_count))
        assert told == act.summary(ann).totals
    assert totals == [(1, 1), (2, 1), (3, 2), (1, 1)]


@pytest.mark.parametrize("by", ["ids", "time"])
def test_onMultiDeviceEvent_deleteRoaming_when_history_is_removed_then_told_to_the_users_other_devices(
    act: Acting, ids: Ids, by: str
) -> None:
    """Online at once, offline when it comes back; with the device that did it; the other user is told nothing."""
    ann, bob = ids.users(2)
    sent = act.send_many(bob, single(ann), ["1", "2", "3"])
    offline, of_bob = now_token(act, ann), now_token(act, bob)
    request = message_service_pb2.DeleteMessagesRequest(user_id=ann, conversation=single(bob), scope=SELF)
    if by == "ids":
        request.ids.message_ids.extend(message.message_id for message in sent[:2])
    else:
        request.before_time.CopyFrom(sent[2].create_time)
    with Watching(act, ann) as online:
        act.messages.DeleteMessages(request, metadata=DEVICE)
        told = online.told("messages_deleted")[0]
    assert told.device_id == "tablet"
    if by == "ids":
        assert list(told.messages_deleted.message_ids) == [message.message_id for message in sent[:2]]
    else:
        assert told.messages_deleted.up_to_sequence == 2
    later = [event for event in changes_since(act, ann, offline) if event.HasField("messages_deleted")]
    assert later == [told]
    assert changes_since(act, bob, of_bob) == []


def test_onMultiDeviceEvent_when_a_conversation_is_deleted_then_told_to_the_users_other_devices(
    act: Acting, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    act.send(bob, single(ann))
    offline, of_bob = now_token(act, ann), now_token(act, bob)
    act.conversations.DeleteConversation(
        conversation_service_pb2.DeleteConversationRequest(
            user_id=ann, conversation=single(bob), scope=SELF, delete_messages=True
        ),
        metadata=DEVICE,
    )
    told = changes_since(act, ann, offline)
    assert kinds(told) == ["conversation_removed", "total_unread_changed"]
    assert (told[0].device_id, told[0].conversation_removed.cleared_up_to_sequence) == ("tablet", 1)
    assert changes_since(act, bob, of_bob) == []
