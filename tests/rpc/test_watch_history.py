"""Ranges of a history that are new to a user without an event for each message: imported, unblocked, joined."""

import time
from collections.abc import Callable

import pytest

from backscroll.v1 import conversation_pb2, event_pb2, user_pb2, user_service_pb2
from tests.support.api_client import DOWN, ApiClient, Reference, group, sequences, single
from tests.support.fixtures import Ids
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token

IMPORTED = event_pb2.HISTORY_CHANGE_REASON_IMPORTED
UNBLOCKED = event_pb2.HISTORY_CHANGE_REASON_UNBLOCKED
JOINED = event_pb2.HISTORY_CHANGE_REASON_JOINED
ALL = conversation_pb2.HISTORY_VISIBILITY_ALL
SINCE_JOIN = conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN
BLOCKED = conversation_pb2.RECEIVE_OPTION_BLOCKED
MUTED = conversation_pb2.RECEIVE_OPTION_MUTED
NORMAL = conversation_pb2.RECEIVE_OPTION_NORMAL
LONG_AGO = time.time_ns() // 1000 - 3_600_000_000

Range = tuple[event_pb2.HistoryChangeReason, int, int]


def ranges(api: ApiClient, user: str, token: str) -> list[Range]:
    """The ranges that a user was sent since a token: why, and from where to where."""
    found = [event.history_changed for event in changes_since(api, user, token) if event.HasField("history_changed")]
    return [(changed.reason, changed.first_sequence, changed.last_sequence) for changed in found]


def block_everything(api: ApiClient, user: str, option: conversation_pb2.ReceiveOption) -> None:
    api.users.UpdateUserSettings(
        user_service_pb2.UpdateUserSettingsRequest(
            user_id=user,
            settings=user_pb2.UserSettings(receive_option=option),
            update_mask={"paths": ["receive_option"]},
        )
    )


def block_one(api: ApiClient, user: str, at: Reference, option: conversation_pb2.ReceiveOption) -> None:
    api.settings(user, at, receive_option=option)


def block_all(api: ApiClient, user: str, _: Reference, option: conversation_pb2.ReceiveOption) -> None:
    block_everything(api, user, option)


def blocked_in(api: ApiClient, user: str, at: Reference) -> list[int]:
    """The messages of a history that were stored while the user had it blocked."""
    return [state.sequence for state in api.page(user, at, direction=DOWN).states if state.blocked]


def test_import_is_sent_as_a_range_for_each_chunk_to_members_alone(api: ApiClient, ids: Ids) -> None:
    """Keep semantics I2, F14."""
    ann, bob, left, stranger = ids.users(4)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob, left])
    api.send(ann, at)
    api.remove(ann, at, [left])
    starts = {user: now_token(api, user) for user in (ann, bob, left, stranger)}
    api.import_messages(ann, at, [(stranger, LONG_AGO + number, "old") for number in range(3)], prefix="a")
    api.import_messages(ann, at, [(stranger, LONG_AGO + number, "old") for number in range(2)], prefix="b")
    for user in (ann, bob):
        assert ranges(api, user, starts[user]) == [(IMPORTED, 2, 4), (IMPORTED, 5, 6)]
    for user in (left, stranger):
        assert changes_since(api, user, starts[user]) == []


