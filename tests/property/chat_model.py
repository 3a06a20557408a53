"""A pure model of the rules: plain lists of records, and everything a user sees computed by scanning them.

The times and ids of messages, openings, drafts and pins are those that the server answered.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.property.chat_records import CHAT_ROOM, FOREVER, OWNER, Message, View


@dataclass
class Conversation:
    """A conversation: what all share, every message ever, and every view.

    Attributes:
        clock: what time it is, for what time alone does.
        kept: how long messages are kept; 0 is for ever.
        burn: how long after being read messages sent now vanish; 0 where that is off.
        burn_set: the duration set last, also while it is off.
        announced: when what somebody read vanishes, the first of each reading.
    """

    conversation_id: str
    kind: int
    clock: Callable[[], int]
    kept: int = 0
    since_join: bool = False
    name: str = ""
    burn: int = 0
    burn_set: int = 0
    announced: set[int] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    views: dict[str, View] = field(default_factory=dict)
    removed_at: int | None = None
    unread_floor: int = 0
    floor: int = 0
    floor_time: int = 0

    @property
    def head(self) -> int:
        """The newest sequence."""
        return len(self.messages)

    def end_for(self, view: View) -> int:
        """The newest sequence that the user may reach."""
        return min(view.end, self.head)

    def reached(self, view: View) -> int:
        """Return the newest sequence in the user's windows; while the user blocks, the one from before the block."""
        end = min(self.end_for(view), view.blocked[-1][0]) if view.blocked_by else self.end_for(view)
        return max((sequence for sequence in range(1, end + 1) if view.holds(sequence)), default=0)

    # What is visible.

    def expired(self, message: Message) -> bool:
        """Whether it is too old."""
        return bool(self.kept) and message.time <= self.clock() - self.kept

    def vanished(self, message: Message) -> bool:
        """Whether time took it, and nobody's deletion before."""
        burned = 0 < message.due <= self.clock()
        return message.sequence > self.floor and (burned or self.expired(message))

    def shows(self, view: View, message: Message) -> bool:
        """The one visibility rule, but for recalls."""
        if not view.holds(message.sequence) or message.sequence in view.hidden:
            return False
        if message.sequence <= max(view.floor, self.floor) or self.vanished(message):
            return False
        return not message.imported or message.original_time > max(view.floor_time, self.floor_time)

    def history(self, user: str, *, tombstones: bool = False) -> list[Message]:
        """What the user may see, oldest first."""
        view = self.views[user]
        return [m for m in self.messages if self.shows(view, m) and (tombstones or not m.recalled)]

    def last_message(self, user: str) -> Message | None:
        """The newest visible message that was not blocked."""
        view = self.views[user]
        return next((m for m in reversed(self.history(user)) if not view.blocks(m.sequence)), None)

    # What is unread.

    def unread_messages(self, user: str) -> list[Message]:
        """The messages that are unread."""
        view = self.views[user]
        read = view.unread_from - 1 if view.unread_from else view.read
        base = max(read, view.unread_floor, view.floor, self.unread_floor)
        return self._unread_above(user, base)

    def mentions(self, user: str) -> list[tuple[int, int]]:
        """Sequence and kind of unread mentions, newest first."""
        view = self.views[user]
        counted_from = max(view.read, (view.unread_from or 0) - 1)
        base = max(counted_from, view.unread_floor, view.floor, self.unread_floor, view.mention_floor)
        found = [
            (m.sequence, m.mention_kind)
            for m in self._unread_above(user, base)
            if m.mention_kind in (2, 3) or (m.mention_kind == 1 and user in m.mentioned)
        ]
        return found[::-1]

    def _unread_above(self, user: str, base: int) -> list[Message]:
        view = self.views[user]
        return [
            m
            for m in self.history(user)
            if m.sequence > base and m.counts and m.sender != user and not view.blocks(m.sequence)
        ]

    # The place in the list.

    def moved_time(self, view: View) -> int:
        """When a message last moved the user's list; 0 for never."""
        first_live = next((m.sequence for m in self.messages if not m.imported), FOREVER)
        moving = [
            m.time
            for m in self.messages
            if (not m.imported or m.sequence < first_live) and view.holds(m.sequence) and not view.blocks(m.sequence)
        ]
        return max(moving, default=0)

    def activity(self, user: str) -> int:
        """What orders the list."""
        view = self.views[user]
        return max(view.opened_time, view.draft_time, self.moved_time(view))

    def listed(self, user: str, *, as_group: bool = False) -> bool:
        """Whether it is in the user's list."""
        view = self.views[user]
        if view.opened:
            return True
        if self.kind == CHAT_ROOM and not as_group:
            return False
        removals = [at for at in (view.removed_at, self.removed_at) if at is not None]
        if not removals:
            return self.moved_time(view) > 0
        if view.stay_hidden:
            return False
        return any(
            m.counts and m.sequence > max(removals) and view.holds(m.sequence) and not view.blocks(m.sequence)
            for m in self.messages
        )

    # What happens.

    def store(self, message: Message, *, reads: bool) -> None:
        """A message is stored; its sender has read it, unless it keeps unread or is no member."""
        self.messages.append(message)
        view = self.views.get(message.sender)
        if reads and view is not None:
            self.move_read(message.sender, message.sequence)

    def move_read(self, user: str, sequence: int) -> None:
        """A user has read up to a sequence: what others sent there and burns begins to."""
        view = self.views[user]
        passed = self.messages[view.read : max(view.read, sequence)]
        # Alone with oneself, one reads what one wrote.
        mine = user if len(self.views) > 1 else ""
        dues = []
        for message in passed:
            if message.burn and message.sender != mine:
                message.due = message.due or self.clock() + message.burn
                dues.append(message.due)
        self.announced |= {min(dues)} if dues else set()
        view.read = max(view.read, sequence)
        view.unread_from, view.marked_unread = 0, False

    def fell_due(self, since: int) -> bool:
        """Whether time alone did anything after a moment, up to now."""
        now = self.clock()
        moments = [message.time + self.kept for message in self.messages if self.kept]
        moments += [message.due for message in self.messages]
        moments += [view.muted_until for view in self.views.values()]
        return any(since < moment <= now for moment in moments)

    def block(self, user: str, by: str, *, blocks: bool) -> None:
        """Blocking starts or ends for one of two reasons."""
        view = self.views[user]
        before = bool(view.blocked_by)
        (view.blocked_by.add if blocks else view.blocked_by.discard)(by)
        if not before and view.blocked_by:
            view.blocked.append([self.head, FOREVER])
        elif before and not view.blocked_by:
            view.blocked[-1][1] = self.head

    def join(self, user: str, role: int, *, user_blocks: bool) -> None:
        """A user joins, for the first time or again: nothing is unread."""
        opens_after = self.head if self.since_join else 0
        view = self.views.get(user)
        if view is None:
            view = View(role, len(self.views) + 1, [[opens_after, FOREVER]])
            self.views[user] = view
            if user_blocks:
                self.block(user, "user", blocks=True)
        elif self.since_join:
            view.windows.append([opens_after, FOREVER])
        else:
            view.windows = [[0, FOREVER]]
        view.role, view.unread_floor = role, max(view.unread_floor, self.head)

    def leave(self, user: str, joined: list[str]) -> None:
        """A user leaves; the longest-serving admin, else member, follows the last owner. `joined` is in join order."""
        self.views[user].role = 0
        self.views[user].windows[-1][1] = self.head
        members = [self.views[name] for name in joined if self.views[name].role]
        if members and all(view.role != OWNER for view in members):
            min(members, key=lambda view: view.role).role = OWNER

    def remove_for(self, user: str, *, with_messages: bool, stay_hidden: bool) -> bool:
        """Deletes for one user; whether that did anything."""
        view = self.views[user]
        end = self.end_for(view)
        clears = with_messages and view.floor < end
        if not self.listed(user) and not clears and not (stay_hidden and not view.stay_hidden):
            return False
        view.stay_hidden = stay_hidden or (view.stay_hidden and not self.listed(user))
        view.opened, view.removed_at = False, self.head
        view.unread_floor = max(view.unread_floor, end)
        view.unread_from, view.marked_unread = 0, False
        if with_messages:
            view.floor, view.floor_time = max(view.floor, end), max(view.floor_time, self.clock())
        return True

    def remove_for_all(self, *, with_messages: bool) -> bool:
        """Deletes for everyone; whether that did anything."""
        unlisted = (
            self.removed_at is not None
            and not any(m.counts and m.sequence > self.removed_at for m in self.messages)
            and not any(view.opened for view in self.views.values())
        )
        if unlisted and (not with_messages or self.floor == self.head):
            return False
        self.removed_at, self.unread_floor = self.head, self.head
        for view in self.views.values():
            view.opened = False
        if with_messages:
            self.floor, self.floor_time = self.head, max(self.floor_time, self.clock())
        return True
