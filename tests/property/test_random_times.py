"""Any order of sending, reading, deleting and waiting, held to a small model of what time takes."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from backscroll.v1 import conversation_service_pb2
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.retention import Retention
from tests.support.api_client import DOWN, ApiClient, sequences, single
from tests.support.clocked_server import ClockedServer, clocked_server
from tests.support.fixtures import Ids

KEPT_DAYS = 0.001
KEPT = int(KEPT_DAYS * 24 * 3600 * SECOND)
STEPS = 100
SWEEP_SECONDS = 0.3


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockedServer]:
    """A server that keeps messages for a minute and a half."""
    path: Path = tmp_path_factory.mktemp("time") / "time.db"
    with clocked_server(f"sqlite://{path}", retention_single_days=KEPT_DAYS) as server:
        yield server


@dataclass
class Kept:
    """A message as the model has it; `due` is when it burns, 0 for not yet known."""

    sender: str
    created: int
    imported: bool
    duration: int
    due: int = 0
    message_id: str = ""
    recalled: bool = False
    hidden: set[str] = field(default_factory=set)


@dataclass
class Pair:
    """A conversation of two as the model has it."""

    messages: list[Kept] = field(default_factory=list)
    duration: int = 0
    read: dict[str, int] = field(default_factory=dict)
    unread_from: dict[str, int] = field(default_factory=dict)

    def stored(self, message_id: str, sender: str, now: int, *, imported: bool) -> None:
        """A message was stored."""
        created = max(now, self.messages[-1].created + 1 if self.messages else 0)
        duration = 0 if imported else self.duration
        self.messages.append(Kept(sender, created, imported, duration, message_id=message_id))

    def moved(self, user: str, up_to: int, now: int) -> None:
        """A user read up to a sequence."""
        self.unread_from[user] = 0
        for message in self.messages[self.read.get(user, 0) : up_to]:
            if message.sender != user and message.duration:
                message.due = now + message.duration
        self.read[user] = max(self.read.get(user, 0), up_to)

    def visible(self, user: str, now: int) -> list[int]:
        """What a user sees."""
        return [
            sequence
            for sequence, message in enumerate(self.messages, start=1)
            if message.created > now - KEPT
            and not (message.due and message.due <= now)
            and not message.recalled
            and user not in message.hidden
        ]

    def unread(self, user: str, now: int) -> list[int]:
        """What of it is unread."""
        start = self.unread_from.get(user, 0)
        base = start - 1 if start else self.read.get(user, 0)
        return [
            sequence
            for sequence in self.visible(user, now)
            if sequence > base
            and self.messages[sequence - 1].sender != user
            and not self.messages[sequence - 1].imported
        ]


def switch(api: ApiClient, user: str, other: str, seconds: int) -> None:
    """Turns burning on with a duration, or off with 0."""
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=user,
            conversation=single(other),
            properties={"burn": {"enabled": seconds > 0, "duration": timedelta(seconds=seconds or 1)}},
            update_mask={"paths": ["burn"]},
        )
    )


def step(served: ClockedServer, pair: Pair, users: list[str], dice: random.Random) -> None:
    """Does one thing, in the server and in the model."""
    api, clock = served.api, served.clock
    user, other = dice.sample(users, 2)
    count = len(pair.messages)
    some = dice.choice([dice.randint(1, max(count, 1)), max(count, 1)])
    match dice.choices(range(8), weights=[8, 4, 2, 2, 2, 1, 1, 5])[0]:
        case 0:
            keep = dice.random() < 0.4
            sent = api.send(user, single(other), keep_unread=keep)
            pair.stored(sent.message_id, user, clock(), imported=False)
            if not keep:
                pair.moved(user, count + 1, clock())
        case 1:
            api.read(user, single(other), up_to_sequence=some)
            pair.moved(user, min(some, count), clock())
        case 2 if count:
            api.mark_unread(user, single(other), from_sequence=some)
            pair.unread_from[user] = some
        case 3 if count:
            message = pair.messages[some - 1]
            gone = some not in pair.visible(user, clock())
            result = api.delete_ids(user, single(other), [message.message_id]).results[0]
            assert gone == (result.outcome != 1), (result, message)
            if not gone:
                message.hidden.add(user)
        case 4:
            pair.duration = dice.choice([0, 5, 5, 20]) * SECOND
            switch(api, user, other, pair.duration // SECOND)
        case 5 if count and some in pair.visible(user, clock()):
            named = pair.messages[some - 1].message_id
            assert api.recall(user, single(other), named, as_service=True).results[0].outcome == 1
            pair.messages[some - 1].recalled = True
        case 6:
            origin = clock() - dice.randint(0, 2 * KEPT)
            api.import_messages(user, single(other), [(user, origin, "old")], prefix=f"import {count}")
            # A retry answers the id, whatever is left of the message.
            again = api.send(user, single(other), "old", client_message_id=f"import {count}-0", keep_unread=True)
            pair.stored(again.message_id, user, origin, imported=True)
        case 7:
            clock.forward(dice.choice([1, 4, 5, 6, 20, 40]))
            if dice.random() < 0.3:
                time.sleep(SWEEP_SECONDS)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_seen_when_time_passes_in_any_order_is_what_the_model_says(
    served: ClockedServer, ids: Ids, seed: int
) -> None:
    api, users, dice, pair = served.api, ids.users(2), random.Random(seed), Pair()
    for user, other in (users, users[::-1]):
        sent = api.send(user, single(other), keep_unread=True)
        pair.stored(sent.message_id, user, served.clock(), imported=False)
    for number in range(STEPS):
        step(served, pair, users, dice)
        now = served.clock()
        for user, other in (users, users[::-1]):
            expected, unread = pair.visible(user, now), pair.unread(user, now)
            seen = api.look(user, single(other))
            assert sequences(api.walk(user, single(other), size=7)) == expected[::-1], number
            assert (seen.unread_count, seen.last_message.sequence) == (len(unread), max(expected, default=0)), number
            start = {"position": 3}
            first = sequences(api.page(user, single(other), start=start, direction=DOWN, page_size=1).messages)
            assert first == (unread[:1] or [])
        if number % 20 == 0:
            assert served.problems(retention=Retention.of_days(single=KEPT_DAYS)) == []
