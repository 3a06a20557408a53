"""History pages: whole, in order, each message once, and an end that is said exactly."""

import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, conversation_service_pb2, error_pb2, message_service_pb2
from tests.support.api_client import DOWN, EVERYONE, UP, ApiClient, Reference, failing, group, sequences, single, texts
from tests.support.fixtures import Ids

HISTORY_START = message_service_pb2.HistoryStart


def numbered(count: int) -> list[str]:
    return [f"text {number}" for number in range(1, count + 1)]


def pages(api: ApiClient, user: str, of: Reference, direction: int, size: int) -> list[list[int]]:
    """The sequences of each page of a walk."""
    page = api.page(user, of, direction=direction, page_size=size)
    found = [sequences(page.messages)]
    while page.next_page_token:
        page = api.page(user, of, page_size=size, page_token=page.next_page_token)
        found.append(sequences(page.messages))
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 11, 12, 13])
def test_walk_when_all_messages_were_written_at_one_time_then_none_is_lost_or_repeated(
    api: ApiClient, ids: Ids, size: int
) -> None:
    """A cursor on the time alone loses rows of equal time."""
    alice, bob = ids.users(2)
    origin = time.time_ns() // 1000 - 3_600_000_000
    api.import_messages(alice, single(bob), [(alice, origin, text) for text in numbered(12)])
    assert sequences(api.walk(bob, single(alice), DOWN, size)) == list(range(1, 13))
    assert sequences(api.walk(bob, single(alice), UP, size)) == list(range(12, 0, -1))


@pytest.mark.parametrize("anchor", [0, 1, 9, 17, 24, 25])
@pytest.mark.parametrize("size", [1, 4, 8, 50])
def test_walk_down_when_started_at_any_message_then_the_pages_go_on_without_a_gap(
    api: ApiClient, ids: Ids, anchor: int, size: int
) -> None:
    """An ascending call that answers the newest page, and says that it was the last, leaves a gap."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(25))
    start = HISTORY_START(sequence=anchor)
    assert sequences(api.walk(bob, single(alice), DOWN, size, start=start)) == list(range(anchor + 1, 26))


@pytest.mark.parametrize("anchor", [1, 2, 13, 25])
def test_walks_when_going_up_and_down_from_one_message_then_they_are_one_big_page(
    api: ApiClient, ids: Ids, anchor: int
) -> None:
    """Keep semantics P1, P2."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(25))
    start = HISTORY_START(message_id=sent[anchor - 1].message_id)
    up = sequences(api.walk(bob, single(alice), UP, 3, start=start))
    down = sequences(api.walk(bob, single(alice), DOWN, 7, start=start))
    assert [*reversed(up), anchor, *down] == list(range(1, 26))


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_walk_when_pages_meet_then_no_message_is_on_both(api: ApiClient, ids: Ids, direction: int) -> None:
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(17))
    found = pages(api, bob, single(alice), direction, 5)
    assert [len(page) for page in found] == [5, 5, 5, 2]
    step = -1 if direction == UP else 1
    assert all(later[0] == earlier[-1] + step for earlier, later in pairwise(found))


