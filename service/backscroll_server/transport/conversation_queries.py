"""The RPCs of `ConversationService` that only read: conversations, lists and members."""

from collections.abc import AsyncGenerator
from functools import partial

from backscroll.v1 import conversation_service_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.conversations import get, list_page
from backscroll_server.services.conversations.member_pages import list_members
from backscroll_server.services.store import Store
from backscroll_server.services.views.conversation_view import ConversationView
from backscroll_server.transport.calls import Call
from backscroll_server.transport.encode import conversations as encode
from backscroll_server.transport.encode.members import member
from backscroll_server.transport.encode.parts import PartBuilder
from backscroll_server.transport.queries.conversation_list import conversation_filter_of, list_query, next_page_token
from backscroll_server.transport.queries.members import members_query
from backscroll_server.transport.tokens.codec import TokenCodec, page_token_mismatch
from backscroll_server.transport.tokens.feed import FeedTokens
from backscroll_server.transport.validation import (
    caller,
    reference,
    references,
)


class ConversationQueries:
    """The handlers of the RPCs of `ConversationService` that only read.

    Each method takes the request and the `Call` and returns the answer, as a message or encoded. A faulty request
    raises `InvalidArgumentError`; `docs/api.md` lists the other failures of each RPC.

    Args:
        store: the open database.
        codec: writes and reads page tokens and resume tokens.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._store = store
        self._codec = codec
        self._tokens = FeedTokens(codec)
        self._reads = partial(self._tokens.reads, store)

    async def get_conversation(self, request: conversation_service_pb2.GetConversationRequest, call: Call) -> bytes:
        """Return one conversation as the user sees it, listed or not, as an encoded `GetConversationResponse`."""
        reader = caller(request, call)
        key = reference(request.conversation, reader.user_id)

        reads = self._reads(request.consistency)
        description = await reads(get.get_conversation, reader, key)
        rest = conversation_service_pb2.GetConversationResponse(
            resume_token=self._tokens.resume(reader.user_id, reads.read_at)
        )
        return message_codec.frame(encode.conversation(description)) + rest.SerializeToString()

    async def batch_get_conversations(
        self, request: conversation_service_pb2.BatchGetConversationsRequest, call: Call
    ) -> bytes:
        """Return several conversations as the user sees them, listed or not.

        Returns:
            An encoded `BatchGetConversationsResponse`: for each reference the conversation or its error, in order.
        """
        reader = caller(request, call)
        keys = references(request.conversations, reader.user_id, most=limits.BATCH_GETS)
        known = [key for key in keys if not isinstance(key, DomainError)]

        reads = self._reads(request.consistency)
        found = await reads(get.get_conversations, reader, known)
        rest = conversation_service_pb2.BatchGetConversationsResponse(
            resume_token=self._tokens.resume(reader.user_id, reads.read_at)
        )
        return encode.get_results(keys, found) + rest.SerializeToString()

    async def list_conversations(self, request: conversation_service_pb2.ListConversationsRequest, call: Call) -> bytes:
        """Return one page of the user's list of conversations, as an encoded `ListConversationsResponse`."""
        query, token = list_query(request, call, self._codec)
        reads = self._reads(request.consistency)
        if query.walk is not None:
            reads.require_at_least(query.walk.read_at)
        page = await reads.in_steps(list_page.list_conversations, query)
        if token is not None and token.user != page.user:
            raise page_token_mismatch()
        encoded = encode.conversations(page.conversations)
        page = page.first(len(encoded))
        rest = conversation_service_pb2.ListConversationsResponse(
            next_page_token=next_page_token(self._codec, query, page),
            total_size=page.total_size,
            resume_token=self._tokens.resume(query.user_id, page.start),
        )
        return b"".join(encoded) + rest.SerializeToString()

    async def stream_conversations(
        self, request: conversation_service_pb2.StreamConversationsRequest, call: Call
    ) -> AsyncGenerator[bytes, None]:
        """Yield the user's whole list of conversations in order, read from one snapshot, in parts.

        Each part is an encoded `StreamConversationsResponse` of at most 100 conversations and 128 KiB. An empty list is
        one part without conversations.
        """
        user_id = caller(request, call).user_id
        conversation_filter = conversation_filter_of(request.filter)

        reads = self._reads(request.consistency)
        token = b""
        builder = PartBuilder(limits.LIST_PAGE_MAX)
        async for item in reads.stream(
            list_page.stream_conversations,
            user_id,
            conversation_filter=conversation_filter,
        ):
            if isinstance(item, FeedPosition):
                call.resume_token = resume_token = self._tokens.resume(user_id, item)
                token = conversation_service_pb2.StreamConversationsResponse(
                    resume_token=resume_token
                ).SerializeToString()
            elif isinstance(item, ConversationView):
                framed = message_codec.frame(encode.conversation(item))
                if not builder.fits(framed):
                    yield builder.take(token)
                builder.add(framed)
        yield builder.take(token)

    async def list_members(
        self, request: conversation_service_pb2.ListMembersRequest, call: Call
    ) -> conversation_service_pb2.ListMembersResponse:
        """Return one page of the members of a conversation, in the order in which they were first added."""
        query, walk = members_query(request, call, self._codec)
        reads = self._reads(request.consistency)
        page = await walk.read(reads, list_members, query)
        return conversation_service_pb2.ListMembersResponse(
            members=map(member, page.members),
            next_page_token=walk.next_page_token(page, reads.read_at),
            resume_token=self._tokens.resume(query.caller.user_id, reads.read_at),
        )
