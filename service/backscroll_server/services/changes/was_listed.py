"""A test of whether a conversation was in a user's list before some changes."""

from collections.abc import Iterable
from itertools import takewhile

from backscroll_server.domain.enums import ChangeKind, Join
from backscroll_server.domain.intervals import subtract
from backscroll_server.domain.records import UserConversation
from backscroll_server.services.views.visibility import blocks_of
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.unread_counts import newest_live

_MEMBERSHIP = (ChangeKind.MEMBER_ADDED, ChangeKind.MEMBER_REMOVED)
_SAYING = (ChangeKind.MESSAGE, ChangeKind.HISTORY_IMPORTED)


def was_listed(session: Runner, entry: UserConversation, rows: Iterable[FeedRow]) -> bool | None:
    """Return whether a conversation was in the user's list before the first of some changes; None if none of them says.

    The kinds of the changes show it: opening is recorded only for an unlisted conversation, a join says whether it was
    listed, and otherwise only messages and imports list one. Cost: a few seeks if a message or import is among the
    changes, else none.

    Args:
        session: runs the reads.
        entry: the conversation as the user has it after the changes.
        rows: the changes, in feed order. The first one that removed the conversation and those after it are ignored.
    """
    rows = list(takewhile(lambda row: row.kind != ChangeKind.CONVERSATION_REMOVED, rows))
    if any(row.kind in (ChangeKind.OPENED, ChangeKind.CONVERSATION_CREATED) for row in rows):
        return False
    first = next((row for row in rows if row.kind in _MEMBERSHIP and row.first_sequence == entry.view.user), None)
    if first is not None and first.kind == ChangeKind.MEMBER_ADDED:
        # What was said until then did not reach the user, also where it is in the history that a joiner sees.
        return first.scope == Join.STILL_LISTED
    said = next((row for row in rows if row.kind in _SAYING), None)
    return None if said is None else _listed_by_others(session, entry, said.first_sequence)


def _listed_by_others(session: Runner, entry: UserConversation, sequence: int) -> bool:
    """Return whether the conversation was listed by an opening or by a message before the one at `sequence`."""
    view, conversation = entry.view, entry.conversation
    if view.opened_generation == conversation.generation:
        return True
    removed = max(view.removed_sequence, conversation.removed_sequence)
    before = (max(removed, view.window_from), sequence - 1)
    unblocked = subtract([before] if before[0] < before[1] else [], blocks_of(session, entry))
    if not unblocked:
        return False
    if unblocked[0][0] < conversation.floor:
        # What expired there may be removed from storage. It is taken for what listed the conversation.
        return True
    if any(
        newest_live(session, conversation=conversation.id, after=after, up_to=up_to, counted=removed >= 0)
        for after, up_to in unblocked
    ):
        return True
    # As long as nothing but imports happened, they list it.
    return removed < 0 and not newest_live(session, conversation=conversation.id, after=0, up_to=sequence - 1)
