"""Messages that are too old are gone at once, unread included; the list does not move, and sequences go on."""

from collections.abc import Iterator
from typing import Any

import pytest

from backscroll.v1 import deletion_pb2, error_pb2, message_pb2, message_service_pb2
from backscroll_server.domain.clock import DAY, SECOND
from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.retention import Retention
from tests.support.api_client import (
    DOWN,
    EVERYONE,
    Reference,
    SomeMessage,
    failing,
    group,
    room,
    sequences,
    single,
    system,
    texts,
)
from tests.support.clocked_server import ClockedServer, clocked_server, eventually
from tests.support.fixtures import Ids, NewDatabase
from tests.support.watch_client import changes_since, kinds, now_token

DAYS = {"single": 1, "group": 2, "chat_room": 3, "system": 4}
ONE_DAY = 24 * 3600
RULES = {"retention": Retention.of_days(**DAYS)}


@pytest.fixture(scope="module")
def served(new_database: NewDatabase) -> Iterator[ClockedServer]:
    """A server that keeps messages for some days, by type."""
    settings: dict[str, Any] = {f"retention_{type_}_days": days for type_, days in DAYS.items()}
    with clocked_server(new_database(), **settings) as server:
        yield server
        server.clock.forward(-1)
        assert server.problems(**RULES) == []


def floor_of(served: ClockedServer, message: SomeMessage) -> int:
    """Up to where the background has sent that a conversation expired."""
    return max(
        (row.last_sequence for row in served.expect(ChangeKind.HISTORY_EXPIRED, served.number_of(message))), default=0
    )


def get(served: ClockedServer, user: str, message: message_pb2.Message) -> message_pb2.Message:
    """One message by its id."""
    return served.api.messages.GetMessage(
        message_service_pb2.GetMessageRequest(user_id=user, message_id=message.message_id)
    ).message


def around(served: ClockedServer, user: str, at: Reference, message: message_pb2.Message) -> list[int]:
    """What is around a message."""
    return sequences(
        served.api.messages.ListMessagesAround(
            message_service_pb2.ListMessagesAroundRequest(
                user_id=user, conversation=at, anchor={"message_id": message.message_id}, older_count=5, newer_count=5
            )
        ).messages
    )


def test_message_when_as_old_as_its_type_is_kept_then_gone_everywhere_at_once(served: ClockedServer, ids: Ids) -> None:
    """Keep semantics R1, R2."""
    api, (ann, bob) = served.api, ids.users(2)
    old = api.send(ann, single(bob), "old", mentions={"kind": 1, "user_ids": [bob]})
    served.clock.forward(60)
    young = api.send(ann, single(bob), "young")
    served.clock.forward(ONE_DAY - 60 - 1)
    assert api.look(bob, single(ann)).unread_count == 2
    served.clock.forward(1)

    def assert_gone() -> None:
        seen = api.look(bob, single(ann))
        assert (seen.unread_count, seen.unread_mention_count, seen.last_message.sequence) == (1, 0, 2)
        assert sequences(api.walk(bob, single(ann))) == [2]
        assert sequences(api.walk(bob, single(ann), DOWN)) == [2]
        assert sequences(api.page(bob, single(ann), start={"position": 3}, direction=DOWN).messages) == [2]
        assert failing(get, served, bob, old).reason == "MESSAGE_NOT_FOUND"
        assert get(served, bob, young).sequence == 2
        assert around(served, bob, single(ann), old) == [2]
        assert api.summary(bob).totals.unread_count == 1

    assert_gone()
    eventually(lambda: floor_of(served, old) == 1)
    assert_gone()


@pytest.mark.parametrize(
    ("reference", "days"), [(single, 1), (group, 2), (room, 3), (system, 4)], ids=["single", "group", "room", "system"]
)
def test_retention_when_types_differ_then_each_has_its_own(
    served: ClockedServer, ids: Ids, reference: type, days: int
) -> None:
    """Keep semantics R1."""
    api, ann = served.api, ids.user()
    name = ids.group()
    at = reference(name)
    if reference in (group, room):
        api.create_group(ann, name, kind=at.target.type)
    api.send(ann, system(name, ann) if reference is system else at, as_service=reference is system)
    served.clock.forward(days * ONE_DAY - 1)
    assert len(api.walk(ann, at)) == 1
    served.clock.forward(1)
    assert api.walk(ann, at) == []


