"""Sending to a very large group beside sending to a pair."""

from collections import Counter

from benchmarks.contract import own_contract
from benchmarks.dataset import Said, create_group, group, open_store, pair, row_counts, send
from benchmarks.figures import Reading, Side, cost_ratio, latency_ratio
from benchmarks.load import Workload, connected
from benchmarks.pairing import Measure, alternate, loading
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.report import Outcome, Verdict, at_most
from benchmarks.requests import SEND_MESSAGE, filled, send_template

_MEMBERS = 10_000
_SENDERS = 1000
_IN_FLIGHT = 32
_TARGET = 1.3


async def run(plan: Plan) -> Outcome:
    """Compare sends to a group of 10,000 with sends to a pair on the same server, and count the rows of both."""
    database = plan.folder / "group.db"
    members = [f"member-{number}" for number in range(_MEMBERS)]
    two = pair("ann", "bob")
    contract = own_contract()
    async with open_store(database) as store:
        await create_group(store, "everybody", members)
        await send(store, [Said(two, "ann", 0), Said(two, "bob", 1)])
    to_group = Workload(
        contract.path(SEND_MESSAGE),
        _IN_FLIGHT,
        filled([send_template(contract, members[n], group("everybody").conversation_id, n) for n in range(_SENDERS)]),
    )
    to_pair = Workload(
        contract.path(SEND_MESSAGE),
        _IN_FLIGHT,
        filled([send_template(contract, ("ann", "bob")[n % 2], two.conversation_id, n) for n in range(_SENDERS)]),
    )
    rows: dict[str, Counter[str]] = {"group": Counter(), "pair": Counter()}
    with backscroll(database, plan.cores) as server:
        async with connected(server) as client:

            def counting(name: str, measure: Measure) -> Measure:
                async def measured(number: int, seconds: float) -> Reading:
                    before = row_counts(database)
                    reading = await measure(number, seconds)
                    after = row_counts(database)
                    if number:
                        rows[name].update({table: after[table] - before[table] for table in after})
                    return reading

                return measured

            ours, theirs = await alternate(
                plan,
                (f"group of {_MEMBERS:,}", counting("group", loading(client, to_group))),
                ("pair", counting("pair", loading(client, to_pair))),
            )
    outcome = Outcome(f"a durable send, {_IN_FLIGHT} in flight", (ours, theirs))
    if not outcome.failures:
        outcome.verdicts.append(at_most("latency of the median call", latency_ratio(ours, theirs, 0.5), _TARGET))
        outcome.verdicts.append(at_most("CPU of a call", cost_ratio(ours, theirs), _TARGET))
        outcome.verdicts.append(_rows_verdict(rows["group"], ours, rows["pair"], theirs))
    return outcome


def _rows_verdict(group_rows: Counter[str], ours: Side, pair_rows: Counter[str], theirs: Side) -> Verdict:
    """Return a row for each member would be 10,000 a message; what a pair gets is what a group may get."""
    mine, other = group_rows.total() / ours.calls, pair_rows.total() / theirs.calls
    by_table = ", ".join(f"{table} {rows / ours.calls:.2f}" for table, rows in group_rows.items() if rows)
    return Verdict(f"rows a message {mine:.2f} ({by_table}), pair {other:.2f}", "no more than the pair", mine <= other)
