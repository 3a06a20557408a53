"""The identity of a caller, and the error of a caller without one."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from backscroll_server.domain.errors import NotAuthenticatedError, Reason


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a caller.

    Attributes:
        name: the name that the caller proved to have, for limits and logs: of a key, a certificate or a token's
            subject; empty where the server requires no proof.
        user_id: the only user that the caller may name; empty for a service, which may name any.
        ends_at: the time up to which the proof is good, in seconds since 1970; infinite where it does not end by time.
        key_digest: the digest of the service key that proved it; empty for other proofs.
    """

    name: str
    user_id: str = ""
    ends_at: float = math.inf
    key_digest: bytes = b""

    @property
    def is_service(self) -> bool:
        """True if the caller may name any user, and use the rights of a service."""
        return not self.user_id


ANYONE: Final = Identity(name="")
"""The identity of every caller where the server requires no proof: a service without a name."""


class Cause(StrEnum):
    """Why a call has no identity, as its caller learns."""

    MISSING = "missing"
    EXPIRED = "expired"
    INVALID = "invalid"


def no_identity(cause: Cause, why: str) -> NotAuthenticatedError:
    """Return the error for a call without a valid proof of identity, with the same text whatever is wrong.

    Args:
        cause: what the caller learns.
        why: what the log says, without anything of the proof itself.
    """
    error = NotAuthenticatedError(Reason.NOT_AUTHENTICATED, "the call has no valid identity", cause=cause)
    error.why = why
    return error
