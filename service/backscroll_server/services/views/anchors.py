"""Messages as anchors: of pages, read positions and marks."""

from backscroll_server.domain.intervals import contains
from backscroll_server.domain.records import VisibilityBounds
from backscroll_server.services.views.access import message_not_found
from backscroll_server.services.views.visibility import windows_of
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.transaction import Transaction


def anchor_sequence(
    session: Snapshot | Transaction, bounds: VisibilityBounds, message_id: tuple[int, int], field: str = "message_id"
) -> int:
    """Return the sequence of a message in the user's windows, whether or not it still exists.

    Args:
        session: runs the queries.
        bounds: the bounds of what the user may see.
        message_id: the public number and the sequence in the message's id.
        field: the path of the field that names the message, for the error.

    Raises:
        NotFoundError: `MESSAGE_NOT_FOUND` for one of another conversation or outside the windows.
    """
    _, sequence = message_id
    conversation = session.conversations_of([message_id]).get(message_id)
    if conversation != bounds.conversation or not contains(windows_of(session, bounds), sequence):
        raise message_not_found(field)
    return sequence
