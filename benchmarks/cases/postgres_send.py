"""Single sends on PostgreSQL, each answered when it is on disk, beside pgbench running the same statements."""

import re
from contextlib import closing
from itertools import chain

from backscroll.v1 import message_service_pb2
from backscroll_server.domain.clock import system_clock
from backscroll_server.domain.retention import KEPT_FOR_EVER
from backscroll_server.services.messages.send import Send, send_all
from backscroll_server.services.upkeep.check import check_database
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.postgres import BEGIN_WRITE
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.id_cache import IdCache
from backscroll_server.transport.outgoing_messages import outgoing
from benchmarks.contract import own_contract
from benchmarks.dataset import Said, open_store, pair, row_counts, send
from benchmarks.figures import speed_ratio
from benchmarks.load import Workload, connected
from benchmarks.pairing import alternate, loading
from benchmarks.pgbench import Pgbench, command
from benchmarks.plan import Plan
from benchmarks.postgres_server import missing, postgres_server, progression
from benchmarks.processes import backscroll_at
from benchmarks.recording import Ran, RecordingTransaction
from benchmarks.report import Outcome, formatted
from benchmarks.requests import SEND_MESSAGE, filled, filled_with, send_template

_CONVERSATIONS = 1000
_IN_FLIGHT = 64
_SIDES = [(f"ann-{number:03}", f"bob-{number:03}") for number in range(_CONVERSATIONS)]
_TEMPLATES = [
    send_template(own_contract(), users[0], pair(*users).conversation_id, n) for n, users in enumerate(_SIDES)
]

_VARIABLES = {
    "conversation": "conversation",
    "key_conversation": "conversation",
    "sender": "sender",
    "key_user": "sender",
    "actor": "sender",
    "client_message_id": "client_message_id",
    "position": "position",
    **dict.fromkeys(("create_time", "last_time", "last_live_time", "time"), "time"),
    **dict.fromkeys(("countable", "base_countable"), "countable"),
    **dict.fromkeys(("own_countable", "base_own"), "own"),
    **dict.fromkeys(
        (
            "sequence", "first_sequence", "last_sequence", "last_live_sequence", "last_relist_sequence",
            "read_sequence", "base_sequence",
        ),
        "sequence",
    ),
}  # fmt: skip
"""Parameters that differ from send to send, with the script's names of them. The others keep the values of one send."""


async def run(plan: Plan) -> Outcome:
    """Compare sends with yardstick P, with as many connections as there are calls, and with one as a writer has."""
    title = f"a durable send on PostgreSQL, {_IN_FLIGHT} in flight"
    reason = missing()
    if reason is not None:
        return Outcome(title, (), notes=[reason])
    workload = Workload(own_contract().path(SEND_MESSAGE), _IN_FLIGHT, filled(_TEMPLATES))
    with postgres_server(plan) as postgres:
        url = postgres.cluster.new_database()
        async with open_store(url) as store:
            await send(store, (Said(pair(*users), users[0], n) for n, users in enumerate(_SIDES)))
        # A server reads the feed, so that what others write beside it would cost it something.
        apart = postgres.cluster.copy_database(url)
        for database in (url, apart):
            postgres.settle(database)
        script = _script(url)
        yardsticks = [
            Pgbench(apart, script, plan.folder, connections, postgres.processor_seconds)
            for connections in (_IN_FLIGHT, 1)
        ]
        with backscroll_at(url, plan.folder / "server.log", plan.cores) as server:
            async with connected(server) as client:
                sides = await alternate(
                    plan,
                    ("backscroll", postgres.watched(loading(client, workload))),
                    *((pgbench.label, pgbench.measure) for pgbench in yardsticks),
                )
        stored = [row_counts(database)["Message"] - _CONVERSATIONS for database in (url, apart)]
        unsound = check_database(apart, now=system_clock()).problems
    outcome = Outcome(title, sides)
    if outcome.failures:
        return outcome
    outcome.notes += [f"calls/s {formatted(speed_ratio(sides[0], p))} times those of {p.label}" for p in sides[1:]]
    outcome.notes.append(postgres.cost_note())
    commits = server.commits()
    if commits is not None and commits[0]:
        outcome.notes.append(f"messages a commit {commits[1] / commits[0]:.1f}; 1 for pgbench")
    for answered, found in zip((sides[0].calls, sides[1].calls + sides[2].calls), stored, strict=True):
        if found < answered:
            outcome.faults.append(f"{answered} sends were answered and {found} messages are stored")
    outcome.faults += [f"pgbench stored what a server would not: {problem}" for problem in unsound[:3]]
    return outcome


def _script(url: str) -> str:
    """Return the statements of a send to a random conversation, in a transaction of its own."""
    ran, conversations, senders = _recorded(url)
    first, step = progression(conversations)
    first_sender, sender_step = progression(senders)
    lines = [
        f"\\set number random(0, {_CONVERSATIONS - 1})",
        f"\\set conversation {first} + :number * {step}",
        f"\\set sender {first_sender} + :number * {sender_step}",
        "\\set client_message_id random(1000000000000000, 9999999999999999)",
        *(f"{part};" for part in BEGIN_WRITE.split("; ")),
    ]
    for one in ran:
        text = command(one, _VARIABLES | _keys(one))
        if 'FROM "conversation" ' in text:
            lines += [f"{text} \\gset head_"]
            lines += [f"\\set {name} :head_{column} + 1" for name, column in
                      (("sequence", "last_sequence"), ("time", "last_time"), ("countable", "countable"))]  # fmt: skip
        elif 'FROM "conversation_view" ' in text:
            lines += [f"{text} \\gset view_", "\\set own :view_own_countable + 1"]
        else:
            lines.append(f"{text} \\gset" if " RETURNING " in text else f"{text};")
    return "\n".join([*lines, "COMMIT;"])


def _keys(ran: Ran) -> dict[str, str]:
    """Return the parameters of a list of keys, by the columns that the list is compared with."""
    listed = re.search(r"\(([^()]*)\) IN \(|(\S+) IN \(", ran.text)
    if listed is None:
        return {}
    columns = re.findall(r'"t1"\."(\w+)"', listed[0])
    of_column = {"id": "conversation", "user": "sender"}
    return {f"key_{place}": of_column.get(column, column) for place, column in enumerate(columns)}


def _recorded(url: str) -> tuple[list[Ran], list[int], list[int]]:
    """Return the statements of one send, and the numbers of all conversations and of all senders there."""
    request = message_service_pb2.SendMessageRequest.FromString(filled_with(_TEMPLATES[-1], 0, 0)[0])
    with closing(DatabaseAddress(url).connect()) as connection:
        directory = IdCache()
        session = Session(connection)
        keys = [pair(*users) for users in _SIDES]
        conversations = {key.conversation_id: directory.conversation(session, key.conversation_id) or 0 for key in keys}
        users = directory.users(session, chain(*_SIDES))
        # Cached, as they are in a server.
        directory.remember(users, conversations)
        transaction = RecordingTransaction(session, directory, system_clock(), KEPT_FOR_EVER)
        transaction.begin_write()
        message = outgoing(request.message, "message", b"any secret")
        send_all(transaction, [Send(keys[-1], request.user_id, message)])
        transaction.finish()
        transaction.rollback()
    return transaction.ran, list(conversations.values()), [users[sender] for sender, _ in _SIDES]
