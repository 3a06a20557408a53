"""`backscroll send`, `backscroll tail` and `backscroll list` against a real server."""

import re
from typing import Any

import grpc
import pytest
from click.testing import CliRunner, Result
from google.protobuf import field_mask_pb2, struct_pb2

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    deletion_pb2,
    event_service_pb2,
    event_service_pb2_grpc,
    member_pb2,
    message_pb2,
    message_service_pb2,
    user_service_pb2,
    user_service_pb2_grpc,
)
from backscroll_server.cli import list_conversations, tail, watch
from backscroll_server.cli import send as send_command
from backscroll_server.cli.client import connect, one_line, parse_conversation, printable
from backscroll_server.cli.connection import Connection
from tests.support.server_process import RunningServer


def text(value: str) -> message_pb2.Content:
    return message_pb2.Content(text=message_pb2.TextContent(text=value))


def send(
    server: RunningServer,
    sender: str,
    to: str,
    *contents: message_pb2.Content,
    mentions: message_pb2.Mentions | None = None,
) -> list[str]:
    items = [
        message_service_pb2.SendItem(
            conversation=parse_conversation(to), message=message_pb2.OutgoingMessage(content=content, mentions=mentions)
        )
        for content in contents
    ]
    request = message_service_pb2.BatchSendMessagesRequest(user_id=sender, items=items)
    with connect(Connection(server.target)) as client:
        results = client.messages.BatchSendMessages(request).results
    assert not [result.error for result in results if result.HasField("error")]
    return [result.message.message_id for result in results]


def run_tail(server: RunningServer, conversation: str, user: str, *flags: str) -> Result:
    return CliRunner().invoke(tail.command, [conversation, "--user", user, "--target", server.target, *flags])


def run_list(server: RunningServer, user: str, *flags: str) -> Result:
    return CliRunner().invoke(list_conversations.command, [user, "--target", server.target, *flags])


def test_send_when_the_conversation_is_new_or_another_message_is_sent_then_both_are_there(
    server: RunningServer,
) -> None:
    for number in (1, 2):
        sent = CliRunner().invoke(
            send_command.command,
            ["single:sent to", f"text {number}", "--user", "sent from", "--target", server.target],
        )
        assert (sent.exit_code, sent.output.partition(":")[0]) == (0, f"sent message {number} of s")
    assert run_tail(server, "single:sent from", "sent to").output.count(" text ") == 2


def test_send_when_refused_then_says_why(server: RunningServer) -> None:
    sent = CliRunner().invoke(
        send_command.command, ["group:nowhere", "text", "--user", "sent from", "--target", server.target]
    )
    assert sent.exit_code == 1
    assert "CONVERSATION_NOT_FOUND" in sent.output


def test_tail_when_short_shows_the_newest_oldest_first(server: RunningServer) -> None:
    send(server, "tail-ann", "single:tail-bob", *(text(f"hello {number}") for number in range(5)))
    result = run_tail(server, "single:tail-ann", "tail-bob", "-n", "3")
    assert result.exit_code == 0, result.output
    *lines, summary = result.output.splitlines()
    assert [line.split("  ", 2)[1:] for line in lines] == [["tail-ann", f"hello {number}"] for number in (2, 3, 4)]
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", line) for line in lines)
    assert summary == "3 messages of single:tail-ann, sequences 3 to 5"
    assert run_tail(server, "s:tail-ann:tail-bob", "tail-ann", "-n", "3").output.splitlines()[:3] == lines


def test_tail_when_longer_than_a_page_shows_all_of_it(server: RunningServer) -> None:
    send(server, "page-ann", "single:page-bob", *(text(str(number)) for number in range(120)))
    lines = run_tail(server, "single:page-bob", "page-ann", "-n", "101").output.splitlines()
    assert [line.rpartition("  ")[2] for line in lines[:-1]] == [str(number) for number in range(19, 120)]
    assert lines[-1] == "101 messages of single:page-bob, sequences 20 to 120"
    assert len(run_tail(server, "single:page-bob", "page-ann", "-n", "500").output.splitlines()) == 121


