"""Unread counts of many conversations at once, where the count is one subtraction of stored numbers of messages."""

from typing import Final, NamedTuple

from peewee import Case, Node

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.intervals import Interval
from backscroll_server.storage.engine.statement import Runner, Statement, param
from backscroll_server.storage.tables.list_order import LISTED
from backscroll_server.storage.tables.models import Conversation, View

SUMMED_TYPES: Final = (ConversationType.SINGLE, ConversationType.GROUP, ConversationType.SYSTEM)
"""Types of conversations that the totals include: all but chat rooms."""

_unread = Conversation.countable - View.base_countable - View.own_countable + View.base_own
_horizon = Case(Conversation.type, tuple((int(type_), param(f"horizon_{int(type_)}")) for type_ in SUMMED_TYPES), 0)
# Nothing lies above the start of counting but countable messages of others and the user's own.
_is_plain = (
    (View.window_to >= Conversation.last_sequence)
    & (Conversation.last_recalled_sequence <= View.base_sequence)
    & (View.last_hidden <= View.base_sequence)
    & (View.ever_blocked == 0)
    & (View.unread_from == 0)
    & (Conversation.unread_floor <= View.base_sequence)
    & (Conversation.last_mention_sequence <= View.base_sequence)
    & ((Conversation.oldest_time == 0) | (Conversation.oldest_time > _horizon))
)


def _in_range(where: Node) -> Node:
    return (
        (View.user == param("user"))
        & (View.conversation > param("above"))
        & (View.conversation <= param("below"))
        & Conversation.type.in_([int(type_) for type_ in SUMMED_TYPES])
        & LISTED
        & where
    )


_plain = Statement(
    View.select(View.conversation, Conversation.type, View.receive_option, View.muted_until, _unread)
    .join(Conversation, on=(Conversation.id == View.conversation))
    .where(_in_range(_is_plain & (_unread > 0)))
)
_others = Statement(
    View.select(View.conversation)
    .join(Conversation, on=(Conversation.id == View.conversation))
    .where(_in_range(~_is_plain & ((_unread > 0) | (Conversation.last_mention_sequence > View.read_sequence))))
)


class PlainUnread(NamedTuple):
    """A listed conversation with unread messages, whose count is one subtraction of stored numbers of messages.

    That is so where none of the messages above the start of counting was recalled, hidden or blocked, has expired or
    mentions anybody, and the user did not mark the conversation unread from a message on.

    Attributes:
        conversation: the internal number of the conversation.
        type: the number of its type.
        receive_option: the number of the user's `ReceiveOption` for the conversation.
        muted_until: the time at which a mute ends, in microseconds; 0 if it does not end by itself.
        unread: the number of unread messages.
    """

    conversation: int
    type: int
    receive_option: int
    muted_until: int
    unread: int


def plain_unread(session: Runner, *, user: int, conversations: Interval) -> list[PlainUnread]:
    """Return a user's listed conversations with unread messages whose count is one subtraction.

    Chat rooms are left out. `user` is an internal number, and `conversations` the range `(above, below]` of internal
    numbers to which the result is limited. Cost: one row for each view of the user in that range, and one key seek for
    each.
    """
    above, below = conversations
    rows = session.all(_plain, user=user, above=above, below=below, **_horizons(session))
    return list(map(PlainUnread._make, rows))


def uncertain_unread(session: Runner, *, user: int, conversations: Interval) -> list[int]:
    """Return the internal numbers of listed conversations whose unread count is not one subtraction.

    Only those that may have unread messages or mentions; chat rooms are left out. `user` is an internal number, and
    `conversations` the range `(above, below]` of internal numbers to which the result is limited. Cost: one row for
    each view of the user in that range, and one key seek for each.
    """
    above, below = conversations
    rows = session.all(_others, user=user, above=above, below=below, **_horizons(session))
    return [conversation for (conversation,) in rows]


def _horizons(session: Runner) -> dict[str, int]:
    return {f"horizon_{int(type_)}": session.retention.horizon(int(type_), session.now) for type_ in SUMMED_TYPES}
