"""Unread counts: exact after everything, never negative, and read positions that only rise."""

import itertools
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from backscroll.v1 import conversation_pb2, conversation_service_pb2, message_pb2, message_service_pb2
from tests.support.api_client import DOWN, EVERYONE, Acting, Reference, failing, group, room, sequences, single, system
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids

FIRST_UNREAD = message_service_pb2.HistoryStart(position=message_service_pb2.HISTORY_POSITION_FIRST_UNREAD)
MENTIONS_ALL = message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ALL)


def mentions(*user_ids: str) -> message_pb2.Mentions:
    return message_pb2.Mentions(kind=message_pb2.MENTION_KIND_USER, user_ids=user_ids)


def count(act: Acting, user: str, at: Reference) -> int:
    return act.look(user, at).unread_count


def mentioned(act: Acting, user: str, at: Reference) -> list[tuple[int, int]]:
    """Sequence and kind of the unread mentions."""
    seen = act.look(user, at)
    assert seen.unread_mention_count == len(seen.unread_mentions)
    return [(mention.sequence, mention.kind) for mention in seen.unread_mentions]


def test_unread_when_the_messages_are_own_then_they_never_count(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    for _ in range(3):
        act.send(alice, single(bob))
    act.send(alice, single(bob), keep_unread=True)
    assert count(act, alice, single(bob)) == 0
    assert act.mark_unread(alice, single(bob), sequence=1) == 0


def test_unread_when_a_pair_is_one_user_then_it_is_zero(act: Acting, ids: Ids) -> None:
    alice = ids.user()
    act.send(alice, single(alice), keep_unread=True)
    assert count(act, alice, single(alice)) == 0
    assert act.summary(alice).totals.unread_count == 0


def test_unread_when_the_reader_answers_then_sending_reads_unless_asked_not_to(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send_many(alice, single(bob), ["one", "two"])
    act.send(bob, single(alice), keep_unread=True)
    assert (count(act, bob, single(alice)), act.look(bob, single(alice)).read_sequence) == (2, 0)
    act.send(bob, single(alice))
    assert (count(act, bob, single(alice)), act.look(bob, single(alice)).read_sequence) == (0, 4)


@pytest.mark.parametrize("by_everyone", [False, True], ids=["for me", "for everyone"])
def test_unread_when_unread_messages_are_deleted_then_count_and_mentions_fall_exactly(
    act: Acting, ids: Ids, by_everyone: bool
) -> None:
    alice, bob = ids.users(2)
    act.create_group(alice, club := ids.group(), [bob])
    sent = [act.send(alice, group(club), mentions=mentions(bob)) for _ in range(5)]
    act.read(bob, group(club), sequence=1)
    chosen = [sent[index].message_id for index in (0, 1, 3)]
    for _ in range(2):
        if by_everyone:
            act.recall(alice, group(club), *chosen)
        else:
            act.delete_ids(bob, group(club), chosen)
        assert count(act, bob, group(club)) == 2
        assert [sequence for sequence, _ in mentioned(act, bob, group(club))] == [5, 3]
    act.read(bob, group(club), sequence=3)
    assert (count(act, bob, group(club)), act.summary(bob).totals.mention_count) == (1, 1)


def test_unread_when_a_message_is_hidden_and_then_recalled_then_it_is_taken_off_once(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sent = act.send_many(alice, single(bob), ["one", "two", "three"])
    act.delete_ids(bob, single(alice), [sent[0].message_id])
    act.recall(alice, single(bob), sent[0].message_id)
    assert count(act, bob, single(alice)) == 2


def test_unread_when_the_whole_history_is_erased_then_no_badge_stays(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.create_group(alice, club := ids.group(), [bob])
    act.send_many(alice, group(club), ["one", "two"])
    act.delete(alice, group(club), EVERYONE, delete_messages=True)
    assert count(act, bob, group(club)) == 0
    act.send(alice, group(club), "three")
    assert (count(act, bob, group(club)), act.summary(bob).totals.unread_count) == (1, 1)


@pytest.mark.parametrize("by", ["sequence", "message_id"])
def test_read_when_its_message_was_deleted_or_erased_then_it_works(act: Acting, ids: Ids, by: str) -> None:
    alice, bob = ids.users(2)
    act.create_group(alice, club := ids.group(), [bob])
    sent = act.send_many(alice, group(club), ["one", "two", "three"])
    act.delete_ids(bob, group(club), [sent[0].message_id])
    first = {"sequence": 1} if by == "sequence" else {"message_id": sent[0].message_id}
    assert act.read(bob, group(club), **first).unread_count == 2
    act.delete(alice, group(club), EVERYONE, delete_messages=True)
    second = {"sequence": 2} if by == "sequence" else {"message_id": sent[1].message_id}
    assert act.read(bob, group(club), **second).read_sequence == 2


def test_read_when_past_the_end_then_it_is_the_end_and_what_follows_counts(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob))
    answer = act.read(bob, single(alice), sequence=2**62)
    assert (answer.read_sequence, answer.unread_count) == (1, 0)
    act.send(alice, single(bob))
    assert count(act, bob, single(alice)) == 1


@pytest.mark.parametrize("order", list(itertools.permutations((2, 5, 3))))
def test_read_when_devices_report_in_any_order_then_the_highest_holds(
    act: Acting, ids: Ids, order: Sequence[int]
) -> None:
    alice, bob = ids.users(2)
    act.send_many(alice, single(bob), ["text"] * 6)
    highest = 0
    for sequence in order:
        highest = max(highest, sequence)
        answer = act.read(bob, single(alice), sequence=sequence)
        assert (answer.read_sequence, answer.unread_count) == (highest, 6 - highest)


def test_read_when_many_threads_report_at_once_then_the_highest_holds(act: Acting, ids: Ids) -> None:
    """Reading the position and then setting it loses what another device did between."""
    alice, bob = ids.users(2)
    act.send_many(alice, single(bob), ["text"] * 40)
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda at: act.read(bob, single(alice), sequence=at), [*range(1, 38, 2), *range(36, 0, -2)])
        )
    assert all(answer.read_sequence + answer.unread_count == 40 for answer in answers)
    seen = act.look(bob, single(alice))
    assert (seen.read_sequence, seen.unread_count) == (37, 3)


@pytest.mark.parametrize("sequence", [0, -1])
def test_read_when_no_such_place_can_be_then_it_is_refused_and_nothing_changes(
    act: Acting, ids: Ids, sequence: int
) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob))
    failure = failing(lambda: act.read(bob, single(alice), sequence=sequence))
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "OUT_OF_BOUNDS", "sequence")
    assert count(act, bob, single(alice)) == 1


