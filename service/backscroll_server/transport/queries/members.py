"""Conversion of requests for members and readers into queries, and the page tokens that continue their lists."""

from collections.abc import Callable
from typing import Any, TypeVar

from backscroll.v1 import conversation_service_pb2, message_service_pb2
from backscroll_server.domain import limits
from backscroll_server.domain.enums import MemberRole
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.consistency import CallReads
from backscroll_server.services.conversations.member_pages import MemberPage, MembersQuery, ReadersQuery
from backscroll_server.services.views.access import Caller
from backscroll_server.transport.calls import Call
from backscroll_server.transport.tokens.codec import (
    TokenCodec,
    bound_user,
    page_token_mismatch,
    query_digest,
    service_parts,
)
from backscroll_server.transport.tokens.member_list import decode_member_list, encode_member_list
from backscroll_server.transport.validation import (
    caller,
    enum_values,
    message_key,
    page_size,
    reference,
)

# `NONE` is no role that a request may name.
_ROLES = len(MemberRole) - 1

Query = TypeVar("Query", MembersQuery, ReadersQuery)


class MemberWalk:
    """A list of members or readers that is read page by page; its page tokens are bound to the user and the query.

    Args:
        codec: seals and unseals page tokens.
        page_token: the page token of the request; empty for the first page.
        reader: the user who asks, and whether with the rights of a service.
        query: the values of the query that must stay equal from page to page.

    Attributes:
        after: the `following` of the page before; 0 for the first page.

    Raises:
        InvalidArgumentError: `PAGE_TOKEN_MALFORMED`.
    """

    def __init__(self, codec: TokenCodec, page_token: str, reader: Caller, *query: str | int) -> None:
        self._codec = codec
        self._digest = query_digest(*query, *service_parts(reader))
        self._reader = reader
        self._token = decode_member_list(codec, page_token) if page_token else None
        self.after = self._token.after_order if self._token else 0

    async def read(self, reads: CallReads, read: Callable[[Any, Query], MemberPage], query: Query) -> MemberPage:
        """Return the page that `read` reads, from a snapshot that holds what the page before held.

        Raises:
            InvalidArgumentError: `PAGE_TOKEN_MISMATCH` if the page token was made for another query or user.
        """
        token = self._token
        if token is not None:
            reads.require_at_least(FeedPosition(token.seen_position, token.seen_check))
        page = await reads(read, query)
        if token is not None and (token.query_digest, token.user, token.conversation) != (
            self._digest, bound_user(self._reader, page.user), page.conversation,
        ):  # fmt: skip
            raise page_token_mismatch()
        return page

    def next_page_token(self, page: MemberPage, read_at: FeedPosition) -> str:
        """Return the page token that continues the list after a page; empty at the end.

        Args:
            page: the page.
            read_at: the position of the change feed that the page held.
        """
        if page.following is None:
            return ""
        return encode_member_list(
            self._codec,
            conversation=page.conversation,
            user=bound_user(self._reader, page.user),
            query_digest=self._digest,
            after=page.following,
            read_at=read_at,
        )


def members_query(
    request: conversation_service_pb2.ListMembersRequest, call: Call, codec: TokenCodec
) -> tuple[MembersQuery, MemberWalk]:
    """Return the query of the requested page of members, and the walk that it belongs to.

    Raises:
        InvalidArgumentError: for a faulty field; `PAGE_TOKEN_MALFORMED`.
        PermissionDeniedError: `SERVICE_ONLY`.
    """
    reader = caller(request, call)
    key = reference(request.conversation, reader.user_id)
    size = page_size(request.page_size, default=limits.MEMBER_PAGE_DEFAULT, most=limits.MEMBER_PAGE_MAX)
    roles = enum_values(request.roles, MemberRole, "roles", most=_ROLES)
    walk = MemberWalk(codec, request.page_token, reader, "members", *roles)
    return MembersQuery(reader, key, size, walk.after, roles), walk


def readers_query(
    request: message_service_pb2.ListReadersRequest, call: Call, codec: TokenCodec
) -> tuple[ReadersQuery, MemberWalk]:
    """Return the query of the requested page of readers, and the walk that it belongs to.

    Raises:
        InvalidArgumentError: for a faulty field; `PAGE_TOKEN_MALFORMED`.
        PermissionDeniedError: `SERVICE_ONLY`.
    """
    reader = caller(request, call)
    message_id = message_key(request.message_id, "message_id")
    size = page_size(request.page_size, default=limits.MEMBER_PAGE_DEFAULT, most=limits.MEMBER_PAGE_MAX)
    walk = MemberWalk(codec, request.page_token, reader, "readers", request.message_id)
    return ReadersQuery(reader, message_id, size, walk.after), walk
