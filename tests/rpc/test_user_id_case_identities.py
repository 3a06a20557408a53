"""Folding of case and who calls (semantics N7): tokens and certificates in any case, one rate and one limit a user."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import grpc
import pytest

from backscroll.v1 import event_service_pb2
from backscroll_server.cli.connection import Connection
from backscroll_server.identity.authenticator import Authenticator
from backscroll_server.identity.certificates import parse_rules
from tests.support.api_client import ApiClient, Failure, failing, single
from tests.support.fixtures import NewDatabase
from tests.support.identity_files import AUDIENCE, new_signer, public_pem, token_of, write_private
from tests.support.server_process import RunningServer, start_server

Connect = Callable[[str], ApiClient]


@pytest.fixture
def connect(tmp_path: Path, new_database: NewDatabase) -> Iterator[Connect]:
    """Makes a client with the token of a user, on a server that folds case and limits users."""
    signer = new_signer()
    public = write_private(tmp_path / "signer.pem", public_pem(signer))
    flags = ["--user-id-case", "fold", "--user-stream-limit", "2", "--user-write-rate", "0.5"]
    server: RunningServer = start_server(
        new_database(), "--auth", "jwt", "--jwt-key-file", str(public), "--jwt-audience", AUDIENCE, *flags
    )
    with ExitStack() as open_channels:

        def connected(name: str) -> ApiClient:
            opened: AbstractContextManager[grpc.Channel] = Connection(
                server.target, proof=token_of(signer, name)
            ).open()
            return ApiClient(open_channels.enter_context(opened))

        yield connected
    assert server.stop() == 0


def test_token_when_its_user_differs_in_case_then_may_name_the_user(connect: Connect) -> None:
    api = connect("Ann")
    for written in ("ann", "Ann", "ANN"):
        assert api.listed(written) == []
    denied = Failure(grpc.StatusCode.PERMISSION_DENIED, "USER_NOT_ALLOWED", "user_id")
    assert failing(api.listed, "Bob") == denied


def test_limits_when_ids_differ_in_case_then_are_of_one_user(connect: Connect) -> None:
    lower, upper = connect("ann"), connect("ANN")
    lower.send("Ann", single("bob"))
    exhausted = grpc.StatusCode.RESOURCE_EXHAUSTED
    assert failing(upper.send, "ann", single("bob")) == Failure(exhausted, "RATE_LIMITED", "")
    watches = [
        api.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id=user))
        for api, user in ((lower, "Ann"), (upper, "ann"))
    ]
    for watch in watches:
        assert next(watch).resume_token
    third = lower.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="aNN"))
    assert failing(next, third) == Failure(exhausted, "TOO_MANY_STREAMS", "")
    for watch in watches:
        watch.cancel()


def test_certificate_when_it_names_a_user_then_the_id_is_folded_and_that_of_a_service_is_not() -> None:
    rules = parse_rules("user cn:user-*, service dns:Billing")
    folding, exact = (Authenticator(rules=rules, folds_user_ids=folds) for folds in (True, False))
    of_user, of_service = {"cn": ["user-Ann"]}, {"dns": ["Billing"]}
    user = folding.identify(None, lambda: of_user)
    assert (user.user_id, user.name) == ("ann", "ann")
    assert exact.identify(None, lambda: of_user).user_id == "Ann"
    assert folding.identify(None, lambda: of_service).name == "dns:Billing"
