"""Reads with `as_service` by an identity that is no service are refused before anything is read (semantics Q9)."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backscroll_server.domain.errors import PermissionDeniedError, Reason
from backscroll_server.services.store import Store
from backscroll_server.transport.calls import Call
from backscroll_server.transport.conversation_queries import ConversationQueries
from backscroll_server.transport.message_queries import MessageQueries
from tests.support.api_client import group
from tests.support.contract_calls import METHODS, request_of, valid_fields
from tests.unit.transport.tokens.kinds import CODEC

NO_STORE = cast(Store, None)
"""No read comes as far as the database."""

CONVERSATIONS, MESSAGES = ConversationQueries(NO_STORE, CODEC), MessageQueries(NO_STORE, CODEC)
HANDLERS = {
    "GetConversation": CONVERSATIONS.get_conversation,
    "BatchGetConversations": CONVERSATIONS.batch_get_conversations,
    "ListMembers": CONVERSATIONS.list_members,
    "ListMessages": MESSAGES.list_messages,
    "ListMessagesAround": MESSAGES.list_messages_around,
    "GetMessage": MESSAGES.get_message,
    "BatchGetMessages": MESSAGES.batch_get_messages,
    "StreamMessages": MESSAGES.stream_messages,
    "ListReaders": MESSAGES.list_readers,
}


@pytest.mark.parametrize("method", HANDLERS)
def test_read_when_no_service_sets_as_service_is_refused(method: str) -> None:
    call = cast(Call, SimpleNamespace(is_service=False, device_id=""))
    request = request_of(method, user_id="ann", as_service=True, **valid_fields(method, group("club")))
    handler: Any = HANDLERS[method]
    with pytest.raises(PermissionDeniedError) as refused:
        asyncio.run(
            _first_answer(handler(request, call)) if METHODS[method].server_streaming else handler(request, call)
        )
    assert (refused.value.reason, refused.value.field) == (Reason.SERVICE_ONLY, "as_service")


async def _first_answer(answers: Any) -> Any:
    return await anext(answers)
