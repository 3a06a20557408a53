"""Rates end to end: who does too much is refused, with a time to wait, and others are not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from backscroll.v1 import message_service_pb2
from backscroll_server.cli.connection import Connection
from backscroll_server.identity.service_keys import key_line, new_key
from tests.support.api_client import ApiClient, Failure, failing, failure_of, metadata_of, single, text_message
from tests.support.fixtures import Ids, NewDatabase
from tests.support.identity_files import AUDIENCE, new_signer, public_pem, token_of, write_private
from tests.support.server_process import RunningServer, start_server

RATES = {"read-rate": 1, "write-rate": 10, "export-rate": 0.5, "user-read-rate": 0.5}
"""So low that no bucket fills while a test looks, on a slow machine too."""


class Limited:
    """A server with low rates, and clients of several identities."""

    def __init__(self, folder: Path, database: str) -> None:
        self.keys, self.signer = [new_key(), new_key()], new_signer()
        lines = [key_line(name, key) for name, key in zip("ab", self.keys, strict=True)]
        keys = write_private(folder / "keys", "\n".join(lines))
        public = write_private(folder / "signer.pem", public_pem(self.signer))
        flags = [text for name, rate in RATES.items() for text in (f"--{name}", str(rate))]
        self.process: RunningServer = start_server(
            database, "--auth", "key,jwt", "--key-file", str(keys), "--jwt-key-file", str(public),
            "--jwt-audience", AUDIENCE, *flags,
        )  # fmt: skip

    def service(self, which: int = 0) -> ApiClient:
        """A client with a key."""
        return self._client(self.keys[which])

    def user(self, user: str) -> ApiClient:
        """A client with a token."""
        return self._client(token_of(self.signer, user))

    def _client(self, proof: str) -> ApiClient:
        return ApiClient(Connection(self.process.target, proof=proof).open().__enter__())


@pytest.fixture
def limited(tmp_path: Path, new_database: NewDatabase) -> Iterator[Limited]:
    started = Limited(tmp_path, new_database())
    yield started
    assert started.process.stop() == 0


def refusal(api: ApiClient, user: str) -> Any:
    """The first refusal of reads, one after the other."""
    for _ in range(1000):
        try:
            api.listed(user)
        except grpc.RpcError as error:
            return error
    pytest.fail("nothing was refused")


def seconds_to_wait(error: Any) -> int:
    """Return the time to wait that `RetryInfo` has, in seconds."""
    info = error_details_pb2.RetryInfo()
    status = rpc_status.from_call(error)
    assert any(detail.Unpack(info) for detail in (status.details if status else ()))
    return info.retry_delay.seconds


def test_caller_when_it_does_too_much_is_refused_and_others_are_not(limited: Limited, ids: Ids) -> None:
    """Keep semantics N6."""
    user, other = ids.users(2)
    error = refusal(limited.service(), user)
    assert failure_of(error) == Failure(grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED", "")
    assert metadata_of(error) == {"limit": "1", "class": "read"}
    assert seconds_to_wait(error) == 1
    # Another connection of the same identity has the same bucket; writes have another.
    assert failing(limited.service().listed, user).reason == "RATE_LIMITED"
    assert limited.service(1).listed(user) == []
    limited.service().send(user, single(other))
    limited.service().send(user, single(other))


def test_users_when_one_does_too_much_have_rates_of_their_own(limited: Limited, ids: Ids) -> None:
    user, other = ids.users(2)
    error = refusal(limited.user(user), user)
    assert metadata_of(error) == {"limit": "0.5", "class": "read"}
    assert seconds_to_wait(error) == 2
    assert limited.user(other).listed(other) == []


def test_batch_when_sent_costs_what_its_messages_cost(limited: Limited, ids: Ids) -> None:
    user, other = ids.users(2)
    api = limited.service()
    item = message_service_pb2.SendItem(conversation=single(other), message=text_message())
    request = message_service_pb2.BatchSendMessagesRequest(user_id=user, items=[item] * 100)
    assert len(api.messages.BatchSendMessages(request).results) == 100
    with pytest.raises(grpc.RpcError) as caught:
        api.send(user, single(other))
    assert metadata_of(caught.value) == {"limit": "10", "class": "write"}
    assert 6 <= seconds_to_wait(caught.value) <= 9


def test_exports_when_there_are_too_many_are_refused(limited: Limited, ids: Ids) -> None:
    user, other = ids.users(2)
    api = limited.service()
    api.send(user, single(other))
    request = message_service_pb2.StreamMessagesRequest(user_id=user, conversation=single(other))
    assert len(list(api.messages.StreamMessages(request))) == 1
    with pytest.raises(grpc.RpcError) as caught:
        list(api.messages.StreamMessages(request))
    assert metadata_of(caught.value) == {"limit": "0.5", "class": "export"}
