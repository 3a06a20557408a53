"""Who takes part in a run and where: users, conversations, the clock, and what every family of rules needs."""

import uuid
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st

from backscroll.v1 import conversation_pb2, error_pb2
from tests.property.chat_model import Conversation
from tests.property.chat_records import BLOCKED, CHAT_ROOM, GROUP, MEMBER, NORMAL, OWNER, SECOND, SINGLE, SYSTEM, View
from tests.support.api_client import ApiClient, Reference, by_id, failure_of
from tests.support.clocked_processes import ClockedProcesses
from tests.support.clocked_server import SettableClock

NAMES = ("ann.*", "bob%:", "cy\\_", "dée")
USERS = st.integers(0, len(NAMES) - 1)

Place = tuple[int, int]
"""A conversation and a user who acts there: the slot of the one, the index of the other."""

_BELONGING = [(0, 0), (0, 1), (1, 2), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (5, 3)]
_ANY = [(slot, who) for slot in range(6) for who in range(len(NAMES))]
PLACES = st.sampled_from(_BELONGING * 3 + _ANY)
"""Mostly members, also others."""
GROUP_PLACES = st.sampled_from([place for place in _BELONGING * 2 + _ANY if 2 <= place[0] <= 4])
SOMEWHERE = st.floats(0, 1)
BOUNDS = st.one_of(st.none(), SOMEWHERE)
"""How far a call reaches: to the end, or only up to somewhere."""

HOURS_KEPT = {"single": 2, "group": 1, "chat_room": 3}
RECALL_WINDOW = 120 * SECOND
_KEPT = {SINGLE: 2, GROUP: 1, CHAT_ROOM: 3, SYSTEM: 0}


def microseconds(moment: Timestamp | Duration) -> int:
    """A time or duration of an answer, as the model keeps it."""
    return moment.seconds * SECOND + moment.nanos // 1000


