"""What the model keeps of messages and of users' sides: plain records, nothing computed ahead."""

from dataclasses import dataclass, field
from typing import NamedTuple

from backscroll.v1 import conversation_pb2

FOREVER = 2**62
SECOND = 1_000_000

SINGLE = conversation_pb2.CONVERSATION_TYPE_SINGLE
GROUP = conversation_pb2.CONVERSATION_TYPE_GROUP
SYSTEM = conversation_pb2.CONVERSATION_TYPE_SYSTEM
CHAT_ROOM = conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM
OWNER, ADMIN, MEMBER = 1, 2, 3
BLOCKED = conversation_pb2.RECEIVE_OPTION_BLOCKED
MUTED = conversation_pb2.RECEIVE_OPTION_MUTED
NORMAL = conversation_pb2.RECEIVE_OPTION_NORMAL


class Removal(NamedTuple):
    """A deletion of a conversation, for one user or for everyone.

    Attributes:
        everyone: whether it was for everyone.
        by: the user who deleted it.
        is_due: whether the user must get an event: it left the user's list, or took history from the user.
    """

    everyone: bool
    by: str
    is_due: bool


class MemberChange(NamedTuple):
    """A change of members, as an event names it to one user."""

    by: str
    joined: frozenset[str]
    updated: frozenset[str]
    left: frozenset[str]


@dataclass
class Message:
    """A message as it was stored, and what became of it.

    Attributes:
        burn: how long after being read it vanishes; 0 for never.
        due: when it vanishes, once that is fixed.
        recalled_by: who took it back; empty if nobody did.
        recalled_time: when.
        message_id: its id; empty until somebody was shown an imported message.
    """

    sequence: int
    sender: str
    time: int
    text: str = ""
    silent: bool = False
    imported: bool = False
    original_time: int = 0
    mention_kind: int = 0
    mentioned: tuple[str, ...] = ()
    burn: int = 0
    due: int = 0
    recalled_by: str = ""
    recalled_time: int = 0
    message_id: str = ""

    @property
    def recalled(self) -> bool:
        """Whether it was taken back."""
        return bool(self.recalled_by)

    @property
    def counts(self) -> bool:
        """Whether it can count as unread."""
        return not self.silent and not self.imported

    def mentions(self, user: str) -> bool:
        """Whether it mentions a user."""
        return self.mention_kind in (2, 3) or (self.mention_kind == 1 and user in self.mentioned)


@dataclass
class View:
    """One user's side of a conversation.

    Attributes:
        order: the user's place among all who were ever added.
        stays: the ranges `(after, up_to]` of messages that were sent while the user was a member.
        join_time: the time at which the user last joined.
        left_name: what the conversation was called when the user left.
        removals: the deletions of the conversation of which the user may get an event, in order.
        member_changes: the changes of members that the user gets, in order, with their places among all of them.
    """

    role: int
    order: int
    windows: list[list[int]]
    stays: list[list[int]] = field(default_factory=lambda: [[0, FOREVER]])
    join_time: int = 0
    read: int = 0
    unread_floor: int = 0
    floor: int = 0
    floor_time: int = 0
    unread_from: int = 0
    marked_unread: bool = False
    mention_floor: int = 0
    hidden: set[int] = field(default_factory=set)
    blocked: list[list[int]] = field(default_factory=list)
    blocked_by: set[str] = field(default_factory=set)
    opened: bool = False
    opened_time: int = 0
    removed_at: int | None = None
    stay_hidden: bool = False
    draft: str = ""
    draft_time: int = 0
    pin_time: int = 0
    option: int = NORMAL
    muted_until: int = 0
    left_name: str = ""
    removals: list[Removal] = field(default_factory=list)
    member_changes: list[tuple[int, MemberChange]] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Where the newest window ends."""
        return self.windows[-1][1]

    @property
    def sees_nothing(self) -> bool:
        """Whether the user has left, and cleared all up to there."""
        return not self.role and self.floor >= self.end

    def holds(self, sequence: int) -> bool:
        """Return True for a sequence in one of the user's windows."""
        return any(after < sequence <= up_to for after, up_to in self.windows)

    def was_member_at(self, sequence: int) -> bool:
        """Return True if the message with this sequence was stored while the user was a member."""
        return any(after < sequence <= up_to for after, up_to in self.stays)

    def blocks(self, sequence: int) -> bool:
        """Whether it was stored while the user blocked."""
        return any(after < sequence <= up_to for after, up_to in self.blocked)

    def option_at(self, now: int) -> int:
        """The receive option in force at a time: `MUTED` may have ended."""
        ended = self.option == MUTED and 0 < self.muted_until <= now
        return NORMAL if ended else self.option
