"""Plain records that pass between the layers. Fields of rows are named as the columns."""

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from backscroll_server.domain.intervals import FOREVER

Known = TypeVar("Known", covariant=True)  # noqa: PLC0105 - read-only


class ConversationRow(NamedTuple):
    """The shared side of a conversation. See the table `Conversation` for the meaning of each field."""

    id: int
    conversation_id: str
    type: int
    name: str
    attributes: str
    history_visibility: int
    burn_enabled: bool
    burn_duration: int
    create_time: int
    member_count: int
    members_ever: int
    last_sequence: int
    last_time: int
    countable: int
    last_live_sequence: int
    last_live_time: int
    last_relist_sequence: int
    last_mention_sequence: int
    last_recalled_sequence: int
    floor: int
    floor_time: int
    purged_sequence: int
    unread_floor: int
    unread_floor_countable: int
    removed_sequence: int
    generation: int
    oldest_time: int
    erased_sequence: int
    next_burn_due: int
    public_number: int
    public_from: int


class ViewRow(NamedTuple):
    """One user's side of a conversation. See the table `View` for the meaning of each field."""

    user: int
    conversation: int
    role: int
    join_time: int
    join_position: int
    member_order: int
    window_from: int
    window_to: int
    older_windows: bool
    read_sequence: int
    unread_floor: int
    floor: int
    floor_time: int
    unread_from: int
    marked_unread: bool
    mention_floor: int
    base_sequence: int
    base_countable: int
    base_own: int
    own_countable: int
    last_hidden: int
    blocked: int
    ever_blocked: bool
    listing_after: int
    frozen_activity: int
    frozen_import_time: int
    frozen_relist: int
    opened_generation: int
    opened_time: int
    stay_hidden: bool
    removed_sequence: int
    draft: str
    draft_time: int
    pin_time: int
    receive_option: int
    muted_until: int
    marks: str
    attributes: str


class VisibilityBounds(NamedTuple):
    """Bounds of the messages that a user may see in a conversation.

    Attributes:
        user: the user's number.
        conversation: the conversation's number.
        window_from: the newest window opens after this sequence.
        window_to: the newest window ends at this sequence.
        older_windows: whether there are earlier windows.
        last_hidden: above this sequence no message is hidden for the user alone.
        floor: up to this sequence the user cleared the history.
        floor_time: the time of that clearing.
        shared_floor: up to this sequence the history is erased for everyone.
        shared_floor_time: the time of that erasure.
        head: the conversation's newest sequence.
        last_recalled: above this sequence no message was recalled or burned.
        next_burn_due: when the next messages burn, or did and are still stored, in microseconds; 0 for never.
        ever_blocked: whether the user ever blocked the conversation.
    """

    user: int
    conversation: int
    window_from: int
    window_to: int
    older_windows: bool
    last_hidden: int
    floor: int
    floor_time: int
    shared_floor: int
    shared_floor_time: int
    head: int
    last_recalled: int
    next_burn_due: int
    ever_blocked: bool

    @classmethod
    def of_service(cls, conversation: ConversationRow, user: int) -> "VisibilityBounds":
        """Return the bounds of a read with the rights of a service: only what is gone for everyone is left out.

        A member since the first message has them who has cleared, hidden and blocked nothing.

        Args:
            conversation: the shared side of the conversation, with its floor raised to what has expired.
            user: the number of the user, for filters that mean the reader; 0 for one whom the server does not know.
        """
        return cls(
            user=user,
            conversation=conversation.id,
            window_from=0,
            window_to=FOREVER,
            older_windows=False,
            last_hidden=0,
            floor=0,
            floor_time=0,
            shared_floor=conversation.floor,
            shared_floor_time=conversation.floor_time,
            head=conversation.last_sequence,
            last_recalled=conversation.last_recalled_sequence,
            next_burn_due=conversation.next_burn_due,
            ever_blocked=False,
        )


class UserConversation(NamedTuple):
    """A conversation as one of its users sees it.

    Attributes:
        view: what belongs to this user alone.
        conversation: what all its users share.
        listed: whether it is in the user's list.
        activity: the time of the last activity, by which the user's list is sorted, in microseconds.
    """

    view: ViewRow
    conversation: ConversationRow
    listed: bool
    activity: int

    @property
    def end(self) -> int:
        """The highest sequence in the user's newest window."""
        return min(self.view.window_to, self.conversation.last_sequence)

    @property
    def bounds(self) -> VisibilityBounds:
        """Bounds of the messages that the user may see."""
        view, conversation = self.view, self.conversation
        return VisibilityBounds(
            user=view.user,
            conversation=conversation.id,
            window_from=view.window_from,
            window_to=view.window_to,
            older_windows=view.older_windows,
            last_hidden=view.last_hidden,
            floor=view.floor,
            floor_time=view.floor_time,
            shared_floor=conversation.floor,
            shared_floor_time=conversation.floor_time,
            head=conversation.last_sequence,
            last_recalled=conversation.last_recalled_sequence,
            next_burn_due=conversation.next_burn_due,
            ever_blocked=view.ever_blocked,
        )


class FeedPosition(NamedTuple):
    """A position in the feed, with the random check of the row there."""

    position: int
    check: int


@dataclass(slots=True, frozen=True)
class Committed(Generic[Known]):
    """The result of an operation that is durable, and a position of the feed that holds it."""

    value: Known
    position: FeedPosition


class ListKey(NamedTuple):
    """A position in the order of a list: the latest pin first, then the latest activity, then by conversation id.

    Attributes:
        pin_time: when the conversation was pinned, in microseconds; 0 if it is not.
        activity: the time of its last activity for the user, in microseconds.
        conversation_id: its id; ids are compared byte by byte.
        conversation: its internal number.
    """

    pin_time: int
    activity: int
    conversation_id: str
    conversation: int


class UserOptions(NamedTuple):
    """A user's options for all conversations.

    Attributes:
        receive_option: the option.
        muted_until: when `MUTED` ends, in microseconds; 0 is never.
    """

    receive_option: int = 1
    muted_until: int = 0


class ListedMember(NamedTuple):
    """A member in a list.

    Attributes:
        user_id: the id of the user.
        role: the role, a `MemberRole`.
        join_time: the time of the last join, in microseconds.
        read_sequence: the read position, the highest sequence that the member has read.
    """

    user_id: str
    role: int
    join_time: int
    read_sequence: int
