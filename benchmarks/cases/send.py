"""Single sends, each answered when it is on disk."""

from benchmarks.dataset import pair, row_counts
from benchmarks.figures import speed_ratio
from benchmarks.load import Workload, connected
from benchmarks.pairing import alternate, loading
from benchmarks.plan import Plan
from benchmarks.processes import backscroll, empty_server
from benchmarks.report import Outcome, Verdict, at_least
from benchmarks.requests import SEND_MESSAGE, filled, send_template

_CONVERSATIONS = 1000
_IN_FLIGHT = 64
_TARGET = 0.5
_SYNCS_TARGET = 0.1
_PROBE_ROUND = 9999


async def run(plan: Plan) -> Outcome:
    """Compare sends with yardstick E answering as many bytes, and count the commits."""
    database = plan.folder / "send.db"
    templates = [
        send_template(f"ann-{number}", pair(f"ann-{number}", f"bob-{number}").conversation_id, number)
        for number in range(_CONVERSATIONS)
    ]
    workload = Workload(SEND_MESSAGE, _IN_FLIGHT, filled(templates))
    with backscroll(database, plan.cores) as server:
        async with connected(server) as client:
            answer = await client.answer(SEND_MESSAGE, next(workload.requests(_PROBE_ROUND)))
            before = row_counts(database)["Message"]
            with empty_server(SEND_MESSAGE, answer, plan.folder, plan.cores) as empty:
                async with connected(empty) as yardstick:
                    ours, theirs = await alternate(
                        plan, ("backscroll", loading(client, workload)), ("yardstick E", loading(yardstick, workload))
                    )
    outcome = Outcome(f"a durable send answered with {len(answer)} bytes, {_IN_FLIGHT} in flight", (ours, theirs))
    if outcome.failures:
        return outcome
    outcome.verdicts.append(at_least("calls/s", speed_ratio(ours, theirs), _TARGET))
    outcome.verdicts.append(_syncs(server.commits()))
    stored = row_counts(database)["Message"] - before
    if stored < ours.calls:
        outcome.faults.append(f"{ours.calls} sends were answered and {stored} messages are stored")
    return outcome


def _syncs(commits: tuple[int, int] | None) -> Verdict:
    target = f"<= {_SYNCS_TARGET}"
    if commits is None or not commits[1]:
        return Verdict("fsync a message: the server's log does not say", target, None)
    share = commits[0] / commits[1]
    text = f"fsync a message {share:.3f} ({commits[0]:,} commits of {commits[1]:,} messages)"
    return Verdict(text, target, share <= _SYNCS_TARGET)
