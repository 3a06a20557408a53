"""The size of the next batch of reads, by how many arrived together lately."""

from typing import Final

LARGEST: Final = 32

_READS_BEFORE_GROWTH: Final = 256


class BatchSize:
    """An estimate of how many reads arrive close together.

    It grows by half after a batch that filled. It shrinks by a quarter after one that did not fill in time, and then
    stays for 256 reads. At 1, a read waits for no other.

    Attributes:
        target: the number of reads to wait for.
    """

    __slots__ = ("_until_growth", "target")

    def __init__(self) -> None:
        self.target = 1
        self._until_growth = 0

    def filled(self, arrived: int) -> None:
        """Note a batch that filled with `arrived` reads."""
        if self._until_growth > 0:
            self._until_growth -= arrived
        else:
            self.target = min(arrived + arrived // 2 + 1, LARGEST)

    def timed_out(self, arrived: int) -> None:
        """Note that only `arrived` reads came in time."""
        self.target = max(arrived, self.target * 3 // 4)
        self._until_growth = _READS_BEFORE_GROWTH
