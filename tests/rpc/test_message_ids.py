"""Message ids: opaque, of one message for ever, and understood wherever a message can be named."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import grpc
import pytest

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain import ids as server_ids
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.storage.tables.models import ALL_TABLES, Conversation, ConversationNumber
from tests.support.api_client import (
    DOWN,
    EVERYONE,
    ApiClient,
    failing,
    failure_of,
    group,
    metadata_of,
    sequences,
    single,
    text_message,
)
from tests.support.clocked_server import ClockedServer, SettableClock, clocked_server
from tests.support.contract_calls import call
from tests.support.fixtures import Ids, NewDatabase, peewee_database
from tests.support.named_messages import MISSING, assert_names, assert_names_nothing, got
from tests.support.watch_client import changes_since, now_token


def renumber(url: str, conversation_id: str) -> None:
    """Gives a conversation another public number for what follows, as a restore from a backup would."""
    with closing(peewee_database(url)) as database, database.bind_ctx(ALL_TABLES):
        row = Conversation.get(Conversation.conversation_id == conversation_id)
        head, number = row.last_sequence, row.public_number ^ 1
        here = (ConversationNumber.conversation == row.id) & (ConversationNumber.to_sequence == FOREVER)
        ConversationNumber.update(to_sequence=head).where(here).execute()
        ConversationNumber.insert(number=number, conversation=row.id, from_sequence=head, to_sequence=FOREVER).execute()
        changes = {Conversation.public_number: number, Conversation.public_from: head}
        Conversation.update(changes).where(Conversation.id == row.id).execute()


def prefix(message: Any) -> str:
    """What a message's id begins with."""
    return str(message.message_id.partition("-")[0])


def test_ids_of_one_conversation_begin_alike_and_those_of_others_differ(api: ApiClient, ids: Ids) -> None:
    alice, bob, carol = ids.users(3)
    club = group(ids.group())
    api.create_group(alice, club.target.id, [bob])
    sent: list[Any] = [
        api.send(alice, single(bob)),
        api.send(bob, single(alice)),
        *api.send_many(alice, single(bob), ["a", "b"]),
    ]
    assert len({prefix(message) for message in sent}) == 1
    assert len({message.message_id for message in sent}) == 4
    others: list[Any] = [api.send(alice, single(carol)), api.send(alice, club), api.send(alice, single(alice))]
    assert len({prefix(message) for message in [*others, sent[0]]}) == 4
    for message in others:
        number, sequence = server_ids.parse_message_id(message.message_id)
        assert (number >= 0, sequence) == (True, 1)
    chunk = [(alice, 1_000_000, "old")]
    assert api.import_messages(alice, single(bob), chunk).imported_count == 1
    assert [message.message_id for message in api.walk(bob, single(alice))] == [
        server_ids.message_id(server_ids.parse_message_id(sent[0].message_id)[0], sequence)
        for sequence in (5, 4, 3, 2, 1)
    ]


def test_id_when_the_message_is_gone_still_names_its_place(api: ApiClient, ids: Ids) -> None:
    """Keep semantics P3."""
    alice, bob = ids.users(2)
    at = single(bob)
    sent = api.send_many(alice, at, [str(number) for number in range(8)])
    for message in sent:
        assert_names(api, alice, at, message.message_id, message.sequence)
    api.delete_ids(alice, at, [sent[5].message_id])
    api.recall(alice, at, sent[6].message_id)
    for message in sent[5:7]:
        start = {"start": {"message_id": message.message_id}, "page_size": 1}
        assert sequences(api.page(alice, at, **start).messages) == [5]
        assert sequences(api.page(alice, at, direction=DOWN, **start).messages) == [8]
    api.delete(alice, at, EVERYONE, delete_messages=True, as_service=True)
    api.send(alice, at)
    start = {"start": {"message_id": sent[3].message_id}}
    assert sequences(api.page(alice, at, direction=DOWN, **start).messages) == [9]


@pytest.mark.parametrize("form", ["another number", "the old form", "past the end"])
def test_id_when_no_message_has_it_names_nothing(api: ApiClient, ids: Ids, form: str) -> None:
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob))
    number, sequence = server_ids.parse_message_id(sent.message_id)
    unknown = {
        "another number": server_ids.message_id(number ^ 1, sequence),
        "the old form": "1-1",
        "past the end": server_ids.message_id(number, sequence + 1),
    }
    assert_names_nothing(api, alice, single(bob), unknown[form])


@pytest.fixture
def clock() -> SettableClock:
    """One for all servers of a test."""
    return SettableClock()


@pytest.fixture
def renumbered(new_database: NewDatabase, clock: SettableClock) -> Iterator[tuple[ClockedServer, dict[str, Any]]]:
    """A server whose conversation got another number behind its third message; what was sent before, by its name."""
    database = new_database()
    before: dict[str, Any] = {}
    with clocked_server(database, clock) as served:
        api = served.api
        before["first"] = api.send("ann", single("bob"), "first", client_message_id="first")
        before["second"] = api.send("bob", single("ann"), "second")
        before["third"] = api.send("ann", single("bob"), "third", client_message_id="third")
        before["token"] = now_token(api, "ann")
    renumber(database, before["first"].conversation_id)
    with clocked_server(database, clock) as served:
        yield served, before
        assert served.problems() == []


