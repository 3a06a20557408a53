"""The id under which a call is found in answers and logs."""

import random
from typing import Final, TypeGuard

REQUEST_ID_KEY: Final = "x-request-id"
OPERATION_ID_KEY: Final = "operationid"

LONGEST: Final = 128


def is_valid_request_id(request_id: str | bytes) -> TypeGuard[str]:
    """Return whether a caller's id can be echoed: printable ASCII, so that it is valid metadata, and short."""
    return (
        isinstance(request_id, str)
        and 0 < len(request_id) <= LONGEST
        and request_id.isascii()
        and request_id.isprintable()
    )


def new_request_id() -> str:
    """Return a random id of 128 bits, as 32 hexadecimal digits. It is no secret."""
    return f"{random.getrandbits(128):032x}"
