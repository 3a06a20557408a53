"""The reading half of `MessageService`: pages, windows, single messages, exports and readers."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from functools import partial

from backscroll.v1 import message_service_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.errors import DomainError, NotFoundError, Reason
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.consistency import NO_POSITION
from backscroll_server.services.conversations.members import list_readers
from backscroll_server.services.messages.history import (
    EVERYTHING,
    HistoryPosition,
    HistoryStart,
    MessageFilter,
    continue_messages,
    get_messages,
    list_messages,
    messages_around,
)
from backscroll_server.services.store import Store
from backscroll_server.transport.call import Call
from backscroll_server.transport.encode import conversations as encode
from backscroll_server.transport.errors import item_error
from backscroll_server.transport.queries.history import Direction, message_filter_of, page_token_mismatch, start_of
from backscroll_server.transport.tokens.codec import TokenCodec, history_walk, query_digest
from backscroll_server.transport.tokens.resume import ResumeTokens
from backscroll_server.transport.validation import (
    enum_value,
    invalid,
    message_key,
    not_negative,
    page_size,
    reading_user,
    reference,
    require_count,
)

_PLAIN_DIGEST = query_digest("history", repr(EVERYTHING))
_SCAN_LIMITED = message_service_pb2.ListMessagesResponse(scan_limited=True).SerializeToString()
_NEXT = message_service_pb2.ListMessagesResponse.NEXT_PAGE_TOKEN_FIELD_NUMBER
_OPPOSITE = message_service_pb2.ListMessagesResponse.OPPOSITE_PAGE_TOKEN_FIELD_NUMBER
_UP = message_service_pb2.GetMessagesAroundResponse.UP_PAGE_TOKEN_FIELD_NUMBER
_DOWN = message_service_pb2.GetMessagesAroundResponse.DOWN_PAGE_TOKEN_FIELD_NUMBER


class HistoryServicer:
    """Answers the calls of `MessageService` that only read.

    Args:
        store: where everything is.
        codec: writes and reads tokens.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._store = store
        self._codec = codec
        self._resume = ResumeTokens(codec, store.epoch)
        self._fresh = partial(self._resume.fresh_reads, store)

    async def list_messages(self, request: message_service_pb2.ListMessagesRequest, call: Call) -> bytes:
        """Return one page of history."""
        user_id = reading_user(call)
        key = reference(request.conversation, user_id)
        size = page_size(request.page_size, default=limits.HISTORY_PAGE_DEFAULT, most=limits.HISTORY_PAGE_MAX)
        direction = enum_value(request.direction, Direction, "direction", default=Direction.UNSET)
        message_filter = message_filter_of(request)
        digest = _digest(message_filter)
        fresh = self._fresh(user_id, request.at_least_as_fresh)
        page_token = request.page_token
        if page_token:
            if request.HasField("start"):
                raise invalid(Reason.CONFLICTING_FIELDS, "a page token knows where it starts", "start")
            token = self._codec.decode_history(page_token)
            if token.query_digest != digest or direction not in (Direction.UNSET, Direction.of(down=token.down)):
                raise page_token_mismatch()
            if fresh is not None:
                fresh.require_at_least(FeedPosition(token.seen_position, token.seen_check))
            page = await (fresh or self._store.read)(
                continue_messages,
                user_id,
                key,
                boundary=token.boundary,
                down=token.down,
                size=size,
                message_filter=message_filter,
            )
            if (page.user, page.conversation) != (token.user, token.conversation):
                raise page_token_mismatch()
        else:
            down = direction is Direction.DOWN
            start = start_of(request.start, "start")
            with _field_of_anchor("start"):
                page = await (fresh or self._store.read)(
                    list_messages, user_id, key, start=start, down=down, size=size, message_filter=message_filter
                )
        read_at = fresh.read_at if fresh is not None else NO_POSITION
        walk = history_walk(conversation=page.conversation, user=page.user, query_digest=digest, read_at=read_at)
        page.bodies.append(self._token(_NEXT, walk, page.next_boundary, down=page.down))
        page.bodies.append(self._token(_OPPOSITE, walk, page.opposite_boundary, down=not page.down))
        if page.scan_limited:
            page.bodies.append(_SCAN_LIMITED)
        return b"".join(page.bodies)

    def _token(self, field: int, walk: bytes, boundary: int | None, *, down: bool) -> bytes:
        """Return the field of an answer that holds the token of a boundary; nothing for none."""
        if boundary is None:
            return b""
        return message_codec.bytes_field(field, self._codec.encode_history(walk, boundary, down=down))

    async def stream_messages(
        self, request: message_service_pb2.StreamMessagesRequest, call: Call
    ) -> AsyncGenerator[bytes, None]:
        """Return a whole range of history, read in parts."""
        user_id = reading_user(call)
        key = reference(request.conversation, user_id)
        down = enum_value(request.direction, Direction, "direction", default=Direction.UNSET) is Direction.DOWN
        message_filter = message_filter_of(request)
        fresh = self._fresh(user_id, request.at_least_as_fresh)
        size = limits.STREAM_PART
        start = start_of(request.start, "start")
        with _field_of_anchor("start"):
            page = await (fresh or self._store.read)(
                list_messages, user_id, key, start=start, down=down, size=size, message_filter=message_filter
            )
        while True:
            for part in encode.parts(page.bodies, most=limits.STREAM_PART):
                yield part
            if page.next_boundary is None:
                return
            page = await (fresh or self._store.read)(
                continue_messages,
                user_id,
                key,
                boundary=page.next_boundary,
                down=down,
                size=size,
                message_filter=message_filter,
            )

    async def get_messages_around(self, request: message_service_pb2.GetMessagesAroundRequest, call: Call) -> bytes:
        """Return a window around an anchor."""
        user_id = reading_user(call)
        key = reference(request.conversation, user_id)
        anchor = start_of(request.anchor, "anchor")
        if anchor == HistoryStart():
            anchor = HistoryStart(position=HistoryPosition.NEWEST)
        message_filter = MessageFilter(tombstones=request.include_tombstones)
        fresh = self._fresh(user_id, request.at_least_as_fresh)
        with _field_of_anchor("anchor"):
            window = await (fresh or self._store.read)(
                messages_around,
                user_id,
                key,
                anchor=anchor,
                before=min(not_negative(request.before, "before"), limits.AROUND_MAX),
                after=min(not_negative(request.after, "after"), limits.AROUND_MAX),
                tombstones=message_filter.tombstones,
            )
        read_at = fresh.read_at if fresh is not None else NO_POSITION
        digest = _digest(message_filter)
        walk = history_walk(conversation=window.conversation, user=window.user, query_digest=digest, read_at=read_at)
        window.bodies.append(self._token(_UP, walk, window.up_boundary, down=False))
        window.bodies.append(self._token(_DOWN, walk, window.down_boundary, down=True))
        return b"".join(window.bodies)

    async def get_message(self, request: message_service_pb2.GetMessageRequest, call: Call) -> bytes:
        """Return one message."""
        user_id = reading_user(call)
        message_key(request.message_id, "message_id")
        read = self._fresh(user_id, request.at_least_as_fresh) or self._store.read
        found = (await read(get_messages, user_id, [request.message_id], tombstones=request.include_tombstones))[0]
        if isinstance(found, DomainError):
            raise found
        return found

    async def batch_get_messages(self, request: message_service_pb2.BatchGetMessagesRequest, call: Call) -> bytes:
        """Return several messages, each with its own result."""
        user_id = reading_user(call)
        require_count(request.message_ids, "message_ids", least=1, most=limits.BATCH_GETS)
        ids = list(request.message_ids)
        read = self._fresh(user_id, request.at_least_as_fresh) or self._store.read
        found = await read(get_messages, user_id, ids, tombstones=request.include_tombstones)
        return b"".join(
            message_codec.frame(_get_result(message_id, result, index))
            for index, (message_id, result) in enumerate(zip(ids, found, strict=True))
        )

    async def list_readers(
        self, request: message_service_pb2.ListReadersRequest, call: Call
    ) -> message_service_pb2.ListReadersResponse:
        """Return one page of who has read a message."""
        user_id = reading_user(call)
        position = message_key(request.message_id, "message_id")
        size = page_size(request.page_size, default=limits.MEMBER_PAGE_DEFAULT, most=limits.MEMBER_PAGE_MAX)
        digest = query_digest("readers", request.message_id)
        token = self._codec.decode_member_list(request.page_token) if request.page_token else None
        fresh = self._fresh(user_id, request.at_least_as_fresh)
        if fresh is not None and token is not None:
            fresh.require_at_least(FeedPosition(token.seen_position, token.seen_check))
        read = fresh or self._store.read
        page = await read(list_readers, user_id, position, after=token.after_order if token else 0, size=size)
        if token is not None and (token.query_digest, token.user) != (digest, page.user):
            raise page_token_mismatch()
        answer = message_service_pb2.ListReadersResponse(readers=map(encode.member, page.members))
        if page.following is not None:
            read_at = fresh.read_at if fresh is not None else NO_POSITION
            following = encode.member_list_token(page, page.following, digest, read_at)
            answer.next_page_token = self._codec.encode_member_list(following)
        return answer


@contextmanager
def _field_of_anchor(field: str) -> Iterator[None]:
    """Name the field of an anchor that is not found."""
    try:
        yield
    except NotFoundError as error:
        raise error.at(field) if error.field == "message_id" else error from None


def _digest(message_filter: MessageFilter) -> bytes:
    return _PLAIN_DIGEST if message_filter is EVERYTHING else query_digest("history", repr(message_filter))


def _get_result(message_id: str, result: bytes | DomainError, index: int) -> bytes:
    if isinstance(result, DomainError):
        error = type(result)(result.reason, result.message, field=f"message_ids[{index}]")
        answer = message_service_pb2.BatchGetMessagesResult(message_id=message_id, error=item_error(error))
        return answer.SerializeToString()
    return result + message_service_pb2.BatchGetMessagesResult(message_id=message_id).SerializeToString()
