"""A page of 50 messages of history, anywhere in it."""

from collections.abc import Iterator
from itertools import product

from benchmarks.checkouts import THIS_TREE, prepared
from benchmarks.contract import Contract
from benchmarks.dataset import Said, pair
from benchmarks.figures import speed_ratio
from benchmarks.fill import served
from benchmarks.load import Client, Workload, connected
from benchmarks.pairing import alternate, loading, loading_others
from benchmarks.plan import Plan
from benchmarks.processes import empty_server
from benchmarks.report import Outcome, at_least, beside
from benchmarks.requests import LIST_MESSAGES, dealt, page_request

_PEOPLE = [(f"ann-{number}", f"bob-{number}") for number in range(200)]
_MESSAGES = 500
_PAGE = 50
_IN_FLIGHT = 32
_TARGET = 0.75


async def run(plan: Plan) -> Outcome:
    """Compare pages with yardstick E answering as many bytes, and with those of other checkouts."""
    workloads, missing = prepared(plan, lambda contract: _workload(contract, plan.rounds))
    workload = workloads[THIS_TREE]
    async with served(plan, workloads, _history) as clients:
        for tree, client in clients.items():
            answer = await full_page(client, tree.contract, next(workloads[tree].requests(0)))
        with empty_server(workload.method, answer, plan.folder, plan.cores) as empty:
            async with connected(empty) as yardstick:
                ours, theirs, *others = await alternate(
                    plan,
                    ("backscroll", loading(clients[THIS_TREE], workload)),
                    ("yardstick E", loading(yardstick, workload)),
                    *loading_others(clients, workloads),
                )
    title = f"a page of {_PAGE} of {len(answer):,} bytes, {_IN_FLIGHT} in flight"
    outcome = Outcome(title, (ours, theirs, *others), notes=missing)
    if not outcome.failures:
        outcome.verdicts.append(at_least("calls/s", speed_ratio(ours, theirs), _TARGET))
        outcome.notes += beside(ours, others)
    return outcome


def _history() -> Iterator[Said]:
    for users, number in product(_PEOPLE, range(_MESSAGES)):
        yield Said(pair(*users), users[number % 2], number)


def _workload(contract: Contract, rounds: int) -> Workload:
    requests = [
        page_request(contract, user_id, pair(*users).conversation_id, sequence)
        for users in _PEOPLE
        for user_id in users
        for sequence in range(_PAGE + 1, _MESSAGES + 1)
    ]
    return Workload(contract.path(LIST_MESSAGES), _IN_FLIGHT, dealt(requests, rounds))


async def full_page(client: Client, contract: Contract, request: bytes) -> bytes:
    """Return the answer to a request for a page.

    Raises:
        ValueError: where the page is not full.
    """
    answer = await client.answer(contract.path(LIST_MESSAGES), request)
    found = len(contract.response(LIST_MESSAGES, answer).messages)
    if found != _PAGE:
        raise ValueError(f"a page has {found} messages instead of {_PAGE}")
    return answer
