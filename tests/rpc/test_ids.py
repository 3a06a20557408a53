"""Ids of users, sources, conversations and messages: any printable character, never two things taken for one."""

from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_pb2, error_pb2
from tests.support.api_client import (
    DOWN,
    SELF,
    ApiClient,
    Failure,
    Reference,
    by_id,
    failing,
    group,
    room,
    single,
    system,
    text_message,
    texts,
)
from tests.support.contract_calls import call
from tests.support.fixtures import Ids

INVALID = grpc.StatusCode.INVALID_ARGUMENT

NASTY = [
    ".", "..", "a.b", "*", "a*", "%", "%25", "%3A", "%253A", "a%", "_", "a_b", "\\", "\\'", "'", '"', ":",
    "::", "a:b", " ", " a", "a ", "a b", "-", "1-1", "/", "a/b", "?", "#", "$", "{}", "[0]", "<a>", "&amp;",
    "null", "-1", "0", "0x0", "; DROP TABLE", "😀", "👩\u200d👩\u200d👧", "\u00e9", "e\u0301", "İ", "ß", "\u017f",
    "中文", "\u200b", "\u202e", "\ufeff", "\ufffd", "\U0010ffff", "\u2028", "\u00a0", "s:a:b", "g:a", "A", "a",
    "aA",
]  # fmt: skip
"""Ids that are taken as they are: separators, wildcards, escapes, quotes, case, composed and decomposed letters."""


def escaped(part: str) -> str:
    return part.replace("%", "%25").replace(":", "%3A")


def computed(reference: Reference, user: str) -> str:
    """The conversation id as a caller computes it, from what the contract says."""
    target = reference.target.id
    if reference.target.type == conversation_pb2.CONVERSATION_TYPE_GROUP:
        return f"g:{escaped(target)}"
    if reference.target.type == conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM:
        return f"r:{escaped(target)}"
    if reference.target.type == conversation_pb2.CONVERSATION_TYPE_SYSTEM:
        return f"y:{escaped(target)}:{escaped(reference.target.recipient_id or user)}"
    first, second = sorted((user.encode(), target.encode()))
    return f"s:{escaped(first.decode())}:{escaped(second.decode())}"


VECTORS = {
    "s:alice:bob": ("bob", single("alice")),
    "s:alice:alice": ("alice", single("alice")),
    "s:B:a": ("a", single("B")),
    "s:a%3Ab:c": ("c", single("a:b")),
    "s:a:b%3Ac": ("b:c", single("a")),
    "s:%25:%253A": ("%3A", single("%")),
    "s:%3A:%3A%3A": ("::", single(":")),
    "s:z:é": ("é", single("z")),
    "s:\ufffd:😀": ("😀", single("\ufffd")),
    "g:dev": ("alice", group("dev")),
    "g:a%3Ab%25": ("alice", group("a:b%")),
    "g:. *_\\": ("alice", group(". *_\\")),
    "r:dev": ("alice", room("dev")),
    "y:news:alice": ("alice", system("news")),
    "y:a%3Ab:c": ("c", system("a:b", "c")),
    "y:a:b%3Ac": ("b:c", system("a")),
}
"""Conversation ids, each with a user and a reference of the user's that it stands for."""


@pytest.mark.parametrize("conversation_id", VECTORS)
def test_conversation_id_when_computed_by_a_caller_is_the_one_the_server_gives(
    api: ApiClient, conversation_id: str
) -> None:
    """Keep semantics C1, C2."""
    user, reference = VECTORS[conversation_id]
    assert computed(reference, user) == conversation_id
    opened = api.open(user, reference)
    assert (opened.conversation_id, opened.type) == (conversation_id, reference.target.type)
    assert opened.target_id == reference.target.id
    assert api.look(user, by_id(conversation_id)) == opened


@pytest.mark.parametrize(
    "conversation_id",
    [
        "s", "s:", "s:a", "s:a:", "s::a", "s:b:a", "s:a:b:c", "S:a:b", " s:a:b", "g", "g:", "g:a:b", "G:a", "g:%",
        "g:%2", "g:%3a", "g:%41", "g:%2525%", "g:a\n", "g:\x00", "r:", "r:a:b", "y:a", "y::a", "y:a:", "y:a:b:c",
        "x:a", ":", "a", "%", "s:é:z", "g:" + "a" * 257,
    ],
)  # fmt: skip
def test_conversation_id_when_no_ids_encode_to_it_is_malformed(api: ApiClient, ids: Ids, conversation_id: str) -> None:
    for method in ("GetConversation", "GetOrCreateConversation", "ListMessages", "MarkConversationRead"):
        failure = failing(call, api, method, user_id=ids.user(), conversation=by_id(conversation_id))
        assert failure == Failure(INVALID, "MALFORMED", "conversation.conversation_id")