@pytest.mark.parametrize("direction", [UP, DOWN])
@pytest.mark.parametrize("for_everyone", [False, True])
def test_walk_when_three_pages_in_the_middle_are_deleted_then_pages_stay_full_and_reach_the_end(
    api: ApiClient, ids: Ids, direction: int, for_everyone: bool
) -> None:
    """A page that holds only deleted messages comes back empty, and the client takes it for the end (semantics P4)."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(50))
    middle = [message.message_id for message in sent[10:40]]
    if for_everyone:
        api.recall(alice, single(bob), *middle)
    else:
        api.delete_ids(bob, single(alice), middle)
    expected = [*range(1, 11), *range(41, 51)]
    found = pages(api, bob, single(alice), direction, 8)
    assert [len(page) for page in found] == [8, 8, 4]
    walked = [sequence for page in found for sequence in page]
    assert walked == (expected if direction == DOWN else expected[::-1])


@pytest.mark.parametrize("direction", [UP, DOWN])
@pytest.mark.parametrize(
    ("count", "lengths"), [(1, [1]), (4, [4]), (5, [5]), (6, [5, 1]), (10, [5, 5]), (11, [5, 5, 1])]
)
def test_page_when_the_history_is_a_multiple_of_the_page_size_then_the_last_page_says_so(
    api: ApiClient, ids: Ids, direction: int, count: int, lengths: list[int]
) -> None:
    """Keep semantics P4."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(count))
    assert [len(page) for page in pages(api, bob, single(alice), direction, 5)] == lengths


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_page_when_what_is_left_was_deleted_then_there_is_no_token_to_an_empty_page(
    api: ApiClient, ids: Ids, direction: int
) -> None:
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(9))
    beyond = sent[:4] if direction == UP else sent[5:]
    api.delete_ids(bob, single(alice), [message.message_id for message in beyond])
    assert [len(page) for page in pages(api, bob, single(alice), direction, 5)] == [5]


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_page_when_nothing_was_ever_said_then_it_is_empty_and_no_error(
    api: ApiClient, ids: Ids, direction: int
) -> None:
    alice, bob = ids.users(2)
    api.open(alice, single(bob))
    page = api.page(alice, single(bob), direction=direction)
    assert (len(page.messages), page.next_page_token, page.opposite_page_token) == (0, "", "")


def test_list_when_the_user_is_unknown_then_it_is_empty_and_no_error(api: ApiClient, ids: Ids) -> None:
    page = api.list_page(ids.user(), include_total_size=True)
    assert (len(page.conversations), page.next_page_token, page.total_size) == (0, "", 0)


def test_opposite_token_when_nothing_is_there_then_it_is_empty_and_otherwise_leads_there(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics P4."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(9))
    assert api.page(bob, single(alice), direction=UP, page_size=3).opposite_page_token == ""
    middle = api.page(bob, single(alice), direction=UP, page_size=3, start=HISTORY_START(sequence=7))
    assert sequences(middle.messages) == [6, 5, 4]
    newer = api.page(bob, single(alice), page_token=middle.opposite_page_token)
    assert (sequences(newer.messages), newer.next_page_token) == ([7, 8, 9], "")


@pytest.mark.parametrize(
    "changed",
    [
        {"filter": message_service_pb2.MessageFilter(mentions_me=True)},
        {"filter": message_service_pb2.MessageFilter(sender_ids=["somebody"])},
        {"include_tombstones": True},
        {"direction": DOWN},
    ],
    ids=["mentions", "senders", "tombstones", "direction"],
)
def test_token_when_the_query_changes_between_pages_then_it_is_refused(
    api: ApiClient, ids: Ids, changed: dict[str, object]
) -> None:
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(5))
    token = api.page(bob, single(alice), page_size=2).next_page_token
    failure = failing(lambda: api.page(bob, single(alice), page_size=2, page_token=token, **changed))
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_MISMATCH", "page_token")


def test_list_token_when_the_filter_changes_between_pages_then_it_is_refused(api: ApiClient, ids: Ids) -> None:
    alice, *others = ids.users(4)
    for other in others:
        api.send(other, single(alice))
    token = api.list_page(alice, page_size=2).next_page_token
    changed = conversation_service_pb2.ConversationFilter(unread_only=True)
    failure = failing(lambda: api.list_page(alice, page_size=2, page_token=token, filter=changed))
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_MISMATCH", "page_token")


def test_walk_up_when_messages_arrive_between_pages_then_it_shows_what_was_there_once(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(12))
    page = api.page(bob, single(alice), page_size=5)
    found = sequences(page.messages)
    while page.next_page_token:
        api.send_many(alice, single(bob), ["later", "still later"])
        page = api.page(bob, single(alice), page_size=5, page_token=page.next_page_token)
        found += sequences(page.messages)
    assert found == list(range(12, 0, -1))


def delete_for_me(api: ApiClient, alice: str, bob: str, message_ids: list[str]) -> None:
    api.delete_ids(bob, single(alice), message_ids)


def recall(api: ApiClient, alice: str, bob: str, message_ids: list[str]) -> None:
    api.recall(alice, single(bob), *message_ids)


