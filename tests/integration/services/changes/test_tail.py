"""The tail of the feed inside one process: who is handed what, and what is kept of whom."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from backscroll_server.domain.enums import ConversationType, MemberRole
from backscroll_server.domain.errors import DomainError, Reason
from backscroll_server.domain.ids import conversation_key
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes import tail as tail_module
from backscroll_server.services.changes import watch as watch_module
from backscroll_server.services.changes.events import MessageReceived
from backscroll_server.services.changes.watch import Changes, watch
from backscroll_server.services.conversations.create import NewConversation, create_conversation
from backscroll_server.services.conversations.members import add_members
from backscroll_server.services.messages.send import OutgoingMessage, Send, send_all
from backscroll_server.services.store import Store, StoreOptions
from backscroll_server.services.views.access import Caller
from backscroll_server.storage.tables import change_pages
from backscroll_server.storage.tables.changes import FeedRow
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS

TEAM = conversation_key(ConversationType.GROUP, "", "team")


def run(test: Callable[[Store], Awaitable[None]], new_database: NewDatabase, **options: Any) -> None:
    """Runs a test on a store of its own."""

    async def with_store() -> None:
        store = Store.open(new_database(), StoreOptions(**options))
        await store.start()
        try:
            await asyncio.wait_for(test(store), PATIENCE_SECONDS)
        finally:
            await store.close()

    asyncio.run(with_store())


async def create_team(store: Store, *members: str) -> None:
    new = NewConversation(TEAM, members=[(member, MemberRole.MEMBER) for member in members])
    await store.write(create_conversation, Caller("ann"), new, users_may_create_groups=True)


async def send(store: Store, sender: str = "ann", count: int = 1) -> None:
    await store.write_grouped(send_all, [Send(TEAM, sender, OutgoingMessage(b"", 1))] * count)


class Watcher:
    """A watch that counts the messages it is notified of."""

    def __init__(self, store: Store, user_id: str, start: FeedPosition | None = None) -> None:
        self._changes: asyncio.Queue[Changes] = asyncio.Queue()
        self._sent = 0
        self._task = asyncio.create_task(self._follow(store, user_id, start))

    async def _follow(self, store: Store, user_id: str, start: FeedPosition | None) -> None:
        async with aclosing(watch(store.watch_source, user_id, start, ended=lambda _: None)) as expect:
            async for changes in expect:
                self._changes.put_nowait(changes)

    async def started(self) -> None:
        """Waits until it has a place, and follows from there."""
        await self._changes.get()
        await asyncio.sleep(0.01)

    async def messages(self, count: int) -> None:
        """Waits until it is notified of so many messages more."""
        while self._sent < count:
            self._sent += sum(isinstance(event, MessageReceived) for event in (await self._changes.get()).events)
        self._sent -= count

    @property
    def expect_more(self) -> bool:
        """Whether it was notified of messages that nobody waited for."""
        return bool(self._sent) or not self._changes.empty()

    async def stop(self) -> None:
        """Ends it as a caller who goes away does."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@asynccontextmanager
async def watching(store: Store, user_id: str, start: FeedPosition | None = None) -> AsyncIterator[Watcher]:
    watcher = Watcher(store, user_id, start)
    await watcher.started()
    try:
        yield watcher
    finally:
        await watcher.stop()


def test_late_watcher_of_a_known_conversation_is_notified(new_database: NewDatabase) -> None:
    """Who has a conversation is kept; who comes later is looked up when something happens there."""

    async def test(store: Store) -> None:
        await create_team(store, "bob", "cleo")
        async with watching(store, "bob") as bob:
            await send(store)
            await bob.messages(1)
            async with watching(store, "cleo") as cleo:
                await send(store)
                await cleo.messages(1)
                await bob.messages(1)

    run(test, new_database)


