"""The shortest way through: send, list, page, read."""

from tests.support.api_client import Acting, single, texts
from tests.support.fixtures import Ids


def test_send_when_nothing_exists_then_both_sides_have_it(act: Acting, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sent = act.send(alice, single(bob), "hello")
    assert texts(act.walk(bob, single(alice))) == ["hello"]
    assert act.look(bob, single(alice)).unread_count == 1
    assert act.look(alice, single(bob)).unread_count == 0
    assert [conversation.last_message.message_id for conversation in act.listed(bob)] == [sent.message_id]
    assert act.read(bob, single(alice)).unread_count == 0