@pytest.mark.parametrize("remove", [delete_for_me, recall])
def test_page_when_it_starts_at_a_message_that_is_gone_then_it_holds_what_is_beside(
    api: ApiClient, ids: Ids, remove: Callable[[ApiClient, str, str, list[str]], None]
) -> None:
    """Keep semantics P3."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(5))
    start = HISTORY_START(message_id=sent[2].message_id)
    remove(api, alice, bob, [sent[2].message_id])
    assert sequences(api.page(bob, single(alice), start=start).messages) == [2, 1]
    assert sequences(api.page(bob, single(alice), start=start, direction=DOWN).messages) == [4, 5]


@pytest.mark.parametrize(("nanos", "from_there"), [(-1, [1, 2]), (0, [1, 2]), (1, [2]), (999, [2])])
def test_boundary_when_a_time_has_nanoseconds_is_exact(
    api: ApiClient, ids: Ids, nanos: int, from_there: list[int]
) -> None:
    """Cutting a time to microseconds would return a message from before it as one from after it (semantics P2)."""
    alice, bob = ids.users(2)
    first = api.send(alice, single(bob)).create_time
    api.send(alice, single(bob))
    time = Timestamp(seconds=first.seconds, nanos=first.nanos + nanos)
    before = [sequence for sequence in (1, 2) if sequence not in from_there]
    start = HISTORY_START(start_time=time)
    assert sequences(api.page(bob, single(alice), start=start, direction=DOWN).messages) == from_there
    assert sequences(api.page(bob, single(alice), start=start).messages) == before
    assert sequences(api.page(bob, single(alice), filter={"start_time": time}, direction=DOWN).messages) == from_there
    assert sequences(api.page(bob, single(alice), filter={"end_time": time}).messages) == before
    assert api.clear(bob, single(alice), before_time=time).cleared_range.up_to_sequence == len(before)
    assert sequences(api.walk(bob, single(alice), DOWN)) == from_there


@pytest.mark.parametrize("remove", [delete_for_me, recall])
@pytest.mark.parametrize(("direction", "expected"), [(UP, [5, 4, 3, 2, 1]), (DOWN, [6, 7, 8, 9, 10])])
def test_token_when_the_messages_around_its_position_are_deleted_then_it_goes_on_behind_them(
    api: ApiClient,
    ids: Ids,
    remove: Callable[[ApiClient, str, str, list[str]], None],
    direction: int,
    expected: list[int],
) -> None:
    """A cursor that names a row dies with the row (semantics P5)."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(10))
    token = api.page(bob, single(alice), direction=direction, page_size=4).next_page_token
    remove(api, alice, bob, [sent[index].message_id for index in (3, 4, 5, 6)])
    remaining = [sequence for sequence in expected if sequence not in {4, 5, 6, 7}]
    assert sequences(api.page(bob, single(alice), page_token=token).messages) == remaining


def test_token_when_the_history_is_erased_for_everyone_then_it_goes_on_with_what_is_newer(
    api: ApiClient, ids: Ids
) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    sent = api.send_many(alice, group(club), numbered(10))
    up = api.page(bob, group(club), page_size=3).next_page_token
    down = api.page(bob, group(club), direction=DOWN, page_size=3).next_page_token
    api.delete(alice, group(club), EVERYONE, delete_messages=True)
    api.send(alice, group(club), "after")
    assert texts(api.page(bob, group(club), page_token=up).messages) == []
    assert texts(api.page(bob, group(club), page_token=down).messages) == ["after"]
    anchor = HISTORY_START(message_id=sent[4].message_id)
    assert texts(api.page(bob, group(club), direction=DOWN, start=anchor).messages) == ["after"]


def test_token_when_used_by_another_user_or_elsewhere_then_it_is_refused(api: ApiClient, ids: Ids) -> None:
    alice, bob, carol = ids.users(3)
    api.send_many(alice, single(bob), numbered(5))
    api.send_many(alice, single(carol), numbered(5))
    token = api.page(alice, single(bob), page_size=2).next_page_token
    for user, of in [(bob, single(alice)), (alice, single(carol))]:
        failure = failing(partial(api.page, user, of, page_token=token))
        assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_MISMATCH", "page_token")


