"""Tokens: what they must say, what verifies them, and for how long they are remembered."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from backscroll_server.domain.errors import NotAuthenticatedError
from backscroll_server.identity import tokens
from backscroll_server.identity.token_keys import parse_token_keys
from backscroll_server.identity.tokens import LEEWAY_SECONDS, TokenRules, TokenVerifier
from backscroll_server.watched_files import WatchedFiles
from tests.support.identity_files import AUDIENCE, new_signer, private_pem, public_pem, token_of

NOW = 1_000_000.0
DAY = 24 * 3600


class Verifying:
    """A verifier on a clock that the test sets, and its file."""

    def __init__(self, path: Path, content: bytes, issuer: str = "") -> None:
        self.now = NOW
        self.path = path
        path.write_bytes(content)
        rules = TokenRules(AUDIENCE, issuer, "sub", "backscroll_service", DAY)
        self.tokens = TokenVerifier(rules, WatchedFiles([path], parse_token_keys, what="keys"), lambda: self.now)

    def cause(self, token: str) -> str:
        """Why a token proves nothing; empty if it proves something."""
        try:
            self.tokens.verified(token)
        except NotAuthenticatedError as error:
            return error.metadata["cause"]
        return ""


SIGNER = new_signer()


@pytest.fixture
def verifying(tmp_path: Path) -> Verifying:
    return Verifying(tmp_path / "keys", public_pem(SIGNER))


def token(signer: Any = SIGNER, **claims: Any) -> str:
    return token_of(signer, "ann", **({"exp": NOW + 100} | claims))


def test_token_when_it_holds_is_of_its_user_or_service(verifying: Verifying) -> None:
    user, service = verifying.tokens.verified(token()), verifying.tokens.verified(token(backscroll_service=True))
    assert (user.name, user.user_id, user.is_service) == ("ann", "ann", False)
    assert (service.name, service.user_id, service.is_service) == ("ann", "", True)
    assert user.ends_at == NOW + 100 + LEEWAY_SECONDS
    assert not verifying.tokens.verified(token(backscroll_service=False)).is_service


def test_token_when_it_expires_is_good_until_the_leeway_is_over(verifying: Verifying) -> None:
    ends = token()
    for now, cause in ((NOW, ""), (NOW + 129.9, ""), (NOW + 130, "expired"), (NOW + 131, "expired"), (NOW, "")):
        verifying.now = now
        assert verifying.cause(ends) == cause


def test_token_when_it_expires_too_far_ahead_is_refused(verifying: Verifying) -> None:
    assert verifying.cause(token(exp=NOW + DAY + LEEWAY_SECONDS)) == ""
    assert verifying.cause(token(exp=NOW + DAY + LEEWAY_SECONDS + 1)) == "invalid"


@pytest.mark.parametrize("expiry", [True, "1000100", float("inf"), float("nan")])
def test_token_when_its_expiry_is_no_number_is_refused(verifying: Verifying, expiry: Any) -> None:
    assert verifying.cause(token(exp=expiry)) == "invalid"


@pytest.mark.parametrize("claims", [{"sub": 5}, {"sub": ""}, {"sub": None}, {"backscroll_service": 1}])
def test_token_when_a_claim_is_of_another_kind_is_refused(verifying: Verifying, claims: dict[str, Any]) -> None:
    assert verifying.cause(token(**claims)) == "invalid"


def test_token_when_an_issuer_is_asked_for_must_name_it(tmp_path: Path) -> None:
    verifying = Verifying(tmp_path / "keys", public_pem(SIGNER), issuer="us")
    assert verifying.cause(token(iss="us")) == ""
    assert verifying.cause(token(iss="them")) == "invalid"
    assert verifying.cause(token()) == "invalid"


def test_token_when_verified_once_is_remembered_until_the_keys_change(
    verifying: Verifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = token()
    assert verifying.cause(known) == ""
    verified: list[str] = []
    decode = jwt.decode

    def counted(text: str, *rest: Any, **more: Any) -> Any:
        verified.append(text)
        return decode(text, *rest, **more)

    monkeypatch.setattr(jwt, "decode", counted)
    assert verifying.cause(known) == ""
    verifying.tokens.refresh()
    assert verifying.cause(known) == ""
    assert verified == []
    verifying.path.write_bytes(public_pem(new_signer()))
    verifying.tokens.refresh()
    assert verifying.cause(known) == "invalid"
    assert verified == [known]


def test_tokens_when_there_are_many_are_remembered_up_to_a_number(
    verifying: Verifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "_REMEMBERED", 3)
    for number in range(5):
        assert verifying.cause(token(jti=str(number))) == ""
    assert len(verifying.tokens._known) == 3


def jwk(private: Any, algorithm: str, **more: Any) -> dict[str, Any]:
    """The public half of a key as a JWK."""
    described = jwt.get_algorithm_by_name(algorithm).to_jwk(private.public_key())
    return json.loads(described) | more


RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED = ed25519.Ed25519PrivateKey.generate()
KINDS = {
    "RS256": RSA,
    "PS512": RSA,
    "ES256": SIGNER,
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "EdDSA": ED,
}


@pytest.mark.parametrize("algorithm", KINDS)
def test_key_when_of_any_asymmetric_kind_verifies(tmp_path: Path, algorithm: str) -> None:
    key = KINDS[algorithm]
    signed = token_of(key, "ann", algorithm=algorithm, exp=NOW + 1)
    contents = [
        public_pem(key),
        json.dumps(jwk(key, algorithm)).encode(),
        json.dumps({"keys": [jwk(new_signer(), "ES256", kid="other"), jwk(key, algorithm, kid="this")]}).encode(),
        public_pem(new_signer()) + public_pem(key),
    ]
    for content in contents:
        assert Verifying(tmp_path / "keys", content).cause(signed) == ""


def test_key_when_tokens_name_one_verifies_those_alone(tmp_path: Path) -> None:
    other = new_signer()
    keys = {"keys": [jwk(SIGNER, "ES256", kid="a"), jwk(other, "ES256", kid="b")]}
    verifying = Verifying(tmp_path / "keys", json.dumps(keys).encode())
    named = {kid: token_of(SIGNER, "ann", exp=NOW + 1, headers={"kid": kid}) for kid in ("a", "b", "c")}
    assert {kid: verifying.cause(text) for kid, text in named.items()} == {"a": "", "b": "invalid", "c": "invalid"}


def test_key_when_its_file_names_one_algorithm_verifies_no_other(tmp_path: Path) -> None:
    verifying = Verifying(tmp_path / "keys", json.dumps(jwk(RSA, "RS256", alg="RS256")).encode())
    assert verifying.cause(token_of(RSA, "ann", algorithm="RS256", exp=NOW + 1)) == ""
    assert verifying.cause(token_of(RSA, "ann", algorithm="RS512", exp=NOW + 1)) == "invalid"


SHORT = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be refused


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "neither PEM nor JSON"),
        (b"[]", "neither a JWK nor a JWKS"),
        (b'{"keys": []}', "holds no key"),
        (b'{"keys": [1]}', "neither a JWK nor a JWKS"),
        (json.dumps({"kty": "oct", "k": "AAAA", "kid": "x"}).encode(), r"key 1 \(x\) is symmetric"),
        (json.dumps({"kty": "strange"}).encode(), "key 1 is of an unknown kind"),
        (json.dumps(jwk(SIGNER, "ES256", d="AAAA")).encode(), "is private"),
        (json.dumps(jwk(SIGNER, "ES256", use="enc")).encode(), "not for signatures"),
        (json.dumps(jwk(SIGNER, "ES256", alg="HS256")).encode(), "'HS256'"),
        (json.dumps({"keys": [jwk(SIGNER, "ES256"), jwk(SHORT, "RS256")]}).encode(), "key 2 has 1024 bits"),
        (json.dumps({"keys": [jwk(SIGNER, "ES256", kid="a")] * 2}).encode(), "same id"),
        (public_pem(SHORT), "1024 bits"),
        (private_pem(SIGNER), "no public key"),
        (public_pem(ec.generate_private_key(ec.SECP256K1())), "unknown kind"),
    ],
    # Else the keys, which are new each time, would be part of the names.
    ids=range(14),
)
def test_file_when_a_key_cannot_be_used_is_refused_and_says_which(content: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_token_keys(content)
