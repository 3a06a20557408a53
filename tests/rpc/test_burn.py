"""Burn after reading: read messages vanish for both at their moment, everywhere, and leave nothing behind."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from backscroll.v1 import conversation_service_pb2, deletion_pb2, error_pb2, message_pb2, message_service_pb2
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ChangeKind
from backscroll_server.storage.tables.changes import FeedRow
from tests.support.api_client import DOWN, EVERYONE, SELF, ApiClient, failing, sequences, single, text_message, texts
from tests.support.clocked_server import ClockedServer, clocked_server, eventually
from tests.support.fixtures import Ids, NewDatabase


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


def burn(api: ApiClient, user: str, other: str, seconds: float = 30, *, enabled: bool = True) -> None:
    """Turns the switch of a conversation."""
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=user,
            conversation=single(other),
            update_mask={"paths": ["burn"]},
            properties={"burn": {"enabled": enabled, "duration": timedelta(seconds=seconds)}},
        )
    )


def burning_pair(api: ApiClient, ids: Ids, seconds: float = 30) -> tuple[str, str]:
    """Two users whose conversation burns."""
    ann, bob = ids.users(2)
    api.open(ann, single(bob))
    burn(api, ann, bob, seconds)
    return ann, bob


def expect(served: ClockedServer, kind: ChangeKind, message: message_pb2.Message) -> list[FeedRow]:
    """The rows of one kind about a message's conversation."""
    return served.expect(kind, served.number_of(message))


def before_and_after_sweeping(served: ClockedServer, message: message_pb2.Message, check: Callable[[], None]) -> None:
    """Checks at once, and again when the content was removed and that was sent."""
    check()
    eventually(lambda: expect(served, ChangeKind.MESSAGES_BURNED, message))
    check()


def get(api: ApiClient, user: str, message: message_pb2.Message, **fields: Any) -> message_pb2.Message:
    """One message by its id."""
    return api.messages.GetMessage(
        message_service_pb2.GetMessageRequest(user_id=user, message_id=message.message_id, **fields)
    ).message