def test_token_when_any_letter_is_changed_then_it_is_refused(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(5))
    token = api.page(alice, single(bob), page_size=2).next_page_token
    for index, letter in enumerate(token):
        forged = f"{token[:index]}{'A' if letter != 'A' else 'B'}{token[index + 1 :]}"
        failure = failing(partial(api.page, alice, single(bob), page_token=forged))
        assert failure.code == grpc.StatusCode.INVALID_ARGUMENT
        assert failure.reason in {"PAGE_TOKEN_MALFORMED", "PAGE_TOKEN_MISMATCH"}


def test_page_size_when_zero_or_huge_or_negative_then_default_maximum_or_refusal(api: ApiClient, ids: Ids) -> None:
    """Keep semantics Q5."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(60))
    assert len(api.page(bob, single(alice)).messages) == 20
    assert len(api.page(bob, single(alice), page_size=50).messages) == 50
    assert len(api.page(bob, single(alice), page_size=2**31 - 1).messages) == 50
    failure = failing(lambda: api.page(bob, single(alice), page_size=-1))
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "NEGATIVE", "page_size")


def test_batch_get_when_one_conversation_is_bad_then_the_others_are_answered_in_order(api: ApiClient, ids: Ids) -> None:
    alice, bob, stranger = ids.users(3)
    api.send(alice, single(bob), "hello")
    asked = [single(bob), single(stranger), group(ids.group()), Reference(conversation_id="??"), single(bob)]
    results = api.conversations.BatchGetConversations(
        conversation_service_pb2.BatchGetConversationsRequest(user_id=alice, conversations=asked)
    ).results
    assert [result.error.reason for result in results] == [
        error_pb2.ERROR_REASON_UNSPECIFIED,
        error_pb2.ERROR_REASON_CONVERSATION_NOT_FOUND,
        error_pb2.ERROR_REASON_CONVERSATION_NOT_FOUND,
        error_pb2.ERROR_REASON_MALFORMED,
        error_pb2.ERROR_REASON_UNSPECIFIED,
    ]
    assert [result.conversation.last_message.content.text.text for result in results] == ["hello", "", "", "", "hello"]


BEYOND_EVERY_SEQUENCE = 2**63 - 1


@pytest.mark.parametrize("size", [1, 4, 50])
@pytest.mark.parametrize("direction", [UP, DOWN])
def test_first_page_is_what_the_user_may_see_from_any_sequence_on(
    api: ApiClient, ids: Ids, direction: int, size: int
) -> None:
    """A page is read before it is known what bounds the user's messages."""
    owner, late, cleared, gone, back = ids.users(5)
    at = group(ids.group())
    api.create_group(
        owner, at.target.id, [cleared, gone, back], history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN
    )
    api.send_many(owner, at, numbered(3))
    api.clear(cleared, at, up_to_sequence=2)
    api.add(owner, at, [late])
    api.remove(owner, at, [back])
    api.send_many(owner, at, numbered(4))
    api.remove(owner, at, [gone])
    api.add(owner, at, [back])
    api.send_many(owner, at, numbered(2))
    visible = {
        owner: range(1, 10),
        late: range(4, 10),
        cleared: range(3, 10),
        gone: range(1, 8),
        back: [1, 2, 3, 8, 9],
    }
    for user, seen in visible.items():
        newest = sequences(api.page(user, at, direction=direction, page_size=size).messages)
        assert newest == (sorted(seen)[:size] if direction == DOWN else sorted(seen, reverse=True)[:size])
        for start in (0, 1, 3, 4, 7, 9, 10, 2**62, BEYOND_EVERY_SEQUENCE):
            page = api.page(user, at, start=HISTORY_START(sequence=start), direction=direction, page_size=size)
            if direction == DOWN:
                expected = [sequence for sequence in seen if sequence > start]
            else:
                expected = [sequence for sequence in reversed(seen) if sequence < start]
            assert sequences(page.messages) == expected[:size], (user, start)
            assert bool(page.next_page_token) == (len(expected) > size)


