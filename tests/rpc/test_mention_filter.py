"""The filter for messages that mention the reader: it finds them all, also those that never counted as unread."""

from typing import Any

import pytest

from backscroll.v1 import conversation_pb2, message_pb2, message_service_pb2
from backscroll_server.domain.enums import ChangeKind
from tests.support.api_client import DOWN, ApiClient, Reference, group, sequences, single, text_message
from tests.support.clocked_server import clocked_server, eventually
from tests.support.contract_calls import call
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, NewDatabase

EVERYBODY = message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ALL)
ANNOUNCEMENT = message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ANNOUNCEMENT)


def mention(*user_ids: str) -> message_pb2.Mentions:
    """A mention of users."""
    return message_pb2.Mentions(kind=message_pb2.MENTION_KIND_USER, user_ids=user_ids)


def found(api: ApiClient, user: str, at: Reference) -> list[int]:
    """The sequences of the messages that mention a user."""
    shown = api.walk(user, at, DOWN, filter={"mentions_me": True})
    streamed = call(api, "StreamMessages", user_id=user, conversation=at, filter={"mentions_me": True}, direction=DOWN)
    assert [message for part in streamed for message in part.messages] == shown
    return sequences(shown)


def import_one(api: ApiClient, sender: str, at: Reference, key: str, seconds: int = 1, **fields: Any) -> int:
    """Imports a message; returns its sequence."""
    old = message_service_pb2.ImportedMessage(
        sender_id=sender, original_time={"seconds": seconds}, message=text_message(client_message_id=key, **fields)
    )
    chunk = message_service_pb2.ImportMessagesRequest(user_id=sender, conversation=at, as_service=True, messages=[old])
    return api.messages.ImportMessages(iter([chunk])).last_sequence


@pytest.mark.parametrize("way", ["alone", "in a batch"])
def test_mention_of_a_user_who_never_did_anything_is_found_by_them(api: ApiClient, ids: Ids, way: str) -> None:
    """That the server first hears of a user by a mention makes no difference (semantics P10)."""
    alice, bob, carol = ids.users(3)
    at = group(ids.group())
    api.create_group(alice, at.target.id)
    api.send(alice, at, "nobody")
    if way == "alone":
        api.send(alice, at, mentions=mention(bob))
        api.send(alice, at, mentions=mention(carol, bob))
    else:
        items = [
            message_service_pb2.SendItem(conversation=at, message=text_message(mentions=mentions))
            for mentions in (mention(bob), mention(carol, bob))
        ]
        call(api, "BatchSendMessages", user_id=alice, items=items)
    api.add(alice, at, [bob, carol])
    assert (found(api, bob, at), found(api, carol, at), found(api, alice, at)) == ([2, 3], [3], [])
    # What was said before they joined is not unread.
    assert (api.look(bob, at).unread_mention_count, api.look(bob, at).unread_count) == (0, 0)


def test_mention_when_the_user_joins_in_time_counts_though_the_mention_made_them_known(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics U4."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob), "first")
    at = group(ids.group())
    api.create_group(alice, at.target.id, history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN)
    carol = ids.user()
    api.send(alice, at, mentions=mention(carol))
    api.add(alice, at, [carol])
    api.send(alice, at, mentions=mention(carol))
    assert found(api, carol, at) == [2]
    assert [shown.sequence for shown in api.look(carol, at).unread_mentions] == [2]


def test_mentions_in_imported_messages_are_found_and_never_unread(api: ApiClient, ids: Ids, database_url: str) -> None:
    """Users, everybody and announcements, of members and of users who join later (semantics P10, I3)."""
    alice, bob, carol = ids.users(3)
    at = group(ids.group())
    api.create_group(alice, at.target.id, [bob])
    api.send(alice, at, "live", mentions=mention(bob))
    import_one(api, alice, at, "1", mentions=mention(bob))
    import_one(api, alice, at, "2", mentions=mention(carol))
    import_one(api, alice, at, "3", mentions=EVERYBODY)
    import_one(api, alice, at, "4", mentions=ANNOUNCEMENT)
    import_one(api, bob, at, "5", mentions=mention(bob))
    import_one(api, alice, at, "6", mentions=mention(bob), silent=True)
    assert import_one(api, alice, at, "1", mentions=mention(bob)) == 7
    assert found(api, bob, at) == [1, 2, 4, 5]
    seen = api.look(bob, at)
    assert [shown.sequence for shown in seen.unread_mentions] == [1]
    assert (seen.unread_mention_count, seen.unread_count) == (1, 1)
    api.add(alice, at, [carol])
    assert found(api, carol, at) == [3, 4, 5]
    assert_sound(database_url)


def test_mentions_in_imported_messages_when_marked_unread_from_there_are_not_counted(api: ApiClient, ids: Ids) -> None:
    """Imported messages never count, wherever counting begins (semantics U4, I3)."""
    alice, bob = ids.users(2)
    import_one(api, alice, single(bob), "1", mentions=mention(bob))
    api.send(alice, single(bob), mentions=mention(bob))
    import_one(api, alice, single(bob), "2", mentions=mention(bob))
    api.mark_unread(bob, single(alice), from_sequence=1)
    seen = api.look(bob, single(alice))
    assert [shown.sequence for shown in seen.unread_mentions] == [2]
    assert (seen.unread_mention_count, seen.unread_count) == (1, 1)
    assert api.summary(bob).totals.unread_mention_count == 1
    assert api.reset_mentions(bob, single(alice)) == 1
    assert found(api, bob, single(alice)) == [1, 2, 3]


def test_mentions_in_imported_messages_when_recalled_or_hidden_are_not_found(api: ApiClient, ids: Ids) -> None:
    """One rule of visibility (semantics V1)."""
    alice, bob = ids.users(2)
    for number in range(4):
        import_one(api, alice, single(bob), str(number), seconds=number + 1, mentions=mention(bob))
    messages = api.walk(bob, single(alice), DOWN)
    assert found(api, bob, single(alice)) == [1, 2, 3, 4]
    api.recall(alice, single(bob), messages[0].message_id, as_service=True)
    api.delete_ids(bob, single(alice), [messages[1].message_id])
    assert found(api, bob, single(alice)) == [3, 4]
    api.clear(bob, single(alice), up_to_sequence=3)
    assert found(api, bob, single(alice)) == [4]


def test_mentions_in_imported_messages_when_others_around_them_burn_are_found(
    new_database: NewDatabase, ids: Ids
) -> None:
    """Imported messages never burn (semantics B1)."""
    alice, bob = ids.users(2)
    with clocked_server(new_database()) as served:
        api = served.api
        api.burn(alice, single(bob), seconds=10)
        api.send(alice, single(bob), mentions=mention(bob))
        import_one(api, alice, single(bob), "1", mentions=mention(bob))
        api.send(alice, single(bob), mentions=mention(bob))
        api.read(bob, single(alice))
        assert found(api, bob, single(alice)) == [1, 2, 3]
        served.clock.forward(11)
        assert found(api, bob, single(alice)) == [2]
        eventually(lambda: served.expect(ChangeKind.MESSAGES_BURNED))
        assert found(api, bob, single(alice)) == [2]