def timestamp(moment: int) -> Timestamp:
    """A time of the model, as calls take it."""
    return Timestamp(seconds=moment // SECOND, nanos=moment % SECOND * 1000)


def reason_of(error: error_pb2.ItemError) -> str:
    """The reason of an item's failure, as failures of calls name it."""
    return error_pb2.ErrorReason.Name(error.reason).removeprefix("ERROR_REASON_")


def escaped(name: str) -> str:
    """An id of a user or a source, as ids of conversations hold it."""
    return name.replace("%", "%25").replace(":", "%3A")


class Scene:
    """What a run plays with.

    Attributes:
        served: the server, on a clock that only rules move, or several whose clocks go together.
        users: their ids.
        slots: the conversations: a pair, one alone with itself, two groups, a chat room and a `SYSTEM` one.
        pairs: the members of those whose members are fixed, by slot.
        created_order: the slots that exist, the first created first.
        joined: the members of the others in the order they joined, by slot.
        options: the users' options for everything.
        sweep_due: whether time did something that the server may not have sent yet.
    """

    served: ClockedProcesses

    @property
    def api(self) -> ApiClient:
        return self.served.api

    @property
    def clock(self) -> SettableClock:
        return self.served.clock

    def time(self) -> int:
        """Return the time at the server that took the last call, in microseconds: the date of what that call stored."""
        return self.served.time()

    def set_up(self) -> None:
        """Makes the conversations that do not come to be by sending."""
        self.served.from_the_first()
        prefix = uuid.uuid4().hex[:8]
        self.users = [f"{prefix}{name}" for name in NAMES]
        self.options = dict.fromkeys(self.users, NORMAL)
        self.joined: dict[int, list[str]] = {}
        self.sweep_due = False
        a, b, c, d = self.users
        pair = sorted([a, b])
        self.slots = [
            self._conversation("s:" + ":".join(escaped(user) for user in pair), SINGLE),
            self._conversation(f"s:{escaped(c)}:{escaped(c)}", SINGLE),
            self._conversation(f"g:{prefix}all", GROUP),
            self._conversation(f"g:{prefix}since", GROUP, since_join=True),
            self._conversation(f"r:{prefix}room", CHAT_ROOM),
            self._conversation(f"y:{prefix}notices:{escaped(d)}", SYSTEM),
        ]
        self.pairs = {0: pair, 1: [c], 5: [d]}
        for slot in (2, 3, 4):
            conversation = self.slots[slot]
            made = self.api.create_group(
                a,
                conversation.conversation_id.partition(":")[2],
                [b],
                kind=conversation.kind,
                history_visibility=2 if conversation.since_join else 1,
            )
            conversation.views = {
                user: View(role, order, [[0, 2**62]], join_time=self.time())
                for order, (user, role) in enumerate([(a, OWNER), (b, MEMBER)], start=1)
            }
            conversation.views[a].opened = True
            conversation.views[a].opened_time = microseconds(made.activity_time)
            self.joined[slot] = [a, b]
        self.created_order = [2, 3, 4]

    def _conversation(
        self, conversation_id: str, kind: conversation_pb2.ConversationType, **fields: Any
    ) -> Conversation:
        return Conversation(conversation_id, kind, self.clock, _KEPT[kind] * 3600 * SECOND, **fields)

    def called(self, call: Callable[..., Any], *args: Any, **fields: Any) -> tuple[Any, str]:
        """Makes a call; answers what it answered, or the reason of its failure, which is never a bug's."""
        try:
            return call(*args, **fields), ""
        except grpc.RpcError as error:
            failure = failure_of(error)
        assert failure.code is not grpc.StatusCode.INTERNAL, failure
        return None, failure.reason

    def make(self, slot: int, time: int) -> None:
        """A conversation of fixed members comes to be, at a time."""
        if slot not in self.created_order:
            self.created_order.append(slot)
            conversation = self.slots[slot]
            for order, user in enumerate(self.pairs[slot], start=1):
                conversation.views[user] = View(MEMBER, order, [[0, 2**62]], join_time=time)
                if self.options[user] == BLOCKED:
                    conversation.block(user, "user", blocks=True)

    def at(self, place: Place) -> tuple[str, Conversation, Reference, View | None]:
        """A user, a conversation, how to name it in calls, and the user's side of it."""
        conversation, user = self.slots[place[0]], self.users[place[1]]
        return user, conversation, by_id(conversation.conversation_id), conversation.views.get(user)

    def bound_in(self, conversation: Conversation, somewhere: float) -> int:
        """A bound of a call, 0 to the head."""
        return round(somewhere * conversation.head)

    def moment_at(self, bound: float | None) -> int | None:
        """The time of some message as the bound of a call, or None for no bound.

        The clock is moved past all messages, because several that are stored at one moment get later times. Where a
        conversation keeps nothing of what the bound reaches, there is no bound.
        """
        times = sorted(message.time for conversation in self.slots for message in conversation.messages)
        self.move_clock_to(max(times, default=0))
        if bound is None or not times:
            return None
        moment = times[round(bound * (len(times) - 1))]
        for conversation in self.slots:
            up_to = conversation.up_to_time(moment)
            if up_to and (up_to <= conversation.floor or conversation.vanished(conversation.messages[up_to - 1])):
                return None
        return moment

    def move_clock_to(self, moment: int) -> None:
        """Lets time pass up to a moment; a little further where servers disagree about what time alone has done."""
        before = self.clock()
        now = max(before, moment)
        moments = {moment for conversation in self.slots for moment in conversation.moments()}
        while between := [moment for moment in moments if now < moment <= now + self.served.apart]:
            now = max(between)
        self.clock.now = now
        self.sweep_due |= any(conversation.fell_due(before) for conversation in self.slots)

    def somewhere_in(self, conversation: Conversation, somewhere: float) -> int:
        """A sequence of a conversation, 1 to the head."""
        return 1 + round(somewhere * max(conversation.head - 1, 0))
