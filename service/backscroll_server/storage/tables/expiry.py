"""The one place where messages expire: what is loaded of a conversation has its floor where age has raised it by now.

Since time strictly increases with the sequence, what is expired is all up to some sequence. The stored floor follows in
the background, and the rows are removed after that.
"""

from backscroll_server.domain.records import ConversationRow, VisibilityBounds
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.unread_counts import countable_at, sequence_before


def expired_up_to(session: Runner, *, conversation: int, type_: int, oldest_time: int) -> int:
    """Return the highest expired sequence of a conversation; 0 where nothing above its stored floor is.

    Cost: none while the oldest message is young enough, else two index lookups.
    """
    horizon = session.retention.horizon(type_, session.now)
    if not oldest_time or oldest_time > horizon:
        return 0
    return sequence_before(session, conversation=conversation, time=horizon + 1)


def aged(session: Runner, conversation: ConversationRow) -> ConversationRow:
    """Return a conversation with the floors that it has now. The time of clearing stays: nobody cleared anything."""
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
    """Return the bounds of a user's messages with the floor that the conversation has now."""
    if not session.retention.kept[type_]:
        return bounds
    floor = expired_up_to(session, conversation=bounds.conversation, type_=type_, oldest_time=oldest_time)
    return bounds._replace(shared_floor=floor) if floor > bounds.shared_floor else bounds
