"""Makes gRPC's service config for clients from the idempotency levels in the descriptors."""

import json
from typing import Any, Final

from google.protobuf.descriptor_pb2 import FileDescriptorSet, MethodOptions

RETRY_POLICY: Final[dict[str, Any]] = {
    "maxAttempts": 4,
    "initialBackoff": "0.1s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
"""The policy of every method that may be retried in any case."""


def render(contract: FileDescriptorSet) -> str:
    """Return the service config as JSON.

    Methods without an idempotency level have no policy: they are safe to retry only with a bound or the caller's own
    id, which the config cannot see.
    """
    names = [
        {"service": f"{file.package}.{service.name}", "method": method.name}
        for file in contract.file
        for service in file.service
        for method in service.method
        if method.options.idempotency_level != MethodOptions.IDEMPOTENCY_UNKNOWN
    ]
    return json.dumps({"methodConfig": [{"name": names, "retryPolicy": RETRY_POLICY}]}, indent=2) + "\n"
