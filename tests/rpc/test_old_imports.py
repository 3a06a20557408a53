"""Imports of messages from before 1970, and of its first moment: as visible as any, with the time that they had."""

from typing import NamedTuple

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import deletion_pb2
from tests.support.api_client import DOWN, ApiClient, Reference, sequences, single
from tests.support.contract_calls import call
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids

DELETED = deletion_pb2.DELETION_OUTCOME_DELETED
ALREADY = deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED
SECOND = 1_000_000
YEAR = 365 * 86_400 * SECOND
YEAR_1 = -62_135_596_800 * SECOND
"""The first time of the contract, 0001-01-01."""


def timestamp(microseconds: int) -> Timestamp:
    """A time of the contract."""
    return Timestamp(seconds=microseconds // SECOND, nanos=microseconds % SECOND * 1000)


class Pair(NamedTuple):
    """A pair with imported messages; Bob reads them."""

    api: ApiClient
    alice: str
    bob: str

    @property
    def at(self) -> Reference:
        """The conversation as Bob names it."""
        return single(self.alice)

    def load(self, *times: int) -> None:
        """Imports messages that were written at these times."""
        old = [(self.alice, time, str(time)) for time in times]
        self.api.import_messages(self.alice, single(self.bob), old, prefix=f"after {self.head()}")

    def head(self) -> int:
        """How many messages there are."""
        return self.api.open(self.bob, self.at).last_sequence

    def shown(self) -> list[int]:
        """The sequences of the messages that Bob is shown, the same on every way."""
        down = self.api.walk(self.bob, self.at, DOWN, 2)
        assert self.api.walk(self.bob, self.at, size=1) == down[::-1]
        assert self.api.walk(self.bob, self.at, DOWN, filter={"sender_ids": [self.alice]}) == down
        seen = sequences(down)
        for entry in (self.api.look(self.bob, self.at), *self.api.listed(self.bob)):
            assert entry.last_message.sequence == (seen[-1] if seen else 0)
        ids = [message.message_id for message in down]
        if ids:
            got = call(self.api, "BatchGetMessages", user_id=self.bob, message_ids=ids)
            assert [result.message for result in got.results] == down
            checked = self.api.delete_ids(self.bob, self.at, ids, validate_only=True)
            assert {result.outcome for result in checked.results} == {DELETED}
        return seen


@pytest.fixture
def pair(api: ApiClient, ids: Ids) -> Pair:
    return Pair(api, *ids.users(2))


@pytest.mark.parametrize("time", [YEAR_1, -50 * YEAR - 1, -SECOND, -1, 0, 1])
def test_message_when_imported_from_before_1970_keeps_its_time_and_is_shown(
    pair: Pair, database_url: str, time: int
) -> None:
    """Its creation time is the beginning of 1970 and not before it (semantics I1)."""
    pair.load(time, time, time + 5)
    assert pair.shown() == [1, 2, 3]
    messages = pair.api.walk(pair.bob, pair.at, DOWN)
    assert [message.original_time for message in messages] == [timestamp(each) for each in (time, time, time + 5)]
    expected = max(time, 1)
    later = [expected, expected + 1, max(time + 5, expected + 2)]
    assert [message.create_time for message in messages] == [timestamp(each) for each in later]
    [entry] = pair.api.listed(pair.alice)
    assert entry.activity_time == timestamp(later[-1])
    assert_sound(database_url)


def test_messages_when_imported_from_before_1970_into_a_live_conversation_are_shown_at_its_end(pair: Pair) -> None:
    """Keep semantics I1."""
    live = pair.api.send(pair.alice, single(pair.bob))
    pair.load(-YEAR, 0)
    assert pair.shown() == [1, 2, 3]
    messages = pair.api.walk(pair.bob, pair.at, DOWN)[1:]
    start = live.create_time.ToMicroseconds()
    assert [message.create_time.ToMicroseconds() for message in messages] == [start + 1, start + 2]
    assert [message.original_time for message in messages] == [timestamp(-YEAR), timestamp(0)]


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        (-3 * YEAR, [1, 2, 3, 4, 5]),
        (-YEAR, [2, 3, 4, 5]),
        (-YEAR + 1, [3, 4, 5]),
        (0, [3, 4, 5]),
        (1, [4, 5]),
        (5, [4, 5]),
        (6, [5]),
    ],
)
def test_messages_when_cleared_before_a_time_before_1970_are_gone_by_their_time(
    pair: Pair, before: int, kept: list[int]
) -> None:
    """The time of a clearing says of imported messages which are gone, on both sides of 1970 (semantics D1)."""
    pair.load(-2 * YEAR, -YEAR, 0, 5, 1000)
    for outcome in (DELETED, ALREADY):
        assert pair.api.clear(pair.bob, pair.at, before_time=timestamp(before)).outcome == outcome
    assert pair.shown() == kept
    pair.load(-2 * YEAR, 500)
    assert pair.shown() == [*kept, *([6] if before <= -2 * YEAR else []), 7]


@pytest.mark.parametrize("way", ["clear", "delete", "delete for everyone"])
def test_messages_when_cleared_up_to_one_of_before_1970_are_gone_up_to_there(pair: Pair, way: str) -> None:
    """Messages above the bound that were written later stay, those of before it stay away (semantics D1)."""
    pair.load(-3 * YEAR, -2 * YEAR, -YEAR, 0, 1000)
    if way == "clear":
        answer = pair.api.clear(pair.bob, pair.at, up_to_sequence=2).cleared_range
    else:
        scope = deletion_pb2.DELETION_SCOPE_SELF if way == "delete" else deletion_pb2.DELETION_SCOPE_EVERYONE
        user = pair.bob
        answer = pair.api.delete(
            user, pair.at, scope, delete_messages=True, up_to_sequence=2, as_service=way == "delete for everyone"
        ).cleared_range
    assert (answer.up_to_sequence, answer.original_up_to_time) == (2, timestamp(-2 * YEAR))
    assert pair.shown() == [3, 4, 5]
    pair.load(-2 * YEAR, -2 * YEAR + 1)
    assert pair.shown() == [3, 4, 5, 7]
