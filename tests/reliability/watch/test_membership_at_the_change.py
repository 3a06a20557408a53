"""Who comes back to a stream is sent what it would have been sent at the time, however things stand now."""

from collections import Counter

import pytest

from backscroll.v1 import conversation_pb2, deletion_pb2, event_pb2
from tests.reliability.watch.recorded_streams import DatabaseProperty
from tests.reliability.watch.recorders import begin, read_log, read_rest
from tests.support.api_client import EVERYONE, ApiClient, Reference, group, single
from tests.support.fixtures import Ids


def of_kind(event_keys: list[DatabaseProperty], kind: str) -> list[tuple[str | int, ...]]:
    """What events of one kind say."""
    return [what for name, _, what, _ in event_keys if name == kind]


@pytest.fixture
def club(api: ApiClient, ids: Ids) -> tuple[str, Reference, str]:
    """A group that shows its whole history to joiners: its owner, itself, and a user who is no member yet."""
    owner, joiner = ids.users(2)
    place = group(ids.group())
    api.create_group(owner, place.target.id)
    return owner, place, joiner


def test_messages_from_before_the_first_join_when_resuming_then_they_are_not_sent(
    api: ApiClient, club: tuple[str, Reference, str]
) -> None:
    """They are in the history, which an event names to a joiner; as received they would notify (semantics F6)."""
    owner, place, joiner = club
    token = begin(api.events, joiner)
    api.send(owner, place, "before")
    api.import_messages(owner, place, [(owner, 1_000_000, "long ago")])
    api.delete(owner, place, EVERYONE)
    api.add(owner, place, [joiner])
    api.send(owner, place, "after")
    event_keys = read_rest(api.events, joiner, token)
    assert Counter(kind for kind, _, _, _ in event_keys) == Counter(
        ["members_changed", "history_changed", "message_received"]
    )
    assert of_kind(event_keys, "message_received") == [(3,)]
    assert of_kind(event_keys, "history_changed") == [(1, 2, event_pb2.HISTORY_CHANGE_REASON_JOINED)]
    assert of_kind(event_keys, "members_changed") == [(owner,)]


def test_messages_from_between_two_memberships_when_resuming_then_they_are_not_sent(
    api: ApiClient, club: tuple[str, Reference, str]
) -> None:
    owner, place, joiner = club
    token = begin(api.events, joiner)
    api.add(owner, place, [joiner])
    seen = api.send(owner, place, "while a member")
    api.remove(owner, place, [joiner])
    away = api.send(owner, place, "while away")
    unseen = api.send(owner, place, "while away too")
    api.import_messages(owner, place, [(owner, 1_000_000, "long ago")])
    api.recall(owner, place, seen.message_id)
    api.recall(owner, place, unseen.message_id)
    api.add(owner, place, [joiner])
    api.send(owner, place, "after")
    event_keys = read_rest(api.events, joiner, token)
    # The first message, which the joiner saw, was recalled while it was away.
    assert of_kind(event_keys, "message_received") == [(5,)]
    ((first, last, reason),) = of_kind(event_keys, "history_changed")
    assert reason == event_pb2.HISTORY_CHANGE_REASON_JOINED
    assert int(first) <= away.sequence
    assert last == 4
    everyone, recalled = deletion_pb2.DELETION_SCOPE_EVERYONE, deletion_pb2.DELETION_REASON_RECALLED
    assert of_kind(event_keys, "messages_deleted") == [(seen.message_id, seen.sequence, everyone, recalled)]
    # It learns that it left, and that it joined again; that it had joined before is past.
    assert of_kind(event_keys, "members_changed")[-2:] == [(owner,), (owner,)]
    assert away.sequence in [one.sequence for one in api.walk(joiner, place)]


def test_own_message_when_its_sender_blocks_the_conversation_then_its_devices_learn_that_it_has_read(
    api: ApiClient, ids: Ids
) -> None:
    alice, bob = ids.users(2)
    api.send(bob, single(alice))
    api.settings(alice, single(bob), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    token = begin(api.events, alice)
    api.send(alice, single(bob))
    expect = [one for page in read_log(api.events, alice, token) for one in page.events]
    changed = [conversation_pb2.Conversation.FromString(one.content) for one in expect if "conversation" in one.kind]
    assert [(one.read_sequence, one.unread_count) for one in changed] == [(2, 0)]
    assert "message_received" not in [one.kind for one in expect]
