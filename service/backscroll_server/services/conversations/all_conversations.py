"""Operations on all conversations of a user, in parts: each part is one transaction, the whole operation is not."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Final, NamedTuple

from backscroll_server.domain.records import Committed, UserConversation
from backscroll_server.services.conversations.delete import DeletionRequest, delete_one, sequence_at
from backscroll_server.services.conversations.read_state import read_up_to
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller
from backscroll_server.services.weights import weighs
from backscroll_server.storage.tables.conversations import user_conversations_after
from backscroll_server.storage.transaction import Transaction

PART: Final = 100
"""The most conversations that one transaction changes."""

_ROWS_PER_CONVERSATION: Final = 2

Change = Callable[[Transaction, Caller, UserConversation, int], bool]
"""A function that changes one conversation of the caller up to a time, and returns whether anything changed."""


class Part(NamedTuple):
    """The outcome of one part.

    Attributes:
        changed: how many conversations changed.
        last: the internal number of the last conversation of the part; None if no further part follows.
        up_to_time: the time up to which everything is changed, in microseconds, the same for all parts.
    """

    changed: int
    last: int | None
    up_to_time: int


async def mark_all_read(
    store: Store, caller: Caller, types: frozenset[int], up_to_time: int | None = None
) -> Committed[int]:
    """Mark every conversation of the user read, to its end or to a time; return how many conversations changed.

    Parts of at most 100 conversations, each a transaction of its own, other operations between them. Repeating the call
    is safe with a time. (semantics U8)

    Args:
        store: the store.
        caller: the user.
        types: only conversations of these types; empty for all.
        up_to_time: messages up to this time, in microseconds, are read, and conversations that have none are left as
            they are; None for the end.
    """

    def change(transaction: Transaction, caller: Caller, entry: UserConversation, until: int) -> bool:
        if types and entry.conversation.type not in types:
            return False
        if up_to_time is None:
            return read_up_to(transaction, caller, entry, entry.end)
        sequence = sequence_at(transaction, entry.conversation, until)
        return sequence > 0 and read_up_to(transaction, caller, entry, sequence)

    return await _for_all(store, caller, change, up_to_time)


async def delete_all(
    store: Store, caller: Caller, deletion: DeletionRequest, up_to_time: int | None = None
) -> Committed[int]:
    """Delete every conversation of the user, for the user alone; return how many conversations were deleted.

    It works in parts of at most 100 conversations, as `mark_all_read`. (semantics D7)

    Args:
        store: the store.
        caller: the user.
        deletion: the options.
        up_to_time: the time, in microseconds, at which each deletion acts as if it had been made; None, or a time in
            the future, for when the call begins.
    """

    def change(transaction: Transaction, caller: Caller, entry: UserConversation, until: int) -> bool:
        return delete_one(transaction, caller, entry, deletion, until)

    return await _for_all(store, caller, change, up_to_time)


async def _for_all(store: Store, caller: Caller, change: Change, up_to_time: int | None) -> Committed[int]:
    changed, after = 0, 0
    while True:
        started = perf_counter()
        part = await store.write(_change_part, caller, change, after, up_to_time)
        changed += part.value.changed
        if part.value.last is None:
            return Committed(changed, part.position)
        after, up_to_time = part.value.last, part.value.up_to_time
        # Other writes come between, and other calls have the event loop for at least a third of the time.
        await asyncio.sleep((perf_counter() - started) / 2)


@weighs(lambda *_: PART * _ROWS_PER_CONVERSATION)
def _change_part(transaction: Transaction, caller: Caller, change: Change, after: int, up_to_time: int | None) -> Part:
    until = transaction.now if up_to_time is None else min(up_to_time, transaction.now)
    user = transaction.user(caller.user_id)
    if user is None:
        return Part(0, None, until)
    entries = user_conversations_after(transaction, user=user, after=after, limit=PART)
    # What the user joined later is not part of it.
    changed = sum(change(transaction, caller, entry, until) for entry in entries if entry.view.join_time <= until)
    return Part(changed, entries[-1].conversation.id if len(entries) == PART else None, until)