@pytest.mark.parametrize(
    "visibility", [conversation_pb2.HISTORY_VISIBILITY_ALL, conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN]
)
def test_unread_when_somebody_joins_a_group_with_history_then_nothing_is_unread(
    act: Acting, ids: Ids, visibility: int
) -> None:
    """A member who never opened the group sees its whole history as unread."""
    alice, bob = ids.users(2)
    act.create_group(alice, club := ids.group(), history_visibility=visibility)
    act.send_many(alice, group(club), ["text"] * 5)
    act.add(alice, group(club), [bob])
    assert (count(act, bob, group(club)), act.look(bob, group(club)).read_sequence) == (0, 0)
    sent = act.send(alice, group(club))
    assert count(act, bob, group(club)) == 1
    readers = act.messages.ListReaders(
        message_service_pb2.ListReadersRequest(user_id=alice, message_id=sent.message_id)
    ).readers
    assert len(readers) == 0


def test_unread_when_a_stranger_writes_first_then_it_counts_as_one(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob))
    assert count(act, bob, single(alice)) == 1
    assert act.summary(bob).totals.unread_conversation_count == 1


def test_unread_when_a_member_comes_back_then_what_was_said_meanwhile_does_not_count(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.create_group(alice, club := ids.group(), [bob])
    act.send_many(alice, group(club), ["text"] * 2)
    act.remove(alice, group(club), [bob])
    act.send_many(alice, group(club), ["text"] * 3)
    assert count(act, bob, group(club)) == 2
    act.add(alice, group(club), [bob])
    assert count(act, bob, group(club)) == 0
    act.send(alice, group(club))
    assert count(act, bob, group(club)) == 1


def test_unread_when_a_message_is_silent_then_it_takes_a_sequence_and_never_counts(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob))
    assert act.send(alice, single(bob), silent=True, mentions=MENTIONS_ALL).sequence == 2
    act.send(alice, single(bob))
    assert (count(act, bob, single(alice)), mentioned(act, bob, single(alice))) == (2, [])


def test_read_when_the_last_message_is_silent_then_the_position_passes_it(act: Acting, ids: Ids) -> None:
    """A silent message that cannot be read leaves the position behind for ever."""
    alice, bob = ids.users(2)
    act.send(alice, single(bob))
    silent = act.send(alice, single(bob), silent=True)
    answer = act.read(bob, single(alice), message_id=silent.message_id)
    assert (answer.read_sequence, answer.unread_count) == (2, 0)


