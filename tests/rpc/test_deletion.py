"""Deletions: who may, how far they reach, and that what is gone is gone on every path."""

import time
from contextlib import closing
from typing import Any

import grpc
import pytest

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    deletion_pb2,
    error_pb2,
    member_pb2,
    message_pb2,
    message_service_pb2,
)
from tests.support.api_client import (
    DOWN,
    EVERYONE,
    SELF,
    UP,
    ApiClient,
    Reference,
    failing,
    group,
    reason_of,
    sequences,
    single,
    text_message,
    texts,
)
from tests.support.clocked_server import clocked_server, eventually
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, NewDatabase, peewee_database
from tests.support.running_server import serving
from tests.support.server_process import start_server

DELETED = deletion_pb2.DELETION_OUTCOME_DELETED
ALREADY = deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED
NOTHING_DONE = deletion_pb2.DELETION_OUTCOME_UNSPECIFIED
UNSPECIFIED = deletion_pb2.DELETION_SCOPE_UNSPECIFIED
HISTORY_START = message_service_pb2.HistoryStart
FAILED_PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION.value[0]


def outcomes(answer: message_service_pb2.DeleteMessagesResponse) -> list[tuple[int, str]]:
    return [(result.outcome, reason_of(result.error)) for result in answer.results]


def shown(api: ApiClient, user: str, at: Reference) -> tuple[object, list[message_pb2.Message]]:
    """Everything that a user sees of a conversation."""
    return api.look(user, at), api.walk(user, at, include_tombstones=True)


def ways_to_read(api: ApiClient, user: str, at: Reference, message: message_pb2.Message) -> dict[str, list[str]]:
    """What each read path shows of a conversation, `message` being asked for wherever one may be."""
    service = api.messages
    around = service.ListMessagesAround(
        message_service_pb2.ListMessagesAroundRequest(
            user_id=user,
            conversation=at,
            anchor=HISTORY_START(sequence=message.sequence),
            older_count=50,
            newer_count=50,
        )
    )
    streamed = service.StreamMessages(message_service_pb2.StreamMessagesRequest(user_id=user, conversation=at))
    batch = service.BatchGetMessages(
        message_service_pb2.BatchGetMessagesRequest(user_id=user, message_ids=[message.message_id])
    )
    anchor = HISTORY_START(message_id=message.message_id)
    by_sender = message_service_pb2.MessageFilter(sender_ids=[message.sender_id])
    listed = [entry for entry in api.listed(user) if entry.conversation_id == message.conversation_id]
    return {
        "up": texts(api.walk(user, at, UP)),
        "down": texts(api.walk(user, at, DOWN)),
        "by sender": texts(api.walk(user, at, filter=by_sender)),
        "from the anchor": texts(api.walk(user, at, DOWN, start=anchor, include_start=True)),
        "around": texts(around.messages),
        "stream": [text for part in streamed for text in texts(part.messages)],
        "by id": texts(result.message for result in batch.results),
        "last message": texts([api.look(user, at).last_message]),
        "list": texts(entry.last_message for entry in listed),
    }


