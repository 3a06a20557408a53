"""The RPCs of `EventService`: a user's events as a stream and by polling."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing

from backscroll.v1 import event_service_pb2
from backscroll_server.domain import limits
from backscroll_server.domain.errors import DomainError
from backscroll_server.services.changes.events import Event
from backscroll_server.services.changes.watch import list_changes, watch
from backscroll_server.services.long_reads import read_in_steps
from backscroll_server.services.store import Store
from backscroll_server.transport.calls import Call
from backscroll_server.transport.drain import shutting_down_error
from backscroll_server.transport.encode.events import EventEncoder
from backscroll_server.transport.encode.parts import parts
from backscroll_server.transport.tokens.codec import TokenCodec
from backscroll_server.transport.tokens.feed import FeedTokens
from backscroll_server.transport.validation import caller, page_size

_EVENTS_IN_PART = 500
_EVENTS_AT_ONCE = 64


class EventServicer:
    """The handlers of the RPCs of `EventService`.

    Args:
        store: the open database.
        codec: writes and reads resume tokens.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._store = store
        self._tokens = FeedTokens(codec)
        self._streams: set[Call] = set()
        self._farewell: asyncio.Task[None] | None = None

    async def watch_events(
        self, request: event_service_pb2.WatchEventsRequest, call: Call
    ) -> AsyncGenerator[bytes, None]:
        """Yield a user's events after a resume token, or from now on without one, as encoded `WatchEventsResponse`s.

        The stream has no end; an idle one yields heartbeats, which are responses without events. `Call.interrupt` ends
        it with `SHUTTING_DOWN` when the server stops, and with `SLOW_READER` when too many changes wait for the client:
        the metadata `resume_token` of that error is the last token that the client was sent, or empty.

        Raises:
            InvalidArgumentError: `RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for the token of another user,
                `NOT_A_RESUME_TOKEN` for the token of a write.
            TokenTooOldError: `RESUME_TOKEN_TOO_OLD` if the feed no longer has the changes after the token,
                `RESUME_TOKEN_FOREIGN` if the token is of another database or of a state before a restore.
        """
        user_id = caller(request, call).user_id
        start = self._tokens.watch_start(user_id, request.resume_token)
        if self._farewell is None:
            self._farewell = asyncio.get_running_loop().create_task(self._end_streams(call.shutting_down))
        self._streams.add(call)
        token = b""

        def end(error: DomainError) -> None:
            error.metadata["resume_token"] = call.resume_token
            call.interrupt(error)

        try:
            encoder = EventEncoder()
            batches = watch(self._store.watch_source, user_id, start, ended=end)
            async with aclosing(batches):
                async for changes in batches:
                    before, resume_token = token, self._tokens.resume(user_id, changes.position)
                    token = event_service_pb2.WatchEventsResponse(resume_token=resume_token).SerializeToString()
                    framed = encoder.framed(_taken(changes.events))
                    # A watcher that resumes from any but the last part gets all of it again.
                    for part in parts(framed, most=_EVENTS_IN_PART, end=before, last_end=token):
                        yield part
                        # What was sent must not stay until there is more to send.
                        del part
                    # The reader has taken it, or will before it learns how the stream ended.
                    call.resume_token, call.last_response = resume_token, token
        finally:
            self._streams.discard(call)

    async def _end_streams(self, shutting_down: asyncio.Event) -> None:
        await shutting_down.wait()
        for call in list(self._streams):
            call.interrupt(shutting_down_error())

    async def list_events(self, request: event_service_pb2.ListEventsRequest, call: Call) -> bytes:
        """Return the events of about `page_size` changes after a resume token, as an encoded `ListEventsResponse`.

        Fewer changes are read where their messages take more than 1 MiB. Without a token there are no events, and the
        response has a resume token for the newest position of the feed.

        Raises:
            InvalidArgumentError: for a faulty field; `RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for the token of
                another user, `NOT_A_RESUME_TOKEN` for the token of a write.
            TokenTooOldError: `RESUME_TOKEN_TOO_OLD` if the feed no longer has the changes after the token,
                `RESUME_TOKEN_FOREIGN` if the token is of another database or of a state before a restore.
        """
        user_id = caller(request, call).user_id
        start = self._tokens.watch_start(user_id, request.resume_token)
        size = page_size(request.page_size, default=limits.CHANGES_PAGE_DEFAULT, most=limits.CHANGES_PAGE_MAX)
        while True:
            changes = await read_in_steps(
                self._store.stepped_reads, self._store.read, list_changes, user_id, start, size=size
            )
            encoded = await _encoded(changes.events)
            if len(encoded) <= limits.RESPONSE_ITEM_BYTES or size == 1:
                break
            # What they change is large: fewer changes, so that clients take the answer by default.
            size = max(size // 2, 1)
        rest = event_service_pb2.ListEventsResponse(
            resume_token=self._tokens.resume(user_id, changes.position), has_more=changes.more
        )
        return encoded + rest.SerializeToString()


async def _encoded(events: Sequence[Event]) -> bytes:
    """Return encoded events, framed as field 1 of a response; other calls run after every 64 events."""
    encoded = []
    for number, event in enumerate(EventEncoder().framed(events), start=1):
        encoded.append(event)
        if number % _EVENTS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return b"".join(encoded)


def _taken(events: list[Event]) -> Iterator[Event]:
    """Yield events and remove each from the list before, so that none is kept beside its encoded form."""
    events.reverse()
    while events:
        yield events.pop()