def test_totals_when_a_conversation_is_muted_and_unmuted_then_no_badge_is_left_behind(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob))
    for option, expected in [
        (conversation_pb2.RECEIVE_OPTION_MUTED, (0, 1)),
        (conversation_pb2.RECEIVE_OPTION_NORMAL, (1, 0)),
        (conversation_pb2.RECEIVE_OPTION_BLOCKED, (0, 0)),
        (conversation_pb2.RECEIVE_OPTION_NORMAL, (1, 0)),
    ]:
        act.settings(bob, single(alice), receive_option=option)
        totals = act.summary(bob).totals
        assert (totals.unread_count, totals.muted_unread_count) == expected
        assert count(act, bob, single(alice)) == 1
    act.settings(bob, single(alice), receive_option=conversation_pb2.RECEIVE_OPTION_MUTED)
    act.read(bob, single(alice))
    assert act.summary(bob).totals.muted_unread_count == 0


def test_unread_when_messages_came_while_blocked_then_they_never_count(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob), "before")
    act.settings(bob, single(alice), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    blocked = act.send(alice, single(bob), "while", mentions=mentions(bob))
    act.settings(bob, single(alice), receive_option=conversation_pb2.RECEIVE_OPTION_NORMAL)
    act.send(alice, single(bob), "after")
    assert (count(act, bob, single(alice)), mentioned(act, bob, single(alice))) == (2, [])
    act.delete_ids(bob, single(alice), [blocked.message_id])
    assert count(act, bob, single(alice)) == 2


def clear_by_sequence(act: Acting, bob: str, alice: str) -> None:
    act.clear(bob, single(alice), up_to_sequence=3)


def clear_past_the_end(act: Acting, bob: str, alice: str) -> None:
    act.clear(bob, single(alice), up_to_sequence=2**62)


def clear_by_time(act: Acting, bob: str, alice: str) -> None:
    act.clear(bob, single(alice), before_time={"seconds": int(time.time()) + 3600})


def delete_conversation(act: Acting, bob: str, alice: str) -> None:
    act.delete(bob, single(alice))


def delete_with_messages(act: Acting, bob: str, alice: str) -> None:
    act.delete(bob, single(alice), delete_messages=True)


def delete_all(act: Acting, bob: str, alice: str) -> None:
    act.conversations.DeleteAllConversations(conversation_service_pb2.DeleteAllConversationsRequest(user_id=bob))
    assert act.look(bob, single(alice)).unlisted


def delete_for_everyone(act: Acting, bob: str, alice: str) -> None:
    act.delete(bob, single(alice), EVERYONE, as_service=True)


@pytest.mark.parametrize(
    "remove",
    [
        clear_by_sequence,
        clear_past_the_end,
        clear_by_time,
        delete_conversation,
        delete_with_messages,
        delete_all,
        delete_for_everyone,
    ],
)
def test_unread_when_everything_is_cleared_then_it_is_zero_for_whom_it_concerns(
    act: Acting, ids: Ids, remove: Callable[[Acting, str, str], None]
) -> None:
    alice, bob = ids.users(2)
    for _ in range(3):
        act.send(alice, single(bob), mentions=mentions(bob))
    act.send(bob, single(alice), keep_unread=True)
    act.read(bob, single(alice), sequence=1)
    remove(act, bob, alice)
    assert (count(act, bob, single(alice)), mentioned(act, bob, single(alice))) == (0, [])
    assert act.summary(bob).totals == conversation_service_pb2.UnreadTotals()
    assert count(act, alice, single(bob)) == (0 if remove is delete_for_everyone else 1)


def test_unread_when_history_is_imported_then_nothing_is_unread(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob))
    origin = time.time_ns() // 1000 - 3_600_000_000
    act.import_messages(alice, single(bob), [(alice, origin + number, "old") for number in range(5)])
    assert count(act, bob, single(alice)) == 1


