"""Single sends, each answered when it is on disk."""

from benchmarks.checkouts import THIS_TREE, prepared
from benchmarks.contract import Contract
from benchmarks.dataset import pair, row_counts
from benchmarks.figures import speed_ratio
from benchmarks.fill import database_of, served
from benchmarks.load import Workload, connected
from benchmarks.pairing import alternate, loading, loading_others
from benchmarks.plan import Plan
from benchmarks.processes import empty_server
from benchmarks.report import Outcome, Verdict, at_least, beside
from benchmarks.requests import SEND_MESSAGE, filled, send_template

_CONVERSATIONS = 1000
_IN_FLIGHT = 64
_TARGET = 0.5
_SYNCS_TARGET = 0.1
_PROBE_ROUND = 9999


async def run(plan: Plan) -> Outcome:
    """Compare sends with yardstick E answering as many bytes, and with other checkouts, and count the commits."""
    workloads, missing = prepared(plan, _workload)
    workload = workloads[THIS_TREE]
    database = database_of(plan, THIS_TREE)
    async with served(plan, workloads) as clients:
        client = clients[THIS_TREE]
        answer = await client.answer(workload.method, next(workload.requests(_PROBE_ROUND)))
        before = row_counts(database)["Message"]
        with empty_server(workload.method, answer, plan.folder, plan.cores) as empty:
            async with connected(empty) as yardstick:
                ours, theirs, *others = await alternate(
                    plan,
                    ("backscroll", loading(client, workload)),
                    ("yardstick E", loading(yardstick, workload)),
                    *loading_others(clients, workloads),
                )
    title = f"a durable send answered with {len(answer)} bytes, {_IN_FLIGHT} in flight"
    outcome = Outcome(title, (ours, theirs, *others), notes=missing)
    if outcome.failures:
        return outcome
    outcome.verdicts.append(at_least("calls/s", speed_ratio(ours, theirs), _TARGET))
    outcome.verdicts.append(_syncs(client.server.commits()))
    outcome.notes += beside(ours, others)
    stored = row_counts(database)["Message"] - before
    if stored < ours.calls:
        outcome.faults.append(f"{ours.calls} sends were answered and {stored} messages are stored")
    return outcome


def _workload(contract: Contract) -> Workload:
    templates = [
        send_template(contract, f"ann-{number}", pair(f"ann-{number}", f"bob-{number}").conversation_id, number)
        for number in range(_CONVERSATIONS)
    ]
    return Workload(contract.path(SEND_MESSAGE), _IN_FLIGHT, filled(templates))


def _syncs(commits: tuple[int, int] | None) -> Verdict:
    target = f"<= {_SYNCS_TARGET}"
    if commits is None or not commits[1]:
        return Verdict("fsync a message: the server's log does not say", target, None)
    share = commits[0] / commits[1]
    text = f"fsync a message {share:.3f} ({commits[0]:,} commits of {commits[1]:,} messages)"
    return Verdict(text, target, share <= _SYNCS_TARGET)
