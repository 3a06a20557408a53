"""Importing IRC logs into a real server: small logs, again, grown, and interrupted before every call."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from backscroll.v1 import (
    conversation_service_pb2_grpc,
    event_service_pb2_grpc,
    message_pb2,
    message_service_pb2,
    message_service_pb2_grpc,
    user_service_pb2_grpc,
)
from backscroll_server.cli.client import Client, connect
from backscroll_server.cli.connection import Connection
from backscroll_server.cli.irc.files import LogFile, find_log_files
from backscroll_server.cli.irc.plan import LogMessage, messages_of, segments_of
from backscroll_server.cli.irc.run import ImportRun
from tests.integration.cli.irc.imported_content import (
    USER,
    content_of,
    expected_content,
    group,
    import_files,
    last_line,
)
from tests.support.fixtures import NewDatabase
from tests.support.server_process import RunningServer, start_server

SMALL_LOG = {
    "2004-12-25.txt": """[11:58] <ann> one
=== bob [b@b.example]  has joined #small
[11:59] <bob> two
[00:01]  * bob waves
[00:01] <ann> three, the same minute
[00:01] <cid> four
=== bob [b@b.example]  has left #small []
[00:02] <ann> five
=== cid is now known as Cid
[00:03] <ann> six
=== bob [b@b.example]  has joined #small
=== dan [d@d.example]  has joined #small
=== dan [d@d.example]  has left #small []
[00:04] <Cid> seven
[00:05] <bob> \x1b[31meight
[00:05] <eve>
=== eve is now known as Eve
[00:06] <ann> nine
=== ann [a@a.example]  has left #small []
""",
    "2004-12-26.txt": """[09:00] <irc-import> ten
=== irc-import [i@i.example]  has left #small []
=== ann [a@a.example]  has joined #small
[09:01] <bob> eleven
=== bob [b@b.example]  has left #small []
""",
}
SMALL_TEXTS = "one,two,three, the same minute,four,five,six,seven,\x1b[31meight,nine,ten,eleven"
SMALL_MEMBERS = {(USER, "OWNER"), ("Cid", "MEMBER"), ("Eve", "MEMBER"), ("ann", "MEMBER")}


@pytest.fixture
def small_log(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    for name, text in SMALL_LOG.items():
        (folder / name).write_text(text)
    return folder


def test_import_when_first_stores_messages_and_members(server: RunningServer, small_log: Path) -> None:
    result = import_files(server.target, "irc-first", small_log)
    assert result.exit_code == 0, result.output
    assert last_line(result).startswith("imported 11 messages (0 already there) by 5 senders, ")
    content = content_of(server.target, "irc-first")
    assert ",".join(values[-1] for values in content.messages) == SMALL_TEXTS
    assert content.members == SMALL_MEMBERS
    assert content == expected_content(find_log_files([small_log]))


def test_import_when_case_is_folded_then_nicknames_that_differ_in_case_are_one_user(
    new_database: NewDatabase, small_log: Path
) -> None:
    folding = start_server(new_database(), "--user-id-case", "fold")
    try:
        result = import_files(folding.target, "irc-folded", small_log, flags=("--fold-case",))
        assert last_line(result).startswith("imported 11 messages (0 already there) by 4 senders, ")
        members = {(USER, "OWNER"), ("cid", "MEMBER"), ("eve", "MEMBER"), ("ann", "MEMBER")}
        assert content_of(folding.target, "irc-folded").members == members
    finally:
        status = folding.stop()
    assert status == 0


def test_import_when_run_again_changes_nothing(server: RunningServer, small_log: Path) -> None:
    import_files(server.target, "irc-again", small_log)
    content = content_of(server.target, "irc-again")
    result = import_files(server.target, "irc-again", small_log)
    assert last_line(result).startswith("imported 0 messages (11 already there) by 5 senders, 0 membership changes")
    assert content_of(server.target, "irc-again") == content


def test_import_when_the_log_grew_adds_what_is_new(server: RunningServer, tmp_path: Path) -> None:
    lines = SMALL_LOG["2004-12-25.txt"].splitlines(keepends=True)
    log = tmp_path / "2004-12-25.txt"
    for count in range(1, len(lines) + 1):
        log.write_text("".join(lines[:count]))
        assert import_files(server.target, "irc-grown", log).exit_code == 0
        assert content_of(server.target, "irc-grown") == expected_content(find_log_files([log])), f"{count} lines"


def test_import_when_the_later_file_came_first_misses_nothing(server: RunningServer, small_log: Path) -> None:
    import_files(server.target, "irc-later", small_log / "2004-12-26.txt")
    result = import_files(server.target, "irc-later", small_log)
    assert last_line(result).startswith("imported 9 messages (2 already there)")
    texts = [values[-1] for values in content_of(server.target, "irc-later").messages]
    assert sorted(texts) == sorted(values[-1] for values in expected_content(find_log_files([small_log])).messages)


def test_import_when_people_talk_meanwhile_goes_on_behind_them(server: RunningServer, small_log: Path) -> None:
    import_files(server.target, "irc-live", small_log / "2004-12-25.txt")
    with connect(Connection(server.target)) as client:
        client.messages.SendMessage(
            message_service_pb2.SendMessageRequest(
                user_id="Cid",
                conversation=group("irc-live"),
                message=message_pb2.OutgoingMessage(
                    content=message_pb2.Content(text=message_pb2.TextContent(text="live"))
                ),
            )
        )
    result = import_files(server.target, "irc-live", small_log)
    assert last_line(result).startswith("imported 2 messages (9 already there)")
    assert [values[-1] for values in content_of(server.target, "irc-live").messages][-3:] == ["live", "ten", "eleven"]
    result = import_files(server.target, "irc-live", small_log)
    assert last_line(result).startswith("imported 0 messages (11 already there)")


def test_actions_when_included_are_imported_and_marked(server: RunningServer, small_log: Path) -> None:
    result = import_files(server.target, "irc-actions", small_log, flags=("--include-actions",))
    assert last_line(result).startswith("imported 12 messages")
    with connect(Connection(server.target)) as client:
        page = client.messages.ListMessages(
            message_service_pb2.ListMessagesRequest(user_id=USER, conversation=group("irc-actions"))
        )
    marked = [(message.content.text.text, dict(message.attributes)) for message in page.messages if message.attributes]
    assert marked == [("waves", {"irc": "action"})]


def test_import_into_the_group_of_others_is_refused_in_one_line(server: RunningServer, small_log: Path) -> None:
    import_files(server.target, "irc-others", small_log, flags=("--user", "somebody"))
    result = import_files(server.target, "irc-others", small_log, flags=("--user", "stranger"))
    assert result.exit_code == 1
    assert last_line(result).startswith("Error: NOT_FOUND CONVERSATION_NOT_FOUND: ")


def test_import_when_the_server_is_away_fails_in_one_line(small_log: Path) -> None:
    result = import_files("127.0.0.1:1", "irc-away", small_log)
    assert result.exit_code == 1
    assert last_line(result).startswith("Error: UNAVAILABLE: ")


def test_import_of_files_without_date_fails_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("[00:00] <ann> hello")
    result = import_files("127.0.0.1:1", "irc-undated", tmp_path / "log.txt")
    assert result.exit_code == 1
    assert last_line(result).startswith("Error: no date ")


def test_import_of_files_without_date_when_it_is_given_dates_their_messages(
    server: RunningServer, tmp_path: Path
) -> None:
    (tmp_path / "b.txt").write_text("[00:00] <ann> second\n")
    (tmp_path / "a.txt").write_text("[23:00] <ann> first\n")
    (tmp_path / "2004-12-25.txt").write_text("[12:00] <ann> the day before\n")
    result = import_files(server.target, "irc-given", tmp_path, flags=("--date", "2004-12-26"))
    assert "without a date" not in result.output
    assert last_line(result).startswith("imported 3 messages"), result.output
    with connect(Connection(server.target)) as client:
        page = client.messages.ListMessages(
            message_service_pb2.ListMessagesRequest(user_id=USER, conversation=group("irc-given"))
        )
    shown = [(one.content.text.text, one.original_time.ToDatetime().isoformat()) for one in page.messages]
    assert sorted(shown) == [
        ("first", "2004-12-26T23:00:00"),
        ("second", "2004-12-26T00:00:00"),
        ("the day before", "2004-12-25T12:00:00"),
    ]


class Killed(Exception):  # noqa: N818 - it is no error: the process is gone
    """Stands for kill -9 between two calls."""


class DyingChannel(grpc.UnaryUnaryClientInterceptor, grpc.StreamUnaryClientInterceptor):
    """Lets some calls pass, then the process dies: before the next call, or in the middle of it if it is a stream."""

    def __init__(self, *, calls: int, chunks: int) -> None:
        self.left = calls
        self._chunks = chunks
        self.died_in_stream = False

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        self._count()
        return continuation(details, request)

    def intercept_stream_unary(self, continuation: Callable[..., Any], details: Any, requests: Iterator[Any]) -> Any:
        if not self.left and self._chunks:
            continuation(details, (chunk for chunk, _ in zip(requests, range(self._chunks), strict=False))).result()
            self.died_in_stream = True
        self._count()
        return continuation(details, requests)

    def _count(self) -> None:
        if not self.left:
            raise Killed
        self.left -= 1


def run_with(client: Client, channel: str, files: list[LogFile]) -> None:
    run = ImportRun(client, channel=channel, user=USER, chunk_size=1)
    run.open_group()
    entries = list(messages_of(files, include_actions=False))
    ids = [entry.client_message_id for entry in entries if isinstance(entry, LogMessage)]
    segments = segments_of(entries, size=3, owner=USER)
    run.import_all(segments, stored=run.count_stored(ids), on_progress=lambda _: None)


@pytest.mark.parametrize("chunks", [0, 1, 2])
def test_import_when_killed_before_any_call_or_chunk_ends_the_same(
    server: RunningServer, small_log: Path, chunks: int
) -> None:
    files = find_log_files([small_log])
    expected = expected_content(files)
    deaths = 0
    for calls in range(100):
        channel_name = f"irc-killed-{chunks}-{calls}"
        dying = DyingChannel(calls=calls, chunks=chunks)
        with grpc.insecure_channel(server.target) as plain:
            channel = grpc.intercept_channel(plain, dying)
            client = Client(
                conversation_service_pb2_grpc.ConversationServiceStub(channel),
                message_service_pb2_grpc.MessageServiceStub(channel),
                event_service_pb2_grpc.EventServiceStub(channel),
                user_service_pb2_grpc.UserServiceStub(channel),
            )
            try:
                run_with(client, channel_name, files)
            except Killed:
                if chunks and not dying.died_in_stream:
                    continue
                deaths += 1
                with connect(Connection(server.target)) as second:
                    run_with(second, channel_name, files)
                assert content_of(server.target, channel_name) == expected, f"killed after {calls} calls"
            else:
                break
    assert deaths >= (4 if chunks else 12), "the log has several segments, with joins and leaves around them"


def test_import_when_files_of_a_folder_have_no_date_then_names_them(
    server: RunningServer, small_log: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "logs"
    shutil.copytree(small_log, folder)
    (folder / "notes.txt").write_text("[00:00] <ann> not imported\n")
    result = import_files(server.target, "irc-undated", folder)
    assert result.exit_code == 0, result.output
    first = result.output.splitlines()[:2]
    assert first == [
        "passed over 1 files without a date (as 2004-12-25) in their name; --date gives theirs:",
        f"  {folder / 'notes.txt'}",
    ]
    for number in range(30):
        (folder / f"more-{number:02}.txt").write_text("")
    lines = import_files(server.target, "irc-undated", folder).output.splitlines()
    assert lines[0].startswith("passed over 31 files ")
    assert lines[20:22] == [f"  {folder / 'more-19.txt'}", "  and 11 more"]
    archive = shutil.make_archive(str(tmp_path / "logs"), "gztar", folder)
    assert f"  {archive}: ./notes.txt" not in lines
    assert "passed over 31 files" in import_files(server.target, "irc-undated", Path(archive)).output