def test_tail_when_recalled_says_so(server: RunningServer) -> None:
    first, _ = send(server, "back-ann", "single:back-bob", text("wrong"), text("right"))
    with connect(Connection(server.target)) as client:
        client.messages.DeleteMessages(
            message_service_pb2.DeleteMessagesRequest(
                user_id="back-ann",
                conversation=parse_conversation("single:back-bob"),
                scope=deletion_pb2.DELETION_SCOPE_EVERYONE,
                message_ids=[first],
            )
        )
    output = run_tail(server, "single:back-ann", "back-bob").output
    assert "[recalled by back-ann]" in output
    assert "wrong" not in output


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (text("two\nlines \x1b[31m\u202e"), "two\\nlines \\x1b[31m\\u202e"),
        (message_pb2.Content(custom=message_pb2.CustomContent(type="poll", data=b"123")), "[poll, 3 bytes]"),
        (
            message_pb2.Content(location=message_pb2.LocationContent(latitude=48.2, longitude=16.37, address="Wien")),
            "[location 48.20000, 16.37000 Wien]",
        ),
        (
            message_pb2.Content(media=message_pb2.MediaContent(url="https://m.example/a", mime_type="image/png")),
            "[image/png https://m.example/a]",
        ),
        (
            message_pb2.Content(
                structured=struct_pb2.Struct(fields={"b": struct_pb2.Value(), "a": struct_pb2.Value()})
            ),
            "[structure with a, b]",
        ),
        (message_pb2.Content(), "[content of an unknown kind]"),
    ],
)
def test_content_when_shown_is_one_line_in_short(content: message_pb2.Content, shown: str) -> None:
    assert one_line(message_pb2.Message(content=content)) == shown


def test_text_when_printable_is_left_as_it_is() -> None:
    assert printable("Grüße, 世界 [bold] 🙂") == "Grüße, 世界 [bold] 🙂"


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("single:bob", {"target": {"type": "CONVERSATION_TYPE_SINGLE", "id": "bob"}}),
        ("group:a:b", {"target": {"type": "CONVERSATION_TYPE_GROUP", "id": "a:b"}}),
        ("room:x", {"target": {"type": "CONVERSATION_TYPE_CHAT_ROOM", "id": "x"}}),
        ("system:src", {"target": {"type": "CONVERSATION_TYPE_SYSTEM", "id": "src"}}),
        ("g:ubuntu", {"conversation_id": "g:ubuntu"}),
        ("s:ann:bob", {"conversation_id": "s:ann:bob"}),
    ],
)
def test_conversation_when_typed_is_an_id_or_a_type_and_target(name: str, reference: dict[str, Any]) -> None:
    assert parse_conversation(name) == conversation_pb2.ConversationReference(**reference)


def test_tail_of_what_is_not_there_fails_with_status_reason_and_field(server: RunningServer) -> None:
    result = run_tail(server, "group:nowhere", "tail-nobody")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: NOT_FOUND CONVERSATION_NOT_FOUND: .+ \(field conversation\)\n", result.output)
    malformed = run_tail(server, "no id at all", "tail-nobody")
    assert malformed.exit_code == 1
    assert re.fullmatch(r"Error: INVALID_ARGUMENT MALFORMED: .+ \(field conversation.*\)\n", malformed.output)


def test_commands_when_the_server_is_away_fail_in_one_line() -> None:
    for command, arguments in ((tail.command, ["group:x", "--user", "ann"]), (list_conversations.command, ["ann"])):
        result = CliRunner().invoke(command, [*arguments, "--target", "127.0.0.1:1"])
        assert result.exit_code == 1
        assert re.fullmatch(r"Error: UNAVAILABLE: .+ \(from 127\.0\.0\.1:1\)\n", result.output)


