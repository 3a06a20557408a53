"""One whole run: a server that is killed and started again, writers, watchers, and the truth at the end."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from acting import DOWN, Acting, by_id, group, room
from backscroll.v1 import message_service_pb2
from reliability.watch.histories import Chain, History, Truth
from reliability.watch.recording import Watcher, begin, connect, read_log, read_rest
from reliability.watch.traffic import Scene, id_of, writing
from server_process import RunningServer, start_server

STRANGER = "stranger"
_QUIET_SECONDS = 60
_ENOUGH_SECONDS = 60
_TIMERS_SECONDS = 4
_RESTS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How much happens in a run.

    Attributes:
        seed: of all dice.
        seconds: about how long writers write while a server is there.
        events: how many events are delivered at least.
        kills: how often the server is killed.
        disconnects: how many streams are ended by their clients.
        users: how many users write and watch.
        writers: how many callers write at once.
        devices: how many devices each user watches with.
        queues: what `watch_queue` is, changing with every start.
    """

    seed: int
    seconds: float
    kills: int
    disconnects: int
    events: int = 20_000
    users: int = 6
    writers: int = 4
    devices: int = 2
    queues: tuple[int, ...] = (4096, 64, 256)


@dataclass(slots=True)
class Outcome:
    """What came of a run.

    Attributes:
        history: what was recorded.
        seconds: how long there was traffic.
        events: how many events were delivered.
        kills: how often the server was killed.
        disconnects: how many streams were ended by their clients.
        slow: how many streams were ended because their reader was slow.
    """

    history: History
    seconds: float
    events: int
    kills: int
    disconnects: int
    slow: int


