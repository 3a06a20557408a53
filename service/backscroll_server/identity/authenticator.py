"""The one place that says who calls: it tries the modes of authentication that the server has."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from backscroll_server.domain.user_id_case import fold_user_id
from backscroll_server.identity.certificates import CertificateRule, certified
from backscroll_server.identity.identities import ANYONE, Cause, Identity, no_identity
from backscroll_server.identity.service_keys import KEY_PREFIX, digest_of
from backscroll_server.watched_files import WatchedFiles

AUTHORIZATION_KEY: Final = "authorization"

CertificateNames = Callable[[], Mapping[str, Iterable[str]]]
"""Returns the names of the client certificate of a call, by kind; none where it brought no certificate."""

_SCHEME: Final = "bearer "


class ProofVerifier(Protocol):
    """Interface of what verifies one kind of proof. That of tokens needs libraries that not every server has."""

    def verified(self, proof: str) -> Identity:
        """Return the identity that a proof shows.

        Raises:
            NotAuthenticatedError: where it shows none.
        """
        ...

    def refresh(self) -> None:
        """Read again what proofs are verified by, if it has changed."""
        ...


class Authenticator:
    """Finds the identity of each caller, by the modes that are given; with none of them, everybody is `ANYONE`.

    The metadata `authorization` decides where a call has it, `Bearer` with a service key or a token; otherwise the
    client certificate does. Never is one added to the other (semantics N1, N2).

    Args:
        keys: the file of service keys; None where there is none.
        fixed_keys: the names of further service keys, by digest.
        tokens: verifies tokens; None where they are not accepted.
        rules: the rules for client certificates; None where they prove nothing.
        folds_user_ids: whether the case of the user ids in tokens and certificates is folded (semantics N7).
        now: returns the time, in seconds since 1970.
    """

    def __init__(
        self,
        *,
        keys: WatchedFiles[dict[bytes, str]] | None = None,
        fixed_keys: Mapping[bytes, str] | None = None,
        tokens: ProofVerifier | None = None,
        rules: Sequence[CertificateRule] | None = None,
        folds_user_ids: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._file = keys
        self._fixed_keys = fixed_keys or {}
        self._keys: dict[bytes, Identity] = {}
        self._tokens = tokens
        self._rules = rules
        self._folds_user_ids = folds_user_ids
        self._now = now
        self._accepts_keys = keys is not None or fixed_keys is not None
        self.requires_proof = self._accepts_keys or tokens is not None or rules is not None
        self._set_keys()

    def identify(self, authorization: str | bytes | None, certificate_names: CertificateNames) -> Identity:
        """Return the identity of a caller.

        Args:
            authorization: the first value of the call's metadata `authorization`; None without one.
            certificate_names: returns the names of its client certificate.

        Raises:
            NotAuthenticatedError: where it has none.
        """
        if not self.requires_proof:
            return ANYONE
        if authorization is not None:
            return self._authorized(authorization)
        if self._rules is not None and (names := certificate_names()):
            return self._folded(certified(self._rules, names))
        raise no_identity(Cause.MISSING, "no authorization")

    def is_good(self, identity: Identity) -> bool:
        """Return whether an identity still holds: its time is not over, and its key was not removed."""
        if identity.key_digest:
            return identity.key_digest in self._keys
        return self._now() < identity.ends_at

    def refresh(self) -> None:
        """Read the files again that have changed. Keys that they no longer hold prove nothing from then on."""
        if self._file is not None and self._file.refresh():
            self._set_keys()
        if self._tokens is not None:
            self._tokens.refresh()

    def _authorized(self, value: str | bytes) -> Identity:
        """Return the identity that the value of `authorization` proves.

        Raises:
            NotAuthenticatedError: where it proves none.
        """
        if not isinstance(value, str) or value[: len(_SCHEME)].lower() != _SCHEME:
            raise no_identity(Cause.INVALID, "the authorization is not Bearer")
        proof = value[len(_SCHEME) :].strip()
        if proof.startswith(KEY_PREFIX) and self._accepts_keys:
            found = self._keys.get(digest_of(proof))
            if found is None:
                raise no_identity(Cause.INVALID, "no such service key")
            return found
        if self._tokens is None:
            raise no_identity(Cause.INVALID, "no service key, and tokens are not accepted")
        return self._folded(self._tokens.verified(proof))

    def _folded(self, identity: Identity) -> Identity:
        """Return the identity with its user's id folded, where this server folds case; that of a service as it is."""
        if not self._folds_user_ids or not identity.user_id:
            return identity
        user_id = fold_user_id(identity.user_id)
        return identity if user_id == identity.user_id else replace(identity, name=user_id, user_id=user_id)

    def _set_keys(self) -> None:
        names = {**self._fixed_keys, **(self._file.content if self._file is not None else {})}
        self._keys = {digest: Identity(name, key_digest=digest) for digest, name in names.items()}
