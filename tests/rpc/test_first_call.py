"""The shortest way through: send, list, page, read."""

from tests.support.api_client import ApiClient, single, texts
from tests.support.fixtures import Ids


def test_send_when_nothing_exists_then_both_sides_have_it(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob), "hello")
    assert texts(api.walk(bob, single(alice))) == ["hello"]
    assert api.look(bob, single(alice)).unread_count == 1
    assert api.look(alice, single(bob)).unread_count == 0
    assert [conversation.last_message.message_id for conversation in api.listed(bob)] == [sent.message_id]
    assert api.read(bob, single(alice)).unread_count == 0
