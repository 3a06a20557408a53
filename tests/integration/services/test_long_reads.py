"""A user with thousands of conversations: no step of any call holds the event loop for long, and answers are whole."""

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.ids import conversation_key
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.events import ReadPositionMoved
from backscroll_server.services.changes.watch import list_changes
from backscroll_server.services.conversations.all_conversations import delete_all, mark_all_read
from backscroll_server.services.conversations.delete import DeletionRequest
from backscroll_server.services.conversations.get import unread_summary
from backscroll_server.services.conversations.list_page import (
    ListedPage,
    ListQuery,
    WalkState,
    list_conversations,
    stream_conversations,
)
from backscroll_server.services.conversations.listing import ConversationFilter
from backscroll_server.services.long_reads import read_in_steps, stream_in_steps
from backscroll_server.services.messages.send import OutgoingMessage, Send, send_all
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller
from backscroll_server.services.views.conversation_view import ConversationView
from tests.support.fixtures import NewDatabase, on_postgres

CONVERSATIONS = 5_000
# Far above a step, which takes 10 to 25 ms on a busy machine, and far below a call that works in one piece. Measuring
# coverage makes each line cost several times as much.
LONGEST_STEP_SECONDS = 0.06 if sys.gettrace() is None else 0.25
USER = "heavy"
CALLER = Caller(USER)


class Heartbeat:
    """Measures how much processor time other work on the loop takes between two beats.

    Processor time of the thread, because the machine's own pauses say nothing about a step.

    Attributes:
        longest: the most seconds between two beats.
    """

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Beat until cancelled."""
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.0005)
            self.longest = max(self.longest, time.thread_time() - before)


@asynccontextmanager
async def beating() -> AsyncIterator[Heartbeat]:
    heartbeat = Heartbeat()
    task = asyncio.create_task(heartbeat.beat())
    await asyncio.sleep(0.01)
    heartbeat.longest = 0.0
    try:
        yield heartbeat
        await asyncio.sleep(0.002)
    finally:
        task.cancel()


def page(store: Store, walk: WalkState | None = None, **fields: Any) -> Awaitable[ListedPage]:
    arguments: dict[str, Any] = {"conversation_filter": ConversationFilter(), "include_total_size": True, **fields}
    query = ListQuery(USER, size=100, walk=walk, **arguments)
    return read_in_steps(store.stepped_reads, store.read, list_conversations, query)


async def filled(store: Store) -> None:
    """Give the user an unread conversation with each of many others, the last one newest."""
    for first in range(0, CONVERSATIONS, BATCH):
        sends = [
            Send(
                conversation_key(ConversationType.SINGLE, f"peer-{peer}", USER),
                f"peer-{peer}",
                OutgoingMessage(static=b"\x3a\x04\x0a\x02hi", content_type=1),
            )
            for peer in range(first, first + BATCH)
        ]
        for result in (await store.write_grouped(send_all, sends)).value:
            assert not isinstance(result, DomainError)


@pytest.fixture(autouse=True)
def _no_collections() -> Iterator[None]:
    """Keep the garbage collector away: its passes over the test's own objects are no steps of a call."""
    gc.disable()
    yield
    gc.enable()


def run(new_database: NewDatabase, scenario: Callable[[Store], Awaitable[None]]) -> None:
    async def with_store() -> None:
        store = Store.open(new_database())
        await store.start()
        try:
            async with asyncio.timeout(300):
                await filled(store)
                await scenario(store)
        finally:
            await store.close()

    asyncio.run(with_store())


# One batch has one time, within which ids decide.
BATCH = 500
NEWEST_FIRST = [
    peer
    for first in reversed(range(0, CONVERSATIONS, BATCH))
    for peer in sorted(f"peer-{number}" for number in range(first, first + BATCH))
]


