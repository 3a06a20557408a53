"""What a reader needs to know of messages beside them: which were stored while blocked, and when they burn."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from backscroll.v1 import conversation_pb2, message_pb2, message_service_pb2, user_pb2, user_service_pb2
from backscroll_server.domain.clock import SECOND
from tests.support.api_client import DOWN, ApiClient, failing, group, sequences, single, texts
from tests.support.clocked_server import ClockedServer, clocked_server
from tests.support.fixtures import Ids, NewDatabase

BLOCKED, NORMAL = conversation_pb2.RECEIVE_OPTION_BLOCKED, conversation_pb2.RECEIVE_OPTION_NORMAL

State = tuple[int, bool, int]
"""Sequence, whether blocked, and the seconds until it burns from a given moment on; 0 for never."""


@pytest.fixture(scope="module")
def served(new_database: NewDatabase) -> Iterator[ClockedServer]:
    """A server on a clock of its own."""
    with clocked_server(new_database()) as server:
        yield server
        assert server.problems() == []


@pytest.fixture
def api(served: ClockedServer) -> ApiClient:
    """A short way to call it."""
    return served.api


def plain(states: Iterable[message_pb2.MessageState], since: int = 0) -> list[State]:
    """States as tuples; `since` is the time from which the moments of burning are counted, in microseconds."""
    return [
        (
            state.sequence,
            state.blocked,
            (state.burn_time.ToMicroseconds() - since) // SECOND if state.HasField("burn_time") else 0,
        )
        for state in states
    ]


def around(api: ApiClient, user: str, **fields: Any) -> message_service_pb2.ListMessagesAroundResponse:
    return api.messages.ListMessagesAround(
        message_service_pb2.ListMessagesAroundRequest(user_id=user, older_count=50, newer_count=50, **fields)
    )


def streamed(api: ApiClient, user: str, **fields: Any) -> list[message_service_pb2.StreamMessagesResponse]:
    request = message_service_pb2.StreamMessagesRequest(user_id=user, **fields)
    return list(api.messages.StreamMessages(request))


def got(api: ApiClient, user: str, message_id: str, **fields: Any) -> message_service_pb2.GetMessageResponse:
    return api.messages.GetMessage(message_service_pb2.GetMessageRequest(user_id=user, message_id=message_id, **fields))


def got_many(
    api: ApiClient, user: str, message_ids: Iterable[str], **fields: Any
) -> list[message_service_pb2.MessageResult]:
    request = message_service_pb2.BatchGetMessagesRequest(user_id=user, message_ids=list(message_ids), **fields)
    return list(api.messages.BatchGetMessages(request).results)


def blocking_pair(api: ApiClient, ids: Ids) -> tuple[str, str, list[str]]:
    """Ann, who blocked bob while the third to the fifth of seven messages were stored; the ids of the messages."""
    ann, bob = ids.users(2)
    sent = api.send_many(bob, single(ann), ["one", "two"])
    api.settings(ann, single(bob), receive_option=BLOCKED)
    sent += api.send_many(bob, single(ann), ["three", "four"])
    sent += api.send_many(ann, single(bob), ["five"])
    api.settings(ann, single(bob), receive_option=NORMAL)
    sent += api.send_many(bob, single(ann), ["six", "seven"])
    return ann, bob, [message.message_id for message in sent]


def test_messages_when_stored_while_blocked_then_every_read_says_so(api: ApiClient, ids: Ids) -> None:
    ann, bob, message_ids = blocking_pair(api, ids)
    at = single(bob)
    up, down = [(5, True, 0), (4, True, 0), (3, True, 0)], [(3, True, 0), (4, True, 0), (5, True, 0)]
    page = api.page(ann, at)
    assert sequences(page.messages) == [7, 6, 5, 4, 3, 2, 1]
    assert plain(page.states) == up
    assert plain(api.page(ann, at, direction=DOWN).states) == down
    assert plain(api.page(ann, at, page_size=3).states) == [(5, True, 0)]
    assert plain(api.page(ann, at, filter={"sender_ids": [bob]}).states) == [(4, True, 0), (3, True, 0)]
    assert plain(around(api, ann, conversation=at, anchor={"sequence": 4}).states) == down
    assert plain(around(api, ann, conversation=at, anchor={"sequence": 9}).states) == down
    parts = streamed(api, ann, conversation=at)
    assert [plain(part.states) for part in parts] == [up]
    assert [sequences(part.messages) for part in parts] == [[7, 6, 5, 4, 3, 2, 1]]
    assert plain([got(api, ann, message_ids[2]).state]) == [(3, True, 0)]
    assert not got(api, ann, message_ids[1]).HasField("state")
    results = got_many(api, ann, [message_ids[6], message_ids[3], message_ids[4], message_ids[3]])
    assert [result.HasField("state") for result in results] == [False, True, True, True]
    assert plain(result.state for result in results[1:]) == [(4, True, 0), (5, True, 0), (4, True, 0)]
    assert [result.message.content.text.text for result in results] == ["seven", "four", "five", "four"]


def test_states_are_the_readers_own(api: ApiClient, ids: Ids) -> None:
    ann, bob, message_ids = blocking_pair(api, ids)
    at = single(ann)
    assert api.page(bob, at).states == []
    assert around(api, bob, conversation=at, anchor={"sequence": 4}).states == []
    assert [list(part.states) for part in streamed(api, bob, conversation=at)] == [[]]
    assert not got(api, bob, message_ids[3]).HasField("state")
    assert not got_many(api, bob, message_ids)[3].HasField("state")


def test_message_when_blocked_now_then_said_at_once(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(bob, single(ann))
    api.settings(ann, single(bob), receive_option=BLOCKED)
    api.send(bob, single(ann))
    assert plain(api.page(ann, single(bob)).states) == [(2, True, 0)]


def test_message_when_all_conversations_are_blocked_then_said_too(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    club = ids.group()
    api.create_group(bob, club, [ann])
    api.send(bob, group(club))
    api.users.UpdateUserSettings(
        user_service_pb2.UpdateUserSettingsRequest(
            user_id=ann,
            update_mask={"paths": ["receive_option"]},
            settings=user_pb2.UserSettings(receive_option=BLOCKED),
        )
    )
    api.send(bob, group(club))
    api.send(bob, single(ann))
    assert plain(api.page(ann, group(club)).states) == [(2, True, 0)]
    assert plain(api.page(ann, single(bob)).states) == [(1, True, 0)]


def test_tombstone_when_the_message_was_stored_while_blocked_then_said(api: ApiClient, ids: Ids) -> None:
    ann, bob, message_ids = blocking_pair(api, ids)
    api.recall(bob, single(ann), message_ids[3], message_ids[5])
    page = api.page(ann, single(bob), include_tombstones=True)
    assert sequences(message for message in page.messages if message.HasField("tombstone")) == [6, 4]
    assert plain(page.states) == [(5, True, 0), (4, True, 0), (3, True, 0)]
    assert plain(api.page(ann, single(bob)).states) == [(5, True, 0), (3, True, 0)]
    assert plain([got(api, ann, message_ids[3], include_tombstones=True).state]) == [(4, True, 0)]
    results = got_many(api, ann, [message_ids[3], message_ids[5]], include_tombstones=True)
    assert [result.HasField("state") for result in results] == [True, False]
    assert got_many(api, ann, [message_ids[3]])[0] == message_service_pb2.MessageResult(
        message_id=message_ids[3], error=got_many(api, ann, [message_ids[3]])[0].error
    )


def test_message_when_hidden_then_no_state_stands_alone(api: ApiClient, ids: Ids) -> None:
    ann, bob, message_ids = blocking_pair(api, ids)
    api.delete_ids(ann, single(bob), [message_ids[2]])
    assert plain(api.page(ann, single(bob)).states) == [(5, True, 0), (4, True, 0)]
    assert failing(got, api, ann, message_ids[2]).reason == "MESSAGE_NOT_FOUND"


def test_message_when_imported_while_blocked_then_said(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(bob, single(ann))
    api.settings(ann, single(bob), receive_option=BLOCKED)
    api.import_messages(ann, single(bob), [(bob, 1_000_000, "old")])
    assert plain(api.page(ann, single(bob)).states) == [(2, True, 0)]


def test_stream_of_many_parts_has_the_states_of_each_parts_messages(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send_many(bob, single(ann), [f"{number}" for number in range(498)])
    api.settings(ann, single(bob), receive_option=BLOCKED)
    api.send_many(bob, single(ann), ["blocked"] * 4)
    api.settings(ann, single(bob), receive_option=NORMAL)
    # Messages this large fill a part before it has 500 of them.
    api.send_many(bob, single(ann), ["x" * 60_000] * 40)
    parts = streamed(api, ann, conversation=single(bob), direction=DOWN)
    assert len(parts) > 2
    blocked = [499, 500, 501, 502]
    assert [sequence for part in parts for sequence in sequences(part.messages)] == list(range(1, 543))
    for part in parts:
        own = [sequence for sequence in sequences(part.messages) if sequence in blocked]
        assert plain(part.states) == [(sequence, True, 0) for sequence in own]


def test_page_when_cut_by_its_size_then_the_states_of_its_messages(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.open(ann, single(bob))
    api.settings(ann, single(bob), receive_option=BLOCKED)
    api.send_many(bob, single(ann), ["x" * 63_000] * 25)
    api.send_many(bob, single(ann), ["x" * 63_000] * 25)
    page = api.page(ann, single(bob), page_size=50)
    assert 20 < len(page.messages) < 50
    assert plain(page.states) == [(sequence, True, 0) for sequence in sequences(page.messages)]


def test_messages_when_read_and_burning_then_every_read_says_when(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob), "stays")
    api.burn(ann, single(bob), 30)
    sent = api.send_many(ann, single(bob), ["two", "three"])
    sent += api.send_many(bob, single(ann), ["four"])
    sent += api.send_many(ann, single(bob), ["five"])
    # Bob read two and three by answering, ann the answer by going on.
    now = served.clock()
    expected = [(2, False, 30), (3, False, 30), (4, False, 30)]
    for user, other in ((ann, bob), (bob, ann)):
        at = single(other)
        assert plain(api.page(user, at, direction=DOWN).states, now) == expected
        assert plain(api.page(user, at).states, now) == expected[::-1]
        assert plain(api.page(user, at, page_size=2).states, now) == [expected[2]]
        assert plain(api.page(user, at, filter={"sender_ids": [ann]}).states, now) == expected[1::-1]
        assert plain(around(api, user, conversation=at, anchor={"sequence": 1}).states, now) == expected
        assert [plain(part.states, now) for part in streamed(api, user, conversation=at)] == [expected[::-1]]
        assert plain([got(api, user, sent[1].message_id).state], now) == [expected[1]]
        assert not got(api, user, sent[3].message_id).HasField("state")
        results = got_many(api, user, [message.message_id for message in sent])
        assert plain((result.state for result in results[:3]), now) == expected
        assert not results[3].HasField("state")
    served.clock.forward(10)
    api.read(bob, single(ann))
    later = [*expected, (5, False, 40)]
    assert plain(api.page(ann, single(bob), direction=DOWN).states, now) == later
    served.clock.forward(20)
    for user, other in ((ann, bob), (bob, ann)):
        page = api.page(user, single(other), direction=DOWN)
        assert texts(page.messages) == ["stays", "five"]
        assert plain(page.states, now) == [(5, False, 40)]
        assert plain([got(api, user, sent[3].message_id).state], now) == [(5, False, 40)]


def test_tombstone_when_the_message_was_read_and_burns_then_goes_with_it(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    api.burn(ann, single(bob), 30)
    sent = api.send(ann, single(bob))
    api.read(bob, single(ann))
    api.recall(ann, single(bob), sent.message_id)
    page = api.page(bob, single(ann), include_tombstones=True)
    assert page.messages[0].HasField("tombstone")
    assert plain(page.states, served.clock()) == [(1, False, 30)]
    served.clock.forward(30)
    assert api.page(bob, single(ann), include_tombstones=True).messages == []


def test_message_when_imported_where_others_burn_then_does_not(served: ClockedServer, api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.burn(ann, single(bob), 30)
    api.send(ann, single(bob), "burns")
    api.import_messages(bob, single(ann), [(ann, 1_000_000, "old")])
    api.read(bob, single(ann))
    assert plain(api.page(bob, single(ann)).states, served.clock()) == [(1, False, 30)]


def test_message_when_blocked_and_burning_then_both_in_one_state(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    ann, bob = ids.users(2)
    api.burn(ann, single(bob), 30)
    api.settings(bob, single(ann), receive_option=BLOCKED)
    api.send(ann, single(bob))
    api.read(bob, single(ann))
    assert plain(api.page(bob, single(ann)).states, served.clock()) == [(1, True, 30)]
    assert plain(api.page(ann, single(bob)).states, served.clock()) == [(1, False, 30)]
