"""Parameters of a run of the benchmarks."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.cores import Cores

_WARM_UP_SECONDS = 0.7


@dataclass(frozen=True, slots=True)
class Plan:
    """Parameters of a run.

    Attributes:
        seconds: how long each side is loaded in a round.
        rounds: how many rounds count.
        quick: whether the history of five million messages is cut to half a million.
        folder: where databases and logs go.
        cores: the cores of the two sides.
        against: other checkouts to compare with.
    """

    seconds: float
    rounds: int
    quick: bool
    folder: Path
    cores: Cores
    against: tuple[Path, ...] = ()

    @property
    def warm_up_seconds(self) -> float:
        """Seconds for which each side is loaded before it counts."""
        return min(_WARM_UP_SECONDS, self.seconds)