@pytest.mark.parametrize("by", ["message_id", "sequence"])
@pytest.mark.parametrize(("direction", "beside"), [(UP, [2, 1]), (DOWN, [4, 5])])
def test_start_when_included_is_the_first_message_of_the_page_and_of_the_stream(
    api: ApiClient, ids: Ids, direction: message_service_pb2.SearchDirection, beside: list[int], by: str
) -> None:
    """Keep semantics P2."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(5))
    start = HISTORY_START(message_id=sent[2].message_id) if by == "message_id" else HISTORY_START(sequence=3)
    for included, expected in ((False, beside), (True, [3, *beside])):
        page = api.page(bob, single(alice), start=start, direction=direction, include_start=included)
        assert sequences(page.messages) == expected
        assert streamed(api, bob, single(alice), start=start, direction=direction, include_start=included) == expected
        first = api.page(bob, single(alice), start=start, direction=direction, include_start=included, page_size=1)
        rest = api.page(bob, single(alice), page_token=first.next_page_token, include_start=included)
        assert sequences([*first.messages, *rest.messages]) == expected
        other_side = api.page(bob, single(alice), page_token=first.opposite_page_token, include_start=included)
        assert sorted([*expected, *sequences(other_side.messages)]) == [1, 2, 3, 4, 5]


def streamed(api: ApiClient, user: str, of: Reference, **fields: Any) -> list[int]:
    """The sequences of a whole stream."""
    parts = api.messages.StreamMessages(
        message_service_pb2.StreamMessagesRequest(user_id=user, conversation=of, **fields)
    )
    return [sequence for part in parts for sequence in sequences(part.messages)]


@pytest.mark.parametrize("remove", [delete_for_me, recall])
@pytest.mark.parametrize(("direction", "beside"), [(UP, [2, 1]), (DOWN, [4, 5])])
def test_start_when_included_but_gone_is_left_out_and_a_page_begins_beside_it(
    api: ApiClient,
    ids: Ids,
    remove: Callable[[ApiClient, str, str, list[str]], None],
    direction: message_service_pb2.SearchDirection,
    beside: list[int],
) -> None:
    """Keep semantics P3."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(5))
    remove(api, alice, bob, [sent[2].message_id])
    start = HISTORY_START(message_id=sent[2].message_id)
    page = api.page(bob, single(alice), start=start, direction=direction, include_start=True)
    assert sequences(page.messages) == beside
    assert streamed(api, bob, single(alice), start=start, direction=direction, include_start=True) == beside


def test_start_when_a_time_or_a_named_position_is_the_same_whether_included_or_not(api: ApiClient, ids: Ids) -> None:
    """They lie between messages (semantics P2)."""
    alice, bob = ids.users(2)
    sent = [api.send(alice, single(bob)) for _ in range(4)]
    api.read(bob, single(alice), up_to_sequence=2)
    positions = (
        message_service_pb2.HISTORY_POSITION_NEWEST,
        message_service_pb2.HISTORY_POSITION_OLDEST,
        message_service_pb2.HISTORY_POSITION_FIRST_UNREAD,
    )
    starts = [HISTORY_START(position=position) for position in positions]
    for start in (*starts, HISTORY_START(start_time=sent[1].create_time)):
        for direction in (UP, DOWN):
            pages_of = [
                sequences(
                    api.page(bob, single(alice), start=start, direction=direction, include_start=included).messages
                )
                for included in (False, True)
            ]
            assert pages_of[0] == pages_of[1], start


def window(
    api: ApiClient, user: str, of: Reference, anchor: dict[str, Any], older: int, newer: int, **fields: Any
) -> message_service_pb2.ListMessagesAroundResponse:
    """What is around an anchor."""
    return api.messages.ListMessagesAround(
        message_service_pb2.ListMessagesAroundRequest(
            user_id=user, conversation=of, anchor=anchor, older_count=older, newer_count=newer, **fields
        )
    )


