"""Identity of callers, and the addresses on which a server may listen without authentication."""

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

AuthMode = Literal["none"]

Metadata = Iterable[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a caller.

    Attributes:
        name: the name that the caller proved to have; empty where the server requires no proof.
        service: whether the caller may act for any user and use a service's rights.
    """

    name: str
    service: bool


ANYONE = Identity(name="", service=True)
"""The identity of every caller in the mode `none`: a service without a name."""

Identify = Callable[[Metadata], Identity]


class OpenListeningError(RuntimeError):
    """The server would serve unauthenticated callers on an address that other machines can reach."""


def identify_by(mode: AuthMode) -> Identify:
    """Return the function that takes the metadata of a call and returns the caller's identity in this mode."""
    match mode:
        case "none":
            return lambda _: ANYONE


def refuse_open_listening(address: str, mode: AuthMode, *, insecure_listen: bool) -> None:
    """Raise an error if the server would serve unauthenticated callers from other machines; else do nothing.

    Args:
        address: the address to listen on, `HOST:PORT`.
        mode: the mode of authentication.
        insecure_listen: the operator's consent to serve everybody who reaches the address.

    Raises:
        OpenListeningError: where the mode is `none`, the host is no loopback address and `insecure_listen` is false;
            its text names the setting to change.
    """
    host = address.rpartition(":")[0]
    if mode == "none" and not insecure_listen and not is_loopback(host):
        raise OpenListeningError(
            f"refusing to listen on {address}: without authentication everybody who reaches it may read and write "
            "everything. Listen on a loopback address, or set insecure_listen (--insecure-listen)"
        )


def is_loopback(host: str) -> bool:
    """Return whether a host can only be reached from this machine.

    True for `localhost` and for loopback IP addresses, with brackets or without; False for every other name.
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        # A name may resolve to anything, also to something else tomorrow.
        return False
