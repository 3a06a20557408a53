"""Pages of a user's list of conversations, in the order of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from peewee import JOIN, ModelSelect, Node

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.intervals import Interval
from backscroll_server.domain.records import ListKey, UserConversation
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.conversations import (
    RANGE_VIEWS,
    USER_CONVERSATION_COLUMNS,
    user_conversation_of_row,
)
from backscroll_server.storage.tables.list_order import ACTIVITY, LISTED, LISTED_AS_GROUP
from backscroll_server.storage.tables.models import Conversation, Message, View

_EVERY_TYPE = 4


class ListRow(NamedTuple):
    """A conversation of a user's list, with the newest message of the conversation if that is stored.

    Attributes:
        entry: the conversation as the user has it.
        head_body: the framed body of the newest message, as `Message.body` has it; None if it was recalled or removed,
            or there is none.
        head_original_time: the time at which that message was originally written, in microseconds, if it was imported;
            otherwise None.
    """

    entry: UserConversation
    head_body: bytes | None
    head_original_time: int | None

    @property
    def key(self) -> ListKey:
        """The position of the conversation in the order of the list."""
        return list_key(self.entry)

    @property
    def size(self) -> int:
        """About how many bytes the conversation has as shown: its attributes and the newest message."""
        return len(self.entry.conversation.attributes) + len(self.head_body or b"")


@dataclass(frozen=True, slots=True)
class ListFilter:
    """The part of a conversation filter that the database evaluates.

    Attributes:
        types: only conversations of these types; empty for every type, chat rooms only where the user opened them.
        pinned_only: only pinned conversations.
        active_since: only conversations with their last activity at or after this time, in microseconds; 0 for any.
        conversations: only conversations with these internal numbers; None for any.
        unread_only: only conversations that may have unread messages, or are marked unread.
        mentioned_only: only conversations that may have unread mentions.
    """

    types: tuple[int, ...] = ()
    pinned_only: bool = False
    active_since: int = 0
    conversations: tuple[int, ...] | None = None
    unread_only: bool = False
    mentioned_only: bool = False


class _Shape(NamedTuple):
    typed: bool
    rooms: bool
    pinned_only: bool
    active_since: bool
    unread_only: bool
    mentioned_only: bool
    after_key: bool = False
    limit: int = 0


_MOST_UNREAD = Conversation.countable - View.base_countable - View.own_countable + View.base_own
"""An upper bound of the unread count: hidden, recalled, blocked and invisible messages only lower the count."""


def _matching(shape: _Shape) -> Node:
    where = LISTED_AS_GROUP if shape.rooms else LISTED
    if shape.typed:
        where &= Conversation.type.in_([param(f"type_{i}") for i in range(_EVERY_TYPE)])
    if shape.pinned_only:
        where &= View.pin_time > 0
    if shape.active_since:
        where &= param("active_since") <= ACTIVITY
    if shape.unread_only:
        where &= (_MOST_UNREAD > 0) | (View.marked_unread == 1)
    if shape.mentioned_only:
        where &= Conversation.last_mention_sequence > View.read_sequence
    return where


def _rows(where: Node) -> ModelSelect:
    return (
        View.select(*USER_CONVERSATION_COLUMNS, Message.body, Message.original_time)
        .join(Conversation, on=(Conversation.id == View.conversation))
        .join(
            Message,
            JOIN.LEFT_OUTER,
            on=(Message.conversation == Conversation.id) & (Message.sequence == Conversation.last_sequence),
        )
        .where(where)
    )


@lru_cache(maxsize=256)
def _keys(shape: _Shape) -> Statement:
    where = (
        (View.user == param("user"))
        & (View.conversation > param("above"))
        & (View.conversation <= param("below"))
        & _matching(shape)
    )
    if shape.after_key:
        where &= (View.pin_time < param("pin_time")) | (
            (View.pin_time == param("pin_time"))
            & (
                (param("activity") > ACTIVITY)
                | ((param("activity") == ACTIVITY) & (Conversation.conversation_id > param("after_id")))
            )
        )
    return Statement(
        View.select(View.pin_time, ACTIVITY, Conversation.conversation_id, View.conversation)
        .join(Conversation, on=(Conversation.id == View.conversation))
        .where(where)
        .order_by(View.pin_time.desc(), ACTIVITY.desc(), Conversation.conversation_id)
        .limit(shape.limit)
    )


@lru_cache(maxsize=64)
def _chosen(shape: _Shape) -> ListStatement:
    return ListStatement(
        lambda keys: _rows((View.user == param("user")) & _matching(shape) & View.conversation.in_(keys))
    )


def _shape(conversation_filter: ListFilter) -> tuple[_Shape, dict[str, int | str]]:
    types = conversation_filter.types
    shape = _Shape(
        bool(types),
        ConversationType.CHAT_ROOM in types,
        conversation_filter.pinned_only,
        conversation_filter.active_since > 0,
        conversation_filter.unread_only,
        conversation_filter.mentioned_only,
    )
    values: dict[str, int | str] = {"active_since": conversation_filter.active_since}
    if types:
        padded = [*types, *[types[-1]] * (_EVERY_TYPE - len(types))]
        values.update((f"type_{i}", type_) for i, type_ in enumerate(padded))
    return shape, values


def list_keys(
    session: Runner,
    *,
    user: int,
    conversation_filter: ListFilter,
    conversations: Interval,
    after: ListKey | None = None,
    limit: int | None = None,
) -> list[ListKey]:
    """Return the first keys, in list order, of a user's listed conversations that match a filter.

    `user` is an internal number. Cost: one row for each view of the user in `conversations`, and one key seek for each.

    Args:
        session: runs the query.
        user: the user whose list it is.
        conversation_filter: the filter; its `conversations` is ignored.
        conversations: the range `(above, below]` of internal numbers of conversations to which the result is limited.
            It has at most 1,000 views of the user.
        after: the key behind which to begin; None for the beginning of the list.
        limit: for at least how many keys, if there are so many; None for all.
    """
    shape, values = _shape(conversation_filter)
    if after is not None:
        values |= {"pin_time": after.pin_time, "activity": after.activity, "after_id": after.conversation_id}
    above, below = conversations
    # Few different limits, so that few statements are rendered.
    rounded = RANGE_VIEWS if limit is None else min(1 << (limit - 1).bit_length(), RANGE_VIEWS)
    keys = _keys(shape._replace(after_key=after is not None, limit=rounded))
    return list(map(ListKey._make, session.all(keys, user=user, above=above, below=below, **values)))


def chosen_rows(
    session: Runner, *, user: int, conversation_filter: ListFilter, conversations: Sequence[int]
) -> list[ListRow]:
    """Return those of `conversations` that are in a user's list and match a filter, in no particular order.

    `user` and `conversations` are internal numbers; the filter's own `conversations` is ignored. Cost: three key seeks
    for each of `conversations`: view, conversation and newest message.
    """
    shape, values = _shape(conversation_filter)
    return [_row(session, row) for row in session.listed(_chosen(shape), conversations, user=user, **values)]


def list_key(entry: UserConversation) -> ListKey:
    """Return the position of a conversation in the order of the user's list."""
    shared = entry.conversation
    return ListKey(entry.view.pin_time, entry.activity, shared.conversation_id, shared.id)


def sort_key(row: ListRow) -> tuple[int, int, str]:
    """Return a tuple by which rows sort in the order of the list."""
    return key_order(row.key)


def key_order(key: ListKey) -> tuple[int, int, str]:
    """Return a tuple by which list keys sort in the order of the list."""
    # The order of code points is that of the bytes of UTF-8.
    return (-key.pin_time, -key.activity, key.conversation_id)


def _row(session: Runner, row: Sequence[object]) -> ListRow:
    return ListRow(user_conversation_of_row(session, row), row[-2], row[-1])  # type: ignore[arg-type]
