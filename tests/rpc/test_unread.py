"""Unread counts: exact after everything, never negative, and read positions that only rise."""

import itertools
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    message_pb2,
    message_service_pb2,
    user_pb2,
    user_service_pb2,
)
from tests.support.api_client import (
    DOWN,
    EVERYONE,
    ApiClient,
    Reference,
    failing,
    group,
    room,
    sequences,
    single,
    system,
)
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids
from tests.support.recount import recounted
from tests.support.watch_client import changes_since, now_token

FIRST_UNREAD = message_service_pb2.HistoryStart(position=message_service_pb2.HISTORY_POSITION_FIRST_UNREAD)
MENTIONS_ALL = message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ALL)


def mentions(*user_ids: str) -> message_pb2.Mentions:
    return message_pb2.Mentions(kind=message_pb2.MENTION_KIND_USER, user_ids=user_ids)


def count(api: ApiClient, user: str, at: Reference) -> int:
    return api.look(user, at).unread_count


def mentioned(api: ApiClient, user: str, at: Reference) -> list[tuple[int, int]]:
    """Sequence and kind of the unread mentions."""
    seen = api.look(user, at)
    assert seen.unread_mention_count == len(seen.unread_mentions)
    return [(mention.sequence, mention.kind) for mention in seen.unread_mentions]


def test_unread_when_the_messages_are_own_then_they_never_count(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    for _ in range(3):
        api.send(alice, single(bob))
    api.send(alice, single(bob), keep_unread=True)
    assert count(api, alice, single(bob)) == 0
    assert api.mark_unread(alice, single(bob), from_sequence=1) == 0


def test_unread_when_a_pair_is_one_user_then_it_is_zero(api: ApiClient, ids: Ids) -> None:
    alice = ids.user()
    api.send(alice, single(alice), keep_unread=True)
    assert count(api, alice, single(alice)) == 0
    assert api.summary(alice).totals.unread_count == 0


def test_unread_when_the_reader_answers_then_sending_reads_unless_asked_not_to(api: ApiClient, ids: Ids) -> None:
    """Keep semantics W4."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["one", "two"])
    api.send(bob, single(alice), keep_unread=True)
    assert (count(api, bob, single(alice)), api.look(bob, single(alice)).read_sequence) == (2, 0)
    api.send(bob, single(alice))
    assert (count(api, bob, single(alice)), api.look(bob, single(alice)).read_sequence) == (0, 4)


@pytest.mark.parametrize("by_everyone", [False, True], ids=["for me", "for everyone"])
def test_unread_when_unread_messages_are_deleted_then_count_and_mentions_fall_exactly(
    api: ApiClient, ids: Ids, by_everyone: bool
) -> None:
    """Keep semantics U1."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    sent = [api.send(alice, group(club), mentions=mentions(bob)) for _ in range(5)]
    api.read(bob, group(club), up_to_sequence=1)
    chosen = [sent[index].message_id for index in (0, 1, 3)]
    for _ in range(2):
        if by_everyone:
            api.recall(alice, group(club), *chosen)
        else:
            api.delete_ids(bob, group(club), chosen)
        assert count(api, bob, group(club)) == 2
        assert [sequence for sequence, _ in mentioned(api, bob, group(club))] == [5, 3]
    api.read(bob, group(club), up_to_sequence=3)
    assert (count(api, bob, group(club)), api.summary(bob).totals.unread_mention_count) == (1, 1)


def test_unread_when_a_message_is_hidden_and_then_recalled_then_it_is_taken_off_once(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), ["one", "two", "three"])
    api.delete_ids(bob, single(alice), [sent[0].message_id])
    api.recall(alice, single(bob), sent[0].message_id)
    assert count(api, bob, single(alice)) == 2


