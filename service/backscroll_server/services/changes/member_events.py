"""The event of a change of members, as one of the members gets it."""

from backscroll_server.domain.enums import ChangeKind, ConversationType
from backscroll_server.domain.records import ListedMember, UserConversation
from backscroll_server.services.changes.change_context import ChangeContext
from backscroll_server.services.changes.events import Cause, MembersChanged
from backscroll_server.storage.tables.changes import FeedRow

_KINDS = frozenset(
    {
        ChangeKind.CONVERSATION_CREATED,
        ChangeKind.MEMBER_ADDED,
        ChangeKind.MEMBER_REMOVED,
        ChangeKind.MEMBER_UPDATED,
    }
)


def members_changed(context: ChangeContext, row: FeedRow, entry: UserConversation) -> MembersChanged | None:
    """Return the event of one member's change, or of the members of a new conversation; None where there is none.

    It goes to those who were members then, and to the one who left by the change. Members are shown as
    they are now; one who has left since is not named, because that is a later change.
    """
    if row.kind not in _KINDS or not ConversationType(entry.conversation.type).has_joins:
        return None
    empty = MembersChanged(Cause(row.device_id, row.time), entry.conversation.conversation_id, context.name(row.actor))
    if row.kind == ChangeKind.MEMBER_REMOVED and row.first_sequence == context.user:
        return empty._replace(left=(context.name(context.user),))
    # Who joined by the same call gets the others of that call too.
    if not context.past_membership.was_member(context.snapshot, entry, context.end_of_call(row)):
        return None
    if row.kind == ChangeKind.MEMBER_REMOVED:
        return empty._replace(left=(context.name(row.first_sequence),))
    if row.kind == ChangeKind.CONVERSATION_CREATED:
        return empty._replace(joined=context.founders(row.conversation))
    member = context.member(row)
    changed: tuple[ListedMember, ...] = () if member is None else (member,)
    return empty._replace(updated=changed) if row.kind == ChangeKind.MEMBER_UPDATED else empty._replace(joined=changed)


def joined_to(earlier: MembersChanged, later: MembersChanged) -> MembersChanged:
    """Return one event for two of the same call in the same conversation; a member is shown once, as now."""
    joined = earlier.joined + later.joined
    known = {member.user_id for member in joined}
    updated = tuple(member for member in earlier.updated + later.updated if member.user_id not in known)
    return earlier._replace(joined=joined, updated=updated, left=earlier.left + later.left)