def test_import_when_repeated_is_sent_once(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    start = now_token(api, bob)
    for _ in range(2):
        api.import_messages(ann, single(bob), [(ann, LONG_AGO, "old")])
    assert ranges(api, bob, start) == [(IMPORTED, 1, 1)]


@pytest.mark.parametrize("option", [NORMAL, MUTED])
@pytest.mark.parametrize("block", [block_one, block_all])
def test_unblocking_is_sent_with_the_range_that_was_stored_meanwhile(
    api: ApiClient,
    ids: Ids,
    block: Callable[[ApiClient, str, Reference, conversation_pb2.ReceiveOption], None],
    option: conversation_pb2.ReceiveOption,
) -> None:
    """Keep semantics S2, S4, F14."""
    ann, bob = ids.users(2)
    at = single(ann)
    api.send(ann, single(bob), "before")
    start, of_ann = now_token(api, bob), now_token(api, ann)
    block(api, bob, at, BLOCKED)
    api.send_many(ann, single(bob), ["while blocked"] * 3)
    assert ranges(api, bob, start) == []
    block(api, bob, at, option)
    api.send(ann, single(bob), "after")
    assert ranges(api, bob, start) == [(UNBLOCKED, 2, 4)]
    assert blocked_in(api, bob, at) == [2, 3, 4]
    assert ranges(api, ann, of_ann) == []
    block(api, bob, at, option)
    assert ranges(api, bob, start) == [(UNBLOCKED, 2, 4)]


def test_unblocking_when_nothing_was_stored_meanwhile_is_sent_without_a_range(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    start = now_token(api, bob)
    for block in (block_one, block_all):
        block(api, bob, single(ann), BLOCKED)
        block(api, bob, single(ann), NORMAL)
    assert ranges(api, bob, start) == []


def test_unblocking_when_the_user_blocks_in_two_ways_is_sent_when_the_last_one_ends(api: ApiClient, ids: Ids) -> None:
    """A conversation is blocked while either holds (semantics S4, F14)."""
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    start = now_token(api, bob)
    block_one(api, bob, single(ann), BLOCKED)
    api.send(ann, single(bob))
    block_everything(api, bob, BLOCKED)
    api.send(ann, single(bob))
    block_one(api, bob, single(ann), NORMAL)
    api.send(ann, single(bob))
    assert ranges(api, bob, start) == []
    block_everything(api, bob, NORMAL)
    assert ranges(api, bob, start) == [(UNBLOCKED, 2, 4)]
    assert blocked_in(api, bob, single(ann)) == [2, 3, 4]


def test_unblocking_everything_is_sent_with_a_range_for_each_conversation(api: ApiClient, ids: Ids) -> None:
    ann, bob, cleo, quiet = ids.users(4)
    for other in (ann, cleo, quiet):
        api.send(other, single(bob))
    start = now_token(api, bob)
    block_everything(api, bob, BLOCKED)
    api.send(ann, single(bob))
    api.send_many(cleo, single(bob), ["1", "2"])
    api.send(new := ids.user(), single(bob), "a conversation that is new")
    block_everything(api, bob, NORMAL)
    found = {
        event.history_changed.conversation_id: (
            event.history_changed.reason,
            event.history_changed.first_sequence,
            event.history_changed.last_sequence,
        )
        for event in changes_since(api, bob, start)
        if event.HasField("history_changed")
    }
    assert found == {
        api.look(bob, single(ann)).conversation_id: (UNBLOCKED, 2, 2),
        api.look(bob, single(cleo)).conversation_id: (UNBLOCKED, 2, 3),
        api.look(bob, single(new)).conversation_id: (UNBLOCKED, 1, 1),
    }


@pytest.mark.parametrize("block", [block_one, block_all])
def test_unblocking_by_who_has_left_is_sent_with_the_same_range_before_and_after_rejoining(
    api: ApiClient, ids: Ids, block: Callable[[ApiClient, str, Reference, conversation_pb2.ReceiveOption], None]
) -> None:
    """Keep semantics F14: a range ends where the user left; what was stored later is a range of the rejoining."""
    ann, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob], history_visibility=ALL)
    api.send(ann, at, "seen")
    start = now_token(api, bob)
    block(api, bob, at, BLOCKED)
    api.send_many(ann, at, ["2", "3"])
    api.remove(ann, at, [bob])
    api.send_many(ann, at, ["4", "5"])
    block(api, bob, at, NORMAL)
    assert ranges(api, bob, start) == [(UNBLOCKED, 2, 3)]
    api.add(ann, at, [bob])
    assert ranges(api, bob, start) == [(UNBLOCKED, 2, 3), (JOINED, 4, 5)]