@pytest.mark.parametrize(
    ("actor", "as_service", "reason"),
    [
        ("author", False, ""),
        ("owner", False, ""),
        ("admin", False, ""),
        ("member", False, "NOT_THE_SENDER"),
        ("member", True, ""),
        ("outsider", True, ""),
    ],
)
def test_recall_when_somebody_asks_then_only_the_sender_owner_admin_or_a_service_may(
    api: ApiClient, ids: Ids, actor: str, as_service: bool, reason: str
) -> None:
    """A deletion for everyone without a check of authorship lets any member erase what others said (semantics D3)."""
    users = {name: ids.user(name) for name in ("owner", "admin", "author", "member", "outsider")}
    api.create_group(users["owner"], club := ids.group(), [users["author"], users["member"]])
    api.add(users["owner"], group(club), [users["admin"]], role=member_pb2.MEMBER_ROLE_ADMIN)
    sent = api.send(users["author"], group(club), "said")
    before = shown(api, users["member"], group(club))
    answer = api.recall(users[actor], group(club), sent.message_id, as_service=as_service)
    assert outcomes(answer) == [(NOTHING_DONE, reason) if reason else (DELETED, "")]
    left = texts(api.walk(users["member"], group(club)))
    assert left == (["said"] if reason else [])
    assert (shown(api, users["member"], group(club)) == before) == bool(reason)


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("outsider", (grpc.StatusCode.NOT_FOUND, "CONVERSATION_NOT_FOUND")),
        ("left", (grpc.StatusCode.PERMISSION_DENIED, "NOT_A_MEMBER")),
    ],
)
def test_recall_when_asked_from_outside_then_the_whole_call_fails_and_nothing_changes(
    api: ApiClient, ids: Ids, actor: str, expected: tuple[grpc.StatusCode, str]
) -> None:
    users = {name: ids.user(name) for name in ("owner", "left", "outsider")}
    api.create_group(users["owner"], club := ids.group(), [users["left"]])
    sent = api.send(users["left"], group(club), "said")
    api.remove(users["left"], group(club), [users["left"]])
    failure = failing(lambda: api.recall(users[actor], group(club), sent.message_id))
    assert failure[:2] == expected
    assert texts(api.walk(users["owner"], group(club))) == ["said"]


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        ("owner", ""),
        ("admin", ""),
        ("member", "ROLE_TOO_LOW"),
        ("left", "NOT_A_MEMBER"),
        ("outsider", "CONVERSATION_NOT_FOUND"),
    ],
)
def test_deleting_a_group_for_everyone_when_somebody_asks_then_only_owner_and_admin_may(
    api: ApiClient, ids: Ids, actor: str, reason: str
) -> None:
    users = {name: ids.user(name) for name in ("owner", "admin", "member", "left", "outsider")}
    api.create_group(users["owner"], club := ids.group(), [users["member"], users["left"]])
    api.add(users["owner"], group(club), [users["admin"]], role=member_pb2.MEMBER_ROLE_ADMIN)
    api.send(users["owner"], group(club), "said")
    api.remove(users["owner"], group(club), [users["left"]])
    before = shown(api, users["member"], group(club))

    def call() -> object:
        return api.delete(users[actor], group(club), EVERYONE, delete_messages=True)

    if reason:
        assert failing(call).reason == reason
        assert shown(api, users["member"], group(club)) == before
    else:
        call()
        assert (api.walk(users["member"], group(club)), api.listed(users["member"])) == ([], [])


def test_deleting_a_pair_for_everyone_when_a_side_asks_then_it_is_refused_and_nothing_weaker_is_done(
    api: ApiClient, ids: Ids
) -> None:
    """A missing permission that turns into a deletion for oneself is a silently weaker action."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    before = shown(api, alice, single(bob)), shown(api, bob, single(alice))
    failure = failing(lambda: api.delete(alice, single(bob), EVERYONE, delete_messages=True))
    assert failure[:2] == (grpc.StatusCode.PERMISSION_DENIED, "SERVICE_ONLY")
    assert (shown(api, alice, single(bob)), shown(api, bob, single(alice))) == before


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"scope": UNSPECIFIED}, "SCOPE_REQUIRED"),
        ({"scope": 99}, "UNKNOWN_ENUM_VALUE"),
        ({"twice": True}, "DUPLICATE_VALUE"),
        ({"too_many": True}, "TOO_MANY"),
        ({"none": True}, "REQUIRED"),
    ],
)
def test_deletion_when_the_call_is_at_fault_then_none_of_its_ids_is_deleted(
    api: ApiClient, ids: Ids, fields: dict[str, Any], reason: str
) -> None:
    """A call that checks while it works has deleted something when it fails."""
    alice, bob = ids.users(2)
    chosen = [message.message_id for message in api.send_many(alice, single(bob), ["text"] * 51)]
    before = shown(api, bob, single(alice))
    asked = chosen if "too_many" in fields else [] if "none" in fields else chosen[:3] * (1 + ("twice" in fields))
    scope = fields.get("scope", SELF)
    failure = failing(lambda: api.delete_ids(bob, single(alice), asked, scope))
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
    assert shown(api, bob, single(alice)) == before


def test_deletion_when_ids_are_good_and_bad_then_each_is_answered_alone(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D2."""
    alice, bob, carol = ids.users(3)
    mine, theirs = api.send(alice, single(bob), "mine"), api.send(bob, single(alice), "theirs")
    elsewhere = api.send(alice, single(carol), "elsewhere")
    asked = [theirs.message_id, mine.message_id, elsewhere.message_id, "no id"]
    answer = api.recall(alice, single(bob), *asked)
    assert [result.message_id for result in answer.results] == asked
    assert outcomes(answer) == [
        (NOTHING_DONE, "NOT_THE_SENDER"),
        (DELETED, ""),
        (NOTHING_DONE, "MESSAGE_NOT_FOUND"),
        (NOTHING_DONE, "MALFORMED"),
    ]
    assert texts(api.walk(bob, single(alice))) == ["theirs"]
    assert texts(api.walk(carol, single(alice))) == ["elsewhere"]