def test_message_when_read_then_gone_for_both_exactly_at_its_moment(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Keep semantics A5, B2, B4."""
    ann, bob = burning_pair(api, ids)
    stays = api.send(bob, single(ann), "stays until ann reads")
    burns = api.send(ann, single(bob), "burns", client_message_id="once", keep_unread=True)
    assert burns.burn_duration.ToMicroseconds() == 30 * SECOND
    served.clock.forward(1000)
    assert sequences(api.walk(ann, single(bob))) == [2, 1]
    api.read(bob, single(ann))
    due = served.clock() + 30 * SECOND
    assert [row.due_time for row in expect(served, ChangeKind.READ, burns)] == [due]
    served.clock.forward(29.999999)
    assert sequences(api.walk(ann, single(bob))) == [2, 1]
    served.clock.forward(0.000001)

    def assert_gone() -> None:
        for user, other in ((ann, bob), (bob, ann)):
            at = single(other)
            assert sequences(api.walk(user, at)) == [1]
            assert sequences(api.walk(user, at, DOWN)) == [1]
            assert sequences(api.walk(user, at, include_tombstones=True)) == [1]
            assert sequences(api.walk(user, at, filter={"sender_ids": [ann]})) == []
            seen = api.look(user, at)
            assert (seen.last_message.sequence, seen.last_sequence) == (1, 2)
            assert api.listed(user)[0].last_message.sequence == 1
            assert failing(get, api, user, burns).reason == "MESSAGE_NOT_FOUND"
            assert failing(get, api, user, burns, include_tombstones=True).reason == "MESSAGE_NOT_FOUND"
            around = message_service_pb2.ListMessagesAroundRequest(
                user_id=user, conversation=at, anchor={"message_id": burns.message_id}, older_count=5, newer_count=5
            )
            assert sequences(api.messages.ListMessagesAround(around).messages) == [1]
            exported = api.messages.StreamMessages(
                message_service_pb2.StreamMessagesRequest(user_id=user, conversation=at)
            )
            assert [message.sequence for part in exported for message in part.messages] == [1]
            readers = message_service_pb2.ListReadersRequest(user_id=user, message_id=burns.message_id)
            assert failing(api.messages.ListReaders, readers).reason == "MESSAGE_NOT_FOUND"
            for scope in (SELF, EVERYONE):
                result = api.delete_ids(user, at, [burns.message_id], scope).results[0]
                assert result.error.reason == error_pb2.ERROR_REASON_MESSAGE_NOT_FOUND
        as_service = api.recall(ann, single(bob), burns.message_id, as_service=True).results[0]
        assert as_service.error.reason == error_pb2.ERROR_REASON_MESSAGE_NOT_FOUND
        again = api.send(ann, single(bob), "burns", client_message_id="once", keep_unread=True)
        assert again.sequence == 2
        assert not again.HasField("content")

    before_and_after_sweeping(served, burns, assert_gone)
    swept = expect(served, ChangeKind.MESSAGES_BURNED, burns)
    assert [(row.first_sequence, row.last_sequence, row.user, row.scope) for row in swept] == [(2, 2, 0, 2)]
    assert get(api, bob, stays).sequence == 1


def test_message_when_replied_to_then_burns_and_the_reply_gives_when(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    ann, bob = burning_pair(api, ids, 10)
    first = api.send(ann, single(bob), "question")
    api.send(bob, single(ann), "not yet", keep_unread=True)
    api.send(bob, single(ann), "answer")
    rows = expect(served, ChangeKind.MESSAGE, first)
    assert [(row.due_time, bool(row.moves_read)) for row in rows] == [
        (0, True),
        (0, False),
        (served.clock() + 10 * SECOND, True),
    ]
    served.clock.forward(10)
    before_and_after_sweeping(served, first, lambda: texts_are(api, ann, bob, ["answer", "not yet"]))
    api.read(ann, single(bob))
    served.clock.forward(10)
    texts_are(api, ann, bob, [])


def texts_are(api: ApiClient, user: str, other: str, expected: list[str]) -> None:
    """Both sides see the same texts, newest first."""
    assert texts(api.walk(user, single(other))) == expected
    assert texts(api.walk(other, single(user))) == expected


def test_messages_when_sent_and_answered_in_one_batch_then_burn_too(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """A reply in the same transaction moves the read position over what that transaction stores."""
    me = ids.user()
    api.open(me, single(me))
    burn(api, me, me, 5)
    api.messages.BatchSendMessages(
        message_service_pb2.BatchSendMessagesRequest(
            user_id=me,
            items=[
                message_service_pb2.SendItem(conversation=single(me), message=text_message(str(number)))
                for number in range(3)
            ],
        )
    )
    assert len(api.walk(me, single(me))) == 3
    served.clock.forward(5)
    assert api.walk(me, single(me)) == []
    assert api.look(me, single(me)).unread_count == 0


def test_moment_when_marked_unread_toggled_and_deleted_then_stays(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Keep semantics B3."""
    ann, bob = burning_pair(api, ids)
    sent = [api.send(ann, single(bob), str(number)) for number in range(3)]
    api.read(bob, single(ann))
    served.clock.forward(20)
    assert api.mark_unread(bob, single(ann), from_message_id=sent[0].message_id) == 3
    burn(api, bob, ann, enabled=False)
    burn(api, bob, ann, 3600)
    api.delete(bob, single(ann))
    assert api.mark_unread(bob, single(ann), from_message_id=sent[0].message_id) == 0
    api.read(bob, single(ann))
    served.clock.forward(9.999999)
    assert len(api.walk(ann, single(bob))) == 3
    served.clock.forward(0.000001)
    before_and_after_sweeping(served, sent[0], lambda: texts_are(api, ann, bob, []))


def test_unread_when_counting_from_before_what_burned_then_exact(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Time takes unread messages, and the count follows (semantics U1)."""
    ann, bob = burning_pair(api, ids)
    sent = [api.send(ann, single(bob), str(number)) for number in range(4)]
    api.delete_ids(bob, single(ann), [sent[1].message_id])
    api.read(bob, single(ann), up_to_sequence=3)
    assert api.mark_unread(bob, single(ann), from_message_id=sent[0].message_id) == 3
    served.clock.forward(30)

    def assert_one_unread() -> None:
        seen = api.look(bob, single(ann))
        assert (seen.unread_count, seen.last_message.sequence) == (1, 4)
        assert api.summary(bob).totals.unread_count == 1
        assert sequences(api.page(bob, single(ann), start={"position": 3}, direction=DOWN).messages) == [4]
        assert served.problems() == []

    before_and_after_sweeping(served, sent[0], assert_one_unread)


def test_unread_messages_when_never_read_then_never_burn(served: ClockedServer, api: ApiClient, ids: Ids) -> None:
    """Keep semantics B6."""
    ann, bob = burning_pair(api, ids, 1)
    api.send(ann, single(bob), "unread")
    api.send(ann, single(bob), "unread too")
    api.read(ann, single(bob))
    served.clock.forward(10 * 24 * 3600)
    assert api.look(bob, single(ann)).unread_count == 2
    texts_are(api, ann, bob, ["unread too", "unread"])


def test_messages_when_durations_differ_then_each_has_the_one_it_was_sent_with(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Keep semantics B1."""
    ann, bob = burning_pair(api, ids, 10)
    first = api.send(ann, single(bob), "ten")
    burn(api, ann, bob, 20)
    api.send(ann, single(bob), "twenty")
    burn(api, ann, bob, enabled=False)
    api.send(ann, single(bob), "for ever")
    burn(api, ann, bob, 40)
    api.send(ann, single(bob), "forty")
    api.read(bob, single(ann))
    assert [row.due_time for row in expect(served, ChangeKind.READ, first)] == [served.clock() + 10 * SECOND]
    for expected in (["forty", "for ever", "twenty"], ["forty", "for ever"], ["forty", "for ever"], ["for ever"]):
        served.clock.forward(10)
        texts_are(api, ann, bob, expected)


def test_message_when_the_switch_alone_is_turned_off_and_the_duration_stays_then_does_not_burn(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Keep semantics B1."""
    ann, bob = burning_pair(api, ids, 10)
    burn(api, ann, bob, 10, enabled=False)
    assert api.look(bob, single(ann)).properties.burn.duration.seconds == 10
    assert not api.send(ann, single(bob), "for ever").HasField("burn_duration")
    api.read(bob, single(ann))
    served.clock.forward(30)
    texts_are(api, ann, bob, ["for ever"])


def test_message_when_the_switch_was_cleared_then_does_not_burn_and_the_duration_is_the_default_again(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Keep semantics B1."""
    ann, bob = burning_pair(api, ids, 10)
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=ann, conversation=single(bob), update_mask={"paths": ["burn"]}
        )
    )
    assert not api.look(bob, single(ann)).properties.burn.enabled
    assert not api.send(ann, single(bob), "for ever").HasField("burn_duration")
    api.conversations.UpdateConversation(
        conversation_service_pb2.UpdateConversationRequest(
            user_id=ann,
            conversation=single(bob),
            properties={"burn": {"enabled": True}},
            update_mask={"paths": ["burn"]},
        )
    )
    assert api.send(ann, single(bob), "burns").burn_duration.ToMicroseconds() == 30 * SECOND
    api.read(bob, single(ann))
    served.clock.forward(30)
    texts_are(api, ann, bob, ["for ever"])


def test_imported_and_own_messages_when_in_what_was_read_then_stay(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Keep semantics B1."""
    ann, bob = burning_pair(api, ids)
    first = api.send(ann, single(bob), "burns")
    api.send(bob, single(ann), "own", keep_unread=True)
    api.import_messages(ann, single(bob), [(ann, served.clock() - 5 * SECOND, "imported")])
    api.read(bob, single(ann))
    served.clock.forward(30)
    before_and_after_sweeping(served, first, lambda: texts_are(api, ann, bob, ["imported", "own"]))


def test_tombstone_when_its_message_would_have_burned_then_gone(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Keep semantics B4."""
    ann, bob = burning_pair(api, ids)
    sent = api.send(ann, single(bob), "recalled")
    api.recall(ann, single(bob), sent.message_id)
    assert sequences(api.walk(bob, single(ann), include_tombstones=True)) == [1]
    api.read(bob, single(ann))
    served.clock.forward(30)

    def assert_gone() -> None:
        assert api.walk(bob, single(ann), include_tombstones=True) == []
        assert failing(get, api, bob, sent, include_tombstones=True).reason == "MESSAGE_NOT_FOUND"

    before_and_after_sweeping(served, sent, assert_gone)


def test_mentions_and_list_place_when_messages_burn_then_as_they_were(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    ann, bob = burning_pair(api, ids)
    carl = ids.user()
    api.send(carl, single(bob), "other")
    served.clock.forward(1)
    sent = api.send(ann, single(bob), "you", mentions={"kind": 1, "user_ids": [bob]})
    before = [entry.target_id for entry in api.listed(bob)]
    assert before == [ann, carl]
    api.read(bob, single(ann))
    served.clock.forward(30)

    def assert_in_place() -> None:
        seen = api.listed(bob)
        assert [entry.target_id for entry in seen] == before
        assert seen[0].unread_mention_count == 0
        assert not seen[0].HasField("last_message")

    before_and_after_sweeping(served, sent, assert_in_place)


def test_many_messages_when_read_at_once_then_all_gone_at_once_and_swept_in_steps(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    ann, bob = burning_pair(api, ids)
    api.send_many(ann, single(bob), map(str, range(1200)))
    [last] = api.page(bob, single(ann), page_size=1).messages
    api.read(bob, single(ann))
    served.clock.forward(30)
    assert api.walk(bob, single(ann)) == []
    eventually(lambda: len(expect(served, ChangeKind.MESSAGES_BURNED, last)) == 3)
    ranges = [(row.first_sequence, row.last_sequence) for row in expect(served, ChangeKind.MESSAGES_BURNED, last)]
    assert ranges == [(1, 500), (501, 1000), (1001, 1200)]
    assert sequences(api.walk(bob, single(ann))) == []
    fresh = api.send(ann, single(bob), "fresh")
    assert fresh.sequence == 1201
    assert api.look(bob, single(ann)).unread_count == 1


def test_all_conversations_when_marked_read_then_theirs_burn(served: ClockedServer, api: ApiClient, ids: Ids) -> None:
    ann, bob = burning_pair(api, ids)
    api.send(ann, single(bob), "burns")
    api.conversations.MarkAllConversationsRead(conversation_service_pb2.MarkAllConversationsReadRequest(user_id=bob))
    served.clock.forward(30)
    texts_are(api, ann, bob, [])


def test_burned_messages_when_erased_for_everyone_after_that_then_count_as_deleted_at_once(
    served: ClockedServer, api: ApiClient, ids: Ids
) -> None:
    """Not only once they are removed from storage: the answer must not show how far that is."""
    ann, bob = burning_pair(api, ids)
    last = api.send_many(ann, single(bob), map(str, range(1200)))[-1]
    api.read(bob, single(ann))
    served.clock.forward(30)
    api.delete(ann, single(bob), EVERYONE, delete_messages=True, as_service=True)
    deleted = message_service_pb2.DeletionResult(
        message_id=last.message_id, outcome=deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED
    )
    assert list(api.recall(ann, single(bob), last.message_id, as_service=True).results) == [deleted]
    assert list(api.delete_ids(bob, single(ann), [last.message_id]).results) == [deleted]