def test_unblocking_live_is_sent_before_the_conversation_that_follows_from_it(api: ApiClient, ids: Ids) -> None:
    """The range is a change, the last sequence of the conversation follows from it (semantics F4)."""
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    block_one(api, bob, single(ann), BLOCKED)
    api.send(ann, single(bob))
    with WatchClient(api, bob) as watching:
        block_one(api, bob, single(ann), NORMAL)
        changed, conversation = watching.expect("history_changed", "conversation_changed")
    assert not changed.notify
    assert conversation.conversation_changed.conversation.last_sequence == 2
    assert conversation.conversation_changed.conversation.unread_count == 1


@pytest.mark.parametrize(("visibility", "expected"), [(ALL, [(JOINED, 1, 3)]), (SINCE_JOIN, [])])
def test_joining_is_sent_with_the_range_that_it_opens(
    api: ApiClient, ids: Ids, visibility: conversation_pb2.HistoryVisibility, expected: list[Range]
) -> None:
    """Keep semantics M4, F14."""
    ann, bob, cleo = ids.users(3)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [cleo], history_visibility=visibility)
    api.send_many(ann, at, ["before"] * 3)
    starts = {user: now_token(api, user) for user in (ann, bob, cleo)}
    api.add(ann, at, [bob])
    api.send(ann, at, "after")
    assert ranges(api, bob, starts[bob]) == expected
    assert [ranges(api, user, starts[user]) for user in (ann, cleo)] == [[], []]
    assert sequences(api.walk(bob, at, DOWN)) == ([1, 2, 3, 4] if expected else [4])


def test_joining_when_nothing_was_ever_said_opens_no_range(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(ann, at.target.id)
    start = now_token(api, bob)
    api.add(ann, at, [bob])
    found = changes_since(api, bob, start)
    assert "members_changed" in kinds(found)
    assert "history_changed" not in kinds(found)


@pytest.mark.parametrize("said_while_away", [0, 2])
def test_joining_again_is_sent_with_a_range_that_holds_what_was_said_while_away(
    api: ApiClient, ids: Ids, said_while_away: int
) -> None:
    """Keep semantics F14."""
    ann, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob])
    api.send_many(ann, at, ["together"] * 3)
    api.remove(ann, at, [bob])
    if said_while_away:
        api.send_many(ann, at, ["while away"] * said_while_away)
    start = now_token(api, bob)
    api.add(ann, at, [bob])
    found = ranges(api, bob, start)
    if not said_while_away:
        assert found == []
        return
    [(reason, first, last)] = found
    assert (reason, last) == (JOINED, 5)
    assert 1 <= first <= 4


def test_history_kept_from_messages_and_ranges_is_what_a_page_shows(api: ApiClient, ids: Ids) -> None:
    """A range takes the place of what was kept there (semantics F3, F14)."""
    ann, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(ann, at.target.id)
    start = now_token(api, bob)
    api.send_many(ann, at, ["before"] * 2)
    api.add(ann, at, [bob])
    api.send(ann, at, "member")
    block_one(api, bob, at, BLOCKED)
    api.send(ann, at, "blocked")
    block_one(api, bob, at, NORMAL)
    api.import_messages(ann, at, [(ann, LONG_AGO, "imported")])
    api.remove(ann, at, [bob])
    api.send(ann, at, "away")
    api.add(ann, at, [bob])
    api.send(ann, at, "back")
    kept: set[int] = set()
    for event in changes_since(api, bob, start):
        if event.HasField("message_received"):
            kept.add(event.message_received.message.sequence)
        elif event.HasField("history_changed"):
            changed = event.history_changed
            kept |= set(range(changed.first_sequence, changed.last_sequence + 1))
    assert sorted(kept) == sequences(api.walk(bob, at, DOWN)) == list(range(1, 8))
