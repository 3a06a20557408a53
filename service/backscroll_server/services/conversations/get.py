"""Single conversations as a user sees them, listed or not, and the unread totals over the list."""

from collections.abc import Generator, Sequence

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.views.access import Caller, conversation_not_found, find, find_for_service
from backscroll_server.services.views.conversation_view import (
    ConversationView,
    describe_for_service,
    describe_listed,
)
from backscroll_server.services.views.unread_totals import NOTHING, Totals, shares
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.unread_totals import SUMMED_TYPES


def get_conversation(snapshot: Snapshot, caller: Caller, key: ConversationKey) -> ConversationView:
    """Return one conversation as the caller sees it, listed or not.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it and the caller
            does not use the rights of a service.
    """
    described = _described(snapshot, caller, key)
    if described is None:
        raise conversation_not_found()
    return described


def get_conversations(
    snapshot: Snapshot, caller: Caller, keys: Sequence[ConversationKey]
) -> list[ConversationView | DomainError]:
    """Return several conversations as the caller sees them: for each key, in order, the conversation or the error.

    The error is `CONVERSATION_NOT_FOUND`.
    """
    return [_described(snapshot, caller, key) or conversation_not_found() for key in keys]


def _described(snapshot: Snapshot, caller: Caller, key: ConversationKey) -> ConversationView | None:
    """Return one conversation as the caller sees it, or None where there is none for the caller."""
    if caller.as_service:
        entry = find_for_service(snapshot, caller.user_id, key)
        return describe_for_service(snapshot, entry, caller.user_id) if entry else None
    entry = find(snapshot, caller.user_id, key)
    return describe_listed(snapshot, entry, caller.user_id) if entry else None


def unread_summary(
    snapshot: Snapshot, user_id: str
) -> Generator[None, None, tuple[dict[ConversationType, Totals], FeedPosition]]:
    """Return, in steps, the unread totals of each type over the user's list, and the snapshot's newest feed position.

    Chat rooms are left out. The generator yields None where the read may pause. Cost: reads all the user's views, with
    a seek for each.
    """
    totals = dict.fromkeys(SUMMED_TYPES, NOTHING)
    user = snapshot.user(user_id)
    if user is not None:
        for share in shares(snapshot, user):
            if share is None:
                yield
            else:
                totals[share.type] = totals[share.type].plus(share.totals)
    return totals, snapshot.position()
