"""Messages by their ids."""

from collections.abc import Sequence

from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.ids import parse_message_id
from backscroll_server.services.views.access import message_not_found
from backscroll_server.services.views.visibility import visible_history
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.conversations import find_user_conversations
from backscroll_server.storage.tables.messages import find_messages, find_tombstones


def get_messages(
    snapshot: Snapshot, user_id: str, message_ids: Sequence[str], *, tombstones: bool
) -> list[bytes | DomainError]:
    """Return the framed messages of some ids, or an error for each. A few seeks per conversation, one per id."""
    keys: list[tuple[int, int] | DomainError] = []
    for message_id in message_ids:
        try:
            keys.append(parse_message_id(message_id))
        except DomainError as error:
            keys.append(error)
    user = snapshot.user(user_id)
    sequences_by_conversation: dict[int, list[int]] = {}
    for key in keys:
        if not isinstance(key, DomainError):
            sequences_by_conversation.setdefault(key[0], []).append(key[1])
    entries = (
        find_user_conversations(snapshot, user=user, conversations=sorted(sequences_by_conversation))
        if user is not None
        else {}
    )
    found: dict[tuple[int, int], bytes] = {}
    for number, entry in entries.items():
        visible = visible_history(snapshot, entry.bounds)
        stored = find_messages(snapshot, conversation=number, sequences=sequences_by_conversation[number])
        if tombstones:
            stored |= find_tombstones(snapshot, conversation=number, sequences=sequences_by_conversation[number])
        for sequence in visible.visible_sequences(snapshot, list(stored.values())):
            found[number, sequence] = stored[sequence].body
    return [key if isinstance(key, DomainError) else found.get(key) or message_not_found() for key in keys]
