"""Page tokens: only where they were given, only as they were given, and without any right of their own."""

import base64
from collections.abc import Callable
from typing import Any, NamedTuple

import grpc
import pytest

from backscroll.v1 import conversation_pb2, member_pb2
from tests.support.api_client import DOWN, UP, ApiClient, Failure, Reference, failing, group, sequences
from tests.support.contract_calls import call
from tests.support.fixtures import Ids, NewDatabase
from tests.support.server_process import start_server

INVALID = grpc.StatusCode.INVALID_ARGUMENT
MALFORMED = Failure(INVALID, "PAGE_TOKEN_MALFORMED", "page_token")
MISMATCH = Failure(INVALID, "PAGE_TOKEN_MISMATCH", "page_token")
FOREIGN = Failure(grpc.StatusCode.OUT_OF_RANGE, "PAGE_TOKEN_TOO_OLD", "page_token")
NO_CONVERSATION = Failure(grpc.StatusCode.NOT_FOUND, "CONVERSATION_NOT_FOUND", "conversation")


class TwoGroups(NamedTuple):
    """Alice, Bob and Carol in two groups; each group has five messages that all have read."""

    api: ApiClient
    alice: str
    bob: str
    carol: str
    here: Reference
    there: Reference
    first_here: str
    second_here: str

    def fields(self, method: str) -> dict[str, Any]:
        """What Alice asks for in a call that pages."""
        about = {"ListConversations": {}, "ListReaders": {"message_id": self.first_here}}
        return {"user_id": self.alice, "page_size": 1} | about.get(method, {"conversation": self.here})

    def token(self, method: str, **fields: Any) -> str:
        """The token of Alice's first page."""
        token = call(self.api, method, **(self.fields(method) | fields)).next_page_token
        assert token
        return str(token)

    def next_page(self, method: str, token: str, **fields: Any) -> Any:
        """The page after it."""
        return call(self.api, method, **(self.fields(method) | {"page_token": token} | fields))


def furnish(api: ApiClient, ids: Ids) -> TwoGroups:
    alice, bob, carol = ids.users(3)
    here, there = group(ids.group()), group(ids.group())
    firsts = []
    for reference in (here, there):
        api.create_group(alice, reference.target.id, [bob, carol])
        sent = api.send_many(alice, reference, ["hello"] * 5)
        api.read(bob, reference)
        api.read(carol, reference)
        firsts += [sent[0].message_id, sent[1].message_id]
    return TwoGroups(api, alice, bob, carol, here, there, firsts[0], firsts[1])


@pytest.fixture
def groups(api: ApiClient, ids: Ids) -> TwoGroups:
    return furnish(api, ids)


METHODS = ["ListMessages", "ListConversations", "ListMembers", "ListReaders"]


@pytest.mark.parametrize("method", METHODS)
def test_token_when_any_byte_is_changed_is_malformed(groups: TwoGroups, method: str) -> None:
    """Keep semantics P5."""
    token = groups.token(method)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for index in range(len(raw)):
        changed = raw[:index] + bytes([raw[index] ^ 1]) + raw[index + 1 :]
        given = base64.urlsafe_b64encode(changed).rstrip(b"=").decode()
        assert failing(groups.next_page, method, given) == MALFORMED
    assert groups.next_page(method, token)


@pytest.mark.parametrize("method", METHODS)
def test_token_when_it_is_none_of_that_list_is_malformed(groups: TwoGroups, method: str) -> None:
    own = groups.token(method)
    kinds = {"ListMessages": 1, "ListConversations": 2, "ListMembers": 3, "ListReaders": 3}
    others = [groups.token(other) for other in METHODS if kinds[other] != kinds[method]]
    others.append(call(groups.api, "GetConversation", user_id=groups.alice, conversation=groups.here).resume_token)
    rubbish = [
        "x", "-1", "null", "0", "=", " ", "é", "\x00", "AAAA", "A" * 511, "A" * 512, "A" * 100_000, own[:-1], own[1:],
        own + "A", own + "=", own + "==", " " + own, own + "\n", own * 2, own.lower(), own.replace("A", "B") + "A",
    ]  # fmt: skip
    for given in (*others, *rubbish):
        assert failing(groups.next_page, method, given) == MALFORMED


