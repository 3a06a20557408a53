"""Who may call: every RPC, made by everyone who could try it, in each mode of authentication."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from grpc_health.v1 import health_pb2

from backscroll.v1 import event_service_pb2
from backscroll_server.cli.connection import Connection
from backscroll_server.identity.authenticator import Authenticator
from backscroll_server.identity.identities import ANYONE
from backscroll_server.identity.service_keys import key_line, new_key
from backscroll_server.transport.calls import Call
from tests.rpc.test_permissions import ABOUT_NO_CONVERSATION, CALLERS, GROUPS, VARIANTS, Club
from tests.support.api_client import ApiClient, failure_of, health_stub, metadata_of, reason_of
from tests.support.clocked_server import clocked_server, eventually
from tests.support.contract_calls import METHODS, call, has_field, valid_fields
from tests.support.fixtures import Ids, NewDatabase
from tests.support.identity_files import (
    AUDIENCE,
    Authority,
    Certified,
    new_signer,
    public_pem,
    token_of,
    unsigned_token,
    write_private,
)
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server

EVENTS = ("ListEvents", "WatchEvents")
"""RPCs about no conversation: each user's own events."""

OK, NOBODY, NOT_YOURS, SERVICE = "", "NOT_AUTHENTICATED", "USER_NOT_ALLOWED", "SERVICE_ONLY"

ROLES = ("owner", "admin", "author", "member", "left", "outsider")

Start = Callable[[str, Mapping[str, Any]], AbstractContextManager[str]]


@dataclass(frozen=True)
class Guarded:
    """A server that asks who calls, and what proves it.

    Attributes:
        connection: how to reach it, without a proof.
        key: a service key.
        removed_key: a service key that was taken away since the start.
        signer: the private key of the tokens of its users.
    """

    connection: Connection
    key: str
    removed_key: str
    signer: Any

    def with_proof(self, proof: str) -> Connection:
        """Return a connection whose calls bring a key or a token."""
        return replace(self.connection, proof=proof)

    def as_user(self, user: str) -> Connection:
        """Return a connection of a user, with a token."""
        return self.with_proof(token_of(self.signer, user))

    def as_service(self) -> Connection:
        """Return a connection of a service, with its key."""
        return self.with_proof(self.key)


