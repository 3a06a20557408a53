"""Removal of burned messages from storage, in steps; no read shows them any more."""

from backscroll_server.domain.enums import ChangeKind, DeletionScope
from backscroll_server.storage.tables.burns import (
    conversations_burning,
    first_burned,
    next_burn_due,
    remove_burned,
    shorten_burn,
)
from backscroll_server.storage.tables.conversations import stored_conversation, update_conversation
from backscroll_server.storage.transaction import Transaction

STEP = 500
"""Approximate number of sequences in one step."""

CONVERSATIONS = 200
"""Greatest number of conversations in one step."""

LEAST_SHARE = 25
"""Least number of sequences of each conversation, so that many short ones do not wait for a long one."""


def burn_step(transaction: Transaction) -> bool:
    """Remove some of the burned messages of every conversation that has any; return whether more are left.

    Unread counts and positions in lists stay as they are, because ordinals stay.

    Cost: at most about `STEP` sequences in at most `CONVERSATIONS` conversations.
    """
    conversations = conversations_burning(transaction, limit=CONVERSATIONS)
    share = max(STEP // max(len(conversations), 1), LEAST_SHARE)
    removed = 0
    for conversation in conversations:
        removed += _burn(transaction, conversation, share)
        transaction.end_call()
        if removed >= STEP:
            break
    return bool(conversations_burning(transaction, limit=1))


def _burn(transaction: Transaction, conversation: int, share: int) -> int:
    """Remove the burned messages among at most `share` sequences of a conversation; return how many were examined."""
    burn = first_burned(transaction, conversation)
    if burn is None:
        return 0
    shared = stored_conversation(transaction, conversation)
    # What is below the floor is removed with everything there.
    after = max(burn.from_sequence, shared.floor)
    up_to = min(after + share, burn.to_sequence)
    changes: dict[str, object] = {}
    if after < up_to and remove_burned(transaction, burn._replace(from_sequence=after), up_to=up_to):
        changes["last_recalled_sequence"] = max(shared.last_recalled_sequence, up_to)
        transaction.record_change(
            ChangeKind.MESSAGES_BURNED,
            conversation=conversation,
            actor=burn.reader,
            first=after + 1,
            last=up_to,
            scope=DeletionScope.EVERYONE,
        )
    shorten_burn(transaction, burn, after=max(up_to, after))
    due = next_burn_due(transaction, conversation)
    if due != shared.next_burn_due:
        changes["next_burn_due"] = due
    update_conversation(transaction, shared, **changes)
    return max(up_to - after, 1)
