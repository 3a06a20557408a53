"""Calls with many items, where one that is wrong fails alone; and requests that cannot be read at all."""

from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_pb2, message_pb2, message_service_pb2
from tests.support.api_client import (
    SELF,
    ApiClient,
    Failure,
    Reference,
    by_id,
    failing,
    group,
    reason_of,
    room,
    single,
    system,
    text_message,
    texts,
)
from tests.support.argument_faults import FAULTS, Fault
from tests.support.contract_calls import METHODS, call, request_of, send_request
from tests.support.fixtures import Ids
from tests.support.user_view_snapshot import assert_unchanged

INVALID, NOT_FOUND, DENIED, EXISTS = 3, 5, 7, 6


def errors(results: Any) -> list[tuple[int, str, str]]:
    return [(result.error.code, reason_of(result.error), result.error.field) for result in results]


def test_batch_send_when_items_are_wrong_stores_the_others_in_order(api: ApiClient, ids: Ids) -> None:
    """Keep semantics W6."""
    alice, bob, eve = ids.users(3)
    theirs = ids.group()
    api.create_group(eve, theirs)
    api.send(alice, single(bob), "first", client_message_id="used")
    items = [
        {"conversation": single(bob), "message": text_message("one")},
        {"conversation": single(bob)},
        {"message": text_message()},
        {"conversation": by_id("?"), "message": text_message()},
        {"conversation": group(theirs), "message": text_message()},
        {"conversation": system("news"), "message": text_message()},
        {"conversation": single(bob), "message": text_message(), "sender_id": bob},
        {"conversation": single(bob), "message": text_message("other", client_message_id="used")},
        {"conversation": single(bob), "message": text_message("two")},
        {"conversation": single(bob), "message": text_message(mentions={"kind": message_pb2.MENTION_KIND_USER})},
    ]
    results = call(api, "BatchSendMessages", user_id=alice, items=items).results
    assert errors(results) == [
        (0, "", ""),
        (INVALID, "REQUIRED", "items[1].message.content"),
        (INVALID, "REQUIRED", "items[2].conversation"),
        (INVALID, "MALFORMED", "items[3].conversation.conversation_id"),
        (NOT_FOUND, "CONVERSATION_NOT_FOUND", "items[4].conversation"),
        (DENIED, "SERVICE_ONLY", "items[5].conversation"),
        (DENIED, "SERVICE_ONLY", "items[6].sender_id"),
        (EXISTS, "CLIENT_MESSAGE_ID_REUSED", "items[7].message.client_message_id"),
        (0, "", ""),
        (INVALID, "REQUIRED", "items[9].message.mentions.user_ids"),
    ]
    assert texts(api.walk(bob, single(alice))) == ["two", "one", "first"]