@contextmanager
def in_a_process(database: str, settings: Mapping[str, Any]) -> Iterator[str]:
    """A server in a process of its own."""
    flags = [text for name, value in settings.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    server = start_server(database, *flags)
    try:
        yield server.target
    finally:
        assert server.stop() == 0, server.log_text()


@contextmanager
def in_this_process(database: str, settings: Mapping[str, Any]) -> Iterator[str]:
    """A server whose checks a test may switch off."""
    with clocked_server(database, **settings) as server:
        yield server.target


@contextmanager
def guarded_by_keys_and_tokens(folder: Path, database: str, start: Start) -> Iterator[Guarded]:
    key, removed_key, signer = new_key(), new_key(), new_signer()
    keys = write_private(folder / "keys", f"{key_line('billing', key)}\n{key_line('support', removed_key)}\n")
    public = write_private(folder / "signer.pem", public_pem(signer))
    settings = {"auth": "key,jwt", "key_file": str(keys), "jwt_key_file": str(public), "jwt_audience": AUDIENCE}
    with start(database, settings) as target:
        guarded = Guarded(Connection(target), key, removed_key, signer)
        assert outcome(guarded.with_proof(removed_key), "GetUnreadSummary", user_id="somebody") == OK
        write_private(keys, key_line("billing", key))
        eventually(lambda: outcome(guarded.with_proof(removed_key), "GetUnreadSummary", user_id="somebody") == NOBODY)
        yield guarded


@pytest.fixture(scope="module")
def guarded(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A server that takes keys and tokens."""
    folder = tmp_path_factory.mktemp("guarded")
    with guarded_by_keys_and_tokens(folder, new_database(), in_a_process) as server:
        yield server


def outcome(connection: Connection, method: str, **fields: Any) -> str:
    """Return the reason for which a call failed; empty if it did not."""
    with connection.open() as channel:
        return outcome_on(channel, method, **fields)


def outcome_on(channel: grpc.Channel, method: str, **fields: Any) -> str:
    api = ApiClient(channel)
    try:
        if method == "WatchEvents":
            watch = api.events.WatchEvents(event_service_pb2.WatchEventsRequest(**fields), timeout=PATIENCE_SECONDS)
            next(watch)
            watch.cancel()
            return OK
        if method == "ListEvents":
            api.events.ListEvents(event_service_pb2.ListEventsRequest(**fields))
            return OK
        answer = call(api, method, **fields)
    except grpc.RpcError as error:
        return failure_of(error).reason or error.code().name
    results = getattr(answer, "results", ())
    return reason_of(results[0].error) if results and results[0].HasField("error") else OK


def fields_of(name: str, club: Club, user: str) -> dict[str, Any]:
    """The fields of a valid call that names a user."""
    method = name.split(maxsplit=1)[0]
    if method in EVENTS:
        return {"user_id": user}
    valid = valid_fields(method, club.at, message_id=club.message_id, other=club.people["other"])
    return {"user_id": user} | valid | VARIANTS.get(name, {})


def hmac_token(secret: bytes, user: str) -> str:
    """A token that is signed with the public key, as if that were a secret."""

    def part(content: bytes) -> str:
        return urlsafe_b64encode(content).rstrip(b"=").decode()

    claims = {"sub": user, "aud": AUDIENCE, "exp": int(time.time()) + 600}
    signed = f"{part(json.dumps({'alg': 'HS256', 'typ': 'JWT'}).encode())}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def forged_proofs(guarded: Guarded, user: str) -> dict[str, tuple[str, str]]:
    """Return keys and tokens that prove nothing, by what is wrong, each with the cause that its caller gets."""
    signer, other = guarded.signer, new_signer()
    long_ago = int(time.time()) - 3600
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return {
        "nothing": ("", "missing"),
        "an unknown key": (new_key(), "invalid"),
        "a removed key": (guarded.removed_key, "invalid"),
        "a key cut off": (guarded.key[:-1], "invalid"),
        "no token": ("a.b.c", "invalid"),
        "a token of another signer": (token_of(other, user), "invalid"),
        "a token that has expired": (token_of(signer, user, exp=long_ago), "expired"),
        "a token of another signer that has expired": (token_of(other, user, exp=long_ago), "invalid"),
        "a token without expiry": (token_of(signer, user, exp=None), "invalid"),
        "a token that expires too late": (token_of(signer, user, exp=long_ago + 90 * 24 * 3600), "invalid"),
        "a token for another audience": (token_of(signer, user, aud="another"), "invalid"),
        "a token without audience": (token_of(signer, user, aud=None), "invalid"),
        "a token that is not valid yet": (token_of(signer, user, nbf=long_ago + 7200), "invalid"),
        "a token of another algorithm": (token_of(rsa_key, user, algorithm="RS256"), "invalid"),
        "a token of an unknown key id": (token_of(other, user, headers={"kid": "unknown"}), "invalid"),
        "an unsigned token": (unsigned_token(user), "invalid"),
        "a token signed with the public key": (hmac_token(public_pem(signer), user), "invalid"),
        "a token for nobody": (token_of(signer, "", sub=""), "invalid"),
        "a token with a strange mark": (token_of(signer, user, backscroll_service="yes"), "invalid"),
    }


def named_methods() -> list[str]:
    return [*GROUPS, *sorted(ABOUT_NO_CONVERSATION), *EVENTS]


def test_rpcs_when_one_is_added_have_a_class() -> None:
    services = {"ListEvents", "WatchEvents", *METHODS}
    assert {name.split(maxsplit=1)[0] for name in named_methods()} == services
    assert {method.name for method in event_service_pb2.DESCRIPTOR.services_by_name["EventService"].methods} == set(
        EVENTS
    )


@pytest.mark.parametrize("name", named_methods())
def test_call_when_its_caller_proves_nothing_is_refused_alike(guarded: Guarded, ids: Ids, name: str) -> None:
    """The error is the same but for its cause (semantics N1)."""
    club = club_of(guarded, ids)
    owner, method = club.people["owner"], name.split(maxsplit=1)[0]
    seen = {}
    for what, (proof, cause) in forged_proofs(guarded, owner).items():
        with guarded.with_proof(proof).open() as channel, pytest.raises(grpc.RpcError) as caught:
            made(channel, method, fields_of(name, club, owner))
        error: Any = caught.value
        assert (what, error.code(), failure_of(error).reason) == (what, grpc.StatusCode.UNAUTHENTICATED, NOBODY)
        seen[what] = (metadata_of(error)["cause"], error.details())
        assert seen[what] == (cause, "the call has no valid identity"), what
    assert len(seen) == 19


def made(channel: grpc.Channel, method: str, fields: dict[str, Any]) -> None:
    """Makes a call, and lets its error through."""
    api = ApiClient(channel)
    if method == "WatchEvents":
        next(api.events.WatchEvents(event_service_pb2.WatchEventsRequest(**fields), timeout=PATIENCE_SECONDS))
    elif method == "ListEvents":
        api.events.ListEvents(event_service_pb2.ListEventsRequest(**fields))
    else:
        call(api, method, **fields)


def club_of(guarded: Guarded, ids: Ids) -> Club:
    """A group of users, made by a service; it is closed with the test's process."""
    return Club(ApiClient(guarded.as_service().open().__enter__()), ids)


def wrong_answers(guarded: Guarded, ids: Ids, name: str) -> list[str]:
    """The answers to one RPC that are not those of its class, for all who prove who they are."""
    method = name.split(maxsplit=1)[0]
    is_for_services = method == "ImportMessages"
    expected = dict(zip(CALLERS, GROUPS[name], strict=False)) if name in GROUPS else dict.fromkeys(CALLERS, OK)
    knows_services = method in METHODS and has_field(method, "as_service")
    wrong = []

    def expect(what: str, reason: str, connection: Connection, club: Club, user: str, **more: Any) -> None:
        found = outcome(connection, method, **(fields_of(name, club, user) | more))
        if found != reason:
            wrong.append(f"{what}: {found or 'OK'} and not {reason or 'OK'}")

    for role in ROLES:
        club = club_of(guarded, ids)
        user = club.people[role]
        expect(f"another user than {role}", NOT_YOURS, guarded.as_user(club.people["other"]), club, user)
        if knows_services:
            expect(f"{role} as a service", SERVICE, guarded.as_user(user), club, user, as_service=True)
        expect(role, expected[role], guarded.as_user(user), club, user)
        club = club_of(guarded, ids)
        user = club.people[role]
        expect(f"a service for {role}", expected[role], guarded.as_service(), club, user)
    club = club_of(guarded, ids)
    service = token_of(guarded.signer, "support", backscroll_service=True)
    reason = SERVICE if is_for_services else expected["member"]
    expect("a service by its token", reason, guarded.with_proof(service), club, club.people["member"])
    if knows_services:
        club = club_of(guarded, ids)
        as_service: dict[str, Any] = {"as_service": True}
        reason = expected["service for member"]
        expect("a service as such", reason, guarded.as_service(), club, club.people["member"], **as_service)
    return wrong


@pytest.mark.parametrize("name", named_methods())
def test_call_when_its_caller_proves_something_is_judged_by_it(guarded: Guarded, ids: Ids, name: str) -> None:
    """A user names itself only, and is judged by its role; a service names anybody (semantics N3)."""
    assert wrong_answers(guarded, ids, name) == []


@pytest.fixture(scope="module")
def unguarded_rpc() -> list[str]:
    """The RPC whose checks are switched off."""
    return [""]


@pytest.fixture(scope="module")
def leaking(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory, unguarded_rpc: list[str]
) -> Iterator[Guarded]:
    """A server that forgets to look at who calls in one RPC."""
    patched = pytest.MonkeyPatch()
    require_own_user = Call.require_own_user

    def forgetful(self: Call) -> None:
        if not self.method.endswith(f"/{unguarded_rpc[0]}"):
            require_own_user(self)

    patched.setattr(Call, "require_own_user", forgetful)
    folder = tmp_path_factory.mktemp("leaking")
    with guarded_by_keys_and_tokens(folder, new_database(), in_this_process) as server:
        yield server
    patched.undo()


@pytest.mark.parametrize("name", [name for name in named_methods() if " " not in name])
def test_matrix_when_the_check_of_one_rpc_is_switched_off_notices(
    leaking: Guarded, ids: Ids, unguarded_rpc: list[str], name: str
) -> None:
    unguarded_rpc[0] = name
    club = club_of(leaking, ids)
    owner, other = club.people["owner"], club.people["other"]
    assert outcome(leaking.as_user(other), name, **fields_of(name, club, owner)) != NOT_YOURS
    unguarded_rpc[0] = ""
    club = club_of(leaking, ids)
    owner, other = club.people["owner"], club.people["other"]
    assert outcome(leaking.as_user(other), name, **fields_of(name, club, owner)) == NOT_YOURS


def test_tokens_when_of_another_user_are_refused_but_for_the_consistency_token(guarded: Guarded, ids: Ids) -> None:
    club = club_of(guarded, ids)
    owner, member = club.people["owner"], club.people["member"]
    api = ApiClient(guarded.as_user(owner).open().__enter__())
    sent = [call(api, "SendMessage", **fields_of("SendMessage", club, owner)) for _ in range(3)][-1]
    page = call(api, "ListMessages", user_id=owner, conversation=club.at, page_size=1)
    ask = partial(outcome, guarded.as_user(member))
    assert ask("ListMessages", user_id=member, conversation=club.at, page_size=1, page_token=page.next_page_token) == (
        "PAGE_TOKEN_MISMATCH"
    )
    assert ask("ListEvents", user_id=member, resume_token=page.resume_token) == "RESUME_TOKEN_MISMATCH"
    assert ask("WatchEvents", user_id=member, resume_token=page.resume_token) == "RESUME_TOKEN_MISMATCH"
    fresh = {"at_least_as_fresh": sent.consistency_token}
    assert ask("GetConversation", user_id=member, conversation=club.at, consistency=fresh) == OK


def test_health_when_nobody_proves_anything_is_reported(guarded: Guarded) -> None:
    """Keep semantics N5."""
    with guarded.connection.open() as channel:
        answer = health_stub(channel).Check(health_pb2.HealthCheckRequest())
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def certified(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[Guarded]:
    """A server that speaks TLS with clients that are certified, and takes tokens too."""
    folder, signer = tmp_path_factory.mktemp("certified"), new_signer()
    server = authority.certify("localhost", dns=("localhost",))
    files = {
        "tls_certificate": server.certificate,
        "tls_key": server.key,
        "tls_client_ca": authority.certificate,
        "jwt_key_file": public_pem(signer),
    }
    settings = {name: str(write_private(folder / name, content)) for name, content in files.items()} | {
        "auth": "mtls,jwt",
        "jwt_audience": AUDIENCE,
        "certificate_rules": "user uri:spiffe://chat/user/*, service cn:billing, service dns:*.support.example",
    }
    with in_a_process(new_database(), settings) as target:
        port = target.rpartition(":")[2]
        connection = Connection(f"localhost:{port}", tls=True, tls_ca=authority.certificate)
        yield Guarded(connection, "", "", signer)


def by(guarded: Guarded, certificate: Certified | None, proof: str = "") -> Connection:
    """Return a connection with a client certificate, and with a token beside it."""
    pair = None if certificate is None else (certificate.certificate, certificate.key)
    return replace(guarded.connection, certificate=pair, proof=proof)


RPCS_WITH_CERTIFICATES = ("GetUnreadSummary", "ListConversations", "ListEvents", "WatchEvents")


@pytest.mark.parametrize("method", RPCS_WITH_CERTIFICATES)
def test_call_when_its_caller_has_a_certificate_is_judged_by_it(
    certified: Guarded, authority: Authority, ids: Ids, method: str
) -> None:
    """Keep semantics N2."""
    ann, bob = ids.users(2)
    of_ann = authority.certify("ann", uris=(f"spiffe://chat/user/{ann}",))
    billing = authority.certify("billing")
    support = authority.certify("x", dns=("one.support.example",))
    token, forged = token_of(certified.signer, ann), token_of(new_signer(), ann)
    unknown = authority.certify("unknown", dns=("support.example",), uris=("spiffe://chat/user/",))
    expect = {
        "its own user": (by(certified, of_ann), ann, OK),
        "another user": (by(certified, of_ann), bob, NOT_YOURS),
        "a service by common name": (by(certified, billing), bob, OK),
        "a service by DNS name": (by(certified, support), bob, OK),
        "no rule": (by(certified, unknown), ann, NOBODY),
        "no certificate": (by(certified, None), ann, "UNAVAILABLE"),
        "another authority": (by(certified, Authority().certify("billing")), ann, "UNAVAILABLE"),
        "a service's certificate with a user's token": (
            by(certified, billing, token),
            ann,
            OK,
        ),
        "the same for another user": (by(certified, billing, token), bob, NOT_YOURS),
        "a service's certificate with a forged token": (
            by(certified, billing, forged),
            ann,
            NOBODY,
        ),
        "no rule, with a user's token": (by(certified, unknown, token), ann, OK),
        "a token without a certificate": (by(certified, None, token), ann, "UNAVAILABLE"),
    }
    found = {what: outcome(connection, method, user_id=user) for what, (connection, user, _) in expect.items()}
    assert found == {what: reason for what, (_, _, reason) in expect.items()}


def test_everybody_when_the_server_asks_for_nothing_is_a_service() -> None:
    assert Authenticator().identify("Bearer x", dict) is ANYONE
    assert ANYONE.is_service
