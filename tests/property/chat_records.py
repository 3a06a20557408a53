"""What the model keeps of messages and of users' sides: plain records, nothing computed ahead."""

from dataclasses import dataclass, field

FOREVER = 2**62
SECOND = 1_000_000

SINGLE, GROUP, CHAT_ROOM, SYSTEM = 1, 2, 3, 4
OWNER, ADMIN, MEMBER = 1, 2, 3
NORMAL, BLOCKED, MUTED = 1, 2, 3


@dataclass
class Message:
    """A message as it was stored, and what became of it.

    Attributes:
        burn: how long after being read it vanishes; 0 for never.
        due: when it vanishes, once that is fixed.
        recalled: whether it was taken back.
    """

    message_id: str
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
    recalled: bool = False

    @property
    def counts(self) -> bool:
        """Whether it can count as unread."""
        return not self.silent and not self.imported


@dataclass
class View:
    """One user's side of a conversation."""

    role: int
    order: int
    windows: list[list[int]]
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

    @property
    def end(self) -> int:
        """Where the newest window ends."""
        return self.windows[-1][1]

    def holds(self, sequence: int) -> bool:
        """Whether the user was a member for it."""
        return any(after < sequence <= up_to for after, up_to in self.windows)

    def blocks(self, sequence: int) -> bool:
        """Whether it was stored while the user blocked."""
        return any(after < sequence <= up_to for after, up_to in self.blocked)

    def option_at(self, now: int) -> int:
        """The receive option in force at a time: `MUTED` may have ended."""
        ended = self.option == MUTED and 0 < self.muted_until <= now
        return NORMAL if ended else self.option
