"""Importing 196,127 real messages: all of them paged in both directions, and the import killed half-way."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import grpc
import pytest

from backscroll.v1 import (
    conversation_service_pb2,
    conversation_service_pb2_grpc,
    message_pb2,
    message_service_pb2,
)
from backscroll_server.cli.client import Client, connect
from backscroll_server.cli.connection import Connection
from backscroll_server.cli.irc.files import find_log_files
from tests.integration.cli.irc.imported_content import (
    USER,
    content_of,
    expected_content,
    expected_values,
    group,
    import_files,
    last_line,
)
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server

REPOSITORY = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("BACKSCROLL_IRC_DATA", REPOSITORY.parent / "shared" / "data" / "ubuntu-irc"))
needs_data = pytest.mark.skipif(
    not (DATA / "train-raw.tar.xz").is_file(),
    reason="the Ubuntu IRC logs are not there: set BACKSCROLL_IRC_DATA to the folder of their train-raw.tar.xz",
)


@contextmanager
def import_process(target: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "backscroll_server", "import", "irc", str(DATA / "train-raw.tar.xz")]
    with subprocess.Popen(
        [*command, "--target", target], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_sequence(target: str, sequence: int, importing: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and importing.poll() is None:
        with grpc.insecure_channel(target) as channel:
            stub = conversation_service_pb2_grpc.ConversationServiceStub(channel)
            request = conversation_service_pb2.GetConversationRequest(user_id=USER, conversation=group("ubuntu"))
            try:
                if stub.GetConversation(request, timeout=PATIENCE_SECONDS).conversation.last_sequence >= sequence:
                    return
            except grpc.RpcError as error:
                if not isinstance(error, grpc.Call) or error.code() is not grpc.StatusCode.NOT_FOUND:
                    raise
        time.sleep(0.05)
    pytest.fail(f"the import ended or hung before message {sequence}")


@pytest.mark.slow
@needs_data
def test_ubuntu_logs_when_imported_are_paged_exactly_once_in_both_directions(new_database: NewDatabase) -> None:
    running = start_server(new_database())
    try:
        result = import_files(running.target, "ubuntu", DATA / "train-raw.tar.xz")
        assert result.exit_code == 0, result.output
        assert result.output.startswith(
            "220463 lines in 153 files: 196127 messages to import, 452 actions passed over, 22869 joins, leaves and "
            "renames, 948 notices, 67 odd lines\n"
        )
        assert last_line(result).startswith("imported 196127 messages (0 already there) by 15731 senders, ")
        expected = expected_content(find_log_files([DATA / "train-raw.tar.xz"]))
        with connect(Connection(running.target)) as client:
            down = list(walk(client, message_service_pb2.SEARCH_DIRECTION_DOWN))
            up = list(walk(client, message_service_pb2.SEARCH_DIRECTION_UP))
        assert [expected_values(message) for message in down] == expected.messages
        assert up == down[::-1]
        assert all(one.create_time.ToMicroseconds() < two.create_time.ToMicroseconds() for one, two in pairwise(down))
    finally:
        running.stop()


def walk(client: Client, direction: message_service_pb2.SearchDirection) -> Iterator[message_pb2.Message]:
    request = message_service_pb2.ListMessagesRequest(
        user_id=USER, conversation=group("ubuntu"), direction=direction, page_size=50
    )
    while True:
        page = client.messages.ListMessages(request)
        yield from page.messages
        if not page.next_page_token:
            return
        assert len(page.messages) == 50
        request.page_token = page.next_page_token


@pytest.mark.slow
@needs_data
def test_ubuntu_logs_when_importer_and_server_are_killed_half_way_end_the_same(new_database: NewDatabase) -> None:
    database = new_database()
    running = start_server(database)
    try:
        with import_process(running.target) as importing:
            wait_for_sequence(running.target, 65_000, importing)
            importing.kill()
        with import_process(running.target) as importing:
            wait_for_sequence(running.target, 130_000, importing)
            running.kill()
            output, _ = importing.communicate(timeout=PATIENCE_SECONDS)
        assert importing.returncode == 1
        assert output.splitlines()[-1].startswith("Error: UNAVAILABLE: ")
        running = start_server(database)
        with import_process(running.target) as importing:
            output, _ = importing.communicate(timeout=300)
        assert importing.returncode == 0, output
        assert content_of(running.target, "ubuntu") == expected_content(find_log_files([DATA / "train-raw.tar.xz"]))
    finally:
        running.stop()