def test_id_when_a_restore_went_back_behind_it_names_nothing(
    renumbered: tuple[ClockedServer, dict[str, message_pb2.Message]],
) -> None:
    """Keep semantics W8."""
    served, before = renumbered
    api, at = served.api, single("bob")
    lost = server_ids.message_id(server_ids.parse_message_id(before["first"].message_id)[0], 4)
    assert_names_nothing(api, "ann", at, lost)
    fourth = api.send("ann", at, "fourth")
    assert (fourth.sequence, prefix(fourth) != prefix(before["first"])) == (4, True)
    assert_names_nothing(api, "ann", at, lost)
    assert_names(api, "ann", at, fourth.message_id, 4)
    for sequence, name in enumerate(("first", "second", "third"), 1):
        assert_names(api, "ann", at, before[name].message_id, sequence)
    number = server_ids.parse_message_id(fourth.message_id)[0]
    assert_names_nothing(api, "ann", at, server_ids.message_id(number, 3))
    results = call(
        api, "BatchGetMessages", user_id="ann", message_ids=[fourth.message_id, lost, before["first"].message_id]
    ).results
    assert [result.message.sequence for result in results] == [4, 0, 1]


def test_answers_name_a_message_by_the_id_that_it_was_given(
    renumbered: tuple[ClockedServer, dict[str, Any]],
) -> None:
    served, before = renumbered
    api, at = served.api, single("bob")
    fourth = api.send("ann", at, "fourth", client_message_id="fourth")
    assert api.send("ann", at, "first", client_message_id="first") == before["first"]
    assert api.send("ann", at, "fourth", client_message_id="fourth") == fourth
    items = [
        {"conversation": at, "message": text_message(name, client_message_id=name)}
        for name in ("first", "third", "fourth", "fifth", "fifth")
    ]
    results = call(api, "BatchSendMessages", user_id="ann", items=items).results
    named = [before["first"], before["third"], fourth, *([results[3].message] * 2)]
    assert [result.message.message_id for result in results] == [message.message_id for message in named]
    assert prefix(results[3].message) == prefix(fourth)
    for name, message in (("first", before["first"]), ("fourth", fourth)):
        other = {"conversation": at, "message": text_message("other", client_message_id=name)}
        with pytest.raises(grpc.RpcError) as caught:
            call(api, "SendMessage", user_id="ann", **other)
        assert failure_of(caught.value).reason == "CLIENT_MESSAGE_ID_REUSED"
        assert metadata_of(caught.value)["message_id"] == message.message_id
    api.delete_ids("ann", at, [before["first"].message_id, fourth.message_id])
    api.delete("ann", at, EVERYONE, delete_messages=True, as_service=True)
    for name, message in (("first", before["first"]), ("fourth", fourth)):
        stub = api.send("ann", at, name, client_message_id=name)
        assert (stub.message_id, stub.HasField("content")) == (message.message_id, False)
    gone = [
        message.message_id
        for event in changes_since(api, "ann", before["token"])
        for message in event.messages_deleted.messages.messages
    ]
    assert gone == [before["first"].message_id, fourth.message_id]


def test_import_when_an_id_was_reused_names_the_message_by_the_id_that_it_was_given(
    renumbered: tuple[ClockedServer, dict[str, Any]],
) -> None:
    served, before = renumbered
    api = served.api
    with pytest.raises(grpc.RpcError) as caught:
        call_import(api, "first")
    assert metadata_of(caught.value)["message_id"] == before["first"].message_id
    assert call_import(api, "new") == 1
    assert prefix(api.page("bob", single("ann"), page_size=1).messages[0]) != prefix(before["first"])


def call_import(api: ApiClient, name: str) -> int:
    """Imports a message of ann with a client id; answers how many were stored."""
    message = text_message("old", client_message_id=name)
    chunk = message_service_pb2.ImportMessagesRequest(
        user_id="ann",
        conversation=single("bob"),
        messages=[{"sender_id": "ann", "original_time": {"seconds": 1}, "message": message}],
        as_service=True,
    )
    return api.messages.ImportMessages(iter([chunk])).imported_count


def test_event_of_a_burned_message_names_it_by_the_id_that_it_was_given(
    new_database: NewDatabase, clock: SettableClock
) -> None:
    database = new_database()
    with clocked_server(database, clock) as served:
        served.api.burn("ann", single("bob"), 30)
        old = served.api.send("ann", single("bob"))
    renumber(database, old.conversation_id)
    with clocked_server(database, clock) as served:
        api = served.api
        new, token = api.send("ann", single("bob")), now_token(api, "ann")
        api.read("bob", single("ann"))
        clock.forward(30)
        gone: list[str] = []
        while len(gone) < 2:
            gone = [
                message.message_id
                for event in changes_since(api, "ann", token)
                for message in event.messages_deleted.messages.messages
            ]
        assert gone == [old.message_id, new.message_id]


def test_id_when_named_before_its_message_exists_is_found_once_it_does(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob))
    following = server_ids.message_id(server_ids.parse_message_id(sent.message_id)[0], 2)
    assert failing(got, api, bob, following).reason == MISSING
    assert api.send(alice, single(bob)).message_id == following
    assert got(api, bob, following).message.sequence == 2