@pytest.mark.parametrize("most", [0, 1, 2])
def test_watcher_when_arrivals_are_forgotten_is_notified(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(tail_module, "_ARRIVALS", most)

    async def test(store: Store) -> None:
        users = ["bob", "cleo", "dan", "eve"]
        await create_team(store, *users)
        async with watching(store, "bob") as bob:
            for user in users[1:]:
                async with watching(store, user) as other:
                    await send(store)
                    await other.messages(1)
                    await bob.messages(1)

    run(test, new_database)


def test_member_who_is_added_while_watching_is_notified(new_database: NewDatabase) -> None:
    async def test(store: Store) -> None:
        await create_team(store)
        async with watching(store, "bob") as bob, watching(store, "ann") as ann:
            await send(store)
            await ann.messages(1)
            await store.write(add_members, Caller("ann"), TEAM, [("bob", MemberRole.MEMBER)])
            await send(store)
            await bob.messages(1)

    run(test, new_database)


def test_subscription_when_full_is_ended_once_and_keeps_nothing(new_database: NewDatabase) -> None:
    async def test(store: Store) -> None:
        await create_team(store)
        errors: list[DomainError] = []
        user = await store.read(lambda snapshot: snapshot.user("ann"))
        assert user is not None
        subscription = store.tail.subscribe(user, await store.read(lambda snapshot: snapshot.position()), errors.append)
        assert subscription is not None
        for _ in range(40):
            await send(store)
        await asyncio.sleep(0.05)
        assert [error.reason for error in errors] == [Reason.SLOW_READER]
        assert subscription._rows == []
        store.tail.unsubscribe(subscription)

    run(test, new_database, watch_queue=16)


def test_feed_with_a_hole_is_read_again_and_never_handed_out(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = change_pages.rows_after
    holes = 3

    def with_hole(*args: Any, **kwargs: Any) -> tuple[list[FeedRow], bool]:
        nonlocal holes
        rows, more = whole(*args, **kwargs)
        if len(rows) > 0 and holes:
            holes -= 1
            return rows[1:] or [rows[0]._replace(position=rows[0].position + 1)], more
        return rows, more

    monkeypatch.setattr(tail_module, "rows_after", with_hole)
    monkeypatch.setattr(tail_module, "_POLL_SECONDS", 0.02)

    async def test(store: Store) -> None:
        await create_team(store, "bob")
        async with watching(store, "bob") as bob:
            await send(store)
            await send(store)
            await bob.messages(2)

    run(test, new_database)
    assert holes == 0


def test_watch_when_closed_anywhere_leaves_nothing_behind(new_database: NewDatabase) -> None:
    async def test(store: Store) -> None:
        await create_team(store, "bob")
        for steps in range(5):
            watcher = Watcher(store, "bob")
            for _ in range(steps):
                await asyncio.sleep(0)
            await watcher.stop()
            assert not store.tail._watching
        async with watching(store, "bob"):
            assert store.tail._watching
        assert not store.tail._watching
        assert not store.tail._viewers

    run(test, new_database)


def test_watcher_when_the_tail_is_ahead_of_what_it_caught_up_with_is_sent_once(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others are sent between its last page and its subscription is in neither."""

    async def test(store: Store) -> None:
        await create_team(store, "bob", "cleo")
        start = await store.read(lambda snapshot: snapshot.position())
        async with watching(store, "cleo") as cleo:
            read, sent = store.read, 0

            async def slow_read(run: Any, *args: Any) -> Any:
                nonlocal sent
                found = await read(run, *args)
                if watch_module._missed in args and sent < 3:
                    sent += 1
                    await send(store)
                    await cleo.messages(1)
                return found

            monkeypatch.setattr(store, "watch_source", replace(store.watch_source, read=slow_read))
            async with watching(store, "bob", start) as bob:
                await bob.messages(1)
                expect = 1
                while expect < sent:
                    await bob.messages(1)
                    expect += 1
                await asyncio.sleep(0.05)
                assert expect == sent
                assert not bob.expect_more

    run(test, new_database)


def test_watchers_when_they_come_while_much_is_sent_are_sent_everything_once(new_database: NewDatabase) -> None:
    async def test(store: Store) -> None:
        users = [f"user {number}" for number in range(12)]
        await create_team(store, *users)
        start = await store.read(lambda snapshot: snapshot.position())
        count = 120

        async def send_all_of_them() -> None:
            for _ in range(count):
                await send(store)

        sending = asyncio.create_task(send_all_of_them())
        async with AsyncExitStack() as stack:
            watchers = []
            for number, user in enumerate(users):
                watchers.append(await stack.enter_async_context(watching(store, user, start)))
                await asyncio.sleep(0.003 * number)
            await sending
            for watcher in watchers:
                await watcher.messages(count)

    run(test, new_database)


async def most_in_a_turn(store: Store, users: int, messages: int) -> int:
    """Returns the most watchers that were given the messages of one call in one turn of the event loop."""
    names = [f"user {number}" for number in range(users)]
    await create_team(store, *names)
    in_turns: list[int] = []

    async def count(watchers: list[Watcher]) -> None:
        before = 0
        while before < users:
            now = sum(watcher.expect_more for watcher in watchers)
            in_turns.append(now - before)
            before = now
            await asyncio.sleep(0)

    async with AsyncExitStack() as stack:
        watchers = [await stack.enter_async_context(watching(store, name)) for name in names]
        counting = asyncio.create_task(count(watchers))
        await send(store, count=messages)
        await counting
    return max(in_turns)


def test_watchers_when_many_are_given_a_change_then_others_run_between_them(new_database: NewDatabase) -> None:
    async def test(store: Store) -> None:
        assert await most_in_a_turn(store, users=400, messages=1) <= 2 * 64

    run(test, new_database)


def test_watchers_when_many_are_given_many_changes_then_others_run_between_any_two(new_database: NewDatabase) -> None:
    """Dozens of changes of each watcher to encode and send would keep other calls from being taken."""

    async def test(store: Store) -> None:
        assert await most_in_a_turn(store, users=20, messages=40) <= 1

    run(test, new_database)
