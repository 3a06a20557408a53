"""The cost of asking who calls: servers without it, with tokens and rates, and with TLS too, in turns.

A second server without it shows how much two servers alike differ here.
"""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import grpc
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backscroll_server.domain.clock import SECOND, system_clock
from benchmarks.checkouts import THIS_TREE, print_load
from benchmarks.dataset import open_store, send
from benchmarks.figures import Side
from benchmarks.fill import database_of, fill
from benchmarks.load import Client, Workload
from benchmarks.pairing import alternate, loading
from benchmarks.pairs import history, pages, sends
from benchmarks.plan import Plan
from benchmarks.postgres_server import missing, postgres_server
from benchmarks.processes import ServerProcess, backscroll_at, database_url
from benchmarks.raw_calls import AuthorizedChannels
from benchmarks.report import Outcome, Verdict
from benchmarks.requests import LIST_MESSAGES, SEND_MESSAGE
from benchmarks.table import table
from tools import self_made

_NOTHING, _AGAIN, _TOKENS, _TLS = "no identities", "no identities, again", "tokens and rates", "the same over TLS"
_SIDES = (_NOTHING, _AGAIN, _TOKENS, _TLS)
_AUDIENCE = "benchmark"
_TOKEN_SECONDS = 3600
_IN_FLIGHT = 32
_MOST_MICROSECONDS = 15
_OPTIONS = (("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1))
_WORKERS = 2
_CONNECTIONS = 8
"""So many that each worker gets some: the system gives a connection to any of them."""

Serve = Callable[[str, tuple[str, ...]], ServerProcess]
"""Starts a server of some name with some flags; it ends with the case."""


@dataclass(frozen=True, slots=True)
class _Files:
    """Keys, certificate and token of servers and callers.

    Attributes:
        folder: where the certificate and its key are.
        public_key: the file with the key that verifies tokens.
        token: a token of a service.
    """

    folder: Path
    public_key: Path
    token: str

    def flags(self, side: str) -> tuple[str, ...]:
        """Return the flags of a server; its rates are counted, and never reached."""
        if side in (_NOTHING, _AGAIN):
            return ()
        tokens = ("--auth", "jwt", "--jwt-key-file", str(self.public_key), "--jwt-audience", _AUDIENCE)
        rates = ("--read-rate", "1000000", "--write-rate", "1000000")
        certificate = (
            "--tls-certificate",
            str(self.folder / "server.pem"),
            "--tls-key",
            str(self.folder / "server.key"),
        )
        return (*tokens, *rates, *(certificate if side == _TLS else ()))

    def channel(self, side: str, address: str) -> grpc.aio.Channel:
        """Return a connection to a server."""
        if side != _TLS:
            return grpc.aio.insecure_channel(address, options=_OPTIONS)
        credentials = grpc.ssl_channel_credentials((self.folder / "server.pem").read_bytes())
        return grpc.aio.secure_channel(address, credentials, options=_OPTIONS)


async def run(plan: Plan) -> Outcome:
    """Load servers in turns with pages and sends: one process on SQLite each, then two on PostgreSQL."""
    files = _made(plan.folder)
    outcome = Outcome(f"processor time of a call, {_IN_FLIGHT} in flight", ())
    rows: list[tuple[str, ...]] = []
    async with _alone(plan, files) as clients:
        await _compare(plan, "one process", clients, outcome, rows)
    reason = missing()
    if reason is None:
        async with _two_processes(plan, files) as clients:
            await _compare(plan, "two processes", clients, outcome, rows)
    else:
        outcome.notes.append(reason)
    outcome.notes += table(("CPU us of a call", *_SIDES), rows)
    return outcome


def _made(folder: Path) -> _Files:
    self_made.make(folder / "secure")
    signer = ec.generate_private_key(ec.SECP256R1())
    public_key = folder / "signer.pem"
    public_key.write_bytes(signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    expires = system_clock() // SECOND + _TOKEN_SECONDS
    claims = {"sub": "benchmark", "aud": _AUDIENCE, "exp": expires, "backscroll_service": True}
    return _Files(folder / "secure", public_key, jwt.encode(claims, signer, "ES256"))


@asynccontextmanager
async def _alone(plan: Plan, files: _Files) -> AsyncIterator[dict[str, Client]]:
    """Serve four copies of a SQLite file, each by one process."""
    database = database_of(plan, THIS_TREE)
    await fill(database, plan, THIS_TREE, history())
    async with AsyncExitStack() as stack:

        def serve(side: str, flags: tuple[str, ...]) -> ServerProcess:
            copied = database.with_name(f"{side}.db")
            shutil.copy(database, copied)
            log = plan.folder / f"{side}.log"
            return stack.enter_context(backscroll_at(database_url(copied), log, plan.cores, *flags))

        yield await _clients(stack, files, serve)


@asynccontextmanager
async def _two_processes(plan: Plan, files: _Files) -> AsyncIterator[dict[str, Client]]:
    """Serve four databases of PostgreSQL, each by two processes."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(postgres_server(plan))
        urls = {side: postgres.cluster.new_database() for side in _SIDES}
        for url in urls.values():
            async with open_store(url) as store:
                await send(store, history())
            postgres.settle(url)

        def serve(side: str, flags: tuple[str, ...]) -> ServerProcess:
            log = plan.folder / f"{side}, two.log"
            workers = ("--workers", str(_WORKERS))
            return stack.enter_context(backscroll_at(urls[side], log, plan.cores, *workers, *flags))

        yield await _clients(stack, files, serve)


async def _clients(stack: AsyncExitStack, files: _Files, serve: Serve) -> dict[str, Client]:
    clients = {}
    for side in _SIDES:
        server = serve(side, files.flags(side))
        channels = [await stack.enter_async_context(files.channel(side, server.address)) for _ in range(_CONNECTIONS)]
        for channel in channels:
            await channel.channel_ready()
        authorized: Any = AuthorizedChannels(channels, files.token if side in (_TOKENS, _TLS) else "")
        clients[side] = Client(authorized, server)
    return clients


async def _compare(
    plan: Plan, processes: str, clients: dict[str, Client], outcome: Outcome, rows: list[tuple[str, ...]]
) -> None:
    """Measure pages and sends, and hold the cost of tokens and rates to its limit."""
    contract = THIS_TREE.contract
    for kind, method, requests in (
        ("page", LIST_MESSAGES, pages(contract, plan.rounds)),
        ("send", SEND_MESSAGE, sends(contract)),
    ):
        print_load(f"{kind}, {processes}")
        workload = Workload(contract.path(method), _IN_FLIGHT, requests)
        sides = await alternate(plan, *((side, loading(client, workload)) for side, client in clients.items()))
        outcome.faults += [f"{kind}, {processes}, {side.label}: {error}" for side in sides for error in side.errors]
        rows.append((f"{kind}, {processes}", *(_cost(side) for side in sides)))
        outcome.verdicts += _verdicts(f"{kind}, {processes}", sides)


def _differences(one: Side, other: Side) -> list[float]:
    """Return by how much more CPU a call of the other took, in each round."""
    readings = zip(one.readings, other.readings, strict=True)
    costs = [(less.server_microseconds, more.server_microseconds) for less, more in readings]
    return [more - less for less, more in costs if less is not None and more is not None]


def _cost(side: Side) -> str:
    cost = side.server_microseconds
    return "unknown" if cost is None else f"{cost:.0f}"


def _verdicts(title: str, sides: Sequence[Side]) -> Iterator[Verdict]:
    """Hold the median of the rounds' differences to the limit: a round's halves share the machine's mood."""
    nothing, again, tokens, _ = sides
    differences = _differences(nothing, tokens)
    target = f"<= {_MOST_MICROSECONDS} us"
    if not differences:
        yield Verdict(f"{title}: the cost of tokens and rates is not known here", target, None)
        return
    middle = median(differences)
    text = (
        f"{title}: tokens and rates cost {middle:.0f} us ({min(differences):.0f} to {max(differences):.0f}); "
        f"a second server without them {median(_differences(nothing, again)):.0f}"
    )
    yield Verdict(text, target, middle <= _MOST_MICROSECONDS)