def test_token_when_used_by_another_user_is_refused(groups: TwoGroups) -> None:
    for method in METHODS:
        assert failing(groups.next_page, method, groups.token(method), user_id=groups.bob) == MISMATCH


def test_token_when_used_by_who_may_not_see_the_conversation_grants_nothing(groups: TwoGroups, ids: Ids) -> None:
    """Keep semantics P5."""
    outsider = ids.user("outsider")
    for method in ("ListMessages", "ListMembers"):
        assert failing(groups.next_page, method, groups.token(method), user_id=outsider) == NO_CONVERSATION
    failure = failing(groups.next_page, "ListReaders", groups.token("ListReaders"), user_id=outsider)
    assert failure == Failure(grpc.StatusCode.NOT_FOUND, "MESSAGE_NOT_FOUND", "message_id")
    assert (
        failing(groups.next_page, "ListConversations", groups.token("ListConversations"), user_id=outsider) == MISMATCH
    )


def test_token_when_its_user_is_removed_reaches_no_further_than_the_user_does(groups: TwoGroups) -> None:
    history = groups.token("ListMessages", user_id=groups.bob, direction=DOWN)
    members = groups.token("ListMembers", user_id=groups.bob)
    groups.api.remove(groups.alice, groups.here, [groups.bob])
    groups.api.send(groups.alice, groups.here, "after")
    page = groups.next_page("ListMessages", history, user_id=groups.bob, page_size=50)
    assert sequences(page.messages) == [2, 3, 4, 5]
    assert not page.next_page_token
    assert failing(groups.next_page, "ListMembers", members, user_id=groups.bob).reason == "NOT_A_MEMBER"


MEMBER = member_pb2.MEMBER_ROLE_MEMBER
GROUP = conversation_pb2.CONVERSATION_TYPE_GROUP

OTHER_QUERIES: dict[str, tuple[str, Callable[[TwoGroups], dict[str, Any]]]] = {
    "history of another conversation": ("ListMessages", lambda groups: {"conversation": groups.there}),
    "the other direction": ("ListMessages", lambda _: {"direction": DOWN}),
    "a filter by sender": ("ListMessages", lambda groups: {"filter": {"sender_ids": [groups.alice]}}),
    "a filter by content": ("ListMessages", lambda _: {"filter": {"content_types": [1]}}),
    "a filter by start": ("ListMessages", lambda _: {"filter": {"start_time": {"seconds": 1}}}),
    "a filter by end": ("ListMessages", lambda _: {"filter": {"end_time": {"seconds": 4_000_000_000}}}),
    "a filter by mentions": ("ListMessages", lambda _: {"filter": {"mentions_me": True}}),
    "tombstones": ("ListMessages", lambda _: {"include_tombstones": True}),
    "a list of one type": ("ListConversations", lambda _: {"filter": {"types": [GROUP]}}),
    "a list of unread ones": ("ListConversations", lambda _: {"filter": {"unread_only": True}}),
    "a list of pinned ones": ("ListConversations", lambda _: {"filter": {"pinned_only": True}}),
    "a list of mentions": ("ListConversations", lambda _: {"filter": {"mentioned_only": True}}),
    "a list by activity": ("ListConversations", lambda _: {"filter": {"active_start_time": {"seconds": 1}}}),
    "a list by ids": ("ListConversations", lambda _: {"filter": {"conversation_ids": ["g:a"]}}),
    "members of another conversation": ("ListMembers", lambda groups: {"conversation": groups.there}),
    "members of a role": ("ListMembers", lambda _: {"roles": [MEMBER]}),
    "readers of another message": ("ListReaders", lambda groups: {"message_id": groups.second_here}),
}


