"""Expressions for a user's list: the one definition of being listed, and of the activity that orders the list."""

from peewee import Case, Expression, Node

from backscroll_server.domain.enums import ConversationType
from backscroll_server.storage.tables.models import Conversation, View


def greatest(left: Node, right: Node) -> Node:
    """Return SQL for the greater of two values; the databases have different names for such a function."""
    return Case(None, ((left > right, left),), right)


# The newest message that moved this user's list. Imported ones only move a conversation that never was live; what they
# moved stays where it is for whom nothing newer moves it.
_never_live = Conversation.last_live_sequence == 0
_moved = Case(
    None,
    (
        (Conversation.last_live_sequence > View.listing_after, Conversation.last_live_time),
        (_never_live & (Conversation.last_sequence > View.listing_after), Conversation.last_time),
        (_never_live, View.frozen_import_time),
    ),
    greatest(View.frozen_activity, View.frozen_import_time),
)

ACTIVITY: Node = greatest(greatest(View.opened_time, View.draft_time), _moved)
"""Time of a conversation's last activity for a user, in microseconds, by which the list is ordered."""

_opened = View.opened_generation == Conversation.generation
_removed = greatest(View.removed_sequence, Conversation.removed_sequence)
_brought_back = Case(
    None,
    ((Conversation.last_relist_sequence > View.listing_after, Conversation.last_relist_sequence),),
    View.frozen_relist,
)

LISTED_AS_GROUP: Expression = (
    _opened | ((_removed < 0) & (_moved > 0)) | ((_removed >= 0) & (View.stay_hidden == 0) & (_brought_back > _removed))
)
"""Condition that a conversation is in the user's list, with chat rooms listed by the rule of groups."""

LISTED: Expression = _opened | ((Conversation.type != int(ConversationType.CHAT_ROOM)) & LISTED_AS_GROUP)
"""Condition that a conversation is in the user's list, where chat rooms are only if the user opened them."""