def test_unread_when_the_whole_history_is_erased_then_no_badge_stays(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send_many(alice, group(club), ["one", "two"])
    api.delete(alice, group(club), EVERYONE, delete_messages=True)
    assert count(api, bob, group(club)) == 0
    api.send(alice, group(club), "three")
    assert (count(api, bob, group(club)), api.summary(bob).totals.unread_count) == (1, 1)


@pytest.mark.parametrize("by", ["up_to_sequence", "up_to_message_id"])
def test_read_when_its_message_was_deleted_or_erased_then_it_works(api: ApiClient, ids: Ids, by: str) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    sent = api.send_many(alice, group(club), ["one", "two", "three"])
    api.delete_ids(bob, group(club), [sent[0].message_id])
    first = {by: 1 if by == "up_to_sequence" else sent[0].message_id}
    assert api.read(bob, group(club), **first).unread_count == 2
    api.delete(alice, group(club), EVERYONE, delete_messages=True)
    second = {by: 2 if by == "up_to_sequence" else sent[1].message_id}
    assert api.read(bob, group(club), **second).read_sequence == 2


def test_read_when_past_the_end_then_it_is_the_end_and_what_follows_counts(api: ApiClient, ids: Ids) -> None:
    """Keep semantics U2."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    answer = api.read(bob, single(alice), up_to_sequence=2**62)
    assert (answer.read_sequence, answer.unread_count) == (1, 0)
    api.send(alice, single(bob))
    assert count(api, bob, single(alice)) == 1


@pytest.mark.parametrize("order", list(itertools.permutations((2, 5, 3))))
def test_read_when_devices_report_in_any_order_then_the_highest_holds(
    api: ApiClient, ids: Ids, order: Sequence[int]
) -> None:
    """Keep semantics U2."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["text"] * 6)
    highest = 0
    for sequence in order:
        highest = max(highest, sequence)
        answer = api.read(bob, single(alice), up_to_sequence=sequence)
        assert (answer.read_sequence, answer.unread_count) == (highest, 6 - highest)


def test_read_when_many_threads_report_at_once_then_the_highest_holds(api: ApiClient, ids: Ids) -> None:
    """Reading the position and then setting it loses what another device did between."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["text"] * 40)
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda at: api.read(bob, single(alice), up_to_sequence=at), [*range(1, 38, 2), *range(36, 0, -2)]
            )
        )
    assert all(answer.read_sequence + answer.unread_count == 40 for answer in answers)
    seen = api.look(bob, single(alice))
    assert (seen.read_sequence, seen.unread_count) == (37, 3)


@pytest.mark.parametrize("sequence", [-1, -(2**63)])
def test_read_when_no_such_place_can_be_then_it_is_refused_and_nothing_changes(
    api: ApiClient, ids: Ids, sequence: int
) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    failure = failing(lambda: api.read(bob, single(alice), up_to_sequence=sequence))
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "NEGATIVE", "up_to_sequence")
    assert count(api, bob, single(alice)) == 1


def test_read_when_the_bound_is_zero_then_nothing_is_read_but_the_marks_are_cleared(api: ApiClient, ids: Ids) -> None:
    """Zero is a bound: a client that knows no message reads none that came since (semantics U9)."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["one", "two"])
    api.read(bob, single(alice), up_to_sequence=1)
    api.mark_unread(bob, single(alice))
    answer = api.read(bob, single(alice), up_to_sequence=0)
    assert (answer.read_sequence, answer.unread_count) == (1, 1)
    assert not api.look(bob, single(alice)).marked_unread


@pytest.mark.parametrize(
    "visibility", [conversation_pb2.HISTORY_VISIBILITY_ALL, conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN]
)
def test_unread_when_somebody_joins_a_group_with_history_then_nothing_is_unread(
    api: ApiClient, ids: Ids, visibility: int
) -> None:
    """A member who never opened the group sees its whole history as unread (semantics M4)."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), history_visibility=visibility)
    api.send_many(alice, group(club), ["text"] * 5)
    api.add(alice, group(club), [bob])
    assert (count(api, bob, group(club)), api.look(bob, group(club)).read_sequence) == (0, 0)
    sent = api.send(alice, group(club))
    assert count(api, bob, group(club)) == 1
    readers = api.messages.ListReaders(
        message_service_pb2.ListReadersRequest(user_id=alice, message_id=sent.message_id)
    ).readers
    assert len(readers) == 0


def test_unread_when_a_stranger_writes_first_then_it_counts_as_one(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    assert count(api, bob, single(alice)) == 1
    assert api.summary(bob).totals.unread_conversation_count == 1


def test_unread_when_a_member_comes_back_then_what_was_said_meanwhile_does_not_count(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send_many(alice, group(club), ["text"] * 2)
    api.remove(alice, group(club), [bob])
    api.send_many(alice, group(club), ["text"] * 3)
    assert count(api, bob, group(club)) == 2
    api.add(alice, group(club), [bob])
    assert count(api, bob, group(club)) == 0
    api.send(alice, group(club))
    assert count(api, bob, group(club)) == 1


def test_unread_when_a_message_is_silent_then_it_takes_a_sequence_and_never_counts(api: ApiClient, ids: Ids) -> None:
    """Keep semantics W5."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    assert api.send(alice, single(bob), silent=True, mentions=MENTIONS_ALL).sequence == 2
    api.send(alice, single(bob))
    assert (count(api, bob, single(alice)), mentioned(api, bob, single(alice))) == (2, [])


def test_read_when_the_last_message_is_silent_then_the_position_passes_it(api: ApiClient, ids: Ids) -> None:
    """A silent message that cannot be read leaves the position behind for ever."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    silent = api.send(alice, single(bob), silent=True)
    answer = api.read(bob, single(alice), up_to_message_id=silent.message_id)
    assert (answer.read_sequence, answer.unread_count) == (2, 0)


def test_totals_when_a_conversation_is_muted_and_unmuted_then_no_badge_is_left_behind(api: ApiClient, ids: Ids) -> None:
    """Keep semantics S3, U5."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    for option, expected in [
        (conversation_pb2.RECEIVE_OPTION_MUTED, (0, 1)),
        (conversation_pb2.RECEIVE_OPTION_NORMAL, (1, 0)),
        (conversation_pb2.RECEIVE_OPTION_BLOCKED, (0, 0)),
        (conversation_pb2.RECEIVE_OPTION_NORMAL, (1, 0)),
    ]:
        api.settings(bob, single(alice), receive_option=option)
        totals = api.summary(bob).totals
        assert (totals.unread_count, totals.muted_unread_count) == expected
        assert count(api, bob, single(alice)) == 1
    api.settings(bob, single(alice), receive_option=conversation_pb2.RECEIVE_OPTION_MUTED)
    api.read(bob, single(alice))
    assert api.summary(bob).totals.muted_unread_count == 0