@pytest.mark.parametrize("other", OTHER_QUERIES)
def test_token_when_used_for_another_query_is_refused_both_ways(groups: TwoGroups, other: str) -> None:
    method, changed = OTHER_QUERIES[other]
    fields = changed(groups)
    assert failing(groups.next_page, method, groups.token(method), **fields) == MISMATCH
    first = call(groups.api, method, **(groups.fields(method) | fields))
    if first.next_page_token:
        way_back = {"direction": UP} if "direction" in fields else {}
        assert failing(groups.next_page, method, first.next_page_token, **way_back) == MISMATCH
        assert groups.next_page(method, first.next_page_token, **fields)


def test_token_of_members_when_used_for_readers_is_refused_and_the_other_way_round(groups: TwoGroups) -> None:
    assert failing(groups.next_page, "ListReaders", groups.token("ListMembers")) == MISMATCH
    assert failing(groups.next_page, "ListMembers", groups.token("ListReaders")) == MISMATCH


def test_token_when_given_with_a_start_or_a_skip_is_a_conflict(groups: TwoGroups) -> None:
    history, listed = groups.token("ListMessages"), groups.token("ListConversations")
    for start in ({}, {"sequence": 0}, {"position": 1}):
        failure = failing(groups.next_page, "ListMessages", history, start=start)
        assert failure == Failure(INVALID, "CONFLICTING_FIELDS", "start")
    assert failing(groups.next_page, "ListConversations", listed, skip=1) == Failure(
        INVALID, "CONFLICTING_FIELDS", "skip"
    )


def test_token_when_its_own_direction_or_another_page_size_is_given_goes_on(groups: TwoGroups) -> None:
    token = groups.token("ListMessages")
    given: list[dict[str, Any]] = [{}, {"direction": UP}, {"page_size": 0}, {"page_size": 50}, {"filter": {}}]
    for fields in given:
        assert groups.next_page("ListMessages", token, **fields).messages[0].sequence == 4


def test_token_of_a_window_when_used_for_pages_goes_on_in_its_direction(groups: TwoGroups) -> None:
    fields: dict[str, Any] = {"user_id": groups.alice, "conversation": groups.here}
    window = call(groups.api, "ListMessagesAround", **fields, anchor={"sequence": 3})
    for token, own, other, expected in (
        (window.older_page_token, UP, DOWN, [2, 1]),
        (window.newer_page_token, DOWN, UP, [4, 5]),
    ):
        page = groups.next_page("ListMessages", token, direction=own, page_size=9)
        assert sequences(page.messages) == expected
        assert failing(groups.next_page, "ListMessages", token, direction=other) == MISMATCH


def test_tokens_when_the_server_starts_again_go_on_and_of_another_database_are_out_of_range(
    new_database: NewDatabase, ids: Ids, groups: TwoGroups
) -> None:
    url = new_database()
    first = start_server(url)
    try:
        with grpc.insecure_channel(first.target) as channel:
            own = furnish(ApiClient(channel), ids)
            tokens = {method: own.token(method) for method in METHODS}
    finally:
        assert first.stop() == 0
    again = start_server(url)
    try:
        with grpc.insecure_channel(again.target) as channel:
            own = own._replace(api=ApiClient(channel))
            for method, token in tokens.items():
                assert own.next_page(method, token)
                assert failing(own.next_page, method, groups.token(method)) == FOREIGN
    finally:
        assert again.stop() == 0
    for method, token in tokens.items():
        assert failing(groups.next_page, method, token) == FOREIGN


def test_token_when_all_it_could_show_is_deleted_gives_an_empty_end(groups: TwoGroups) -> None:
    token = groups.token("ListMessages")
    groups.api.clear(groups.alice, groups.here, up_to_sequence=5)
    page = groups.next_page("ListMessages", token)
    assert (len(page.messages), page.next_page_token) == (0, "")
