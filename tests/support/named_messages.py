"""Every call that can name a message, to see what it makes of a message id."""

from typing import Any

import grpc

from backscroll.v1 import message_service_pb2
from tests.support.api_client import DOWN, EVERYONE, SELF, ApiClient, Reference, failure_of, reason_of, sequences
from tests.support.contract_calls import call

MISSING = "MESSAGE_NOT_FOUND"


def got(api: ApiClient, user: str, message_id: str) -> message_service_pb2.GetMessageResponse:
    return api.messages.GetMessage(message_service_pb2.GetMessageRequest(user_id=user, message_id=message_id))


def outcomes(api: ApiClient, user: str, at: Reference, message_id: str) -> dict[str, str]:
    """The reason, empty for none, with which each call that can name a message answers for one; changes nothing."""
    naming: dict[str, tuple[str, dict[str, Any]]] = {
        "GetMessage": ("GetMessage", {"message_id": message_id}),
        "ListReaders": ("ListReaders", {"message_id": message_id}),
        "ListMessages": ("ListMessages", {"conversation": at, "start": {"message_id": message_id}}),
        "ListMessagesAround": ("ListMessagesAround", {"conversation": at, "anchor": {"message_id": message_id}}),
        "MarkConversationRead": ("MarkConversationRead", {"conversation": at, "up_to_message_id": message_id}),
        "MarkConversationUnread": ("MarkConversationUnread", {"conversation": at, "from_message_id": message_id}),
    }
    reasons = {}
    for name, (method, fields) in naming.items():
        try:
            call(api, method, user_id=user, **fields)
            reasons[name] = ""
        except grpc.RpcError as error:
            reasons[name] = failure_of(error).reason
    [got] = call(api, "BatchGetMessages", user_id=user, message_ids=[message_id]).results
    reasons["BatchGetMessages"] = reason_of(got.error)
    for scope in (SELF, EVERYONE):
        [deleted] = api.delete_ids(user, at, [message_id], scope, validate_only=True).results
        reasons[f"DeleteMessages {scope}"] = reason_of(deleted.error)
    return reasons


def assert_names(api: ApiClient, user: str, at: Reference, message_id: str, sequence: int) -> None:
    """Every call that can name a message takes the id, and means this message."""
    assert MISSING not in outcomes(api, user, at, message_id).values()
    assert got(api, user, message_id).message.sequence == sequence
    here = {"start": {"message_id": message_id}, "include_start": True, "page_size": 1}
    assert sequences(api.page(user, at, **here).messages) == [sequence]
    assert sequences(api.page(user, at, direction=DOWN, **here).messages) == [sequence]


def assert_names_nothing(api: ApiClient, user: str, at: Reference, message_id: str) -> None:
    assert set(outcomes(api, user, at, message_id).values()) == {MISSING}
