"""What a watcher is told of time passing: messages that burn or grow too old, mutes that end."""

from collections.abc import Iterator

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, conversation_service_pb2
from backscroll_server.domain.clock import SECOND
from tests.support.api_client import EVERYONE, Acting, group, single
from tests.support.clocked_server import ClockedServer, clocked_server, eventually
from tests.support.fixtures import Ids, NewDatabase
from tests.support.watch_client import Watching, changes_since, kinds, now_token

HOUR = 3600


@pytest.fixture(scope="module")
def served(new_database: NewDatabase) -> Iterator[ClockedServer]:
    """A server on a clock of its own that keeps messages of groups for an hour."""
    with clocked_server(new_database(), retention_group_days=1 / 24) as server:
        yield server


@pytest.fixture
def act(served: ClockedServer) -> Acting:
    """A short way to call it."""
    return served.act


def burning(act: Acting, ids: Ids) -> tuple[str, str]:
    ann, bob = ids.users(2)
    act.open(ann, single(bob))
    act.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=ann,
            conversation=single(bob),
            burn={"enabled": True, "duration": {"seconds": 30}},
            update_mask={"paths": ["burn"]},
        )
    )
    return ann, bob


@pytest.mark.parametrize("how", ["reading", "replying"])
def test_due_time_of_burning_messages_is_told_to_both_with_the_read(
    served: ClockedServer, act: Acting, ids: Ids, how: str
) -> None:
    ann, bob = burning(act, ids)
    act.send(ann, single(bob))
    tokens = {user: now_token(act, user) for user in (ann, bob)}
    if how == "reading":
        act.read(bob, single(ann))
    else:
        act.send(bob, single(ann))
    for user, token in tokens.items():
        moved = [e.read_position_moved for e in changes_since(act, user, token) if e.HasField("read_position_moved")]
        assert [event.reader_id for event in moved] == [bob]
        assert moved[0].burn_due_time.ToMicroseconds() == served.clock() + 30 * SECOND


def test_burned_messages_are_told_to_both_and_never_shown_again(served: ClockedServer, act: Acting, ids: Ids) -> None:
    ann, bob = burning(act, ids)
    offline = now_token(act, bob)
    burned = act.send(ann, single(bob), "secret")
    kept = act.send(bob, single(ann), "answer")
    with Watching(act, ann) as of_ann:
        served.clock.forward(31)
        deleted = of_ann.told("messages_deleted", "conversation_changed")[0].messages_deleted
    assert list(deleted.message_ids) == [burned.message_id]
    assert deleted.scope == EVERYONE
    told = changes_since(act, bob, offline)
    assert "secret" not in str(told)
    assert [e.message_received.message for e in told if e.HasField("message_received")] == [kept]
    assert [list(e.messages_deleted.message_ids) for e in told if e.HasField("messages_deleted")] == [
        [burned.message_id]
    ]


def test_expired_history_is_told_to_members_and_lowers_the_total(served: ClockedServer, act: Acting, ids: Ids) -> None:
    ann, bob = ids.users(2)
    team = group(ids.group())
    act.create_group(ann, team.target_id, [bob])
    offline = now_token(act, bob)
    act.send_many(ann, team, ["1", "2", "3"])
    with Watching(act, bob) as watching:
        act.send(ann, single(bob), "keeps a total")
        watching.told("message_received", "total_unread_changed")
        served.clock.forward(HOUR + 1)
        deleted, _, total = watching.told("messages_deleted", "conversation_changed", "total_unread_changed")
    assert (deleted.messages_deleted.up_to_sequence, deleted.messages_deleted.scope) == (3, EVERYONE)
    assert total.total_unread_changed.totals.unread_count == 1
    told = changes_since(act, bob, offline)
    assert [e.message_received.message.content.text.text for e in told if e.HasField("message_received")] == [
        "keeps a total"
    ]
    assert "messages_deleted" in kinds(told)


def test_who_left_before_is_told_only_of_what_it_saw(served: ClockedServer, act: Acting, ids: Ids) -> None:
    ann, bob = ids.users(2)
    team = group(ids.group())
    act.create_group(ann, team.target_id, [bob])
    act.send_many(ann, team, ["1", "2"])
    act.remove(ann, team, [bob])
    act.send_many(ann, team, ["3", "4", "5"])
    token = now_token(act, bob)
    served.clock.forward(HOUR + 1)
    told = eventually(lambda: changes_since(act, bob, token))
    deleted = [event.messages_deleted.up_to_sequence for event in told if event.HasField("messages_deleted")]
    assert deleted == [2]


def test_end_of_a_mute_is_told_and_moves_the_unread_into_the_total(
    served: ClockedServer, act: Acting, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    act.send(ann, single(bob))
    until = Timestamp()
    until.FromMicroseconds(served.clock() + 60 * SECOND)
    act.settings(bob, single(ann), receive_option=conversation_pb2.RECEIVE_OPTION_MUTED, muted_until=until)
    with Watching(act, bob) as watching:
        act.send(ann, single(bob))
        received, total = watching.told("message_received", "total_unread_changed")
        assert not received.notify
        assert total.total_unread_changed.totals.muted_unread_count == 2
        served.clock.forward(61)
        totals = watching.told("total_unread_changed")[0].total_unread_changed.totals
        assert (totals.unread_count, totals.muted_unread_count) == (2, 0)
        act.send(ann, single(bob))
        assert watching.told("message_received")[0].notify
