"""A pure model of the rules: plain lists of records, and everything a user sees computed by scanning them.

The times and ids of messages, openings, drafts and pins are those that the server answered. What else a call dates is
given the time at the server that took it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from backscroll.v1 import conversation_pb2
from tests.property.chat_records import CHAT_ROOM, FOREVER, OWNER, MemberChange, Message, Removal, View


@dataclass
class Conversation:
    """A conversation: what all share, every message ever, and every view.

    Attributes:
        clock: what time it is, for what time alone does: about that all servers agree.
        kept: how long messages are kept; 0 is for ever.
        burn: how long after being read messages sent now vanish; 0 where that is off.
        announced: when what somebody read vanishes, the first of each reading.
    """

    conversation_id: str
    kind: conversation_pb2.ConversationType
    clock: Callable[[], int]
    kept: int = 0
    since_join: bool = False
    name: str = ""
    burn: int = 0
    announced: set[int] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    views: dict[str, View] = field(default_factory=dict)
    member_log: list[MemberChange] = field(default_factory=list)
    removed_at: int | None = None
    unread_floor: int = 0
    floor: int = 0
    floor_time: int = 0

    @property
    def head(self) -> int:
        """The newest sequence."""
        return len(self.messages)

    def end_time(self, time: int) -> int:
        """A time, but not before the newest message: of several stored at one moment the last are later."""
        return max([time, *(message.time for message in self.messages[-1:])])

    def end_for(self, view: View) -> int:
        """The newest sequence that the user may reach."""
        return min(view.end, self.head)

    def reached(self, view: View) -> int:
        """Return the newest sequence in the user's windows; while the user blocks, the one from before the block."""
        end = min(self.end_for(view), view.blocked[-1][0]) if view.blocked_by else self.end_for(view)
        return max((sequence for sequence in range(1, end + 1) if view.holds(sequence)), default=0)

    def up_to_time(self, time: int) -> int:
        """The newest sequence stored up to a time (inclusive)."""
        return sum(message.time <= time for message in self.messages)

    def name_for(self, user: str) -> str:
        """What the conversation is called; for a user who has left, when they left."""
        view = self.views[user]
        return self.name if view.role else view.left_name

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
        found = [(m.sequence, m.mention_kind) for m in self._unread_above(user, base) if m.mentions(user)]
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

    def store(self, message: Message, *, reads: bool, time: int) -> None:
        """A message is stored at a time; its sender has read it, unless it keeps unread or is no member."""
        self.messages.append(message)
        view = self.views.get(message.sender)
        if reads and view is not None:
            self.move_read(message.sender, message.sequence, time)

    def move_read(self, user: str, sequence: int, time: int) -> None:
        """A user has read up to a sequence at a time: what others sent there and burns begins to."""
        view = self.views[user]
        passed = self.messages[view.read : max(view.read, sequence)]
        # Alone with oneself, one reads what one wrote.
        mine = user if len(self.views) > 1 else ""
        dues = []
        for message in passed:
            if message.burn and message.sender != mine:
                message.due = message.due or time + message.burn
                dues.append(message.due)
        self.announced |= {min(dues)} if dues else set()
        view.read = max(view.read, sequence)
        view.unread_from, view.marked_unread = 0, False

    def fell_due(self, since: int) -> bool:
        """Whether time alone did anything after a moment, up to now."""
        now = self.clock()
        return any(since < moment <= now for moment in self.moments())

    def moments(self) -> Iterator[int]:
        """Yield when time alone does anything; 0 for what it does not."""
        if self.kept:
            yield from (message.time + self.kept for message in self.messages)
        yield from (message.due for message in self.messages)
        yield from (view.muted_until for view in self.views.values())

    def block(self, user: str, by: str, *, blocks: bool) -> None:
        """Blocking starts or ends for one of two reasons."""
        view = self.views[user]
        before = bool(view.blocked_by)
        (view.blocked_by.add if blocks else view.blocked_by.discard)(by)
        if not before and view.blocked_by:
            view.blocked.append([self.head, FOREVER])
        elif before and not view.blocked_by:
            view.blocked[-1][1] = self.head

    def join(self, user: str, role: int, *, by: str, user_blocks: bool, time: int) -> None:
        """A user joins, for the first time or again: nothing is unread. The first member of all owns it."""
        opens_after = self.head if self.since_join else 0
        view = self.views.get(user)
        if view is None:
            view = self.views[user] = View(role, len(self.views) + 1, [[opens_after, FOREVER]], stays=[])
            if user_blocks:
                self.block(user, "user", blocks=True)
        elif self.since_join:
            view.windows.append([opens_after, FOREVER])
        else:
            view.windows = [[0, FOREVER]]
        view.stays.append([self.head, FOREVER])
        view.role = OWNER if self.members() in ([], [user]) else role
        view.join_time = time
        view.unread_floor = max(view.unread_floor, self.head)
        self.send_members(MemberChange(by, frozenset([user]), frozenset(), frozenset()))

    def leave(self, user: str, joined: list[str], *, by: str) -> None:
        """A user leaves; the longest-serving admin, else member, follows the last owner. `joined` is in join order."""
        left = self.views[user]
        left.role, left.left_name, left.windows[-1][1] = 0, self.name, self.head
        left.stays[-1][1] = self.head
        members = [name for name in joined if self.views[name].role]
        heirs = []
        if members and all(self.views[name].role != OWNER for name in members):
            heirs = [min(members, key=lambda name: self.views[name].role)]
            self.views[heirs[0]].role = OWNER
        alone = MemberChange(by, frozenset(), frozenset(), frozenset([user]))
        left.member_changes.append((len(self.member_log), alone))
        self.send_members(MemberChange(by, frozenset(), frozenset(heirs), frozenset([user])))

    def change_role(self, user: str, role: int, *, by: str) -> None:
        """A member gets another role, or the one that it has: then nothing happens."""
        if self.views[user].role != role:
            self.views[user].role = role
            self.send_members(MemberChange(by, frozenset(), frozenset([user]), frozenset()))

    def members(self) -> list[str]:
        """The members."""
        return [name for name, view in self.views.items() if view.role]

    def send_members(self, change: MemberChange) -> None:
        """All who are members now are sent a change."""
        for name in self.members():
            self.views[name].member_changes.append((len(self.member_log), change))
        self.member_log.append(change)

    def remove_for(
        self,
        user: str,
        *,
        with_messages: bool,
        cleared_time: int,
        stay_hidden: bool = False,
        up_to: int = FOREVER,
        opened_until: int = FOREVER,
    ) -> bool:
        """Deletes for one user; returns whether that changed anything.

        Messages after `up_to`, and opening the conversation after `opened_until`, count as if they came later;
        where the user joined after it, nothing happens. With messages, imported ones that were written up to
        `cleared_time` are deleted too.
        """
        view = self.views[user]
        if view.join_time > opened_until and view.unread_floor >= up_to and not all(m.imported for m in self.messages):
            return False
        head, end = min(up_to, self.head), min(up_to, self.end_for(view))
        listed, before = self.listed(user), self.history(user, tombstones=True)
        reopened = view.opened and view.opened_time > opened_until
        stays = listed and (reopened or (not stay_hidden and self.relists(view, head)))
        cleared = view.floor >= end or (opened_until < FOREVER and view.floor_time >= cleared_time)
        clears = with_messages and not cleared
        hides = stay_hidden and not view.stay_hidden and not reopened
        done = clears or hides or (listed and not stays)
        floor = max(view.unread_floor, view.floor, self.unread_floor)
        counted = any(m.counts and not self.expired(m) for m in self.heard(view, floor, end))
        if not done and not (stays and counted):
            if with_messages and view.sees_nothing:
                # Joining again brings nothing of it back.
                self.clear(view, head, cleared_time)
            return False
        # What was marked above the bound, or after reading above it, was marked later.
        later = view.read > head
        view.unread_from = view.unread_from if later or view.unread_from > head else 0
        view.marked_unread = view.marked_unread and later
        view.unread_floor = max(view.unread_floor, end)
        if with_messages and done:
            self.clear(view, head, cleared_time)
        if not stays:
            view.stay_hidden, view.opened = hides or view.stay_hidden, False
            view.removed_at = max(view.removed_at or 0, head)
        took = len(self.history(user, tombstones=True)) < len(before)
        view.removals.append(Removal(False, user, listed != stays or (took and not listed)))
        return True

    def clear(self, view: View, up_to: int, time: int) -> None:
        """A user's history is gone up to a sequence, and imported messages that were written up to a time."""
        view.floor = max(view.floor, up_to)
        view.floor_time = max(view.floor_time, time)

    def removed_up_to(self, view: View) -> int:
        """What was the head when the user's list lost it the last time; -1 for never."""
        return max((at for at in (view.removed_at, self.removed_at) if at is not None), default=-1)

    def relists(self, view: View, up_to: int) -> bool:
        """Whether a message above `up_to` brings it back into the user's list."""
        above = max(up_to, self.removed_up_to(view))
        return self.kind != CHAT_ROOM and any(m.counts for m in self.heard(view, above, self.head))

    def heard(self, view: View, after: int, up_to: int) -> list[Message]:
        """The messages in `(after, up_to]` that reached the user when they were stored."""
        return [m for m in self.messages[after:up_to] if view.holds(m.sequence) and not view.blocks(m.sequence)]

    def remove_for_all(self, by: str, *, with_messages: bool, cleared_time: int, up_to: int = FOREVER) -> bool:
        """Deletes for everyone; returns whether that changed anything. `up_to` and `cleared_time` as for one user."""
        end, removed = min(up_to, self.head), -1 if self.removed_at is None else self.removed_at
        kept = self.kind != CHAT_ROOM and any(m.counts for m in self.messages[max(end, removed, 0) :])
        clears = with_messages and self.floor < end
        counting = [m for m in self.messages[max(removed, 0) : end] if m.counts]
        was_listed = removed < 0 or bool(counting) or any(view.opened for view in self.views.values())
        done = clears or (was_listed and not kept)
        if not done and all(self.expired(m) for m in counting):
            return False
        before = {user: (self.listed(user), len(self.history(user, tombstones=True))) for user in self.views}
        self.removed_at = max(removed, end)
        self.unread_floor = max(self.unread_floor, end)
        for view in self.views.values():
            view.opened = False
            later = view.read > end
            view.unread_from = view.unread_from if later or view.unread_from > end else 0
            view.marked_unread = view.marked_unread and later
        if with_messages:
            self.floor = max(self.floor, end)
        if with_messages and done:
            self.floor_time = max(self.floor_time, cleared_time)
        for user, (listed, count) in before.items():
            leaves = listed and not self.listed(user)
            took = len(self.history(user, tombstones=True)) < count
            self.views[user].removals.append(Removal(True, by, leaves or (took and not listed)))
        return True
