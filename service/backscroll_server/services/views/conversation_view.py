"""A conversation as one user sees it: last message, unread, mentions and settings put together."""

import json
from dataclasses import dataclass

from backscroll_server.domain import limits
from backscroll_server.domain.clearing import is_cleared, later_clearing
from backscroll_server.domain.ids import parse_conversation_id
from backscroll_server.domain.intervals import FOREVER, clip
from backscroll_server.domain.records import UserConversation, VisibilityBounds
from backscroll_server.services.views.burn import is_burning
from backscroll_server.services.views.unread import unread_count, unread_mentions
from backscroll_server.services.views.visibility import blocks_of, visible_history, windows_of
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.conversation_lists import ListRow
from backscroll_server.storage.tables.conversations import find_user_conversation
from backscroll_server.storage.tables.former_properties import former_properties
from backscroll_server.storage.tables.messages import find_messages


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as shown to one user.

    Attributes:
        entry: both sides as stored.
        target_id: the target as the user names it.
        last_message: the framed newest message that the user may see, or None.
        last_sequence: the newest sequence that the user's windows reach; 0 for none.
        member_count: how many members there are; 0 for a user who has left.
        unread_count: how many messages are unread.
        mention_count: how many of them mention the user.
        mentions: sequence and kind of the newest of those.
    """

    entry: UserConversation
    target_id: str
    last_message: bytes | None
    last_sequence: int
    member_count: int
    unread_count: int
    mention_count: int
    mentions: list[tuple[int, int]]


def describe(session: Runner, row: ListRow, user_id: str) -> ConversationView:
    """Return a conversation as shown to the user, given its row of the user's list.

    Cost: no read in the common case; a few seeks if the newest message is hidden from the user, counts are no plain
    subtraction, or the user has left.
    """
    entry = row.entry
    mentions = unread_mentions(session, entry)
    return ConversationView(
        entry=_as_when_left(session, entry),
        target_id=parse_conversation_id(entry.conversation.conversation_id).target_for(user_id),
        last_message=_last_message(session, row),
        last_sequence=last_sequence(session, entry),
        member_count=entry.conversation.member_count if entry.view.window_to == FOREVER else 0,
        unread_count=unread_count(session, entry),
        mention_count=len(mentions),
        mentions=mentions[: limits.UNREAD_MENTIONS_SHOWN],
    )


def _as_when_left(session: Runner, entry: UserConversation) -> UserConversation:
    """Return the entry of a member as it is; that of a user who has left with the properties of that moment."""
    if entry.view.window_to == FOREVER:
        return entry
    kept = former_properties(session, user=entry.view.user, conversation=entry.conversation.id)
    if kept is None:
        return entry
    return entry._replace(conversation=entry.conversation._replace(**kept._asdict()))


def describe_listed(session: Runner, entry: UserConversation, user_id: str) -> ConversationView:
    """Return a conversation as shown to the user; unlike `describe` it reads the newest message itself, in one seek."""
    conversation = entry.conversation
    head = find_messages(session, conversation=conversation.id, sequences=[conversation.last_sequence]).get(
        conversation.last_sequence
    )
    row = ListRow(entry, head.body if head else None, head.original_time if head else None)
    return describe(session, row, user_id)


def describe_for_service(session: Runner, entry: UserConversation, user_id: str) -> ConversationView:
    """Return a conversation as shown by a read with the rights of a service (semantics V4).

    What all members share and the newest message are shown without the limits of the user, all else is the user's.

    Cost: one seek for the newest message, and what the counts of `describe` cost.
    """
    conversation = entry.conversation
    visible = visible_history(session, VisibilityBounds.of_service(conversation, entry.view.user))
    newest = visible.rows(session, after=0, up_to=conversation.last_sequence, down=False, limit=1)
    mentions = unread_mentions(session, entry)
    return ConversationView(
        entry=entry,
        target_id=parse_conversation_id(conversation.conversation_id).target_for(user_id),
        last_message=newest[0][1] if newest else None,
        last_sequence=conversation.last_sequence,
        member_count=conversation.member_count,
        unread_count=unread_count(session, entry),
        mention_count=len(mentions),
        mentions=mentions[: limits.UNREAD_MENTIONS_SHOWN],
    )


def describe_again(session: Runner, entry: UserConversation, user_id: str) -> ConversationView:
    """Return a conversation as shown to the user, read again because this transaction changed it."""
    fresh = find_user_conversation(session, user=entry.view.user, conversation=entry.conversation.id)
    return describe_listed(session, fresh or entry, user_id)


def _last_message(session: Runner, row: ListRow) -> bytes | None:
    """Return the newest message that the user may see and that was not sent while the user blocked the conversation."""
    view, conversation = row.entry.view, row.entry.conversation
    head = conversation.last_sequence
    if (
        row.head_body is not None
        and view.window_from < head <= view.window_to
        and head > max(view.floor, conversation.floor, view.last_hidden)
        and not view.ever_blocked
        and not is_burning(session, conversation.next_burn_due)
        and not is_cleared(row.head_original_time, later_clearing(view.floor_time, conversation.floor_time))
    ):
        return row.head_body
    visible = visible_history(session, row.entry.bounds).excluding(blocks_of(session, row.entry))
    rows = visible.rows(session, after=0, up_to=head, down=False, limit=1)
    return rows[0][1] if rows else None


def last_sequence(session: Runner, entry: UserConversation) -> int:
    """Return the newest sequence that the user's windows reach, whether or not its message is visible; 0 for none.

    It stands still while the user blocks the conversation.

    Cost: no read, except for a user who blocks it or came back: then one statement for each.
    """
    view, end = entry.view, entry.end
    if view.blocked:
        end = min([end, *(after for after, up_to in blocks_of(session, entry) if up_to == FOREVER)])
    if view.window_from < end:
        return end
    return max((up_to for _, up_to in clip(windows_of(session, entry.bounds), 0, end)), default=0)


def encode_map(pairs: dict[str, str]) -> str:
    """Return free-form pairs as stored; empty for none."""
    return json.dumps(pairs, ensure_ascii=False, sort_keys=True) if pairs else ""


def decode_map(stored: str) -> dict[str, str]:
    """Return free-form pairs from their stored form."""
    return json.loads(stored) if stored else {}


def encode_marks(marks: list[str]) -> str:
    """Return labels as stored, sorted; empty for none."""
    return json.dumps(sorted(marks), ensure_ascii=False) if marks else ""


def decode_marks(stored: str) -> list[str]:
    """Return labels from their stored form."""
    return json.loads(stored) if stored else []
