"""Results of a case, and their text form."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.figures import Side, Spread, cost_ratio, speed_ratio

_CLIENT_BOUND = 0.95


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure beside its target.

    Attributes:
        text: the figure, in words.
        target: the target, in words.
        met: whether it is met; None where the figure could not be had.
    """

    text: str
    target: str
    met: bool | None


@dataclass(slots=True)
class Outcome:
    """Result of a case.

    Attributes:
        title: what was measured.
        sides: what was compared.
        verdicts: the figures with targets.
        notes: lines that are printed as they are.
        faults: what makes the figures worthless, besides failed calls.
        unit: what is counted a second.
    """

    title: str
    sides: Sequence[Side]
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unit: str = "calls"

    @property
    def failures(self) -> list[str]:
        """Everything that went wrong."""
        return [f"{side.label}: {error}" for side in self.sides for error in side.errors] + self.faults


def formatted(value: Spread, *, percent: bool = False) -> str:
    """Return a ratio with its spread over the rounds."""
    if percent:
        return f"{value.middle:.0%} ({value.lowest:.0%} to {value.highest:.0%})"
    return f"{value.middle:.2f} ({value.lowest:.2f} to {value.highest:.2f})"


def at_least(text: str, value: Spread, target: float) -> Verdict:
    """Return a ratio that should not be lower."""
    return Verdict(f"{text} {formatted(value, percent=True)}", f">= {target:.0%}", value.middle >= target)


def at_most(text: str, value: Spread | None, target: float) -> Verdict:
    """Return a ratio that should not be higher."""
    if value is None:
        return Verdict(f"{text} not known here", f"<= {target:.2f}", None)
    return Verdict(f"{text} {formatted(value)}", f"<= {target:.2f}", value.middle <= target)


def beside(ours: Side, others: Sequence[Side], *, unit: str = "calls") -> list[str]:
    """Return a line for each other checkout: how fast this one is beside it, and what a unit costs."""
    found = []
    for other in others:
        cost = cost_ratio(ours, other)
        spent = "" if cost is None else f", CPU {formatted(cost)} times"
        found.append(f"beside {other.label}: {unit}/s {formatted(speed_ratio(ours, other))} times{spent}")
    return found


def lines(name: str, outcome: Outcome) -> list[str]:
    """Return a case as text."""
    printed = [f"{name}: {outcome.title}"]
    if any(side.calls for side in outcome.sides):
        printed.append(_heading(outcome.unit))
    printed += [_row(side) for side in outcome.sides if side.calls]
    for verdict in outcome.verdicts:
        state = {True: "met", False: "NOT MET", None: "not measured"}[verdict.met]
        printed.append(f"  {verdict.text}; target {verdict.target}: {state}")
    printed += [f"  {note}" for note in outcome.notes]
    bound = [side.label for side in outcome.sides if side.readings and side.client_share >= _CLIENT_BOUND]
    printed += [f"  the client was the limit of {label}: compare CPU, not calls" for label in bound]
    printed += [f"  FAILED {failure}" for failure in dict.fromkeys(outcome.failures)]
    return printed


def _heading(unit: str) -> str:
    return f"  {'':24}{unit + '/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU us':>9}{'client':>9}{'calls':>10}"


def _row(side: Side) -> str:
    cost = side.server_microseconds
    return (
        f"  {side.label:<24}{side.per_second:>12,.0f}{side.latency(0.5) * 1e3:>9.2f}{side.latency(0.99) * 1e3:>9.2f}"
        f"{'-' if cost is None else format(cost, ',.0f'):>9}{side.client_share:>9.0%}{side.calls:>10,}"
    )


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the last line of a run."""
    verdicts = [verdict for outcome in outcomes for verdict in outcome.verdicts]
    met = sum(verdict.met is True for verdict in verdicts)
    missed = sum(verdict.met is False for verdict in verdicts)
    failed = sum(bool(outcome.failures) for outcome in outcomes)
    unknown = len(verdicts) - met - missed
    return (
        f"measured {len(outcomes)} cases: {met} of {len(verdicts)} targets met, {missed} not met, "
        f"{unknown} not measured, {failed} cases failed"
    )
