"""Sends while a million expired messages are removed, and while nothing is."""

import shutil
from pathlib import Path
from time import perf_counter

from backscroll_server.storage.tables.models import Conversation
from benchmarks.contract import own_contract
from benchmarks.dataset import create_group, group, load_history, open_store, pair, tables_of
from benchmarks.figures import Reading, latency_ratio
from benchmarks.load import Workload, connected
from benchmarks.pairing import Measure, alternate
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.report import Outcome, at_most, formatted
from benchmarks.requests import SEND_MESSAGE, filled, send_template

_MESSAGES = 1_000_000
_MEMBERS = 10
_PAIRS = 1000
_IN_FLIGHT = 16
_TARGET = 2.0
_AFTER_ROUND = 5000
_PATIENCE_ROUNDS = 200
_EXPIRING = ("--retention-group-days", "0.0001")


async def run(plan: Plan) -> Outcome:
    """Compare the latency of sends to pairs with and without a purge of a group's history beside them."""
    expiring, kept = plan.folder / "expiring.db", plan.folder / "kept.db"
    members = [f"member-{number}" for number in range(_MEMBERS)]
    async with open_store(expiring) as store:
        await create_group(store, "old", members)
    load_history(expiring, group("old"), members, _MESSAGES)
    shutil.copy(expiring, kept)
    contract = own_contract()
    templates = [
        send_template(contract, f"ann-{number}", pair(f"ann-{number}", f"bob-{number}").conversation_id, number)
        for number in range(_PAIRS)
    ]
    workload = Workload(contract.path(SEND_MESSAGE), _IN_FLIGHT, filled(templates))
    purging = _serving(plan, expiring, workload, *_EXPIRING)
    ours, theirs = await alternate(plan, ("while purging", purging), ("without", _serving(plan, kept, workload)))
    outcome = Outcome(f"a durable send beside a purge of {_MESSAGES:,}, {_IN_FLIGHT} in flight", (ours, theirs))
    if outcome.failures:
        return outcome
    removed = _removed(expiring)
    if removed >= _MESSAGES:
        outcome.faults.append("the purge ended before the rounds did: take fewer or shorter ones")
    outcome.verdicts.append(at_most("p99", latency_ratio(ours, theirs, 0.99), _TARGET))
    outcome.notes.append(f"median latency {formatted(latency_ratio(ours, theirs, 0.5))}")
    outcome.notes.append(f"the rounds removed {removed:,}")
    started = perf_counter()
    for number in range(_AFTER_ROUND, _AFTER_ROUND + _PATIENCE_ROUNDS):
        if _removed(expiring) >= _MESSAGES:
            break
        rest = await purging(number, 10)
        outcome.faults += rest.errors
    seconds = perf_counter() - started
    outcome.notes.append(f"the other {_removed(expiring) - removed:,} under the same load in {seconds:.0f} s")
    return outcome


def _serving(plan: Plan, database: Path, workload: Workload, *flags: str) -> Measure:
    """Return a measure that starts a server for each round."""

    async def measure(number: int, seconds: float) -> Reading:
        with backscroll(database, plan.cores, *flags) as server:
            async with connected(server) as client:
                return await client.run(workload, number, seconds)

    return measure


def _removed(database: Path) -> int:
    """Return the sequence up to which a group's history is removed from storage."""
    with tables_of(database):
        query = Conversation.select(Conversation.purged_sequence).where(
            Conversation.conversation_id == group("old").conversation_id
        )
        removed: int = query.scalar()
    return removed
