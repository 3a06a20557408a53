"""Messages of both sides in one transaction, which no single caller can ask for."""

import asyncio
from pathlib import Path

from backscroll_server.domain import message_codec
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.ids import conversation_key
from backscroll_server.services.conversations.properties import Properties, update_properties
from backscroll_server.services.messages.history import EVERYTHING, HistoryQuery, Page, list_page
from backscroll_server.services.messages.send import OutgoingMessage, Send, send_all
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller

KEY = conversation_key(ConversationType.SINGLE, "ann", "bob")
NEWEST = HistoryQuery(Caller("ann"), KEY, down=False, size=50, message_filter=EVERYTHING)


def sent(sender: str, *, keep_unread: bool = False) -> Send:
    """A message to send."""
    return Send(KEY, sender, OutgoingMessage(b"", 1), keep_unread=keep_unread)


def messages_in(page: Page) -> int:
    """How many messages a page holds; the database may have joined them."""
    return sum(1 for _ in message_codec.fields(b"".join(page.bodies)))


def test_replies_when_of_both_sides_in_one_transaction_then_each_burns_what_it_passed(tmp_path: Path) -> None:
    now = 10_000 * SECOND

    async def run() -> tuple[int, int]:
        nonlocal now
        store = Store.open(f"sqlite://{tmp_path}/together.db", clock=lambda: now)
        await store.start()
        # Bob has read nothing of the span that is closed, Ann all: her part of the transaction comes first.
        await store.write_grouped(send_all, [sent("ann")])
        for enabled in (True, False):
            mask = frozenset({"burn_enabled", "burn_duration"})
            burn = Properties(mask, burn_enabled=enabled, burn_duration=30 * SECOND)
            await store.write(update_properties, Caller("ann"), KEY, burn)
            await store.write_grouped(send_all, [sent("ann")])
        await store.write_grouped(send_all, [sent("ann"), sent("bob")])
        before = await store.read(list_page, NEWEST)
        now += 30 * SECOND
        after = await store.read(list_page, NEWEST)
        await store.close()
        return messages_in(before), messages_in(after)

    before, after = asyncio.run(run())
    assert (before, after) == (5, 4)
