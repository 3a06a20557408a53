"""The words of the documented client calls, and what several of them do under different names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from backscroll.v1 import message_pb2, message_service_pb2
from tests.support.api_client import EVERYONE, ApiClient, Reference, SomeMessage, group, room, sequences, single
from tests.support.fixtures import Ids

CHAT_TYPES: dict[str, Callable[[str], Reference]] = {"singleChat": single, "groupChat": group, "chatRoom": room}
"""`chatType` of the Easemob and Agora clients."""

DAY = 24 * 3600
"""Seconds of a day."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation of two users, and how each of them names it.

    Attributes:
        one: who created it, in a group its owner.
        other: the other user.
        of_one: the conversation, as `one` names it.
        of_other: the conversation, as `other` names it.
    """

    one: str
    other: str
    of_one: Reference
    of_other: Reference

    def sides(self) -> list[tuple[str, Reference]]:
        """Each user with its name of the conversation."""
        return [(self.one, self.of_one), (self.other, self.of_other)]


def chat_of(api: ApiClient, ids: Ids, chat_type: str) -> Chat:
    """A new conversation of a documented type, without messages and listed for `one` at most."""
    one, other = ids.users(2)
    name = CHAT_TYPES[chat_type]
    if chat_type == "singleChat":
        return Chat(one, other, name(other), name(one))
    at = name(ids.group())
    api.create_group(one, at.target.id, [other], kind=at.target.type)
    return Chat(one, other, at, at)


def as_sent(messages: Iterable[message_pb2.Message]) -> list[message_service_pb2.SentMessage]:
    """What sending them in a batch returned of messages."""
    return [
        message_service_pb2.SentMessage(
            message_id=message.message_id,
            conversation_id=message.conversation_id,
            sequence=message.sequence,
            create_time=message.create_time,
        )
        for message in messages
    ]


def listed_targets(api: ApiClient, user: str) -> list[str]:
    """What a user's whole list holds, in its order."""
    return [entry.target_id for entry in api.listed(user)]


def assert_removed_one_way(
    api: ApiClient, chat: Chat, sent: Iterable[SomeMessage], removed: Iterable[SomeMessage]
) -> None:
    """Shows that `one` cannot fetch what it removed any more, and that nothing changed for the other user."""
    everything, gone = sequences(sent), set(sequences(removed))
    left = [sequence for sequence in everything if sequence not in gone]
    assert sequences(api.walk(chat.one, chat.of_one)) == left[::-1]
    assert sequences(api.walk(chat.other, chat.of_other)) == everything[::-1]
    seen, seen_by_other = api.look(chat.one, chat.of_one), api.look(chat.other, chat.of_other)
    assert seen.last_message.sequence == (left[-1] if left else 0)
    assert seen_by_other.last_message.sequence == everything[-1]
    assert seen_by_other.unread_count == len(everything)


def assert_deleted(api: ApiClient, chat: Chat, *, scope: int, with_messages: bool) -> None:
    """Shows what `one` did by deleting a conversation with two messages of its own, and what a third brings back."""
    lost_by = {chat.one, chat.other} if scope == EVERYONE else {chat.one}
    for user, at in chat.sides():
        seen, lost = api.look(user, at), user in lost_by
        assert (seen.target_id in listed_targets(api, user)) is not lost
        assert seen.unlisted is lost
        assert seen.unread_count == (0 if lost else 2)
        assert sequences(api.walk(user, at)) == ([] if lost and with_messages else [2, 1])
    api.send(chat.one, chat.of_one, "new")
    for user, at in chat.sides():
        cleared = user in lost_by and with_messages
        assert api.look(user, at).target_id in listed_targets(api, user)
        assert sequences(api.walk(user, at)) == ([3] if cleared else [3, 2, 1])
