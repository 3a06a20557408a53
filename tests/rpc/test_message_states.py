"""What a reader is shown of messages beside them: whether they were stored while blocked, and when they burn."""

from collections.abc import Callable, Iterator

import pytest

from backscroll.v1 import conversation_pb2, message_pb2, message_service_pb2, user_pb2, user_service_pb2
from backscroll_server.domain.clock import SECOND
from tests.support.api_client import DOWN, UP, ApiClient, Reference, group, sequences, single
from tests.support.clocked_server import ClockedServer, clocked_server
from tests.support.fixtures import Ids, NewDatabase
from tests.support.watch_client import changes_since, now_token

BLOCKED = conversation_pb2.RECEIVE_OPTION_BLOCKED
NORMAL = conversation_pb2.RECEIVE_OPTION_NORMAL

States = list[message_pb2.MessageState]
Read = Callable[[ApiClient, str, Reference, list[message_pb2.Message]], States]
"""A read of a whole history of some messages; returns the states, in the order of the sequences."""


def listed(api: ApiClient, user: str, at: Reference, _: list[message_pb2.Message]) -> States:
    up, down = (api.page(user, at, direction=direction, page_size=50).states for direction in (UP, DOWN))
    assert list(up) == list(down)[::-1]
    return list(down)


def streamed(api: ApiClient, user: str, at: Reference, _: list[message_pb2.Message]) -> States:
    request = message_service_pb2.StreamMessagesRequest(user_id=user, conversation=at, direction=DOWN)
    return [state for part in api.messages.StreamMessages(request) for state in part.states]


def around(api: ApiClient, user: str, at: Reference, sent: list[message_pb2.Message]) -> States:
    request = message_service_pb2.ListMessagesAroundRequest(
        user_id=user, conversation=at, anchor={"sequence": sent[1].sequence}, older_count=50, newer_count=50
    )
    return list(api.messages.ListMessagesAround(request).states)


def single_gets(api: ApiClient, user: str, _: Reference, sent: list[message_pb2.Message]) -> States:
    responses = [
        api.messages.GetMessage(message_service_pb2.GetMessageRequest(user_id=user, message_id=message.message_id))
        for message in sent
    ]
    return [response.state for response in responses if response.HasField("state")]


def batch_get(api: ApiClient, user: str, _: Reference, sent: list[message_pb2.Message]) -> States:
    request = message_service_pb2.BatchGetMessagesRequest(
        user_id=user, message_ids=[message.message_id for message in sent]
    )
    results = api.messages.BatchGetMessages(request).results
    return [result.state for result in results if result.HasField("state")]


READS: list[Read] = [listed, streamed, around, single_gets, batch_get]


def block_one(api: ApiClient, user: str, at: Reference, option: conversation_pb2.ReceiveOption) -> None:
    api.settings(user, at, receive_option=option)


def block_all(api: ApiClient, user: str, _: Reference, option: conversation_pb2.ReceiveOption) -> None:
    api.users.UpdateUserSettings(
        user_service_pb2.UpdateUserSettingsRequest(
            user_id=user,
            settings=user_pb2.UserSettings(receive_option=option),
            update_mask={"paths": ["receive_option"]},
        )
    )


def blocked(*at: int) -> States:
    return [message_pb2.MessageState(sequence=sequence, blocked=True) for sequence in at]


@pytest.mark.parametrize("block", [block_one, block_all])
@pytest.mark.parametrize("read", READS)
def test_state_when_messages_were_stored_while_blocked_says_so_to_that_reader_for_ever(
    api: ApiClient,
    ids: Ids,
    read: Read,
    block: Callable[[ApiClient, str, Reference, conversation_pb2.ReceiveOption], None],
) -> None:
    """Keep semantics S2, S4, V3."""
    alice, bob, carol = ids.users(3)
    at = group(ids.group())
    api.create_group(alice, at.target.id, [bob, carol])
    sent = [api.send(alice, at, "before")]
    assert read(api, bob, at, [*sent, *sent]) == []
    block(api, bob, at, BLOCKED)
    sent += [api.send(alice, at, "while"), api.send(bob, at, "my own"), api.send(alice, at, "silent", silent=True)]
    assert read(api, bob, at, sent) == blocked(2, 3, 4)
    block(api, bob, at, NORMAL)
    sent.append(api.send(alice, at, "after"))
    assert read(api, bob, at, sent) == blocked(2, 3, 4)
    for other in (alice, carol):
        assert read(api, other, at, sent) == []


