"""What an import of IRC logs made of a conversation, and what the logs say it must be."""

from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner, Result

from backscroll.v1 import conversation_pb2, conversation_service_pb2, member_pb2, message_pb2, message_service_pb2
from backscroll_server.cli import import_irc
from backscroll_server.cli.client import connect
from backscroll_server.cli.connection import Connection
from backscroll_server.cli.irc.files import LogFile
from backscroll_server.cli.irc.plan import messages_of, segments_of

USER = "irc-import"


class Content(NamedTuple):
    """What an import makes of a log: everything that a second import must not change."""

    messages: list[tuple[int, str, int, int, str, str]]
    members: set[tuple[str, str]]


def group(channel: str) -> conversation_pb2.ConversationReference:
    return conversation_pb2.ConversationReference(
        target=conversation_pb2.ConversationTarget(type=conversation_pb2.CONVERSATION_TYPE_GROUP, id=channel)
    )


def expected_values(message: message_pb2.Message) -> tuple[int, str, int, int, str, str]:
    return (
        message.sequence,
        message.sender_id,
        message.original_time.ToMicroseconds(),
        message.create_time.ToMicroseconds(),
        message.client_message_id,
        message.content.text.text,
    )


def content_of(target: str, channel: str) -> Content:
    with connect(Connection(target)) as client:
        parts = client.messages.StreamMessages(
            message_service_pb2.StreamMessagesRequest(
                user_id=USER,
                conversation=group(channel),
                direction=message_service_pb2.SEARCH_DIRECTION_DOWN,
                include_tombstones=True,
            )
        )
        messages = [expected_values(message) for part in parts for message in part.messages]
        members: set[tuple[str, str]] = set()
        request = conversation_service_pb2.ListMembersRequest(user_id=USER, conversation=group(channel), page_size=500)
        while True:
            page = client.conversations.ListMembers(request)
            members.update((member.user_id, role_of(member)) for member in page.members)
            if not page.next_page_token:
                return Content(messages, members)
            request.page_token = page.next_page_token


def role_of(member: member_pb2.Member) -> str:
    return member_pb2.MemberRole.Name(member.role).removeprefix("MEMBER_ROLE_")


def expected_content(files: list[LogFile]) -> Content:
    messages: list[tuple[int, str, int, int, str, str]] = []
    members = {(USER, "OWNER")}
    create_time = 0
    for segment in segments_of(messages_of(files, include_actions=False), size=10**9, owner=USER):
        for sequence, message in enumerate(segment.messages, start=1):
            original = message.said.time * 1_000_000
            create_time = max(original, create_time + 1)
            values = (sequence, message.said.nick, original, create_time, message.client_message_id, message.said.text)
            messages.append(values)
        members.update((nick, "MEMBER") for nick in set(segment.joins) - set(segment.leaves))
    return Content(messages, members)


def import_files(target: str, channel: str, *paths: Path, flags: tuple[str, ...] = ()) -> Result:
    arguments = [*map(str, paths), "--channel", channel, "--target", target, *flags]
    return CliRunner().invoke(import_irc.command, arguments)


def last_line(result: Result) -> str:
    return str(result.output.splitlines()[-1])
