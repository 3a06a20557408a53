"""A page near the beginning of a very long history and one near its end."""

from time import perf_counter

from benchmarks.cases.page import full_page
from benchmarks.contract import own_contract
from benchmarks.dataset import create_group, group, load_history, open_store
from benchmarks.figures import cost_ratio, speed_ratio
from benchmarks.load import Workload, connected
from benchmarks.pairing import alternate, loading
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.report import Outcome, at_least, at_most
from benchmarks.requests import LIST_MESSAGES, dealt, page_request

_MESSAGES = 5_000_000
_QUICK_MESSAGES = 500_000
_MEMBERS = 1000
_SENDERS = 10
_ANCHORS = 100
_EARLY = 60
_IN_FLIGHT = 32
_TARGET = 1.15


async def run(plan: Plan) -> Outcome:
    """Compare pages at sequence 100 with pages at the end of the same conversation, on the same server."""
    database = plan.folder / "depth.db"
    count = _QUICK_MESSAGES if plan.quick else _MESSAGES
    members = [f"member-{number}" for number in range(_MEMBERS)]
    async with open_store(database) as store:
        await create_group(store, "depth", members)
    started = perf_counter()
    load_history(database, group("depth"), members[:_SENDERS], count)
    loading_seconds = perf_counter() - started
    early, late = (
        Workload(own_contract().path(LIST_MESSAGES), _IN_FLIGHT, dealt(_requests(members, first), plan.rounds))
        for first in (_EARLY, count - _ANCHORS + 1)
    )
    with backscroll(database, plan.cores) as server:
        async with connected(server) as client:
            for workload in (early, late):
                await full_page(client, own_contract(), next(workload.requests(0)))
            ours, theirs = await alternate(
                plan,
                (f"at {count:,}", loading(client, late)),
                (f"at {_EARLY} to {_EARLY + _ANCHORS - 1}", loading(client, early)),
            )
    outcome = Outcome(f"a page of 50 of a history of {count:,}, {_IN_FLIGHT} in flight", (ours, theirs))
    if not outcome.failures:
        outcome.verdicts.append(at_least("calls/s", speed_ratio(ours, theirs), 1 / _TARGET))
        outcome.verdicts.append(at_most("CPU of a call", cost_ratio(ours, theirs), _TARGET))
        outcome.notes.append(f"the history was loaded in {loading_seconds:.0f} s")
    return outcome


def _requests(members: list[str], first: int) -> list[bytes]:
    conversation_id = group("depth").conversation_id
    return [
        page_request(own_contract(), user_id, conversation_id, sequence)
        for user_id in members
        for sequence in range(first, first + _ANCHORS)
    ]
