"""Steps of the background never run on the event loop."""

import asyncio
import threading

import pytest

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.ids import conversation_key
from backscroll_server.services.conversations.delete import DeletionRequest, delete_for_everyone
from backscroll_server.services.messages.send import OutgoingMessage, Send, send_all
from backscroll_server.services.store import Store
from backscroll_server.services.upkeep import purge
from backscroll_server.services.views.access import Caller
from backscroll_server.storage.transaction import Transaction
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS


def test_purge_when_it_removes_messages_then_in_another_thread_than_calls(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()
    loops: list[asyncio.AbstractEventLoop] = []
    done = asyncio.Event()
    step = purge.purge_step

    def noted(transaction: Transaction, conversation: int) -> bool:
        threads.add(threading.get_ident())
        more = step(transaction, conversation)
        if not more:
            loops[0].call_soon_threadsafe(done.set)
        return more

    async def scenario() -> int:
        loops.append(asyncio.get_running_loop())
        store = Store.open(new_database())
        await store.start()
        try:
            key = conversation_key(ConversationType.SINGLE, "alice", "bob")
            message = OutgoingMessage(static=b"\x3a\x04\x0a\x02hi", content_type=1)
            for _ in range(4):
                await store.write_grouped(send_all, [Send(key, "alice", message)] * 500)
            deletion = DeletionRequest(with_messages=True, stay_hidden=False, validate_only=False)
            await delete_for_everyone(store, Caller("alice", as_service=True), key, deletion)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await done.wait()
        finally:
            await store.close()
        return threading.get_ident()

    monkeypatch.setattr(purge, "purge_step", noted)
    assert asyncio.run(scenario()) not in threads
    assert threads