def test_list_when_asked_shows_unread_mentions_pin_and_last_line(server: RunningServer) -> None:
    with connect(Connection(server.target)) as client:
        client.conversations.CreateConversation(
            conversation_service_pb2.CreateConversationRequest(
                user_id="list-ann",
                target={"type": "CONVERSATION_TYPE_GROUP", "id": "list-team"},
                properties={"name": "[bold]Team"},
                members=[member_pb2.NewMember(user_id="list-bob")],
            )
        )
    mention = message_pb2.Mentions(kind=message_pb2.MENTION_KIND_USER, user_ids=["list-bob"])
    send(server, "list-ann", "group:list-team", text("hi"), text("[red]bob?"), mentions=mention)
    send(server, "list-cid", "single:list-bob", text("read this"))
    with connect(Connection(server.target)) as client:
        client.conversations.UpdateConversationSettings(
            conversation_service_pb2.UpdateConversationSettingsRequest(
                user_id="list-bob",
                conversation=parse_conversation("group:list-team"),
                update_mask=field_mask_pb2.FieldMask(paths=["pinned"]),
                settings=conversation_pb2.ConversationSettings(pinned=True),
            )
        )
        client.conversations.MarkConversationRead(
            conversation_service_pb2.MarkConversationReadRequest(
                user_id="list-bob", conversation=parse_conversation("single:list-cid")
            )
        )
    result = run_list(server, "list-bob")
    assert result.exit_code == 0, result.output
    _, pinned, other, summary = result.output.splitlines()
    assert re.fullmatch(r"g:list-team +\[bold\]Team +\* +2 +2 +\S+ \S+ list-ann: \[red\]bob\? *", pinned)
    assert re.fullmatch(r"s:list-bob:list-cid +\S+ \S+ list-cid: read this *", other)
    assert summary == "2 conversations of list-bob, 2 unread messages"
    unread = run_list(server, "list-bob", "--unread").output
    assert "g:list-team" in unread
    assert "list-cid" not in unread


def test_list_when_longer_than_a_page_shows_as_many_as_asked(server: RunningServer) -> None:
    for number in range(105):
        send(server, f"many-{number}", "single:many-ann", text("hi"))
    assert len(run_list(server, "many-ann", "-n", "103").output.splitlines()) == 105
    last = run_list(server, "many-ann", "-n", "999").output.splitlines()[-1]
    assert last == "105 conversations of many-ann, 105 unread messages"
    last = run_list(server, "many-ann").output.splitlines()[-1]
    assert last == "20 of 105 conversations of many-ann, 105 unread messages in all"
    with connect(Connection(server.target)) as client:
        client.conversations.MarkConversationRead(
            conversation_service_pb2.MarkConversationReadRequest(
                user_id="many-ann", conversation=parse_conversation("single:many-3")
            )
        )
    last = run_list(server, "many-ann", "-n", "30", "--unread").output.splitlines()[-1]
    assert last == "30 of 104 conversations of many-ann, 104 unread messages in all"


def test_list_when_nobody_wrote_is_empty_and_succeeds(server: RunningServer) -> None:
    result = run_list(server, "list-nobody")
    assert (result.exit_code, result.output) == (0, "0 conversations of list-nobody, 0 unread messages\n")


def run_watch(server: RunningServer, user: str, *flags: str) -> Result:
    return CliRunner().invoke(watch.command, [user, "--target", server.target, *flags])


def test_watch_when_resumed_shows_each_change_in_a_line(server: RunningServer) -> None:
    send(server, "watch-ann", "single:watch-bob", text("first"))
    with connect(Connection(server.target)) as client:
        events = event_service_pb2.ListEventsRequest(user_id="watch-bob")
        token = client.events.ListEvents(events).resume_token
    send(server, "watch-ann", "single:watch-bob", text("one"), text("two"))
    result = run_watch(server, "watch-bob", "--from", token, "-n", "6")
    assert result.exit_code == 0, result.output
    *lines, summary = result.output.splitlines()
    shown = [line.split("  ", 1)[1] for line in lines]
    assert shown == [
        "message received  s:watch-ann:watch-bob watch-ann: one  (notify)",
        "read position moved  s:watch-ann:watch-bob watch-ann has read to 2",
        "message received  s:watch-ann:watch-bob watch-ann: two  (notify)",
        "read position moved  s:watch-ann:watch-bob watch-ann has read to 3",
        "conversation changed  s:watch-ann:watch-bob 3 unread",
        "total unread changed  3 unread in 1 conversations, 0 muted, 0 mentions",
    ]
    assert summary.startswith("6 events of watch-bob, go on with --from ")
    send(server, "watch-ann", "single:watch-bob", text("three"))
    again = run_watch(server, "watch-bob", "--from", summary.rpartition(" ")[2], "-n", "1")
    assert "watch-ann: three" in again.output


