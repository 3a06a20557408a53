"""A page of a user's list of conversations, and where its time goes."""

import asyncio
import cProfile
import io
import pstats
from pathlib import Path
from statistics import median
from time import perf_counter

from backscroll.v1 import conversation_service_pb2
from backscroll_server.services.messages.send import Send
from backscroll_server.transport.call import Call
from backscroll_server.transport.conversation_queries import ConversationQueries
from backscroll_server.transport.tokens.codec import TokenCodec
from benchmarks.dataset import open_store, pair, send, text_message
from benchmarks.figures import speed_ratio
from benchmarks.load import Workload, connected
from benchmarks.pairing import alternate, loading
from benchmarks.plan import Plan
from benchmarks.processes import backscroll, empty_server
from benchmarks.report import Outcome, formatted
from benchmarks.requests import LIST_CONVERSATIONS, dealt

_USERS = 20
_CONVERSATIONS = 1000
_PAGE = 50
_IN_FLIGHT = 32
_PROFILED_CALLS = 200
_PROFILE_LINES = 15


async def run(plan: Plan) -> Outcome:
    """Compare pages of the list with yardstick E answering as many bytes, and profile the handler."""
    database = plan.folder / "list.db"
    async with open_store(database) as store:
        await send(
            store,
            (
                Send(pair(f"user-{user}", f"peer-{peer}"), f"peer-{peer}", text_message(user + peer))
                for peer in range(_CONVERSATIONS)
                for user in range(_USERS)
            ),
        )
    requests = [
        conversation_service_pb2.ListConversationsRequest(user_id=f"user-{user}", page_size=_PAGE, skip=skip)
        for user in range(_USERS)
        for skip in range(_CONVERSATIONS - _PAGE + 1)
    ]
    workload = Workload(
        LIST_CONVERSATIONS, _IN_FLIGHT, dealt([request.SerializeToString() for request in requests], plan.rounds)
    )
    with backscroll(database, plan.cores) as server:
        async with connected(server) as client:
            answer = await client.answer(LIST_CONVERSATIONS, requests[0].SerializeToString())
            found = len(conversation_service_pb2.ListConversationsResponse.FromString(answer).conversations)
            if found != _PAGE:
                raise ValueError(f"a page has {found} conversations instead of {_PAGE}")
            with empty_server(LIST_CONVERSATIONS, answer, plan.folder, plan.cores) as empty:
                async with connected(empty) as yardstick:
                    ours, theirs = await alternate(
                        plan, ("backscroll", loading(client, workload)), ("yardstick E", loading(yardstick, workload))
                    )
    title = f"a list page of {_PAGE} out of {_CONVERSATIONS:,}, {len(answer):,} bytes, {_IN_FLIGHT} in flight"
    outcome = Outcome(title, (ours, theirs))
    if not outcome.failures:
        outcome.notes.append(f"calls/s {formatted(speed_ratio(ours, theirs), percent=True)} of E; no target")
        outcome.notes += await _profile(database)
    return outcome


async def _profile(database: Path) -> list[str]:
    """Return the handler's most expensive functions, in this process and without the transport."""
    async with open_store(database) as store:
        servicer = ConversationQueries(store, TokenCodec(store.token_secret))
        call = Call(LIST_CONVERSATIONS.strip("/"), shutting_down=asyncio.Event(), started=perf_counter())
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
