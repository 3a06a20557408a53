"""Weights of write operations: about how many rows each one writes.

A batch of the writer takes operations up to a total weight, and a heavy batch runs in a thread.
"""

from collections.abc import Callable
from typing import Any, TypeVar

Operation = TypeVar("Operation", bound=Callable[..., Any])

_WEIGHTS: dict[Callable[..., Any], Callable[..., int]] = {}


def weighs(weight: Callable[..., int]) -> Callable[[Operation], Operation]:
    """Declare the weight of a write operation; return a decorator that leaves the operation unchanged.

    Args:
        weight: computes the weight from the operation's arguments without the transaction; of one that is run on a
            batch of items, from those of one call.
    """

    def declare(operation: Operation) -> Operation:
        _WEIGHTS[operation] = weight
        return operation

    return declare


def weight_of(operation: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """Return about how many rows a write operation with these arguments writes; 1 if it declares no weight."""
    weight = _WEIGHTS.get(operation)
    return 1 if weight is None else weight(*args, **kwargs)
