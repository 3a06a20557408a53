"""Events for one user. They hold internal numbers and sequences, of which the transport makes ids."""

from typing import NamedTuple

from backscroll_server.domain.enums import DeletionReason, DeletionScope, HistoryChangeReason
from backscroll_server.domain.records import ListedMember, UserOptions
from backscroll_server.services.views.conversation_view import ConversationView
from backscroll_server.services.views.unread_totals import Totals


class Cause(NamedTuple):
    """The cause of an event.

    Attributes:
        device_id: the device that made the change; empty if unknown.
        time: the time of the change, in microseconds.
    """

    device_id: str
    time: int


class MessageReceived(NamedTuple):
    """A stored message that the user may see.

    Attributes:
        cause: the device and time.
        framed: the encoded message with the tag and length of field 1, as the user may see it now.
        notify: whether to notify the user: a countable message of another user, while nothing is muted.
    """

    cause: Cause
    framed: bytes
    notify: bool


class MessagesDeleted(NamedTuple):
    """Deleted messages: single ones, or all up to a sequence.

    Attributes:
        cause: the device and time.
        conversation_id: the id of the conversation.
        scope: whether they are deleted for the user alone or for everyone.
        reason: why they are gone.
        messages: what is left of single messages, each encoded with the tag and length of field 1; empty where all up
            to `up_to` are deleted.
        up_to: all messages up to this sequence are deleted; 0 where single ones are.
        original_up_to: imported messages that were originally written up to this time, in microseconds, are deleted
            too; 0 for none.
    """

    cause: Cause
    conversation_id: str
    scope: DeletionScope
    reason: DeletionReason
    messages: tuple[bytes, ...] = ()
    up_to: int = 0
    original_up_to: int = 0


class ReadPositionMoved(NamedTuple):
    """A moved read position: the user's own, or that of the other side of a `SINGLE` conversation.

    Attributes:
        cause: the device and time.
        conversation_id: the id of the conversation.
        reader_id: the id of the user who read.
        sequence: the new read position.
        burn_due: the time when the first of the messages that were read by this burns, in microseconds; 0 for none.
    """

    cause: Cause
    conversation_id: str
    reader_id: str
    sequence: int
    burn_due: int


class HistoryChanged(NamedTuple):
    """A part of the history, a range of sequences, that is new for the user and of which no message is delivered.

    Attributes:
        cause: the device and time.
        conversation_id: the id of the conversation.
        reason: why it is new.
        first: the sequence of the first message.
        last: the sequence of the last message; it is part of the range.
    """

    cause: Cause
    conversation_id: str
    reason: HistoryChangeReason
    first: int
    last: int


class MembersChanged(NamedTuple):
    """Members who joined, left or have another role, all by one call.

    Attributes:
        cause: the device and time.
        conversation_id: the id of the conversation.
        actor_id: the id of the user who did it.
        joined: those who joined, as they are at the time of delivery.
        updated: those whose role changed, as they are at the time of delivery.
        left: the ids of those who left.
    """

    cause: Cause
    conversation_id: str
    actor_id: str
    joined: tuple[ListedMember, ...] = ()
    updated: tuple[ListedMember, ...] = ()
    left: tuple[str, ...] = ()


class ConversationRemoved(NamedTuple):
    """A conversation that left the user's list.

    Attributes:
        cause: the device and time.
        conversation_id: the id of the conversation.
        scope: whether it was removed for the user alone or for everyone.
        deleted_by: the id of the user who removed it.
        cleared: the messages up to this sequence were deleted with it; 0 for none.
        original_up_to: imported messages that were originally written up to this time, in microseconds, were deleted
            too; 0 for none.
    """

    cause: Cause
    conversation_id: str
    scope: DeletionScope
    deleted_by: str
    cleared: int
    original_up_to: int


class UserSettingsChanged(NamedTuple):
    """A change of the user's settings for all conversations.

    Attributes:
        cause: the device and time.
        options: the settings at the time of delivery.
    """

    cause: Cause
    options: UserOptions


class ConversationChanged(NamedTuple):
    """A conversation of which the user's view may have changed.

    Attributes:
        cause: the device and time of the last change that affected it.
        description: the conversation as the user sees it at the time of delivery.
        added: whether it is in the user's list now and was not before.
    """

    cause: Cause
    description: ConversationView
    added: bool


class TotalsChanged(NamedTuple):
    """A change of the user's unread totals.

    Attributes:
        cause: the device and time of the last change that affected a conversation.
        totals: the totals at the time of delivery.
    """

    cause: Cause
    totals: Totals


PositionedEvent = (
    MessageReceived
    | MessagesDeleted
    | ReadPositionMoved
    | HistoryChanged
    | MembersChanged
    | ConversationRemoved
    | UserSettingsChanged
)
"""An event that one change made, with that change's position in the feed."""

DerivedEvent = ConversationChanged | TotalsChanged
"""An event that follows from others. A newer one replaces an older one of the same conversation, or of the totals."""

Event = PositionedEvent | DerivedEvent
"""Any event."""