def test_batch_send_when_every_item_is_wrong_changes_nothing(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(bob, single(alice))
    with assert_unchanged(api, alice, single(bob)):
        answer = call(api, "BatchSendMessages", user_id=alice, items=[{}, {"conversation": single(bob)}])
    assert errors(answer.results) == [
        (INVALID, "REQUIRED", "items[0].conversation"),
        (INVALID, "REQUIRED", "items[1].message.content"),
    ]


def test_import_when_one_message_is_wrong_stores_nothing_of_its_chunk(api: ApiClient, ids: Ids) -> None:
    """Keep semantics I2."""
    alice, bob = ids.users(2)
    api.import_messages(alice, single(bob), [(bob, 10**15, "old")])
    good = {"sender_id": bob, "original_time": {"seconds": 1}, "message": text_message(client_message_id="new")}
    importer = {"user_id": alice, "conversation": single(bob), "as_service": True}
    with assert_unchanged(api, alice, single(bob)):
        failure = failing(
            lambda: call(api, "ImportMessages", **importer, messages=[good, good | {"sender_id": "\x7f"}])
        )
        assert failure == Failure(grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED", "messages[1].sender_id")
    stored = call(
        api, "ImportMessages", **importer, messages=[good | {"message": text_message("old", client_message_id="own")}]
    )
    assert stored.imported_count == 1
    with assert_unchanged(api, alice, single(bob)):
        again = good | {"message": text_message("other", client_message_id="own")}
        failure = failing(call, api, "ImportMessages", **importer, messages=[good, again])
        assert failure.code is grpc.StatusCode.ALREADY_EXISTS
        assert failure.field == "messages[1].message.client_message_id"


def test_import_when_a_chunk_is_wrong_fails_after_those_before_are_stored(api: ApiClient, ids: Ids) -> None:
    """Keep semantics I2."""
    alice, bob = ids.users(2)
    old: dict[str, Any] = {"sender_id": bob, "original_time": {"seconds": 1}}
    importer: dict[str, Any] = {"user_id": alice, "conversation": single(bob), "as_service": True}

    def chunk(*client_message_ids: str) -> message_service_pb2.ImportMessagesRequest:
        messages = [old | {"message": text_message(client_message_id=one)} for one in client_message_ids]
        return message_service_pb2.ImportMessagesRequest(**importer, messages=messages)

    # Storing takes longer than refusing what comes next.
    many = chunk(*[f"{number}" for number in range(500)])
    failure = failing(api.messages.ImportMessages, iter([many, chunk("")]))
    assert failure == Failure(grpc.StatusCode.INVALID_ARGUMENT, "REQUIRED", "messages[0].message.client_message_id")
    assert api.look(alice, single(bob)).last_sequence == 500
    # The first chunk that fails decides the error.
    api.send(alice, single(bob), "another text", client_message_id="own")
    reused = message_service_pb2.ImportMessagesRequest(
        **importer, messages=[old | {"sender_id": alice, "message": text_message("text", client_message_id="own")}]
    )
    failure = failing(api.messages.ImportMessages, iter([reused, chunk("")]))
    assert failure == Failure(
        grpc.StatusCode.ALREADY_EXISTS, "CLIENT_MESSAGE_ID_REUSED", "messages[0].message.client_message_id"
    )


def test_import_when_the_group_or_room_does_not_exist_is_refused(api: ApiClient, ids: Ids) -> None:
    for at in (group(ids.group()), room(ids.group())):
        failure = failing(api.import_messages, ids.user(), at, [(ids.user(), 10**15, "old")])
        assert failure == Failure(grpc.StatusCode.NOT_FOUND, "CONVERSATION_NOT_FOUND", "conversation")


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.method == "SendMessage"], ids=str)
def test_message_when_wrong_fails_alone_in_a_batch_and_ends_an_import(api: ApiClient, ids: Ids, fault: Fault) -> None:
    """Keep semantics W6, I2."""
    alice, bob = ids.users(2)
    message = message_pb2.OutgoingMessage(client_message_id="own")
    message.MergeFrom(request_of("SendMessage", **fault.fields).message)  # type: ignore[attr-defined]
    item = {"conversation": single(bob), "message": message}
    results = call(api, "BatchSendMessages", user_id=alice, items=[item]).results
    assert errors(results) == [(INVALID, fault.reason, f"items[0].{fault.field}")]
    old = {"sender_id": bob, "original_time": {"seconds": 1}, "message": message}
    importer = {"user_id": alice, "conversation": single(bob), "as_service": True}
    failure = failing(call, api, "ImportMessages", **importer, messages=[old])
    assert failure == Failure(grpc.StatusCode.INVALID_ARGUMENT, fault.reason, f"messages[0].{fault.field}")
    assert api.listed(bob) == []


REFERENCES: dict[str, Reference] = {
    "conversations[0].conversation_id": by_id("?"),
    "conversations[1]": Reference(),
    "conversations[2].target.id": single("\n"),
    "conversations[3].target.type": Reference(target={"type": 99, "id": "a"}),
    "conversations[4].target.recipient_id": Reference(
        target={"type": conversation_pb2.CONVERSATION_TYPE_GROUP, "id": "a", "recipient_id": "b"}
    ),
    "conversations[5]": group("that nobody made"),
    "conversations[6]": room("that nobody made"),
}


@pytest.mark.parametrize("method", ["BatchGetConversations", "BatchUpdateConversationSettings"])
def test_conversations_when_some_are_wrong_fail_alone(api: ApiClient, ids: Ids, method: str) -> None:
    """Keep semantics S1."""
    alice, bob = ids.users(2)
    here = api.send(alice, single(bob)).conversation_id
    fields: dict[str, Any] = {"conversations": [*REFERENCES.values(), single(bob)]}
    if method == "BatchUpdateConversationSettings":
        fields |= {"update_mask": {"paths": ["pinned"]}, "settings": {"pinned": True}}
    results = call(api, method, user_id=alice, **fields).results
    reasons = ["MALFORMED", "REQUIRED", "MALFORMED", "UNKNOWN_ENUM_VALUE", "CONFLICTING_FIELDS"]
    assert errors(results) == [
        *((INVALID, reason, field) for reason, field in zip(reasons, REFERENCES, strict=False)),
        (NOT_FOUND, "CONVERSATION_NOT_FOUND", "conversations[5]"),
        (NOT_FOUND, "CONVERSATION_NOT_FOUND", "conversations[6]"),
        (0, "", ""),
    ]
    if method == "BatchGetConversations":
        assert results[-1].conversation == api.look(alice, single(bob))
    else:
        assert results[-1].update.changed
    assert [result.conversation_id for result in results] == [
        *[""] * 5, "g:that nobody made", "r:that nobody made", here,
    ]  # fmt: skip