def test_conversation_when_all_of_it_expired_then_keeps_its_place_and_has_nothing_unread(
    served: ClockedServer, ids: Ids
) -> None:
    """Retention leaves no badge, and takes no conversation out of its place (semantics R4)."""
    api, ann = served.api, ids.user()
    others = ids.users(3)
    for other in others:
        last = api.send(other, single(ann))
        served.clock.forward(1)
    before = [(seen.target_id, seen.activity_time) for seen in api.listed(ann)]
    assert [target for target, _ in before] == others[::-1]
    served.clock.forward(ONE_DAY)

    def assert_in_place() -> None:
        seen = api.listed(ann)
        assert [(entry.target_id, entry.activity_time) for entry in seen] == before
        assert not any(entry.unread_count or entry.HasField("last_message") for entry in seen)
        assert api.summary(ann).totals.unread_count == 0
        assert api.listed(ann, filter={"unread_only": True}) == []

    assert_in_place()
    eventually(lambda: floor_of(served, last) == 1)
    assert_in_place()


def test_sequence_when_everything_expired_and_was_purged_then_goes_on(served: ClockedServer, ids: Ids) -> None:
    """A sequence is never used again, and nothing expired comes to count (semantics R4)."""
    api, (ann, bob) = served.api, ids.users(2)
    last = api.send_many(ann, single(bob), map(str, range(700)))[-1]
    served.clock.forward(ONE_DAY + 1)
    eventually(lambda: floor_of(served, last) == 700)
    eventually(lambda: rows_of(served, served.number_of(last)) == 0)
    fresh = api.send(ann, single(bob), "fresh")
    assert fresh.sequence == 701
    assert api.look(bob, single(ann)).unread_count == 1
    assert texts(api.walk(bob, single(ann))) == ["fresh"]
    served.clock.forward(ONE_DAY)
    assert api.look(bob, single(ann)).unread_count == 0


def rows_of(served: ClockedServer, conversation: int) -> int:
    """How many messages of a conversation are stored."""
    from backscroll_server.storage.engine.address import DatabaseAddress

    connection = DatabaseAddress(served.database).connect()
    try:
        query = f"SELECT COUNT(*) FROM message WHERE conversation = {connection.param}"  # noqa: S608
        count: int = connection.execute_sql(query, (conversation,)).fetchone()[0]
    finally:
        connection.close()
    return count


def test_conversation_when_all_of_it_was_purged_then_next_message_is_a_change_and_no_addition(
    served: ClockedServer, ids: Ids
) -> None:
    api, (ann, bob) = served.api, ids.users(2)
    old = api.send(ann, single(bob), "old")
    served.clock.forward(ONE_DAY)
    eventually(lambda: rows_of(served, served.number_of(old)) == 0)
    start = now_token(api, bob)
    api.send(ann, single(bob), "new")
    expect = kinds(changes_since(api, bob, start))
    assert "conversation_changed" in expect
    assert "conversation_added" not in expect