def test_states_when_a_page_holds_some_of_the_messages_are_of_those_alone(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    api.settings(bob, single(alice), receive_option=BLOCKED)
    sent = api.send_many(alice, single(bob), ["while blocked"] * 3)
    assert list(api.page(bob, single(alice), page_size=2).states) == blocked(4, 3)
    api.delete_ids(bob, single(alice), [sent[1].message_id])
    rest = api.page(bob, single(alice), direction=DOWN)
    assert [message.sequence for message in rest.messages] == [1, 2, 4]
    assert list(rest.states) == blocked(2, 4)


def test_state_of_a_blocked_message_when_recalled_stays_beside_its_tombstone(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.open(bob, single(alice))
    api.settings(bob, single(alice), receive_option=BLOCKED)
    sent = api.send(alice, single(bob))
    api.recall(alice, single(bob), sent.message_id)
    page = api.page(bob, single(alice), include_tombstones=True)
    assert page.messages[0].HasField("tombstone")
    assert list(page.states) == blocked(1)


def test_state_of_a_recalled_message_when_got_by_id_stands_beside_its_tombstone(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    before = api.send(alice, single(bob))
    api.settings(bob, single(alice), receive_option=BLOCKED)
    sent = api.send(alice, single(bob))
    message_ids = [before.message_id, sent.message_id]
    api.recall(alice, single(bob), *message_ids)
    one = message_service_pb2.GetMessageRequest(user_id=bob, message_id=sent.message_id, include_tombstones=True)
    assert [api.messages.GetMessage(one).state] == blocked(2)
    many = message_service_pb2.BatchGetMessagesRequest(user_id=bob, message_ids=message_ids, include_tombstones=True)
    first, second = api.messages.BatchGetMessages(many).results
    assert (first.HasField("state"), [second.state]) == (False, blocked(2))
    many.include_tombstones = False
    assert not any(result.HasField("state") for result in api.messages.BatchGetMessages(many).results)


def test_states_when_the_page_is_filtered_are_of_its_messages(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    api.settings(bob, single(alice), receive_option=BLOCKED)
    api.send(alice, single(bob))
    api.send(bob, single(alice))
    assert list(api.page(bob, single(alice), filter={"sender_ids": [alice]}).states) == blocked(2)


def test_state_when_a_message_was_imported_while_blocked_says_so(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    api.settings(bob, single(alice), receive_option=BLOCKED)
    api.import_messages(alice, single(bob), [(alice, SECOND, "old")])
    assert list(api.page(bob, single(alice)).states) == blocked(2)


def test_states_when_a_stream_has_many_parts_are_of_the_messages_of_each_part(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["before"] * 498)
    api.settings(bob, single(alice), receive_option=BLOCKED)
    api.send_many(alice, single(bob), ["while"] * 4)
    api.settings(bob, single(alice), receive_option=NORMAL)
    # Messages this large fill a part before it has 500 of them.
    api.send_many(alice, single(bob), ["x" * 60_000] * 40)
    request = message_service_pb2.StreamMessagesRequest(user_id=bob, conversation=single(alice), direction=DOWN)
    parts = list(api.messages.StreamMessages(request))
    assert len(parts) > 2
    assert [sequence for part in parts for sequence in sequences(part.messages)] == list(range(1, 543))
    for part in parts:
        assert list(part.states) == blocked(*(at for at in sequences(part.messages) if 499 <= at <= 502))


def test_states_when_a_page_is_cut_by_its_size_are_of_its_messages(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.open(bob, single(alice))
    api.settings(bob, single(alice), receive_option=BLOCKED)
    for _ in range(2):
        api.send_many(alice, single(bob), ["x" * 63_000] * 25)
    page = api.page(bob, single(alice), page_size=50)
    assert 25 < len(page.messages) < 50
    assert list(page.states) == blocked(*sequences(page.messages))


@pytest.fixture(scope="module")
def served(new_database: NewDatabase) -> Iterator[ClockedServer]:
    """A server on a clock of its own."""
    with clocked_server(new_database()) as server:
        yield server


@pytest.mark.parametrize("by", ["reading", "replying"])
@pytest.mark.parametrize("read", READS)
def test_state_when_a_message_burns_has_its_time_for_both_from_the_read_on(
    served: ClockedServer, ids: Ids, read: Read, by: str
) -> None:
    """Keep semantics B2, B3, V3."""
    api, (ann, bob) = served.api, ids.users(2)
    sent = [api.send(ann, single(bob), "stays")]
    api.burn(ann, single(bob), seconds=30)
    sent += [api.send(ann, single(bob), "burns"), api.send(ann, single(bob), "burns too")]
    for user, other in ((ann, bob), (bob, ann)):
        assert read(api, user, single(other), sent) == []
    starts = {user: now_token(api, user) for user in (ann, bob)}
    due = served.clock() + 30 * SECOND
    if by == "reading":
        api.read(bob, single(ann))
    else:
        api.send(bob, single(ann), "an answer")
    served.clock.forward(10)
    for user, other in ((ann, bob), (bob, ann)):
        states = read(api, user, single(other), sent)
        assert [(state.sequence, state.burn_time.ToMicroseconds()) for state in states] == [(2, due), (3, due)]
        assert not any(state.blocked for state in states)
        [moved] = [
            event.read_position_moved
            for event in changes_since(api, user, starts[user])
            if event.HasField("read_position_moved")
        ]
        assert (moved.reader_id, moved.burn_time.ToMicroseconds()) == (bob, due)
    served.clock.forward(20)
    assert listed(api, bob, single(ann), sent) == []


def test_state_when_messages_burn_at_different_times_has_the_time_of_each(served: ClockedServer, ids: Ids) -> None:
    """The event of the read has the first of them (semantics B3)."""
    api, (ann, bob) = served.api, ids.users(2)
    for seconds in (60, 20):
        api.burn(ann, single(bob), seconds=seconds)
        api.send(ann, single(bob))
    start, now = now_token(api, ann), served.clock()
    api.read(bob, single(ann))
    states = listed(api, ann, single(bob), [])
    assert [(state.sequence, state.burn_time.ToMicroseconds() - now) for state in states] == [
        (1, 60 * SECOND),
        (2, 20 * SECOND),
    ]
    [moved] = [event.read_position_moved for event in changes_since(api, ann, start)]
    assert moved.burn_time.ToMicroseconds() - now == 20 * SECOND


def test_state_when_a_blocked_message_burns_says_both(served: ClockedServer, ids: Ids) -> None:
    api, (ann, bob) = served.api, ids.users(2)
    api.burn(ann, single(bob), seconds=30)
    api.settings(bob, single(ann), receive_option=BLOCKED)
    api.send(ann, single(bob))
    due = served.clock() + 30 * SECOND
    api.read(bob, single(ann))
    of_bob, of_ann = (listed(api, *pair, []) for pair in ((bob, single(ann)), (ann, single(bob))))
    assert [(state.blocked, state.burn_time.ToMicroseconds()) for state in of_bob] == [(True, due)]
    assert [(state.blocked, state.burn_time.ToMicroseconds()) for state in of_ann] == [(False, due)]


def test_state_of_a_recalled_message_when_it_burns_vanishes_with_the_tombstone(served: ClockedServer, ids: Ids) -> None:
    api, (ann, bob) = served.api, ids.users(2)
    api.burn(ann, single(bob), seconds=30)
    sent = api.send(ann, single(bob))
    api.read(bob, single(ann))
    due = served.clock() + 30 * SECOND
    api.recall(ann, single(bob), sent.message_id)
    page = api.page(bob, single(ann), include_tombstones=True)
    assert page.messages[0].HasField("tombstone")
    assert [(state.sequence, state.burn_time.ToMicroseconds()) for state in page.states] == [(1, due)]
    served.clock.forward(30)
    page = api.page(bob, single(ann), include_tombstones=True)
    assert (list(page.messages), list(page.states)) == ([], [])


def test_state_when_a_message_was_imported_among_those_that_burn_has_no_time(served: ClockedServer, ids: Ids) -> None:
    api, (ann, bob) = served.api, ids.users(2)
    api.burn(ann, single(bob), seconds=30)
    api.send(ann, single(bob))
    api.import_messages(bob, single(ann), [(ann, SECOND, "old")])
    api.read(bob, single(ann))
    for user, other in ((ann, bob), (bob, ann)):
        assert [state.sequence for state in listed(api, user, single(other), [])] == [1]


def test_state_when_both_read_what_burns_has_the_time_of_who_did_not_send(served: ClockedServer, ids: Ids) -> None:
    api, (ann, bob) = served.api, ids.users(2)
    api.burn(ann, single(bob), seconds=30)
    api.send(ann, single(bob))
    now = served.clock()
    # Bob reads what ann sent by answering, ann the answer ten seconds later.
    api.send(bob, single(ann))
    served.clock.forward(10)
    api.read(ann, single(bob))
    states = listed(api, ann, single(bob), [])
    assert [(state.sequence, state.burn_time.ToMicroseconds() - now) for state in states] == [
        (1, 30 * SECOND),
        (2, 40 * SECOND),
    ]