def test_unread_when_messages_came_while_blocked_then_they_never_count(api: ApiClient, ids: Ids) -> None:
    """Keep semantics S2."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob), "before")
    api.settings(bob, single(alice), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    blocked = api.send(alice, single(bob), "while", mentions=mentions(bob))
    api.settings(bob, single(alice), receive_option=conversation_pb2.RECEIVE_OPTION_NORMAL)
    api.send(alice, single(bob), "after")
    assert (count(api, bob, single(alice)), mentioned(api, bob, single(alice))) == (2, [])
    api.delete_ids(bob, single(alice), [blocked.message_id])
    assert count(api, bob, single(alice)) == 2


def test_unread_when_everything_is_blocked_or_muted_then_only_blocking_keeps_messages_out(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics S4."""
    alice, bob, carol = ids.users(3)
    api.send(alice, single(bob), "before")

    def receive(option: int) -> None:
        api.users.UpdateUserSettings(
            user_service_pb2.UpdateUserSettingsRequest(
                user_id=bob, settings={"receive_option": option}, update_mask={"paths": ["receive_option"]}
            )
        )

    receive(conversation_pb2.RECEIVE_OPTION_BLOCKED)
    api.send(alice, single(bob), "while")
    api.send(carol, single(bob), "a conversation that is new")
    assert [entry.unread_count for entry in api.listed(bob)] == [1]
    receive(conversation_pb2.RECEIVE_OPTION_MUTED)
    api.send(alice, single(bob), "after")
    totals = api.summary(bob).totals
    assert (totals.unread_count, totals.muted_unread_count) == (2, 0)


def test_totals_when_everything_is_blocked_are_those_of_blocking_each_conversation(api: ApiClient, ids: Ids) -> None:
    """Keep semantics S4, U5."""
    alice, bob, carol = ids.users(3)
    club = group(ids.group())
    api.create_group(alice, club.target.id, [bob])
    places = [single(alice), single(carol), club]
    api.send(alice, single(bob))
    api.send(carol, single(bob))
    api.send(alice, club, mentions=mentions(bob))

    def receive(option: conversation_pb2.ReceiveOption) -> None:
        api.users.UpdateUserSettings(
            user_service_pb2.UpdateUserSettingsRequest(
                user_id=bob, settings={"receive_option": option}, update_mask={"paths": ["receive_option"]}
            )
        )

    def shown() -> tuple[Any, ...]:
        summary = api.summary(bob)
        entries = {entry.conversation_id: entry for entry in api.listed(bob)}
        seen = [(key, entry.unread_count, entry.last_sequence) for key, entry in sorted(entries.items())]
        return summary.totals, list(summary.by_type), seen

    def total_sent(token: str) -> user_pb2.UnreadTotals:
        events = changes_since(api, bob, token)
        return [e.total_unread_changed.totals for e in events if e.HasField("total_unread_changed")][-1]

    token = now_token(api, bob)
    receive(conversation_pb2.RECEIVE_OPTION_BLOCKED)
    at_once, wide = shown(), total_sent(token)
    api.send(alice, club, "while blocked", mentions=mentions(bob))
    after = shown()
    receive(conversation_pb2.RECEIVE_OPTION_NORMAL)
    assert api.summary(bob).totals.unread_count == 3
    token = now_token(api, bob)
    for at in places:
        api.settings(bob, at, receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    totals = api.summary(bob).totals
    assert (totals.unread_count, totals.unread_conversation_count) == (0, 0)
    assert (at_once[:2], wide, after[:2]) == (shown()[:2], total_sent(token), shown()[:2])
    assert at_once == after


def clear_by_sequence(api: ApiClient, bob: str, alice: str) -> None:
    api.clear(bob, single(alice), up_to_sequence=3)


def clear_past_the_end(api: ApiClient, bob: str, alice: str) -> None:
    api.clear(bob, single(alice), up_to_sequence=2**62)


def clear_by_time(api: ApiClient, bob: str, alice: str) -> None:
    api.clear(bob, single(alice), before_time={"seconds": int(time.time()) + 3600})


def delete_conversation(api: ApiClient, bob: str, alice: str) -> None:
    api.delete(bob, single(alice))


def delete_with_messages(api: ApiClient, bob: str, alice: str) -> None:
    api.delete(bob, single(alice), delete_messages=True)


def delete_all(api: ApiClient, bob: str, alice: str) -> None:
    api.conversations.DeleteAllConversations(conversation_service_pb2.DeleteAllConversationsRequest(user_id=bob))
    assert api.look(bob, single(alice)).unlisted


def delete_for_everyone(api: ApiClient, bob: str, alice: str) -> None:
    api.delete(bob, single(alice), EVERYONE, as_service=True)


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
    api: ApiClient, ids: Ids, remove: Callable[[ApiClient, str, str], None]
) -> None:
    alice, bob = ids.users(2)
    for _ in range(3):
        api.send(alice, single(bob), mentions=mentions(bob))
    api.send(bob, single(alice), keep_unread=True)
    api.read(bob, single(alice), up_to_sequence=1)
    remove(api, bob, alice)
    assert (count(api, bob, single(alice)), mentioned(api, bob, single(alice))) == (0, [])
    assert api.summary(bob).totals == user_pb2.UnreadTotals()
    assert count(api, alice, single(bob)) == (0 if remove is delete_for_everyone else 1)


