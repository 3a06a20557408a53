"""Weights of operations: about how many rows each writes. Heavy ones run in batches of their own, in a thread."""

from collections.abc import Callable
from typing import Any, TypeVar

Operation = TypeVar("Operation", bound=Callable[..., Any])

_WEIGHTS: dict[Callable[..., Any], Callable[..., int]] = {}


def weighs(weight: Callable[..., int]) -> Callable[[Operation], Operation]:
    """Declare the weight of an operation.

    Args:
        weight: computes it from the operation's arguments after the transaction.
    """

    def declare(operation: Operation) -> Operation:
        _WEIGHTS[operation] = weight
        return operation

    return declare


def weight_of(operation: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """Return the weight of an operation with these arguments; 1 for one that declares none."""
    weight = _WEIGHTS.get(operation)
    return 1 if weight is None else weight(*args, **kwargs)
