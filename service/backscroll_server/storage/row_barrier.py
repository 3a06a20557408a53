"""Where the calls of a row wait for one another."""

from collections.abc import Generator
from typing import Any


class RowBarrier:
    """Lets the calls of a row do the same part of their work one after another.

    Attributes:
        in_row: whether what runs now is a call of a row. Set by whoever runs the row.
    """

    __slots__ = ("in_row",)

    def __init__(self) -> None:
        self.in_row = False

    async def wait(self) -> None:
        """In a row, lets its other calls come as far; elsewhere goes on at once."""
        if self.in_row:
            await AT_BARRIER


class _AtBarrier:
    """What a call of a row yields at a barrier, where it would yield a future to wait for."""

    def __await__(self) -> Generator[Any, None, None]:
        yield self


AT_BARRIER = _AtBarrier()
