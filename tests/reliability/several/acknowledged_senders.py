"""Senders that write down what was acknowledged and when, and what the order of that must be."""

import random
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from tests.reliability.watch.recorders import Watcher
from tests.reliability.watch.retrying_callers import GroupCommitWriter, Scene


class Acknowledged(NamedTuple):
    """A message that was sent until it was acknowledged.

    Attributes:
        conversation_id: where.
        sequence: the place that it was given.
        client_id: what its sender called it.
        time: its time, in microseconds.
        began: when its sender first tried, in seconds of this machine.
        answered: when it was acknowledged.
        target: by which server.
    """

    conversation_id: str
    sequence: int
    client_id: str
    time: int
    began: float
    answered: float
    target: str = ""


class Sender(GroupCommitWriter):
    """Sends one message after the other, each until it is acknowledged.

    Args:
        scene: who there is, and where.
        number: which of the senders.
        dice: decides where it sends, and how long it waits.
        pause: how many seconds it waits at most after each message.
    """

    def __init__(self, scene: Scene, number: int, dice: random.Random, pause: float) -> None:
        super().__init__(scene, number, f"sender{number}", dice)
        # Users send through all servers.
        self._user = scene.users[number // len(scene.targets) % len(scene.users)]
        self._pause = pause
        self.sent: list[Acknowledged] = []

    def step(self) -> None:
        """Sends one message."""
        place = self.dice.choice(self.scene.groups)
        began = time.monotonic()
        message = self.send(self._user, place)
        answered = time.monotonic()
        assert message is not None, "a member may send"
        self.sent.append(
            Acknowledged(
                message.conversation_id,
                message.sequence,
                message.client_message_id,
                message.create_time.ToMicroseconds(),
                began,
                answered,
                self.target,
            )
        )
        time.sleep(self.dice.uniform(0.0, self._pause))


def order_faults(sent: Iterable[Acknowledged]) -> list[str]:
    """Where acknowledged messages are not in one order: without gaps, that of their times and that of real time."""
    wrong = []
    places: dict[str, list[Acknowledged]] = defaultdict(list)
    for one in sent:
        places[one.conversation_id].append(one)
    for conversation_id, messages in places.items():
        messages.sort(key=lambda one: one.sequence)
        if [one.sequence for one in messages] != list(range(1, len(messages) + 1)):
            wrong.append(f"the sequences of {conversation_id} are not 1 to {len(messages)}, each once")
        wrong += [
            f"{after} is not later than {before}" for before, after in pairwise(messages) if after.time <= before.time
        ]
        earliest = float("inf")
        for one in reversed(messages):
            if earliest < one.began:
                wrong.append(f"{one} was begun after one with a greater sequence was acknowledged")
            earliest = min(earliest, one.answered)
    return wrong


def delays(watchers: Iterable[Watcher], sent: Iterable[Acknowledged], *, across: bool) -> list[float]:
    """How long after its acknowledgement each message reached each device, in seconds, ordered by length.

    Args:
        watchers: the devices.
        sent: the messages.
        across: whether to look at devices at other servers than the sender's, or at the same.
    """
    known = {(one.conversation_id, one.sequence): one for one in sent}
    waited = []
    for watcher in watchers:
        for stream in watcher.chain.streams:
            for response in stream.responses:
                for one in response.events:
                    if one.kind == "message_received":
                        message = known[one.conversation_id, int(one.what[0])]
                        if (message.target != watcher.target) == across:
                            waited.append(max(response.at - message.answered, 0.0))
    return sorted(waited)
