"""The RPCs of `MessageService` that only read: pages of history, exports, single messages and readers."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter

from backscroll.v1 import message_service_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.errors import DomainError, NotFoundError
from backscroll_server.domain.message_codec import varint, varint_tag
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.consistency import CallReads
from backscroll_server.services.conversations.member_pages import list_readers
from backscroll_server.services.messages.get import get_messages
from backscroll_server.services.messages.history import (
    MessageFilter,
    MessagesAround,
    Page,
    list_page,
    messages_around,
)
from backscroll_server.services.messages.page_bounds import HistoryPosition, HistoryStart
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller
from backscroll_server.transport.calls import Call
from backscroll_server.transport.encode.members import member
from backscroll_server.transport.encode.messages import get_results, state_fields
from backscroll_server.transport.queries.history import (
    export_query,
    filter_digest,
    history_query,
    start_of,
)
from backscroll_server.transport.queries.members import readers_query
from backscroll_server.transport.tokens.codec import TokenCodec, bound_user, page_token_mismatch
from backscroll_server.transport.tokens.feed import FeedTokens
from backscroll_server.transport.tokens.history import encode_history, history_walk
from backscroll_server.transport.validation import (
    caller,
    message_key,
    not_negative,
    reference,
    require_count,
)

_SCAN_LIMITED = message_service_pb2.ListMessagesResponse(scan_limited=True).SerializeToString()
_NEXT = message_service_pb2.ListMessagesResponse.NEXT_PAGE_TOKEN_FIELD_NUMBER
_OPPOSITE = message_service_pb2.ListMessagesResponse.OPPOSITE_PAGE_TOKEN_FIELD_NUMBER
_OLDER = message_service_pb2.ListMessagesAroundResponse.OLDER_PAGE_TOKEN_FIELD_NUMBER
_NEWER = message_service_pb2.ListMessagesAroundResponse.NEWER_PAGE_TOKEN_FIELD_NUMBER
_STATES = message_service_pb2.ListMessagesResponse.STATES_FIELD_NUMBER
_STATES_AROUND = message_service_pb2.ListMessagesAroundResponse.STATES_FIELD_NUMBER
_STATES_OF_PART = message_service_pb2.StreamMessagesResponse.STATES_FIELD_NUMBER
_STATE = message_service_pb2.GetMessageResponse.STATE_FIELD_NUMBER
_ANCHOR_INDEX = varint_tag(message_service_pb2.ListMessagesAroundResponse.ANCHOR_INDEX_FIELD_NUMBER)
# The same number in every response that has one.
_RESUME = message_service_pb2.ListMessagesResponse.RESUME_TOKEN_FIELD_NUMBER


class MessageQueries:
    """The handlers of the RPCs of `MessageService` that only read.

    Each method takes the request and the `Call` and returns the answer, as a message or encoded. A faulty request
    raises `InvalidArgumentError`; `docs/api.md` lists the other failures of each RPC.

    Args:
        store: the open database.
        codec: writes and reads page tokens.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._codec = codec
        self._tokens = FeedTokens(codec)
        self._reads = partial(self._tokens.reads, store)

    async def list_messages(self, request: message_service_pb2.ListMessagesRequest, call: Call) -> bytes:
        """Return one page of a conversation's history as the user may see it, as an encoded `ListMessagesResponse`."""
        query, token = history_query(request, call, self._codec)
        reads = self._reads(request.consistency)
        if token is not None:
            reads.require_at_least(FeedPosition(token.seen_position, token.seen_check))
        with _field_of_anchor("start"):
            page = await reads(list_page, query)
        reader = query.caller
        if token is not None and (bound_user(reader, page.user), page.conversation) != (token.user, token.conversation):
            raise page_token_mismatch()
        walk = self._walk(page, query.message_filter, reader, reads.read_at)
        page.bodies.append(self._token(_NEXT, walk, page.next_boundary, down=page.down))
        page.bodies.append(self._token(_OPPOSITE, walk, page.opposite_boundary, down=not page.down))
        if page.scan_limited:
            page.bodies.append(_SCAN_LIMITED)
        if page.states:
            page.bodies.append(state_fields(_STATES, page.states.values()))
        page.bodies.append(self._resume_token(reader.user_id, reads))
        return b"".join(page.bodies)

    def _resume_token(self, user_id: str, reads: CallReads) -> bytes:
        """Return the encoded field of a response with the token of its first read's moment."""
        return message_codec.bytes_field(_RESUME, self._tokens.resume(user_id, reads.read_at).encode("ascii"))

    def _walk(
        self, page: Page | MessagesAround, message_filter: MessageFilter, reader: Caller, read_at: FeedPosition
    ) -> bytes:
        """Return the encoded fields that the two page tokens of an answer share. See `history_walk`."""
        return history_walk(
            self._codec,
            conversation=page.conversation,
            user=bound_user(reader, page.user),
            query_digest=filter_digest(message_filter, reader),
            read_at=read_at,
        )

    def _token(self, field: int, walk: bytes, boundary: int | None, *, down: bool) -> bytes:
        """Return an encoded field of an answer with a page token; empty bytes if there is no boundary.

        Args:
            field: the number of the field.
            walk: the part of the token that `_walk` returned.
            boundary: the sequence from which the page goes on: upwards with messages at or below it, downwards with
                messages above it. None if the history ends there.
            down: whether the token's page goes towards newer messages.
        """
        if boundary is None:
            return b""
        return message_codec.bytes_field(field, encode_history(self._codec, walk, boundary, down=down))

    async def stream_messages(
        self, request: message_service_pb2.StreamMessagesRequest, call: Call
    ) -> AsyncGenerator[bytes, None]:
        """Yield a history from a start to its end in one direction, as encoded `StreamMessagesResponse`s.

        Each has at most 500 messages and 128 KiB of them, and the resume token of the first part's moment. Each part is
        read when the one before was taken, from a snapshot of its own. An empty history is one part without messages.
        """
        query = export_query(request, call)
        user_id = query.caller.user_id
        reads = self._reads(request.consistency)
        is_empty = True
        while True:
            began = perf_counter()
            with _field_of_anchor("start"):
                page = await reads(list_page, query)
            call.resume_token = self._tokens.resume(user_id, reads.read_at)
            boundary = page.next_boundary
            if page.bodies:
                is_empty = False
                yield _taken(page, self._resume_token(user_id, reads))
            elif boundary is not None:
                # Nothing is written, so this alone lets others run. As a long read in steps, it takes half of the time.
                await asyncio.sleep(perf_counter() - began)
            if boundary is None:
                break
            query = replace(query, boundary=boundary)
        if is_empty:
            yield self._resume_token(user_id, reads)

    async def list_messages_around(self, request: message_service_pb2.ListMessagesAroundRequest, call: Call) -> bytes:
        """Return the messages around an anchor (a message, sequence, time or named position), oldest first.

        Returns:
            An encoded `ListMessagesAroundResponse`: the anchor's message if it is visible, up to `older_count` older
            and `newer_count` newer ones (at most 50 each), and a page token for each direction that has more.
        """
        reader = caller(request, call)
        key = reference(request.conversation, reader.user_id)
        anchor = start_of(request.anchor, "anchor")
        if anchor == HistoryStart():
            anchor = HistoryStart(position=HistoryPosition.NEWEST)
        message_filter = MessageFilter(tombstones=request.include_tombstones)
        reads = self._reads(request.consistency)
        with _field_of_anchor("anchor"):
            window = await reads(
                messages_around,
                reader,
                key,
                anchor=anchor,
                older=min(not_negative(request.older_count, "older_count"), limits.AROUND_MAX),
                newer=min(not_negative(request.newer_count, "newer_count"), limits.AROUND_MAX),
                tombstones=message_filter.tombstones,
            )
        walk = self._walk(window, message_filter, reader, reads.read_at)
        window.bodies.append(_ANCHOR_INDEX + varint(window.anchor_index))
        window.bodies.append(state_fields(_STATES_AROUND, window.states.values()))
        window.bodies.append(self._token(_OLDER, walk, window.older_boundary, down=False))
        window.bodies.append(self._token(_NEWER, walk, window.newer_boundary, down=True))
        window.bodies.append(self._resume_token(reader.user_id, reads))
        return b"".join(window.bodies)

    async def get_message(self, request: message_service_pb2.GetMessageRequest, call: Call) -> bytes:
        """Return one message that the user may see, as an encoded `GetMessageResponse`.

        A recalled message is returned as its tombstone where the request asks for tombstones.

        Raises:
            NotFoundError: `MESSAGE_NOT_FOUND` where there is none with this id, or the user may not see it.
        """
        reader = caller(request, call)
        message_key(request.message_id, "message_id")
        reads = self._reads(request.consistency)
        found = (await reads(get_messages, reader, [request.message_id], tombstones=request.include_tombstones))[0]
        if isinstance(found, DomainError):
            raise found
        state = b"" if found.state is None else state_fields(_STATE, [found.state])
        return found.framed + state + self._resume_token(reader.user_id, reads)

    async def batch_get_messages(self, request: message_service_pb2.BatchGetMessagesRequest, call: Call) -> bytes:
        """Return an encoded `BatchGetMessagesResponse`: for each message id the message or its error, in order."""
        reader = caller(request, call)
        require_count(request.message_ids, "message_ids", least=1, most=limits.BATCH_GETS)
        ids = list(request.message_ids)
        reads = self._reads(request.consistency)
        found = await reads(get_messages, reader, ids, tombstones=request.include_tombstones)
        return get_results(ids, found) + self._resume_token(reader.user_id, reads)

    async def list_readers(
        self, request: message_service_pb2.ListReadersRequest, call: Call
    ) -> message_service_pb2.ListReadersResponse:
        """Return one page of the members, except the sender, who have read a message; those first added come first."""
        query, walk = readers_query(request, call, self._codec)
        reads = self._reads(request.consistency)
        page = await walk.read(reads, list_readers, query)
        return message_service_pb2.ListReadersResponse(
            readers=map(member, page.members),
            next_page_token=walk.next_page_token(page, reads.read_at),
            resume_token=self._tokens.resume(query.caller.user_id, reads.read_at),
        )


def _taken(page: Page, resume_token: bytes) -> bytes:
    """Return an encoded part of an export. The page is left without messages, which would be in memory twice."""
    part = b"".join([*page.bodies, state_fields(_STATES_OF_PART, page.states.values()), resume_token])
    page.bodies.clear()
    return part


@contextmanager
def _field_of_anchor(field: str) -> Iterator[None]:
    """Put `field` before the field path of a `NotFoundError` about `message_id` that is raised in the block."""
    try:
        yield
    except NotFoundError as error:
        raise error.at(field) if error.field == "message_id" else error from None
