"""The parts of a stream of answers: framed items, joined up to a size that clients accept."""

from collections.abc import Iterable, Iterator

from backscroll_server.domain import limits


class PartBuilder:
    """Builder of the parts of a stream: it joins encoded items to parts of at most 2 MiB.

    Clients accept such a part without changing their limits. A single item above 2 MiB would be a part of its own.

    Args:
        most: the most items in one part.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: list[bytes] = []
        self._size = 0

    def add(self, item: bytes) -> bytes | None:
        """Add an encoded item to the current part, or to a further one if it does not fit.

        Returns:
            The part that is now complete, if the item began a further one; else None.
        """
        full = None
        if len(self._items) == self._most or (self._items and self._size + len(item) > limits.STREAM_PART_BYTES):
            full = self.rest()
        self._items.append(item)
        self._size += len(item)
        return full

    def rest(self) -> bytes:
        """Return the current part and begin an empty one; the part is empty bytes if it has no items."""
        part, self._items, self._size = b"".join(self._items), [], 0
        return part


def parts(framed: Iterable[bytes], *, most: int) -> Iterator[bytes]:
    """Yield the parts of a stream: framed items joined, at most `most` of them and 2 MiB in each part."""
    builder = PartBuilder(most)
    for item in framed:
        if full := builder.add(item):
            yield full
    if rest := builder.rest():
        yield rest