def test_unread_when_history_is_imported_then_nothing_is_unread(api: ApiClient, ids: Ids) -> None:
    """Keep semantics I3."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    origin = time.time_ns() // 1000 - 3_600_000_000
    api.import_messages(alice, single(bob), [(alice, origin + number, "old") for number in range(5)])
    assert count(api, bob, single(alice)) == 1


def test_unread_when_a_send_is_repeated_then_it_counts_once(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    for _ in range(3):
        api.send(alice, single(bob), client_message_id="once")
    assert count(api, bob, single(alice)) == 1
    api.read(bob, single(alice))
    api.send(alice, single(bob), client_message_id="once")
    assert count(api, bob, single(alice)) == 0


def test_read_when_the_conversation_is_deleted_or_left_then_it_can_still_be_zeroed(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send_many(alice, group(club), ["text"] * 3)
    api.remove(alice, group(club), [bob])
    assert api.read(bob, group(club)).unread_count == 0
    api.send(alice, single(bob))
    api.delete(bob, single(alice), stay_hidden=True)
    api.send(alice, single(bob))
    assert count(api, bob, single(alice)) == 1
    assert api.read(bob, single(alice)).unread_count == 0


def test_unread_list_when_asked_for_then_it_is_what_has_a_count_or_the_mark(api: ApiClient, ids: Ids) -> None:
    """A filter that counts otherwise than the list shows conversations without a badge, or hides some."""
    alice, with_count, with_mark, was_read, deleted, silent = ids.users(6)
    for other in (with_count, with_mark, was_read, deleted):
        api.send(other, single(alice))
    api.send(silent, single(alice), silent=True)
    for other in (with_mark, was_read):
        api.read(alice, single(other))
    api.mark_unread(alice, single(with_mark))
    api.delete(alice, single(deleted))
    listed = api.listed(alice)
    shown = api.listed(alice, filter=conversation_service_pb2.ConversationFilter(unread_only=True))
    assert shown == [entry for entry in listed if entry.unread_count or entry.marked_unread]
    assert [entry.target_id for entry in shown] == [with_mark, with_count]


def test_read_when_ten_thousand_messages_are_unread_then_it_costs_what_reading_one_costs(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics U6."""
    alice, few, many = ids.users(3)
    api.send_many(alice, single(few), ["text"] * 20)
    api.send_many(alice, single(many), ["text"] * 10_000)

    def seconds(user: str, sequence: int) -> float:
        begun = time.perf_counter()
        answer = api.read(user, single(alice), up_to_sequence=sequence)
        spent = time.perf_counter() - begun
        assert answer.read_sequence == sequence
        return spent

    cheap = min(seconds(few, sequence) for sequence in range(1, 11))
    dear = min(seconds(many, sequence) for sequence in range(1000, 10_001, 1000))
    assert dear < 10 * cheap + 0.01


