"""Identity of callers, and the addresses on which a server may listen without one."""

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

AuthMode = Literal["none"]

Metadata = Iterable[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller.

    Attributes:
        name: the name it proved; empty where nobody asked for proof.
        service: whether it may name any user and use a service's rights.
    """

    name: str
    service: bool


ANYONE = Identity(name="", service=True)
"""Every caller, where nobody is asked for proof."""

Identify = Callable[[Metadata], Identity]


class OpenListeningError(RuntimeError):
    """The server would listen to a network without knowing who calls."""


def identify_by(mode: AuthMode) -> Identify:
    """Return the function that identifies callers in `mode`."""
    match mode:
        case "none":
            return lambda _: ANYONE


def refuse_open_listening(address: str, mode: AuthMode, *, insecure_listen: bool) -> None:
    """Refuse to serve unknown callers anywhere but on this machine.

    Args:
        address: `HOST:PORT`.
        mode: the mode of authentication.
        insecure_listen: the operator's explicit consent.

    Raises:
        OpenListeningError: with the setting to change.
    """
    host = address.rpartition(":")[0]
    if mode == "none" and not insecure_listen and not is_loopback(host):
        raise OpenListeningError(
            f"refusing to listen on {address}: without authentication everybody who reaches it may read and write "
            "everything. Listen on a loopback address, or set insecure_listen (--insecure-listen)"
        )


def is_loopback(host: str) -> bool:
    """Return whether `host`, a name or an address as in `[::1]`, can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        # A name may resolve to anything, also to something else tomorrow.
        return False
