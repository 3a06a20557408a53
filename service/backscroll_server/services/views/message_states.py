"""State of a message for one reader, beside the message, which is the same for everyone."""

from collections.abc import Sequence
from typing import NamedTuple

from backscroll_server.domain.intervals import contains
from backscroll_server.services.views.visibility import VisibleHistory
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.burns import burn_times
from backscroll_server.storage.tables.unread_counts import blocked_windows


class MessageState(NamedTuple):
    """State of a message for one reader, beside the message.

    Attributes:
        sequence: the sequence of the message.
        blocked: whether it was stored while the reader had the conversation blocked.
        burn_time: when it vanishes because it was read, in microseconds; 0 if it does not, or was not read yet.
    """

    sequence: int
    blocked: bool
    burn_time: int


def states_of(session: Runner, visible: VisibleHistory, sequences: Sequence[int]) -> dict[int, MessageState]:
    """Return what the reader needs to know of messages beside them, by sequence and in the order of the sequences.

    Messages of which there is nothing to know are left out.

    Cost: no read if the reader never blocked the conversation and nothing in it burns; else one statement for each of
    the two, and up to two more where messages of the page burn.

    Args:
        session: runs the queries.
        visible: the history that the reader may see.
        sequences: the sequences of messages or tombstones that the reader sees.
    """
    if not sequences or not (visible.ever_blocked or visible.next_burn_due):
        return {}
    blocks = (
        blocked_windows(session, conversation=visible.conversation, user=visible.user) if visible.ever_blocked else []
    )
    times = burn_times(session, conversation=visible.conversation, sequences=sequences) if visible.next_burn_due else {}
    states = (MessageState(item, contains(blocks, item), times.get(item, 0)) for item in sequences)
    return {state.sequence: state for state in states if state.blocked or state.burn_time}