def test_mentions_when_read_past_then_they_are_gone_and_the_others_stay(api: ApiClient, ids: Ids) -> None:
    """A stored flag is not cleared by reading, or a weaker mention overwrites a stronger one (semantics U4)."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    kinds = [message_pb2.MENTION_KIND_USER, message_pb2.MENTION_KIND_ANNOUNCEMENT, message_pb2.MENTION_KIND_ALL]
    api.send(alice, group(club), mentions=mentions(bob))
    api.send(alice, group(club), mentions=message_pb2.Mentions(kind=kinds[1]))
    api.send(alice, group(club), mentions=MENTIONS_ALL)
    api.send(alice, group(club))
    assert mentioned(api, bob, group(club)) == [(3, kinds[2]), (2, kinds[1]), (1, kinds[0])]
    api.read(bob, group(club), up_to_sequence=2)
    assert mentioned(api, bob, group(club)) == [(3, kinds[2])]
    api.read(bob, group(club))
    assert mentioned(api, bob, group(club)) == []
    assert mentioned(api, alice, group(club)) == []


def test_mentions_when_reset_then_they_are_gone_and_the_count_stays(api: ApiClient, ids: Ids) -> None:
    """Keep semantics U4."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob), mentions=mentions(bob))
    assert [api.reset_mentions(bob, single(alice)) for _ in range(2)] == [1, 0]
    assert (count(api, bob, single(alice)), mentioned(api, bob, single(alice))) == (1, [])
    api.mark_unread(bob, single(alice), from_sequence=1)
    assert mentioned(api, bob, single(alice)) == []


def test_mentions_when_marked_unread_from_a_later_message_then_only_its_own_and_later_ones(
    api: ApiClient, ids: Ids
) -> None:
    """A mention is unread only if its message counts as unread (semantics U4)."""
    alice, bob = ids.users(2)
    for _ in range(4):
        api.send(alice, single(bob), mentions=mentions(bob))
    api.mark_unread(bob, single(alice), from_sequence=3)
    assert (count(api, bob, single(alice)), [sequence for sequence, _ in mentioned(api, bob, single(alice))]) == (
        2,
        [4, 3],
    )


def test_marking_unread_when_from_a_message_then_only_the_count_goes_back(api: ApiClient, ids: Ids) -> None:
    """Keep semantics U3."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["text"] * 5)
    api.read(bob, single(alice))
    assert api.mark_unread(bob, single(alice), from_sequence=4) == 2
    seen = api.look(bob, single(alice))
    assert (seen.read_sequence, seen.marked_unread) == (5, False)
    assert sequences(api.page(bob, single(alice), direction=DOWN, start=FIRST_UNREAD).messages) == [4, 5]
    assert api.read(bob, single(alice), up_to_sequence=1).unread_count == 0


def test_marking_unread_when_by_the_flag_then_totals_stay_and_the_next_read_clears_it(api: ApiClient, ids: Ids) -> None:
    """Keep semantics U3."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    api.read(bob, single(alice))
    assert api.mark_unread(bob, single(alice)) == 0
    assert (api.look(bob, single(alice)).marked_unread, api.summary(bob).totals.unread_count) == (True, 0)
    api.read(bob, single(alice))
    assert not api.look(bob, single(alice)).marked_unread


def mark_all_read(api: ApiClient, user: str, **fields: Any) -> int:
    """Reads every conversation; returns how many were changed."""
    return api.conversations.MarkAllConversationsRead(
        conversation_service_pb2.MarkAllConversationsReadRequest(user_id=user, **fields)
    ).changed_count


def read_to_sequence(api: ApiClient, bob: str, alice: str, bound: message_service_pb2.SentMessage) -> None:
    api.read(bob, single(alice), up_to_sequence=bound.sequence)


def read_to_message(api: ApiClient, bob: str, alice: str, bound: message_service_pb2.SentMessage) -> None:
    api.read(bob, single(alice), up_to_message_id=bound.message_id)


def read_all_to_time(api: ApiClient, bob: str, _: str, bound: message_service_pb2.SentMessage) -> None:
    mark_all_read(api, bob, up_to_time=bound.create_time)


@pytest.mark.parametrize("read", [read_to_sequence, read_to_message, read_all_to_time])
def test_read_when_retried_with_its_bound_then_what_came_since_stays_unread(
    api: ApiClient, ids: Ids, read: Callable[[ApiClient, str, str, message_service_pb2.SentMessage], None]
) -> None:
    """Keep semantics U9."""
    alice, bob = ids.users(2)
    bound = api.send_many(alice, single(bob), ["one", "two"])[-1]
    read(api, bob, alice, bound)
    assert count(api, bob, single(alice)) == 0
    api.send(alice, single(bob), "since", mentions=mentions(bob))
    read(api, bob, alice, bound)
    seen = api.look(bob, single(alice))
    assert (seen.unread_count, seen.unread_mention_count, seen.read_sequence) == (1, 1, 2)


def test_reading_all_when_up_to_a_time_then_later_messages_stay_unread(api: ApiClient, ids: Ids) -> None:
    """The time is inclusive. What has only later messages is left as it is, with its marks (semantics U9)."""
    alice, bob, before, both, after = ids.users(5)
    api.send(before, single(alice))
    bound = api.send(both, single(alice))
    api.send_many(both, single(alice), ["later"] * 2)
    api.send(after, single(alice))
    api.mark_unread(alice, single(after))
    api.send(alice, single(bob), "all read")
    assert mark_all_read(api, alice, up_to_time=bound.create_time) == 2
    assert [count(api, alice, single(other)) for other in (before, both, after)] == [0, 2, 1]
    assert [api.look(alice, single(other)).read_sequence for other in (before, both, after)] == [1, 1, 0]
    assert api.look(alice, single(after)).marked_unread
    assert mark_all_read(api, alice, up_to_time=bound.create_time) == 0
    assert [count(api, alice, single(other)) for other in (before, both, after)] == [0, 2, 1]


