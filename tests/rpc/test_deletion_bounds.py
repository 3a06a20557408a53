"""Deletions with a bound: each acts as if it had been made at the bound, so that a retry deletes nothing more.

`CASES` are ways to delete up to a bound, `LATER` what happens after it. A deletion made at the bound, before the later
events, and one made after them must leave a user with the same view.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import grpc
import pytest

from backscroll.v1 import conversation_pb2, conversation_service_pb2, deletion_pb2, message_pb2
from tests.support.api_client import (
    DOWN,
    EVERYONE,
    SELF,
    ApiClient,
    Failure,
    Reference,
    failing,
    group,
    sequences,
    single,
    texts,
)
from tests.support.contract_calls import call
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, NewDatabase
from tests.support.running_server import serving
from tests.support.user_view_snapshot import assert_unchanged

DELETED = deletion_pb2.DELETION_OUTCOME_DELETED
ALREADY = deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED
BLOCKED, NORMAL = conversation_pb2.RECEIVE_OPTION_BLOCKED, conversation_pb2.RECEIVE_OPTION_NORMAL
ALL = message_pb2.MENTION_KIND_ALL
FAR_PAST_US = 1_000_000_000_000_000
KNOWN = 3
"""How many messages there are at the bound."""


class Chat(NamedTuple):
    """Alice and Bob in a conversation with some messages; Bob's view of it is what a test looks at."""

    api: ApiClient
    alice: str
    bob: str
    to_alice: Reference
    to_bob: Reference
    known: list[message_pb2.Message]

    def say(self, text: str = "later", **fields: Any) -> message_pb2.Message:
        """Send a message of Alice's."""
        return self.api.send(self.alice, self.to_bob, text, **fields)

    def view(self, user: str = "") -> dict[str, Any]:
        """Return what the user sees of the conversation, without what differs between two conversations alike."""
        user = user or self.bob
        at = self.to_alice if user == self.bob else self.to_bob
        api, seen = self.api, self.api.look(user, at)
        moments = {
            message.create_time.ToMicroseconds(): message.sequence
            for message in call(
                api, "ListMessages", user_id=self.alice, conversation=self.to_bob, page_size=50, include_tombstones=True
            ).messages
        }
        totals = api.summary(user).totals
        return {
            "listed": seen.conversation_id in {entry.conversation_id for entry in api.listed(user)},
            "unlisted": seen.unlisted,
            "unread": seen.unread_count,
            "marked unread": seen.marked_unread,
            "counted above": (seen.unread_floor_sequence, seen.unread_from_sequence, seen.mention_floor_sequence),
            "read": seen.read_sequence,
            "end": seen.last_sequence,
            "last message": (seen.last_message.sequence, seen.last_message.content.text.text),
            "mentions": [mention.sequence for mention in seen.unread_mentions],
            "active at": moments.get(seen.activity_time.ToMicroseconds(), "another time"),
            "totals": (totals.unread_count, totals.unread_conversation_count, totals.unread_mention_count),
            "history": [
                (message.sequence, message.content.text.text, message.HasField("tombstone"))
                for message in api.walk(user, at, DOWN, include_tombstones=True)
            ],
        }


def pair(api: ApiClient, ids: Ids, known: int = KNOWN) -> Chat:
    """Return a pair with messages of both."""
    alice, bob = ids.users(2)
    said = [api.send(alice, single(bob), "one")] if known else []
    said += [api.send(bob, single(alice), "two", keep_unread=True)] if known > 1 else []
    said += [api.send(alice, single(bob), f"{number}", mentions={"kind": ALL}) for number in range(3, known + 1)]
    return Chat(api, alice, bob, single(alice), single(bob), said)


def club(api: ApiClient, ids: Ids, known: int = KNOWN) -> Chat:
    """Return a group of Alice, who owns it, and Bob."""
    alice, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(alice, at.target.id, [bob])
    said = [api.send(alice, at, f"{number}") for number in range(1, known + 1)]
    return Chat(api, alice, bob, at, at, said)


class Case(NamedTuple):
    """A way to delete up to the last of the known messages, and the chat that it needs."""

    make: Callable[[ApiClient, Ids], Chat]
    delete: Callable[[Chat], Any]
    """Answers the response."""


def delete_all(user: str, up_to: Any, **fields: Any) -> conversation_service_pb2.DeleteAllConversationsRequest:
    """Return the request to delete all conversations up to a time."""
    return conversation_service_pb2.DeleteAllConversationsRequest(user_id=user, up_to_time=up_to, **fields)


