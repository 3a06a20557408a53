"""Every call of the contract by its name, so that a table of cases can hold calls."""

from collections.abc import Iterator
from typing import Any

from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    member_pb2,
    message_service_pb2,
    user_service_pb2,
)
from tests.support.api_client import DOWN, EVERYONE, SELF, ApiClient, Reference, text_message

_CONVERSATIONS = conversation_service_pb2.DESCRIPTOR.services_by_name["ConversationService"]
_MESSAGES = message_service_pb2.DESCRIPTOR.services_by_name["MessageService"]

_USERS = user_service_pb2.DESCRIPTOR.services_by_name["UserService"]

METHODS: dict[str, MethodDescriptor] = {
    method.name: method for service in (_CONVERSATIONS, _MESSAGES, _USERS) for method in service.methods
}
"""What the services offer, without the events: a watch has no end."""


def request_of(method: str, **fields: Any) -> Message:
    """The request of a call; nested messages may be given as dictionaries."""
    return message_factory.GetMessageClass(METHODS[method].input_type)(**fields)


def has_field(method: str, field: str) -> bool:
    """Whether the request of a call has that field."""
    return field in METHODS[method].input_type.fields_by_name


FRESH_READS = [method for method in METHODS if has_field(method, "consistency")]
"""Those that may state a minimum freshness."""


def valid_fields(method: str, at: Reference, *, message_id: str = "1-1", other: str = "other") -> dict[str, Any]:
    """What a valid request of a call holds besides its `user_id`.

    Args:
        method: the call.
        at: the conversation, for calls about one.
        message_id: a message, for calls about one.
        other: another user, for calls about one; what is created is named after it.
    """
    fields: dict[str, Any] = {"conversation": at} if has_field(method, "conversation") else {}
    if has_field(method, "conversations"):
        fields["conversations"] = [at]
    old = {"sender_id": other, "original_time": {"seconds": 1}, "message": text_message(client_message_id="1")}
    others: dict[str, dict[str, Any]] = {
        "CreateConversation": {
            "target": {"type": conversation_pb2.CONVERSATION_TYPE_GROUP, "id": f"of {other}"},
        },
        "UpdateConversation": {"update_mask": {"paths": ["name"]}, "properties": {"name": "new name"}},
        "UpdateConversationSettings": {"update_mask": {"paths": ["pinned"]}, "settings": {"pinned": True}},
        "BatchUpdateConversationSettings": {"update_mask": {"paths": ["pinned"]}, "settings": {"pinned": True}},
        "DeleteConversation": {"scope": SELF},
        "UpdateUserSettings": {
            "update_mask": {"paths": ["receive_option"]},
            "settings": {"receive_option": conversation_pb2.RECEIVE_OPTION_MUTED},
        },
        "AddMembers": {"members": [{"user_id": other}]},
        "RemoveMembers": {"user_ids": [other]},
        "UpdateMember": {
            "member": {"user_id": other, "role": member_pb2.MEMBER_ROLE_ADMIN},
            "update_mask": {"paths": ["role"]},
        },
        "SendMessage": {"message": text_message()},
        "BatchSendMessages": {"items": [{"conversation": at, "message": text_message()}]},
        "ImportMessages": {"messages": [old], "as_service": True},
        "StreamMessages": {"direction": DOWN},
        "GetMessage": {"message_id": message_id},
        "BatchGetMessages": {"message_ids": [message_id]},
        "DeleteMessages": {"scope": EVERYONE, "message_ids": [message_id]},
        "ClearHistory": {"up_to_sequence": 1},
        "ListReaders": {"message_id": message_id},
    }
    return fields | others.get(method, {})


def call(api: ApiClient, method: str, **fields: Any) -> Any:
    """Makes a call; answers its answer, of a stream of answers the list."""
    return send_request(api, method, request_of(method, **fields))


def send_request(api: ApiClient, method: str, request: Message, **options: Any) -> Any:
    """The same with the request as a message and with grpc's own options, as metadata."""
    descriptor = METHODS[method]
    stubs = {_CONVERSATIONS: api.conversations, _MESSAGES: api.messages, _USERS: api.users}
    stub = stubs[descriptor.containing_service]
    made = getattr(stub, method)(_one(request) if descriptor.client_streaming else request, **options)
    return list(made) if descriptor.server_streaming else made


def _one(request: Message) -> Iterator[Message]:
    yield request


def without_tokens(answer: Any) -> list[Any]:
    """An answer, or those of a stream, with nothing but whether there are tokens: they hold what the page held."""
    answers = answer if isinstance(answer, list) else [answer]
    for one in answers:
        for field, value in one.ListFields():
            if field.name.endswith("_token"):
                setattr(one, field.name, str(bool(value)))
    return answers
