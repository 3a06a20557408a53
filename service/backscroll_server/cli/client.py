"""Shared parts of the commands that call a server: connection, errors, conversation names, paging, display."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
import grpc
from google.protobuf import any_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2_grpc,
    event_service_pb2_grpc,
    message_pb2,
    message_service_pb2,
    message_service_pb2_grpc,
    user_service_pb2_grpc,
)
from backscroll_server.cli.connection import Connection
from backscroll_server.domain import limits

CALL_SECONDS = 60
"""Time limit of one unary call, in seconds.

It is far more than any call needs, and keeps a server that hangs from hanging the command.
"""

_PREFIXES = {
    "single": conversation_pb2.CONVERSATION_TYPE_SINGLE,
    "group": conversation_pb2.CONVERSATION_TYPE_GROUP,
    "room": conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM,
    "system": conversation_pb2.CONVERSATION_TYPE_SYSTEM,
}
# C0 and C1 controls could drive the terminal; the bidirectional ones could make a line read as another.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Client:
    """The stubs of the four services, over one connection to a server."""

    conversations: conversation_service_pb2_grpc.ConversationServiceStub
    """Stub of `ConversationService`."""
    messages: message_service_pb2_grpc.MessageServiceStub
    """Stub of `MessageService`."""
    events: event_service_pb2_grpc.EventServiceStub
    """Stub of `EventService`."""
    users: user_service_pb2_grpc.UserServiceStub
    """Stub of `UserService`."""


@contextmanager
def connect(connection: Connection) -> Iterator[Client]:
    """Open a connection to a server for the block; it is made with the first call, and closed after the block.

    Args:
        connection: How to reach the server.

    Yields:
        The stubs of the server's services.

    Raises:
        click.ClickException: Where a call in the block fails; its text is the line of `describe_error`, and the command
            ends with exit code 1.
    """
    with connection.open() as channel:
        try:
            yield Client(
                conversation_service_pb2_grpc.ConversationServiceStub(channel),
                message_service_pb2_grpc.MessageServiceStub(channel),
                event_service_pb2_grpc.EventServiceStub(channel),
                user_service_pb2_grpc.UserServiceStub(channel),
            )
        except grpc.RpcError as error:
            raise click.ClickException(describe_error(error, connection)) from error


def describe_error(error: grpc.RpcError, connection: Connection) -> str:
    """Return one line that describes a failed call, as `STATUS REASON: text (field PATH)`.

    Args:
        error: The error of the call.
        connection: How the server was called. The line has its address, in place of a reason, where the error has no
            reason, as that of a server that cannot be reached; and what to do where only one side speaks TLS.
    """
    if not isinstance(error, grpc.Call):
        return printable(str(error))
    status = error.code().name
    reason, field = "", ""
    for detail in _details_of(error):
        info, fault = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = f" {info.reason}"
        elif detail.Unpack(fault) and fault.field_violations:
            field = f" (field {fault.field_violations[0].field})"
    text = error.details() or "no text"
    if not reason:
        text = f"{text} (from {connection.target})"
        if error.code() is grpc.StatusCode.UNAVAILABLE and (advice := connection.advice()):
            text = f"{text}. {advice}"
    return printable(f"{status}{reason}: {text}{field}")


def _details_of(error: grpc.Call) -> list[any_pb2.Any]:
    try:
        status = rpc_status.from_call(error)
    except ValueError:
        # Some proxy wrote details that do not belong to the status; the plain status is still worth showing.
        return []
    return list(status.details) if status else []


def parse_conversation(name: str) -> conversation_pb2.ConversationReference:
    """Return the reference to a conversation for a name that a person typed.

    Args:
        name: `single:USER`, `group:SOURCE`, `room:SOURCE` or `system:SOURCE`; any other text is a conversation id.
    """
    prefix, colon, target = name.partition(":")
    if colon and prefix in _PREFIXES:
        return conversation_pb2.ConversationReference(
            target=conversation_pb2.ConversationTarget(type=_PREFIXES[prefix], id=target)
        )
    return conversation_pb2.ConversationReference(conversation_id=name)


def walk_up(
    client: Client, user: str, conversation: conversation_pb2.ConversationReference, *, limit: int, first_page: int = 50
) -> Iterator[message_pb2.Message]:
    """Yield the messages of a conversation, newest first, tombstones included; read page by page as they are taken.

    Args:
        client: The stubs to call.
        user: The user whose view of the history is read.
        conversation: The conversation to read.
        limit: The most messages to yield.
        first_page: The most messages of the first page; later pages have as many as the server allows.

    Raises:
        grpc.RpcError: Where a call fails.
    """
    request = message_service_pb2.ListMessagesRequest(
        user_id=user,
        conversation=conversation,
        direction=message_service_pb2.SEARCH_DIRECTION_UP,
        page_size=min(limit, first_page),
        include_tombstones=True,
    )
    while limit > 0:
        page = client.messages.ListMessages(request, timeout=CALL_SECONDS)
        yield from page.messages[:limit]
        limit -= len(page.messages)
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token
        request.page_size = max(1, min(limit, limits.HISTORY_PAGE_MAX))


def one_line(message: message_pb2.Message) -> str:
    """Return the content of a message as one printable line: its text, or what stands for another kind of content.

    That is the sender's fallback text, or else a summary in square brackets. There is one for each kind, for a kind
    that this version does not know, and for a tombstone.
    """
    if message.HasField("tombstone"):
        return printable(f"[recalled by {message.tombstone.deleted_by}]")
    content = message.content
    match content.WhichOneof("kind"):
        case "text":
            shown = content.text.text
        case _ if message.fallback_text:
            shown = message.fallback_text
        case "custom":
            shown = f"[{content.custom.type}, {len(content.custom.data)} bytes]"
        case "location":
            place = f"{content.location.latitude:.5f}, {content.location.longitude:.5f}"
            shown = f"[location {place} {content.location.address}".rstrip() + "]"
        case "media":
            shown = f"[{content.media.mime_type or 'media'} {content.media.name or content.media.url}]"
        case "structured":
            shown = f"[structure with {', '.join(sorted(content.structured.fields)) or 'nothing'}]"
        case _:
            shown = "[content of an unknown kind]" if message.HasField("content") else "[no content]"
    return printable(shown)


def value_name(message: Message, field: str) -> str:
    """Return the value of an enum field in words, as `recalled` for `DELETION_REASON_RECALLED`.

    Returns:
        The words; `unknown (NUMBER)` for a value that this version does not know.

    Raises:
        TypeError: Where the field has no enum.
    """
    enum = message.DESCRIPTOR.fields_by_name[field].enum_type
    if enum is None:
        raise TypeError(f"{field} has no enum")
    names, number = enum.values_by_number, getattr(message, field)
    if number not in names:
        return f"unknown ({number})"
    return names[number].name.removeprefix(names[0].name.removesuffix("UNSPECIFIED")).replace("_", " ").lower()


def shown_time(message: message_pb2.Message) -> str:
    """Return the time of a message in UTC, as `2004-12-25 03:41:00`; of an imported message, its original time."""
    time = message.original_time if message.HasField("original_time") else message.create_time
    return f"{time.ToDatetime():%Y-%m-%d %H:%M:%S}"


def printable(text: str) -> str:
    r"""Return a text as one line that cannot control the terminal.

    Control characters, line separators and characters that change the direction of text become escapes, as `\x1b`.
    """
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
