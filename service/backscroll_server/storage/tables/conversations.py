"""Reads and changes of conversations and of views, the users' sides of them, one at a time or many."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from peewee import JOIN, Node, Tuple, fn

from backscroll_server.domain.intervals import FOREVER, Interval
from backscroll_server.domain.records import ConversationRow, UserConversation, ViewRow, VisibilityBounds
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.expiry import aged, expired_bounds
from backscroll_server.storage.tables.list_order import ACTIVITY, LISTED
from backscroll_server.storage.tables.models import Conversation, Message, View

CONVERSATION_COLUMNS = [getattr(Conversation, name) for name in ConversationRow._fields]
VIEW_COLUMNS = [getattr(View, name) for name in ViewRow._fields]
USER_CONVERSATION_COLUMNS: list[Node] = [*VIEW_COLUMNS, *CONVERSATION_COLUMNS, LISTED, ACTIVITY]
NEW_CONVERSATION = ConversationRow._make(column.default for column in CONVERSATION_COLUMNS)
"""The defaults of `Conversation`; None for what has none: `id`, `conversation_id`, `type` and `create_time`."""
NEW_VIEW = ViewRow._make(column.default for column in VIEW_COLUMNS)
"""The defaults of `View`; None for what has none: `user`, `conversation` and `window_to`."""
_VIEW_END = len(VIEW_COLUMNS)
RANGE_VIEWS: Final = 1000
"""The most views of a user that a read goes through before it may pause."""
_CONVERSATION_END = _VIEW_END + len(CONVERSATION_COLUMNS)

_joined = View.select(*USER_CONVERSATION_COLUMNS).join(Conversation, on=(Conversation.id == View.conversation))
_one_user_conversation = Statement(
    _joined.where((View.user == param("user")) & (View.conversation == param("conversation")))
)
# In the order of `VisibilityBounds`, and what aging needs. A page of history needs no more, and reading a whole entry
# would add noticeably to its cost.
_BOUNDS_COLUMNS = [
    View.window_from, View.window_to, View.older_windows, View.last_hidden,
    View.floor, View.floor_time, Conversation.floor, Conversation.floor_time, Conversation.last_sequence,
    Conversation.last_recalled_sequence, Conversation.next_burn_due, View.ever_blocked,
    Conversation.type, Conversation.oldest_time,
]  # fmt: skip


_visibility_bounds = Statement(
    View.select(*_BOUNDS_COLUMNS)
    .join(Conversation, on=(Conversation.id == View.conversation))
    .where((View.user == param("user")) & (View.conversation == param("conversation")))
)
_entries = ListStatement(
    lambda keys: _joined.where((View.user == param("user")) & View.conversation.in_(keys)).order_by(View.conversation)
)
_range_end = Statement(
    View.select(View.conversation)
    .where((View.user == param("user")) & (View.conversation > param("after")))
    .order_by(View.conversation)
    .limit(2)
    .offset(RANGE_VIEWS - 1)
)
_entries_after = Statement(
    _joined.where((View.user == param("user")) & (View.conversation > param("after")))
    .order_by(View.conversation)
    .limit(param("limit"))
)
_conversation = Statement(Conversation.select(*CONVERSATION_COLUMNS).where(Conversation.id == param("conversation")))
_conversations = ListStatement(
    lambda keys: Conversation.select(*CONVERSATION_COLUMNS).where(Conversation.id.in_(keys)).order_by(Conversation.id)
)
_sizes = ListStatement(
    lambda keys: (
        Conversation.select(Conversation.id, fn.LENGTH(Conversation.attributes), fn.LENGTH(Message.body))
        .join(
            Message,
            JOIN.LEFT_OUTER,
            on=(Message.conversation == Conversation.id) & (Message.sequence == Conversation.last_sequence),
        )
        .where(Conversation.id.in_(keys))
    )
)
_views_of_pairs = ListStatement(
    lambda keys: View.select(*VIEW_COLUMNS).where(Tuple(View.user, View.conversation).in_(keys)), width=2
)
_marked_views = Statement(
    View.select(*VIEW_COLUMNS).where(
        (View.conversation == param("conversation"))
        & ((View.marked_unread == 1) | (View.unread_from > 0))
        & (View.read_sequence <= param("read_up_to"))
    )
)
# `DO UPDATE` that never applies, because on SQLite Peewee's "ignore" would also swallow other violations.
_insert_conversation = Statement(
    Conversation.insert({getattr(Conversation, name): param(name) for name in ConversationRow._fields if name != "id"})
    .on_conflict(
        conflict_target=[Conversation.conversation_id],
        preserve=[Conversation.conversation_id],
        where=(Conversation.id < 0),
    )
    .returning(Conversation.id)
)
_set_join_position = Statement(
    View.update(join_position=param("position")).where(
        (View.user == param("user")) & (View.conversation == param("conversation"))
    )
)
_insert_view = Statement(View.insert({getattr(View, name): param(name) for name in ViewRow._fields}))


def user_conversation_of_row(session: Runner, row: Sequence[Any]) -> UserConversation:
    """Return the user's side and the shared side of a conversation from a row of `USER_CONVERSATION_COLUMNS`.

    The shared floors are raised to what has expired by `session.now`.
    """
    return UserConversation(
        ViewRow._make(row[:_VIEW_END]),
        aged(session, ConversationRow._make(row[_VIEW_END:_CONVERSATION_END])),
        bool(row[_CONVERSATION_END]),
        row[_CONVERSATION_END + 1],
    )


def find_user_conversation(session: Runner, *, user: int, conversation: int) -> UserConversation | None:
    """Return both sides of a conversation for one user, or None where the user never belonged to it.

    `user` and `conversation` are internal numbers. Cost: two key seeks.
    """
    row = session.one(_one_user_conversation, user=user, conversation=conversation)
    return user_conversation_of_row(session, row) if row else None


def find_visibility_bounds(session: Runner, *, user: int, conversation: int) -> VisibilityBounds | None:
    """Return the bounds of a user's visible history, or None where the user never belonged to the conversation.

    `user` and `conversation` are internal numbers. The shared floor, the highest sequence that nobody can see any
    longer, is raised to what has expired by `session.now`. Cost: two key seeks, and two more where messages have
    expired.
    """
    row = session.one(_visibility_bounds, user=user, conversation=conversation)
    if row is None:
        return None
    return expired_bounds(session, VisibilityBounds(user, conversation, *row[:12]), type_=row[12], oldest_time=row[13])


def find_user_conversations(session: Runner, *, user: int, conversations: Sequence[int]) -> dict[int, UserConversation]:
    """Return both sides of several conversations for one user, by the internal number of the conversation.

    Conversations to which the user never belonged are left out. `user` and `conversations` are internal numbers. Cost:
    two key seeks for each conversation.
    """
    rows = session.listed(_entries, conversations, user=user)
    return {entry.conversation.id: entry for entry in (user_conversation_of_row(session, row) for row in rows)}


def all_user_conversations(session: Runner, *, user: int) -> list[UserConversation]:
    """Return both sides of every conversation of a user, listed or not, by ascending internal number.

    `user` is an internal number. Cost: one row and one key seek for each view of the user.
    """
    rows = session.query(_joined.where(View.user == user).order_by(View.conversation))
    return [user_conversation_of_row(session, row) for row in rows]


def user_conversations_after(session: Runner, *, user: int, after: int, limit: int) -> list[UserConversation]:
    """Return both sides of at most `limit` conversations of a user, listed or not, by ascending internal number.

    Only conversations with internal numbers above `after`. `user` is an internal number. Cost: one row and one key seek
    for each conversation returned.
    """
    rows = session.all(_entries_after, user=user, after=after, limit=limit)
    return [user_conversation_of_row(session, row) for row in rows]


def view_ranges(session: Runner, *, user: int) -> Iterator[Interval]:
    """Yield consecutive ranges `(after, up_to]` of internal conversation numbers that together cover a user's views.

    Each range has at most 1,000 views of the user; the last one ends at `FOREVER`. `user` is an internal number. Cost:
    one index range of at most 1,000 entries for each.
    """
    after = 0
    while True:
        rows = session.all(_range_end, user=user, after=after)
        # The last view of a range, and the first of the next one.
        if len(rows) < 2:  # noqa: PLR2004
            yield after, FOREVER
            return
        yield after, rows[0][0]
        after = rows[0][0]


def find_conversation(session: Runner, conversation: int) -> ConversationRow:
    """Return the shared side of a conversation, its floors raised to what has expired by `session.now`.

    `conversation` is an internal number. Cost: one key seek, and a few more where messages have expired.

    Raises:
        LookupError: where the conversation does not exist.
    """
    return aged(session, stored_conversation(session, conversation))


def stored_conversation(session: Runner, conversation: int) -> ConversationRow:
    """Return the shared side of a conversation as stored: its floors may lag behind what has expired.

    `conversation` is an internal number. Cost: one key seek.

    Raises:
        LookupError: where the conversation does not exist.
    """
    row = session.one(_conversation, conversation=conversation)
    if row is None:
        raise LookupError(f"conversation {conversation} is not stored")
    return ConversationRow._make(row)


def find_conversations(session: Runner, conversations: Iterable[int]) -> dict[int, ConversationRow]:
    """Return the shared sides of several conversations by internal number, floors raised to what has expired.

    Conversations that do not exist are left out. Cost: one key seek for each conversation.
    """
    rows = map(ConversationRow._make, session.listed(_conversations, list(conversations)))
    return {row.id: aged(session, row) for row in rows}


def shown_sizes(session: Runner, conversations: Sequence[int]) -> dict[int, int]:
    """Return about how many bytes conversations have as shown, with their newest message, by internal number.

    Cost: two key seeks for each; of the messages only the sizes are read.
    """
    rows = session.listed(_sizes, conversations)
    return {conversation: attributes + (body or 0) for conversation, attributes, body in rows}


def find_views(session: Runner, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], ViewRow]:
    """Return the views, the users' sides, of several pairs of internal numbers (user, conversation), by pair.

    Pairs without a view are left out. Cost: one key seek for each pair.
    """
    rows = map(ViewRow._make, session.listed(_views_of_pairs, list(pairs)))
    return {(row.user, row.conversation): row for row in rows}


def is_opened(session: Runner, conversation: ConversationRow) -> bool:
    """Return whether any user opened a conversation since it was last deleted for everyone.

    Cost: reads the views of the conversation up to the first such one.
    """
    opened = (View.conversation == conversation.id) & (View.opened_generation == conversation.generation)
    return bool(session.query(View.select(View.user).where(opened).limit(1)))


def marked_views(session: Runner, *, conversation: int, read_up_to: int) -> list[ViewRow]:
    """Return the views of users who marked a conversation unread, and whose read position is at most a sequence.

    `conversation` is an internal number. Cost: one row read for each view of the conversation.
    """
    return list(map(ViewRow._make, session.all(_marked_views, conversation=conversation, read_up_to=read_up_to)))


def insert_conversation(session: Session, new: ConversationRow) -> int | None:
    """Store a new conversation; return its internal number, or None where its conversation id is taken.

    The field `id` of `new` is ignored.
    """
    row = session.one(_insert_conversation, **new._asdict())
    return row[0] if row else None


def insert_views(session: Session, views: Sequence[ViewRow]) -> None:
    """Store new views, the users' sides of conversations. Cost: one row written for each."""
    session.insert(_insert_view, views)