def test_reading_all_when_up_to_a_time_then_marks_of_what_it_reads_are_cleared(api: ApiClient, ids: Ids) -> None:
    alice, flagged, recounted = ids.users(3)
    for other in (flagged, recounted):
        sent = api.send_many(other, single(alice), ["one", "two"])[-1]
        api.read(alice, single(other))
    api.mark_unread(alice, single(flagged))
    api.mark_unread(alice, single(recounted), from_sequence=1)
    assert mark_all_read(api, alice, up_to_time=sent.create_time) == 2
    for other in (flagged, recounted):
        seen = api.look(alice, single(other))
        assert (seen.marked_unread, seen.unread_from_sequence, seen.unread_count) == (False, 0, 0)


def test_reading_all_when_the_time_is_before_everything_then_nothing_is_read(api: ApiClient, ids: Ids) -> None:
    """It is a bound, although it is early; only an absent one is the end (semantics U9)."""
    alice, bob = ids.users(2)
    api.send(bob, single(alice))
    for early in ({"seconds": 0}, {"seconds": 1}):
        assert mark_all_read(api, alice, up_to_time=early) == 0
        assert count(api, alice, single(bob)) == 1


@pytest.mark.parametrize("bound", [{}, {"up_to_time": {"seconds": 4_000_000_000}}], ids=["unset", "in the future"])
def test_reading_all_when_there_is_no_bound_then_everything_so_far_is_read(
    api: ApiClient, ids: Ids, bound: dict[str, Any]
) -> None:
    alice, *others = ids.users(4)
    for other in others:
        api.send(other, single(alice))
    assert mark_all_read(api, alice, **bound) == 3
    assert api.summary(alice).totals.unread_count == 0
    api.send(others[0], single(alice), "since")
    assert api.summary(alice).totals.unread_count == 1


def test_reading_all_when_of_some_types_then_the_others_stay_unread(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.create_group(bob, club := ids.group(), [alice])
    api.send(bob, group(club))
    bound = api.send(bob, single(alice))
    only = [conversation_pb2.CONVERSATION_TYPE_GROUP]
    assert mark_all_read(api, alice, types=only, up_to_time=bound.create_time) == 1
    assert (count(api, alice, group(club)), count(api, alice, single(bob))) == (0, 1)


def reset(api: ApiClient, user: str, at: Reference, **bound: Any) -> int:
    """Clears mentions; returns how many there were."""
    return api.conversations.ResetMentions(
        conversation_service_pb2.ResetMentionsRequest(user_id=user, conversation=at, **bound)
    ).cleared_count


def test_mentions_when_reset_up_to_a_sequence_then_later_ones_stay(api: ApiClient, ids: Ids) -> None:
    """Keep semantics U4, U9."""
    alice, bob = ids.users(2)
    for _ in range(4):
        api.send(alice, single(bob), mentions=mentions(bob))
    for bound, cleared, floor, left in (
        (0, 0, 0, [4, 3, 2, 1]),
        (2, 2, 2, [4, 3]),
        (2, 0, 2, [4, 3]),
        (1, 0, 2, [4, 3]),
    ):
        assert reset(api, bob, single(alice), up_to_sequence=bound) == cleared
        assert [sequence for sequence, _ in mentioned(api, bob, single(alice))] == left
        assert api.look(bob, single(alice)).mention_floor_sequence == floor
    assert (count(api, bob, single(alice)), api.look(bob, single(alice)).read_sequence) == (4, 0)


@pytest.mark.parametrize("bound", [{}, {"up_to_sequence": 2**62}], ids=["unset", "past the end"])
def test_mentions_when_reset_to_the_end_then_those_that_follow_count(
    api: ApiClient, ids: Ids, bound: dict[str, int]
) -> None:
    alice, bob = ids.users(2)
    for _ in range(3):
        api.send(alice, single(bob), mentions=mentions(bob))
    assert reset(api, bob, single(alice), **bound) == 3
    assert api.look(bob, single(alice)).mention_floor_sequence == 3
    api.send(alice, single(bob), mentions=mentions(bob))
    assert [sequence for sequence, _ in mentioned(api, bob, single(alice))] == [4]


def test_mentions_when_the_bound_is_negative_then_refused_and_nothing_is_cleared(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob), mentions=mentions(bob))
    failure = failing(reset, api, bob, single(alice), up_to_sequence=-1)
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "NEGATIVE", "up_to_sequence")
    assert len(mentioned(api, bob, single(alice))) == 1