def test_conversation_id_when_the_user_has_no_part_in_it_is_not_found(api: ApiClient, ids: Ids) -> None:
    alice, bob, eve = ids.users(3)
    api.send(alice, single(bob))
    missing = Failure(grpc.StatusCode.NOT_FOUND, "CONVERSATION_NOT_FOUND", "conversation")
    for reference in (
        by_id(computed(single(bob), alice)),
        by_id(f"y:news:{alice}"),
        by_id(computed(single("nobody"), alice)),
    ):
        for method in ("GetConversation", "GetOrCreateConversation"):
            assert failing(call, api, method, user_id=eve, conversation=reference) == missing
        assert failing(api.send, eve, reference) == missing
    assert api.listed(eve) == []


def test_ids_when_nasty_stay_apart_as_users_of_pairs(api: ApiClient, ids: Ids) -> None:
    """Keep semantics C1."""
    alice = ids.user("alice")
    for other in NASTY:
        api.send(alice, single(other), f"to {other}")
    listed = api.listed(alice)
    assert [conversation.target_id for conversation in listed] == NASTY[::-1]
    for other in NASTY:
        assert texts(api.walk(other, single(alice))) == [f"to {other}"]
        assert api.look(alice, single(other)).conversation_id == computed(single(other), alice)
        message = api.page(other, single(alice)).messages[0]
        assert call(api, "GetMessage", user_id=other, message_id=message.message_id).message.sender_id == alice


def test_ids_when_nasty_stay_apart_as_sources_and_members(api: ApiClient, ids: Ids) -> None:
    owner, prefix = ids.user("owner"), ids.group()
    for name in NASTY:
        api.create_group(owner, prefix + name, [name])
        api.send(owner, group(prefix + name), f"in {name}", client_message_id=name)
    for name in NASTY:
        assert texts(api.walk(name, group(prefix + name))) == [f"in {name}"]
        again = api.send(owner, group(prefix + name), f"in {name}", client_message_id=name)
        assert again.sequence == 1
        members = call(
            api, "ListMembers", user_id=name, conversation=by_id(computed(group(prefix + name), name))
        ).members
        assert [member.user_id for member in members] == [owner, name]


def test_id_filters_when_nasty_match_only_themselves(api: ApiClient, ids: Ids) -> None:
    owner, source = ids.user("owner"), ids.group()
    api.create_group(owner, source, NASTY)
    results = call(
        api,
        "BatchSendMessages",
        user_id=owner,
        as_service=True,
        items=[{"conversation": group(source), "sender_id": name, "message": text_message(name)} for name in NASTY],
    ).results
    assert [result.message.sequence for result in results] == [*range(1, len(NASTY) + 1)]
    assert [message.sender_id for message in api.walk(owner, group(source), DOWN)] == NASTY
    for name in NASTY:
        assert texts(api.walk(owner, group(source), filter={"sender_ids": [name]})) == [name]


def test_message_id_when_of_another_conversation_is_not_found_wherever_it_is_asked(api: ApiClient, ids: Ids) -> None:
    """Keep semantics W8."""
    alice, bob, eve = ids.users(3)
    api.send(alice, single(bob))
    elsewhere = api.send(alice, single(eve)).message_id
    here = single(bob)
    missing: dict[str, tuple[str, dict[str, Any]]] = {
        "ListMessages": ("start.message_id", {"start": {"message_id": elsewhere}}),
        "ListMessagesAround": ("anchor.message_id", {"anchor": {"message_id": elsewhere}}),
        "StreamMessages": ("start.message_id", {"start": {"message_id": elsewhere}}),
        "MarkConversationRead": ("up_to_message_id", {"up_to_message_id": elsewhere}),
        "MarkConversationUnread": ("from_message_id", {"from_message_id": elsewhere}),
    }
    for method, (field, fields) in missing.items():
        failure = failing(call, api, method, user_id=alice, conversation=here, **fields)
        assert failure == Failure(grpc.StatusCode.NOT_FOUND, "MESSAGE_NOT_FOUND", field)
    deleted = api.delete_ids(alice, here, [elsewhere], SELF).results[0]
    assert (deleted.error.code, deleted.error.reason) == (5, error_pb2.ERROR_REASON_MESSAGE_NOT_FOUND)
    assert failing(call, api, "GetMessage", user_id=bob, message_id=elsewhere).reason == "MESSAGE_NOT_FOUND"
    assert failing(call, api, "ListReaders", user_id=bob, message_id=elsewhere).reason == "MESSAGE_NOT_FOUND"


def test_sequence_when_as_large_as_a_number_can_be_is_the_end(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["one", "two"])
    huge, end = 2**63 - 1, 999_999_999_999_999_999
    page = api.page(bob, single(alice), start={"sequence": huge}, include_start=True)
    assert texts(page.messages) == ["two", "one"]
    around = call(
        api, "ListMessagesAround", user_id=bob, conversation=single(alice), anchor={"sequence": huge}, older_count=5
    )
    assert (texts(around.messages), around.anchor_index) == (["one", "two"], 2)
    assert api.read(bob, single(alice), up_to_sequence=huge).read_sequence == 2
    assert api.clear(bob, single(alice), up_to_sequence=huge).cleared_range.up_to_sequence == 2
    for message_id in (f"{end}-{end}", f"1-{end}", f"{end}-1"):
        assert failing(call, api, "GetMessage", user_id=bob, message_id=message_id).reason == "MESSAGE_NOT_FOUND"