class Run:
    """A run while it goes on."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.dice = random.Random(plan.seed)
        self.database = f"sqlite://{folder / 'watched.db'}"
        self._starts = 0
        self.server = self._start("127.0.0.1:0")
        self._channel = connect(self.server.target)
        self.act = Acting(self._channel)
        self.scene = self._set_up()
        self.starts = {user: begin(self.act.events, user) for user in [*self.scene.users, STRANGER]}
        self._prepare_groups()
        self.watchers: list[Watcher] = []

    def _start(self, listen: str) -> RunningServer:
        queue = self.plan.queues[self._starts % len(self.plan.queues)]
        self._starts += 1
        return start_server(
            self.database, "--listen", listen, "--watch-heartbeat-seconds", "0.3", "--watch-queue", str(queue),
            "--log-level", "warning", "--recall-window-seconds", "3600",
        )  # fmt: skip

    def _set_up(self) -> Scene:
        users = [f"user{number}" for number in range(self.plan.users)]
        groups = [group("steady"), group("open"), group("since"), room("lobby")]
        comers = users[2:]
        return Scene(
            self.server.target,
            users[0],
            users,
            users[-1:],
            groups,
            {"steady": [], "open": comers, "since": comers, "lobby": comers},
        )

    def _prepare_groups(self) -> None:
        """Makes the groups, after the first token of everybody."""
        scene = self.scene
        steady, opened, since, lobby = scene.groups
        self.act.create_group(scene.boss, steady.target_id, scene.users[1:])
        self.act.create_group(scene.boss, opened.target_id, scene.users[1:2])
        self.act.create_group(scene.boss, since.target_id, scene.users[1:2], history_visibility=2)
        self.act.create_group(scene.boss, lobby.target_id, scene.users[1:2], type=lobby.type)

    def go(self) -> Outcome:
        """Runs it to the end."""
        plan = self.plan
        self._begin_to_watch()
        began = time.monotonic()
        with writing(self.scene, plan.seed, plan.writers) as failures:
            kills, disconnects = self._disturb(failures)
        self.quieten()
        seconds = time.monotonic() - began
        for watcher in self.watchers:
            watcher.stop()
        return Outcome(
            self._history(),
            seconds,
            self._delivered(),
            kills,
            disconnects,
            sum(stream.end == "SLOW_READER" for watcher in self.watchers for stream in watcher.chain.streams),
        )

    def _begin_to_watch(self) -> None:
        for user, token in self.starts.items():
            for device in range(self.plan.devices if user != STRANGER else 1):
                dice = random.Random(f"{self.plan.seed} {user} {device}")
                slow = device == 1 and user in self.scene.users[::2]
                self.watchers.append(Watcher(self.server.target, user, token, dice, pauses=0.05 if slow else 0.0))

    def close(self) -> None:
        """Ends everything that it started."""
        for watcher in self.watchers:
            watcher.stop()
        self._channel.close()
        self.server.stop()

    def _disturb(self, failures: list[BaseException]) -> tuple[int, int]:
        """Ends streams and kills the server at random moments, until enough of everything has happened."""
        plan = self.plan
        disconnects = 0
        for round_ in range(plan.kills + 1):
            # Each server gets time of its own, however long it took to start on a busy machine.
            end = time.monotonic() + plan.seconds / (plan.kills + 1) * self.dice.uniform(0.5, 1.5)
            quota = plan.disconnects * (round_ + 1) // (plan.kills + 1) - disconnects
            pauses = sorted(self.dice.uniform(0.0, end - time.monotonic()) for _ in range(quota))
            began = time.monotonic()
            for pause in pauses:
                time.sleep(max(began + pause - time.monotonic(), 0.0))
                disconnects += self._disconnect_one()
            time.sleep(max(end - time.monotonic(), 0.0))
            if failures or round_ == plan.kills:
                break
            self.server.kill()
            self.server = self._start(self.server.target)
        until = time.monotonic() + _ENOUGH_SECONDS
        while self._delivered() < plan.events and time.monotonic() < until and not failures:
            time.sleep(0.1)
        return self._starts - 1, disconnects

    def _delivered(self) -> int:
        return sum(watcher.delivered for watcher in self.watchers)

    def _disconnect_one(self) -> bool:
        watchers = self.dice.sample(self.watchers, len(self.watchers))
        until = time.monotonic() + 1
        while time.monotonic() < until:
            for watcher in watchers:
                if watcher.disconnect():
                    return True
            time.sleep(0.01)
        return False

    def quieten(self) -> None:
        """Waits until every device has processed everything there is."""
        for watcher in self.watchers:
            watcher.quicken()
        until = time.monotonic() + _QUIET_SECONDS
        # What happens by time alone still comes.
        time.sleep(_TIMERS_SECONDS)
        for watcher in self.watchers:
            while watcher.processed != begin(self.act.events, watcher.user):
                if time.monotonic() > until:
                    raise AssertionError(f"a watcher of {watcher.user} does not reach the end of the feed")
                time.sleep(0.05)

    def _history(self) -> History:
        history = History([watcher.chain for watcher in self.watchers])
        for user, token in self.starts.items():
            truth = self.truth(user, token, [chain for chain in history.chains if chain.user == user])
            history.truths[user] = truth
        return history

    def truth(self, user: str, token: str, chains: list[Chain]) -> Truth:
        """What a user's devices are held to that began at a token; to be read when all is quiet."""
        scene, events = self.scene, self.act.events
        truth = Truth(pages=read_log(events, user, token, self.dice.choice((7, 100, 1000))))
        for one in self._some_tokens(chains):
            truth.rests[one] = read_rest(events, user, one)
        told = {one.conversation_id for chain in chains for group_ in chain.groups() for one in group_.events}
        for conversation_id in sorted(told - {""}):
            reference = by_id(conversation_id)
            truth.conversations[conversation_id] = self.act.look(user, reference).SerializeToString(deterministic=True)
            request = message_service_pb2.StreamMessagesRequest(user_id=user, conversation=reference, direction=DOWN)
            messages = [one for part in self.act.messages.StreamMessages(request) for one in part.messages]
            truth.visible[conversation_id] = [one.sequence for one in messages]
            truth.imported[conversation_id] = {one.sequence for one in messages if one.imported}
        truth.totals = self.act.summary(user).totals.SerializeToString(deterministic=True)
        truth.blocking = user in scene.grumpy
        for place in scene.groups:
            where = id_of(place, user)
            if user in scene.comers[place.target_id]:
                truth.outside[where] = scene.outside[where, user]
                truth.inside[where] = scene.inside[where, user]
            elif user in scene.users:
                truth.inside[where] = [(0, 1 << 60)]
        return truth

    def _some_tokens(self, chains: list[Chain]) -> set[str]:
        """Tokens of heartbeats, of changes and of errors: a few of each for every device."""
        found: set[str] = set()
        for chain in chains:
            groups = list(chain.groups())
            for tokens in (
                [stream.offered for stream in chain.streams if stream.offered],
                [one.token for one in groups if not one.events],
                [one.token for one in groups if one.events],
            ):
                found.update(self.dice.sample(tokens, min(len(tokens), _RESTS)))
        return found
