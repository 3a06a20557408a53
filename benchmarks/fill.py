"""Databases of checkouts, each made and filled by the checkout's own server, so that it has the schema of that one."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import islice
from pathlib import Path

from backscroll_server.domain.ids import ConversationKey
from benchmarks.checkouts import Checkout
from benchmarks.contract import Contract
from benchmarks.dataset import Said, sentence
from benchmarks.load import Client, connected
from benchmarks.plan import Plan
from benchmarks.processes import ServerFailedError, backscroll
from benchmarks.requests import ADD_MEMBERS, BATCH_SEND_MESSAGES, GET_OR_CREATE_CONVERSATION

_AT_ONCE = 500


@asynccontextmanager
async def served(
    plan: Plan, trees: Iterable[Checkout], said: Callable[[], Iterable[Said]] = tuple
) -> AsyncIterator[dict[Checkout, Client]]:
    """Serve each checkout with a database of its own, with the same messages in it.

    Yields:
        A client of each.
    """
    async with AsyncExitStack() as stack:
        clients: dict[Checkout, Client] = {}
        for tree in trees:
            database = database_of(plan, tree)
            await fill(database, plan, tree, said())
            server = stack.enter_context(backscroll(database, plan.cores, tree=tree.folder))
            clients[tree] = await stack.enter_async_context(connected(server))
        yield clients


def database_of(plan: Plan, tree: Checkout) -> Path:
    """Return the database of a checkout that `served` serves."""
    return plan.folder / f"{tree.name}.db"


async def fill(database: Path, plan: Plan, tree: Checkout, said: Iterable[Said]) -> None:
    """Send messages through the server of a checkout, which makes the database; do nothing where there are none.

    Raises:
        ServerFailedError: where the server refuses a message.
    """
    waiting = iter(said)
    chunk = list(islice(waiting, _AT_ONCE))
    if not chunk:
        return
    with backscroll(database, plan.cores, tree=tree.folder) as server:
        async with connected(server) as client:
            while chunk:
                encoded = await client.answer(tree.contract.path(BATCH_SEND_MESSAGES), _batch(tree.contract, chunk))
                results = tree.contract.response(BATCH_SEND_MESSAGES, encoded).results
                if refused := [result.error for result in results if result.HasField("error")]:
                    raise ServerFailedError(f"{tree.name} refused a message: {refused[0]}")
                chunk = list(islice(waiting, _AT_ONCE))


def _batch(contract: Contract, said: Sequence[Said]) -> bytes:
    items = [
        {
            "conversation": {"conversation_id": one.key.conversation_id},
            "sender_id": one.sender_id,
            "message": {"content": {"text": {"text": sentence(one.number)}}},
        }
        for one in said
    ]
    return contract.request(BATCH_SEND_MESSAGES, user_id="filler", as_service=True, items=items)


async def open_group(client: Client, contract: Contract, key: ConversationKey, members: Sequence[str]) -> None:
    """Create a group; the first member owns it."""
    group = {"user_id": members[0], "conversation": {"conversation_id": key.conversation_id}}
    await client.answer(
        contract.path(GET_OR_CREATE_CONVERSATION), contract.request(GET_OR_CREATE_CONVERSATION, **group)
    )
    for start in range(1, len(members), _AT_ONCE):
        added = [{"user_id": member} for member in members[start : start + _AT_ONCE]]
        await client.answer(contract.path(ADD_MEMBERS), contract.request(ADD_MEMBERS, **group, members=added))
