"""What is sent of messages and conversations that are gone: why, which, up to where, and by whom."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import (
    conversation_service_pb2,
    deletion_pb2,
    event_pb2,
    member_pb2,
    message_pb2,
    message_service_pb2,
)
from tests.support.api_client import DOWN, EVERYONE, SELF, ApiClient, Reference, group, sequences, single, texts
from tests.support.fixtures import Ids
from tests.support.watch_client import changes_since, kinds, now_token

HIDDEN, RECALLED = deletion_pb2.DELETION_REASON_HIDDEN, deletion_pb2.DELETION_REASON_RECALLED
DELETED = deletion_pb2.DELETION_OUTCOME_DELETED
ALREADY_DELETED = deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED
LONG_AGO = time.time_ns() // 1000 - 3_600_000_000


def deletions(api: ApiClient, user: str, token: str) -> list[event_pb2.MessagesDeleted]:
    """What a user was sent about messages that are gone since a token."""
    return [event.messages_deleted for event in changes_since(api, user, token) if event.HasField("messages_deleted")]


def removals(api: ApiClient, user: str, token: str) -> list[event_pb2.ConversationRemoved]:
    """What a user was sent about conversations that are gone since a token."""
    found = changes_since(api, user, token)
    return [event.conversation_removed for event in found if event.HasField("conversation_removed")]


def tombstones(api: ApiClient, user: str, at: Reference) -> dict[int, message_pb2.Message]:
    """The tombstones of a history by their sequences."""
    shown = api.walk(user, at, include_tombstones=True)
    return {message.sequence: message for message in shown if message.HasField("tombstone")}


def nothing_but_names(messages: list[message_service_pb2.SentMessage]) -> list[message_pb2.Message]:
    """What is left of messages of which nothing stays."""
    return [message_pb2.Message(message_id=message.message_id, sequence=message.sequence) for message in messages]


def test_hidden_messages_are_sent_with_nothing_but_their_names(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F15."""
    ann, bob = ids.users(2)
    sent = api.send_many(ann, single(bob), ["1", "2", "3"])
    start = now_token(api, bob)
    api.delete_ids(bob, single(ann), [sent[2].message_id, sent[0].message_id])
    [deleted] = deletions(api, bob, start)
    assert deleted.conversation_id == sent[0].conversation_id
    assert (deleted.scope, deleted.reason, deleted.WhichOneof("target")) == (SELF, HIDDEN, "messages")
    left = sorted(deleted.messages.messages, key=lambda message: message.sequence)
    assert left == nothing_but_names([sent[0], sent[2]])


