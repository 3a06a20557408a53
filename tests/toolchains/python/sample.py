"""Sends, pages and watches. Arguments: HOST:PORT and the id of a user that nobody used before."""

import sys
from collections.abc import Iterator

import grpc

from backscroll.v1 import conversation_pb2, event_service_pb2, message_pb2, message_service_pb2
from backscroll.v1.event_service_pb2_grpc import EventServiceStub
from backscroll.v1.message_service_pb2_grpc import MessageServiceStub

_UP, _DOWN = message_service_pb2.SEARCH_DIRECTION_UP, message_service_pb2.SEARCH_DIRECTION_DOWN


def main(address: str, user: str) -> None:
    """Fails with an assertion where an answer is not what it must be."""
    with grpc.insecure_channel(address) as channel:
        messages, events = MessageServiceStub(channel), EventServiceStub(channel)
        conversation_id = messages.SendMessage(_send(user, "one")).message.conversation_id
        before = messages.ListMessages(_page(user, conversation_id, _UP, ""))
        assert [messages.SendMessage(_send(user, "two")).duplicate for _ in range(2)] == [False, True]
        assert list(_texts(messages, user, conversation_id, _UP)) == ["two", "one"]
        assert list(_texts(messages, user, conversation_id, _DOWN)) == ["one", "two"]
        request = event_service_pb2.WatchEventsRequest(user_id=user, resume_token=before.resume_token)
        received = (
            event.message_received.message
            for response in events.WatchEvents(request, timeout=60)
            for event in response.events
            if event.HasField("message_received")
        )
        assert next(received).content.text.text == "two"
    print("sent, paged, watched")


def _send(user: str, text: str) -> message_service_pb2.SendMessageRequest:
    target = conversation_pb2.ConversationTarget(type=conversation_pb2.CONVERSATION_TYPE_SINGLE, id=f"{user}-friend")
    content = message_pb2.Content(text=message_pb2.TextContent(text=text))
    return message_service_pb2.SendMessageRequest(
        user_id=user,
        conversation=conversation_pb2.ConversationReference(target=target),
        message=message_pb2.OutgoingMessage(content=content, client_message_id=text),
    )


def _page(
    user: str, conversation_id: str, direction: message_service_pb2.SearchDirection, token: str
) -> message_service_pb2.ListMessagesRequest:
    return message_service_pb2.ListMessagesRequest(
        user_id=user,
        conversation=conversation_pb2.ConversationReference(conversation_id=conversation_id),
        direction=direction,
        page_size=1,  # So that there is a second page.
        page_token=token,
    )


def _texts(
    messages: MessageServiceStub, user: str, conversation_id: str, direction: message_service_pb2.SearchDirection
) -> Iterator[str]:
    token = ""
    while True:
        response = messages.ListMessages(_page(user, conversation_id, direction, token))
        yield from (message.content.text.text for message in response.messages)
        token = response.next_page_token
        if not token:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
