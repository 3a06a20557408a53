"""What a watcher is sent, and what not: over a socket, live and resumed."""

import time

import grpc
import pytest

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    deletion_pb2,
    event_pb2,
    event_service_pb2,
    member_pb2,
    message_pb2,
    user_service_pb2,
)
from tests.support.api_client import EVERYONE, ApiClient, failing, group, room, single, texts
from tests.support.fixtures import Ids
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token


def deleted_ids(deleted: event_pb2.MessagesDeleted) -> list[str]:
    return [message.message_id for message in deleted.messages.messages]


def messages_in(events: list[event_pb2.Event]) -> list[str]:
    return texts(event.message_received.message for event in events if event.HasField("message_received"))


def test_first_message_when_watched_by_both_sides_is_sent_with_what_follows(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F3, F4."""
    ann, bob = ids.users(2)
    with WatchClient(api, ann) as of_ann, WatchClient(api, bob) as of_bob:
        sent = api.send(ann, single(bob))
        own = of_ann.expect("message_received", "read_position_moved", "conversation_added", "total_unread_changed")
        received, _, added, total = of_bob.expect(
            "message_received", "read_position_moved", "conversation_added", "total_unread_changed"
        )
    assert received.message_received.message == sent == own[0].message_received.message
    assert (received.notify, own[0].notify) == (True, False)
    assert added.conversation_added.conversation == api.look(bob, single(ann))
    assert total.total_unread_changed.totals == api.summary(bob).totals


def test_second_message_is_a_change_and_no_addition(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob), "before the watch")
    with WatchClient(api, bob) as watching:
        api.send(ann, single(bob))
        expect = watching.expect("message_received", "conversation_changed", "total_unread_changed")
    assert expect[1].conversation_changed.conversation.unread_count == 2


def test_deleted_conversation_comes_back_as_an_addition(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    start = now_token(api, bob)
    with WatchClient(api, bob) as watching:
        api.delete(bob, single(ann), delete_messages=True)
        removed = watching.expect("conversation_removed", "total_unread_changed")[0]
        assert removed.conversation_removed.cleared_range.up_to_sequence == 1
        api.send(ann, single(bob))
        watching.expect("message_received", "conversation_added")
    assert "conversation_added" in kinds(changes_since(api, bob, start))


def test_call_with_several_changes_is_never_split(api: ApiClient, ids: Ids) -> None:
    """Also where a page asks for fewer changes than one call made (semantics F1)."""
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    api.send_many(ann, single(bob), [str(number) for number in range(40)])
    api.send_many(ann, single(bob), [str(number) for number in range(40, 60)])
    request = event_service_pb2.ListEventsRequest(user_id=bob, resume_token=start, page_size=7)
    page = api.events.ListEvents(request)
    assert (len(messages_in(page.events)), page.has_more) == (40, True)
    request.resume_token = page.resume_token
    page = api.events.ListEvents(request)
    assert (len(messages_in(page.events)), page.has_more) == (20, False)


def test_changes_when_read_in_small_pages_come_in_order_and_once(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F1."""
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    sent = [api.send(sender, single(other), str(n)) for n in range(4) for sender, other in ((ann, bob), (bob, ann))]
    request = event_service_pb2.ListEventsRequest(user_id=bob, resume_token=start, page_size=1)
    came: list[event_pb2.Event] = []
    for _ in range(2 * len(sent)):
        page = api.events.ListEvents(request)
        came += page.events
        request.resume_token = page.resume_token
        if not page.has_more:
            break
    assert messages_in(came) == [str(n) for n in range(4) for _ in range(2)]
    assert [event.message_received.message for event in came if event.HasField("message_received")] == sent
    assert api.events.ListEvents(request).events == []


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize("then", ["a message", "removed", "a message, then deleted", "deleted, then a message"])
def test_conversation_that_comes_into_the_list_is_an_addition_once_wherever_pages_end(
    api: ApiClient, ids: Ids, then: str, size: int
) -> None:
    """Keep semantics F4."""
    owner, joiner = ids.users(2)
    club = group(ids.group())
    api.create_group(owner, club.target.id)
    if then == "removed":
        api.send(owner, club)
    start = now_token(api, joiner)
    api.add(owner, club, [joiner])
    for step in then.split(", "):
        if step == "removed":
            api.remove(owner, club, [joiner])
        elif step.endswith("deleted"):
            api.delete(joiner, club)
        else:
            api.send(owner, club)
    found = kinds(changes_since(api, joiner, start, size))
    # One that is out of the list by now is not new in it.
    assert found.count("conversation_added") == (not then.endswith("deleted"))
    assert found.count("conversation_removed") == then.endswith("deleted")


@pytest.mark.parametrize("size", [1, 100, 1000])
@pytest.mark.parametrize("hidden", ["in a room", "with stay_hidden", "with silent messages only"])
def test_conversation_that_messages_do_not_list_is_an_addition_once_when_opened(
    api: ApiClient, ids: Ids, hidden: str, size: int
) -> None:
    """It holds for a live watch, for a watch from an older token, and for polling (semantics F4)."""
    ann, bob = ids.users(2)
    place = (room if hidden == "in a room" else group)(ids.group())
    api.create_group(ann, place.target.id, [bob], kind=place.target.type)
    silent = hidden == "with silent messages only"
    if hidden != "in a room":
        api.send(ann, place, "lists it")
        api.delete(bob, place, stay_hidden=not silent)
    api.send(ann, place, "1", silent=silent)
    start = now_token(api, bob)
    with WatchClient(api, bob) as watching:
        for number in range(130):
            api.send(ann, place, str(number), silent=silent)
        api.open(bob, place)
        watching.until(lambda: "conversation_added" in kinds(watching.events))
        assert kinds(watching.events).count("conversation_added") == 1
    with WatchClient(api, bob, start) as watching:
        watching.until(lambda: "conversation_added" in kinds(watching.events))
        assert kinds(watching.events).count("conversation_added") == 1
    found = changes_since(api, bob, start, size)
    assert kinds(found).count("conversation_added") == 1
    listed = [event.conversation_changed for event in found if event.HasField("conversation_changed")]
    assert all(changed.conversation.unlisted for changed in listed)


def test_conversation_that_is_listed_deleted_and_opened_is_an_addition_each_time(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F4."""
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    api.send(ann, single(bob))
    api.delete(bob, single(ann))
    api.open(bob, single(ann))
    found = [
        kind
        for kind in kinds(changes_since(api, bob, start, 1))
        if kind in {"conversation_added", "conversation_removed"}
    ]
    assert found == ["conversation_added", "conversation_removed", "conversation_added"]
    found = [
        kind for kind in kinds(changes_since(api, bob, start)) if kind in {"conversation_added", "conversation_removed"}
    ]
    assert found == ["conversation_removed", "conversation_added"]


def test_conversation_when_everything_is_unblocked_is_sent_if_messages_came_meanwhile(api: ApiClient, ids: Ids) -> None:
    """Unblocking moves the last sequence, which stood still while everything was blocked."""
    ann, bob, eve = ids.users(3)

    def block_everything(option: conversation_pb2.ReceiveOption) -> None:
        api.users.UpdateUserSettings(
            user_service_pb2.UpdateUserSettingsRequest(
                user_id=bob, settings={"receive_option": option}, update_mask={"paths": ["receive_option"]}
            )
        )

    for other in (ann, eve):
        api.send(other, single(bob))
    block_everything(conversation_pb2.RECEIVE_OPTION_BLOCKED)
    api.send(ann, single(bob), "while blocked")
    assert api.look(bob, single(ann)).last_sequence == 1
    start = now_token(api, bob)
    block_everything(conversation_pb2.RECEIVE_OPTION_NORMAL)
    found = [event for event in changes_since(api, bob, start) if event.HasField("conversation_changed")]
    assert [event.conversation_changed.conversation for event in found] == [api.look(bob, single(ann))]
    assert found[0].conversation_changed.conversation.last_sequence == 2


def test_device_and_time_of_a_change_are_sent(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F8."""
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    request = conversation_service_pb2.MarkConversationReadRequest(user_id=bob, conversation=single(ann))
    with WatchClient(api, bob) as watching:
        api.conversations.MarkConversationRead(request, metadata=(("device-id", "phone"),))
        moved, changed, total = watching.expect("read_position_moved", "conversation_changed", "total_unread_changed")
    assert {moved.device_id, changed.device_id, total.device_id} == {"phone"}
    assert moved.read_position_moved.read_sequence == 1
    assert abs(moved.event_time.seconds - time.time()) < 60


@pytest.mark.parametrize("reads", ["answers", "marks"])
def test_read_position_in_a_pair_when_the_other_side_blocks_it_is_sent_all_the_same(
    api: ApiClient, ids: Ids, reads: str
) -> None:
    """A sender who blocked the other user still learns what that user read, and when it burns (semantics F7, B3)."""
    ann, bob = ids.users(2)
    api.send(ann, single(bob), "to burn")
    api.burn(ann, single(bob), seconds=3600)
    api.send(ann, single(bob), "burns")
    api.settings(ann, single(bob), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    start = now_token(api, ann)
    if reads == "answers":
        api.send(bob, single(ann), "an answer reads")
    else:
        api.read(bob, single(ann))
    [moved] = changes_since(api, ann, start)
    assert moved.read_position_moved.reader_id == bob
    assert moved.read_position_moved.HasField("burn_time")


def test_read_position_in_a_pair_is_sent_to_the_other_side_in_a_group_not(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F7."""
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, [bob])
    api.send(ann, team)
    api.send(ann, single(bob))
    start = now_token(api, ann)
    api.read(bob, team)
    api.read(bob, single(ann))
    expect = changes_since(api, ann, start)
    assert kinds(expect) == ["read_position_moved"]
    assert expect[0].read_position_moved.reader_id == bob


def test_own_reply_moves_the_read_position_and_gives_it(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    start = now_token(api, ann)
    api.send(bob, single(ann))
    api.send(bob, single(ann), keep_unread=True)
    expect = changes_since(api, ann, start)
    moved = [event.read_position_moved.read_sequence for event in expect if event.HasField("read_position_moved")]
    assert moved == [2]


def test_recalled_message_is_sent_as_its_removal_only(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F3."""
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    api.send(ann, single(bob), "kept")
    recalled = api.send(ann, single(bob), "taken back")
    api.recall(ann, single(bob), recalled.message_id)
    expect = changes_since(api, bob, start)
    assert messages_in(expect) == ["kept"]
    deleted = [event.messages_deleted for event in expect if event.HasField("messages_deleted")]
    assert [deleted_ids(event) for event in deleted] == [[recalled.message_id]]
    assert (deleted[0].scope, deleted[0].reason) == (EVERYONE, deletion_pb2.DELETION_REASON_RECALLED)
    assert "taken back" not in str(expect)


def test_hidden_message_is_sent_to_the_user_alone(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    sent = api.send_many(ann, single(bob), ["1", "2", "3"])
    of_ann, of_bob = now_token(api, ann), now_token(api, bob)
    api.delete_ids(bob, single(ann), [sent[0].message_id, sent[2].message_id])
    assert changes_since(api, ann, of_ann) == []
    expect = changes_since(api, bob, of_bob)
    assert kinds(expect) == ["messages_deleted", "conversation_changed", "total_unread_changed"]
    assert deleted_ids(expect[0].messages_deleted) == [sent[0].message_id, sent[2].message_id]


def test_muted_and_silent_messages_do_not_notify(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F8."""
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    api.send(ann, single(bob), "loud")
    api.send(ann, single(bob), "silent", silent=True)
    notified = [event.notify for event in changes_since(api, bob, start) if event.HasField("message_received")]
    assert notified == [True, False]
    api.settings(bob, single(ann), receive_option=conversation_pb2.RECEIVE_OPTION_MUTED)
    start = now_token(api, bob)
    api.send(ann, single(bob), "muted")
    expect = changes_since(api, bob, start)
    assert [event.notify for event in expect if event.HasField("message_received")] == [False]


def test_conversation_that_stays_hidden_does_not_notify_until_it_is_opened(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F8, L1."""
    ann, bob = ids.users(2)
    api.send(ann, single(bob), "before")
    api.delete(bob, single(ann), stay_hidden=True)

    def notified(text: str) -> list[bool]:
        start = now_token(api, bob)
        api.send(ann, single(bob), text, mentions={"kind": message_pb2.MENTION_KIND_USER, "user_ids": [bob]})
        events = [event for event in changes_since(api, bob, start) if event.HasField("message_received")]
        assert messages_in(events) == [text]
        return [event.notify for event in events]

    def live(text: str) -> list[bool]:
        with WatchClient(api, bob) as watch:
            api.send(ann, single(bob), text)
            return [event.notify for event in watch.expect("message_received")]

    assert (notified("hidden"), live("hidden, live")) == ([False], [False])
    api.settings(bob, single(ann), pinned=True)
    api.read(bob, single(ann))
    api.send(bob, single(ann), "own")
    assert (notified("still hidden"), api.look(bob, single(ann)).unlisted) == ([False], True)
    api.delete(bob, single(ann))
    assert notified("deleted again") == [False]
    api.open(bob, single(ann))
    assert (notified("opened"), live("opened, live")) == ([True], [True])


def test_globally_muted_user_is_sent_without_notice(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.users.UpdateUserSettings(
        user_service_pb2.UpdateUserSettingsRequest(
            user_id=bob,
            settings={"receive_option": conversation_pb2.RECEIVE_OPTION_MUTED},
            update_mask={"paths": ["receive_option"]},
        )
    )
    start = now_token(api, bob)
    api.send(ann, single(bob))
    expect = changes_since(api, bob, start)
    assert [event.notify for event in expect if event.HasField("message_received")] == [False]
    assert expect[-1].total_unread_changed.totals.unread_count == 1


def test_blocked_message_brings_no_event_but_that_its_sender_read(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    api.settings(bob, single(ann), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    start = now_token(api, bob)
    api.send(ann, single(bob))
    assert kinds(changes_since(api, bob, start)) == ["read_position_moved"]
    api.settings(bob, single(ann), receive_option=conversation_pb2.RECEIVE_OPTION_NORMAL)
    assert messages_in(changes_since(api, bob, start)) == []


def test_who_left_a_group_is_sent_nothing_but_its_own_and_removals(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F6."""
    ann, bob, cleo = ids.users(3)
    team = group(ids.group())
    api.create_group(ann, team.target.id, [bob])
    seen = api.send(ann, team, "seen")
    start = now_token(api, bob)
    api.send(ann, team, "also seen")
    api.remove(ann, team, [bob])
    api.send(ann, team, "after the leave")
    api.add(ann, team, [cleo])
    expect = changes_since(api, bob, start)
    assert messages_in(expect) == ["also seen"]
    members = [event.members_changed for event in expect if event.HasField("members_changed")]
    assert [(list(change.left_user_ids), len(change.joined_members)) for change in members] == [([bob], 0)]
    left = [event.conversation_changed.conversation for event in expect if event.HasField("conversation_changed")]
    assert [conversation.left for conversation in left] == [True]
    start = now_token(api, bob)
    api.recall(ann, team, seen.message_id)
    assert kinds(changes_since(api, bob, start))[0] == "messages_deleted"
    start = now_token(api, bob)
    api.send(ann, team, "later")
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=ann, conversation=team, properties={"name": "renamed"}, update_mask={"paths": ["name"]}
        )
    )
    assert changes_since(api, bob, start) == []


def test_member_who_joins_is_sent_what_comes_from_then_on(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN)
    api.send(ann, team, "before")
    with WatchClient(api, bob) as watching:
        api.add(ann, team, [bob])
        changed = watching.expect("conversation_changed")[0].conversation_changed.conversation
        assert (changed.unlisted, changed.role) == (True, member_pb2.MEMBER_ROLE_MEMBER)
        api.send(ann, team, "after")
        received, _ = watching.expect("message_received", "conversation_added")
    assert texts([received.message_received.message]) == ["after"]


@pytest.mark.parametrize("said_meanwhile", [0, 1])
def test_group_with_a_history_when_joined_is_an_addition_whatever_was_said_since_the_token(
    api: ApiClient, ids: Ids, said_meanwhile: int
) -> None:
    """Keep semantics L6."""
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id)
    api.send(ann, team, "long ago")
    start = now_token(api, bob)
    for _ in range(said_meanwhile):
        api.send(ann, team, "before bob came")
    api.add(ann, team, [bob])
    expect = changes_since(api, bob, start)
    assert {*kinds(expect)[:2]} == {"members_changed", "history_changed"}
    assert kinds(expect)[2] == "conversation_added"
    assert not expect[2].conversation_added.conversation.unlisted


def test_chat_room_is_sent_and_stays_out_of_the_totals(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    lobby = room(ids.group())
    api.create_group(ann, lobby.target.id, [bob], kind=lobby.target.type)
    start = now_token(api, bob)
    api.send(ann, lobby)
    expect = changes_since(api, bob, start)
    assert kinds(expect)[0] == "message_received"
    totals = [event.total_unread_changed.totals for event in expect if event.HasField("total_unread_changed")]
    assert [total.unread_count for total in totals] == [0]


def test_imported_history_is_sent_as_one_range_without_notice(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    api.import_messages(ann, single(bob), [(ann, 1_000_000 + number, str(number)) for number in range(30)])
    expect = changes_since(api, bob, start)
    assert kinds(expect)[0] == "history_changed"
    imported = expect[0].history_changed
    assert imported.reason == event_pb2.HISTORY_CHANGE_REASON_IMPORTED
    assert (imported.first_sequence, imported.last_sequence) == (1, 30)
    assert not any(event.notify for event in expect)
    assert messages_in(expect) == []


def test_settings_of_one_device_are_sent_to_the_others_and_to_nobody_else(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    of_ann, of_bob = now_token(api, ann), now_token(api, bob)
    api.settings(bob, single(ann), pinned=True, draft="so far")
    assert changes_since(api, ann, of_ann) == []
    expect = changes_since(api, bob, of_bob)
    assert kinds(expect) == ["conversation_changed", "total_unread_changed"]
    settings = expect[0].conversation_changed.conversation.settings
    assert (settings.pinned, settings.draft) == (True, "so far")


def test_change_that_changes_nothing_to_be_seen_is_not_sent_again(api: ApiClient, ids: Ids) -> None:
    """A stream gives a conversation only where it differs from what it sent last (semantics F4)."""
    ann, bob, carol = ids.users(3)
    api.send(ann, single(bob))
    with WatchClient(api, bob) as watching:
        api.settings(bob, single(ann), marks=["work"])
        watching.expect("conversation_changed", "total_unread_changed")
        api.settings(bob, single(ann), marks=["work"])
        # In another conversation: what a stream sends of the first may be as new as the end.
        api.send(carol, single(bob), "end")
        watching.until(lambda: "message_received" in kinds(watching.events))
        assert "conversation_changed" not in kinds(watching.events)


def test_conversation_deleted_for_everyone_is_sent_to_all(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, [bob])
    api.send_many(ann, team, ["1", "2"])
    start = now_token(api, bob)
    api.delete(ann, team, EVERYONE, delete_messages=True)
    expect = changes_since(api, bob, start)
    assert kinds(expect) == ["conversation_removed", "total_unread_changed"]
    removed = expect[0].conversation_removed
    assert (removed.cleared_range.up_to_sequence, removed.scope, removed.deleted_by) == (2, EVERYONE, ann)


def test_watcher_who_was_never_seen_is_sent_the_first_message(api: ApiClient, ids: Ids) -> None:
    ann, nobody_yet = ids.users(2)
    with WatchClient(api, nobody_yet) as watching:
        api.send(ann, single(nobody_yet))
        watching.expect("message_received", "conversation_added", "total_unread_changed")


def test_response_when_first_is_empty_with_a_token(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F2."""
    ann, bob = ids.users(2)
    with WatchClient(api, bob) as watching:
        first = watching.responses[0]
        api.send(ann, single(bob))
        watching.expect("message_received", "conversation_added", "total_unread_changed")
    assert not first.events
    assert "message_received" in kinds(changes_since(api, bob, first.resume_token))


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_changes_by_polling_are_the_same_whatever_the_page_size(api: ApiClient, ids: Ids, size: int) -> None:
    """Keep semantics F11."""
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    for number in range(5):
        api.send(ann, single(bob), str(number))
        api.read(bob, single(ann))
    events = ("message_received", "read_position_moved")
    expect = [event for event in changes_since(api, bob, start, size) if event.WhichOneof("kind") in events]
    assert messages_in(expect) == [str(number) for number in range(5)]
    assert kinds(expect) == [*["message_received", "read_position_moved", "read_position_moved"] * 5]


def test_page_size_of_polling_when_negative_is_refused(api: ApiClient, ids: Ids) -> None:
    """Keep semantics Q5."""
    request = event_service_pb2.ListEventsRequest(user_id=ids.user(), page_size=-1)
    failure = failing(api.events.ListEvents, request)
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "NEGATIVE", "page_size")


def test_own_blocked_message_when_it_reads_then_what_follows_is_sent(api: ApiClient, ids: Ids) -> None:
    """The message brings no event; that its sender has read does, and so does what that makes of the unread count."""
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    api.settings(bob, single(ann), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    start = now_token(api, bob)
    api.send(bob, single(ann))
    expect = changes_since(api, bob, start)
    assert kinds(expect) == ["read_position_moved", "conversation_changed", "total_unread_changed"]
    assert expect[1].conversation_changed.conversation == api.look(bob, single(ann))


@pytest.mark.parametrize("lists", ["message", "import", "opening"])
def test_conversation_when_changed_and_then_listed_in_one_page_then_sent_as_an_addition(
    api: ApiClient, ids: Ids, lists: str
) -> None:
    ann, bob = ids.users(2)
    api.open(ann, single(bob))
    start = now_token(api, bob)
    api.settings(bob, single(ann), pinned=True)
    if lists == "message":
        api.send(ann, single(bob))
    elif lists == "import":
        api.import_messages(ann, single(bob), [(ann, 1_000_000, "old")])
    else:
        api.open(bob, single(ann))
    expect = kinds(changes_since(api, bob, start))
    assert "conversation_added" in expect
    assert "conversation_changed" not in expect


def test_conversation_when_listed_by_an_import_then_first_message_is_a_change_and_no_addition(
    api: ApiClient, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    api.import_messages(ann, single(bob), [(ann, 1_000_000, "old")])
    start = now_token(api, bob)
    api.send(ann, single(bob))
    assert "conversation_added" not in kinds(changes_since(api, bob, start))


def test_conversation_listed_by_a_message_that_is_gone_by_now_is_sent_as_added(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    sent = api.send(ann, single(bob))
    page = event_service_pb2.ListEventsRequest(user_id=bob, resume_token=start, page_size=1)
    api.recall(ann, single(bob), sent.message_id)
    first = api.events.ListEvents(page)
    assert kinds(first.events) == ["read_position_moved", "conversation_added", "total_unread_changed"]
    assert kinds(changes_since(api, bob, first.resume_token))[:2] == ["messages_deleted", "conversation_changed"]


def test_conversation_listed_by_a_message_that_was_hidden_since_is_sent_as_added(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, [bob])
    start = now_token(api, bob)
    sent = api.send(ann, team)
    api.delete_ids(bob, team, [sent.message_id])
    page = event_service_pb2.ListEventsRequest(user_id=bob, resume_token=start, page_size=1)
    assert kinds(api.events.ListEvents(page).events) == ["conversation_added", "total_unread_changed"]


def test_conversation_when_rejoined_by_who_kept_it_in_the_list_then_is_a_change_and_no_addition(
    api: ApiClient, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, [bob])
    api.send(ann, team)
    api.remove(ann, team, [bob])
    start = now_token(api, bob)
    api.add(ann, team, [bob])
    found = kinds(changes_since(api, bob, start))
    assert found == ["members_changed", "conversation_changed", "total_unread_changed"]


@pytest.mark.parametrize("window", ["left", "opens behind"])
def test_conversation_when_deleted_for_everyone_then_sent_to_who_may_see_none_of_its_messages_too(
    api: ApiClient, ids: Ids, window: str
) -> None:
    """It was opened, and leaves the list."""
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN)
    if window == "opens behind":
        api.send(ann, team)
    api.add(ann, team, [bob])
    api.open(bob, team)
    if window == "left":
        api.remove(bob, team, [bob])
    start = now_token(api, bob)
    api.delete(ann, team, EVERYONE)
    assert api.listed(bob) == []
    assert "conversation_removed" in kinds(changes_since(api, bob, start))


def test_message_when_its_reader_joined_after_a_removal_for_everyone_then_the_conversation_is_added(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics F4: one event says that it was added, also where a removal came before the join."""
    owner, joiner = ids.users(2)
    api.create_group(owner, club := ids.group())
    start = now_token(api, joiner)
    api.delete(owner, group(club), EVERYONE)
    api.add(owner, group(club), [joiner])
    api.send(owner, group(club))
    found = kinds(changes_since(api, joiner, start))
    assert "conversation_removed" not in found
    assert "conversation_changed" not in found
    assert found.count("conversation_added") == 1


@pytest.mark.parametrize("left_before", [False, True])
def test_conversation_when_removed_for_everyone_and_then_left_and_joined_then_its_removal_is_sent_as_before(
    api: ApiClient, ids: Ids, *, left_before: bool
) -> None:
    """Keep semantics F6: what comes after a change does not decide whether it was delivered."""
    owner, member = ids.users(2)
    api.create_group(owner, club := ids.group(), [member], history_visibility=2)
    start = now_token(api, member)
    if left_before:
        api.remove(owner, group(club), [member])
    api.delete(owner, group(club), EVERYONE)
    if not left_before:
        api.remove(owner, group(club), [member])
    at_once = kinds(changes_since(api, member, start)).count("conversation_removed")
    api.send(owner, group(club))
    api.add(owner, group(club), [member])
    assert kinds(changes_since(api, member, start)).count("conversation_removed") == at_once == 1
