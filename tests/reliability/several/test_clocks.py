"""Servers with different clocks on one database: feed positions decide which change came first (semantics F6)."""

from collections.abc import Iterator

import pytest

from backscroll.v1 import conversation_pb2
from backscroll_server.domain.clock import SECOND
from tests.support.api_client import EVERYONE, ApiClient, group
from tests.support.clocked_server import clocked_server
from tests.support.fixtures import Ids, NewDatabase, on_postgres
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token

pytestmark = pytest.mark.skipif(not on_postgres(), reason="a file is for one process")

MUTED = conversation_pb2.RECEIVE_OPTION_MUTED
MUTE_SECONDS = 30

Pair = tuple[ApiClient, ApiClient]


@pytest.fixture(scope="module", params=[0.5, 5, 3600])
def servers(request: pytest.FixtureRequest, new_database: NewDatabase) -> Iterator[Pair]:
    """Two servers on one database; the clock of the second is ahead by a number of seconds."""
    database = new_database()
    with clocked_server(database) as one, clocked_server(database) as other:
        other.clock.forward(request.param)
        yield one.api, other.api


def test_message_from_before_a_join_when_sent_by_the_clock_ahead_then_no_event(servers: Pair, ids: Ids) -> None:
    behind, ahead = servers
    owner, joiner = ids.users(2)
    behind.create_group(owner, club := ids.group())
    token = now_token(behind, joiner)
    ahead.send(owner, group(club), "before the join")
    behind.add(owner, group(club), [joiner])
    assert "message_received" not in kinds(changes_since(behind, joiner, token))


def test_message_from_after_a_join_when_joined_by_the_clock_ahead_then_an_event(servers: Pair, ids: Ids) -> None:
    behind, ahead = servers
    owner, joiner = ids.users(2)
    behind.create_group(owner, club := ids.group())
    token = now_token(behind, joiner)
    ahead.add(owner, group(club), [joiner])
    behind.send(owner, group(club), "after the join")
    assert "message_received" in kinds(changes_since(behind, joiner, token))


def test_removal_when_the_join_was_by_the_clock_ahead_then_an_event(servers: Pair, ids: Ids) -> None:
    behind, ahead = servers
    owner, joiner = ids.users(2)
    behind.create_group(owner, club := ids.group(), history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN)
    behind.send(owner, group(club))
    ahead.add(owner, group(club), [joiner])
    behind.open(joiner, group(club))
    assert len(behind.listed(joiner)) == 1
    token = now_token(behind, joiner)
    behind.delete(owner, group(club), EVERYONE)
    assert behind.listed(joiner) == []
    assert kinds(changes_since(behind, joiner, token))[:1] == ["conversation_removed"]


@pytest.mark.parametrize("seconds", [0.5, 5])
def test_end_of_a_mute_when_the_clock_ahead_records_it_then_the_totals_are_sent(
    new_database: NewDatabase, ids: Ids, seconds: float
) -> None:
    """A change is shown by a time that is not before it, also by a server whose clock is behind (semantics T2)."""
    database = new_database()
    with clocked_server(database) as behind, clocked_server(database) as ahead:
        ahead.clock.forward(seconds)
        api = behind.api
        owner, reader = ids.users(2)
        api.create_group(owner, club := ids.group(), [reader])
        end = behind.clock() + MUTE_SECONDS * SECOND
        api.settings(reader, group(club), receive_option=MUTED, mute_end_time={"seconds": end // SECOND})
        with WatchClient(api, reader) as watch:
            api.send(owner, group(club))
            watch.until(lambda: sent_totals(watch) == [(0, 1)])
            for server in (behind, ahead):
                server.clock.forward(MUTE_SECONDS - seconds / 2)
            watch.until(lambda: sent_totals(watch) == [(0, 1), (1, 0)])


def sent_totals(watch: WatchClient) -> list[tuple[int, int]]:
    """The unread messages that count and those that are muted, as often as they were sent."""
    events = [event.total_unread_changed for event in watch.events if event.HasField("total_unread_changed")]
    return [(event.totals.unread_count, event.totals.muted_unread_count) for event in events]
