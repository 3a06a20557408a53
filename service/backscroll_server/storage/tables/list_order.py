"""The place of a conversation in a user's list, as expressions: the one definition of listed and activity."""

from peewee import Case, Expression, Node

from backscroll_server.domain.enums import ConversationType
from backscroll_server.storage.tables.models import Conversation, View


def greatest(left: Node, right: Node) -> Node:
    """Return the greater of two; spelled out because the databases name the function differently."""
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
"""Last activity, which orders the list."""

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
"""Condition of being listed, chat rooms by the rule of groups."""

LISTED: Expression = _opened | ((Conversation.type != int(ConversationType.CHAT_ROOM)) & LISTED_AS_GROUP)
"""Condition of being listed; chat rooms only if opened."""
