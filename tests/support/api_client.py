"""A short way to act on a server and to look at what it did, through the generated stubs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2_grpc
from grpc_status import rpc_status

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    conversation_service_pb2_grpc,
    deletion_pb2,
    error_pb2,
    event_service_pb2_grpc,
    member_pb2,
    message_pb2,
    message_service_pb2,
    message_service_pb2_grpc,
    user_service_pb2,
    user_service_pb2_grpc,
)
from backscroll.v1.consistency_pb2 import Consistency
from tests.support.recorded_reasons import recorded

Reference = conversation_pb2.ConversationReference
SomeMessage = message_pb2.Message | message_service_pb2.SentMessage
"""A message, or what a batch returned of one."""

SELF = deletion_pb2.DELETION_SCOPE_SELF
EVERYONE = deletion_pb2.DELETION_SCOPE_EVERYONE
UP = message_service_pb2.SEARCH_DIRECTION_UP
DOWN = message_service_pb2.SEARCH_DIRECTION_DOWN


def target(kind: conversation_pb2.ConversationType, target_id: str, recipient_id: str = "") -> Reference:
    """A conversation by its type and target."""
    return Reference(target=conversation_pb2.ConversationTarget(type=kind, id=target_id, recipient_id=recipient_id))


def single(other: str) -> Reference:
    """The conversation with another user."""
    return target(conversation_pb2.CONVERSATION_TYPE_SINGLE, other)


def group(source_id: str) -> Reference:
    """A group."""
    return target(conversation_pb2.CONVERSATION_TYPE_GROUP, source_id)


def room(source_id: str) -> Reference:
    """A chat room."""
    return target(conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM, source_id)


def system(source_id: str, recipient: str = "") -> Reference:
    """A SYSTEM conversation."""
    return target(conversation_pb2.CONVERSATION_TYPE_SYSTEM, source_id, recipient)


def by_id(conversation_id: str) -> Reference:
    """A conversation by its id."""
    return Reference(conversation_id=conversation_id)


def fresh(token: str) -> Consistency:
    """A read that reflects at least what the response with this token did."""
    return Consistency(at_least_as_fresh=token)


def text_message(text: str = "hello", **fields: Any) -> message_pb2.OutgoingMessage:
    """A message to send."""
    content = message_pb2.Content(text=message_pb2.TextContent(text=text))
    return message_pb2.OutgoingMessage(content=content, **fields)


def health_stub(channel: grpc.Channel) -> Any:
    """A stub of the health service; its package describes no calls."""
    return health_pb2_grpc.HealthStub(channel)


class Failure(NamedTuple):
    """A status: its code, its stable reason and the path of the field at fault."""

    code: grpc.StatusCode
    reason: str
    field: str


def failure_of(error: Any) -> Failure:
    """What a failed call says, from its rich details."""
    status = rpc_status.from_call(error)
    reason = field = ""
    for detail in status.details if status else ():
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad) and bad.field_violations:
            field = bad.field_violations[0].field
    return Failure(error.code(), reason, field)


def metadata_of(error: Any) -> dict[str, str]:
    """What a failed call says for programs, from its rich details."""
    status = rpc_status.from_call(error)
    info = error_details_pb2.ErrorInfo()
    return next((dict(info.metadata) for detail in (status.details if status else ()) if detail.Unpack(info)), {})


def reason_of(error: error_pb2.ItemError) -> str:
    """The reason of an item's error by the name that failed calls give it; empty without an error."""
    return error_pb2.ErrorReason.Name(error.reason).removeprefix("ERROR_REASON_") if error.reason else ""


def failing(call: Callable[..., object], /, *args: Any, **fields: Any) -> Failure:
    """Makes a call that must fail; answers how it did."""
    with pytest.raises(grpc.RpcError) as caught:
        call(*args, **fields)
    return failure_of(caught.value)


