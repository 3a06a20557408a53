"""The addresses on which a server may listen where callers prove nothing."""

import ipaddress


class OpenListeningError(RuntimeError):
    """The server would serve unauthenticated callers on an address that other machines can reach."""


def refuse_open_listening(address: str, *, requires_proof: bool, insecure_listen: bool) -> None:
    """Raise an error if the server would serve unauthenticated callers from other machines; else do nothing.

    Args:
        address: the address to listen on, `HOST:PORT`.
        requires_proof: whether callers must prove who they are.
        insecure_listen: the operator's consent to serve everybody who reaches the address.

    Raises:
        OpenListeningError: where they need not, the host is no loopback address and `insecure_listen` is false; its
            text names the settings to change.
    """
    host = address.rpartition(":")[0]
    if not requires_proof and not insecure_listen and not is_loopback(host):
        raise OpenListeningError(
            f"refusing to listen on {address}: without authentication everybody who reaches it may read and write "
            "everything. Set auth (--auth key), listen on a loopback address, or set insecure_listen "
            "(--insecure-listen)"
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
