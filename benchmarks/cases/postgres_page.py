"""A page of 50 messages of history on PostgreSQL, beside pgbench running the same statements."""

from contextlib import closing
from itertools import product

from backscroll_server.domain.clock import system_clock
from backscroll_server.domain.retention import KEPT_FOR_EVER
from backscroll_server.services.messages.history import EVERYTHING, HistoryQuery, list_page
from backscroll_server.services.messages.page_bounds import HistoryStart
from backscroll_server.services.views.access import Caller
from backscroll_server.settings import load_settings
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.postgres import BEGIN_SNAPSHOT
from backscroll_server.storage.tables.id_cache import IdCache
from benchmarks.cases.page import full_page
from benchmarks.contract import own_contract
from benchmarks.dataset import Said, open_store, pair, send
from benchmarks.figures import speed_ratio
from benchmarks.load import Workload, connected
from benchmarks.pairing import alternate, loading
from benchmarks.pgbench import Pgbench, command
from benchmarks.plan import Plan
from benchmarks.postgres_server import missing, postgres_server, progression
from benchmarks.processes import backscroll_at
from benchmarks.recording import RecordingSnapshot
from benchmarks.report import Outcome, formatted
from benchmarks.requests import LIST_MESSAGES, dealt, page_request

_CONVERSATIONS = 200
_MESSAGES = 500
_PAGE = 50
_IN_FLIGHT = 32
_SIDES = [(f"ann-{number:03}", f"bob-{number:03}") for number in range(_CONVERSATIONS)]


async def run(plan: Plan) -> Outcome:
    """Compare pages with yardstick P, with as many connections as there are calls, and as the server has."""
    title = f"a page of {_PAGE} on PostgreSQL, {_IN_FLIGHT} in flight"
    reason = missing()
    if reason is not None:
        return Outcome(title, (), notes=[reason])
    threads = load_settings({}).read_threads
    contract = own_contract()
    requests = [
        page_request(contract, user_id, pair(*users).conversation_id, sequence)
        for users in _SIDES
        for user_id in users
        for sequence in range(_PAGE + 1, _MESSAGES + 1)
    ]
    workload = Workload(contract.path(LIST_MESSAGES), _IN_FLIGHT, dealt(requests, plan.rounds))
    with postgres_server(plan) as postgres:
        url = postgres.cluster.new_database()
        async with open_store(url) as store:
            await send(
                store,
                (Said(pair(*users), users[number % 2], number) for users, number in product(_SIDES, range(_MESSAGES))),
            )
        postgres.settle(url)
        script = _script(url)
        yardsticks = [
            Pgbench(url, script, plan.folder, connections, postgres.processor_seconds)
            for connections in (_IN_FLIGHT, threads)
        ]
        with backscroll_at(url, plan.folder / "server.log", plan.cores) as server:
            async with connected(server) as client:
                await full_page(client, contract, next(workload.requests(0)))
                sides = await alternate(
                    plan,
                    ("backscroll", postgres.watched(loading(client, workload))),
                    *((pgbench.label, pgbench.measure) for pgbench in yardsticks),
                )
    outcome = Outcome(title, sides)
    if not outcome.failures:
        outcome.notes += [f"calls/s {formatted(speed_ratio(sides[0], p))} times those of {p.label}" for p in sides[1:]]
        outcome.notes.append(postgres.cost_note())
    return outcome


def _script(url: str) -> str:
    """Return the statements of a page, at random places of random conversations, for either side."""
    with closing(DatabaseAddress(url).connect()) as connection:
        directory = IdCache()
        snapshot = RecordingSnapshot(connection, directory, KEPT_FOR_EVER)
        snapshot.now = system_clock()
        conversations = [snapshot.conversation(pair(*users).conversation_id) or 0 for users in _SIDES]
        numbers = snapshot.users(user_id for users in _SIDES for user_id in users)
        snapshot.ran.clear()
        # The numbers are cached now, as they are in a server.
        ann, bob = _SIDES[-1]
        query = HistoryQuery(
            Caller(ann),
            pair(ann, bob),
            down=False,
            size=_PAGE,
            message_filter=EVERYTHING,
            start=HistoryStart(sequence=_PAGE + 1),
        )
        list_page(snapshot, query)
    first, step = progression(conversations)
    first_user, user_step = progression([numbers[user_id] for users in _SIDES for user_id in users])
    variables = {"user": "user", "conversation": "conversation", "after": "after", "up_to": "up_to"}
    return "\n".join(
        [
            f"\\set number random(0, {_CONVERSATIONS - 1})",
            f"\\set conversation {first} + :number * {step}",
            f"\\set user {first_user} + (:number * 2 + random(0, 1)) * {user_step}",
            f"\\set up_to random({_PAGE}, {_MESSAGES - 1})",
            f"\\set after :up_to - {_PAGE}",
            f"{BEGIN_SNAPSHOT};",
            *(f"{command(ran, variables)};" for ran in snapshot.ran),
            "ROLLBACK;",
        ]
    )
