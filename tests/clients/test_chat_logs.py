"""A Go client gets each of 196,127 real messages once and in order: imported ones by paging, sent ones by a watch."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest

from backscroll.v1 import message_service_pb2
from backscroll_server.cli.irc.files import find_log_files
from backscroll_server.cli.irc.plan import LogMessage, messages_of
from backscroll_server.domain.limits import MEMBERS_PER_CALL
from tests.clients.runners import TOOLS, built
from tests.clients.targets import Target
from tests.integration.cli.irc.imported_content import USER, group, import_files
from tests.integration.cli.irc.test_real_logs import DATA, needs_data
from tests.support.api_client import DOWN, ApiClient, text_message
from tests.support.commands import ROOT, run, skip_without
from tests.support.fixtures import Ids
from tests.support.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.toolchains, pytest.mark.slow, needs_data]

LOGS = DATA / "train-raw.tar.xz"
COUNT = 196_127
BATCH = 500
LAST = "last"


@pytest.fixture(scope="module")
def program() -> str:
    """The Go client's path."""
    skip_without(TOOLS["go"])
    (path,) = built(ROOT / "tests/clients/go_history/build.sh")
    return path


@pytest.fixture(scope="module")
def logged() -> list[LogMessage]:
    """The messages of the logs, in order."""
    entries = messages_of(find_log_files([LOGS]), include_actions=False)
    return [entry for entry in entries if isinstance(entry, LogMessage)]


@contextmanager
def watching(program: str, target: Target, user: str, log: Path) -> Iterator[Future[str]]:
    """A watch of the Go client that has begun; the future is what it prints up to its end."""
    command = [program, target.address, user, "watch", LAST]
    with (
        log.open("w", encoding="utf-8") as errors,
        ThreadPoolExecutor(1) as threads,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "watching\n", log.read_text(encoding="utf-8")
            yield threads.submit(process.stdout.read)
        finally:
            process.kill()


def export(api: ApiClient, user: str, source_id: str) -> Iterator[tuple[str, str]]:
    """The message id and the client message id of each message of a group, the oldest first, in one stream."""
    request = message_service_pb2.StreamMessagesRequest(user_id=user, conversation=group(source_id), direction=DOWN)
    for part in api.messages.StreamMessages(request):
        for message in part.messages:
            yield message.message_id, message.client_message_id


def add(api: ApiClient, owner: str, source_id: str, members: list[str]) -> None:
    """Adds members to a group."""
    for start in range(0, len(members), MEMBERS_PER_CALL):
        api.add(owner, group(source_id), members[start : start + MEMBERS_PER_CALL])


def send(api: ApiClient, source_id: str, messages: list[LogMessage]) -> Iterator[message_service_pb2.SentMessage]:
    """Sends messages in batches, each in the name of its sender; answers what the server assigned to each."""
    for start in range(0, len(messages), BATCH):
        items = [
            message_service_pb2.SendItem(
                conversation=group(source_id),
                sender_id=message.said.nick,
                message=text_message(message.said.text, client_message_id=message.client_message_id),
            )
            for message in messages[start : start + BATCH]
        ]
        request = message_service_pb2.BatchSendMessagesRequest(user_id=USER, items=items, as_service=True)
        for result in api.messages.BatchSendMessages(request).results:
            assert result.HasField("message"), result
            yield result.message


def test_imported_logs_are_paged_by_a_go_client_exactly_once_in_both_directions(
    program: str, logged: list[LogMessage], open_server: Target
) -> None:
    result = import_files(open_server.address, "ubuntu", LOGS)
    assert result.exit_code == 0, result.output
    down = run(ROOT, program, open_server.address, USER, "down", "ubuntu").splitlines()
    up = run(ROOT, program, open_server.address, USER, "up", "ubuntu").splitlines()
    with grpc.insecure_channel(open_server.address) as channel:
        exported = list(export(ApiClient(channel), USER, "ubuntu"))
    assert len(set(down)) == len(down) == COUNT
    assert up == down[::-1]
    assert exported == [(id_, message.client_message_id) for id_, message in zip(down, logged, strict=True)]


def test_sent_logs_are_received_by_a_go_watch_exactly_once_and_in_order(
    program: str, logged: list[LogMessage], open_server: Target, ids: Ids, tmp_path: Path
) -> None:
    owner, member = ids.users(2)
    source_id, log = ids.group(), tmp_path / "watch.log"
    with grpc.insecure_channel(open_server.address) as channel:
        api = ApiClient(channel)
        api.create_group(owner, source_id, [member])
        add(api, owner, source_id, sorted({message.said.nick for message in logged}))
        with watching(program, open_server, member, log) as printed:
            sent = list(send(api, source_id, logged))
            api.send(owner, group(source_id), client_message_id=LAST)
            received = printed.result(PATIENCE_SECONDS).splitlines()
    assert [message.sequence for message in sent] == list(range(1, COUNT + 1))
    assert received == [message.message_id for message in sent], log.read_text(encoding="utf-8")
    assert len(set(received)) == COUNT
