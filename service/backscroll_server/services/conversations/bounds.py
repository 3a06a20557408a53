"""Bounds of calls that work up to a sequence or up to a time, as if they had been made there."""

from backscroll_server.domain.intervals import clip, subtract
from backscroll_server.domain.records import ConversationRow, UserConversation
from backscroll_server.services.views.unread import countable_up_to
from backscroll_server.services.views.visibility import blocks_of, windows_of
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.unread_counts import sequence_before


def last_sequence_at(session: Runner, conversation: ConversationRow, time: int) -> int:
    """Return the highest sequence of a message created at or before a time, in microseconds; 0 if there is none.

    Cost: no read if that is the newest message, else two index seeks.
    """
    if conversation.last_time <= time:
        return conversation.last_sequence
    sequence = sequence_before(session, conversation=conversation.id, time=time + 1)
    # What was erased or has expired may be removed from storage. It was created before then.
    gone_since = max(session.retention.horizon(conversation.type, session.now), conversation.floor_time)
    return max(sequence, conversation.floor) if time >= gone_since else sequence


def relisted_between(session: Runner, conversation: ConversationRow, after: int, up_to: int) -> bool:
    """Return whether a message with a sequence in `(after, up_to]` brings a deleted conversation back into lists.

    Cost: no read if `up_to` is not before the newest such message, else at most two seeks for each end.
    """
    if conversation.last_relist_sequence <= up_to:
        return conversation.last_relist_sequence > after
    # What is below has expired or was erased, and may be removed from storage.
    after = max(after, conversation.unread_floor)
    if after >= up_to:
        return False
    return countable_up_to(session, conversation, up_to) > countable_up_to(session, conversation, after)


def listed_by_messages_at(session: Runner, entry: UserConversation, up_to: int) -> bool:
    """Return whether messages up to a sequence brought the conversation into the user's list, before any later one.

    Cost: no read in the common case, else a few seeks for each range of sequences during which the user had it blocked.
    """
    removed = max(entry.view.removed_sequence, entry.conversation.removed_sequence)
    windows = clip(windows_of(session, entry.bounds), max(removed, 0), up_to)
    heard = subtract(windows, blocks_of(session, entry))
    if removed < 0:
        return bool(heard)
    return any(relisted_between(session, entry.conversation, after, end) for after, end in heard)