def test_unread_when_a_send_is_repeated_then_it_counts_once(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    for _ in range(3):
        act.send(alice, single(bob), client_message_id="once")
    assert count(act, bob, single(alice)) == 1
    act.read(bob, single(alice))
    act.send(alice, single(bob), client_message_id="once")
    assert count(act, bob, single(alice)) == 0


def test_read_when_the_conversation_is_deleted_or_left_then_it_can_still_be_zeroed(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.create_group(alice, club := ids.group(), [bob])
    act.send_many(alice, group(club), ["text"] * 3)
    act.remove(alice, group(club), [bob])
    assert act.read(bob, group(club)).unread_count == 0
    act.send(alice, single(bob))
    act.delete(bob, single(alice), stay_hidden=True)
    act.send(alice, single(bob))
    assert count(act, bob, single(alice)) == 1
    assert act.read(bob, single(alice)).unread_count == 0


def test_unread_list_when_asked_for_then_it_is_what_has_a_count_or_the_mark(act: Acting, ids: Ids) -> None:
    """A filter that counts otherwise than the list shows conversations without a badge, or hides some."""
    alice, with_count, with_mark, was_read, deleted, silent = ids.users(6)
    for other in (with_count, with_mark, was_read, deleted):
        act.send(other, single(alice))
    act.send(silent, single(alice), silent=True)
    for other in (with_mark, was_read):
        act.read(alice, single(other))
    act.mark_unread(alice, single(with_mark))
    act.delete(alice, single(deleted))
    listed = act.listed(alice)
    shown = act.listed(alice, filter=conversation_service_pb2.ConversationFilter(unread_only=True))
    assert shown == [entry for entry in listed if entry.unread_count or entry.marked_unread]
    assert [entry.target_id for entry in shown] == [with_mark, with_count]


def test_read_when_ten_thousand_messages_are_unread_then_it_costs_what_reading_one_costs(act: Acting, ids: Ids) -> None:
    alice, few, many = ids.users(3)
    act.send_many(alice, single(few), ["text"] * 20)
    act.send_many(alice, single(many), ["text"] * 10_000)

    def seconds(user: str, sequence: int) -> float:
        begun = time.perf_counter()
        answer = act.read(user, single(alice), sequence=sequence)
        spent = time.perf_counter() - begun
        assert answer.read_sequence == sequence
        return spent

    cheap = min(seconds(few, sequence) for sequence in range(1, 11))
    dear = min(seconds(many, sequence) for sequence in range(1000, 10_001, 1000))
    assert dear < 10 * cheap + 0.01


def test_mentions_when_read_past_then_they_are_gone_and_the_others_stay(act: Acting, ids: Ids) -> None:
    """A stored flag is not cleared by reading, or a weaker mention overwrites a stronger one."""
    alice, bob = ids.users(2)
    act.create_group(alice, club := ids.group(), [bob])
    kinds = [message_pb2.MENTION_KIND_USER, message_pb2.MENTION_KIND_ANNOUNCEMENT, message_pb2.MENTION_KIND_ALL]
    act.send(alice, group(club), mentions=mentions(bob))
    act.send(alice, group(club), mentions=message_pb2.Mentions(kind=kinds[1]))
    act.send(alice, group(club), mentions=MENTIONS_ALL)
    act.send(alice, group(club))
    assert mentioned(act, bob, group(club)) == [(3, kinds[2]), (2, kinds[1]), (1, kinds[0])]
    act.read(bob, group(club), sequence=2)
    assert mentioned(act, bob, group(club)) == [(3, kinds[2])]
    act.read(bob, group(club))
    assert mentioned(act, bob, group(club)) == []
    assert mentioned(act, alice, group(club)) == []


def test_mentions_when_reset_then_they_are_gone_and_the_count_stays(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob), mentions=mentions(bob))
    assert [act.reset_mentions(bob, single(alice)) for _ in range(2)] == [1, 0]
    assert (count(act, bob, single(alice)), mentioned(act, bob, single(alice))) == (1, [])
    act.mark_unread(bob, single(alice), sequence=1)
    assert mentioned(act, bob, single(alice)) == []


def test_marking_unread_when_from_a_message_then_only_the_count_goes_back(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send_many(alice, single(bob), ["text"] * 5)
    act.read(bob, single(alice))
    assert act.mark_unread(bob, single(alice), sequence=4) == 2
    seen = act.look(bob, single(alice))
    assert (seen.read_sequence, seen.marked_unread) == (5, False)
    assert sequences(act.page(bob, single(alice), direction=DOWN, start=FIRST_UNREAD).messages) == [4, 5]
    assert act.read(bob, single(alice), sequence=1).unread_count == 0


def test_marking_unread_when_by_the_flag_then_totals_stay_and_the_next_read_clears_it(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.send(alice, single(bob))
    act.read(bob, single(alice))
    assert act.mark_unread(bob, single(alice)) == 0
    assert (act.look(bob, single(alice)).marked_unread, act.summary(bob).totals.unread_count) == (True, 0)
    act.read(bob, single(alice))
    assert not act.look(bob, single(alice)).marked_unread


def test_totals_when_a_chat_room_is_busy_then_it_stays_out_of_them(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    act.create_group(alice, lobby := ids.group(), [bob], type=conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM)
    act.open(bob, room(lobby))
    act.send(alice, room(lobby))
    assert (count(act, bob, room(lobby)), act.summary(bob).totals.unread_count) == (1, 0)


def test_check_when_a_source_notified_in_several_calls_then_finds_no_problem(
    act: Acting, ids: Ids, database_url: str
) -> None:
    """Whoever only sends into a `SYSTEM` conversation has no count of its own there."""
    ann, billing = ids.users(2)
    for text in ("first", "second"):
        act.send(billing, system("billing", ann), text, as_service=True)
    assert act.look(ann, system("billing")).unread_count == 2
    assert_sound(database_url)
