"""The choice of the waiting write operations that share the next transaction, by their weights."""

from collections.abc import Sequence
from typing import Final

MOST_WEIGHT: Final = 1000
"""The weight up to which operations share a transaction."""

SMALL_WEIGHT: Final = 16
"""The weight up to which an operation goes before larger ones that came earlier."""


def next_batch(weights: Sequence[int]) -> list[bool]:
    """Return for each waiting operation whether it is part of the next batch.

    The one that has waited longest always is. Small ones join it, up to the weight of a batch beside it, so that a
    caller of single sends does not wait for all of somebody's large ones. Then large ones fill what is left.

    Args:
        weights: the weights of the operations, in the order in which they came.

    >>> next_batch([600, 600, 1])
    [True, False, True]
    """
    if sum(weights) <= MOST_WEIGHT:
        return [True] * len(weights)
    chosen = [position == 0 for position in range(len(weights))]
    small = 0
    for position, weight in enumerate(weights):
        if position and weight <= SMALL_WEIGHT and small + weight <= MOST_WEIGHT:
            small += weight
            chosen[position] = True
    total = small + weights[0]
    for position, weight in enumerate(weights):
        if position and weight > SMALL_WEIGHT:
            total += weight
            if total > MOST_WEIGHT:
                break
            chosen[position] = True
    return chosen