def test_settings_of_many_when_changed_say_what_was_changed_in_each(api: ApiClient, ids: Ids) -> None:
    """Keep semantics S1."""
    alice, bob, carol, dave = ids.users(4)
    for other in (bob, carol, dave):
        api.send(alice, single(other))
    pinned = api.settings(alice, single(bob), pinned=True).settings.pin_time
    names = {other: api.look(alice, single(other)).conversation_id for other in (bob, carol, dave)}

    def change(*others: str, **values: Any) -> list[Any]:
        answer = call(
            api,
            "BatchUpdateConversationSettings",
            user_id=alice,
            conversations=[single(other) for other in others],
            settings=values,
            update_mask={"paths": [*values]},
        )
        assert [result.conversation_id for result in answer.results] == [names[other] for other in others]
        return [result.update for result in answer.results]

    bobs, carols = change(bob, carol, pinned=True)
    assert (bobs.changed, bobs.pin_time) == (False, pinned)
    assert (carols.changed, carols.pin_time) == (True, api.look(alice, single(carol)).settings.pin_time)
    assert carols.pin_time.ToMicroseconds() > pinned.ToMicroseconds()
    assert not carols.HasField("draft_time")

    carols, daves = change(carol, dave, draft="half a sentence")
    assert (carols.changed, daves.changed) == (True, True)
    for other, update in ((carol, carols), (dave, daves)):
        settings = api.look(alice, single(other)).settings
        assert (settings.draft, settings.draft_time) == ("half a sentence", update.draft_time)
        assert settings.HasField("pin_time") == update.HasField("pin_time") == (other == carol)
        assert update.pin_time == settings.pin_time
    assert [update.changed for update in change(carol, dave, draft="half a sentence")] == [False, False]

    carols, daves = change(carol, dave, draft="", pinned=False)
    assert (carols.changed, daves.changed) == (True, True)
    for update in (carols, daves):
        assert not update.HasField("pin_time")
        assert not update.HasField("draft_time")


def test_message_ids_when_some_are_wrong_fail_alone(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob)).message_id
    conversation, _ = sent.split("-")
    asked = ["", "x", f"{conversation}-2", "999999999-1", sent]
    found = call(api, "BatchGetMessages", user_id=alice, message_ids=asked).results
    deleted = api.delete_ids(alice, single(bob), asked, SELF).results
    for results in (found, deleted):
        assert errors(results) == [
            (INVALID, "MALFORMED", "message_ids[0]"),
            (INVALID, "MALFORMED", "message_ids[1]"),
            (NOT_FOUND, "MESSAGE_NOT_FOUND", "message_ids[2]"),
            (NOT_FOUND, "MESSAGE_NOT_FOUND", "message_ids[3]"),
            (0, "", ""),
        ]
        assert [result.message_id for result in results] == asked
    assert api.walk(alice, single(bob)) == []


def test_update_when_the_visibility_named_is_unspecified_is_refused_and_changes_nothing(
    api: ApiClient, ids: Ids
) -> None:
    alice, source = ids.user(), ids.group()
    since_join = conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN
    created = api.create_group(alice, source, history_visibility=since_join)
    assert created.properties.history_visibility == since_join
    mask = {"paths": ["history_visibility", "name"]}
    change = {"conversation": group(source), "update_mask": mask, "properties": {"name": "new"}}
    with assert_unchanged(api, alice, group(source)):
        failure = failing(call, api, "UpdateConversation", user_id=alice, **change)
    assert failure == Failure(grpc.StatusCode.INVALID_ARGUMENT, "REQUIRED", "properties.history_visibility")


def raw_call(api: ApiClient, method: str, request: bytes) -> Failure:
    service = METHODS[method].containing_service.full_name
    made: Any = api.channel.unary_unary(f"/{service}/{method}")
    return failing(made, request)


@pytest.mark.parametrize(
    "request_bytes",
    [b"\xff", b"\x0a\x05ab", b"\x0a\x02\xff\xfe", b"\x0a\x03\xed\xa0\x80", b"\x08", b"GET / HTTP/1.1\r\n\r\n"],
    ids=["a tag alone", "a length too long", "not UTF-8", "a surrogate", "no value", "not protobuf"],
)
def test_request_when_it_is_not_protobuf_is_malformed(api: ApiClient, request_bytes: bytes) -> None:
    for method in METHODS:
        if not METHODS[method].client_streaming and not METHODS[method].server_streaming:
            failure = raw_call(api, method, request_bytes)
            assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED")


@pytest.mark.parametrize("lists", range(3))
@pytest.mark.parametrize("structures", [23, 30, 31, 32, 33, 200])
def test_content_when_nested_is_stored_only_if_every_answer_can_be_read(
    api: ApiClient, ids: Ids, structures: int, lists: int
) -> None:
    """Parsers go down 100 levels; a message is deeper in a list than in the request that sent it."""
    alice, bob = ids.users(2)
    request: Any = request_of("SendMessage", user_id=alice, conversation=single(bob))
    value = request.message.content.structured.fields["inner"]
    for _ in range(structures):
        value = value.struct_value.fields["inner"]
    for _ in range(lists):
        value = value.list_value.values.add()
    value.bool_value = True
    if structures + lists < 24:
        stored = send_request(api, "SendMessage", request).message
        assert [conversation.last_message for conversation in api.listed(bob)] == [stored]
    else:
        failure = failing(send_request, api, "SendMessage", request)
        assert failure.code is grpc.StatusCode.INVALID_ARGUMENT
        assert failure.reason in {"TOO_LARGE", "MALFORMED"}
        assert api.listed(bob) == []
