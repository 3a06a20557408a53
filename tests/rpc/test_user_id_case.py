"""Folding of case (semantics N7): every RPC answers mixed-case user ids as it answers lower-case ones."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import (
    conversation_pb2,
    event_service_pb2,
    message_pb2,
    message_service_pb2,
)
from tests.support.api_client import (
    DOWN,
    ApiClient,
    Failure,
    Reference,
    by_id,
    failing,
    failure_of,
    group,
    single,
    system,
    text_message,
    texts,
)
from tests.support.contract_calls import METHODS, valid_fields
from tests.support.fixtures import NewDatabase
from tests.support.server_process import RunningServer, start_server

_EVENTS = event_service_pb2.DESCRIPTOR.services_by_name["EventService"]
ALL_METHODS: Final[dict[str, MethodDescriptor]] = METHODS | {method.name: method for method in _EVENTS.methods}

USER_IDS: Final = {
    "ImportedMessage.sender_id",
    "Member.user_id",
    "MessageFilter.sender_ids",
    "Mentions.user_ids",
    "NewMember.user_id",
    "RemoveMembersRequest.user_ids",
    "SendItem.sender_id",
    "ConversationTarget.recipient_id",
    *(f"{method.input_type.name}.user_id" for method in ALL_METHODS.values()),
}
"""Fields of requests that hold user ids."""

CONVERSATION_IDS: Final = {"ConversationReference.conversation_id", "ConversationFilter.conversation_ids"}
"""Fields of requests that hold conversation ids."""

TARGET: Final = "ConversationTarget.id"
"""The field that holds a user id where the target is a user."""

NO_USER_IDS: Final = {
    "AttributesEntry.key",
    "AttributesEntry.value",
    "BatchGetMessagesRequest.message_ids",
    "Consistency.at_least_as_fresh",
    "ConversationProperties.name",
    "ConversationSettings.draft",
    "ConversationSettings.marks",
    "CustomContent.data",
    "CustomContent.type",
    "DeleteMessagesRequest.message_ids",
    "FieldMask.paths",
    "FieldsEntry.key",
    "GetMessageRequest.message_id",
    "HistoryStart.message_id",
    "ListConversationsRequest.page_token",
    "ListEventsRequest.resume_token",
    "ListMembersRequest.page_token",
    "ListMessagesRequest.page_token",
    "ListReadersRequest.message_id",
    "ListReadersRequest.page_token",
    "LocationContent.address",
    "MarkConversationReadRequest.up_to_message_id",
    "MarkConversationUnreadRequest.from_message_id",
    "MediaContent.mime_type",
    "MediaContent.name",
    "MediaContent.thumbnail_url",
    "MediaContent.url",
    "OutgoingMessage.client_message_id",
    "OutgoingMessage.fallback_text",
    "TextContent.text",
    "Value.string_value",
    "WatchEventsRequest.resume_token",
}
"""The other fields of requests with texts or bytes."""

CLUB: Final = group("Club")
_TEXTS: Final = (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES)
_WAYS: Final = itertools.cycle([str.upper, str.title, str.swapcase])


@pytest.fixture(scope="module")
def folding(new_database: NewDatabase) -> Iterator[RunningServer]:
    """A server that folds case."""
    server = start_server(new_database(), "--user-id-case", "fold")
    yield server
    assert server.stop() == 0


@pytest.fixture
def api(folding: RunningServer) -> Iterator[ApiClient]:
    """A client of the server that folds case."""
    with grpc.insecure_channel(folding.target) as channel:
        yield ApiClient(channel)


def test_every_text_in_a_request_is_known_to_hold_user_ids_or_not() -> None:
    found = {_short(field) for method in ALL_METHODS.values() for field in _text_fields(method.input_type, set())}
    known = USER_IDS | CONVERSATION_IDS | {TARGET} | NO_USER_IDS
    assert found - known == set(), "say of these whether they hold user ids"
    assert known - found == set(), "these are in no request"


def test_every_rpc_when_ids_are_mixed_case_then_answers_as_with_lower_case(new_database: NewDatabase) -> None:
    """Two servers get the same calls: a common one with ids in lower case, and one that folds with ids in any."""
    servers = [start_server(new_database(), "--user-id-case", case) for case in ("exact", "fold")]
    try:
        with grpc.insecure_channel(servers[0].target) as plain, grpc.insecure_channel(servers[1].target) as mixing:
            lower, mixed = _Caller(plain, mixes=False), _Caller(mixing, mixes=True)
            for name, make in _calls():
                expected, answered = lower.call(name, make(lower)), mixed.call(name, make(mixed))
                assert answered == expected, name
            assert lower.succeeded == mixed.succeeded == set(ALL_METHODS)
            assert mixed.changed == USER_IDS | CONVERSATION_IDS | {TARGET}
    finally:
        statuses = [server.stop() for server in servers]
    assert statuses == [0, 0]


class _Caller:
    """Makes calls on one server, and answers what it answered without what is random or a time.

    Args:
        channel: a connection to the server.
        mixes: whether the user ids of requests are written in mixed case.

    Attributes:
        message_ids: the ids of messages that were sent, in order.
        tokens: the newest page token of each method, and the first resume token.
        succeeded: the methods that answered without an error.
        changed: the fields whose user ids were written in mixed case.
    """

    def __init__(self, channel: grpc.Channel, *, mixes: bool) -> None:
        self._api = ApiClient(channel)
        self._mixes = mixes
        self.message_ids: list[str] = []
        self.tokens: dict[str, str] = {}
        self.succeeded: set[str] = set()
        self.changed: set[str] = set()

    def call(self, name: str, fields: dict[str, Any]) -> object:
        method = ALL_METHODS[name]
        request = message_factory.GetMessageClass(method.input_type)(**fields)
        if self._mixes:
            self._mix(request)
        stubs = {"Conversation": self._api.conversations, "Message": self._api.messages}
        stubs |= {"Event": self._api.events, "User": self._api.users}
        stub = getattr(stubs[method.containing_service.name.removesuffix("Service")], name)
        try:
            made = stub(iter([request]) if method.client_streaming else request)
            answers = _taken(made) if method.server_streaming else [made]
        except grpc.RpcError as error:
            return failure_of(error)
        self.succeeded.add(name)
        for answer in answers:
            self._keep(name, answer)
        return [_comparable(answer) for answer in answers]

    def _keep(self, name: str, answer: Any) -> None:
        if name == "SendMessage":
            self.message_ids.append(answer.message.message_id)
        if getattr(answer, "next_page_token", ""):
            self.tokens[name] = answer.next_page_token
        if getattr(answer, "resume_token", ""):
            self.tokens.setdefault("resume", answer.resume_token)

    def _mix(self, message: Message) -> None:
        """Write all user ids of a request in mixed case."""
        for field, value in message.ListFields():
            short = _short(field)
            is_user = short in USER_IDS
            if short == TARGET:
                is_user = message.type <= conversation_pb2.CONVERSATION_TYPE_SINGLE  # type: ignore[attr-defined]
            change: Callable[[str], str] | None = _mixed if is_user else None
            change = _mixed_conversation if short in CONVERSATION_IDS else change
            if change is not None:
                if field.is_repeated:
                    value[:] = [change(one) for one in value]
                else:
                    setattr(message, field.name, change(value))
                self.changed.add(short)
            elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
                for inner in value if field.is_repeated else [value]:
                    self._mix(inner)


def _calls() -> Iterator[tuple[str, Callable[[_Caller], dict[str, Any]]]]:
    """Yield calls that together reach every method and every field with user ids; destructive ones come last."""
    pair, computed, notices = single("bob"), by_id("s:ann:bob"), by_id("y:Notices:ann")
    mentioning = {"kind": message_pb2.MENTION_KIND_USER, "user_ids": ["ann"]}
    yield "CreateConversation", lambda _: {"user_id": "ann", "target": CLUB.target, "members": [{"user_id": "bob"}]}
    yield "ListEvents", lambda _: {"user_id": "ann"}
    for user, at in [("ann", pair), ("bob", by_id("s:ann:bob")), ("zoë", single("ann")), ("ann", by_id("s:ann:zoë"))]:
        yield "SendMessage", _fields(user_id=user, conversation=at, message=text_message(client_message_id="1"))
        yield "SendMessage", _fields(user_id=user, conversation=at, message=text_message(client_message_id="1"))
    yield "SendMessage", _fields(user_id="bob", conversation=CLUB, message=text_message(mentions=mentioning))
    for at in (system("Notices", "ann"), notices):
        yield "SendMessage", _fields(user_id="desk", conversation=at, message=text_message(), as_service=True)
    items = [{"conversation": single("ann"), "message": text_message(), "sender_id": name} for name in ("bob", "cid")]
    yield "BatchSendMessages", _fields(user_id="desk", items=items, as_service=True)
    for name in ("WatchEvents", "ListEvents"):
        yield name, lambda caller: {"user_id": "ann", "resume_token": caller.tokens["resume"]}
    yield "ListConversations", _fields(user_id="ann", page_size=1)
    yield "ListConversations", _next_page("ListConversations", {"user_id": "ann", "page_size": 1})
    only = {"conversation_ids": ["s:ann:bob", "g:Club", "y:Notices:ann"]}
    yield "ListConversations", _fields(user_id="ann", filter=only)
    yield "StreamConversations", _fields(user_id="ann", filter=only)
    for at in (pair, computed):
        history = {"user_id": "ann", "conversation": at, "page_size": 1, "filter": {"sender_ids": ["bob", "ann"]}}
        yield "ListMessages", _fields(**history)
        yield "ListMessages", _next_page("ListMessages", history)
    yield "ListMembers", _fields(user_id="ann", conversation=CLUB, page_size=1)
    yield "ListMembers", _next_page("ListMembers", {"user_id": "ann", "conversation": CLUB, "page_size": 1})
    for at in (CLUB, pair, computed, notices):
        for name in sorted(ALL_METHODS, key=lambda name: (name.startswith(("Delete", "Clear", "Remove")), name)):
            if name in ("CreateConversation", "WatchEvents"):
                continue
            yield name, _valid(name, at)
            yield "ListConversations", _fields(user_id="ann")
    for name in ("DeleteConversation", "ListConversations", "GetUnreadSummary"):
        yield name, _fields(user_id="bob", **valid_fields(name, pair))


def _fields(**fields: Any) -> Callable[[_Caller], dict[str, Any]]:
    return lambda _: fields


def _next_page(name: str, fields: dict[str, Any]) -> Callable[[_Caller], dict[str, Any]]:
    return lambda caller: fields | {"page_token": caller.tokens[name]}


def _valid(name: str, at: Reference) -> Callable[[_Caller], dict[str, Any]]:
    def fields(caller: _Caller) -> dict[str, Any]:
        known = valid_fields(name, at, message_id=caller.message_ids[0], other="cid") if name in METHODS else {}
        return {"user_id": "ann", **known}

    return fields


def _mixed(user_id: str) -> str:
    return next(_WAYS)(user_id)


def _mixed_conversation(conversation_id: str) -> str:
    letter, *parts = conversation_id.split(":")
    if letter == "s":
        return ":".join(["s", *sorted(map(_mixed, parts))])
    if letter == "y":
        return f"y:{parts[0]}:{_mixed(parts[1])}"
    return conversation_id


def _taken(answers: Any) -> list[Any]:
    """All answers of a stream, of a watch those up to the first events."""
    taken = []
    for answer in answers:
        taken.append(answer)
        if isinstance(answer, event_service_pb2.WatchEventsResponse) and answer.events:
            answers.cancel()
            break
    return taken


def _comparable(answer: Message) -> Message:
    """Clear times, and of tokens and message ids what is random, in an answer and the messages in it."""
    for field, value in answer.ListFields():
        if field.message_type is not None and field.message_type.full_name == Timestamp.DESCRIPTOR.full_name:
            answer.ClearField(field.name)
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for inner in value if field.is_repeated else [value]:
                _comparable(inner)
        elif field.name.endswith("_token"):
            setattr(answer, field.name, "some")
        elif field.name.endswith("message_id") and "-" in value:
            setattr(answer, field.name, value.partition("-")[2])
        elif field.name.endswith("message_ids"):
            value[:] = [one.partition("-")[2] for one in value]
    return answer


def _text_fields(descriptor: Descriptor, known: set[str]) -> Iterator[FieldDescriptor]:
    if descriptor.full_name not in known:
        known.add(descriptor.full_name)
        for field in descriptor.fields:
            if field.type in _TEXTS:
                yield field
            elif field.message_type is not None:
                yield from _text_fields(field.message_type, known)


def _short(field: Any) -> str:
    return f"{field.containing_type.name}.{field.name}"


def test_client_message_id_when_sent_by_ann_and_by_Ann_is_one_message(api: ApiClient) -> None:
    first = api.send("ann-1", single("Bob-1"), client_message_id="1")
    again = api.messages.SendMessage(
        message_service_pb2.SendMessageRequest(
            user_id="ANN-1", conversation=single("bob-1"), message=text_message(client_message_id="1")
        )
    )
    assert again.duplicate
    assert again.message == first
    assert (first.conversation_id, first.sender_id) == ("s:ann-1:bob-1", "ann-1")


@pytest.mark.parametrize(
    ("written", "user", "folded"),
    [
        ("s:Ann:Bob", "ann", "s:ann:bob"),
        # The order of the ids as written, and that of the folded ones.
        ("s:Zed:ann", "ann", "s:ann:zed"),
        ("s:ann:Zed", "ann", "s:ann:zed"),
        ("s:A%3AB:c", "c", "s:a%3Ab:c"),
        ("s:STRASSE:straße", "strasse", "s:strasse:strasse"),
        ("y:Notices:Ann", "ann", "y:Notices:ann"),
        ("g:Team", "ann", "g:Team"),
        ("r:Room", "ann", "r:Room"),
    ],
)
def test_conversation_id_when_computed_in_mixed_case_then_names_the_folded_conversation(
    api: ApiClient, written: str, user: str, folded: str
) -> None:
    assert api.open(user.upper(), by_id(written)).conversation_id == folded


@pytest.mark.parametrize("conversation_id", ["s:bob:Ann", "s:bob:ann", "s:A%3aB:c", "S:ann:bob", "s:%41:b"])
def test_conversation_id_when_nothing_encodes_to_it_then_malformed(api: ApiClient, conversation_id: str) -> None:
    failed = failing(api.look, "ann", by_id(conversation_id))
    assert failed == Failure(grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED", "conversation.conversation_id")


def test_id_when_folding_changes_its_length_then_the_folded_form_is_limited(api: ApiClient) -> None:
    longer, shorter = "ŉ" * 128, "\u212a" * 256
    assert (len(longer.encode()), len(longer.casefold().encode())) == (256, 384)
    assert (len(shorter.encode()), shorter.casefold()) == (768, "k" * 256)
    failed = failing(api.listed, longer)
    assert failed == Failure(grpc.StatusCode.INVALID_ARGUMENT, "TOO_LONG", "user_id")
    assert api.send(shorter, single("bob")).sender_id == "k" * 256


def test_ids_of_groups_and_sources_when_they_differ_in_case_are_different(api: ApiClient) -> None:
    api.send("ann-2", group(api.create_group("ann-2", "Case").target_id), "in Case")
    api.send("ann-2", group(api.create_group("ann-2", "case").target_id), "in case")
    assert texts(api.walk("Ann-2", group("Case"), DOWN)) == ["in Case"]


def test_members_when_two_differ_only_in_case_then_given_twice(api: ApiClient) -> None:
    api.create_group("ann-3", "of 3", ["bob"])
    with pytest.raises(grpc.RpcError) as raised:
        api.remove("ann-3", group("of 3"), ["Bob", "bob"])
    assert failure_of(raised.value) == Failure(grpc.StatusCode.INVALID_ARGUMENT, "DUPLICATE_VALUE", "user_ids[1]")
