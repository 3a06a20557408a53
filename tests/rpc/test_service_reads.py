"""Reads with the rights of a service: the whole history of any conversation, for any user, and nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_pb2, member_pb2, message_pb2
from backscroll_server.domain.enums import ChangeKind
from tests.support.api_client import (
    DOWN,
    EVERYONE,
    UP,
    ApiClient,
    Failure,
    Reference,
    by_id,
    failing,
    group,
    reason_of,
    sequences,
    single,
    system,
)
from tests.support.clocked_server import ClockedServer, clocked_server, eventually
from tests.support.contract_calls import call, has_field, valid_fields, without_tokens
from tests.support.fixtures import Ids, NewDatabase
from tests.support.user_view_snapshot import assert_unchanged
from tests.support.watch_client import changes_since

SINCE_JOIN = conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN
BLOCKED, NORMAL = conversation_pb2.RECEIVE_OPTION_BLOCKED, conversation_pb2.RECEIVE_OPTION_NORMAL

HISTORIES = ("ListMessages", "ListMessagesAround", "StreamMessages")
SINGLE_MESSAGES = ("GetMessage", "BatchGetMessages", "ListReaders")
CONVERSATIONS = ("GetConversation", "BatchGetConversations", "ListMembers")
READS = (*HISTORIES, *SINGLE_MESSAGES, *CONVERSATIONS)

FIRST_UNREAD = {"position": 3}
ONE_DAY = 24 * 3600


@dataclass
class Club:
    """A group where new members see what comes after they joined, with nine messages; the third was recalled.

    Its people by name: the owner sees everything. Each of the others sees less, for the reason that the name gives; a
    stranger never belonged to it, and nobody is an id that the server does not know.
    """

    api: ApiClient
    ids: Ids
    people: dict[str, str] = field(default_factory=dict)
    message_ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = ("owner", "later", "left", "cleared", "hider", "blocker", "stranger", "nobody")
        self.people = {name: self.ids.user(name) for name in names}
        owner, api = self.people["owner"], self.api
        self.at = group(self.ids.group())
        members = [self.people[name] for name in ("left", "cleared", "hider", "blocker")]
        api.create_group(owner, self.at.target.id, members, history_visibility=SINCE_JOIN)
        api.send(self.people["stranger"], single(owner))
        self.say("owner", "hider", "blocker")
        api.recall(owner, self.at, self.message_ids[2])
        api.settings(self.people["blocker"], self.at, receive_option=BLOCKED)
        self.say("owner", "hider")
        api.settings(self.people["blocker"], self.at, receive_option=NORMAL)
        api.remove(self.people["left"], self.at, [self.people["left"]])
        api.add(owner, self.at, [self.people["later"]])
        self.say("owner", "owner", "hider", "blocker")
        api.clear(self.people["cleared"], self.at, up_to_sequence=4)
        api.delete_ids(self.people["hider"], self.at, self.message_ids[3:5])
        api.read(self.people["later"], self.at, up_to_sequence=7)

    def say(self, *senders: str) -> None:
        self.message_ids += [self.api.send(self.people[name], self.at, f"from {name}").message_id for name in senders]

    def fields(self, method: str, message: int = 4) -> dict[str, Any]:
        """A request that shows much: everything from the oldest message on, or around one."""
        fields = valid_fields(method, self.at, message_id=self.message_ids[message - 1])
        if method == "ListMessagesAround":
            return fields | {"anchor": {"sequence": message}, "older_count": 50, "newer_count": 50}
        return fields | ({"message_ids": self.message_ids} if method == "BatchGetMessages" else {})

    def do(self, name: str, method: str, **fields: Any) -> Any:
        return call(self.api, method, **(self.fields(method) | {"user_id": self.people[name]} | fields))


@pytest.fixture
def club(api: ApiClient, ids: Ids) -> Club:
    return Club(api, ids)


LIMITED = {
    "owner": [1, 2, 4, 5, 6, 7, 8, 9],
    "later": [6, 7, 8, 9],
    "left": [1, 2, 4, 5],
    "cleared": [5, 6, 7, 8, 9],
    "hider": [1, 2, 6, 7, 8, 9],
    "blocker": [1, 2, 4, 5, 6, 7, 8, 9],
}
"""The sequences that each user sees; strangers see none."""


def test_history_when_read_by_users_themselves_then_each_sees_a_part(club: Club) -> None:
    for name, seen in LIMITED.items():
        assert (name, sequences(club.api.walk(club.people[name], club.at, DOWN))) == (name, seen)
    assert sequences(club.do("blocker", "ListMessages").states) == [5, 4]
    for name in ("stranger", "nobody"):
        assert failing(club.do, name, "ListMessages").reason == "CONVERSATION_NOT_FOUND"


@pytest.mark.parametrize("tombstones", [False, True])
@pytest.mark.parametrize("method", [*HISTORIES, *SINGLE_MESSAGES, "ListMembers"])
def test_read_of_a_service_when_any_user_is_named_then_shows_what_an_unlimited_member_sees(
    club: Club, method: str, tombstones: bool
) -> None:
    """Keep semantics V4."""
    fields = {"include_tombstones": tombstones} if has_field(method, "include_tombstones") else {}
    full = without_tokens(club.do("owner", method, **fields))
    for name in club.people:
        assert (name, without_tokens(club.do(name, method, as_service=True, **fields))) == (name, full)


def test_history_when_read_by_a_service_then_pages_in_both_directions_and_from_any_start(club: Club) -> None:
    """Keep semantics P1, P3, V4."""
    for name in club.people:
        user = club.people[name]
        assert sequences(club.api.walk(user, club.at, DOWN, 2, as_service=True)) == LIMITED["owner"]
        assert sequences(club.api.walk(user, club.at, UP, 3, as_service=True)) == LIMITED["owner"][::-1]
        from_recalled = {"start": {"message_id": club.message_ids[2]}, "direction": DOWN, "as_service": True}
        assert sequences(club.api.page(user, club.at, **from_recalled).messages) == [4, 5, 6, 7, 8, 9]
        everything = call(
            club.api, "StreamMessages", user_id=user, conversation=club.at, direction=DOWN, as_service=True
        )
        assert sequences(message for part in everything for message in part.messages) == LIMITED["owner"]


def test_messages_when_read_by_a_service_by_id_then_only_recalled_ones_are_not_found(club: Club) -> None:
    for name in club.people:
        results = club.do(name, "BatchGetMessages", as_service=True).results
        assert [result.message.sequence for result in results] == [1, 2, 0, 4, 5, 6, 7, 8, 9]
        assert reason_of(results[2].error) == "MESSAGE_NOT_FOUND"
        recalled = {"message_id": club.message_ids[2], "as_service": True}
        assert failing(club.do, name, "GetMessage", **recalled).reason == "MESSAGE_NOT_FOUND"
        assert failing(club.do, name, "ListReaders", **recalled).reason == "MESSAGE_NOT_FOUND"
        assert club.do(name, "GetMessage", include_tombstones=True, **recalled).message.HasField("tombstone")


def look(api: ApiClient, user: str, at: Reference) -> conversation_pb2.Conversation:
    """A conversation as a service sees it that names a user; `BatchGetConversations` must return the same."""
    one = call(api, "GetConversation", user_id=user, conversation=at, as_service=True).conversation
    (result,) = call(api, "BatchGetConversations", user_id=user, conversations=[at], as_service=True).results
    assert result.conversation == one
    return one


OF_ALL = ("conversation_id", "type", "target_id", "properties", "create_time", "member_count")


def test_conversation_when_read_by_a_service_then_what_all_share_is_full_and_the_rest_the_users(club: Club) -> None:
    """Keep semantics V4."""
    api, owner = club.api, club.people["owner"]
    api.update(owner, club.at, name="renamed since")
    api.settings(club.people["later"], club.at, pinned=True, draft="soon", marks=["work"])
    api.mark_unread(club.people["cleared"], club.at, from_message_id=club.message_ids[6])
    full = api.look(owner, club.at)
    assert full.member_count == 5
    for name in LIMITED:
        seen, own = look(api, club.people[name], club.at), api.look(club.people[name], club.at)
        assert (seen.last_sequence, seen.last_message) == (9, full.last_message)
        assert [getattr(seen, shared) for shared in OF_ALL] == [getattr(full, shared) for shared in OF_ALL]
        for shown in (*OF_ALL, "last_sequence", "last_message"):
            seen.ClearField(shown)
            own.ClearField(shown)
        assert (name, seen) == (name, own)
    assert look(api, club.people["later"], club.at).settings.draft == "soon"
    assert look(api, club.people["later"], club.at).unread_count == 2
    assert look(api, club.people["left"], club.at).left


@pytest.mark.parametrize("name", ["stranger", "nobody"])
def test_conversation_when_a_service_names_who_never_belonged_to_it_then_nothing_of_a_user_is_in_it(
    club: Club, name: str
) -> None:
    club.api.send(club.people["owner"], club.at, mentions={"kind": message_pb2.MENTION_KIND_ALL})
    seen, full = look(club.api, club.people[name], club.at), club.api.look(club.people["owner"], club.at)
    assert [getattr(seen, shared) for shared in OF_ALL] == [getattr(full, shared) for shared in OF_ALL]
    assert (seen.last_sequence, seen.last_message) == (10, full.last_message)
    assert seen.settings == conversation_pb2.ConversationSettings(receive_option=NORMAL)
    assert (seen.role, seen.left, seen.unlisted) == (member_pb2.MEMBER_ROLE_UNSPECIFIED, False, True)
    assert (seen.read_sequence, seen.unread_count, seen.unread_mention_count) == (0, 0, 0)
    assert not seen.unread_mentions
    assert not seen.HasField("activity_time")
    # By the fields that a client recounts with, nothing is unread either.
    assert seen.unread_floor_sequence == seen.last_sequence


def test_last_message_when_hidden_or_blocked_then_a_service_sees_it_but_not_what_was_recalled(club: Club) -> None:
    api, hider = club.api, club.people["hider"]
    api.delete_ids(hider, club.at, [club.message_ids[8]])
    assert api.look(hider, club.at).last_message.sequence == 8
    assert look(api, hider, club.at).last_message.sequence == 9
    api.recall(club.people["blocker"], club.at, club.message_ids[8])
    assert look(api, hider, club.at).last_message.sequence == 8
    assert look(api, club.people["nobody"], club.at).last_sequence == 9


def test_last_sequence_when_the_user_has_blocked_the_conversation_then_a_service_sees_the_newest(club: Club) -> None:
    api, blocker = club.api, club.people["blocker"]
    api.settings(blocker, club.at, receive_option=BLOCKED)
    club.say("owner")
    assert api.look(blocker, club.at).last_sequence == 9
    seen = look(api, blocker, club.at)
    assert (seen.last_sequence, seen.last_message.sequence) == (10, 10)
    assert (seen.settings.receive_option, seen.unread_count) == (BLOCKED, api.look(blocker, club.at).unread_count)


def test_pair_and_notifications_when_read_by_a_service_then_open_to_others(api: ApiClient, ids: Ids) -> None:
    alice, bob, eve = ids.users(3)
    pair = by_id(api.send(alice, single(bob)).conversation_id)
    notice = by_id(api.send("billing", system(ids.group("billing"), alice), as_service=True).conversation_id)
    assert [look(api, user, pair).target_id for user in (alice, bob, eve)] == [bob, alice, ""]
    for at in (pair, notice):
        assert failing(api.page, eve, at).reason == "CONVERSATION_NOT_FOUND"
        assert sequences(api.page(eve, at, as_service=True).messages) == [1]
        members = call(api, "ListMembers", user_id=eve, conversation=at, as_service=True).members
        assert alice in {member.user_id for member in members}
    assert failing(api.page, eve, single(bob), as_service=True).reason == "CONVERSATION_NOT_FOUND"


def test_history_when_erased_for_everyone_then_gone_for_services_too(club: Club) -> None:
    club.api.delete(club.people["owner"], club.at, EVERYONE, delete_messages=True)
    for name in club.people:
        assert club.api.walk(club.people[name], club.at, as_service=True) == []
        erased = {"message_id": club.message_ids[8], "as_service": True}
        assert failing(club.do, name, "GetMessage", **erased).reason == "MESSAGE_NOT_FOUND"
        assert failing(club.do, name, "ListReaders", **erased).reason == "MESSAGE_NOT_FOUND"
        seen = look(club.api, club.people[name], club.at)
        assert (seen.last_sequence, seen.HasField("last_message")) == (9, False)


@pytest.mark.parametrize("name", ["owner", "nobody"])
@pytest.mark.parametrize("method", READS)
def test_read_of_a_service_when_there_is_no_such_conversation_is_not_found(club: Club, method: str, name: str) -> None:
    """Keep semantics C4, V4."""
    missing = group(club.ids.group("missing"))
    fields = valid_fields(method, missing, message_id="999999999-1") | {"as_service": True}
    of_message = method in SINGLE_MESSAGES
    reason = "MESSAGE_NOT_FOUND" if of_message else "CONVERSATION_NOT_FOUND"
    if method.startswith("Batch"):
        (result,) = call(club.api, method, user_id=club.people[name], **fields).results
        assert reason_of(result.error) == reason
        return
    failure = failing(call, club.api, method, user_id=club.people[name], **fields)
    assert failure == Failure(grpc.StatusCode.NOT_FOUND, reason, "message_id" if of_message else "conversation")


PAGED = ("ListMessages", "ListMembers", "ListReaders")


@pytest.mark.parametrize("method", PAGED)
def test_page_token_when_used_with_other_rights_or_another_user_is_a_mismatch(club: Club, method: str) -> None:
    """Keep semantics P5, V4."""
    fields = {"page_size": 1} | ({"message_id": club.message_ids[0]} if method == "ListReaders" else {})
    for name in ("owner", "later", "nobody") if method == "ListMembers" else ("owner", "nobody"):
        token = club.do(name, method, as_service=True, **fields).next_page_token
        assert club.do(name, method, as_service=True, page_token=token, **fields)
        for other, as_service in (("owner", False), ("hider", True), ("stranger", True)):
            failure = failing(club.do, other, method, as_service=as_service, page_token=token, **fields)
            assert failure == Failure(grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_MISMATCH", "page_token")
    token = club.do("owner", method, **fields).next_page_token
    assert club.do("owner", method, page_token=token, **fields)
    assert (
        failing(club.do, "owner", method, as_service=True, page_token=token, **fields).reason == "PAGE_TOKEN_MISMATCH"
    )


def test_page_token_when_of_a_window_around_then_goes_on_with_the_same_rights(club: Club) -> None:
    window = club.do("left", "ListMessagesAround", as_service=True, older_count=1, newer_count=1)
    assert sequences(window.messages) == [2, 4, 5]
    for token, rest in ((window.older_page_token, [1]), (window.newer_page_token, [6, 7, 8, 9])):
        page = club.api.page(club.people["left"], club.at, page_token=token, as_service=True)
        assert sequences(page.messages) == rest
        failure = failing(club.api.page, club.people["left"], club.at, page_token=token)
        assert failure.reason == "PAGE_TOKEN_MISMATCH"


@pytest.mark.parametrize("method", PAGED)
def test_page_token_when_the_user_becomes_known_between_two_pages_goes_on(club: Club, method: str) -> None:
    fields: dict[str, Any] = {"page_size": 1, "as_service": True}
    fields |= {"message_id": club.message_ids[0]} if method == "ListReaders" else {}
    first = club.do("nobody", method, **fields)
    club.api.send(club.people["nobody"], single(club.people["owner"]))
    second = club.do("nobody", method, page_token=first.next_page_token, **fields)
    assert second.ListFields()[0][1] != first.ListFields()[0][1]


def test_filter_when_a_service_reads_then_mentions_are_those_of_the_user(club: Club) -> None:
    """Keep semantics P10, V4."""
    api, owner, left = club.api, club.people["owner"], club.people["left"]
    api.send(owner, club.at, mentions={"kind": message_pb2.MENTION_KIND_USER, "user_ids": [left]})
    api.send(owner, club.at, mentions={"kind": message_pb2.MENTION_KIND_ALL})
    expected = {"owner": [], "left": [10, 11], "later": [11], "stranger": [11], "nobody": [11]}
    for name, found in expected.items():
        mentions: dict[str, Any] = {"filter": {"mentions_me": True}, "as_service": True}
        assert (name, sequences(api.walk(club.people[name], club.at, DOWN, **mentions))) == (name, found)
        parts = club.do(name, "StreamMessages", **mentions)
        assert sequences(message for part in parts for message in part.messages) == found
        by_hider: dict[str, Any] = {"filter": {"sender_ids": [club.people["hider"]]}, "as_service": True}
        assert sequences(api.walk(club.people[name], club.at, DOWN, **by_hider)) == [2, 5, 8]


def test_start_when_first_unread_and_a_service_reads_then_of_the_user(club: Club) -> None:
    api = club.api
    expected = {"later": [8, 9], "left": [1, 2, 4, 5, 6, 7, 8, 9], "owner": [8, 9], "stranger": [], "nobody": []}
    for name, found in expected.items():
        page = api.page(club.people[name], club.at, start=FIRST_UNREAD, direction=DOWN, as_service=True)
        assert (name, sequences(page.messages)) == (name, found)


@pytest.mark.parametrize("method", READS)
def test_read_of_a_service_changes_nothing_for_anyone(club: Club, method: str) -> None:
    """Keep semantics V4."""
    api, people = club.api, club.people
    token = api.resume_token(people["owner"])
    with (
        assert_unchanged(api, people["owner"], club.at),
        assert_unchanged(api, people["later"], club.at),
        assert_unchanged(api, people["left"], club.at),
        assert_unchanged(api, people["blocker"], club.at),
        assert_unchanged(api, people["stranger"], club.at),
        assert_unchanged(api, people["nobody"], club.at),
    ):
        for name in people:
            club.do(name, method, as_service=True)
    assert changes_since(api, people["owner"], token) == []


@pytest.mark.parametrize("method", READS)
def test_resume_token_when_a_service_has_read_is_the_named_users(club: Club, method: str) -> None:
    """Keep semantics A7, V4."""
    answers = {name: club.do(name, method, as_service=True) for name in ("later", "nobody")}
    tokens = {
        name: (answer[0] if isinstance(answer, list) else answer).resume_token for name, answer in answers.items()
    }
    club.say("owner")
    events = changes_since(club.api, club.people["later"], tokens["later"])
    assert [event.message_received.message.sequence for event in events if event.HasField("message_received")] == [10]
    assert changes_since(club.api, club.people["nobody"], tokens["nobody"]) == []
    with pytest.raises(grpc.RpcError):
        changes_since(club.api, club.people["owner"], tokens["later"])


@pytest.fixture(scope="module")
def served(new_database: NewDatabase) -> Iterator[ClockedServer]:
    """A server on a clock of its own that keeps messages of groups for a day."""
    with clocked_server(new_database(), retention_group_days=1) as server:
        yield server


def test_message_when_expired_then_gone_for_services_too(served: ClockedServer, ids: Ids) -> None:
    """Keep semantics R2, V4."""
    club = Club(served.api, ids)
    served.clock.forward(ONE_DAY - 60)
    club.say("owner")
    assert sequences(served.api.walk(club.people["left"], club.at, DOWN, as_service=True)) == [*LIMITED["owner"], 10]
    served.clock.forward(120)
    for name in club.people:
        for parts in (
            club.do(name, "StreamMessages", as_service=True),
            [club.do(name, "ListMessages", as_service=True)],
        ):
            assert sequences(message for part in parts for message in part.messages) == [10]
        assert sequences(club.do(name, "ListMessagesAround", as_service=True).messages) == [10]
        for method in ("GetMessage", "ListReaders"):
            assert failing(club.do, name, method, as_service=True).reason == "MESSAGE_NOT_FOUND"
        found = [result.HasField("message") for result in club.do(name, "BatchGetMessages", as_service=True).results]
        assert found == [False] * 9 + [True]


def test_message_when_it_burns_then_a_service_neither_starts_that_nor_sees_it_later(
    served: ClockedServer, ids: Ids
) -> None:
    """Keep semantics B2, B4, V4."""
    api, (ann, bob, eve) = served.api, ids.users(3)
    api.burn(ann, single(bob), 30)
    message = api.send(ann, single(bob), "burns")
    at = by_id(message.conversation_id)

    def seen() -> list[list[int]]:
        found = []
        for user in (ann, bob, eve):
            page = api.page(user, at, as_service=True, include_tombstones=True)
            request = {"user_id": user, "message_ids": [message.message_id], "as_service": True}
            (result,) = call(api, "BatchGetMessages", include_tombstones=True, **request).results
            last = look(api, user, at).last_message
            found.append([*sequences(page.messages), result.message.sequence, last.sequence])
        return found

    assert seen() == [[1, 1, 1]] * 3
    served.clock.forward(3600)
    assert seen() == [[1, 1, 1]] * 3
    api.read(bob, single(ann))
    state = call(api, "GetMessage", user_id=eve, message_id=message.message_id, as_service=True).state
    assert state.burn_time.seconds == served.clock() // 1_000_000 + 30
    served.clock.forward(30)
    assert seen() == [[0, 0]] * 3
    eventually(lambda: served.expect(ChangeKind.MESSAGES_BURNED, served.number_of(message)))
    assert seen() == [[0, 0]] * 3