@lru_cache(maxsize=256)
def _update_view(names: tuple[str, ...]) -> Statement:
    return Statement(
        View.update({getattr(View, name): param(name) for name in names}).where(
            (View.user == param("key_user")) & (View.conversation == param("key_conversation"))
        )
    )


def update_view(session: Session, view: ViewRow, **changes: object) -> ViewRow:
    """Change columns of a stored view; return the view with the changes. Cost: one row written, none without changes.

    Args:
        session: runs the statement.
        view: the view as stored.
        changes: the new values, by column.
    """
    if changes:
        session.run(_update_view(tuple(changes)), key_user=view.user, key_conversation=view.conversation, **changes)
    return view._replace(**changes)  # type: ignore[arg-type]


def update_views(session: Session, names: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> None:
    """Change a set of columns of many views. Cost: one row written for each.

    Args:
        session: runs the statement.
        names: the columns.
        rows: for each view the new values by column, and its internal numbers as `key_user` and `key_conversation`.
    """
    session.many(_update_view(names), rows)


@lru_cache(maxsize=64)
def _update_conversation(names: tuple[str, ...]) -> Statement:
    return Statement(
        Conversation.update({getattr(Conversation, name): param(name) for name in names}).where(
            Conversation.id == param("key_conversation")
        )
    )


def update_conversation(session: Session, conversation: ConversationRow, **changes: object) -> ConversationRow:
    """Change columns of a stored conversation; return it with the changes. Cost: one row written, none without changes.

    Args:
        session: runs the statement.
        conversation: the shared side of the conversation as stored.
        changes: the new values, by column.
    """
    if changes:
        session.run(_update_conversation(tuple(changes)), key_conversation=conversation.id, **changes)
    return conversation._replace(**changes)  # type: ignore[arg-type]


def update_conversations(session: Session, names: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> None:
    """Change a set of columns of many conversations. Cost: one row written for each.

    Args:
        session: runs the statement.
        names: the columns.
        rows: for each conversation the new values by column, and its internal number as `key_conversation`.
    """
    session.many(_update_conversation(names), rows)


def set_join_positions(session: Session, joins: Sequence[tuple[int, int, int]]) -> None:
    """Store the feed positions of joins. Cost: one row for each.

    Args:
        session: runs the statements.
        joins: for each join the internal numbers of the user and of the conversation, and the feed position.
    """
    session.many(
        _set_join_position,
        [{"user": user, "conversation": conversation, "position": position} for user, conversation, position in joins],
    )
