"""Users in a few groups, who send and watch through every server of one database."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.reliability.several.acknowledged_senders import Acknowledged, Sender, order_faults
from tests.reliability.watch.expected_state import read_history, read_messages, wait_for_all
from tests.reliability.watch.recorded_streams import History
from tests.reliability.watch.recorders import Watcher, begin, connect
from tests.reliability.watch.retrying_callers import Scene, stepping
from tests.reliability.watch.validators import violations
from tests.support.api_client import ApiClient, group

_USERS = 4
_GROUPS = 4
_STRANGER = "stranger"


class Stage:
    """Senders and watchers at work.

    Args:
        targets: where the servers are.
        seed: of all dice.
        senders: how many callers send at once; each has one server.
        through: the servers that they send through; all, if not given.
        devices: how many devices watch for each user, one server each by turns.
        pause: how many seconds a sender waits at most after each message.
    """

    def __init__(
        self,
        targets: Sequence[str],
        seed: int,
        *,
        senders: int,
        through: Sequence[str] = (),
        devices: int = 2,
        pause: float = 0,
    ) -> None:
        self._dice = random.Random(seed)
        self._channel = connect(targets[0])
        self.api = ApiClient(self._channel)
        users = [f"user{number}" for number in range(_USERS)]
        groups = [group(f"group{number}") for number in range(_GROUPS)]
        nobody: dict[str, list[str]] = {place.target.id: [] for place in groups}
        self._scene = Scene(tuple(through or targets), users[0], users, [], groups, nobody)
        self._starts = {user: begin(self.api.events, user) for user in [*users, _STRANGER]}
        for place in groups:
            self.api.create_group(users[0], place.target.id, users[1:])
        self._senders = [Sender(self._scene, n, random.Random(f"{seed} {n}"), pause) for n in range(senders)]
        self.watchers = [
            Watcher(targets[device % len(targets)], user, token, random.Random(f"{seed} {user} {device}"))
            for user, token in self._starts.items()
            for device in range(devices)
        ]
        self.seconds = 0.0

    @contextmanager
    def sending(self) -> Iterator[list[BaseException]]:
        """Sends while the block runs, which is given what went wrong so far."""
        began = time.monotonic()
        with stepping(self._senders) as failures:
            yield failures
        self.seconds = time.monotonic() - began

    @property
    def sent(self) -> list[Acknowledged]:
        """All messages that were acknowledged so far."""
        return [one for sender in self._senders for one in [*sender.sent]]

    def everybody_sent_since(self, moment: float) -> bool:
        """Whether each sender has had a message acknowledged that it began after a moment."""
        return all(any(one.began > moment for one in sender.sent[-1:]) for sender in self._senders)

    @property
    def refused(self) -> dict[str, int]:
        """How often senders were answered what instead of an acknowledgement."""
        return {code.name: times for code, times in self._scene.refused.items()}

    def end(self) -> History:
        """Waits until the watchers have seen everything, ends them, and answers what they saw."""
        wait_for_all(self.api, self.watchers)
        for watcher in self.watchers:
            watcher.stop()
        return read_history(self.api, self._scene, self._starts, self.watchers, self._dice, page_sizes=[1000])

    def close(self) -> None:
        """Ends what still runs."""
        for watcher in self.watchers:
            watcher.stop()
        self._channel.close()

    def faults(self, history: History) -> list[str]:
        """Where what is stored, and what was sent, is not what was acknowledged."""
        sent = self.sent
        acknowledged = {(one.conversation_id, one.sequence, one.client_id, one.time) for one in sent}
        stored = [
            (one.conversation_id, one.sequence, one.client_message_id, one.create_time.ToMicroseconds())
            for place in self._scene.groups
            for one in read_messages(self.api, self._scene.boss, place)
        ]
        wrong = order_faults(sent)
        wrong += [f"{one} is acknowledged and not stored" for one in sorted(acknowledged - set(stored))]
        wrong += [f"{one} is stored and not acknowledged" for one in sorted(set(stored) - acknowledged)]
        wrong += [f"{one} is stored {times} times" for one, times in Counter(stored).items() if times > 1]
        expect = Counter(
            (chain.user, one.kind) for chain in history.chains for group_ in chain.groups() for one in group_.events
        )
        for user in self._scene.users:
            expected = len(sent) * sum(watcher.user == user for watcher in self.watchers)
            if expect[user, "message_received"] != expected:
                wrong.append(f"{user} is sent {expect[user, 'message_received']} messages, not {expected}")
        return wrong + [f"{promise}: {line}" for promise, lines in violations(history).items() for line in lines]

    def figures(self) -> str:
        """What it was worth, for who reads the output."""
        sent, events = len(self.sent), sum(watcher.delivered for watcher in self.watchers)
        return (
            f"{sent} sends in {self.seconds:.1f} s ({sent / self.seconds:.0f}/s), "
            f"{events} events to {len(self.watchers)} watchers ({events / self.seconds:.0f}/s), "
            f"refused {self.refused or 'nothing'}"
        )