def test_expired_message_when_named_then_not_found_but_still_a_place_to_page_and_read_from(
    served: ClockedServer, ids: Ids
) -> None:
    """A read marker and a cursor work on a message that was purged (semantics P3, R2)."""
    api, (ann, bob) = served.api, ids.users(2)
    old = [api.send(ann, single(bob), f"old {number}") for number in range(3)]
    served.clock.forward(ONE_DAY // 2 + 1)
    api.send(ann, single(bob), "young")
    served.clock.forward(ONE_DAY // 2)
    number = served.number_of(old[0])
    for purged in (False, True):
        if purged:
            eventually(lambda: rows_of(served, number) == 1)
        assert [result.error.reason for result in api.recall(ann, single(bob), old[0].message_id).results] == [
            error_pb2.ERROR_REASON_MESSAGE_NOT_FOUND
        ]
        assert [result.error.reason for result in api.delete_ids(bob, single(ann), [old[1].message_id]).results] == [
            error_pb2.ERROR_REASON_MESSAGE_NOT_FOUND
        ]
        start = {"message_id": old[1].message_id}
        assert sequences(api.page(bob, single(ann), start=start, direction=DOWN).messages) == [4]
        assert not api.page(bob, single(ann), start=start, direction=DOWN).opposite_page_token
        assert api.page(bob, single(ann), start=start).messages == []
    assert api.read(bob, single(ann), up_to_message_id=old[1].message_id).read_sequence == 2
    assert api.look(bob, single(ann)).unread_count == 1
    assert api.mark_unread(bob, single(ann), from_message_id=old[0].message_id) == 1


def test_retry_when_its_message_expired_then_answers_a_stub(served: ClockedServer, ids: Ids) -> None:
    """Keep semantics R3."""
    api, (ann, bob) = served.api, ids.users(2)
    sent = api.send(ann, single(bob), "secret", client_message_id="once")
    served.clock.forward(ONE_DAY)
    again = api.send(ann, single(bob), "secret", client_message_id="once")
    assert (again.message_id, again.sequence) == (sent.message_id, sent.sequence)
    assert not again.HasField("content")
    assert api.walk(bob, single(ann)) == []


def test_imported_history_when_older_than_the_retention_then_expires_by_its_own_time(
    served: ClockedServer, ids: Ids
) -> None:
    """Keep semantics R1."""
    api, (ann, bob) = served.api, ids.users(2)
    now = served.clock()
    api.import_messages(ann, single(bob), [(ann, now - 2 * DAY, "ancient"), (bob, now - SECOND, "recent")])
    assert texts(api.walk(ann, single(bob))) == ["recent"]
    assert api.look(ann, single(bob)).last_message.sequence == 2


def test_conversation_when_erased_for_everyone_then_not_sent_as_expired(served: ClockedServer, ids: Ids) -> None:
    api, ann = served.api, ids.user()
    name = ids.group()
    api.create_group(ann, name)
    sent = api.send(ann, group(name))
    api.delete(ann, group(name), EVERYONE, delete_messages=True)
    served.clock.forward(3 * ONE_DAY)
    api.send(ann, group(name), "new")
    served.clock.forward(3 * ONE_DAY)
    eventually(lambda: floor_of(served, sent) == 2)
    assert [row.last_sequence for row in served.expect(ChangeKind.HISTORY_EXPIRED, served.number_of(sent))] == [2]
    outcome = api.recall(ann, group(name), sent.message_id).results[0].outcome
    assert outcome == deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED


def test_page_token_when_what_it_points_into_expires_then_goes_on_behind_it(served: ClockedServer, ids: Ids) -> None:
    api, (ann, bob) = served.api, ids.users(2)
    api.send_many(ann, single(bob), map(str, range(10)))
    served.clock.forward(ONE_DAY // 2 + 1)
    api.send_many(ann, single(bob), map(str, range(10, 20)))
    page = api.page(bob, single(ann), page_size=5)
    down = api.page(bob, single(ann), direction=DOWN, page_size=3)
    served.clock.forward(ONE_DAY // 2)
    rest = api.page(bob, single(ann), page_token=page.next_page_token, page_size=50)
    assert sequences(rest.messages) == [15, 14, 13, 12, 11]
    assert not rest.next_page_token
    assert sequences(api.page(bob, single(ann), page_token=down.next_page_token, page_size=50).messages)[0] == 11


def test_clock_when_set_back_then_nothing_comes_back(served: ClockedServer, ids: Ids) -> None:
    """Keep semantics T1."""
    api, (ann, bob) = served.api, ids.users(2)
    api.send(ann, single(bob))
    served.clock.forward(ONE_DAY)
    assert api.walk(bob, single(ann)) == []
    served.clock.forward(-ONE_DAY)
    assert api.walk(bob, single(ann)) == []
    later = api.send(ann, single(bob), "later")
    assert sequences(api.walk(bob, single(ann))) == [2]
    served.clock.forward(ONE_DAY)
    assert later.create_time.ToMicroseconds() == served.clock()


def test_create_times_when_the_clock_stands_still_then_grow_by_a_microsecond(served: ClockedServer, ids: Ids) -> None:
    """Keep semantics W3."""
    ann, bob = ids.users(2)
    sent: list[SomeMessage] = [served.api.send(ann, single(bob))]
    sent += served.api.send_many(bob, single(ann), ["text"] * 3)
    assert [message.create_time.ToMicroseconds() - served.clock() for message in sent] == [0, 1, 2, 3]


def test_history_when_kept_longer_after_it_expired_in_storage_then_stays_gone(
    new_database: NewDatabase, ids: Ids
) -> None:
    """Keep semantics R6."""
    database = new_database()
    ann, bob = ids.users(2)
    with clocked_server(database, retention_single_days=1) as server:
        old = server.api.send(ann, single(bob), "old")
        server.clock.forward(ONE_DAY)
        eventually(lambda: floor_of(server, old) == 1)
        server.api.send(ann, single(bob), "young")
        clock = server.clock
    with clocked_server(database, clock, retention_single_days=3) as server:
        clock.forward(ONE_DAY)
        assert texts(server.api.walk(bob, single(ann))) == ["young"]
        assert server.api.look(bob, single(ann)).unread_count == 1


def test_clearing_before_a_time_when_all_before_it_expired_then_says_the_same_before_and_after_they_are_removed(
    served: ClockedServer, ids: Ids
) -> None:
    """The response does not depend on how far the background is."""
    api, (ann, bob) = served.api, ids.users(2)
    old = api.send(ann, single(bob), "old")
    served.clock.forward(ONE_DAY - 60)
    young = api.send(ann, single(bob), "young")
    served.clock.forward(60)
    for user in (ann, bob):
        other = single(bob if user == ann else ann)
        cleared = api.clear(user, other, before_time=young.create_time)
        assert cleared.cleared_range.up_to_sequence == 1
        assert sequences(api.walk(user, other)) == [2]
        eventually(lambda: served.purged_up_to(old) == 1)
