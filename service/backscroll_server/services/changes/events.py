"""Events for one user. Sequences and numbers are internal; the transport turns them into ids."""

from typing import NamedTuple

from backscroll_server.domain.enums import DeletionScope
from backscroll_server.domain.records import UserOptions
from backscroll_server.services.views.conversation_view import ConversationView
from backscroll_server.services.views.unread_totals import Totals


class Cause(NamedTuple):
    """Cause of an event: the device (empty if unknown) and the time in microseconds."""

    device_id: str
    time: int


class MessageReceived(NamedTuple):
    """A message was stored: framed as the user may see it now. `notify` is by the receive options."""

    cause: Cause
    framed: bytes
    notify: bool


class MessagesDeleted(NamedTuple):
    """Messages are gone: single ones, or all up to a sequence and imported ones originally up to a time."""

    cause: Cause
    conversation: int
    conversation_id: str
    sequences: tuple[int, ...]
    up_to: int
    original_up_to: int
    scope: DeletionScope


class ReadPositionMoved(NamedTuple):
    """Somebody's read position moved: the user's own, or the other side's of a pair.

    `burn_due` is when the messages vanish that it read and that burn, in microseconds; 0 where there are none.
    """

    cause: Cause
    conversation_id: str
    reader_id: str
    sequence: int
    burn_due: int


class HistoryImported(NamedTuple):
    """Old history was imported; both ends are part of it."""

    cause: Cause
    conversation_id: str
    first: int
    last: int


class ConversationRemoved(NamedTuple):
    """A conversation left the user's list, and all up to `cleared` with it."""

    cause: Cause
    conversation_id: str
    cleared: int
    scope: DeletionScope


class UserSettingsChanged(NamedTuple):
    """The user's settings for all conversations changed; these are today's."""

    cause: Cause
    options: UserOptions


class ConversationChanged(NamedTuple):
    """The user's current view of a conversation; `added` if it is new in the list."""

    cause: Cause
    description: ConversationView
    added: bool


class TotalsChanged(NamedTuple):
    """The user's totals now."""

    cause: Cause
    totals: Totals


PositionedEvent = (
    MessageReceived | MessagesDeleted | ReadPositionMoved | HistoryImported | ConversationRemoved | UserSettingsChanged
)
"""Events of one change each, with a position in the feed."""

DerivedEvent = ConversationChanged | TotalsChanged
"""Events that follow from others; the newest one is enough."""

Event = PositionedEvent | DerivedEvent
"""Any event."""