def of_one(**fields: Any) -> Callable[[Chat], Any]:
    """Bob deletes the conversation for himself."""
    return lambda chat: chat.api.delete(chat.bob, chat.to_alice, SELF, up_to_sequence=len(chat.known), **fields)


def of_all(**fields: Any) -> Callable[[Chat], Any]:
    """Bob deletes all conversations."""
    return lambda chat: chat.api.conversations.DeleteAllConversations(
        delete_all(chat.bob, chat.known[-1].create_time, **fields)
    )


def for_everyone(**fields: Any) -> Callable[[Chat], Any]:
    """Alice deletes the conversation for everyone."""
    return lambda chat: chat.api.delete(chat.alice, chat.to_bob, EVERYONE, up_to_sequence=len(chat.known), **fields)


def to_sequence(chat: Chat) -> Any:
    """Bob clears the history up to a sequence."""
    return chat.api.clear(chat.bob, chat.to_alice, up_to_sequence=len(chat.known))


def to_time(chat: Chat) -> Any:
    """Bob clears the history before the first time that he does not know."""
    microseconds = chat.known[-1].create_time.ToMicroseconds() + 1
    before = {"seconds": microseconds // 1_000_000, "nanos": microseconds % 1_000_000 * 1000}
    return chat.api.clear(chat.bob, chat.to_alice, before_time=before)


CASES = {
    "a conversation": Case(pair, of_one()),
    "a conversation with its messages": Case(pair, of_one(delete_messages=True)),
    "a conversation that stays hidden": Case(pair, of_one(stay_hidden=True)),
    "a conversation with its messages that stays hidden": Case(pair, of_one(delete_messages=True, stay_hidden=True)),
    "a group": Case(club, of_one(delete_messages=True)),
    "a group for everyone": Case(club, for_everyone()),
    "a group for everyone with its messages": Case(club, for_everyone(delete_messages=True)),
    "all": Case(pair, of_all()),
    "all with their messages": Case(pair, of_all(delete_messages=True)),
    "all, which stay hidden": Case(pair, of_all(stay_hidden=True)),
    "a history up to a sequence": Case(pair, to_sequence),
    "a history before a time": Case(pair, to_time),
}


def nothing(_: Chat) -> None:
    pass


def a_message(chat: Chat) -> None:
    chat.say()


def messages_and_a_mention(chat: Chat) -> None:
    chat.say()
    chat.say(mentions={"kind": ALL})


def a_silent_message(chat: Chat) -> None:
    chat.say(silent=True)


def a_silent_message_and_another(chat: Chat) -> None:
    chat.say(silent=True)
    chat.say()


def old_history(chat: Chat) -> None:
    chat.api.import_messages(chat.alice, chat.to_bob, [(chat.alice, FAR_PAST_US, "old")])


def old_history_and_a_message(chat: Chat) -> None:
    old_history(chat)
    chat.say()


def an_own_message(chat: Chat) -> None:
    chat.api.send(chat.bob, chat.to_alice, "own")


def an_own_message_that_reads_nothing(chat: Chat) -> None:
    chat.api.send(chat.bob, chat.to_alice, "own", keep_unread=True)


def a_message_that_is_recalled(chat: Chat) -> None:
    chat.api.recall(chat.alice, chat.to_bob, chat.say().message_id)


def a_message_that_is_deleted(chat: Chat) -> None:
    chat.api.delete_ids(chat.bob, chat.to_alice, [chat.say().message_id])


def a_message_that_is_cleared(chat: Chat) -> None:
    chat.api.clear(chat.bob, chat.to_alice, up_to_sequence=chat.say().sequence)


def a_message_that_is_read(chat: Chat) -> None:
    chat.say()
    chat.api.read(chat.bob, chat.to_alice)


def a_message_that_is_read_and_another(chat: Chat) -> None:
    a_message_that_is_read(chat)
    chat.say()


def a_message_while_blocked(chat: Chat) -> None:
    chat.api.settings(chat.bob, chat.to_alice, receive_option=BLOCKED)
    chat.say()
    chat.api.settings(chat.bob, chat.to_alice, receive_option=NORMAL)


def a_message_while_blocked_and_another(chat: Chat) -> None:
    a_message_while_blocked(chat)
    chat.say()


LATER = [
    nothing, a_message, messages_and_a_mention, a_silent_message, a_silent_message_and_another, old_history,
    old_history_and_a_message, an_own_message, an_own_message_that_reads_nothing, a_message_that_is_recalled,
    a_message_that_is_deleted, a_message_that_is_cleared, a_message_that_is_read, a_message_that_is_read_and_another,
    a_message_while_blocked, a_message_while_blocked_and_another,
]  # fmt: skip


@pytest.mark.parametrize("later", LATER, ids=lambda later: later.__name__)
@pytest.mark.parametrize("case", CASES)
def test_deletion_when_it_comes_late_acts_as_at_its_bound_and_a_retry_changes_nothing(
    api: ApiClient, ids: Ids, case: str, later: Callable[[Chat], None]
) -> None:
    """What comes after the bound stays, stays unread and keeps the conversation listed (semantics D8, D9)."""
    at_once, late = CASES[case].make(api, ids), CASES[case].make(api, ids)
    CASES[case].delete(at_once)
    later(at_once)
    later(late)
    CASES[case].delete(late)
    assert late.view() == at_once.view()
    assert late.view(late.alice) == at_once.view(at_once.alice)
    for chat in (late, at_once):
        with assert_unchanged(api, chat.bob, chat.to_alice), assert_unchanged(api, chat.alice, chat.to_bob):
            again = CASES[case].delete(chat)
        if isinstance(again, conversation_service_pb2.DeleteAllConversationsResponse):
            assert again.deleted_count == 0
        else:
            assert again.outcome == ALREADY


@pytest.mark.parametrize("case", CASES)
def test_deletion_when_retried_and_more_comes_each_time_never_takes_it(api: ApiClient, ids: Ids, case: str) -> None:
    """A client that got no answer asks again while others write (semantics D8, D9)."""
    make, delete = CASES[case]
    chat = make(api, ids)
    delete(chat)
    for number in range(KNOWN + 1, KNOWN + 4):
        chat.say(str(number))
        delete(chat)
        assert texts(api.walk(chat.bob, chat.to_alice, DOWN))[KNOWN - number :] == [
            str(said) for said in range(KNOWN + 1, number + 1)
        ]
        seen = api.look(chat.bob, chat.to_alice)
        assert (seen.unread_count, seen.last_message.sequence) == (number - KNOWN, number)
        assert [entry.unread_count for entry in api.listed(chat.bob)] == ([] if "hidden" in case else [number - KNOWN])


@pytest.mark.parametrize("with_messages", [False, True])
def test_conversation_when_deleted_up_to_what_the_caller_knew_shows_what_came_since(
    api: ApiClient, ids: Ids, with_messages: bool
) -> None:
    """Keep semantics D8, D10."""
    chat = pair(api, ids)
    chat.say("four")
    answer = api.delete(chat.bob, chat.to_alice, up_to_sequence=3, delete_messages=with_messages)
    if with_messages:
        assert (answer.outcome, answer.cleared_range.up_to_sequence) == (DELETED, 3)
    else:
        assert not answer.HasField("cleared_range")
    assert answer.consistency_token
    [entry] = api.listed(chat.bob)
    assert (entry.unread_count, entry.unread_floor_sequence, entry.last_message.content.text.text) == (1, 3, "four")
    assert sequences(api.walk(chat.bob, chat.to_alice)) == ([4] if with_messages else [4, 3, 2, 1])
    assert sequences(api.walk(chat.alice, chat.to_bob)) == [4, 3, 2, 1]
    assert api.summary(chat.bob).totals.unread_count == 1


def test_conversation_when_deleted_for_everyone_up_to_a_bound_shows_what_came_since_to_all(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics D8, D10."""
    chat = club(api, ids)
    carol = ids.user()
    api.add(chat.alice, chat.to_bob, [carol])
    chat.say("four")
    answer = api.delete(chat.alice, chat.to_bob, EVERYONE, up_to_sequence=3, delete_messages=True)
    assert (answer.outcome, answer.cleared_range.up_to_sequence) == (DELETED, 3)
    for user in (chat.alice, chat.bob, carol):
        assert texts(api.walk(user, chat.to_bob)) == ["four"]
        assert [entry.last_message.sequence for entry in api.listed(user)] == [4]
    assert [api.look(user, chat.to_bob).unread_count for user in (chat.alice, chat.bob, carol)] == [0, 1, 1]


@pytest.mark.parametrize("scope", [SELF, EVERYONE])
@pytest.mark.parametrize("with_messages", [False, True])
def test_bound_of_0_is_a_bound(
    api: ApiClient, ids: Ids, scope: deletion_pb2.DeletionScope, with_messages: bool
) -> None:
    """A client that knew no message deletes none (semantics D8)."""
    chat = club(api, ids)
    before = chat.view()
    answer = api.delete(chat.alice, chat.to_bob, scope, up_to_sequence=0, delete_messages=with_messages)
    assert (answer.outcome, answer.cleared_range.up_to_sequence) == (ALREADY, 0)
    assert chat.view() == before
    assert (api.look(chat.alice, chat.to_bob).unlisted, len(api.walk(chat.alice, chat.to_bob))) == (False, 3)


@pytest.mark.parametrize("with_messages", [False, True])
def test_bound_of_0_when_there_is_no_message_takes_the_conversation_out_of_the_list_once(
    api: ApiClient, ids: Ids, with_messages: bool
) -> None:
    """Keep semantics D8."""
    chat = pair(api, ids, known=0)
    opened = api.open(chat.bob, chat.to_alice)
    fields: dict[str, Any] = {"up_to_sequence": opened.last_sequence, "delete_messages": with_messages}
    assert opened.last_sequence == 0
    assert api.delete(chat.bob, chat.to_alice, **fields).outcome == DELETED
    assert api.listed(chat.bob) == []
    assert api.delete(chat.bob, chat.to_alice, **fields).outcome == ALREADY
    chat.say("first")
    assert api.delete(chat.bob, chat.to_alice, **fields).outcome == ALREADY
    assert [entry.unread_count for entry in api.listed(chat.bob)] == [1]
    assert texts(api.walk(chat.bob, chat.to_alice)) == ["first"]


def test_clearing_up_to_0_or_before_the_first_of_all_times_clears_nothing(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D10."""
    chat = pair(api, ids)
    with assert_unchanged(api, chat.bob, chat.to_alice):
        answer = api.clear(chat.bob, chat.to_alice, up_to_sequence=0)
    assert (answer.outcome, answer.cleared_range.up_to_sequence) == (ALREADY, 0)
    with assert_unchanged(api, chat.bob, chat.to_alice):
        assert api.clear(chat.bob, chat.to_alice, before_time={"seconds": -62_135_596_800}).outcome == ALREADY
    # That what is cleared ends with 1969 is new, as for any later time than before; there was no message then.
    with assert_unchanged(api, chat.bob, chat.to_alice):
        for outcome in (DELETED, ALREADY):
            assert api.clear(chat.bob, chat.to_alice, before_time={}).outcome == outcome


def test_deleting_all_up_to_the_first_of_all_times_deletes_nothing(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D9."""
    chat = pair(api, ids)
    with assert_unchanged(api, chat.bob, chat.to_alice):
        request = delete_all(chat.bob, {}, delete_messages=True)
        assert api.conversations.DeleteAllConversations(request).deleted_count == 0


@pytest.mark.parametrize("bound", [{}, {"up_to_sequence": KNOWN + 1}, {"up_to_sequence": 2**63 - 1}], ids=str)
@pytest.mark.parametrize("scope", [SELF, EVERYONE])
def test_bound_when_absent_or_past_the_end_is_the_end(
    api: ApiClient, ids: Ids, scope: deletion_pb2.DeletionScope, bound: dict[str, Any]
) -> None:
    """Keep semantics D8."""
    chat = club(api, ids)
    answer = api.delete(chat.alice, chat.to_bob, scope, delete_messages=True, **bound)
    assert (answer.outcome, answer.cleared_range.up_to_sequence) == (DELETED, KNOWN)
    assert (api.listed(chat.alice), api.walk(chat.alice, chat.to_bob)) == ([], [])
    assert api.delete(chat.alice, chat.to_bob, scope, delete_messages=True, **bound).outcome == ALREADY
    chat.say("after the end")
    assert texts(api.walk(chat.alice, chat.to_bob)) == ["after the end"]
    assert len(api.listed(chat.alice)) == 1


def test_clearing_past_the_end_clears_to_the_end(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D1, D10."""
    chat = pair(api, ids)
    answer = api.clear(chat.bob, chat.to_alice, up_to_sequence=2**63 - 1)
    assert (answer.outcome, answer.cleared_range.up_to_sequence) == (DELETED, KNOWN)
    chat.say("after the end")
    assert texts(api.walk(chat.bob, chat.to_alice)) == ["after the end"]


def test_clearing_less_than_was_cleared_before_changes_nothing_and_says_what_is_gone(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D1, D10."""
    chat = pair(api, ids)
    first = api.clear(chat.bob, chat.to_alice, up_to_sequence=2)
    assert (first.outcome, first.cleared_range.up_to_sequence) == (DELETED, 2)
    assert first.cleared_range.original_up_to_time == chat.known[1].create_time
    with assert_unchanged(api, chat.bob, chat.to_alice):
        for bound in (1, 2):
            answer = api.clear(chat.bob, chat.to_alice, up_to_sequence=bound)
            assert (answer.outcome, answer.cleared_range) == (ALREADY, first.cleared_range)
    seen = api.look(chat.bob, chat.to_alice)
    assert (seen.unread_count, seen.unread_floor_sequence, seen.unlisted) == (1, 2, False)
    more = api.clear(chat.bob, chat.to_alice, up_to_sequence=3)
    assert (more.outcome, more.cleared_range.up_to_sequence) == (DELETED, 3)


def test_clearing_before_a_time_leaves_what_was_created_then(api: ApiClient, ids: Ids) -> None:
    """The time of the newest message that a caller knows keeps that message (semantics D1)."""
    chat = pair(api, ids)
    times = [message.create_time for message in chat.known]
    for _ in range(2):
        answer = api.clear(chat.bob, chat.to_alice, before_time=times[1])
        assert answer.cleared_range.up_to_sequence == 1
        assert sequences(api.walk(chat.bob, chat.to_alice, DOWN)) == [2, 3]
    assert answer.outcome == ALREADY


def test_conversation_when_deleted_is_the_same_to_old_messages_imported_later(api: ApiClient, ids: Ids) -> None:
    """Cleared history does not come back by an import, wherever the bound was (semantics D1)."""
    chat = pair(api, ids)
    chat.say("four")
    answer = api.delete(chat.bob, chat.to_alice, up_to_sequence=2, delete_messages=True)
    assert answer.cleared_range.original_up_to_time == chat.known[1].create_time
    early, late = (message.create_time.ToMicroseconds() for message in (chat.known[0], chat.known[2]))
    api.import_messages(chat.alice, chat.to_bob, [(chat.alice, early, "early"), (chat.alice, late, "late")])
    assert texts(api.walk(chat.bob, chat.to_alice, DOWN)) == ["3", "four", "late"]


def test_bound_when_negative_is_refused_and_nothing_changes(api: ApiClient, ids: Ids) -> None:
    chat = pair(api, ids)
    negative = Failure(grpc.StatusCode.INVALID_ARGUMENT, "NEGATIVE", "up_to_sequence")
    for bound in (-1, -(2**63)):
        with assert_unchanged(api, chat.bob, chat.to_alice):
            deleting = failing(api.delete, chat.bob, chat.to_alice, delete_messages=True, up_to_sequence=bound)
            clearing = failing(api.clear, chat.bob, chat.to_alice, up_to_sequence=bound)
        assert (deleting, clearing) == (negative, negative)


def test_clearing_when_no_bound_is_given_is_refused_and_nothing_changes(api: ApiClient, ids: Ids) -> None:
    """There is no clearing up to now by leaving something out."""
    chat = pair(api, ids)
    with assert_unchanged(api, chat.bob, chat.to_alice):
        failure = failing(api.clear, chat.bob, chat.to_alice)
    assert failure == Failure(grpc.StatusCode.INVALID_ARGUMENT, "REQUIRED", "target")


def test_time_when_it_is_none_is_refused_and_nothing_changes(api: ApiClient, ids: Ids) -> None:
    chat = pair(api, ids)
    for wrong in ({"seconds": 253_402_300_800}, {"seconds": -(2**63)}, {"nanos": -1}, {"nanos": 1_000_000_000}):
        with assert_unchanged(api, chat.bob, chat.to_alice):
            deleting = failing(api.conversations.DeleteAllConversations, delete_all(chat.bob, wrong))
            clearing = failing(api.clear, chat.bob, chat.to_alice, before_time=wrong)
        assert deleting == Failure(grpc.StatusCode.INVALID_ARGUMENT, "OUT_OF_BOUNDS", "up_to_time")
        assert clearing == Failure(grpc.StatusCode.INVALID_ARGUMENT, "OUT_OF_BOUNDS", "before_time")


@pytest.mark.parametrize("case", [name for name in CASES if not name.startswith("a history")])
def test_deletion_with_a_bound_when_only_validated_does_nothing(api: ApiClient, ids: Ids, case: str) -> None:
    """Keep semantics D5."""
    chat = CASES[case].make(api, ids)
    bound: dict[str, Any] = {"up_to_sequence": len(chat.known)}
    with assert_unchanged(api, chat.bob, chat.to_alice), assert_unchanged(api, chat.alice, chat.to_bob):
        deleted = api.delete(chat.bob, chat.to_alice, delete_messages=True, validate_only=True, **bound)
        cleared = api.clear(chat.bob, chat.to_alice, validate_only=True, **bound)
        request = delete_all(chat.bob, chat.known[-1].create_time, validate_only=True)
        assert api.conversations.DeleteAllConversations(request).deleted_count == 1
    assert (deleted.outcome, deleted.cleared_range.up_to_sequence) == (DELETED, KNOWN)
    assert (cleared.outcome, cleared.cleared_range.up_to_sequence) == (DELETED, KNOWN)
    CASES[case].delete(chat)
    deleted = api.delete(chat.bob, chat.to_alice, validate_only=True, **bound)
    assert deleted.outcome == ALREADY
    assert api.conversations.DeleteAllConversations(request).deleted_count == 0


@pytest.mark.parametrize("with_messages", [False, True])
def test_all_when_deleted_up_to_a_time_are_deleted_up_to_there_each(
    api: ApiClient, ids: Ids, with_messages: bool
) -> None:
    """The time is inclusive, and one time is a place in every conversation (semantics D9)."""
    alice, before, around, at_the_time, after, opened = ids.users(6)
    api.send(before, single(alice), "before")
    api.send(around, single(alice), "before")
    bound = api.send(at_the_time, single(alice), "at the time").create_time
    api.send(around, single(alice), "after")
    api.send(after, single(alice), "after")
    api.open(alice, single(opened))
    request = delete_all(alice, bound, delete_messages=with_messages)
    assert api.conversations.DeleteAllConversations(request).deleted_count in ([3] if with_messages else [2, 3])
    old = [] if with_messages else ["before"]
    for _ in range(2):
        assert [entry.target_id for entry in api.listed(alice)] == [opened, after, around]
        shown = {other: texts(api.walk(alice, single(other), DOWN)) for other in (before, around, at_the_time, after)}
        assert shown == {
            before: old,
            around: [*old, "after"],
            at_the_time: [] if with_messages else ["at the time"],
            after: ["after"],
        }
        unread = {other: api.look(alice, single(other)).unread_count for other in shown}
        assert unread == {before: 0, around: 1, at_the_time: 0, after: 1}
        assert api.summary(alice).totals.unread_count == 2
        with assert_unchanged(api, alice):
            assert api.conversations.DeleteAllConversations(request).deleted_count == 0
    assert texts(api.walk(around, single(alice), DOWN)) == ["before", "after"]


def test_all_when_the_time_is_absent_or_in_the_future_are_deleted_up_to_the_call(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D9."""
    for bound in (None, {"seconds": 4_000_000_000}):
        chat = pair(api, ids)
        request = delete_all(chat.bob, bound, delete_messages=True)
        assert api.conversations.DeleteAllConversations(request).deleted_count == 1
        assert (api.listed(chat.bob), api.walk(chat.bob, chat.to_alice)) == ([], [])
        chat.say("after the call")
        assert texts(api.walk(chat.bob, chat.to_alice)) == ["after the call"]
        assert [entry.unread_count for entry in api.listed(chat.bob)] == [1]


def test_counts_of_the_database_when_deletions_had_bounds_are_right(new_database: NewDatabase, ids: Ids) -> None:
    """What is kept beside the messages agrees with a recount, also after a restart."""
    database = new_database()
    views = []
    chats = []
    with serving(database) as api:
        for make, delete in CASES.values():
            for later in LATER:
                chat = make(api, ids)
                later(chat)
                delete(chat)
                chats.append(chat)
                views.append(chat.view())
    assert_sound(database)
    with serving(database) as api:
        assert [chat._replace(api=api).view() for chat in chats] == views
    assert_sound(database)
