"""Results of one run of load, and summaries of several runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts and times of one run of load.

    Attributes:
        calls: calls answered with OK; transactions, where nothing was called.
        seconds: how long all of them took together.
        latencies: seconds of each, in no order.
        server_seconds: processor time of the process that was measured, None if the system does not say.
        client_seconds: processor time of this process meanwhile.
        errors: the failures, as text.
        units: how many things one call is about, as the messages of a batch.
    """

    calls: int
    seconds: float
    latencies: Sequence[float]
    server_seconds: float | None
    client_seconds: float
    errors: Sequence[str] = ()
    units: int = 1

    @property
    def per_second(self) -> float:
        """Units a second."""
        return self.calls * self.units / self.seconds

    @property
    def server_microseconds(self) -> float | None:
        """Processor time of the measured process for one unit."""
        if self.server_seconds is None or not self.calls:
            return None
        return self.server_seconds / (self.calls * self.units) * 1e6

    @property
    def client_share(self) -> float:
        """The share of one core that this process used; near 1 the client was the limit, not the server."""
        return self.client_seconds / self.seconds

    def latency(self, part: float) -> float:
        """Return the latency in seconds that `part` (0 to 1) of the calls stayed within."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


@dataclass(slots=True)
class Side:
    """One of the two things compared, with a reading for each round.

    Attributes:
        label: its name in the report.
        readings: in the order of the rounds.
    """

    label: str
    readings: list[Reading] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        """Every failure of every round."""
        return [error for reading in self.readings for error in reading.errors]

    @property
    def calls(self) -> int:
        """The number of calls in all rounds."""
        return sum(reading.calls for reading in self.readings)

    @property
    def per_second(self) -> float:
        """Units a second in the median round."""
        return median(reading.per_second for reading in self.readings)

    @property
    def client_share(self) -> float:
        """The client's part of one core in the median round."""
        return median(reading.client_share for reading in self.readings)

    @property
    def server_microseconds(self) -> float | None:
        """Processor time for one unit in the median round."""
        known = [value for reading in self.readings if (value := reading.server_microseconds) is not None]
        return median(known) if known else None

    def latency(self, part: float) -> float:
        """Return the median over the rounds of the latency that `part` of the calls stayed within, in seconds."""
        return median(reading.latency(part) for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over several rounds.

    Attributes:
        middle: the median of the rounds.
        lowest: the least of them.
        highest: the greatest of them.
    """

    middle: float
    lowest: float
    highest: float


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of the rounds' values, of which there is at least one."""
    return Spread(median(values), min(values), max(values))


def ratio(ours: Sequence[float], others: Sequence[float]) -> Spread:
    """Return one side over the other, round by round, because a round's two halves share the machine's mood."""
    return spread([mine / other for mine, other in zip(ours, others, strict=True)])


def speed_ratio(ours: Side, others: Side) -> Spread:
    """Return the units a second of one side for each of the other."""
    return ratio([r.per_second for r in ours.readings], [r.per_second for r in others.readings])


def cost_ratio(ours: Side, others: Side) -> Spread | None:
    """Return the processor time of a unit of one side in units of the other's, if the system says."""
    mine = [r.server_microseconds for r in ours.readings]
    theirs = [r.server_microseconds for r in others.readings]
    if None in mine or None in theirs:
        return None
    return ratio([value or 0.0 for value in mine], [value or 1.0 for value in theirs])


def latency_ratio(ours: Side, others: Side, part: float) -> Spread:
    """Return the latency of one side in units of the other's, at a percentile."""
    return ratio([r.latency(part) for r in ours.readings], [r.latency(part) for r in others.readings])
