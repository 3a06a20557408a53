"""Operations on all conversations of a user, in parts: each part is one transaction, the whole operation is not."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Final, NamedTuple

from backscroll_server.domain.records import Committed, UserConversation
from backscroll_server.services.conversations.delete import DeletionRequest, delete_one
from backscroll_server.services.conversations.read_state import read_up_to_time
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller
from backscroll_server.services.weights import weighs
from backscroll_server.storage.tables.conversations import user_conversations_after
from backscroll_server.storage.transaction import Transaction

PART: Final = 100
"""The most conversations that one transaction changes."""

_ROWS_PER_CONVERSATION: Final = 2

Change = Callable[[Transaction, Caller, UserConversation, int], bool]
"""A function that changes one conversation of the caller up to a time and returns whether it changed anything.

The time is in microseconds.
"""


class Part(NamedTuple):
    """The outcome of one part.

    Attributes:
        changed: how many conversations changed.
        last: the internal number of the last conversation of the part; None if no further part follows.
        time: the time up to which it worked, in microseconds.
    """

    changed: int
    last: int | None
    time: int


async def mark_all_read(
    store: Store, caller: Caller, types: frozenset[int], up_to_time: int | None = None
) -> Committed[int]:
    """Mark every conversation of the user read, up to a time; return how many conversations changed.

    Parts of at most 100 conversations, each a transaction of its own, other operations between them. Repeating the call
    with the same time is safe. (semantics U8, U9)

    Args:
        store: the store.
        caller: the user.
        types: only conversations of these types; empty for all.
        up_to_time: the time (inclusive), in microseconds; None, or one in the future, is when the call began.
    """

    def change(transaction: Transaction, caller: Caller, entry: UserConversation, time: int) -> bool:
        if types and entry.conversation.type not in types:
            return False
        return read_up_to_time(transaction, caller, entry, time, bounded=up_to_time is not None)

    return await _for_all(store, caller, change, up_to_time)


async def delete_all(
    store: Store, caller: Caller, deletion: DeletionRequest, up_to_time: int | None = None
) -> Committed[int]:
    """Delete every conversation of the user, for the user alone, up to a time; return how many were deleted.

    It works in parts of at most 100 conversations, as `mark_all_read`. (semantics D7, D9)

    Args:
        store: the store.
        caller: the user.
        deletion: the options; its own bound is ignored.
        up_to_time: the time (inclusive), in microseconds; None, or one in the future, is when the call began.
    """

    def change(transaction: Transaction, caller: Caller, entry: UserConversation, time: int) -> bool:
        return delete_one(transaction, caller, entry, deletion, time)

    return await _for_all(store, caller, change, up_to_time)


async def _for_all(store: Store, caller: Caller, change: Change, up_to_time: int | None) -> Committed[int]:
    changed, after = 0, 0
    while True:
        started = perf_counter()
        part = await store.write(_change_part, caller, change, after, up_to_time)
        changed += part.value.changed
        if part.value.last is None:
            return Committed(changed, part.position)
        # The time of the first part is that of all.
        after, up_to_time = part.value.last, part.value.time
        # Other writes come between, and other calls have the event loop for at least a third of the time.
        await asyncio.sleep((perf_counter() - started) / 2)


@weighs(lambda *_: PART * _ROWS_PER_CONVERSATION)
def _change_part(transaction: Transaction, caller: Caller, change: Change, after: int, up_to_time: int | None) -> Part:
    time = transaction.now if up_to_time is None else min(up_to_time, transaction.now)
    user = transaction.user(caller.user_id)
    if user is None:
        return Part(0, None, time)
    entries = user_conversations_after(transaction, user=user, after=after, limit=PART)
    changed = sum(change(transaction, caller, entry, time) for entry in entries)
    return Part(changed, entries[-1].conversation.id if len(entries) == PART else None, time)
