"""Pages of a user's list of conversations, in its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from peewee import JOIN, ModelSelect, Node, fn

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.records import UserConversation
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.conversations import USER_CONVERSATION_COLUMNS, user_conversation_of_row
from backscroll_server.storage.tables.list_order import ACTIVITY, LISTED, LISTED_AS_GROUP
from backscroll_server.storage.tables.models import Conversation, Message, View

_EVERY_TYPE = 4


class ListKey(NamedTuple):
    """A place in the order of a list: later pins first, then later activity, then older conversations."""

    pin_time: int
    activity: int
    conversation: int


class ListRow(NamedTuple):
    """An entry with the newest message of its conversation, if that is still stored.

    Attributes:
        entry: the conversation as the user has it.
        head_body: the framed body of the message at the conversation's end, or None.
        head_original_time: its original time, if it was imported.
    """

    entry: UserConversation
    head_body: bytes | None
    head_original_time: int | None

    @property
    def key(self) -> ListKey:
        """Its place in the list."""
        return ListKey(self.entry.view.pin_time, self.entry.activity, self.entry.conversation.id)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """The part of a conversation filter that the database evaluates.

    Attributes:
        types: only these; empty is every type, chat rooms only where opened.
        pinned_only: only pinned ones.
        active_since: only those with activity at or after this, in microseconds.
        conversations: only these; None is any.
    """

    types: tuple[int, ...] = ()
    pinned_only: bool = False
    active_since: int = 0
    conversations: tuple[int, ...] | None = None


class _Shape(NamedTuple):
    typed: bool
    rooms: bool
    pinned_only: bool
    active_since: bool
    after_key: bool
    limit: int = 0
    skips: bool = False


def _where(shape: _Shape) -> Node:
    where = (View.user == param("user")) & (LISTED_AS_GROUP if shape.rooms else LISTED)
    if shape.typed:
        where &= Conversation.type.in_([param(f"type_{i}") for i in range(_EVERY_TYPE)])
    if shape.pinned_only:
        where &= View.pin_time > 0
    if shape.active_since:
        where &= param("active_since") <= ACTIVITY
    if shape.after_key:
        where &= (View.pin_time < param("pin_time")) | (
            (View.pin_time == param("pin_time"))
            & (
                (param("activity") > ACTIVITY)
                | ((param("activity") == ACTIVITY) & (View.conversation > param("after_conversation")))
            )
        )
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


def _ordered(query: ModelSelect) -> ModelSelect:
    return query.order_by(View.pin_time.desc(), ACTIVITY.desc(), View.conversation)


@lru_cache(maxsize=64)
def _page(shape: _Shape) -> Statement:
    page = _ordered(_rows(_where(shape))).limit(shape.limit)
    return Statement(page.offset(param("skip")) if shape.skips else page)


@lru_cache(maxsize=64)
def _chosen(shape: _Shape) -> ListStatement:
    return ListStatement(lambda keys: _rows(_where(shape) & View.conversation.in_(keys)))


@lru_cache(maxsize=64)
def _count(shape: _Shape) -> Statement:
    return Statement(
        View.select(fn.COUNT(View.conversation))
        .join(Conversation, on=(Conversation.id == View.conversation))
        .where(_where(shape))
    )


def _shape(conversation_filter: ListFilter, after: ListKey | None) -> tuple[_Shape, dict[str, int]]:
    rooms = ConversationType.CHAT_ROOM in conversation_filter.types
    shape = _Shape(
        bool(conversation_filter.types),
        rooms,
        conversation_filter.pinned_only,
        conversation_filter.active_since > 0,
        after is not None,
    )
    values: dict[str, int] = {"active_since": conversation_filter.active_since}
    if conversation_filter.types:
        types = [
            *conversation_filter.types,
            *[conversation_filter.types[-1]] * (_EVERY_TYPE - len(conversation_filter.types)),
        ]
        values.update((f"type_{i}", type_) for i, type_ in enumerate(types))
    if after is not None:
        values |= {"pin_time": after.pin_time, "activity": after.activity, "after_conversation": after.conversation}
    return shape, values


def list_page(
    session: Runner, *, user: int, conversation_filter: ListFilter, after: ListKey | None, skip: int, limit: int
) -> list[ListRow]:
    """Return at most `limit` listed conversations of a user behind `after`, in order, passing over `skip`.

    Cost: reads all the user's views, sorts those listed.
    """
    shape, values = _shape(conversation_filter, after)
    if conversation_filter.conversations is not None:
        rows = sorted(
            chosen_rows(
                session,
                user=user,
                conversation_filter=conversation_filter,
                conversations=conversation_filter.conversations,
            ),
            key=sort_key,
        )
        if after is not None:
            boundary = key_order(after)
            rows = [row for row in rows if sort_key(row) > boundary]
        return rows[skip : skip + limit]
    return [
        _row(session, row)
        for row in session.all(_page(shape._replace(limit=limit, skips=skip > 0)), user=user, skip=skip, **values)
    ]


def chosen_rows(
    session: Runner, *, user: int, conversation_filter: ListFilter, conversations: Sequence[int]
) -> list[ListRow]:
    """Return those of `conversations` that are listed and match, in no order. Three seeks each."""
    shape, values = _shape(conversation_filter, None)
    return [_row(session, row) for row in session.listed(_chosen(shape), conversations, user=user, **values)]


def count_listed(session: Runner, *, user: int, conversation_filter: ListFilter) -> int:
    """Return the number of listed conversations that match. Reads all the user's views."""
    if conversation_filter.conversations is not None:
        return len(
            chosen_rows(
                session,
                user=user,
                conversation_filter=conversation_filter,
                conversations=conversation_filter.conversations,
            )
        )
    shape, values = _shape(conversation_filter, None)
    row = session.one(_count(shape), user=user, **values)
    return row[0] if row else 0


def sort_key(row: ListRow) -> tuple[int, int, int]:
    """Sort rows as the list does."""
    return key_order(row.key)


def key_order(key: ListKey) -> tuple[int, int, int]:
    """Sort places as the list does."""
    return (-key.pin_time, -key.activity, key.conversation)


def _row(session: Runner, row: Sequence[object]) -> ListRow:
    return ListRow(user_conversation_of_row(session, row), row[-2], row[-1])  # type: ignore[arg-type]
