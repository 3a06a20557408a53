"""Who comes back to a stream is told what it would have been told at the time, however things stand now."""

import pytest

from backscroll.v1 import conversation_pb2
from tests.reliability.watch.recorded_streams import Fact
from tests.reliability.watch.recorders import begin, read_log, read_rest
from tests.support.api_client import EVERYONE, Acting, Reference, group, single
from tests.support.fixtures import Ids


def of_kind(facts: list[Fact], kind: str) -> list[object]:
    """What facts of one kind say."""
    return [what[0] for name, _, what, _ in facts if name == kind]


@pytest.fixture
def club(act: Acting, ids: Ids) -> tuple[str, Reference, str]:
    """A group that shows its whole history to joiners: its owner, itself, and a user who is no member yet."""
    owner, joiner = ids.users(2)
    place = group(ids.group())
    act.create_group(owner, place.target_id)
    return owner, place, joiner


def test_messages_from_before_the_first_join_when_resuming_then_they_are_not_told(
    act: Acting, club: tuple[str, Reference, str]
) -> None:
    """They are in the history, which a joiner reads; told as received they would all notify."""
    owner, place, joiner = club
    token = begin(act.events, joiner)
    act.send(owner, place, "before")
    act.import_messages(owner, place, [(owner, 1_000_000, "long ago")])
    act.delete(owner, place, EVERYONE)
    act.add(owner, place, [joiner])
    act.send(owner, place, "after")
    assert [what[0] for _, _, what, _ in read_rest(act.events, joiner, token)] == [3]


def test_messages_from_between_two_memberships_when_resuming_then_they_are_not_told(
    act: Acting, club: tuple[str, Reference, str]
) -> None:
    owner, place, joiner = club
    token = begin(act.events, joiner)
    act.add(owner, place, [joiner])
    seen = act.send(owner, place, "while a member")
    act.remove(owner, place, [joiner])
    away = act.send(owner, place, "while away")
    unseen = act.send(owner, place, "while away too")
    act.import_messages(owner, place, [(owner, 1_000_000, "long ago")])
    act.recall(owner, place, seen.message_id)
    act.recall(owner, place, unseen.message_id)
    act.add(owner, place, [joiner])
    act.send(owner, place, "after")
    facts = read_rest(act.events, joiner, token)
    assert of_kind(facts, "message_received") == [5]
    assert of_kind(facts, "history_imported") == []
    assert of_kind(facts, "messages_deleted") == [seen.message_id]
    assert away.sequence in [one.sequence for one in act.walk(joiner, place)]


def test_own_message_when_its_sender_blocks_the_conversation_then_its_devices_learn_that_it_has_read(
    act: Acting, ids: Ids
) -> None:
    alice, bob = ids.users(2)
    act.send(bob, single(alice))
    act.settings(alice, single(bob), receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    token = begin(act.events, alice)
    act.send(alice, single(bob))
    told = [one for page in read_log(act.events, alice, token) for one in page.events]
    changed = [conversation_pb2.Conversation.FromString(one.content) for one in told if "conversation" in one.kind]
    assert [(one.read_sequence, one.unread_count) for one in changed] == [(2, 0)]
    assert "message_received" not in [one.kind for one in told]
