"""Budgets of bytes: how much fits into one, and how many rows to read at once to fill one. No reads."""

from collections.abc import Iterable


def fitting(sizes: Iterable[int], budget: int) -> int:
    """Return how many items, from the first on, have at most `budget` bytes together; at least 1 if there are any.

    >>> fitting([5, 4, 3], 9), fitting([5, 4, 3], 2), fitting([], 2)
    (2, 1, 0)
    """
    count = total = 0
    for size in sizes:
        total += size
        if count and total > budget:
            break
        count += 1
    return count


def rows_at_once(count: int, size: int, budget: int) -> int:
    """Return how many rows to read next where rows are read up to a budget of bytes: 100, or 16 if that may be enough.

    There are only two answers because a statement is rendered for each.

    Args:
        count: how many rows were read so far.
        size: how many bytes they have.
        budget: the bytes at which reading ends.

    >>> rows_at_once(0, 0, 1000), rows_at_once(16, 100, 1000), rows_at_once(16, 900, 1000)
    (16, 100, 16)
    """
    fit_100_more = count and size + 100 * size / count <= budget
    return 100 if fit_100_more else 16
