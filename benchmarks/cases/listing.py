"""A page of a user's list of conversations, and where its time goes."""

import asyncio
import cProfile
import io
import pstats
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter

from backscroll.v1 import conversation_service_pb2
from backscroll_server.transport.calls import Call
from backscroll_server.transport.conversation_queries import ConversationQueries
from backscroll_server.transport.tokens.codec import TokenCodec
from benchmarks.checkouts import THIS_TREE, prepared
from benchmarks.contract import Contract, own_contract
from benchmarks.dataset import Said, open_store, pair
from benchmarks.figures import speed_ratio
from benchmarks.fill import database_of, served
from benchmarks.load import Client, Workload, connected
from benchmarks.pairing import alternate, loading, loading_others
from benchmarks.plan import Plan
from benchmarks.processes import empty_server
from benchmarks.report import Outcome, beside, formatted
from benchmarks.requests import LIST_CONVERSATIONS, dealt, list_request

_USERS = 20
_CONVERSATIONS = 1000
_PAGE = 50
_IN_FLIGHT = 32
_PROFILED_CALLS = 200
_PROFILE_LINES = 15


async def run(plan: Plan) -> Outcome:
    """Compare pages of the list with yardstick E answering as many bytes, and with other checkouts; profile them."""
    workloads, missing = prepared(plan, lambda contract: _workload(contract, plan.rounds))
    workload = workloads[THIS_TREE]
    async with served(plan, workloads, _lists) as clients:
        for tree, client in clients.items():
            answer = await _full_page(client, tree.contract)
        with empty_server(workload.method, answer, plan.folder, plan.cores) as empty:
            async with connected(empty) as yardstick:
                ours, theirs, *others = await alternate(
                    plan,
                    ("backscroll", loading(clients[THIS_TREE], workload)),
                    ("yardstick E", loading(yardstick, workload)),
                    *loading_others(clients, workloads),
                )
    title = f"a list page of {_PAGE} out of {_CONVERSATIONS:,}, {len(answer):,} bytes, {_IN_FLIGHT} in flight"
    outcome = Outcome(title, (ours, theirs, *others), notes=missing)
    if not outcome.failures:
        outcome.notes.append(f"calls/s {formatted(speed_ratio(ours, theirs), percent=True)} of E; no target")
        outcome.notes += beside(ours, others)
        outcome.notes += await _profile(database_of(plan, THIS_TREE))
    return outcome


def _lists() -> Iterator[Said]:
    for peer, user in product(range(_CONVERSATIONS), range(_USERS)):
        yield Said(pair(f"user-{user}", f"peer-{peer}"), f"peer-{peer}", user + peer)


def _workload(contract: Contract, rounds: int) -> Workload:
    requests = [
        list_request(contract, f"user-{user}", skip, _PAGE)
        for user in range(_USERS)
        for skip in range(_CONVERSATIONS - _PAGE + 1)
    ]
    return Workload(contract.path(LIST_CONVERSATIONS), _IN_FLIGHT, dealt(requests, rounds))


async def _full_page(client: Client, contract: Contract) -> bytes:
    answer = await client.answer(contract.path(LIST_CONVERSATIONS), list_request(contract, "user-0", 0, _PAGE))
    found = len(contract.response(LIST_CONVERSATIONS, answer).conversations)
    if found != _PAGE:
        raise ValueError(f"a page has {found} conversations instead of {_PAGE}")
    return answer


async def _profile(database: Path) -> list[str]:
    """Return the handler's most expensive functions, in this process and without the transport."""
    async with open_store(database) as store:
        servicer = ConversationQueries(store, TokenCodec(store.token_secret, store.epoch))
        call = Call(
            own_contract().path(LIST_CONVERSATIONS).strip("/"), shutting_down=asyncio.Event(), started=perf_counter()
        )
        requests = [
            conversation_service_pb2.ListConversationsRequest(user_id=f"user-{n % _USERS}", page_size=_PAGE, skip=n)
            for n in range(_PROFILED_CALLS)
        ]
        times = []
        for request in requests:
            started = perf_counter()
            await servicer.list_conversations(request, call)
            times.append(perf_counter() - started)
        profile = cProfile.Profile()
        with profile:
            for request in requests:
                await servicer.list_conversations(request, call)
    text = io.StringIO()
    pstats.Stats(profile, stream=text).strip_dirs().sort_stats("tottime").print_stats(_PROFILE_LINES)
    _, _, table = text.getvalue().partition("   ncalls")
    heading = (
        f"the handler alone takes {median(times) * 1e3:.2f} ms; by its own time in {_PROFILED_CALLS} profiled calls:"
    )
    return [heading, *("   ncalls" + table).rstrip().splitlines()]