@pytest.mark.parametrize("scope", [SELF, EVERYONE])
def test_deletion_when_repeated_then_it_is_fine_and_says_so(
    api: ApiClient, ids: Ids, scope: deletion_pb2.DeletionScope
) -> None:
    """Keep semantics D2."""
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob))
    answers = [outcomes(api.delete_ids(alice, single(bob), [sent.message_id], scope)) for _ in range(2)]
    assert answers == [[(DELETED, "")], [(ALREADY, "")]]


def test_recall_when_the_window_is_over_then_it_is_too_late_for_the_sender(new_database: NewDatabase, ids: Ids) -> None:
    """Keep semantics D3."""
    alice, bob = ids.users(2)
    with clocked_server(new_database()) as server:
        sent = server.api.send_many(alice, single(bob), ["in time", "too late"])
        server.clock.forward(119)
        assert outcomes(server.api.recall(alice, single(bob), sent[0].message_id)) == [(DELETED, "")]
        server.clock.forward(2)
        result = server.api.recall(alice, single(bob), sent[1].message_id).results[0]
        assert result.error.code == FAILED_PRECONDITION
        assert result.error.reason == error_pb2.ERROR_REASON_RECALL_TOO_LATE
        assert texts(server.api.walk(bob, single(alice))) == ["too late"]


