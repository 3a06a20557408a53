"""What a watcher is notified of time passing: messages that burn or grow too old, mutes that end."""

from collections.abc import Iterator

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, conversation_service_pb2, deletion_pb2, event_pb2
from backscroll_server.domain.clock import SECOND
from tests.support.api_client import EVERYONE, ApiClient, group, single
from tests.support.clocked_server import ClockedServer, clocked_server, eventually
from tests.support.fixtures import Ids, NewDatabase
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token

HOUR = 3600


@pytest.fixture(scope="module")
def served(new_database: NewDatabase) -> Iterator[ClockedServer]:
    """A server on a clock of its own that keeps messages of groups for an hour."""
    with clocked_server(new_database(), retention_group_days=1 / 24) as server:
        yield server


@pytest.fixture
def api(served: ClockedServer) -> ApiClient:
    """A short way to call it."""
    return served.api


def deleted_ids(deleted: event_pb2.MessagesDeleted) -> list[str]:
    return [message.message_id for message in deleted.messages.messages]


def burning(api: ApiClient, ids: Ids) -> tuple[str, str]:
    ann, bob = ids.users(2)
    api.open(ann, single(bob))
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=ann,
            conversation=single(bob),
            properties={"burn": {"enabled": True, "duration": {"seconds": 30}}},
            update_mask={"paths": ["burn"]},
        )
    )
    return ann, bob


@pytest.mark.parametrize("how", ["reading", "replying"])
def test_due_time_of_burning_messages_is_sent_to_both_with_the_read(
    served: ClockedServer, api: ApiClient, ids: Ids, how: str
) -> None:
    ann, bob = burning(api, ids)
    api.send(ann, single(bob))
    tokens = {user: now_token(api, user) for user in (ann, bob)}
    if how == "reading":
        api.read(bob, single(ann))
    else:
        api.send(bob, single(ann))
    for user, token in tokens.items():
        moved = [e.read_position_moved for e in changes_since(api, user, token) if e.HasField("read_position_moved")]
        assert [event.reader_id for event in moved] == [bob]
        assert moved[0].burn_time.ToMicroseconds() == served.clock() + 30 * SECOND


def test_burned_messages_are_sent_to_both_and_never_shown_again(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    ann, bob = burning(api, ids)
    offline = now_token(api, bob)
    burned = api.send(ann, single(bob), "secret")
    kept = api.send(bob, single(ann), "answer")
    with WatchClient(api, ann) as of_ann:
        served.clock.forward(31)
        deleted = of_ann.expect("messages_deleted", "conversation_changed")[0].messages_deleted
    assert deleted_ids(deleted) == [burned.message_id]
    assert (deleted.scope, deleted.reason) == (EVERYONE, deletion_pb2.DELETION_REASON_BURNED)
    expect = changes_since(api, bob, offline)
    assert "secret" not in str(expect)
    assert [e.message_received.message for e in expect if e.HasField("message_received")] == [kept]
    assert [deleted_ids(e.messages_deleted) for e in expect if e.HasField("messages_deleted")] == [[burned.message_id]]


def test_expired_history_is_sent_to_members_and_lowers_the_total(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Keep semantics R5."""
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, [bob])
    offline = now_token(api, bob)
    api.send_many(ann, team, ["1", "2", "3"])
    with WatchClient(api, bob) as watching:
        api.send(ann, single(bob), "keeps a total")
        watching.expect("message_received", "total_unread_changed")
        served.clock.forward(HOUR + 1)
        deleted, _, total = watching.expect("messages_deleted", "conversation_changed", "total_unread_changed")
    expired = deleted.messages_deleted
    assert (expired.range.up_to_sequence, expired.scope) == (3, EVERYONE)
    assert expired.reason == deletion_pb2.DELETION_REASON_EXPIRED
    assert not expired.range.HasField("original_up_to_time")
    assert total.total_unread_changed.totals.unread_count == 1
    expect = changes_since(api, bob, offline)
    assert [e.message_received.message.content.text.text for e in expect if e.HasField("message_received")] == [
        "keeps a total"
    ]
    assert "messages_deleted" in kinds(expect)


def test_who_left_before_is_sent_only_what_it_saw(served: ClockedServer, api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, [bob])
    api.send_many(ann, team, ["1", "2"])
    api.remove(ann, team, [bob])
    api.send_many(ann, team, ["3", "4", "5"])
    token = now_token(api, bob)
    served.clock.forward(HOUR + 1)
    expect = eventually(lambda: changes_since(api, bob, token))
    deleted = [event.messages_deleted.range.up_to_sequence for event in expect if event.HasField("messages_deleted")]
    assert deleted == [2]


def test_end_of_a_mute_is_sent_and_moves_the_unread_into_the_total(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    until = Timestamp()
    until.FromMicroseconds(served.clock() + 60 * SECOND)
    api.settings(bob, single(ann), receive_option=conversation_pb2.RECEIVE_OPTION_MUTED, mute_end_time=until)
    with WatchClient(api, bob) as watching:
        api.send(ann, single(bob))
        received, total = watching.expect("message_received", "total_unread_changed")
        assert not received.notify
        assert total.total_unread_changed.totals.muted_unread_count == 2
        served.clock.forward(61)
        totals = watching.expect("total_unread_changed")[0].total_unread_changed.totals
        assert (totals.unread_count, totals.muted_unread_count) == (2, 0)
        api.send(ann, single(bob))
        assert watching.expect("message_received")[0].notify
