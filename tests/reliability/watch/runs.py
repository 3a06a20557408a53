"""One whole run: servers that are killed and started again, writers, watchers, and the truth at the end."""

import random
import time
from dataclasses import dataclass

from tests.reliability.watch.expected_state import read_history, read_truth, wait_for_all
from tests.reliability.watch.recorded_streams import Chain, History, Truth
from tests.reliability.watch.recorders import Watcher, begin, connect
from tests.reliability.watch.retrying_callers import Scene
from tests.reliability.watch.traffic import writing
from tests.support.api_client import ApiClient, group, room
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_ahead import faketime_environment
from tests.support.server_process import RunningServer, start_server

STRANGER = "stranger"
_TIMERS_SECONDS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How much happens in a run.

    Attributes:
        seed: of all dice.
        seconds: about how long writers write while a server is there.
        events: how many events are delivered at least.
        kills: how often a server is killed.
        disconnects: how many streams are ended by their clients.
        users: how many users write and watch.
        writers: how many callers write at once.
        keepers: how many more change members.
        servers: how many processes serve the database.
        devices: how many devices each user watches with.
        queues: what `watch_queue` is, changing with every start.
        ahead: by how many seconds the clock of the last server is ahead of the others'.
        faketime: the path of libfaketime, where that sets the clock ahead.
    """

    seed: int
    seconds: float
    kills: int
    disconnects: int
    events: int = 20_000
    users: int = 6
    writers: int = 4
    keepers: int = 1
    servers: int = 1
    devices: int = 2
    queues: tuple[int, ...] = (4096, 64, 256)
    ahead: float = 0
    faketime: str = ""


@dataclass(slots=True)
class Outcome:
    """What came of a run.

    Attributes:
        history: what was recorded.
        seconds: how long there was traffic.
        events: how many events were delivered.
        kills: how often a server was killed.
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
    """A run on a database while it goes on."""

    def __init__(self, plan: Plan, database: str) -> None:
        self.plan = plan
        self.dice = random.Random(plan.seed)
        self.database = database
        self._starts = 0
        self.servers = [self._start(place, "127.0.0.1:0") for place in range(plan.servers)]
        self._channel = connect(self.servers[0].target)
        self.api = ApiClient(self._channel)
        self.scene = self._set_up()
        self.starts = {user: begin(self.api.events, user) for user in [*self.scene.users, STRANGER]}
        self._prepare_groups()
        self.watchers: list[Watcher] = []

    def _start(self, place: int, listen: str) -> RunningServer:
        ahead = self.plan.ahead if place == self.plan.servers - 1 else 0
        faketime = self.plan.faketime if ahead else ""
        queue = self.plan.queues[self._starts % len(self.plan.queues)]
        self._starts += 1
        return start_server(
            self.database, "--listen", listen, "--watch-heartbeat-seconds", "0.3", "--watch-queue", str(queue),
            "--log-level", "warning", "--recall-window-seconds", "3600",
            env=faketime_environment(faketime, ahead) if faketime else None,
            ahead=0 if faketime else ahead,
        )  # fmt: skip

    def _set_up(self) -> Scene:
        users = [f"user{number}" for number in range(self.plan.users)]
        groups = [group("steady"), group("open"), group("since"), room("lobby")]
        comers = users[2:]
        return Scene(
            tuple(server.target for server in self.servers),
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
        self.api.create_group(scene.boss, steady.target.id, scene.users[1:])
        self.api.create_group(scene.boss, opened.target.id, scene.users[1:2])
        self.api.create_group(scene.boss, since.target.id, scene.users[1:2], history_visibility=2)
        self.api.create_group(scene.boss, lobby.target.id, scene.users[1:2], kind=lobby.target.type)

    def go(self) -> Outcome:
        """Runs it to the end."""
        plan = self.plan
        self._begin_to_watch()
        began = time.monotonic()
        with writing(self.scene, plan.seed, plan.writers, plan.keepers) as failures:
            kills, disconnects = self._disturb(failures)
        self.quieten()
        seconds = time.monotonic() - began
        for watcher in self.watchers:
            watcher.stop()
        return Outcome(
            read_history(self.api, self.scene, self.starts, self.watchers, self.dice),
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
                target = self.scene.targets[device % len(self.servers)]
                self.watchers.append(Watcher(target, user, token, dice, pauses=0.05 if slow else 0.0))

    def close(self) -> None:
        """Ends everything that it started."""
        for watcher in self.watchers:
            watcher.stop()
        self._channel.close()
        for server in self.servers:
            server.stop()

    def _disturb(self, failures: list[BaseException]) -> tuple[int, int]:
        """Ends streams and kills servers at random moments, until enough of everything has happened."""
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
            killed = self.dice.randrange(plan.servers)
            self.servers[killed].kill()
            self.servers[killed] = self._start(killed, self.servers[killed].target)
        until = time.monotonic() + PATIENCE_SECONDS
        while self._delivered() < plan.events and time.monotonic() < until and not failures:
            time.sleep(0.1)
        return self._starts - plan.servers, disconnects

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
        # What happens by time alone still comes, and then a read by the clock that is behind sees it too.
        wait_for_all(self.api, self.watchers, after_seconds=_TIMERS_SECONDS + self.plan.ahead)

    def truth(self, user: str, token: str, chains: list[Chain]) -> Truth:
        """What a user's devices are held to that began at a token; to be read when all is quiet."""
        return read_truth(self.api, self.scene, user, token, chains, self.dice)
