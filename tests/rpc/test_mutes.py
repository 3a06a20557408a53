"""Mutes with an end: over for reads at their moment, and sent within a second where they still are the current ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, user_pb2, user_service_pb2
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ChangeKind
from tests.support.api_client import ApiClient, single
from tests.support.clocked_server import ClockedServer, clocked_server, eventually
from tests.support.fixtures import Ids, NewDatabase

MUTED = conversation_pb2.RECEIVE_OPTION_MUTED
NORMAL = conversation_pb2.RECEIVE_OPTION_NORMAL


@pytest.fixture
def served(new_database: NewDatabase) -> Iterator[ClockedServer]:
    """A server on a clock of its own."""
    with clocked_server(new_database()) as server:
        yield server


def after(served: ClockedServer, seconds: float) -> Timestamp:
    """A time from now."""
    moment = Timestamp()
    moment.FromMicroseconds(served.clock() + int(seconds * SECOND))
    return moment


def mute_everything(api: ApiClient, user: str, **values: Any) -> None:
    """Changes the user-wide settings; only those given."""
    api.users.UpdateUserSettings(
        user_service_pb2.UpdateUserSettingsRequest(
            user_id=user,
            update_mask={"paths": list(values)},
            settings=user_pb2.UserSettings(**values),
        )
    )


def ends(served: ClockedServer) -> list[tuple[int, bool]]:
    """The ends of mutes that were sent: conversation, and whether a user is named."""
    return [(row.conversation, row.user > 0) for row in served.expect(ChangeKind.MUTE_ENDED)]


def test_mute_when_its_end_comes_then_counted_again_and_sent_once(served: ClockedServer, ids: Ids) -> None:
    """Keep semantics S3, T2."""
    api, (ann, bob) = served.api, ids.users(2)
    sent = api.send(bob, single(ann))
    api.settings(ann, single(bob), receive_option=MUTED, mute_end_time=after(served, 60))
    served.clock.forward(59.999999)
    totals = api.summary(ann).totals
    assert (totals.unread_count, totals.muted_unread_count) == (0, 1)
    assert ends(served) == []
    served.clock.forward(0.000001)
    totals = api.summary(ann).totals
    assert (totals.unread_count, totals.muted_unread_count) == (1, 0)
    eventually(lambda: ends(served) == [(served.number_of(sent), True)])
    served.clock.forward(3600)
    later = api.send(bob, single(ann))
    assert later.sequence == 2
    assert len(ends(served)) == 1


def test_mute_when_changed_before_its_end_then_only_the_current_end_is_sent(served: ClockedServer, ids: Ids) -> None:
    """Keep semantics T3."""
    api, (ann, bob) = served.api, ids.users(2)
    api.open(ann, single(bob))
    api.settings(ann, single(bob), receive_option=MUTED, mute_end_time=after(served, 10))
    api.settings(ann, single(bob), mute_end_time=after(served, 20))
    mute_everything(api, bob, receive_option=MUTED, mute_end_time=after(served, 10))
    mute_everything(api, bob, receive_option=NORMAL)
    mute_everything(api, ann, receive_option=MUTED, mute_end_time=after(served, 15))
    served.clock.forward(15)
    eventually(lambda: ends(served) == [(0, True)])
    served.clock.forward(5)
    eventually(lambda: len(ends(served)) == 2)
    assert ends(served)[1][0] > 0


def test_mute_when_it_ended_while_no_server_ran_then_sent_at_the_start(new_database: NewDatabase, ids: Ids) -> None:
    database = new_database()
    ann, bob = ids.users(2)
    with clocked_server(database) as server:
        server.api.open(ann, single(bob))
        server.api.settings(ann, single(bob), receive_option=MUTED, mute_end_time=after(server, 60))
        clock = server.clock
    clock.forward(3600)
    with clocked_server(database, clock) as server:
        eventually(lambda: len(ends(server)) == 1)


def test_time_when_the_clock_is_set_back_between_two_runs_then_not_before_what_was_stored(
    new_database: NewDatabase, ids: Ids
) -> None:
    """Keep semantics T1."""
    database = new_database()
    ann, bob = ids.users(2)
    with clocked_server(database) as server:
        first = server.api.send(ann, single(bob))
        clock = server.clock
    clock.forward(-3600)
    with clocked_server(database, clock) as server:
        mute_end_time = Timestamp()
        mute_end_time.FromMicroseconds(first.create_time.ToMicroseconds() + 1)
        server.api.settings(bob, single(ann), receive_option=MUTED, mute_end_time=mute_end_time)
        assert server.api.summary(bob).totals.muted_unread_count == 1
        assert server.expect(ChangeKind.SETTINGS)[0].time == first.create_time.ToMicroseconds()
