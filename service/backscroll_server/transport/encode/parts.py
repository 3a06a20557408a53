"""The parts of a stream of answers: framed items, joined up to a size that clients accept."""

from collections.abc import Iterable, Iterator

from backscroll_server.domain import limits


class PartBuilder:
    """Builder of the parts of a stream: it joins encoded items to parts of at most 128 KiB.

    Clients accept such a part without changing their limits, and one that its reader does not take costs little. A
    single item above 128 KiB is a part of its own.

    Args:
        most: the most items in one part.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: list[bytes] = []
        self._size = 0

    def fits(self, item: bytes) -> bool:
        """Return whether an encoded item fits into the current part. Into an empty one any item does."""
        return not self._items or (len(self._items) < self._most and self._size + len(item) <= limits.STREAM_PART_BYTES)

    def add(self, item: bytes) -> None:
        """Add an encoded item to the current part."""
        self._items.append(item)
        self._size += len(item)

    def take(self, end: bytes) -> bytes:
        """Return the current part with `end` behind its items, and begin an empty one."""
        part = b"".join([*self._items, end])
        self._items, self._size = [], 0
        return part


def parts(framed: Iterable[bytes], *, most: int, end: bytes, last_end: bytes) -> Iterator[bytes]:
    """Yield the parts of a stream, at least one: framed items joined, at most `most` of them and 128 KiB in each part.

    An item is made when the part before it was taken.

    Args:
        framed: the items.
        most: the most items in one part.
        end: what stands behind the items of each part but the last.
        last_end: what stands behind the items of the last part.
    """
    builder = PartBuilder(most)
    for item in framed:
        if not builder.fits(item):
            yield builder.take(end)
        builder.add(item)
    yield builder.take(last_end)
