"""The enumerations of the domain. Types and receive options have other numbers in the contract than stored ones."""

from enum import IntEnum


class ConversationType(IntEnum):
    """Kinds of conversations."""

    SINGLE = 1
    GROUP = 2
    CHAT_ROOM = 3
    SYSTEM = 4

    @property
    def has_joins(self) -> bool:
        """True if members come and go."""
        return self in (ConversationType.GROUP, ConversationType.CHAT_ROOM)


class HistoryVisibility(IntEnum):
    """The part of earlier history that a new member sees."""

    ALL = 1
    SINCE_JOIN = 2


class ReceiveOption(IntEnum):
    """Effect of new messages on a user."""

    NORMAL = 1
    BLOCKED = 2
    MUTED = 3


class MemberRole(IntEnum):
    """A member's standing; `NONE` for a user who left."""

    NONE = 0
    OWNER = 1
    ADMIN = 2
    MEMBER = 3


class MentionKind(IntEnum):
    """Users whom a message mentions; `NONE` for nobody."""

    NONE = 0
    USER = 1
    ALL = 2
    ANNOUNCEMENT = 3


class DeletionScope(IntEnum):
    """Scopes of a deletion."""

    SELF = 1
    EVERYONE = 2


class DeletionReason(IntEnum):
    """Reasons why messages are gone for a user."""

    HIDDEN = 1
    RECALLED = 2
    ERASED = 3
    EXPIRED = 4
    BURNED = 5


class HistoryChangeReason(IntEnum):
    """Reasons why part of a history is new for a user."""

    IMPORTED = 1
    UNBLOCKED = 2
    JOINED = 3


class DeletionOutcome(IntEnum):
    """Outcomes of a deletion."""

    DELETED = 1
    ALREADY_DELETED = 2


class Join(IntEnum):
    """Kinds of joins, stored as the `scope` of MEMBER_ADDED."""

    AGAIN = 0
    FIRST = 1
    STILL_LISTED = 2


class ChangeKind(IntEnum):
    """Kinds of rows of the change feed. The numbers are stored."""

    MESSAGE = 1
    HISTORY_IMPORTED = 2
    MESSAGES_HIDDEN = 3
    HISTORY_CLEARED = 4
    MESSAGES_RECALLED = 5
    CONVERSATION_REMOVED = 6
    READ = 7
    MARKED_UNREAD = 8
    MENTIONS_RESET = 9
    SETTINGS = 10
    USER_SETTINGS = 11
    OPENED = 12
    CONVERSATION_CREATED = 13
    CONVERSATION_UPDATED = 14
    MEMBER_ADDED = 15
    MEMBER_REMOVED = 16
    MEMBER_UPDATED = 17
    HISTORY_EXPIRED = 18
    MESSAGES_BURNED = 19
    MUTE_ENDED = 20