def test_deletion_when_only_validated_then_it_answers_and_does_nothing(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D5."""
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob))
    before = shown(api, bob, single(alice))
    answer = api.recall(alice, single(bob), sent.message_id, validate_only=True)
    assert (outcomes(answer), answer.consistency_token) == ([(DELETED, "")], "")
    cleared = api.clear(bob, single(alice), up_to_sequence=9, validate_only=True)
    deleted = api.delete(bob, single(alice), delete_messages=True, validate_only=True)
    for would in (cleared, deleted):
        assert (would.outcome, would.cleared_range.up_to_sequence, would.consistency_token) == (DELETED, 1, "")
    validated = conversation_service_pb2.DeleteAllConversationsRequest(user_id=bob, validate_only=True)
    all_deleted = api.conversations.DeleteAllConversations(validated)
    assert (all_deleted.deleted_count, all_deleted.consistency_token) == (1, "")
    assert shown(api, bob, single(alice)) == before


def test_recall_when_the_message_is_not_stored_yet_then_nothing_waits_for_it(api: ApiClient, ids: Ids) -> None:
    """A recall of what does not exist must not make a ghost that swallows the message later."""
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob), "first")
    stem, number = sent.message_id[:-1], sent.message_id[-1]
    guessed = stem + chr(ord(number) + 1)
    assert outcomes(api.recall(alice, single(bob), guessed, as_service=True))[0][0] == NOTHING_DONE
    second = api.send(alice, single(bob), "second", client_message_id="mine")
    assert second.message_id == guessed
    assert texts(api.walk(bob, single(alice))) == ["second", "first"]
    assert outcomes(api.recall(alice, single(bob), second.message_id)) == [(DELETED, "")]
    late = api.messages.SendMessage(
        message_service_pb2.SendMessageRequest(
            user_id=alice,
            conversation=single(bob),
            message={"content": {"text": {"text": "second"}}, "client_message_id": "mine"},
        )
    )
    assert (late.duplicate, late.message.message_id, late.message.HasField("content")) == (
        True,
        second.message_id,
        False,
    )
    assert texts(api.walk(bob, single(alice))) == ["first"]


@pytest.mark.parametrize("way", ["hide", "recall", "clear", "erase"])
def test_deleted_message_when_read_on_any_path_then_its_content_is_on_none(api: ApiClient, ids: Ids, way: str) -> None:
    """Quotes, last messages and exports that bypass the deletion keep what was taken back."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send_many(alice, group(club), ["one", "two"])
    sent = api.walk(alice, group(club), DOWN)
    if way == "hide":
        api.delete_ids(bob, group(club), [sent[1].message_id])
    elif way == "recall":
        api.recall(alice, group(club), sent[1].message_id)
    elif way == "clear":
        api.clear(bob, group(club), up_to_sequence=2)
    else:
        api.delete(alice, group(club), EVERYONE, delete_messages=True)
    for path, found in ways_to_read(api, bob, group(club), sent[1]).items():
        assert "two" not in found, path
        assert way in {"hide", "recall"} or "one" not in found, path
    for path, found in ways_to_read(api, alice, group(club), sent[1]).items():
        assert ("two" in found) == (way in {"hide", "clear"}), path


def test_recalled_message_when_tombstones_are_asked_for_then_they_say_who_and_when_and_hold_no_content(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics V2."""
    alice, bob = ids.users(2)
    mentioning = message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ALL)
    sent = api.send(alice, single(bob), "taken back", attributes={"key": "value"}, mentions=mentioning)
    api.recall(alice, single(bob), sent.message_id)
    [stone] = api.walk(bob, single(alice), include_tombstones=True)
    assert (stone.sequence, stone.sender_id, stone.tombstone.deleted_by) == (1, alice, alice)
    assert stone.tombstone.delete_time.ToMicroseconds() >= sent.create_time.ToMicroseconds()
    assert not stone.HasField("content")
    assert not stone.HasField("mentions")
    assert not stone.attributes
    single_read = api.messages.GetMessage(
        message_service_pb2.GetMessageRequest(user_id=bob, message_id=sent.message_id, include_tombstones=True)
    )
    assert single_read.message == stone


def test_visible_messages_when_every_kind_of_removal_met_then_all_paths_show_the_same(api: ApiClient, ids: Ids) -> None:
    """Each path with its own rule of what is visible bypasses a deletion, a clearing or a membership (semantics V1)."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN)
    api.send_many(alice, group(club), ["before the join"] * 2)
    api.add(alice, group(club), [bob])
    api.send_many(alice, group(club), [f"text {number}" for number in range(3, 13)])
    sent = api.walk(alice, group(club), DOWN)[2:]
    api.clear(bob, group(club), up_to_sequence=4)
    api.delete_ids(bob, group(club), [sent[4].message_id])
    api.recall(alice, group(club), sent[6].message_id)
    api.remove(alice, group(club), [bob])
    api.send(alice, group(club), "after the removal")
    expected = ["text 5", "text 6", "text 8", "text 10", "text 11", "text 12"]
    found = ways_to_read(api, bob, group(club), sent[5])
    assert found == {
        "up": expected[::-1],
        "down": expected,
        "by sender": expected[::-1],
        "from the anchor": expected[2:],
        "around": expected,
        "stream": expected[::-1],
        "by id": ["text 8"],
        "last message": ["text 12"],
        "list": ["text 12"],
    }


def test_clearing_when_by_time_then_it_is_exact_to_the_microsecond(api: ApiClient, ids: Ids) -> None:
    """Seconds taken for milliseconds clear everything or nothing (semantics D1)."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), ["text"] * 5)
    assert api.clear(bob, single(alice), before_time=sent[2].create_time).cleared_range.up_to_sequence == 2
    assert sequences(api.walk(bob, single(alice), DOWN)) == [3, 4, 5]
    assert api.clear(bob, single(alice), before_time=sent[0].create_time).cleared_range.up_to_sequence == 2
    future = {"seconds": int(time.time()) + 3600}
    assert api.clear(bob, single(alice), before_time=future).cleared_range.up_to_sequence == 5
    api.send(alice, single(bob))
    assert sequences(api.walk(bob, single(alice))) == [6]


def test_sequences_when_all_was_erased_and_the_server_restarted_then_they_go_on(
    new_database: NewDatabase, ids: Ids
) -> None:
    """A sequence or id that is used again after a purge makes one message look like another (semantics D6)."""
    database = new_database()
    alice, bob = ids.users(2)
    club = ids.group()
    first = start_server(database)
    with grpc.insecure_channel(first.target) as channel:
        api = ApiClient(channel)
        api.create_group(alice, club, [bob])
        old = api.send_many(alice, group(club), ["old"] * 1200)
        api.delete(alice, group(club), EVERYONE, delete_messages=True)
    # The purge works in steps of its own: it is killed within one, and goes on in the next process.
    first.kill()
    assert_sound(database)
    second = start_server(database)
    with grpc.insecure_channel(second.target) as channel:
        api = ApiClient(channel)
        assert api.walk(bob, group(club)) == []
        new = api.send(alice, group(club), "new")
        assert new.sequence == 1201
        assert new.message_id not in {message.message_id for message in old}
        assert api.look(bob, group(club)).unread_count == 1
        assert texts(api.walk(bob, group(club))) == ["new"]
    assert second.stop() == 0
    assert_sound(database)


def test_erased_conversation_when_many_messages_go_then_writers_are_not_held_up(
    new_database: NewDatabase, ids: Ids
) -> None:
    """One long purge holds the database's lock against every writer (semantics D6)."""
    database = new_database()
    alice, bob = ids.users(2)
    purged = []
    with serving(database) as api, closing(peewee_database(database)) as looking:
        api.create_group(alice, club := ids.group(), [bob])
        api.send_many(alice, group(club), ["old"] * 10_000)
        api.delete(alice, group(club), EVERYONE, delete_messages=True)

        def send_until_purged() -> bool:
            api.send(alice, single(bob))
            purged.extend(looking.execute_sql("SELECT max(purged_sequence) FROM conversation").fetchone())
            return purged[-1] == 10_000

        eventually(send_until_purged)
    # Sends were answered between the steps of the purge, not only before and after all of it.
    assert len(set(purged) - {0, 10_000}) > 1


def test_cleared_conversation_when_nothing_is_left_of_it_then_it_keeps_its_place(api: ApiClient, ids: Ids) -> None:
    alice, bob, carol = ids.users(3)
    api.send(alice, single(bob), "first")
    place = api.look(bob, single(alice)).activity_time
    api.send(carol, single(bob), "second")
    api.clear(bob, single(alice), up_to_sequence=1)
    assert api.look(bob, single(alice)).activity_time == place
    assert [entry.target_id for entry in api.listed(bob)] == [carol, alice]


@pytest.mark.parametrize(
    "pattern", ["a.c", "a*", "a%", "a_c", "a\\c", "a:c", "a c", "'; --", "[a]", "(", "a%3Ac", "a%25"]
)
def test_deletion_when_the_id_looks_like_a_pattern_then_it_reaches_that_conversation_alone(
    api: ApiClient, ids: Ids, pattern: str
) -> None:
    alice = ids.user()
    prefix = ids.group("x")
    others = [f"{prefix}{other}" for other in ("abc", "a", "axc", "a:c", "a%3Ac", "a%25", "a%") if other != pattern]
    meant = f"{prefix}{pattern}"
    for source in [meant, *others]:
        api.create_group(alice, source)
        api.send(alice, group(source), source)
    api.delete(alice, group(meant), EVERYONE, delete_messages=True)
    assert api.walk(alice, group(meant)) == []
    assert {source: texts(api.walk(alice, group(source))) for source in others} == {
        source: [source] for source in others
    }
    assert sorted(entry.target_id for entry in api.listed(alice)) == sorted(others)


def test_deleting_all_conversations_when_asked_then_every_one_goes_for_the_user_alone(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D7."""
    alice, *others = ids.users(4)
    for other in others:
        api.send(other, single(alice))
    request = conversation_service_pb2.DeleteAllConversationsRequest(user_id=alice, delete_messages=True)
    assert api.conversations.DeleteAllConversations(request).deleted_count == 3
    assert api.listed(alice) == []
    assert all(api.walk(alice, single(other)) == [] for other in others)
    assert all(len(api.walk(other, single(alice))) == 1 for other in others)


def test_recalled_message_when_it_had_every_field_then_nothing_of_what_it_said_is_left(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics W9."""
    alice, bob = ids.users(2)
    said = message_pb2.OutgoingMessage(
        content={"text": {"text": "secret"}},
        attributes={"secret": "secret"},
        mentions={"kind": message_pb2.MENTION_KIND_USER, "user_ids": [bob]},
        client_message_id="once",
        client_time={"seconds": 5},
        fallback_text="secret",
    )
    send = message_service_pb2.SendMessageRequest(user_id=alice, conversation=single(bob), message=said)
    sent = api.messages.SendMessage(send).message
    assert (sent.fallback_text, api.page(bob, single(alice)).messages[0]) == ("secret", sent)
    api.recall(alice, single(bob), sent.message_id)
    [left] = api.page(bob, single(alice), include_tombstones=True).messages
    assert {field.name for field, _ in left.ListFields()} == {
        "message_id",
        "conversation_id",
        "sequence",
        "sender_id",
        "create_time",
        "tombstone",
        "client_message_id",
        "client_time",
    }
    send.message.client_time.seconds = 6
    again = api.messages.SendMessage(send)
    assert (again.duplicate, again.message) == (True, left)
    send.message.fallback_text = "other"
    assert failing(api.messages.SendMessage, send).reason == "CLIENT_MESSAGE_ID_REUSED"


def test_retry_when_the_fallback_text_looks_like_the_encoded_client_id_then_still_recognised(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics W2."""
    alice, bob = ids.users(2)
    said = text_message(client_message_id="x", client_time={"seconds": 5}, fallback_text="Z\x01x")
    send = message_service_pb2.SendMessageRequest(user_id=alice, conversation=single(bob), message=said)
    sent = api.messages.SendMessage(send).message
    send.message.client_time.seconds = 6
    again = api.messages.SendMessage(send)
    assert (again.duplicate, again.message) == (True, sent)
