"""For how long messages are kept, by the type of their conversation."""

from dataclasses import dataclass

from backscroll_server.domain.clock import DAY
from backscroll_server.domain.enums import ConversationType


@dataclass(frozen=True, slots=True)
class Retention:
    """Retention of messages by type of conversation.

    Attributes:
        kept: by the number of the type, in microseconds; 0 is for ever.
    """

    kept: tuple[int, ...] = (0, 0, 0, 0, 0)

    @classmethod
    def of_days(cls, *, single: float = 0, group: float = 0, chat_room: float = 0, system: float = 0) -> "Retention":
        """Return the rules for ages in days; 0 is for ever."""
        return cls((0, *(int(days * DAY) for days in (single, group, chat_room, system))))

    def horizon(self, type_: int, now: int) -> int:
        """Return the time at or before which messages are expired, in microseconds; 0 if none ever is."""
        kept = self.kept[type_]
        return now - kept if kept else 0

    def horizons(self, now: int) -> dict[ConversationType, int]:
        """Return the horizons of those types whose messages expire."""
        return {type_: self.horizon(type_, now) for type_ in ConversationType if self.kept[type_]}


KEPT_FOR_EVER = Retention()
"""Nothing expires."""
