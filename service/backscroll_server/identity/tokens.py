"""JSON Web Tokens: verified by public keys, and remembered until they expire."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt

from backscroll_server.identity.identities import Cause, Identity, no_identity
from backscroll_server.identity.token_keys import TokenKey
from backscroll_server.watched_files import WatchedFiles

ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""The algorithms that are ever accepted: all asymmetric."""

LEEWAY_SECONDS: Final = 30
"""By how much the clocks of issuers and of the server may differ."""

_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class TokenRules:
    """Rules for the content of a token.

    Attributes:
        audience: the audience that it must name.
        issuer: the issuer that it must name; empty for any.
        user_claim: the claim with the id of the user, or with the name of a service.
        service_claim: the claim that marks a service by the value `true`.
        most_seconds: how far ahead its expiry may lie, in seconds.
    """

    audience: str
    issuer: str
    user_claim: str
    service_claim: str
    most_seconds: float


class TokenVerifier:
    """Verifier of tokens. One that was verified is remembered, up to 10,000 of them, until it expires.

    Args:
        rules: what a token must say.
        keys: the file of the public keys.
        now: returns the time, in seconds since 1970.
    """

    def __init__(
        self, rules: TokenRules, keys: WatchedFiles[Sequence[TokenKey]], now: Callable[[], float] = time.time
    ) -> None:
        self._rules = rules
        self._keys = keys
        self._now = now
        self._known: OrderedDict[str, Identity] = OrderedDict()

    def refresh(self) -> None:
        """Read the public keys again if they have changed; forget what was verified by the ones before."""
        if self._keys.refresh():
            self._known.clear()

    def verified(self, proof: str) -> Identity:
        """Return the identity that a token shows.

        Cost: a verification by a public key, 50 to 500 microseconds; less than one for a token that is remembered.

        Raises:
            NotAuthenticatedError: `EXPIRED` where its signature holds and its time is over, otherwise `INVALID`.
        """
        known = self._known.get(proof)
        if known is not None:
            if self._now() < known.ends_at:
                return known
            del self._known[proof]
            raise no_identity(Cause.EXPIRED, "the token has expired")
        identity = self._verify(proof)
        self._known[proof] = identity
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return identity

    def _verify(self, token: str) -> Identity:
        claims = self._claims(token)
        ends_at = self._end(claims)
        name = claims.get(self._rules.user_claim)
        if not isinstance(name, str) or not name:
            raise no_identity(Cause.INVALID, f"the token's claim {self._rules.user_claim} is no text")
        mark = claims.get(self._rules.service_claim, False)
        if not isinstance(mark, bool):
            claim = self._rules.service_claim
            raise no_identity(Cause.INVALID, f"the token's claim {claim} is neither true nor false")
        return Identity(name, user_id="" if mark else name, ends_at=ends_at)

    def _claims(self, token: str) -> dict[str, Any]:
        """Return the claims of a token whose signature, audience and issuer are right.

        Raises:
            NotAuthenticatedError: `INVALID` where they are not.
        """
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise no_identity(Cause.INVALID, f"no token: {type(error).__name__}") from None
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise no_identity(Cause.INVALID, "the token's algorithm is not accepted")
        why = "no key has the id and the algorithm of the token"
        for key in self._candidates(header.get("kid"), algorithm):
            try:
                claims: dict[str, Any] = jwt.decode(
                    token,
                    key.public_key,
                    algorithms=[algorithm],
                    audience=self._rules.audience,
                    issuer=self._rules.issuer or None,
                    leeway=LEEWAY_SECONDS,
                    # By the server's own clock, in `_end`.
                    options={"require": ["exp", "aud"], "verify_exp": False},
                )
            except jwt.PyJWTError as error:
                why = type(error).__name__
            else:
                return claims
        raise no_identity(Cause.INVALID, f"the token does not hold: {why}")

    def _candidates(self, key_id: object, algorithm: str) -> list[TokenKey]:
        """Return the keys that may have signed a token: the one with its key id, where it has one and a key has it."""
        fit = [key for key in self._keys.content if algorithm in key.algorithms]
        named = [key for key in fit if key_id and key.key_id == key_id]
        return named or [key for key in fit if not key_id or not key.key_id]

    def _end(self, claims: dict[str, Any]) -> float:
        """Return up to when a token is good, with the leeway.

        Raises:
            NotAuthenticatedError: `EXPIRED` where that is over; `INVALID` where it is no number, or too far ahead.
        """
        expiry = claims["exp"]
        if isinstance(expiry, bool) or not isinstance(expiry, int | float) or not math.isfinite(expiry):
            raise no_identity(Cause.INVALID, "the token's claim exp is no number")
        now = self._now()
        ends_at = float(expiry) + LEEWAY_SECONDS
        if ends_at <= now:
            raise no_identity(Cause.EXPIRED, "the token has expired")
        if expiry > now + self._rules.most_seconds + LEEWAY_SECONDS:
            raise no_identity(Cause.INVALID, "the token expires too far ahead")
        return ends_at
