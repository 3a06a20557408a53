"""Batches of sends, beside a bare loop of the same rows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backscroll.v1 import message_service_pb2
from benchmarks.bare_sql import BareLoop
from benchmarks.dataset import pair, row_counts
from benchmarks.figures import Reading, speed_ratio
from benchmarks.load import Client, Workload, connected
from benchmarks.pairing import Measure, alternate, loading
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.report import Outcome, at_least
from benchmarks.requests import BATCH_SEND_MESSAGES, batch_template, filled

_SIZE = 100
_SENDERS = 20
_CONVERSATIONS_OF_EACH = 10
_IN_FLIGHT = 4
_TARGET = 0.4
_PROBE_ROUND = 9999


async def run(plan: Plan) -> Outcome:
    """Compare messages a second with yardstick R."""
    database = plan.folder / "batch.db"
    templates = [
        batch_template(
            f"ann-{number}",
            [pair(f"ann-{number}", f"bob-{other}").conversation_id for other in range(_CONVERSATIONS_OF_EACH)],
            _SIZE,
        )
        for number in range(_SENDERS)
    ]
    workload = Workload(BATCH_SEND_MESSAGES, _IN_FLIGHT, filled(templates), units=_SIZE)
    with backscroll(database, plan.cores) as server:
        async with connected(server) as client:
            await _expect_stored(client, next(workload.requests(_PROBE_ROUND)))
            before = row_counts(database)["Message"]
            async with _bare_loop(plan) as bare:
                ours, theirs = await alternate(plan, ("backscroll", loading(client, workload)), ("yardstick R", bare))
    outcome = Outcome(
        f"BatchSendMessages of {_SIZE}, {_IN_FLIGHT} in flight; CPU of one message, latency of one batch",
        (ours, theirs),
        unit="messages",
    )
    if outcome.failures:
        return outcome
    outcome.verdicts.append(at_least("messages/s", speed_ratio(ours, theirs), _TARGET))
    stored = row_counts(database)["Message"] - before
    if stored < ours.calls * _SIZE:
        outcome.faults.append(f"{ours.calls * _SIZE} sends were answered and {stored} messages are stored")
    return outcome


@asynccontextmanager
async def _bare_loop(plan: Plan) -> AsyncIterator[Measure]:
    """Run yardstick R with the rows that the server stored before the yardstick's first round."""
    loops: list[BareLoop] = []

    async def measure(_number: int, seconds: float) -> Reading:
        if not loops:
            loops.append(BareLoop(plan.folder / "batch.db", plan.folder / "bare.db", _SIZE))
        return loops[0].run(seconds)

    try:
        yield measure
    finally:
        for loop in loops:
            loop.close()


async def _expect_stored(client: Client, request: bytes) -> None:
    answer = await client.answer(BATCH_SEND_MESSAGES, request)
    results = message_service_pb2.BatchSendMessagesResponse.FromString(answer).results
    refused = [result.error.reason for result in results if result.HasField("error")]
    if refused or len(results) != _SIZE:
        raise ValueError(f"a batch of {_SIZE} has {len(results)} results, refused: {refused[:3]}")
