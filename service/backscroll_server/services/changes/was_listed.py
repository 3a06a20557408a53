"""A test of whether a conversation was in a user's list before some changes."""

from collections.abc import Iterable
from itertools import takewhile

from backscroll_server.domain.enums import ChangeKind, ConversationType, Join
from backscroll_server.domain.intervals import subtract
from backscroll_server.domain.records import UserConversation
from backscroll_server.services.views.visibility import blocks_of
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.unread_counts import newest_live

_MEMBERSHIP = (ChangeKind.MEMBER_ADDED, ChangeKind.MEMBER_REMOVED)
_SAYING = (ChangeKind.MESSAGE, ChangeKind.HISTORY_IMPORTED)
LISTING = frozenset({*_SAYING, ChangeKind.OPENED, ChangeKind.CONVERSATION_CREATED, ChangeKind.MEMBER_ADDED})
"""Kinds of changes that can bring a conversation into a list."""


def was_listed(session: Runner, entry: UserConversation, rows: Iterable[FeedRow]) -> bool | None:
    """Return whether a conversation was in the user's list before the first of some changes; None if none of them says.

    The kinds of the changes show it: opening is recorded only for an unlisted conversation, a join says whether it was
    listed, and otherwise only messages and imports list one. Cost: a few seeks if a message or import is among the
    changes, else none.

    Args:
        session: runs the reads.
        entry: the conversation as the user has it after the changes.
        rows: the changes from some position on up to now, in feed order; of those behind a batch only `later_listings`.
    """
    rows = list(rows)
    own = [row for row in rows if row.kind in _MEMBERSHIP and row.first_sequence == entry.view.user]
    if own and own[0].kind == ChangeKind.MEMBER_ADDED and own[0].scope == Join.FIRST:
        # A removal before that was none of this user's: no event of it says that the conversation is not listed.
        return False
    untouched = list(takewhile(lambda row: row.kind != ChangeKind.CONVERSATION_REMOVED, rows))
    if any(row.kind in (ChangeKind.OPENED, ChangeKind.CONVERSATION_CREATED) for row in untouched):
        return False
    if own and own[0].kind == ChangeKind.MEMBER_ADDED and own[0] in untouched:
        # What was said until then did not reach the user, also where it is in the history that a joiner sees.
        return own[0].scope == Join.STILL_LISTED
    said = next((row for row in untouched if row.kind in _SAYING), None)
    if said is None:
        return None
    if entry.view.opened_generation == entry.conversation.generation and all(
        row.kind != ChangeKind.OPENED for row in rows
    ):
        return True
    hidden = entry.view.stay_hidden and len(untouched) == len(rows)
    if hidden or entry.conversation.type == ConversationType.CHAT_ROOM:
        return False
    return _listed_by_messages(session, entry, said.first_sequence)


def _listed_by_messages(session: Runner, entry: UserConversation, sequence: int) -> bool:
    """Return whether the conversation was listed by a message before the one at `sequence`."""
    view, conversation = entry.view, entry.conversation
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