@dataclass
class ApiClient:
    """Calls of one connection. Every method is one call, except the walks."""

    channel: grpc.Channel

    def __post_init__(self) -> None:
        channel = recorded(self.channel)
        self.conversations = conversation_service_pb2_grpc.ConversationServiceStub(channel)
        self.messages = message_service_pb2_grpc.MessageServiceStub(channel)
        self.events = event_service_pb2_grpc.EventServiceStub(channel)
        self.users = user_service_pb2_grpc.UserServiceStub(channel)

    def send(self, sender: str, to: Reference, text: str = "hello", **fields: Any) -> message_pb2.Message:
        """Sends a text; `keep_unread` and `as_service` are the request's, other fields the message's."""
        request = {name: fields.pop(name) for name in ("keep_unread", "as_service") if name in fields}
        answer = self.messages.SendMessage(
            message_service_pb2.SendMessageRequest(
                user_id=sender, conversation=to, message=text_message(text, **fields), **request
            )
        )
        return answer.message

    def send_many(self, sender: str, to: Reference, texts: Iterable[str]) -> list[message_service_pb2.SentMessage]:
        """Sends texts in batches; answers what the server assigned to each."""
        waiting = list(texts)
        sent: list[message_service_pb2.SentMessage] = []
        for start in range(0, len(waiting), 500):
            answer = self.messages.BatchSendMessages(
                message_service_pb2.BatchSendMessagesRequest(
                    user_id=sender,
                    items=[
                        message_service_pb2.SendItem(conversation=to, message=text_message(text))
                        for text in waiting[start : start + 500]
                    ],
                )
            )
            sent += [result.message for result in answer.results]
        return sent

    def send_to_each(self, sender: str, others: Sequence[str], text: str = "hello") -> None:
        """Sends a text to each of many users."""
        for start in range(0, len(others), 500):
            items = [
                message_service_pb2.SendItem(conversation=single(other), message=text_message(text))
                for other in others[start : start + 500]
            ]
            self.messages.BatchSendMessages(message_service_pb2.BatchSendMessagesRequest(user_id=sender, items=items))

    def create_group(
        self,
        owner: str,
        source_id: str,
        members: Sequence[str] = (),
        *,
        kind: conversation_pb2.ConversationType = conversation_pb2.CONVERSATION_TYPE_GROUP,
        as_service: bool = False,
        **properties: Any,
    ) -> conversation_pb2.Conversation:
        """Creates a group, or what `kind` says; `properties` are those that the members share."""
        response = self.conversations.CreateConversation(
            conversation_service_pb2.CreateConversationRequest(
                user_id=owner,
                target=conversation_pb2.ConversationTarget(type=kind, id=source_id),
                properties=conversation_pb2.ConversationProperties(**properties),
                members=[member_pb2.NewMember(user_id=member) for member in members],
                as_service=as_service,
            )
        )
        return response.conversation

    def open(self, user: str, to: Reference) -> conversation_pb2.Conversation:
        """Opens a conversation."""
        return self.conversations.GetOrCreateConversation(
            conversation_service_pb2.GetOrCreateConversationRequest(user_id=user, conversation=to)
        ).conversation

    def look(self, user: str, at: Reference) -> conversation_pb2.Conversation:
        """A conversation as the user sees it."""
        return self.conversations.GetConversation(
            conversation_service_pb2.GetConversationRequest(user_id=user, conversation=at)
        ).conversation

    def page(self, user: str, of: Reference, **fields: Any) -> message_service_pb2.ListMessagesResponse:
        """One page of history."""
        return self.messages.ListMessages(
            message_service_pb2.ListMessagesRequest(user_id=user, conversation=of, **fields)
        )

    def walk(
        self, user: str, of: Reference, direction: int = UP, size: int = 50, **fields: Any
    ) -> list[message_pb2.Message]:
        """A whole walk through a history, page by page."""
        found: list[message_pb2.Message] = []
        page = self.page(user, of, direction=direction, page_size=size, **fields)
        fields.pop("start", None)
        fields.pop("include_start", None)
        while True:
            found += page.messages
            if not page.next_page_token:
                return found
            page = self.page(user, of, page_size=size, page_token=page.next_page_token, **fields)

    def listed(self, user: str, **fields: Any) -> list[conversation_pb2.Conversation]:
        """A whole walk through a user's list."""
        found: list[conversation_pb2.Conversation] = []
        token = ""
        while True:
            page = self.conversations.ListConversations(
                conversation_service_pb2.ListConversationsRequest(user_id=user, page_token=token, **fields)
            )
            found += page.conversations
            token = page.next_page_token
            if not token:
                return found

    def burn(self, user: str, at: Reference, seconds: int) -> None:
        """Makes what is sent to a pair from now on burn some seconds after it was read."""
        self.open(user, at)
        self.conversations.UpdateConversation(
            conversation_service_pb2.UpdateConversationRequest(
                user_id=user,
                conversation=at,
                update_mask={"paths": ["burn"]},
                properties={"burn": {"enabled": True, "duration": {"seconds": seconds}}},
            )
        )

    def read(self, user: str, at: Reference, **target: Any) -> conversation_service_pb2.MarkConversationReadResponse:
        """Moves the read position; to the end by default."""
        return self.conversations.MarkConversationRead(
            conversation_service_pb2.MarkConversationReadRequest(user_id=user, conversation=at, **target)
        )

    def summary(self, user: str) -> user_service_pb2.GetUnreadSummaryResponse:
        """The totals of a user."""
        return self.users.GetUnreadSummary(user_service_pb2.GetUnreadSummaryRequest(user_id=user))

    def resume_token(self, user: str) -> str:
        """A token to watch from: the moment of this read."""
        return self.users.GetUserSettings(user_service_pb2.GetUserSettingsRequest(user_id=user)).resume_token

    def update(self, user: str, at: Reference, **properties: Any) -> conversation_pb2.Conversation:
        """Changes properties that the members share; only those given."""
        return self.conversations.UpdateConversation(
            conversation_service_pb2.UpdateConversationRequest(
                user_id=user,
                conversation=at,
                update_mask={"paths": list(properties)},
                properties=conversation_pb2.ConversationProperties(**properties),
            )
        ).conversation

    def settings(self, user: str, at: Reference, **values: Any) -> conversation_pb2.Conversation:
        """Changes the user's settings of one conversation; only those given."""
        answer = self.conversations.UpdateConversationSettings(
            conversation_service_pb2.UpdateConversationSettingsRequest(
                user_id=user,
                conversation=at,
                update_mask={"paths": list(values)},
                settings=conversation_pb2.ConversationSettings(**values),
            )
        )
        return answer.conversation

    def delete_ids(
        self,
        user: str,
        at: Reference,
        message_ids: Sequence[str],
        scope: deletion_pb2.DeletionScope = SELF,
        **fields: Any,
    ) -> message_service_pb2.DeleteMessagesResponse:
        """Deletes single messages."""
        return self.messages.DeleteMessages(
            message_service_pb2.DeleteMessagesRequest(
                user_id=user,
                conversation=at,
                scope=scope,
                message_ids=message_ids,
                **fields,
            )
        )

    def clear(self, user: str, at: Reference, **target: Any) -> message_service_pb2.ClearHistoryResponse:
        """Clears a history for the user, `before_time` or `up_to_sequence`."""
        return self.messages.ClearHistory(
            message_service_pb2.ClearHistoryRequest(user_id=user, conversation=at, **target)
        )

    def delete(
        self, user: str, at: Reference, scope: deletion_pb2.DeletionScope = SELF, **fields: Any
    ) -> conversation_service_pb2.DeleteConversationResponse:
        """Deletes a conversation."""
        return self.conversations.DeleteConversation(
            conversation_service_pb2.DeleteConversationRequest(user_id=user, conversation=at, scope=scope, **fields)
        )

    def add(
        self,
        user: str,
        to: Reference,
        members: Sequence[str],
        role: member_pb2.MemberRole | None = None,
        **fields: Any,
    ) -> int:
        """Adds members, all with one role."""
        return self.conversations.AddMembers(
            conversation_service_pb2.AddMembersRequest(
                user_id=user,
                conversation=to,
                members=[member_pb2.NewMember(user_id=member, role=role) for member in members],
                **fields,
            )
        ).added_count

    def remove(self, user: str, of: Reference, members: Sequence[str], **fields: Any) -> int:
        """Removes members."""
        return self.conversations.RemoveMembers(
            conversation_service_pb2.RemoveMembersRequest(user_id=user, conversation=of, user_ids=members, **fields)
        ).removed_count

    def recall(
        self, user: str, at: Reference, *message_ids: str, **fields: Any
    ) -> message_service_pb2.DeleteMessagesResponse:
        """Takes single messages back for everyone."""
        return self.delete_ids(user, at, message_ids, EVERYONE, **fields)

    def mark_unread(self, user: str, at: Reference, **target: Any) -> int:
        """Marks a conversation unread, by the flag or from a message on; answers the unread count."""
        return self.conversations.MarkConversationUnread(
            conversation_service_pb2.MarkConversationUnreadRequest(user_id=user, conversation=at, **target)
        ).unread_count

    def reset_mentions(self, user: str, at: Reference, **bound: Any) -> int:
        """Clears the unread mentions, all by default; answers how many there were."""
        return self.conversations.ResetMentions(
            conversation_service_pb2.ResetMentionsRequest(user_id=user, conversation=at, **bound)
        ).cleared_count

    def list_page(self, user: str, **fields: Any) -> conversation_service_pb2.ListConversationsResponse:
        """One page of a user's list."""
        return self.conversations.ListConversations(
            conversation_service_pb2.ListConversationsRequest(user_id=user, **fields)
        )

    def import_messages(
        self, user: str, to: Reference, messages: Iterable[tuple[str, int, str]], prefix: str = "import"
    ) -> message_service_pb2.ImportMessagesResponse:
        """Imports (sender, microseconds of origin, text) in one chunk, with ids that number the messages."""
        chunk = message_service_pb2.ImportMessagesRequest(
            user_id=user,
            conversation=to,
            as_service=True,
            messages=[
                message_service_pb2.ImportedMessage(
                    sender_id=sender,
                    original_time={"seconds": origin // 1_000_000, "nanos": origin % 1_000_000 * 1000},
                    message=text_message(text, client_message_id=f"{prefix}-{number}"),
                )
                for number, (sender, origin, text) in enumerate(messages)
            ],
        )
        return self.messages.ImportMessages(iter([chunk]))


def texts(messages: Iterable[message_pb2.Message]) -> list[str]:
    """What messages say."""
    return [message.content.text.text for message in messages]


def sequences(messages: Iterable[SomeMessage]) -> list[int]:
    """The sequences of messages."""
    return [message.sequence for message in messages]
