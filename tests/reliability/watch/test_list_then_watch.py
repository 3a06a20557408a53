"""List, then watch from the list's token: what is shown and what is sent together are the log, whatever goes on."""

import random
import time
from pathlib import Path

import pytest

from backscroll.v1 import conversation_pb2
from tests.reliability.watch.recorded_streams import History
from tests.reliability.watch.recorders import Watcher
from tests.reliability.watch.runs import Plan, Run
from tests.reliability.watch.traffic import writing
from tests.reliability.watch.validators import atomic, difference, following, ordered, reliable, unique
from tests.support.api_client import ApiClient

Listed = dict[str, conversation_pb2.Conversation]

WRITERS = 4
WALKS = 18


class Walker:
    """A client that begins: it walks a user's list page by page, then follows the changes."""

    def __init__(self, run: Run, user: str, dice: random.Random) -> None:
        self.user = user
        self.shown: Listed = {}
        self.token = self._walk(run.api, dice)
        self.watcher = Watcher(run.servers[0].target, user, self.token, dice)

    def _walk(self, api: ApiClient, dice: random.Random) -> str:
        first = page = api.list_page(self.user, page_size=2)
        while True:
            assert page.resume_token == first.resume_token
            # A conversation that comes once more is shown as it is then.
            self.shown.update((one.conversation_id, one) for one in page.conversations)
            if not page.next_page_token:
                return str(first.resume_token)
            time.sleep(dice.uniform(0.0, 0.03))
            page = api.list_page(self.user, page_size=2, page_token=page.next_page_token)

    def listed(self) -> Listed:
        """The list as this client has it: what was shown, and what it was sent since."""
        now = dict(self.shown)
        for group in self.watcher.chain.groups():
            for one in group.events:
                if one.kind == "conversation_removed":
                    now.pop(one.conversation_id, None)
                elif one.kind in {"conversation_added", "conversation_changed"}:
                    now[one.conversation_id] = conversation_pb2.Conversation.FromString(one.content)
        return {name: one for name, one in now.items() if not one.unlisted}


def wrong_entries(expect: Listed, now: Listed) -> list[str]:
    """Where a client's list is not the server's."""
    wrong = [f"{name} is not in both lists" for name in expect.keys() ^ now.keys()]
    for name in expect.keys() & now.keys():
        before, after = (one[name].SerializeToString(deterministic=True) for one in (expect, now))
        if lines := difference(before, after):
            wrong.append(f"{name}: {lines}")
    return wrong


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3, 4))])
def test_list_then_watch_when_writers_go_on_then_nothing_is_missed_or_doubled(tmp_path: Path, seed: int) -> None:
    """Keep semantics F5."""
    run = Run(Plan(seed=seed, seconds=0, kills=0, disconnects=0), f"sqlite://{tmp_path / 'watched.db'}")
    dice = random.Random(seed)
    walkers: list[Walker] = []
    try:
        with writing(run.scene, seed, WRITERS) as failures:
            time.sleep(1)
            for number in range(WALKS):
                assert not failures
                walkers.append(Walker(run, run.scene.users[number % len(run.scene.users)], dice))
                run.watchers.append(walkers[-1].watcher)
        run.quieten()
        assert any(walker.shown for walker in walkers)
        for walker in walkers:
            walker.watcher.stop()
            now = {one.conversation_id: one for one in run.api.listed(walker.user, page_size=100)}
            assert wrong_entries(walker.listed(), now) == []
            assert expected_beside_the_log(run, walker) == []
    finally:
        run.close()


def expected_beside_the_log(run: Run, walker: Walker) -> list[str]:
    """What the changes behind the list's token are by watching and not by polling, or the other way round."""
    truth = run.truth(walker.user, walker.token, [walker.watcher.chain])
    history = History([walker.watcher.chain], {walker.user: truth})
    return [line for promise in (ordered, unique, reliable, atomic, following) for line in promise(history)]