def test_calls_of_a_user_with_many_conversations_are_whole_and_never_hold_the_loop(new_database: NewDatabase) -> None:
    """Keep semantics D7, L8, U8."""

    async def scenario(store: Store) -> None:
        steps: dict[str, float] = {}

        async def measured(name: str, call: Callable[[], Awaitable[Any]]) -> Any:
            async with beating() as heartbeat:
                result = await call()
            steps[name] = heartbeat.longest
            return result

        async def whole() -> list[Any]:
            reads = stream_in_steps(
                store.stepped_reads, store.read, stream_conversations, USER, conversation_filter=ConversationFilter()
            )
            return [item async for item in reads]

        async def walked() -> list[str]:
            shown: list[str] = []
            following = None
            while True:
                found = await page(store, following, include_total_size=False)
                shown += [view.target_id for view in found.conversations]
                following = found.following
                if following is None:
                    return shown

        start, *views = await measured("stream", whole)
        assert isinstance(start, FeedPosition)
        assert all(isinstance(view, ConversationView) and view.unread_count == 1 for view in views)
        assert [view.target_id for view in views] == NEWEST_FIRST
        totals, _ = await measured(
            "summary", lambda: read_in_steps(store.stepped_reads, store.read, unread_summary, USER)
        )
        single = totals[ConversationType.SINGLE]
        assert (single.unread, single.unread_conversations) == (CONVERSATIONS, CONVERSATIONS)
        unread = ConversationFilter(unread_only=True)
        found = await measured("unread only", lambda: page(store, conversation_filter=unread))
        assert found.total_size == CONVERSATIONS
        assert [view.target_id for view in found.conversations] == NEWEST_FIRST[:100]
        assert await measured("walk", walked) == NEWEST_FIRST
        marked = await measured("mark all read", lambda: mark_all_read(store, CALLER, frozenset()))
        assert marked.value == CONVERSATIONS
        assert (await mark_all_read(store, CALLER, frozenset())).value == 0
        assert (await page(store, conversation_filter=unread)).total_size == 0
        changes = await measured(
            "changes", lambda: read_in_steps(store.stepped_reads, store.read, list_changes, USER, start, size=1000)
        )
        assert sum(isinstance(event, ReadPositionMoved) for event in changes.events) == 1000
        deletion = DeletionRequest(with_messages=False, stay_hidden=False, validate_only=False)
        deleted = await measured("delete all", lambda: delete_all(store, CALLER, deletion))
        assert deleted.value == CONVERSATIONS
        assert (await page(store)).conversations == []
        if not on_postgres():
            assert {name: seconds for name, seconds in steps.items() if seconds > LONGEST_STEP_SECONDS} == {}, steps

    run(new_database, scenario)


def test_calls_in_steps_when_many_come_at_once_all_end_and_two_run_at_a_time(new_database: NewDatabase) -> None:
    async def scenario(store: Store) -> None:
        summaries = (read_in_steps(store.stepped_reads, store.read, unread_summary, USER) for _ in range(6))
        for totals, _ in await asyncio.gather(*summaries):
            assert totals[ConversationType.SINGLE].unread == CONVERSATIONS
        # No more connections were opened than calls ran at a time.
        assert len(store.stepped_reads._idle_sessions) == 2

    run(new_database, scenario)


def test_stream_in_steps_when_given_up_in_the_middle_frees_its_snapshot(new_database: NewDatabase) -> None:
    async def scenario(store: Store) -> None:
        for _ in range(4):
            reads = stream_in_steps(
                store.stepped_reads, store.read, stream_conversations, USER, conversation_filter=ConversationFilter()
            )
            async for item in reads:
                if isinstance(item, ConversationView):
                    break
            await reads.aclose()
        totals, _ = await read_in_steps(store.stepped_reads, store.read, unread_summary, USER)
        assert totals[ConversationType.SINGLE].unread == CONVERSATIONS

    run(new_database, scenario)


def test_stream_in_steps_when_everything_is_read_meanwhile_shows_the_moment_it_began(
    new_database: NewDatabase,
) -> None:
    """Keep semantics L11."""

    async def scenario(store: Store) -> None:
        reads = stream_in_steps(
            store.stepped_reads, store.read, stream_conversations, USER, conversation_filter=ConversationFilter()
        )
        assert isinstance(await anext(reads), FeedPosition)
        assert (await mark_all_read(store, CALLER, frozenset())).value == CONVERSATIONS
        assert sum([view.unread_count async for view in reads if isinstance(view, ConversationView)]) == CONVERSATIONS

    run(new_database, scenario)
