"""Messages by their ids."""

from collections.abc import Sequence
from typing import NamedTuple

from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.ids import parse_message_id
from backscroll_server.services.views.access import Caller, bounds_of_each, message_not_found
from backscroll_server.services.views.message_states import MessageState, states_of
from backscroll_server.services.views.visibility import visible_history
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.messages import find_messages, find_tombstones


class FoundMessage(NamedTuple):
    """A message that the reader sees.

    Attributes:
        framed: the encoded message, with the tag and length of field 1.
        state: what the reader needs to know of it beside it; None for nothing.
    """

    framed: bytes
    state: MessageState | None


def get_messages(
    snapshot: Snapshot, caller: Caller, message_ids: Sequence[str], *, tombstones: bool
) -> list[FoundMessage | DomainError]:
    """Return the messages of some ids, or an error for each. A few seeks per conversation, one per id."""
    keys: list[tuple[int, int] | DomainError] = []
    for message_id in message_ids:
        try:
            keys.append(parse_message_id(message_id))
        except DomainError as error:
            keys.append(error)
    conversations = snapshot.conversations_of(key for key in keys if not isinstance(key, DomainError))
    sequences_by_conversation: dict[int, list[int]] = {}
    for (_, sequence), conversation in conversations.items():
        sequences_by_conversation.setdefault(conversation, []).append(sequence)
    found: dict[tuple[int, int], FoundMessage] = {}
    for number, bounds in bounds_of_each(snapshot, caller, sorted(sequences_by_conversation)).items():
        visible = visible_history(snapshot, bounds)
        stored = find_messages(snapshot, conversation=number, sequences=sequences_by_conversation[number])
        if tombstones:
            stored |= find_tombstones(snapshot, conversation=number, sequences=sequences_by_conversation[number])
        seen = visible.visible_sequences(snapshot, list(stored.values()))
        states = states_of(snapshot, visible, list(seen))
        for sequence in seen:
            found[number, sequence] = FoundMessage(stored[sequence].body, states.get(sequence))
    return [
        key if isinstance(key, DomainError) else found.get((conversations.get(key, 0), key[1])) or message_not_found()
        for key in keys
    ]
