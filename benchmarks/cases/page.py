"""A page of 50 messages of history, anywhere in it."""

from itertools import product

from backscroll.v1 import message_service_pb2
from backscroll_server.services.messages.send import Send
from benchmarks.dataset import open_store, pair, send, text_message
from benchmarks.figures import speed_ratio
from benchmarks.load import Client, Workload, connected
from benchmarks.pairing import alternate, loading
from benchmarks.plan import Plan
from benchmarks.processes import backscroll, empty_server
from benchmarks.report import Outcome, at_least
from benchmarks.requests import LIST_MESSAGES, dealt, page_request

_CONVERSATIONS = 200
_MESSAGES = 500
_PAGE = 50
_IN_FLIGHT = 32
_TARGET = 0.75


async def run(plan: Plan) -> Outcome:
    """Compare pages with yardstick E answering as many bytes."""
    database = plan.folder / "page.db"
    sides = [(f"ann-{number}", f"bob-{number}") for number in range(_CONVERSATIONS)]
    async with open_store(database) as store:
        await send(
            store,
            (
                Send(pair(*users), users[number % 2], text_message(number))
                for users, number in product(sides, range(_MESSAGES))
            ),
        )
    requests = [
        page_request(user_id, pair(*users).conversation_id, sequence)
        for users in sides
        for user_id in users
        for sequence in range(_PAGE + 1, _MESSAGES + 1)
    ]
    workload = Workload(LIST_MESSAGES, _IN_FLIGHT, dealt(requests, plan.rounds))
    with backscroll(database, plan.cores) as server:
        async with connected(server) as client:
            answer = await full_page(client, next(workload.requests(0)))
            with empty_server(LIST_MESSAGES, answer, plan.folder, plan.cores) as empty:
                async with connected(empty) as yardstick:
                    ours, theirs = await alternate(
                        plan,
                        ("backscroll", loading(client, workload)),
                        ("yardstick E", loading(yardstick, workload)),
                    )
    outcome = Outcome(f"a page of {_PAGE} of {len(answer):,} bytes, {_IN_FLIGHT} in flight", (ours, theirs))
    if not outcome.failures:
        outcome.verdicts.append(at_least("calls/s", speed_ratio(ours, theirs), _TARGET))
    return outcome


async def full_page(client: Client, request: bytes) -> bytes:
    """Return the answer to a request for a page.

    Raises:
        ValueError: where the page is not full.
    """
    answer = await client.answer(LIST_MESSAGES, request)
    found = len(message_service_pb2.ListMessagesResponse.FromString(answer).messages)
    if found != _PAGE:
        raise ValueError(f"a page has {found} messages instead of {_PAGE}")
    return answer
