"""Shared parts of the client commands: connection, errors, conversation names, paged reading."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2_grpc,
    event_service_pb2_grpc,
    message_pb2,
    message_service_pb2,
    message_service_pb2_grpc,
)
from backscroll_server.domain import limits

target_option = click.option(
    "--target", default="127.0.0.1:50051", show_default=True, metavar="HOST:PORT", help="The server to call."
)

CALL_SECONDS = 60
"""Time limit of one unary call: far more than any needs, so that a server that hangs does not hang the command."""

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
    """The stubs over one channel."""

    conversations: conversation_service_pb2_grpc.ConversationServiceStub
    """ConversationService."""
    messages: message_service_pb2_grpc.MessageServiceStub
    """MessageService."""
    events: event_service_pb2_grpc.EventServiceStub
    """EventService."""


@contextmanager
def connect(target: str) -> Iterator[Client]:
    """Connect to a server, without waiting for it.

    Args:
        target: HOST:PORT.

    Yields:
        The stubs.

    Raises:
        click.ClickException: For any call inside that failed: one line, and exit code 1.
    """
    with grpc.insecure_channel(target) as channel:
        try:
            yield Client(
                conversation_service_pb2_grpc.ConversationServiceStub(channel),
                message_service_pb2_grpc.MessageServiceStub(channel),
                event_service_pb2_grpc.EventServiceStub(channel),
            )
        except grpc.RpcError as error:
            raise click.ClickException(describe_error(error, target)) from error


def describe_error(error: grpc.RpcError, target: str) -> str:
    """Say in one line what failed: `STATUS REASON: text (field PATH)`.

    Args:
        error: Of any call.
        target: The server called, named where the error did not come from Backscroll but from the way to it.
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
        text = f"{text} (from {target})"
    return printable(f"{status}{reason}: {text}{field}")


def _details_of(error: grpc.Call) -> list[any_pb2.Any]:
    try:
        status = rpc_status.from_call(error)
    except ValueError:
        # Some proxy wrote details that do not belong to the status; the plain status is still worth showing.
        return []
    return list(status.details) if status else []


def parse_conversation(name: str) -> conversation_pb2.ConversationReference:
    """Read what a person typed: `single:bob`, `group:ubuntu`, `room:lobby`, `system:billing`, or an id."""
    prefix, colon, target = name.partition(":")
    if colon and prefix in _PREFIXES:
        return conversation_pb2.ConversationReference(type=_PREFIXES[prefix], target_id=target)
    return conversation_pb2.ConversationReference(conversation_id=name)


def walk_up(
    client: Client, user: str, conversation: conversation_pb2.ConversationReference, *, limit: int, first_page: int = 50
) -> Iterator[message_pb2.Message]:
    """Read a history from its newest message on, newest first, tombstones included.

    Args:
        client: The connection.
        user: The reader.
        conversation: The conversation to read.
        limit: The greatest number of messages.
        first_page: The size of the first page; every later page is a full one.
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
    """Show a message's content in one line, in short where it is not text."""
    if message.HasField("tombstone"):
        return printable(f"[recalled by {message.tombstone.deleted_by}]")
    content = message.content
    match content.WhichOneof("kind"):
        case "text":
            shown = content.text.text
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
            shown = "[no content]"
    return printable(shown)


def shown_time(message: message_pb2.Message) -> str:
    """Show when a message was written (UTC): at its origin, for an imported one."""
    time = message.original_time if message.HasField("original_time") else message.create_time
    return f"{time.ToDatetime():%Y-%m-%d %H:%M:%S}"


def printable(text: str) -> str:
    r"""Make a text one line that cannot steer the terminal: control characters become escapes as `\x1b`."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