def floors(api: ApiClient, user: str, at: Reference) -> tuple[int, int, int]:
    """From where the user counts: the unread floor, where "mark unread" began, and up to where mentions are cleared."""
    seen = api.look(user, at)
    return seen.unread_floor_sequence, seen.unread_from_sequence, seen.mention_floor_sequence


def test_mention_floor_when_read_or_reset_is_the_highest_of_both_and_stays(api: ApiClient, ids: Ids) -> None:
    """Keep semantics U4."""
    alice, bob = ids.users(2)
    for _ in range(5):
        api.send(alice, single(bob), mentions=mentions(bob))
    assert floors(api, bob, single(alice)) == (0, 0, 0)
    api.read(bob, single(alice), up_to_sequence=2)
    assert floors(api, bob, single(alice)) == (0, 0, 2)
    reset(api, bob, single(alice), up_to_sequence=4)
    assert floors(api, bob, single(alice)) == (0, 0, 4)
    api.read(bob, single(alice), up_to_sequence=3)
    assert floors(api, bob, single(alice)) == (0, 0, 4)
    api.mark_unread(bob, single(alice), from_sequence=1)
    assert floors(api, bob, single(alice)) == (0, 1, 4)


def test_unread_from_when_marked_unread_is_shown_until_the_next_read_send_or_flag(api: ApiClient, ids: Ids) -> None:
    """Keep semantics U3."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), ["text"] * 4)
    api.read(bob, single(alice))
    for end in (
        lambda: api.read(bob, single(alice), up_to_sequence=1),
        lambda: api.send(bob, single(alice)),
        lambda: api.mark_unread(bob, single(alice)),
    ):
        api.mark_unread(bob, single(alice), from_message_id=sent[2].message_id)
        assert floors(api, bob, single(alice))[1] == 3
        api.send(bob, single(alice), keep_unread=True)
        assert floors(api, bob, single(alice))[1] == 3
        end()
        assert floors(api, bob, single(alice))[1] == 0


@pytest.mark.parametrize(
    "visibility", [conversation_pb2.HISTORY_VISIBILITY_ALL, conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN]
)
def test_unread_floor_when_a_member_joins_and_joins_again_is_the_end_at_that_time(
    api: ApiClient, ids: Ids, visibility: int
) -> None:
    """Keep semantics M4, U10."""
    alice, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(alice, at.target.id, history_visibility=visibility)
    api.send_many(alice, at, ["text"] * 3)
    api.add(alice, at, [bob])
    assert (api.look(bob, at).unread_floor_sequence, api.look(bob, at).read_sequence) == (3, 0)
    api.send(alice, at)
    api.remove(alice, at, [bob])
    api.send(alice, at, "while away")
    assert api.look(bob, at).unread_floor_sequence == 3
    api.add(alice, at, [bob])
    assert api.look(bob, at).unread_floor_sequence == 5
    assert api.look(alice, at).unread_floor_sequence == 0


def clear_to(api: ApiClient, user: str, at: Reference, bound: int) -> None:
    api.clear(user, at, up_to_sequence=bound)


def delete_to(api: ApiClient, user: str, at: Reference, bound: int) -> None:
    api.delete(user, at, up_to_sequence=bound)


def delete_messages_to(api: ApiClient, user: str, at: Reference, bound: int) -> None:
    api.delete(user, at, up_to_sequence=bound, delete_messages=True)


@pytest.mark.parametrize("remove", [clear_to, delete_to, delete_messages_to])
def test_unread_floor_when_cleared_or_deleted_up_to_a_sequence_is_that_sequence(
    api: ApiClient, ids: Ids, remove: Callable[[ApiClient, str, Reference, int], None]
) -> None:
    """Keep semantics D8."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["text"] * 5)
    for _ in range(2):
        remove(api, bob, single(alice), 3)
        assert floors(api, bob, single(alice)) == (3, 0, 0)
        assert (count(api, bob, single(alice)), api.look(bob, single(alice)).read_sequence) == (2, 0)
        assert not api.look(bob, single(alice)).unlisted
    assert floors(api, alice, single(bob))[0] == 0


