"""An estimate of how many reads the next batch has, from how many arrived together lately."""

from typing import Final

LARGEST: Final = 32

_READS_BEFORE_GROWTH: Final = 256


class BatchSize:
    """An estimate of how many reads arrive close together; 1 at first, and at most 32.

    It grows by about half after a batch that filled. It shrinks by a quarter, but not below the reads that arrived,
    after a batch that did not fill in time; then it does not grow for the next 256 reads. At 1, a read waits for no
    other.

    Attributes:
        target: the number of reads for which a batch waits.
    """

    __slots__ = ("_until_growth", "target")

    def __init__(self) -> None:
        self.target = 1
        self._until_growth = 0

    def filled(self, arrived: int) -> None:
        """Record that a batch filled before its time was over.

        Args:
            arrived: the number of reads in the batch.
        """
        if self._until_growth > 0:
            self._until_growth -= arrived
        else:
            self.target = min(arrived + arrived // 2 + 1, LARGEST)

    def timed_out(self, arrived: int) -> None:
        """Record that the time of a batch was over before it filled.

        Args:
            arrived: the number of reads in the batch.
        """
        self.target = max(arrived, self.target * 3 // 4)
        self._until_growth = _READS_BEFORE_GROWTH
