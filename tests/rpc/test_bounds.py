"""Calls that work up to a bound: a retry after others acted changes nothing, for any bound and any caller."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, conversation_service_pb2, deletion_pb2, event_pb2, message_pb2
from backscroll_server.domain.clock import DAY, SECOND
from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.retention import Retention
from backscroll_server.storage.tables.models import Feed
from tests.support.api_client import (
    DOWN,
    EVERYONE,
    SELF,
    ApiClient,
    Reference,
    failing,
    group,
    room,
    sequences,
    single,
    texts,
)
from tests.support.clocked_server import clocked_server, eventually
from tests.support.fixtures import Ids, NewDatabase, peewee_database
from tests.support.recount import recounted
from tests.support.user_view_snapshot import view_of_user
from tests.support.watch_client import changes_since, kinds, now_token

DELETED = deletion_pb2.DELETION_OUTCOME_DELETED
ALREADY = deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED
BLOCKED, NORMAL = conversation_pb2.RECEIVE_OPTION_BLOCKED, conversation_pb2.RECEIVE_OPTION_NORMAL
SINCE_JOIN = conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN
ALL = message_pb2.MENTION_KIND_ALL
ORIGINALS = 1_600_000_000_000_000


def timestamp(microseconds: int) -> Timestamp:
    """A time of the contract."""
    moment = Timestamp()
    moment.FromMicroseconds(microseconds)
    return moment


class Scene(NamedTuple):
    """A group of three with eight messages; Bob is whose calls a test makes, Alice owns it, Carol talks."""

    api: ApiClient
    database: str
    alice: str
    bob: str
    carol: str
    at: Reference
    sent: list[message_pb2.Message]

    def say(self, count: int = 1, **fields: Any) -> None:
        """Carol says something."""
        for _ in range(count):
            self.sent.append(self.api.send(self.carol, self.at, f"{len(self.sent) + 1}", **fields))

    def time_of(self, sequence: int) -> Timestamp:
        """The time of a message; of 0 one before all, past the end one in the future."""
        if sequence > len(self.sent):
            return timestamp(4_000_000_000_000_000)
        return self.sent[sequence - 1].create_time if sequence else timestamp(1)

    def changes(self) -> int:
        """How many changes the feed has."""
        with closing(peewee_database(self.database)) as database, database.bind_ctx([Feed]):
            return Feed.select().count()

    def seen(self) -> list[object]:
        """Every view of everyone, and how many changes the feed has."""
        return [*(view_of_user(self.api, user, self.at) for user in self.users), self.changes()]

    @property
    def users(self) -> tuple[str, str, str]:
        """All three."""
        return self.alice, self.bob, self.carol

    def assert_counted(self) -> None:
        """Shows that every count is what a client counts from what it is shown, and that lists and totals agree."""
        for user in self.users:
            seen = self.api.look(user, self.at)
            assert recounted(self.api, user, self.at) == (seen.unread_count, seen.unread_mention_count)
            listed = [entry for entry in self.api.listed(user) if entry.conversation_id == seen.conversation_id]
            assert listed == ([] if seen.unlisted else [seen])
            totals = self.api.summary(user).totals
            blocked = seen.settings.receive_option == BLOCKED
            assert totals.unread_count == (0 if seen.unlisted or blocked else seen.unread_count)


def member(scene: Scene) -> None:
    """Bob is a member from the beginning."""
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say(8, mentions={"kind": ALL})


def member_with_a_floor(scene: Scene) -> None:
    """Bob has cleared the beginning."""
    member(scene)
    scene.api.clear(scene.bob, scene.at, up_to_sequence=3)


def reader(scene: Scene) -> None:
    """Bob has read the beginning, and marked it unread from a message on."""
    member(scene)
    scene.api.read(scene.bob, scene.at, up_to_sequence=6)
    scene.api.mark_unread(scene.bob, scene.at, from_sequence=3)


def joiner(scene: Scene) -> None:
    """Bob sees only what came after he joined."""
    scene.api.update(scene.alice, scene.at, history_visibility=SINCE_JOIN)
    scene.say(2)
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say(6, mentions={"kind": ALL})


def late_joiner(scene: Scene) -> None:
    """Bob sees everything, and most of it was there when he joined."""
    scene.say(4)
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say(4, mentions={"kind": ALL})


def former_member(scene: Scene) -> None:
    """Bob has left."""
    member(scene)
    scene.api.remove(scene.bob, scene.at, [scene.bob])


def returned_member(scene: Scene) -> None:
    """Bob was away, and does not see what was said meanwhile."""
    scene.api.update(scene.alice, scene.at, history_visibility=SINCE_JOIN)
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say(3, mentions={"kind": ALL})
    scene.api.remove(scene.alice, scene.at, [scene.bob])
    scene.say(2)
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say(3, mentions={"kind": ALL})


def was_blocked(scene: Scene) -> None:
    """Bob had it blocked for a while."""
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say(3, mentions={"kind": ALL})
    scene.api.settings(scene.bob, scene.at, receive_option=BLOCKED)
    scene.say(3, mentions={"kind": ALL})
    scene.api.settings(scene.bob, scene.at, receive_option=NORMAL)
    scene.say(2, mentions={"kind": ALL})


def blocked(scene: Scene) -> None:
    """Bob has it blocked since the middle."""
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say(5, mentions={"kind": ALL})
    scene.api.settings(scene.bob, scene.at, receive_option=BLOCKED)
    scene.say(3)


STANDINGS = [
    member, member_with_a_floor, reader, joiner, late_joiner, former_member, returned_member, was_blocked, blocked,
]  # fmt: skip


def delete(**fields: Any) -> Callable[[Scene, int], Any]:
    """Bob deletes it for himself."""
    return lambda scene, bound: scene.api.delete(scene.bob, scene.at, SELF, up_to_sequence=bound, **fields)


def delete_for_everyone(**fields: Any) -> Callable[[Scene, int], Any]:
    """Alice deletes it for everyone."""
    return lambda scene, bound: scene.api.delete(scene.alice, scene.at, EVERYONE, up_to_sequence=bound, **fields)


def delete_all(**fields: Any) -> Callable[[Scene, int], Any]:
    """Bob deletes everything."""
    return lambda scene, bound: scene.api.conversations.DeleteAllConversations(
        conversation_service_pb2.DeleteAllConversationsRequest(
            user_id=scene.bob, up_to_time=scene.time_of(bound), **fields
        )
    )


def read(scene: Scene, bound: int) -> Any:
    """Bob reads."""
    return scene.api.read(scene.bob, scene.at, up_to_sequence=bound)


def read_all(scene: Scene, bound: int) -> Any:
    """Bob reads everything."""
    return scene.api.conversations.MarkAllConversationsRead(
        conversation_service_pb2.MarkAllConversationsReadRequest(user_id=scene.bob, up_to_time=scene.time_of(bound))
    )


def reset(scene: Scene, bound: int) -> Any:
    """Bob resets his mentions."""
    return scene.api.conversations.ResetMentions(
        conversation_service_pb2.ResetMentionsRequest(user_id=scene.bob, conversation=scene.at, up_to_sequence=bound)
    )


CALLS: dict[str, Callable[[Scene, int], Any]] = {
    "delete": delete(),
    "delete with messages": delete(delete_messages=True),
    "delete, stay hidden": delete(stay_hidden=True),
    "delete with messages, stay hidden": delete(delete_messages=True, stay_hidden=True),
    "delete for everyone": delete_for_everyone(),
    "delete for everyone with messages": delete_for_everyone(delete_messages=True),
    "delete all": delete_all(),
    "delete all with messages": delete_all(delete_messages=True),
    "delete all, stay hidden": delete_all(stay_hidden=True),
    "read": read,
    "read all": read_all,
    "reset mentions": reset,
}
BOUNDS = {"0": 0, "before the floor": 2, "in the middle": 5, "before the end": 7, "the end": 8, "past the end": 2**60}


def others_act(scene: Scene, ids: Ids) -> None:
    """Everything that others may do between a call and its retry."""
    api, sent = scene.api, scene.sent
    # The first are written at a time that the caller may know: they are new all the same.
    between = sent[-1].create_time.ToMicroseconds()
    old = [(scene.carol, ORIGINALS, "old"), (scene.carol, between, "between")]
    api.import_messages(scene.alice, scene.at, old, prefix=ids.user())
    scene.say(silent=True)
    scene.say(2, mentions={"kind": ALL})
    scene.say(silent=True)
    api.read(scene.alice, scene.at)
    api.recall(scene.carol, scene.at, sent[-2].message_id)
    api.add(scene.alice, scene.at, [ids.user("joiner")])


@pytest.fixture
def scene(api: ApiClient, ids: Ids, database_url: str) -> Scene:
    """A group without Bob and without messages."""
    alice, bob, carol = ids.users(3)
    at = group(ids.group())
    api.create_group(alice, at.target.id, [carol])
    return Scene(api, database_url, alice, bob, carol, at, [])


def cases() -> Iterator[Any]:
    """Every call with every bound by a plain member, and with some bound by users of each other standing."""
    for number, name in enumerate(CALLS):
        for bound in BOUNDS:
            yield pytest.param(name, bound, member, id=f"{name}-{bound}-member")
        for other, standing in enumerate(STANDINGS[1:]):
            bound = list(BOUNDS)[(number + other) % len(BOUNDS)]
            yield pytest.param(name, bound, standing, id=f"{name}-{bound}-{standing.__name__}")


@pytest.mark.parametrize(("name", "bound", "standing"), list(cases()))
def test_call_with_a_bound_leaves_what_is_newer_and_a_retry_changes_nothing(
    scene: Scene, ids: Ids, name: str, bound: str, standing: Callable[[Scene], None]
) -> None:
    """Keep semantics D8, D9, U1, U9, Q6."""
    standing(scene)
    call, up_to = CALLS[name], BOUNDS[bound]
    newer = [message for message in scene.api.walk(scene.bob, scene.at, DOWN) if message.sequence > up_to]
    unread = scene.api.look(scene.bob, scene.at).unread_count
    counted = min(unread, sum(message.sequence > up_to for message in newer))
    first = call(scene, up_to)
    scene.assert_counted()
    left = scene.api.walk(scene.bob, scene.at, DOWN)
    assert [message for message in left if message.sequence > up_to] == newer
    if standing is member and name not in ("read", "read all", "reset mentions"):
        seen = scene.api.look(scene.bob, scene.at)
        # At a time before it existed, nothing of it could be hidden.
        hidden = "hidden" in name and (up_to > 0 or not name.startswith("delete all"))
        kept = up_to < len(scene.sent) and not hidden
        assert (seen.unlisted, seen.unread_count) == (not kept, counted)
    if bound == "past the end":
        return
    with_nothing_between = scene.seen()
    again = call(scene, up_to)
    assert scene.seen() == with_nothing_between
    others_act(scene, ids)
    scene.assert_counted()
    before = scene.seen()
    retried = call(scene, up_to)
    assert scene.seen() == before
    for response in (again, retried):
        if isinstance(response, conversation_service_pb2.DeleteConversationResponse):
            assert response.outcome == ALREADY
            # It says what is gone, not what was asked for.
            assert response.cleared_range == first.cleared_range
        elif isinstance(response, conversation_service_pb2.DeleteAllConversationsResponse):
            assert response.deleted_count == 0
        elif isinstance(response, conversation_service_pb2.MarkAllConversationsReadResponse):
            assert response.changed_count == 0
        elif isinstance(response, conversation_service_pb2.ResetMentionsResponse):
            assert response.cleared_count == 0


@pytest.mark.parametrize("with_messages", [False, True])
@pytest.mark.parametrize("others", ["a message", "none"])
def test_retry_up_to_a_time_when_older_history_was_imported_meanwhile_changes_nothing(
    scene: Scene, with_messages: bool, others: str
) -> None:
    """An imported message may have a time that the caller knows, and is new all the same (semantics D9)."""
    member(scene)
    api = scene.api
    later = api.send(scene.carol, single(scene.bob)).create_time
    call = conversation_service_pb2.DeleteAllConversationsRequest(
        user_id=scene.bob, up_to_time=later, delete_messages=with_messages
    )
    assert api.conversations.DeleteAllConversations(call).deleted_count == 2
    at = later.ToMicroseconds()
    last = scene.sent[-1].create_time.ToMicroseconds()
    api.import_messages(scene.alice, scene.at, [(scene.carol, (last + at) // 2, "between"), (scene.carol, at, "at")])
    if others == "a message":
        scene.say()
    before = scene.seen()
    assert api.conversations.DeleteAllConversations(call).deleted_count == 0
    assert scene.seen() == before


def test_mark_of_unread_when_made_after_the_deletion_outlives_its_retry(scene: Scene) -> None:
    """Keep semantics D8, U3."""
    member(scene)
    api, bob, at = scene.api, scene.bob, scene.at
    marks: list[dict[str, int]] = [{}, {"from_sequence": 8}, {"from_sequence": 2}]
    for with_messages in (False, True):
        api.delete(bob, at, up_to_sequence=6, delete_messages=with_messages)
        for mark in marks:
            api.mark_unread(bob, at, **mark)
            before = scene.seen()
            assert api.delete(bob, at, up_to_sequence=6, delete_messages=with_messages).outcome == ALREADY
            assert scene.seen() == before


@pytest.mark.parametrize("with_messages", [False, True])
def test_mark_of_unread_when_made_above_the_bound_outlives_the_deletion(scene: Scene, with_messages: bool) -> None:
    """What is unread above the bound stays so, whether it was never read or marked (semantics D8)."""
    member(scene)
    api, bob, at = scene.api, scene.bob, scene.at
    api.read(bob, at)
    api.mark_unread(bob, at, from_sequence=7)
    api.delete(bob, at, up_to_sequence=4, delete_messages=with_messages)
    seen = api.look(bob, at)
    assert (seen.unread_count, seen.unread_from_sequence, seen.unread_floor_sequence) == (2, 7, 4)
    api.mark_unread(bob, at, from_sequence=3)
    api.delete(bob, at, up_to_sequence=5, delete_messages=with_messages)
    seen = api.look(bob, at)
    assert (seen.unread_count, seen.unread_floor_sequence, seen.read_sequence) == (3, 5, 8)
    api.mark_unread(bob, at)
    api.delete(bob, at, up_to_sequence=6, delete_messages=with_messages)
    assert api.look(bob, at).marked_unread
    api.delete(bob, at, delete_messages=with_messages)
    seen = api.look(bob, at)
    assert (seen.unread_count, seen.marked_unread, seen.unread_from_sequence) == (0, False, 0)
    scene.assert_counted()


@pytest.mark.parametrize("scope", [SELF, EVERYONE], ids=["self", "everyone"])
@pytest.mark.parametrize("with_messages", [False, True])
@pytest.mark.parametrize("mark", [{}, {"from_sequence": 4}, {"from_sequence": 7}], ids=str)
@pytest.mark.parametrize("bound", [{}, {"up_to_sequence": 5}, {"up_to_sequence": 6}, {"up_to_sequence": 7}], ids=str)
def test_marks_of_unread_when_the_conversation_is_deleted_are_kept_if_made_above_the_bound(
    scene: Scene,
    scope: deletion_pb2.DeletionScope,
    with_messages: bool,
    mark: dict[str, int],
    bound: dict[str, int],
) -> None:
    """A deletion for everyone ends marks as one for oneself does (semantics D4, D8, U3)."""
    member(scene)
    api, bob, at = scene.api, scene.bob, scene.at
    api.read(bob, at, up_to_sequence=6)
    api.mark_unread(bob, at, **mark)
    token = now_token(api, bob)
    api.delete(bob if scope == SELF else scene.alice, at, scope, delete_messages=with_messages, **bound)
    end = bound.get("up_to_sequence", 8)
    first = mark.get("from_sequence", 0)
    seen = api.look(bob, at)
    assert seen.marked_unread == (not mark and end < 6)
    assert seen.unread_from_sequence == (first if end < 6 or first > end else 0)
    scene.assert_counted()
    changed = [event for event in changes_since(api, bob, token) if event.HasField("conversation_changed")]
    added = [event for event in changes_since(api, bob, token) if event.HasField("conversation_added")]
    shown = [event.conversation_changed.conversation for event in changed]
    shown += [event.conversation_added.conversation for event in added]
    assert shown[-1:] == ([] if seen.unlisted else [seen])
    # What is read and marked later is as if nothing had been marked before.
    api.read(bob, at)
    api.mark_unread(bob, at)
    seen = api.look(bob, at)
    assert (seen.marked_unread, seen.unread_from_sequence, seen.unread_count) == (True, 0, 0)
    scene.assert_counted()


@pytest.mark.parametrize("stay_hidden", [False, True])
@pytest.mark.parametrize("with_messages", [False, True])
def test_conversation_when_opened_after_the_time_stays_listed(
    scene: Scene, stay_hidden: bool, with_messages: bool
) -> None:
    """Opening it later came after the deletion, also before a retry of it (semantics D9, L1)."""
    member(scene)
    api, bob, at = scene.api, scene.bob, scene.at

    def call() -> int:
        call = delete_all(stay_hidden=stay_hidden, delete_messages=with_messages)
        return int(call(scene, 8).deleted_count)

    assert call() == 1
    assert api.open(bob, at).conversation_id == api.look(bob, at).conversation_id
    before = scene.seen()
    assert call() == 0
    assert scene.seen() == before
    assert not api.look(bob, at).unlisted
    scene.say()
    assert (call(), api.look(bob, at).unread_count, api.look(bob, at).unlisted) == (0, 1, False)


@pytest.mark.parametrize("scope", [SELF, EVERYONE])
def test_deletion_when_later_messages_keep_the_conversation_says_that_it_changed_something(
    scene: Scene, scope: deletion_pb2.DeletionScope
) -> None:
    """What was unread up to the bound is not any more, which a retry finds done (semantics D8)."""
    member(scene)
    api, at = scene.api, scene.at
    deleting = scene.bob if scope == SELF else scene.alice
    before = api.look(scene.bob, at).unread_count
    expected = [DELETED, DELETED, ALREADY]
    for outcome, validate_only in zip(expected, (True, False, False), strict=True):
        answer = api.delete(deleting, at, scope, up_to_sequence=6, validate_only=validate_only)
        assert answer.outcome == outcome
    seen = api.look(scene.bob, at)
    assert (0 < seen.unread_count < before, seen.unlisted) == (True, False)


def test_conversation_when_opened_before_a_deletion_up_to_a_sequence_leaves_the_list(scene: Scene) -> None:
    """A sequence says nothing of openings (semantics D8)."""
    member(scene)
    api, bob, at = scene.api, scene.bob, scene.at
    api.delete(bob, at, up_to_sequence=8)
    api.open(bob, at)
    assert api.delete(bob, at, up_to_sequence=8).outcome == DELETED
    assert api.listed(bob) == []
    api.open(bob, at)
    scene.say()
    before = scene.seen()
    assert api.delete(bob, at, up_to_sequence=8).outcome == ALREADY
    assert scene.seen() == before


def test_chat_room_when_deleted_up_to_a_message_leaves_the_list_whatever_was_said_since(
    api: ApiClient, ids: Ids
) -> None:
    """No message lists a room (semantics L5)."""
    alice, bob = ids.users(2)
    at = room(ids.group())
    api.create_group(alice, at.target.id, [bob], kind=conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM)
    for user, scope in ((bob, SELF), (alice, EVERYONE)):
        api.open(bob, at)
        known = api.send(alice, at).sequence
        api.send(alice, at)
        assert api.delete(user, at, scope, up_to_sequence=known).outcome == DELETED
        assert api.listed(bob) == []
        assert api.look(bob, at).unread_count == 1
        assert api.delete(user, at, scope, up_to_sequence=known).outcome == ALREADY


@pytest.mark.parametrize("visibility", [conversation_pb2.HISTORY_VISIBILITY_ALL, SINCE_JOIN])
@pytest.mark.parametrize("call", [delete_all(), delete_all(delete_messages=True), read_all])
def test_group_when_joined_after_the_time_is_left_as_it_is(
    scene: Scene, visibility: conversation_pb2.HistoryVisibility, call: Callable[[Scene, int], Any]
) -> None:
    """At that time the user was no member (semantics D9, U9)."""
    scene.api.update(scene.alice, scene.at, history_visibility=visibility)
    scene.say(3)
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.api.mark_unread(scene.bob, scene.at)
    before = scene.seen()
    call(scene, 3)
    assert scene.seen() == before


def test_all_when_their_history_was_imported_are_deleted_up_to_the_latest_time_shown(api: ApiClient, ids: Ids) -> None:
    """Times of another system are long before anybody joined here (semantics D9)."""
    alice, bob, carol = ids.users(3)
    before, after = group(ids.group()), group(ids.group())
    api.create_group(alice, before.target.id, [bob])
    api.create_group(alice, after.target.id)
    old = [(carol, ORIGINALS + number * SECOND, str(number)) for number in range(3)]
    for number, at in enumerate((before, after, single(bob))):
        api.import_messages(alice, at, old, prefix=str(number))
    api.add(alice, after, [bob])
    shown = api.listed(bob)
    assert len(shown) == 3
    latest = max(entry.activity_time.ToMicroseconds() for entry in shown)
    assert latest < ORIGINALS + DAY
    request = conversation_service_pb2.DeleteAllConversationsRequest(
        user_id=bob, up_to_time=timestamp(latest), delete_messages=True
    )
    assert api.conversations.DeleteAllConversations(request).deleted_count == 3
    assert api.listed(bob) == []
    assert api.conversations.DeleteAllConversations(request).deleted_count == 0


@pytest.mark.parametrize("bound", [{}, {"up_to_sequence": 9}, {"up_to_sequence": 2**60}], ids=str)
def test_history_when_deleted_by_who_has_left_stays_gone_after_joining_again(
    scene: Scene, bound: dict[str, Any]
) -> None:
    """Clearing reaches as far as the call said, also beyond the end of the membership (semantics D1)."""
    former_member(scene)
    scene.say(2)
    answer = scene.api.delete(scene.bob, scene.at, delete_messages=True, **bound)
    # The user is not shown how far the conversation went on.
    assert (answer.outcome, answer.cleared_range.up_to_sequence) == (DELETED, 8)
    assert scene.api.look(scene.bob, scene.at).last_sequence == 8
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say()
    kept = [10, 11] if bound.get("up_to_sequence") == 9 else [11]
    assert sequences(scene.api.walk(scene.bob, scene.at, DOWN)) == kept
    scene.assert_counted()


CLEARINGS: dict[str, tuple[dict[str, Any], int]] = {
    "to the end": ({"up_to_sequence": 10}, 10),
    "past the end": ({"up_to_sequence": 2**60}, 10),
    "between": ({"up_to_sequence": 9}, 9),
    "within the membership": ({"up_to_sequence": 5}, 5),
    "before a time in the future": ({"before_time": timestamp(4_000_000_000_000_000)}, 10),
}


@pytest.mark.parametrize("case", CLEARINGS)
def test_history_when_cleared_by_who_has_left_stays_gone_after_joining_again(scene: Scene, case: str) -> None:
    """Clearing reaches as far as the call said, also beyond the end of the membership (semantics D1)."""
    former_member(scene)
    scene.say(2)
    bound, cleared = CLEARINGS[case]
    token = now_token(scene.api, scene.bob)
    answer = scene.api.clear(scene.bob, scene.at, **bound)
    # The user is not shown how far the conversation went on.
    assert (answer.outcome, answer.cleared_range.up_to_sequence) == (DELETED, min(cleared, 8))
    [event] = [event for event in changes_since(scene.api, scene.bob, token) if event.HasField("messages_deleted")]
    assert event.messages_deleted.range.up_to_sequence == min(cleared, 8)
    seen = scene.api.look(scene.bob, scene.at)
    assert (seen.last_sequence, seen.unread_floor_sequence) == (8, min(cleared, 8))
    assert scene.api.clear(scene.bob, scene.at, **bound).outcome == ALREADY
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say()
    assert sequences(scene.api.walk(scene.bob, scene.at, DOWN)) == [*range(cleared + 1, 12)]
    scene.assert_counted()


def test_history_when_cleared_before_a_time_by_who_has_left_stays_gone_up_to_there(scene: Scene) -> None:
    """Messages of after the membership that are older than the time are cleared too, newer ones not (semantics D1)."""
    former_member(scene)
    scene.say(2)
    scene.api.clear(scene.bob, scene.at, before_time=scene.sent[-1].create_time)
    scene.api.add(scene.alice, scene.at, [scene.bob])
    assert sequences(scene.api.walk(scene.bob, scene.at)) == [10]


CLEAR_AGAIN: dict[str, Callable[[Scene], Any]] = {
    "clear": lambda scene: scene.api.clear(scene.bob, scene.at, up_to_sequence=2**60),
    "clear by time": lambda scene: scene.api.clear(scene.bob, scene.at, before_time=timestamp(4_000_000_000_000_000)),
    "delete": lambda scene: scene.api.delete(scene.bob, scene.at, delete_messages=True),
    "delete all": lambda scene: scene.api.conversations.DeleteAllConversations(
        conversation_service_pb2.DeleteAllConversationsRequest(user_id=scene.bob, delete_messages=True)
    ),
}


@pytest.mark.parametrize("way", CLEAR_AGAIN)
def test_history_when_cleared_again_by_who_has_left_stays_gone_up_to_there(scene: Scene, way: str) -> None:
    """Nothing is left that the user sees, and the second call reaches further all the same (semantics D1)."""
    former_member(scene)
    for _ in range(2):
        scene.say(2)
        CLEAR_AGAIN[way](scene)
    before, seen = scene.changes(), scene.api.look(scene.bob, scene.at)
    assert (seen.last_sequence, seen.unread_floor_sequence) == (8, 8)
    if way != "delete all":
        # The outcome does not show whether the conversation went on.
        assert CLEAR_AGAIN[way](scene).outcome == ALREADY
    assert scene.changes() == before
    scene.api.add(scene.alice, scene.at, [scene.bob])
    scene.say()
    assert sequences(scene.api.walk(scene.bob, scene.at)) == [13]
    scene.assert_counted()


@pytest.mark.parametrize("with_messages", [False, True])
def test_conversation_when_deleted_for_everyone_does_not_show_who_has_left_how_far_it_went_on(
    scene: Scene, with_messages: bool
) -> None:
    """Nothing that a user who has left is shown grows with the conversation (semantics M5, U10)."""
    former_member(scene)
    scene.say(2)
    answer = scene.api.delete(scene.alice, scene.at, EVERYONE, delete_messages=with_messages)
    assert answer.outcome == DELETED
    seen = scene.api.look(scene.bob, scene.at)
    assert (seen.last_sequence, seen.unread_floor_sequence, seen.unread_count) == (8, 8, 0)
    scene.assert_counted()


def events_of(api: ApiClient, user: str, token: str, size: int = 0) -> list[str]:
    """The kinds of events about one conversation since a token, without totals."""
    return [kind for kind in kinds(changes_since(api, user, token, size)) if kind != "total_unread_changed"]


@pytest.mark.parametrize("with_messages", [False, True])
def test_conversation_that_a_later_message_keeps_is_sent_as_changed_and_not_as_removed(
    scene: Scene, with_messages: bool
) -> None:
    """It did not leave the list; what was deleted of it is sent (semantics D3, F15)."""
    member(scene)
    start = now_token(scene.api, scene.bob)
    response = scene.api.delete(scene.bob, scene.at, up_to_sequence=6, delete_messages=with_messages)
    found = changes_since(scene.api, scene.bob, start)
    assert [kind for kind in kinds(found) if kind != "total_unread_changed"] == (
        ["messages_deleted", "conversation_changed"] if with_messages else ["conversation_changed"]
    )
    if with_messages:
        assert found[0].messages_deleted.range == response.cleared_range
        assert found[0].messages_deleted.scope == SELF
    [changed] = [event.conversation_changed for event in found if event.HasField("conversation_changed")]
    assert changed.conversation == scene.api.look(scene.bob, scene.at)
    assert (changed.conversation.unread_count, changed.conversation.unread_floor_sequence) == (2, 6)
    for user in (scene.alice, scene.carol):
        assert events_of(scene.api, user, now_token(scene.api, user)) == []


@pytest.mark.parametrize("with_messages", [False, True])
def test_conversation_deleted_for_everyone_that_a_later_message_keeps_is_sent_as_listed_again(
    scene: Scene, with_messages: bool
) -> None:
    """Anyone who follows the events ends with the list as it is (semantics F4)."""
    member(scene)
    starts = {user: now_token(scene.api, user) for user in scene.users}
    scene.api.delete(scene.alice, scene.at, EVERYONE, up_to_sequence=6, delete_messages=with_messages)
    for user, start in starts.items():
        found = changes_since(scene.api, user, start)
        assert [kind for kind in kinds(found) if kind != "total_unread_changed"] == [
            "conversation_removed",
            "conversation_added",
        ]
        removed = next(event.conversation_removed for event in found if event.HasField("conversation_removed"))
        assert removed.cleared_range.up_to_sequence == (6 if with_messages else 0)
        added = next(event.conversation_added for event in found if event.HasField("conversation_added"))
        assert added.conversation == scene.api.look(user, scene.at)


class Follower:
    """A client that keeps a list from events alone."""

    def __init__(self, api: ApiClient, user: str) -> None:
        self._api, self._user = api, user
        self._token = now_token(api, user)
        self.listed = {entry.conversation_id: entry for entry in api.listed(user)}

    def follow(self, size: int) -> None:
        """Take what happened since."""
        for event in changes_since(self._api, self._user, self._token, size):
            self._take(event)
        self._token = now_token(self._api, self._user)

    def _take(self, event: event_pb2.Event) -> None:
        if event.HasField("conversation_removed"):
            self.listed.pop(event.conversation_removed.conversation_id, None)
        for kind in ("conversation_added", "conversation_changed"):
            if event.WhichOneof("kind") == kind:
                conversation = getattr(event, kind).conversation
                known = conversation.conversation_id in self.listed
                if kind == "conversation_added":
                    assert not known
                if conversation.unlisted:
                    self.listed.pop(conversation.conversation_id, None)
                elif known or kind == "conversation_added":
                    self.listed[conversation.conversation_id] = conversation


@pytest.mark.parametrize("size", [1, 2, 0])
@pytest.mark.parametrize("step", [1, 3, 100])
def test_list_that_a_client_keeps_from_events_is_the_list_after_deletions_with_bounds(
    scene: Scene, size: int, step: int
) -> None:
    """Nothing is added that is there, nothing is lost (semantics F4)."""
    member(scene)
    api, bob, at = scene.api, scene.bob, scene.at
    follower = Follower(api, bob)
    steps: list[Callable[[], object]] = [
        scene.say,
        lambda: api.delete(bob, at, up_to_sequence=8),
        lambda: api.delete(bob, at, up_to_sequence=9),
        scene.say,
        lambda: api.delete(bob, at, up_to_sequence=9, delete_messages=True),
        scene.say,
        lambda: api.delete(bob, at, up_to_sequence=10, delete_messages=True),
        lambda: scene.say(silent=True),
        lambda: api.delete(bob, at, up_to_sequence=11),
        scene.say,
        lambda: api.delete(bob, at, up_to_sequence=12, stay_hidden=True),
        scene.say,
        lambda: api.open(bob, at),
        lambda: delete_all()(scene, 13),
        scene.say,
        lambda: delete_all(delete_messages=True)(scene, 14),
        lambda: api.delete(bob, at, up_to_sequence=15),
    ]
    for number, do in enumerate(steps, start=1):
        do()
        if number % step == 0:
            follower.follow(size)
            assert follower.listed == {entry.conversation_id: entry for entry in api.listed(bob)}
    follower.follow(size)
    assert follower.listed == {entry.conversation_id: entry for entry in api.listed(bob)}


def test_list_of_everyone_that_a_client_keeps_from_events_is_the_list(scene: Scene) -> None:
    member(scene)
    api, alice, at = scene.api, scene.alice, scene.at
    followers = {user: Follower(api, user) for user in scene.users}
    steps: list[Callable[[], object]] = [
        scene.say,
        lambda: api.delete(alice, at, EVERYONE, up_to_sequence=8),
        lambda: api.delete(alice, at, EVERYONE, up_to_sequence=9, delete_messages=True),
        lambda: api.open(scene.bob, at),
        scene.say,
        lambda: api.delete(alice, at, EVERYONE, up_to_sequence=9),
        lambda: api.delete(alice, at, EVERYONE, up_to_sequence=10),
        scene.say,
    ]
    for do in steps:
        do()
        for user, follower in followers.items():
            follower.follow(1)
            assert follower.listed == {entry.conversation_id: entry for entry in api.listed(user)}


def test_all_when_there_are_many_are_deleted_up_to_one_time_while_others_write(api: ApiClient, ids: Ids) -> None:
    """The parts of one call have one time: nothing newer than what stayed elsewhere is deleted (semantics D9)."""
    bob, *others = ids.users(221)
    api.send_to_each(bob, others)
    done = threading.Event()
    sent: list[tuple[str, message_pb2.Message]] = []

    def talk() -> None:
        while not done.is_set():
            sent.extend(
                (other, api.send(other, single(bob), "later")) for other in (others[0], others[110], others[219])
            )

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        eventually(lambda: len(sent) > 6)
        api.conversations.DeleteAllConversations(
            conversation_service_pb2.DeleteAllConversationsRequest(user_id=bob, delete_messages=True)
        )
        reached = len(sent)
        eventually(lambda: len(sent) > reached + 6)
    finally:
        done.set()
        talking.join()
    left = {
        (other, message.sequence)
        for other in (others[0], others[110], others[219])
        for message in api.walk(bob, single(other))
    }
    stayed = [message.create_time.ToMicroseconds() for other, message in sent if (other, message.sequence) in left]
    gone = [message.create_time.ToMicroseconds() for other, message in sent if (other, message.sequence) not in left]
    assert max(gone) <= min(stayed)


@contextmanager
def short_lived(new_database: NewDatabase) -> Iterator[Any]:
    """A server that keeps messages of groups for a day."""
    with clocked_server(new_database(), retention_group_days=1) as server:
        yield server


def test_history_when_erased_up_to_a_message_expires_and_is_purged_as_any(new_database: NewDatabase) -> None:
    """What is above the bound keeps its own fate (semantics D6, R5)."""
    with short_lived(new_database) as server:
        api, at = server.api, group("club")
        api.create_group("alice", "club", ["bob"])
        api.send_many("alice", at, ["1", "2", "3", "4"])
        server.clock.forward(DAY / SECOND / 2)
        api.send_many("alice", at, ["5", "6"])
        answer = api.delete("alice", at, EVERYONE, up_to_sequence=2, delete_messages=True)
        assert (answer.outcome, answer.cleared_range.up_to_sequence) == (DELETED, 2)
        assert texts(api.walk("bob", at, DOWN)) == ["3", "4", "5", "6"]
        assert api.look("bob", at).unread_count == 4
        server.clock.forward(DAY / SECOND / 2 + 1)
        # At once, before the background has done anything of it.
        answer = api.delete("alice", at, EVERYONE, up_to_sequence=3, delete_messages=True)
        assert texts(api.walk("bob", at, DOWN)) == ["5", "6"]
        assert api.look("bob", at).unread_count == 2
        [row] = eventually(lambda: server.expect(ChangeKind.HISTORY_EXPIRED))
        assert row.last_sequence == 4
        kept = Retention.of_days(group=1)
        assert server.problems(retention=kept) == []
        assert api.delete("alice", at, EVERYONE, up_to_sequence=3, delete_messages=True).outcome == ALREADY


def test_all_when_what_they_knew_has_expired_are_deleted_up_to_there(new_database: NewDatabase) -> None:
    """What brought it into the list is no longer stored, and came before the time all the same (semantics D9, R4)."""
    with short_lived(new_database) as server:
        api, at = server.api, group("club")
        api.create_group("alice", "club", ["bob"])
        api.send("alice", at, "expires")
        server.clock.forward(DAY / SECOND + 1)
        eventually(lambda: server.expect(ChangeKind.HISTORY_EXPIRED))
        eventually(lambda: is_purged(server.database))
        moment = timestamp(server.clock())
        server.clock.forward(60)
        api.send("alice", at, "a notice", silent=True)
        request = conversation_service_pb2.DeleteAllConversationsRequest(user_id="bob", up_to_time=moment)
        assert len(api.listed("bob")) == 1
        assert api.conversations.DeleteAllConversations(request).deleted_count == 1
        assert api.listed("bob") == []
        assert texts(api.walk("bob", at)) == ["a notice"]


def is_purged(url: str) -> bool:
    """Whether everything below the floors is removed from storage."""
    with closing(peewee_database(url)) as database:
        rows = database.execute_sql("SELECT COUNT(*) FROM conversation WHERE purged_sequence < floor").fetchall()
    return bool(rows[0][0] == 0)


def test_reading_all_when_there_is_no_bound_clears_the_mark_of_an_empty_conversation(api: ApiClient, ids: Ids) -> None:
    """With a time, what has no message up to then is left as it is (semantics U9)."""
    alice, bob = ids.users(2)
    api.open(alice, single(bob))
    api.mark_unread(alice, single(bob))
    request = conversation_service_pb2.MarkAllConversationsReadRequest(user_id=alice, up_to_time={"seconds": 2**32})
    assert api.conversations.MarkAllConversationsRead(request).changed_count == 0
    assert api.look(alice, single(bob)).marked_unread
    request.ClearField("up_to_time")
    assert api.conversations.MarkAllConversationsRead(request).changed_count == 1
    assert not api.look(alice, single(bob)).marked_unread


def test_times_when_they_are_none_are_refused_and_nothing_is_read(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(bob, single(alice))
    for wrong in ({"seconds": 253_402_300_800}, {"nanos": -1}, {"nanos": 1_000_000_000}):
        request = conversation_service_pb2.MarkAllConversationsReadRequest(user_id=alice, up_to_time=wrong)
        failure = failing(api.conversations.MarkAllConversationsRead, request)
        assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "OUT_OF_BOUNDS", "up_to_time")
    assert api.look(alice, single(bob)).unread_count == 1


def test_time_with_nanoseconds_is_inclusive_to_the_nanosecond(api: ApiClient, ids: Ids) -> None:
    """A message is created in a whole microsecond (semantics D9, U9)."""
    alice, bob = ids.users(2)
    moment = api.send(bob, single(alice)).create_time
    just_before = Timestamp()
    just_before.FromNanoseconds(moment.ToNanoseconds() - 1)
    just_after = Timestamp()
    just_after.FromNanoseconds(moment.ToNanoseconds() + 999)
    time.sleep(0.001)
    for bound, changed in ((just_before, 0), (just_after, 1)):
        request = conversation_service_pb2.MarkAllConversationsReadRequest(user_id=alice, up_to_time=bound)
        assert api.conversations.MarkAllConversationsRead(request).changed_count == changed


def test_conversation_when_opened_after_messages_of_one_moment_was_opened_later_than_the_first(
    new_database: NewDatabase,
) -> None:
    """Keep semantics D9: the later ones have later times than the clock shows, and opening comes after them."""
    with clocked_server(new_database()) as server:
        api, at = server.api, single("ann")
        first = api.send("ann", single("bob"), silent=True)
        api.send("ann", single("bob"), silent=True)
        api.delete("bob", at, SELF)
        api.open("bob", at)
        answer = api.conversations.DeleteAllConversations(
            conversation_service_pb2.DeleteAllConversationsRequest(user_id="bob", up_to_time=first.create_time)
        )
        assert answer.deleted_count == 0
        assert [entry.conversation_id for entry in api.listed("bob")] == ["s:ann:bob"]
