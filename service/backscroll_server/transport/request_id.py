"""The request id: the id of a call in the metadata of its answer and in the log."""

import random
from typing import Final, TypeGuard

REQUEST_ID_KEY: Final = "x-request-id"
OPERATION_ID_KEY: Final = "operationid"

LONGEST: Final = 128


def is_valid_request_id(request_id: str | bytes) -> TypeGuard[str]:
    """Return whether a caller's request id can be sent back as metadata: 1 to 128 printable ASCII characters."""
    return (
        isinstance(request_id, str)
        and 0 < len(request_id) <= LONGEST
        and request_id.isascii()
        and request_id.isprintable()
    )


def new_request_id() -> str:
    """Return a random request id: 128 bits as 32 hexadecimal digits, from a generator that is not cryptographic."""
    return f"{random.getrandbits(128):032x}"
