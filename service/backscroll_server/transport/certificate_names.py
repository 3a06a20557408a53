"""The names of the client certificate of a call."""

from collections.abc import Mapping
from typing import Any, Final

_PROPERTIES: Final = {"cn": "x509_common_name", "dns": "peer_dns", "uri": "peer_uri"}


def certificate_names(context: Any) -> Mapping[str, list[str]]:
    """Return the common name, DNS names and URIs of a call's client certificate, by `cn`, `dns` and `uri`.

    Empty where the connection has none. The certificate was verified when the connection was made.

    Args:
        context: grpc's context of the call.
    """
    found = context.auth_context()
    return {
        kind: [name.decode(errors="replace") for name in found[key]]
        for kind, key in _PROPERTIES.items()
        if found.get(key)
    }
