"""Conversion of requests for the list of conversations into queries: filter, walk and page token."""

from dataclasses import replace

from backscroll.v1 import conversation_service_pb2
from backscroll_server.domain import limits
from backscroll_server.domain.errors import Reason
from backscroll_server.services.conversations.list_page import ListedPage, ListQuery
from backscroll_server.services.conversations.listing import ConversationFilter
from backscroll_server.transport.calls import Call
from backscroll_server.transport.tokens.codec import TokenCodec, page_token_mismatch, query_digest
from backscroll_server.transport.tokens.conversation_list import (
    decode_conversation_list,
    encode_conversation_list,
    walk_of,
)
from backscroll_server.transport.tokens.v1.token_pb2 import ConversationListToken
from backscroll_server.transport.validation import (
    boundary,
    caller,
    conversation_by_id,
    conversation_types,
    invalid,
    not_negative,
    page_size,
    require_count,
    require_unique,
)


def list_query(
    request: conversation_service_pb2.ListConversationsRequest, call: Call, codec: TokenCodec
) -> tuple[ListQuery, ConversationListToken | None]:
    """Return the query of the requested page, and the fields of the request's page token; None without a token.

    The caller must compare the token's user with the user of the page, which only the database knows.

    Raises:
        InvalidArgumentError: for a faulty field; `PAGE_TOKEN_MALFORMED`; `PAGE_TOKEN_MISMATCH` if the token was made
            for another filter.
    """
    user_id = caller(request, call).user_id
    size = page_size(request.page_size, default=limits.LIST_PAGE_DEFAULT, most=limits.LIST_PAGE_MAX)
    skip = not_negative(request.skip, "skip")
    conversation_filter = conversation_filter_of(request.filter)
    query = ListQuery(user_id, conversation_filter, size, skip, request.include_total_size)
    if not request.page_token:
        return query, None
    if skip:
        raise invalid(Reason.CONFLICTING_FIELDS, "does not go with a page token", "skip", conflicts_with="page_token")
    token = decode_conversation_list(codec, request.page_token)
    if token.query_digest != _digest(conversation_filter):
        raise page_token_mismatch()
    return replace(query, walk=walk_of(token)), token


def _digest(conversation_filter: ConversationFilter) -> bytes:
    return query_digest("conversations", repr(conversation_filter))


def conversation_filter_of(conversation_filter: conversation_service_pb2.ConversationFilter) -> ConversationFilter:
    """Return the filter of a request, checked.

    Raises:
        InvalidArgumentError: for a faulty field.
    """
    require_count(
        conversation_filter.conversation_ids, "filter.conversation_ids", least=0, most=limits.FILTER_CONVERSATIONS
    )
    for index, conversation_id in enumerate(conversation_filter.conversation_ids):
        conversation_by_id(conversation_id, f"filter.conversation_ids[{index}]")
    require_unique(conversation_filter.conversation_ids, "filter.conversation_ids")
    active_since = 0
    if conversation_filter.HasField("active_start_time"):
        active_since = max(boundary(conversation_filter.active_start_time, "filter.active_start_time"), 0)
    return ConversationFilter(
        types=conversation_types(conversation_filter.types, "filter.types"),
        unread_only=conversation_filter.unread_only,
        pinned_only=conversation_filter.pinned_only,
        mentioned_only=conversation_filter.mentioned_only,
        active_since=active_since,
        conversation_ids=tuple(sorted(conversation_filter.conversation_ids)),
    )


def next_page_token(codec: TokenCodec, query: ListQuery, page: ListedPage) -> str:
    """Return the page token that continues the walk after a page; empty at the end."""
    if page.following is None:
        return ""
    return encode_conversation_list(
        codec, user=page.user, query_digest=_digest(query.conversation_filter), walk=page.following
    )
