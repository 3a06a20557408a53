"""Batches of sends, beside a bare loop of the same rows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.bare_sql import BareLoop
from benchmarks.checkouts import THIS_TREE, prepared
from benchmarks.contract import Contract
from benchmarks.dataset import pair, row_counts
from benchmarks.figures import Reading, speed_ratio
from benchmarks.fill import database_of, served
from benchmarks.load import Client, Workload
from benchmarks.pairing import Measure, alternate, loading, loading_others
from benchmarks.plan import Plan
from benchmarks.report import Outcome, at_least, beside
from benchmarks.requests import BATCH_SEND_MESSAGES, batch_template, filled

_SIZE = 100
_SENDERS = 20
_CONVERSATIONS_OF_EACH = 10
_IN_FLIGHT = 4
_TARGET = 0.4
_PROBE_ROUND = 9999


async def run(plan: Plan) -> Outcome:
    """Compare messages a second with yardstick R, and with other checkouts."""
    workloads, missing = prepared(plan, _workload)
    database = database_of(plan, THIS_TREE)
    async with served(plan, workloads) as clients:
        for tree, client in clients.items():
            await _expect_stored(client, tree.contract, next(workloads[tree].requests(_PROBE_ROUND)))
        before = row_counts(database)["Message"]
        async with _bare_loop(database) as bare:
            ours, theirs, *others = await alternate(
                plan,
                ("backscroll", loading(clients[THIS_TREE], workloads[THIS_TREE])),
                ("yardstick R", bare),
                *loading_others(clients, workloads),
            )
    outcome = Outcome(
        f"BatchSendMessages of {_SIZE}, {_IN_FLIGHT} in flight; CPU of one message, latency of one batch",
        (ours, theirs, *others),
        notes=missing,
        unit="messages",
    )
    if outcome.failures:
        return outcome
    outcome.verdicts.append(at_least("messages/s", speed_ratio(ours, theirs), _TARGET))
    outcome.notes += beside(ours, others, unit="messages")
    stored = row_counts(database)["Message"] - before
    if stored < ours.calls * _SIZE:
        outcome.faults.append(f"{ours.calls * _SIZE} sends were answered and {stored} messages are stored")
    return outcome


def _workload(contract: Contract) -> Workload:
    templates = [
        batch_template(
            contract,
            f"ann-{number}",
            [pair(f"ann-{number}", f"bob-{other}").conversation_id for other in range(_CONVERSATIONS_OF_EACH)],
            _SIZE,
        )
        for number in range(_SENDERS)
    ]
    return Workload(contract.path(BATCH_SEND_MESSAGES), _IN_FLIGHT, filled(templates), units=_SIZE)


@asynccontextmanager
async def _bare_loop(database: Path) -> AsyncIterator[Measure]:
    """Run yardstick R with the rows that the server stored before the yardstick's first round."""
    loops: list[BareLoop] = []

    async def measure(_number: int, seconds: float) -> Reading:
        if not loops:
            loops.append(BareLoop(database, database.with_name("bare.db"), _SIZE))
        return loops[0].run(seconds)

    try:
        yield measure
    finally:
        for loop in loops:
            loop.close()


async def _expect_stored(client: Client, contract: Contract, request: bytes) -> None:
    answer = await client.answer(contract.path(BATCH_SEND_MESSAGES), request)
    results = contract.response(BATCH_SEND_MESSAGES, answer).results
    refused = [result.error.reason for result in results if result.HasField("error")]
    if refused or len(results) != _SIZE:
        raise ValueError(f"a batch of {_SIZE} has {len(results)} results, refused: {refused[:3]}")
