"""Expiry of messages by age: floors of loaded conversations are raised here to what has expired by now.

A floor is the highest sequence that can no longer be seen. Since the creation time strictly increases with the
sequence, all messages up to some sequence have expired, and none above it. Stored floors follow in the background, and
the rows are removed after that.
"""

from backscroll_server.domain.records import ConversationRow, VisibilityBounds
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.unread_counts import countable_at, sequence_before


def expired_up_to(session: Runner, *, conversation: int, type_: int, oldest_time: int) -> int:
    """Return the highest sequence that has expired by `session.now`; 0 where nothing above the stored floor has.

    Cost: no read while the oldest message is young enough, else two index seeks.

    Args:
        session: runs the queries.
        conversation: the internal number of the conversation.
        type_: the number of its type.
        oldest_time: the creation time of the oldest message above the stored floor, in microseconds; 0 for none.
    """
    horizon = session.retention.horizon(type_, session.now)
    if not oldest_time or oldest_time > horizon:
        return 0
    return sequence_before(session, conversation=conversation, time=horizon + 1)


def aged(session: Runner, conversation: ConversationRow) -> ConversationRow:
    """Return a conversation with its floor and unread floor raised to what has expired by `session.now`.

    The time of the floor stays, because nobody cleared the history.
    """
    floor = expired_up_to(
        session, conversation=conversation.id, type_=conversation.type, oldest_time=conversation.oldest_time
    )
    if floor <= conversation.floor:
        return conversation
    if floor <= conversation.unread_floor:
        return conversation._replace(floor=floor)
    return conversation._replace(
        floor=floor,
        unread_floor=floor,
        unread_floor_countable=countable_at(session, conversation=conversation.id, sequence=floor),
    )


def expired_bounds(session: Runner, bounds: VisibilityBounds, *, type_: int, oldest_time: int) -> VisibilityBounds:
    """Return the bounds of a user's visible history with the shared floor raised to what has expired by `session.now`.

    Args:
        session: runs the queries.
        bounds: the bounds as stored.
        type_: the number of the conversation's type.
        oldest_time: the creation time of the oldest message above the stored floor, in microseconds; 0 for none.
    """
    if not session.retention.kept[type_]:
        return bounds
    floor = expired_up_to(session, conversation=bounds.conversation, type_=type_, oldest_time=oldest_time)
    return bounds._replace(shared_floor=floor) if floor > bounds.shared_floor else bounds