def test_counts_when_recounted_from_what_a_client_is_shown_are_the_same_after_everything(
    api: ApiClient, ids: Ids
) -> None:
    """A client needs no more than the history, its states and the conversation (semantics U1, U10, V3)."""
    alice, bob, carol = ids.users(3)
    at = group(ids.group())
    api.create_group(alice, at.target.id, [carol])
    origin = time.time_ns() // 1000 - 3_600_000_000

    def option(value: conversation_pb2.ReceiveOption) -> None:
        api.settings(bob, at, receive_option=value)

    sent: list[message_pb2.Message] = []

    def say() -> None:
        kinds: tuple[dict[str, Any], ...] = (
            {},
            {"mentions": mentions(bob)},
            {"mentions": MENTIONS_ALL},
            {"silent": True},
        )
        sent.extend(api.send(alice, at, **fields) for fields in kinds)
        sent.append(api.send(carol, at, mentions=mentions(alice)))

    steps: list[Callable[[], object]] = [
        say,
        lambda: api.add(alice, at, [bob]),
        say,
        say,
        lambda: api.read(bob, at, up_to_sequence=12),
        lambda: option(conversation_pb2.RECEIVE_OPTION_BLOCKED),
        say,
        lambda: option(conversation_pb2.RECEIVE_OPTION_MUTED),
        say,
        lambda: api.import_messages(alice, at, [(carol, origin, "old")]),
        lambda: api.recall(alice, at, sent[-4].message_id),
        lambda: api.delete_ids(bob, at, [sent[-3].message_id]),
        lambda: api.mark_unread(bob, at, from_sequence=7),
        lambda: reset(api, bob, at, up_to_sequence=13),
        lambda: api.send(bob, at, keep_unread=True),
        lambda: api.clear(bob, at, up_to_sequence=8),
        lambda: api.mark_unread(bob, at, from_sequence=2),
        lambda: api.mark_unread(bob, at),
        say,
        lambda: api.remove(alice, at, [bob]),
        say,
        lambda: api.add(alice, at, [bob]),
        say,
        lambda: api.delete(bob, at, up_to_sequence=sent[-3].sequence),
        lambda: reset(api, bob, at),
        say,
        lambda: api.read(bob, at),
    ]
    for number, step in enumerate(steps):
        step()
        for user in (alice, carol, *([bob] if number else [])):
            seen = api.look(user, at)
            assert recounted(api, user, at) == (seen.unread_count, seen.unread_mention_count), (number, user)


def test_totals_when_a_chat_room_is_busy_then_it_stays_out_of_them(api: ApiClient, ids: Ids) -> None:
    """Keep semantics U5."""
    alice, bob = ids.users(2)
    api.create_group(alice, lobby := ids.group(), [bob], kind=conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM)
    api.open(bob, room(lobby))
    api.send(alice, room(lobby))
    assert (count(api, bob, room(lobby)), api.summary(bob).totals.unread_count) == (1, 0)


def test_readers_when_members_read_leave_and_join_are_the_current_ones_who_reached_the_message(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics U7."""
    alice, bob, carol, dave, eve = ids.users(5)
    api.create_group(
        alice,
        club := ids.group(),
        [bob, carol, dave],
        history_visibility=conversation_pb2.HISTORY_VISIBILITY_ALL,
    )
    first, second = api.send_many(alice, group(club), ["first", "second"])
    api.read(bob, group(club), up_to_sequence=1)
    api.read(carol, group(club), up_to_sequence=2)
    api.read(dave, group(club), up_to_sequence=2)
    api.remove(dave, group(club), [dave])
    api.add(alice, group(club), [eve])

    def readers(message: message_service_pb2.SentMessage) -> set[str]:
        request = message_service_pb2.ListReadersRequest(user_id=alice, message_id=message.message_id)
        return {reader.user_id for reader in api.messages.ListReaders(request).readers}

    assert readers(first) == {bob, carol}
    assert readers(second) == {carol}


def test_readers_when_a_member_came_back_are_those_who_read_it_in_an_earlier_membership(
    api: ApiClient, ids: Ids
) -> None:
    """A message is in one of the memberships, not always in the last (semantics U7)."""
    alice, bob, carol, dave = ids.users(4)
    club = group(ids.group())
    api.create_group(
        alice, club.target.id, [bob, carol, dave], history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN
    )
    seen = api.send(alice, club)
    for reader in (bob, carol):
        api.read(reader, club)

    def readers(message: message_pb2.Message, size: int = 0) -> list[str]:
        request = message_service_pb2.ListReadersRequest(user_id=alice, message_id=message.message_id, page_size=size)
        found: list[str] = []
        while True:
            page = api.messages.ListReaders(request)
            found += [reader.user_id for reader in page.readers]
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    assert readers(seen) == [bob, carol]
    api.remove(alice, club, [bob, dave])
    missed = api.send(alice, club, "while they are away")
    api.add(alice, club, [bob, dave])
    assert readers(seen) == readers(seen, 1) == [bob, carol]
    # Reading later messages reads nothing that was said while they were away.
    last = api.send(alice, club)
    for reader in (bob, carol, dave):
        api.read(reader, club)
    assert readers(seen) == [bob, carol, dave]
    assert readers(missed) == [carol]
    assert readers(last) == [bob, carol, dave]


def test_check_when_a_source_notified_in_several_calls_then_finds_no_problem(
    api: ApiClient, ids: Ids, database_url: str
) -> None:
    """A user who only sends into a `SYSTEM` conversation has no count of its own there."""
    ann, billing = ids.users(2)
    for text in ("first", "second"):
        api.send(billing, system("billing", ann), text, as_service=True)
    assert api.look(ann, system("billing")).unread_count == 2
    assert_sound(database_url)
