"""Operations on all conversations of a user, in parts: each part is one transaction, the whole operation is not."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Final, NamedTuple

from backscroll_server.domain.records import Committed, UserConversation
from backscroll_server.services.conversations.delete import DeletionRequest, delete_one
from backscroll_server.services.conversations.read_state import read_to_the_end
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller
from backscroll_server.services.weights import weighs
from backscroll_server.storage.tables.conversations import user_conversations_after
from backscroll_server.storage.transaction import Transaction

PART: Final = 100
"""The most conversations that one transaction changes."""

_ROWS_PER_CONVERSATION: Final = 2

Change = Callable[[Transaction, Caller, UserConversation], bool]
"""A function that changes one conversation of the caller and returns whether anything changed."""


class Part(NamedTuple):
    """The outcome of one part.

    Attributes:
        changed: how many conversations changed.
        last: the internal number of the last conversation of the part; None if no further part follows.
    """

    changed: int
    last: int | None


async def mark_all_read(store: Store, caller: Caller, types: frozenset[int]) -> Committed[int]:
    """Mark every conversation of the user read to its end; return how many conversations changed.

    Parts of at most 100 conversations, each a transaction of its own, other operations between them. Repeating the call
    is safe. (semantics U8)

    Args:
        store: the store.
        caller: the user.
        types: only conversations of these types; empty for all.
    """

    def change(transaction: Transaction, caller: Caller, entry: UserConversation) -> bool:
        return (not types or entry.conversation.type in types) and read_to_the_end(transaction, caller, entry)

    return await _for_all(store, caller, change)


async def delete_all(store: Store, caller: Caller, deletion: DeletionRequest) -> Committed[int]:
    """Delete every conversation of the user, for the user alone; return how many conversations changed.

    It works in parts of at most 100 conversations, as `mark_all_read`. (semantics D7)
    """

    def change(transaction: Transaction, caller: Caller, entry: UserConversation) -> bool:
        return delete_one(transaction, caller, entry, deletion)

    return await _for_all(store, caller, change)


async def _for_all(store: Store, caller: Caller, change: Change) -> Committed[int]:
    changed, after = 0, 0
    while True:
        started = perf_counter()
        part = await store.write(_change_part, caller, change, after)
        changed += part.value.changed
        if part.value.last is None:
            return Committed(changed, part.position)
        after = part.value.last
        # Other writes come between, and other calls have the event loop for at least a third of the time.
        await asyncio.sleep((perf_counter() - started) / 2)


@weighs(lambda *_: PART * _ROWS_PER_CONVERSATION)
def _change_part(transaction: Transaction, caller: Caller, change: Change, after: int) -> Part:
    user = transaction.user(caller.user_id)
    if user is None:
        return Part(0, None)
    entries = user_conversations_after(transaction, user=user, after=after, limit=PART)
    changed = sum(change(transaction, caller, entry) for entry in entries)
    return Part(changed, entries[-1].conversation.id if len(entries) == PART else None)
