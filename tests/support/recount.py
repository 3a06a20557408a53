"""A count of what is unread, from nothing but what a client is shown."""

from backscroll.v1 import message_pb2, message_service_pb2
from tests.support.api_client import ApiClient, Reference


def recounted(api: ApiClient, user: str, at: Reference) -> tuple[int, int]:
    """The unread messages and mentions, as a client counts them from what it is shown."""
    seen = api.look(user, at)
    start = seen.unread_from_sequence - 1 if seen.unread_from_sequence else seen.read_sequence
    start = max(start, seen.unread_floor_sequence)
    unread = mentioning = 0
    for part in api.messages.StreamMessages(
        message_service_pb2.StreamMessagesRequest(user_id=user, conversation=at, include_tombstones=True)
    ):
        blocked = {state.sequence for state in part.states if state.blocked}
        for message in part.messages:
            own = message.sender_id == user
            counts = not (own or message.silent or message.imported or message.HasField("tombstone"))
            if message.sequence <= start or not counts or message.sequence in blocked:
                continue
            unread += 1
            everyone = message.mentions.kind in {
                message_pb2.MENTION_KIND_ALL,
                message_pb2.MENTION_KIND_ANNOUNCEMENT,
            }
            mentioning += message.sequence > seen.mention_floor_sequence and (
                everyone or user in message.mentions.user_ids
            )
    return unread, mentioning