@pytest.mark.parametrize(("older", "newer"), [(0, 0), (2, 1), (1, 2), (0, 3), (3, 0), (50, 50)])
@pytest.mark.parametrize("anchor", [1, 2, 4, 6, 7])
def test_anchor_index_when_the_anchor_is_a_message_is_its_index_in_the_window(
    api: ApiClient, ids: Ids, anchor: int, older: int, newer: int
) -> None:
    """Keep semantics P2, P3, P9."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(7))
    first, last = max(1, anchor - older), min(7, anchor + newer)
    for named in ({"sequence": anchor}, {"message_id": sent[anchor - 1].message_id}):
        shown = window(api, bob, single(alice), named, older, newer)
        assert sequences(shown.messages) == list(range(first, last + 1))
        assert shown.messages[shown.anchor_index].sequence == anchor
        assert (bool(shown.older_page_token), bool(shown.newer_page_token)) == (first > 1, last < 7)
        if shown.older_page_token:
            page = api.page(bob, single(alice), page_token=shown.older_page_token)
            assert sequences(page.messages) == list(range(first - 1, 0, -1))
        if shown.newer_page_token:
            page = api.page(bob, single(alice), page_token=shown.newer_page_token)
            assert sequences(page.messages) == list(range(last + 1, 8))


@pytest.mark.parametrize("remove", [delete_for_me, recall])
def test_anchor_index_when_the_anchor_is_gone_is_that_of_the_first_message_after_it(
    api: ApiClient, ids: Ids, remove: Callable[[ApiClient, str, str, list[str]], None]
) -> None:
    """Keep semantics P3, P9."""
    alice, bob = ids.users(2)
    sent = api.send_many(alice, single(bob), numbered(6))
    remove(api, alice, bob, [sent[3].message_id])
    for named in ({"sequence": 4}, {"message_id": sent[3].message_id}):
        shown = window(api, bob, single(alice), named, 2, 1)
        assert (sequences(shown.messages), shown.anchor_index) == ([2, 3, 5], 2)
    if remove is recall:
        shown = window(api, bob, single(alice), {"sequence": 4}, 2, 1, include_tombstones=True)
        assert (sequences(shown.messages), shown.anchor_index) == ([2, 3, 4, 5], 2)
        assert shown.messages[2].HasField("tombstone")
    remove(api, alice, bob, [sent[4].message_id, sent[5].message_id])
    shown = window(api, bob, single(alice), {"sequence": 4}, 2, 5)
    assert (sequences(shown.messages), shown.anchor_index, shown.newer_page_token) == ([2, 3], 2, "")


@pytest.mark.parametrize(
    ("position", "expected", "index"),
    [
        (message_service_pb2.HISTORY_POSITION_OLDEST, [1, 2], 0),
        (message_service_pb2.HISTORY_POSITION_FIRST_UNREAD, [3, 4, 5, 6], 2),
        (message_service_pb2.HISTORY_POSITION_NEWEST, [6, 7], 2),
    ],
)
def test_anchor_index_when_the_anchor_is_a_named_position_is_where_the_line_goes(
    api: ApiClient, ids: Ids, position: int, expected: list[int], index: int
) -> None:
    """The line above the first unread message goes there; what is after it is one of the newer ones (semantics P9)."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), numbered(7))
    api.read(bob, single(alice), up_to_sequence=4)
    shown = window(api, bob, single(alice), {"position": position}, 2, 2)
    assert (sequences(shown.messages), shown.anchor_index) == (expected, index)


def test_anchor_index_when_the_anchor_is_a_time_is_that_of_the_first_message_at_or_after_it(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics P9."""
    alice, bob = ids.users(2)
    sent = [api.send(alice, single(bob)) for _ in range(5)]
    at = sent[2].create_time
    for moment, expected, index in (
        (at, [2, 3, 4], 1),
        (Timestamp(seconds=at.seconds, nanos=at.nanos + 1), [3, 4, 5], 1),
        (Timestamp(seconds=1), [1, 2], 0),
        (Timestamp(seconds=at.seconds + 3600), [5], 1),
    ):
        shown = window(api, bob, single(alice), {"start_time": moment}, 1, 2)
        assert (sequences(shown.messages), shown.anchor_index) == (expected, index)


def test_anchor_index_when_nothing_was_ever_said_is_zero_of_an_empty_window(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.open(alice, single(bob))
    shown = window(api, alice, single(bob), {}, 5, 5)
    assert (len(shown.messages), shown.anchor_index) == (0, 0)
    assert (shown.older_page_token, shown.newer_page_token) == ("", "")


@pytest.mark.parametrize("field", ["older_count", "newer_count"])
def test_count_around_an_anchor_when_negative_is_refused(api: ApiClient, ids: Ids, field: str) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    request = message_service_pb2.ListMessagesAroundRequest(user_id=alice, conversation=single(bob))
    setattr(request, field, -1)
    failure = failing(api.messages.ListMessagesAround, request)
    assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "NEGATIVE", field)
