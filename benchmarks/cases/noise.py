"""Yardstick E against itself: how far from 1 a ratio can be on this machine by chance."""

from itertools import count

from benchmarks.figures import speed_ratio
from benchmarks.load import Workload, connected
from benchmarks.pairing import alternate, loading
from benchmarks.plan import Plan
from benchmarks.processes import empty_server
from benchmarks.report import Outcome, formatted

_METHOD = "/backscroll.v1.MessageService/ListMessages"
_ANSWER_BYTES = 8_000


async def run(plan: Plan) -> Outcome:
    """Compare two processes of the same server."""
    answer = bytes(_ANSWER_BYTES)
    workload = Workload(_METHOD, 32, lambda number: (b"%08d-%08d" % (number, index) for index in count()))
    with (
        empty_server(_METHOD, answer, plan.folder, plan.cores) as one,
        empty_server(_METHOD, answer, plan.folder, plan.cores) as other,
    ):
        async with connected(one) as first, connected(other) as second:
            ours, theirs = await alternate(
                plan, ("E, one process", loading(first, workload)), ("E, another", loading(second, workload))
            )
    outcome = Outcome(
        f"an empty handler that answers {_ANSWER_BYTES:,} bytes against itself, 32 in flight", (ours, theirs)
    )
    if not outcome.failures:
        outcome.notes.append(f"ratio {formatted(speed_ratio(ours, theirs))}: what it is off 1.00 is noise")
    return outcome
