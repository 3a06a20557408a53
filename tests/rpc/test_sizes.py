"""Answers stay under 3 MiB whatever is stored: no client needs to raise its limit, and nothing is lost by that."""

from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2, error_pb2, message_service_pb2
from tests.support.api_client import DOWN, UP, ApiClient, Reference, by_id, group, sequences, single
from tests.support.fixtures import Ids
from tests.support.limit_cases import text_of_encoded_size

MOST = 3 * 1024 * 1024
LARGEST = text_of_encoded_size(65_536)
ATTRIBUTES = {f"{number:0128}": "v" * 4096 for number in range(64)}


def checked(response: Any) -> Any:
    """Return a response after asserting its size."""
    assert response.ByteSize() <= MOST
    return response


def test_list_when_a_stranger_adds_a_user_to_huge_groups_then_pages_end_early_and_show_each_once(
    api: ApiClient, ids: Ids
) -> None:
    """A client refuses a response over its limit, and the user sees no list at all (semantics L7)."""
    stranger, victim = ids.users(2)
    clubs = [ids.group() for _ in range(20)]
    for club in clubs:
        api.create_group(stranger, club, [victim], attributes=ATTRIBUTES)
        api.send(stranger, group(club), LARGEST)
    found: list[str] = []
    token, pages = "", 0
    while token or not pages:
        page = checked(api.list_page(victim, page_size=100, page_token=token))
        found += [entry.target_id for entry in page.conversations]
        token, pages = page.next_page_token, pages + 1
    assert pages > 1
    assert found == clubs[::-1]
    request = conversation_service_pb2.BatchGetConversationsRequest(
        user_id=victim, conversations=[group(club) for club in clubs]
    )
    results = checked(api.conversations.BatchGetConversations(request)).results
    assert len(results) == len(clubs)
    full = [result.error.reason for result in results if result.HasField("error")]
    assert full
    assert set(full) == {error_pb2.ERROR_REASON_RESPONSE_FULL}
    assert [result.conversation.target_id for result in results[: len(clubs) - len(full)]] == clubs[: -len(full)]
    # A write hides no result: what was done must not look as if it had failed.
    update = conversation_service_pb2.BatchUpdateConversationSettingsRequest(
        user_id=victim,
        conversations=[group(club) for club in clubs],
        settings={"pinned": True},
        update_mask={"paths": ["pinned"]},
    )
    changed = checked(api.conversations.BatchUpdateConversationSettings(update)).results
    assert [result.update.changed for result in changed] == [True] * len(clubs)
    assert all(result.update.HasField("pin_time") for result in changed)
    update.settings.pinned = False
    api.conversations.BatchUpdateConversationSettings(update)
    stream = conversation_service_pb2.StreamConversationsRequest(user_id=victim)
    parts = [checked(part) for part in api.conversations.StreamConversations(stream)]
    assert [entry.target_id for part in parts for entry in part.conversations] == clubs[::-1]


def test_list_walk_when_huge_groups_rise_meanwhile_then_each_is_shown_once_more(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L7 on pages that end early."""
    stranger, victim = ids.users(2)
    clubs = [ids.group() for _ in range(20)]
    for club in clubs:
        api.create_group(stranger, club, [victim], attributes=ATTRIBUTES)
        api.send(stranger, group(club))
    page = checked(api.list_page(victim, page_size=2))
    for club in clubs:
        api.send(stranger, group(club), LARGEST)
    found: list[str] = []
    while page.next_page_token:
        page = checked(api.list_page(victim, page_size=100, page_token=page.next_page_token))
        found += [entry.target_id for entry in page.conversations]
    assert sorted(set(found)) == sorted(clubs)
    assert len(found) == len(set(found))


@pytest.fixture(scope="module")
def long_history(channel: grpc.Channel) -> tuple[str, Reference]:
    """Return a reader and a pair with 120 messages of 64 KiB."""
    api = ApiClient(channel)
    sender, reader = "writer of long messages", "reader of long messages"
    for _ in range(120):
        api.send(sender, single(reader), LARGEST)
    return reader, single(sender)


@pytest.mark.parametrize("direction", [UP, DOWN])
@pytest.mark.parametrize("hidden", [False, True])
def test_history_when_messages_are_of_64_kib_then_pages_end_early_and_show_each_once(
    api: ApiClient, long_history: tuple[str, Reference], direction: Any, hidden: bool
) -> None:
    """Keep semantics Q4; with a filter, the rows are read by another statement (semantics P4)."""
    reader, pair = long_history
    fields: dict[str, Any] = {"filter": {"sender_ids": ["writer of long messages"]}} if hidden else {}
    found: list[int] = []
    token, pages = "", 0
    while token or not pages:
        page = checked(api.page(reader, pair, direction=direction, page_size=50, page_token=token, **fields))
        found += sequences(page.messages)
        assert bool(page.opposite_page_token) is (pages > 0)
        token, pages = page.next_page_token, pages + 1
    assert found == sorted(range(1, 121), reverse=direction == UP)
    assert pages == 3


def test_window_when_messages_are_of_64_kib_then_it_is_narrower_and_goes_on_on_both_sides(
    api: ApiClient, long_history: tuple[str, Reference]
) -> None:
    reader, pair = long_history
    window = checked(
        api.messages.ListMessagesAround(
            message_service_pb2.ListMessagesAroundRequest(
                user_id=reader, conversation=pair, anchor={"sequence": 60}, older_count=50, newer_count=50
            )
        )
    )
    shown = sequences(window.messages)
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert shown[window.anchor_index] == 60
    assert len(shown) > 40
    older = api.page(reader, pair, page_size=1, page_token=window.older_page_token)
    newer = api.page(reader, pair, page_size=1, page_token=window.newer_page_token)
    assert sequences([*older.messages, *newer.messages]) == [shown[0] - 1, shown[-1] + 1]


def test_batch_of_messages_when_of_64_kib_then_the_rest_is_asked_for_again(
    api: ApiClient, long_history: tuple[str, Reference]
) -> None:
    reader, pair = long_history
    requested = [message.message_id for message in api.walk(reader, pair, DOWN)[:100]]
    found: dict[str, int] = {}
    asked = 0
    while left := [message_id for message_id in requested if message_id not in found]:
        request = message_service_pb2.BatchGetMessagesRequest(user_id=reader, message_ids=left)
        for result in checked(api.messages.BatchGetMessages(request)).results:
            if result.HasField("message"):
                found[result.message_id] = result.message.sequence
            else:
                assert result.error.reason == error_pb2.ERROR_REASON_RESPONSE_FULL
        asked += 1
    assert list(found.values()) == list(range(1, 101))
    assert asked == 3


def test_conversation_when_its_id_is_the_longest_then_it_is_listed_and_paged(api: ApiClient, ids: Ids) -> None:
    """A colon in a user id takes three bytes in the conversation's id, and a page token holds that id."""
    prefix = ids.user()
    one, other = (prefix + sign + ":" * (255 - len(prefix)) for sign in "ab")
    third = ids.user()
    for sender in (other, third):
        api.send(sender, single(one))
    first = checked(api.list_page(one, page_size=1))
    second = checked(api.list_page(one, page_size=1, page_token=first.next_page_token))
    assert [entry.target_id for page in (first, second) for entry in page.conversations] == [third, other]
    assert len(first.next_page_token) <= 4096
    longest = second.conversations[0].conversation_id
    assert len(longest) > 1400
    assert sequences(api.walk(one, by_id(longest), size=1)) == [1]