def test_watch_when_things_go_and_members_come_shows_why_and_who(server: RunningServer) -> None:
    team = parse_conversation("group:gone-team")
    with connect(Connection(server.target)) as client:
        client.conversations.GetOrCreateConversation(
            conversation_service_pb2.GetOrCreateConversationRequest(
                user_id="gone-ann", conversation=team, members=[{"user_id": "gone-bob"}, {"user_id": "gone-dan"}]
            )
        )
        _, second, third = send(server, "gone-ann", "group:gone-team", *(text(str(number)) for number in range(3)))
        token = client.events.ListEvents(event_service_pb2.ListEventsRequest(user_id="gone-bob")).resume_token
        for user, scope, message_id in (("gone-ann", "EVERYONE", third), ("gone-bob", "SELF", second)):
            client.messages.DeleteMessages(
                message_service_pb2.DeleteMessagesRequest(
                    user_id=user, conversation=team, scope=f"DELETION_SCOPE_{scope}", message_ids=[message_id]
                )
            )
        client.messages.ClearHistory(
            message_service_pb2.ClearHistoryRequest(user_id="gone-bob", conversation=team, up_to_sequence=1)
        )
        client.conversations.AddMembers(
            conversation_service_pb2.AddMembersRequest(
                user_id="gone-ann", conversation=team, members=[member_pb2.NewMember(user_id="gone-cid")]
            )
        )
        client.conversations.UpdateMember(
            conversation_service_pb2.UpdateMemberRequest(
                user_id="gone-ann",
                conversation=team,
                member={"user_id": "gone-cid", "role": "MEMBER_ROLE_ADMIN"},
                update_mask=field_mask_pb2.FieldMask(paths=["role"]),
            )
        )
        client.conversations.RemoveMembers(
            conversation_service_pb2.RemoveMembersRequest(user_id="gone-dan", conversation=team, user_ids=["gone-dan"])
        )
        client.conversations.DeleteConversation(
            conversation_service_pb2.DeleteConversationRequest(
                user_id="gone-bob", conversation=team, scope="DELETION_SCOPE_SELF"
            )
        )
    with grpc.insecure_channel(server.target) as channel:
        user_service_pb2_grpc.UserServiceStub(channel).UpdateUserSettings(
            user_service_pb2.UpdateUserSettingsRequest(
                user_id="gone-bob",
                settings={"receive_option": "RECEIVE_OPTION_MUTED"},
                update_mask=field_mask_pb2.FieldMask(paths=["receive_option"]),
            )
        )
        changes = event_service_pb2.ListEventsRequest(user_id="gone-bob", resume_token=token)
        count = len(event_service_pb2_grpc.EventServiceStub(channel).ListEvents(changes).events)
    output = run_watch(server, "gone-bob", "--from", token, "-n", str(count)).output
    shown = [line.split("  ", 1)[1] for line in output.splitlines()[:-1]]
    reported = ("conversation changed", "conversation added", "total unread changed")
    assert [line for line in shown if not line.startswith(reported)] == [
        f"messages deleted  g:gone-team {third}, recalled for everyone",
        f"messages deleted  g:gone-team {second}, hidden for self",
        "messages deleted  g:gone-team all up to 1, hidden for self",
        "members changed  g:gone-team gone-cid joined, by gone-ann",
        "members changed  g:gone-team gone-cid is admin, by gone-ann",
        "members changed  g:gone-team gone-dan left, by gone-dan",
        "conversation removed  g:gone-team for self by gone-bob",
        "user settings changed  muted",
    ]


def test_watch_when_the_token_is_garbage_says_so(server: RunningServer) -> None:
    result = run_watch(server, "watch-bob", "--from", "garbage")
    assert result.exit_code == 1
    assert "INVALID_ARGUMENT RESUME_TOKEN_MALFORMED" in result.output