def test_recalled_messages_are_sent_with_the_tombstones_that_pages_show(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F3, F15."""
    ann, bob = ids.users(2)
    sent = api.send_many(ann, single(bob), ["1", "2", "3"])
    starts = {user: now_token(api, user) for user in (ann, bob)}
    api.recall(ann, single(bob), sent[0].message_id, sent[2].message_id)
    for user, other in ((ann, bob), (bob, ann)):
        [deleted] = deletions(api, user, starts[user])
        assert (deleted.scope, deleted.reason, deleted.WhichOneof("target")) == (EVERYONE, RECALLED, "messages")
        shown = tombstones(api, user, single(other))
        assert list(deleted.messages.messages) == [shown[1], shown[3]]
        assert {message.tombstone.deleted_by for message in deleted.messages.messages} == {ann}
        assert not any(message.HasField("content") for message in deleted.messages.messages)


@pytest.mark.parametrize("who", ["sender", "owner", "service"])
def test_recalled_message_is_sent_with_who_recalled_it_and_when(api: ApiClient, ids: Ids, who: str) -> None:
    """Keep semantics F15."""
    owner, sender, reader, bot = ids.users(4)
    at = group(ids.group())
    api.create_group(owner, at.target.id, [sender, reader])
    sent = api.send(sender, at, "secret")
    start = now_token(api, reader)
    by = {"sender": sender, "owner": owner, "service": bot}[who]
    api.recall(by, at, sent.message_id, as_service=who == "service")
    [event] = [event for event in changes_since(api, reader, start) if event.HasField("messages_deleted")]
    [left] = event.messages_deleted.messages.messages
    assert (left.sender_id, left.tombstone.deleted_by, left.message_id) == (sender, by, sent.message_id)
    assert left.tombstone.delete_time == event.event_time
    assert "secret" not in str(event)


def test_recalled_message_that_a_user_had_hidden_is_not_sent_to_that_user_again(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    sent = api.send(ann, single(bob))
    api.delete_ids(bob, single(ann), [sent.message_id])
    start = now_token(api, bob)
    api.recall(ann, single(bob), sent.message_id)
    assert deletions(api, bob, start) == []


def import_history(api: ApiClient, ann: str, bob: str) -> list[message_pb2.Message]:
    """Three live messages and three imported ones, whose original times are before, at and after the second one's."""
    sent = [api.send(ann, single(bob), str(number)) for number in range(3)]
    at = sent[1].create_time.ToMicroseconds()
    originals = [(ann, at - 1, "before"), (ann, at, "at"), (ann, at + 1, "after")]
    api.import_messages(ann, single(bob), originals)
    return sent


def assert_gone(api: ApiClient, user: str, at: Reference, range_: deletion_pb2.DeletedRange, kept: list[int]) -> None:
    """Shows that a range names exactly what the user lost."""
    everything = [(message.sequence, message.original_time) for message in api.walk(user, at, DOWN)]
    assert [sequence for sequence, _ in everything] == kept
    assert all(sequence > range_.up_to_sequence for sequence, _ in everything)
    up_to = range_.original_up_to_time.ToNanoseconds()
    assert all(original.ToNanoseconds() > up_to for _, original in everything if original != Timestamp())


def clear_by_sequence(api: ApiClient, bob: str, ann: str, sent: list[message_pb2.Message]) -> Any:
    return api.clear(bob, single(ann), up_to_sequence=sent[1].sequence)


def clear_by_time(api: ApiClient, bob: str, ann: str, sent: list[message_pb2.Message]) -> Any:
    """It is exclusive, so that this time clears what is at the second message's too."""
    before = Timestamp()
    before.FromMicroseconds(sent[1].create_time.ToMicroseconds() + 1)
    return api.clear(bob, single(ann), before_time=before)


@pytest.mark.parametrize("clear", [clear_by_sequence, clear_by_time])
def test_cleared_history_is_sent_as_the_range_that_is_returned(
    api: ApiClient, ids: Ids, clear: Callable[[ApiClient, str, str, list[message_pb2.Message]], Any]
) -> None:
    """A client drops imported messages that were written before, wherever they are (semantics D1, D10, F15)."""
    ann, bob = ids.users(2)
    sent = import_history(api, ann, bob)
    starts = {user: now_token(api, user) for user in (ann, bob)}
    response = clear(api, bob, ann, sent)
    assert (response.outcome, response.cleared_range.up_to_sequence) == (DELETED, 2)
    [deleted] = deletions(api, bob, starts[bob])
    assert (deleted.scope, deleted.reason, deleted.WhichOneof("target")) == (SELF, HIDDEN, "range")
    assert deleted.range == response.cleared_range
    assert_gone(api, bob, single(ann), deleted.range, kept=[3, 6])
    assert changes_since(api, ann, starts[ann]) == []
    start = now_token(api, bob)
    again = clear(api, bob, ann, sent)
    assert (again.outcome, again.cleared_range) == (ALREADY_DELETED, response.cleared_range)
    assert deletions(api, bob, start) == []


def test_conversation_deleted_with_messages_is_sent_with_the_range_that_is_returned(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D10, F15."""
    ann, bob = ids.users(2)
    import_history(api, ann, bob)
    start = now_token(api, bob)
    response = api.delete(bob, single(ann), delete_messages=True)
    [removed] = removals(api, bob, start)
    assert (removed.scope, removed.deleted_by) == (SELF, bob)
    assert removed.conversation_id == api.look(bob, single(ann)).conversation_id
    assert removed.cleared_range == response.cleared_range
    assert removed.cleared_range.up_to_sequence == 6
    assert_gone(api, bob, single(ann), removed.cleared_range, kept=[])


def test_conversation_deleted_without_messages_is_sent_without_a_range(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    starts = {user: now_token(api, user) for user in (ann, bob)}
    response = api.delete(bob, single(ann))
    assert not response.HasField("cleared_range")
    [removed] = removals(api, bob, starts[bob])
    assert (removed.scope, removed.deleted_by, removed.HasField("cleared_range")) == (SELF, bob, False)
    assert changes_since(api, ann, starts[ann]) == []


@pytest.mark.parametrize("delete_messages", [False, True])
@pytest.mark.parametrize("as_service", [False, True])
def test_conversation_deleted_for_everyone_is_sent_to_all_with_who_did_it(
    api: ApiClient, ids: Ids, *, as_service: bool, delete_messages: bool
) -> None:
    """Keep semantics F15."""
    owner, member, bot = ids.users(3)
    at = group(ids.group())
    api.create_group(owner, at.target.id, [member])
    api.send_many(owner, at, ["1", "2"])
    starts = {user: now_token(api, user) for user in (owner, member)}
    by = bot if as_service else owner
    api.delete(by, at, EVERYONE, delete_messages=delete_messages, as_service=as_service)
    for user, start in starts.items():
        [removed] = removals(api, user, start)
        assert (removed.scope, removed.deleted_by) == (EVERYONE, by)
        assert removed.HasField("cleared_range") is delete_messages
        assert removed.cleared_range.up_to_sequence == (2 if delete_messages else 0)


def test_conversation_erased_while_a_user_does_not_list_it_is_sent_to_that_user_too(api: ApiClient, ids: Ids) -> None:
    """The deletion takes history from the user, who keeps it on a device."""
    owner, member = ids.users(2)
    at = group(ids.group())
    api.create_group(owner, at.target.id, [member])
    api.send(owner, at)
    api.delete(member, at)
    start = now_token(api, member)
    api.delete(owner, at, EVERYONE, delete_messages=True)
    [removed] = removals(api, member, start)
    assert (removed.scope, removed.deleted_by, removed.cleared_range.up_to_sequence) == (EVERYONE, owner, 1)


def test_conversations_deleted_together_are_sent_each_with_who_did_it(api: ApiClient, ids: Ids) -> None:
    ann, *others = ids.users(4)
    for other in others:
        api.send(other, single(ann))
    start = now_token(api, ann)
    api.conversations.DeleteAllConversations(
        conversation_service_pb2.DeleteAllConversationsRequest(user_id=ann, delete_messages=True)
    )
    found = removals(api, ann, start)
    assert {removed.conversation_id for removed in found} == {
        api.look(ann, single(other)).conversation_id for other in others
    }
    assert {(removed.scope, removed.deleted_by, removed.cleared_range.up_to_sequence) for removed in found} == {
        (SELF, ann, 1)
    }


def test_history_deleted_up_to_a_message_is_sent_up_to_there_and_the_rest_stays(api: ApiClient, ids: Ids) -> None:
    """A message that its caller did not know stays, and keeps the conversation listed (semantics D8, F15)."""
    ann, bob = ids.users(2)
    api.send_many(ann, single(bob), ["1", "2", "3"])
    start = now_token(api, bob)
    response = api.delete(bob, single(ann), delete_messages=True, up_to_sequence=2)
    assert (response.outcome, response.cleared_range.up_to_sequence) == (DELETED, 2)
    found = changes_since(api, bob, start)
    lost = [event.messages_deleted.range for event in found if event.HasField("messages_deleted")]
    lost += [event.conversation_removed.cleared_range for event in found if event.HasField("conversation_removed")]
    assert lost == [response.cleared_range]
    assert texts(api.walk(bob, single(ann))) == ["3"]
    assert [entry.last_sequence for entry in api.listed(bob)] == [3]
    start = now_token(api, bob)
    again = api.delete(bob, single(ann), delete_messages=True, up_to_sequence=2)
    assert again.outcome == ALREADY_DELETED
    assert kinds(changes_since(api, bob, start)) == []


@pytest.mark.parametrize("role", [member_pb2.MEMBER_ROLE_MEMBER, member_pb2.MEMBER_ROLE_ADMIN])
def test_member_who_left_is_sent_what_is_recalled_in_its_window_alone(
    api: ApiClient, ids: Ids, role: member_pb2.MemberRole
) -> None:
    """Keep semantics F6."""
    owner, left = ids.users(2)
    at = group(ids.group())
    api.create_group(owner, at.target.id)
    api.add(owner, at, [left], role)
    inside = api.send(owner, at)
    api.remove(owner, at, [left])
    outside = api.send(owner, at)
    start = now_token(api, left)
    api.recall(owner, at, inside.message_id, outside.message_id)
    [deleted] = deletions(api, left, start)
    assert sequences(deleted.messages.messages) == [inside.sequence]
    assert deleted.messages.messages[0].tombstone.deleted_by == owner


def test_deletion_that_only_says_what_it_would_do_is_not_sent(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D5."""
    ann, bob = ids.users(2)
    sent = api.send_many(ann, single(bob), ["1", "2"])
    start = now_token(api, bob)
    cleared = api.messages.ClearHistory(
        message_service_pb2.ClearHistoryRequest(
            user_id=bob, conversation=single(ann), up_to_sequence=1, validate_only=True
        )
    )
    deleted = api.delete(bob, single(ann), delete_messages=True, validate_only=True)
    hidden = api.delete_ids(bob, single(ann), [sent[0].message_id], validate_only=True)
    assert (cleared.outcome, deleted.outcome, hidden.results[0].outcome) == (DELETED, DELETED, DELETED)
    assert (cleared.cleared_range.up_to_sequence, deleted.cleared_range.up_to_sequence) == (1, 2)
    assert {response.consistency_token for response in (cleared, deleted, hidden)} == {""}
    assert changes_since(api, bob, start) == []
