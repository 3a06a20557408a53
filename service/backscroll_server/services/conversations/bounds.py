"""Bounds of calls that work up to a sequence or up to a time, as if they had been made there."""

from backscroll_server.domain.intervals import clip, subtract
from backscroll_server.domain.records import ConversationRow, UserConversation
from backscroll_server.services.views.unread import countable_up_to, unread_floor
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
    # What was erased or has expired may be removed from storage. It was created before that.
    gone_since = max(session.retention.horizon(conversation.type, session.now), conversation.floor_time)
    return max(sequence, conversation.floor) if time >= gone_since else sequence


def joined_after(entry: UserConversation, sequence: int, time: int) -> bool:
    """Return whether the user joined the conversation behind a sequence, and after the time at which that was newest.

    Where nothing but imports happened, times are those of another system and say nothing of when the user joined.
    """
    view = entry.view
    return view.join_time > time and view.unread_floor >= sequence and entry.conversation.last_live_sequence > 0


def has_counting_messages(session: Runner, entry: UserConversation, up_to: int) -> bool:
    """Return whether messages that may count as unread lie above where counting starts at the earliest, up to `up_to`.

    The user's own count here. Cost: at most two seeks for each end of a range of sequences in which the user was a
    member and had not blocked the conversation.
    """
    windows = clip(windows_of(session, entry.bounds), unread_floor(entry), up_to)
    return any(
        countable_between(session, entry.conversation, after, end)
        for after, end in subtract(windows, blocks_of(session, entry))
    )


def countable_between(session: Runner, conversation: ConversationRow, after: int, up_to: int) -> bool:
    """Return whether a message with a sequence in `(after, up_to]` is countable: neither silent nor imported.

    Such a message brings a deleted conversation back into lists. Cost: no read if `up_to` is not before the newest such
    message, else at most two seeks for each end.
    """
    if conversation.last_relist_sequence <= up_to:
        return conversation.last_relist_sequence > after
    # What is below has expired or was erased, and may be removed from storage.
    after = max(after, conversation.unread_floor)
    if after >= up_to:
        return False
    return countable_up_to(session, conversation, up_to) > countable_up_to(session, conversation, after)
