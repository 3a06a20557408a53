"""Many callers at once: orders hold, walks stay whole, and races have one winner."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2, member_pb2, message_pb2, message_service_pb2
from tests.support.api_client import DOWN, UP, ApiClient, failing, group, sequences, single, text_message, texts
from tests.support.concurrent_calls import at_once, repeating
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids

WALKING_SECONDS = 2.0


@pytest.fixture(autouse=True, scope="module")
def _sound_at_the_end(database_url: str) -> Iterator[None]:
    """Whatever raced, every sequence and count of the database is right afterwards."""
    yield
    assert_sound(database_url)


def test_sequences_when_eight_send_at_once_then_there_is_no_gap_and_each_sender_keeps_its_order(
    api: ApiClient, ids: Ids
) -> None:
    users = ids.users(8)
    api.create_group(users[0], club := ids.group(), users[1:])

    def send(user: str, *, in_batches: bool) -> list[int]:
        if in_batches:
            return [
                message.sequence
                for batch in range(4)
                for message in api.send_many(user, group(club), [f"{user} {batch} {number}" for number in range(10)])
            ]
        return [api.send(user, group(club), f"{user} {number}").sequence for number in range(40)]

    given = at_once([partial(send, user, in_batches=turn % 2 == 0) for turn, user in enumerate(users)])
    assert sorted(itertools.chain(*given)) == list(range(1, 321))
    assert all(own == sorted(own) for own in given)
    walked = api.walk(users[0], group(club), DOWN)
    assert sequences(walked) == list(range(1, 321))
    times = [message.create_time.ToMicroseconds() for message in walked]
    assert times == sorted(set(times))
    for user, own in zip(users, given, strict=True):
        assert sequences(message for message in walked if message.sender_id == user) == own
        seen = api.look(user, group(club))
        assert (seen.read_sequence, seen.unread_count) == (own[-1], 320 - own[-1])


class Ledger:
    """What is known of a conversation's messages while others write to it."""

    def __init__(self, stored: set[int]) -> None:
        self._lock = threading.Lock()
        self._stored = set(stored)
        self._going: set[int] = set()
        self._gone: set[int] = set()

    def note_stored(self, *stored: int) -> None:
        """Messages that were acknowledged."""
        with self._lock:
            self._stored.update(stored)

    def note_going(self, going: set[int]) -> None:
        """Messages whose deletion is about to be asked for."""
        with self._lock:
            self._going |= going

    def note_gone(self, gone: set[int]) -> None:
        """Messages whose deletion was acknowledged."""
        with self._lock:
            self._gone |= gone

    def read(self) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """What is stored, what may be on its way out, what is gone."""
        with self._lock:
            return frozenset(self._stored), frozenset(self._going), frozenset(self._gone)


@pytest.mark.parametrize("size", [7, 50])
def test_walks_when_others_send_and_delete_then_what_was_visible_throughout_is_met_exactly_once(
    api: ApiClient, ids: Ids, size: int
) -> None:
    """Keep semantics P6."""
    alice, bob, carol = ids.users(3)
    api.create_group(alice, club := ids.group(), [bob, carol])
    sent = api.send_many(alice, group(club), ["there from the start"] * 400)
    ledger = Ledger({message.sequence for message in sent})
    hidden, recalled = iter(sent[50:350:3]), iter(sent[51:350:3])

    def send_one() -> None:
        ledger.note_stored(api.send(carol, group(club), keep_unread=True).sequence)

    def send_some() -> None:
        ledger.note_stored(*(message.sequence for message in api.send_many(alice, group(club), ["more"] * 5)))

    def hide() -> None:
        message = next(hidden)
        ledger.note_going({message.sequence})
        api.delete_ids(bob, group(club), [message.message_id])
        ledger.note_gone({message.sequence})

    def recall() -> None:
        message = next(recalled)
        ledger.note_going({message.sequence})
        api.recall(alice, group(club), message.message_id)
        ledger.note_gone({message.sequence})

    def walk(direction: int) -> int:
        walks = 0
        until = time.monotonic() + WALKING_SECONDS
        while walks < 1 or time.monotonic() < until:
            stored, _, gone = ledger.read()
            met = walk_to(direction, max(stored))
            assert met == sorted(set(met), reverse=direction == UP)
            _, going, _ = ledger.read()
            assert stored - going <= set(met)
            assert not gone & set(met)
            walks += 1
        return walks

    def walk_to(direction: int, end: int) -> list[int]:
        """A walk; DOWN it stops where the writers were when it began, for it may never catch up with them."""
        page = api.page(bob, group(club), direction=direction, page_size=size)
        met = sequences(page.messages)
        while page.next_page_token and not (direction == DOWN and met and met[-1] >= end):
            assert len(page.messages) == size
            page = api.page(bob, group(club), page_size=size, page_token=page.next_page_token)
            met += sequences(page.messages)
        return met

    with repeating(send_one, send_some, hide, recall):
        at_once([partial(walk, UP), partial(walk, DOWN)])
    stored, _, gone = ledger.read()
    assert sequences(api.walk(bob, group(club), DOWN)) == sorted(stored - gone)
    assert api.look(bob, group(club)).unread_count == len(stored - gone)


