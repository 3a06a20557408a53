"""The commands against a server of a later version: kinds and values that this one does not know pass through.

The server is a small one that answers every call of a method with the same bytes. What is unknown here is encoded by
hand, because the generated code has no names for it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import grpc
import pytest
from click import Command
from click.testing import CliRunner
from google.protobuf.message import Message

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    event_pb2,
    event_service_pb2,
    member_pb2,
    message_pb2,
    message_service_pb2,
    user_pb2,
)
from backscroll_server.cli import import_irc, list_conversations, tail, watch

UNKNOWN_KIND = 17
UNKNOWN_VALUE = 99
TIME = {"seconds": 1_100_000_000}
SHOWN_TIME = "2004-11-09 11:33:20"

CONVERSATIONS = "backscroll.v1.ConversationService"
MESSAGES = "backscroll.v1.MessageService"
EVENTS = "backscroll.v1.EventService"
STREAMED = frozenset({f"{EVENTS}/WatchEvents"})
STREAMING = frozenset({f"{MESSAGES}/ImportMessages"})

T = TypeVar("T", bound=Message)


def bytes_field(number: int, value: bytes) -> bytes:
    """A field of a message that holds bytes or another message, of at most 127 bytes."""
    assert number >= 16
    assert len(value) < 128
    return bytes([0x80 | (number << 3 | 2) & 0x7F, number >> 4, len(value)]) + value


def enum_field(number: int, value: int) -> bytes:
    """A field of a message that holds a small number."""
    assert number < 16
    assert value < 128
    return bytes([number << 3, value])


def with_fields(message: T, *fields: bytes) -> T:
    """The message with more fields, as it is after it came over the wire."""
    return type(message).FromString(message.SerializeToString() + b"".join(fields))


def later(response: Message) -> bytes:
    """A response of a later version, with a field that is new."""
    return with_fields(response, bytes_field(UNKNOWN_KIND, b"later")).SerializeToString()


UNKNOWN_CONTENT = message_pb2.Content.FromString(bytes_field(UNKNOWN_KIND, b"\x0a\x04poll"))


def message(sequence: int, **fields: object) -> message_pb2.Message:
    return message_pb2.Message(
        message_id=f"id-{sequence}",
        conversation_id="g:new",
        sequence=sequence,
        sender_id="ann",
        create_time=TIME,
        content=UNKNOWN_CONTENT,
        **fields,  # type: ignore[arg-type]
    )


@contextmanager
def answering(answers: dict[str, bytes]) -> Iterator[str]:
    """A server that answers calls of the methods with the bytes; yields its target."""

    def handler(method: str, answer: bytes) -> "grpc.RpcMethodHandler[bytes, bytes]":
        if method in STREAMED:
            return grpc.unary_stream_rpc_method_handler(lambda _request, _context: iter([answer]))
        if method in STREAMING:
            return grpc.stream_unary_rpc_method_handler(lambda requests, _context: (list(requests), answer)[1])
        return grpc.unary_unary_rpc_method_handler(lambda _request, _context: answer)

    server = grpc.server(ThreadPoolExecutor(2))
    for path, answer in answers.items():
        service, _, method = path.partition("/")
        handlers = {method: handler(path, answer)}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()


def lines_of(answers: dict[str, bytes], command: Command, *arguments: str) -> list[str]:
    with answering(answers) as target:
        result = CliRunner().invoke(command, [*arguments, "--target", target])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_what_is_unknown_is_encoded_so() -> None:
    assert bytes_field(UNKNOWN_KIND, b"") == b"\x8a\x01\x00"
    assert message_pb2.Content.FromString(UNKNOWN_CONTENT.SerializeToString()).WhichOneof("kind") is None
    assert UNKNOWN_CONTENT.SerializeToString() == b"\x8a\x01\x06\x0a\x04poll"
    assert bytes_field(21, b"x") == message_pb2.Message(fallback_text="x").SerializeToString()
    assert enum_field(3, 2) == event_pb2.MessagesDeleted(reason=2).SerializeToString()  # type: ignore[arg-type]


def test_tail_when_contents_are_unknown_shows_the_fallback_text_or_a_placeholder() -> None:
    page = message_service_pb2.ListMessagesResponse(
        messages=[
            message(3),
            message(2, fallback_text="Lunch?\n1. soup"),
            message(1, mentions=with_fields(message_pb2.Mentions(), enum_field(1, UNKNOWN_VALUE))),
        ]
    )
    answers = {f"{MESSAGES}/ListMessages": later(page)}
    assert lines_of(answers, tail.command, "g:new", "--user", "bob") == [
        f"{SHOWN_TIME}  ann  [content of an unknown kind]",
        f"{SHOWN_TIME}  ann  Lunch?\\n1. soup",
        f"{SHOWN_TIME}  ann  [content of an unknown kind]",
        "3 messages of g:new, sequences 1 to 3",
    ]


def test_list_when_types_roles_settings_and_contents_are_unknown_shows_the_rest() -> None:
    conversation = with_fields(
        conversation_pb2.Conversation(
            conversation_id="n:new",
            unread_count=2,
            unread_mention_count=1,
            last_message=message(7, fallback_text="Lunch?"),
            settings=with_fields(conversation_pb2.ConversationSettings(), enum_field(5, UNKNOWN_VALUE)),
            properties=with_fields(conversation_pb2.ConversationProperties(), enum_field(3, UNKNOWN_VALUE)),
        ),
        enum_field(2, UNKNOWN_VALUE),
        enum_field(7, UNKNOWN_VALUE),
        bytes_field(17, enum_field(1, 7) + enum_field(2, UNKNOWN_VALUE)),
        bytes_field(99, b"later"),
    )
    assert (conversation.type, conversation.role, conversation.settings.receive_option) == (UNKNOWN_VALUE,) * 3
    assert [mention.kind for mention in conversation.unread_mentions] == [UNKNOWN_VALUE]
    page = conversation_service_pb2.ListConversationsResponse(conversations=[conversation])
    answers = {f"{CONVERSATIONS}/ListConversations": later(page)}
    _, row, summary = lines_of(answers, list_conversations.command, "bob")
    assert row.split() == ["n:new", "2", "1", *SHOWN_TIME.split(), "ann:", "Lunch?"]
    assert summary == "1 conversations of bob, 2 unread messages"


EVENTS_SHOWN = [
    (with_fields(event_pb2.Event(), bytes_field(UNKNOWN_KIND, b"\x0a\x03new")), "unknown  "),
    (
        event_pb2.Event(message_received={"message": message(9)}),
        "message received  g:new ann: [content of an unknown kind]",
    ),
    (
        event_pb2.Event(message_received={"message": message(9, fallback_text="Lunch?")}),
        "message received  g:new ann: Lunch?",
    ),
    (
        event_pb2.Event(
            messages_deleted=with_fields(
                event_pb2.MessagesDeleted(conversation_id="g:new"),
                enum_field(2, UNKNOWN_VALUE),
                enum_field(3, UNKNOWN_VALUE),
                bytes_field(UNKNOWN_KIND, b"\x0a\x03new"),
            )
        ),
        "messages deleted  g:new unknown which, unknown (99) for unknown (99)",
    ),
    (
        event_pb2.Event(
            conversation_removed=with_fields(
                event_pb2.ConversationRemoved(conversation_id="g:new", deleted_by="ann"), enum_field(2, UNKNOWN_VALUE)
            )
        ),
        "conversation removed  g:new for unknown (99) by ann",
    ),
    (
        event_pb2.Event(
            history_changed=with_fields(
                event_pb2.HistoryChanged(conversation_id="g:new", first_sequence=2, last_sequence=3),
                enum_field(2, UNKNOWN_VALUE),
            )
        ),
        "history changed  g:new 2 to 3, unknown (99)",
    ),
    (
        event_pb2.Event(
            members_changed=event_pb2.MembersChanged(
                conversation_id="g:new",
                actor_id="ann",
                updated_members=[with_fields(member_pb2.Member(user_id="bob"), enum_field(2, UNKNOWN_VALUE))],
            )
        ),
        "members changed  g:new bob is unknown (99), by ann",
    ),
    (
        event_pb2.Event(
            user_settings_changed={"settings": with_fields(user_pb2.UserSettings(), enum_field(1, UNKNOWN_VALUE))}
        ),
        "user settings changed  unknown (99)",
    ),
]


@pytest.mark.parametrize(("event", "shown"), EVENTS_SHOWN, ids=[shown.partition("  ")[0] for _, shown in EVENTS_SHOWN])
def test_watch_when_kinds_and_values_are_unknown_shows_so_and_goes_on(event: event_pb2.Event, shown: str) -> None:
    unknown = with_fields(event, event_pb2.Event(event_time=TIME).SerializeToString())
    known = event_pb2.Event(
        event_time=TIME, read_position_moved={"conversation_id": "g:new", "reader_id": "bob", "read_sequence": 4}
    )
    response = event_service_pb2.WatchEventsResponse(events=[unknown, known], resume_token="later")
    assert lines_of({f"{EVENTS}/WatchEvents": later(response)}, watch.command, "bob", "-n", "2") == [
        f"{SHOWN_TIME}  {shown}",
        f"{SHOWN_TIME}  read position moved  g:new bob has read to 4",
        "2 events of bob, go on with --from later",
    ]


def test_import_when_answers_hold_what_is_unknown_goes_on_where_it_was(tmp_path: Path) -> None:
    log = tmp_path / "2004-12-25.txt"
    log.write_text("[00:00] <ann> one\n[00:01] <ann> two\n")
    conversation = with_fields(conversation_pb2.Conversation(), enum_field(2, UNKNOWN_VALUE))
    opened = conversation_service_pb2.GetOrCreateConversationResponse(conversation=conversation)
    first = message(1, imported=True, client_message_id="2004-12-25.txt:1")
    stored = message_service_pb2.ListMessagesResponse(messages=[first])
    imported = message_service_pb2.ImportMessagesResponse(imported_count=1)
    added = conversation_service_pb2.AddMembersResponse(added_count=1)
    answers = {
        f"{CONVERSATIONS}/GetOrCreateConversation": later(opened),
        f"{MESSAGES}/ListMessages": later(stored),
        f"{CONVERSATIONS}/AddMembers": later(added),
        f"{MESSAGES}/ImportMessages": later(imported),
    }
    assert lines_of(answers, import_irc.command, str(log))[-1].startswith("imported 1 messages (1 already there) by 1 ")