def test_list_walk_when_messages_arrive_and_pins_change_then_none_is_missed_and_the_quiet_come_once(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics L7."""
    alice, *others = ids.users(61)
    for other in others:
        api.send(other, single(alice))
    busy, pinned = others[0:40:2], others[1:10:2]
    quiet = [other for other in others if other not in {*busy, *pinned}]
    turns, pins = itertools.cycle(busy), itertools.cycle(itertools.product((True, False), pinned))

    def send() -> None:
        api.send(next(turns), single(alice))

    def pin() -> None:
        value, other = next(pins)
        api.settings(alice, single(other), pinned=value)

    with repeating(send, pin):
        for _ in range(12):
            met: list[str] = []
            token, pages = "", 0
            while token or not pages:
                page = api.list_page(alice, page_size=7, page_token=token)
                met += [entry.target_id for entry in page.conversations]
                token, pages = page.next_page_token, pages + 1
                assert pages < 40
            counted = Counter(met)
            assert set(counted) == set(others)
            assert all(counted[other] == 1 for other in quiet)
            assert [other for other in met if other in set(quiet)] == quiet[::-1]


@pytest.mark.parametrize("change", ["joined", "joined again", "created a group", "opened a pair", "opened a group"])
def test_list_walk_when_a_conversation_comes_into_the_list_meanwhile_then_it_is_not_missed(
    api: ApiClient, ids: Ids, change: str
) -> None:
    """A conversation that enters the list during a walk stands above the pages already read (semantics L7)."""
    alice, owner, stranger, *others = ids.users(9)
    club, own = group(ids.group()), ids.group()
    api.create_group(owner, club.target.id, [alice] if change == "joined again" else [])
    api.send(owner, club)
    if change == "joined again":
        api.remove(owner, club, [alice])
    for other in others:
        api.send(other, single(alice))
    api.send(owner, club, "while away")
    changes: dict[str, Callable[[], object]] = {
        "joined": lambda: api.add(owner, club, [alice]),
        "joined again": lambda: api.add(owner, club, [alice]),
        "created a group": lambda: api.create_group(alice, own),
        "opened a pair": lambda: api.open(alice, single(stranger)),
        "opened a group": lambda: api.open(alice, group(own)),
    }
    page = api.list_page(alice, page_size=2)
    changes[change]()
    met = [entry.conversation_id for entry in page.conversations]
    while page.next_page_token:
        page = api.list_page(alice, page_size=2, page_token=page.next_page_token)
        met += [entry.conversation_id for entry in page.conversations]
    assert sorted(met) == sorted(entry.conversation_id for entry in api.listed(alice))


def test_opening_when_many_open_one_conversation_at_once_then_one_creates_it(api: ApiClient, ids: Ids) -> None:
    """Keep semantics C3."""
    alice, bob = ids.users(2)
    club = ids.group()
    for users in ([(alice, single(bob)), (bob, single(alice))] * 4, [(alice, group(club))] * 8):
        requests = [
            conversation_service_pb2.GetOrCreateConversationRequest(user_id=user, conversation=at) for user, at in users
        ]
        answers = at_once([partial(api.conversations.GetOrCreateConversation, request) for request in requests])
        assert sum(answer.created for answer in answers) == 1
        assert len({answer.conversation.conversation_id for answer in answers}) == 1


def test_creating_when_many_take_one_source_id_at_once_then_one_gets_it(api: ApiClient, ids: Ids) -> None:
    users = ids.users(6)
    club = ids.group()

    def create(user: str) -> str:
        try:
            api.create_group(user, club)
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.ALREADY_EXISTS:
                raise
            return ""
        return user

    [winner] = filter(None, at_once([partial(create, user) for user in users]))
    assert api.look(winner, group(club)).role == member_pb2.MEMBER_ROLE_OWNER
    for loser in set(users) - {winner}:
        assert failing(partial(api.look, loser, group(club))).reason == "CONVERSATION_NOT_FOUND"


def test_first_messages_when_both_sides_write_at_once_then_one_conversation_holds_both(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics C3."""
    for _ in range(10):
        alice, bob = ids.users(2)
        sent = at_once([partial(api.send, alice, single(bob), "one"), partial(api.send, bob, single(alice), "two")])
        assert sorted(sequences(sent)) == [1, 2]
        assert sorted(texts(api.walk(alice, single(bob)))) == ["one", "two"]


def identity(stored: message_pb2.Message | message_service_pb2.SentMessage) -> tuple[str, str, int, int]:
    """What the server assigned to a message."""
    return stored.message_id, stored.conversation_id, stored.sequence, stored.create_time.ToMicroseconds()


def test_batches_when_retried_at_once_then_each_message_is_stored_once_and_all_get_it(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    items = [
        message_service_pb2.SendItem(
            conversation=single(bob), message=text_message(f"text {number}", client_message_id=f"mine {number}")
        )
        for number in range(20)
    ]
    orders = [items, items[::-1], items[10:] + items[:10], items]

    answers = at_once(
        [
            partial(
                api.messages.BatchSendMessages,
                message_service_pb2.BatchSendMessagesRequest(user_id=alice, items=order),
            )
            for order in orders
        ]
    )
    results = [result for answer in answers for result in answer.results]
    assert sum(not result.message.duplicate for result in results) == 20
    stored = {identity(result.message) for result in results}
    assert len(stored) == 20
    walked = api.walk(bob, single(alice), DOWN)
    assert sequences(walked) == list(range(1, 21))
    assert {identity(message) for message in walked} == stored
    assert sorted(texts(walked)) == sorted(f"text {number}" for number in range(20))
    assert api.look(bob, single(alice)).unread_count == 20


def test_unread_when_reads_sends_and_deletions_race_then_it_is_a_recount_at_every_moment(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics U1."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), ["text"] * 120)
    reads, hidden, recalled = iter(range(1, 200, 3)), iter(sent[1::7]), iter(sent[2::7])

    def step(call: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            for _ in range(15):
                call()

        return run

    at_once(
        [
            step(lambda: api.send(alice, single(bob))),
            step(lambda: api.send(bob, single(alice), keep_unread=True)),
            step(lambda: api.read(bob, single(alice), up_to_sequence=next(reads))),
            step(lambda: api.delete_ids(bob, single(alice), [next(hidden).message_id])),
            step(lambda: api.recall(alice, single(bob), next(recalled).message_id)),
        ]
    )
    seen = api.look(bob, single(alice))
    left = [message for message in api.walk(bob, single(alice)) if message.sequence > seen.read_sequence]
    assert seen.read_sequence == 43
    assert seen.unread_count == sum(message.sender_id == alice for message in left)
    assert api.summary(bob).totals.unread_count == seen.unread_count


def test_removal_when_messages_are_being_sent_then_the_window_ends_between_two_of_them(
    api: ApiClient, ids: Ids
) -> None:
    for _ in range(5):
        alice, bob = ids.users(2)
        api.create_group(alice, club := ids.group(), [bob])
        api.send(alice, group(club))
        own: list[int] = []

        def send_as_bob(bob: str = bob, club: str = club, own: list[int] = own) -> None:
            try:
                own.append(api.send(bob, group(club)).sequence)
            except grpc.RpcError as error:
                if error.code() is not grpc.StatusCode.PERMISSION_DENIED:
                    raise
                raise StopIteration from error

        with repeating(send_as_bob, partial(api.send, alice, group(club))):
            time.sleep(0.05)
            api.remove(alice, group(club), [bob])
            end = api.look(bob, group(club)).last_sequence
            time.sleep(0.02)
        assert all(sequence <= end for sequence in own)
        assert sequences(api.walk(bob, group(club), DOWN)) == list(range(1, end + 1))
        assert api.look(alice, group(club)).last_sequence >= end
