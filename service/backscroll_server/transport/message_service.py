"""The RPCs of `MessageService` that send, import and delete. `message_queries` has those that only read."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from backscroll.v1 import message_service_pb2
from backscroll_server.domain import limits
from backscroll_server.domain.enums import DeletionScope
from backscroll_server.domain.errors import DomainError, PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.records import Committed
from backscroll_server.services.messages.delete import ClearPoint, clear_for_self, delete_for_self
from backscroll_server.services.messages.import_history import ImportedChunk, OldMessage, import_chunk
from backscroll_server.services.messages.recall import recall
from backscroll_server.services.messages.send import Send, Sent, send_all
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller
from backscroll_server.transport.calls import Call
from backscroll_server.transport.encode.conversations import deleted_range
from backscroll_server.transport.encode.messages import deletion_results, send_result
from backscroll_server.transport.outgoing_messages import outgoing, require_few_mentioned
from backscroll_server.transport.tokens.codec import TokenCodec
from backscroll_server.transport.tokens.feed import FeedTokens
from backscroll_server.transport.validation import (
    boundary,
    caller,
    changed_reference,
    deletion_scope,
    identifier,
    invalid,
    microseconds,
    not_negative,
    require_count,
    require_unique,
    required,
)


class MessageServicer:
    """The handlers of the RPCs of `MessageService` that change something.

    Each method takes the request and the `Call` and returns the answer, as a message or encoded, once the change is
    durable. A faulty request raises `InvalidArgumentError`; `docs/api.md` lists the other failures of each RPC.

    Args:
        store: the open database.
        codec: seals consistency tokens.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._store = store
        self._tokens = FeedTokens(codec)

    async def send_message(self, request: message_service_pb2.SendMessageRequest, call: Call) -> bytes:
        """Store one message.

        Returns:
            An encoded `SendMessageResponse`: the stored message, and whether an earlier send had stored it.
        """
        actor = caller(request, call)
        send = Send(
            key=changed_reference(request.conversation, actor.user_id),
            sender_id=actor.user_id,
            message=outgoing(request.message, "message", self._store.content_secret),
            keep_unread=request.keep_unread,
            as_service=actor.as_service,
            device_id=actor.device_id,
        )
        committed = await self._store.write_grouped(send_all, [send])
        sent = committed.value[0]
        if isinstance(sent, DomainError):
            raise sent
        rest = message_service_pb2.SendMessageResponse(
            duplicate=sent.duplicate, consistency_token=self._tokens.consistency(committed.position)
        )
        return sent.framed + rest.SerializeToString()

    async def batch_send_messages(
        self, request: message_service_pb2.BatchSendMessagesRequest, call: Call
    ) -> message_service_pb2.BatchSendMessagesResponse:
        """Store many messages, in order; each succeeds or fails alone.

        Returns:
            For each item what was assigned to the stored message, or its error, in order.
        """
        actor = caller(request, call)
        require_count(request.items, "items", least=1, most=limits.BATCH_SENDS)
        require_few_mentioned([item.message for item in request.items], "items")
        checked = [self._batch_item(item, index, actor) for index, item in enumerate(request.items)]
        sends = [item for item in checked if isinstance(item, Send)]
        sends[-1:] = [send._replace(ends_call=True) for send in sends[-1:]]
        stored: list[Sent | DomainError] = []
        if sends:
            committed = await self._store.write_grouped(send_all, sends)
            stored, position = committed.value, committed.position
        else:
            position = await self._store.read(lambda snapshot: snapshot.position())
        results = iter(stored)
        return message_service_pb2.BatchSendMessagesResponse(
            results=[
                send_result(next(results) if isinstance(item, Send) else item, index)
                for index, item in enumerate(checked)
            ],
            consistency_token=self._tokens.consistency(position),
        )

    def _batch_item(self, item: message_service_pb2.SendItem, index: int, actor: Caller) -> Send | DomainError:
        try:
            sender_id = item.sender_id or actor.user_id
            if sender_id != actor.user_id:
                identifier(sender_id, "sender_id")
                if not actor.as_service:
                    raise PermissionDeniedError(
                        Reason.SERVICE_ONLY, "is another user, for whom only services send", field="sender_id"
                    )
            return Send(
                changed_reference(item.conversation, sender_id),
                sender_id,
                outgoing(item.message, "message", self._store.content_secret),
                item.keep_unread,
                actor.as_service,
                actor.device_id,
                False,
            )
        except DomainError as error:
            return error.at(f"items[{index}]")

    async def import_messages(
        self, requests: AsyncIterator[message_service_pb2.ImportMessagesRequest], call: Call
    ) -> message_service_pb2.ImportMessagesResponse:
        """Store old history: each request is a chunk of messages, stored whole or not at all.

        While a chunk is being stored, the next is read and checked. The first chunk that fails ends the call, once
        the chunks before it are stored.

        Returns:
            How many messages were stored and how many were stored before; the last sequence of the conversation.
        """
        summary = message_service_pb2.ImportMessagesResponse()
        storing: asyncio.Task[Committed[ImportedChunk]] | None = None
        try:
            async for request in requests:
                actor = caller(request, call)
                key, old = self._chunk(request, actor)
                if storing is not None:
                    self._sum_up(summary, await storing)
                storing = asyncio.create_task(self._store.write(import_chunk, actor, key, old))
                # Where the stream of requests itself fails, this one is stored all the same, and nobody waits for it.
                storing.add_done_callback(lambda task: task.cancelled() or task.exception())
        except asyncio.CancelledError:
            # Nobody waits for the chunk: it is not begun.
            if storing is not None:
                storing.cancel()
            raise
        except DomainError:
            if storing is not None:
                await storing
            raise
        if storing is None:
            raise invalid(Reason.REQUIRED, "needs at least 1", "messages", least=1)
        self._sum_up(summary, await storing)
        return summary

    def _sum_up(
        self,
        summary: message_service_pb2.ImportMessagesResponse,
        committed: Committed[ImportedChunk],
    ) -> None:
        summary.imported_count += committed.value.imported
        summary.duplicate_count += committed.value.duplicates
        summary.last_sequence = committed.value.last_sequence
        summary.consistency_token = self._tokens.consistency(committed.position)

    def _chunk(
        self, request: message_service_pb2.ImportMessagesRequest, actor: Caller
    ) -> tuple[ConversationKey, list[OldMessage]]:
        if not actor.as_service:
            raise PermissionDeniedError(Reason.SERVICE_ONLY, "must be true: only services import", field="as_service")
        require_count(request.messages, "messages", least=1, most=limits.IMPORT_CHUNK)
        require_few_mentioned([message.message for message in request.messages], "messages")
        key = changed_reference(request.conversation, actor.user_id)
        old = []
        for index, message in enumerate(request.messages):
            field = f"messages[{index}]"
            identifier(message.sender_id, f"{field}.sender_id")
            if not message.HasField("original_time"):
                raise required(f"{field}.original_time")
            original_time = microseconds(message.original_time, f"{field}.original_time")
            if not message.message.client_message_id:
                raise required(f"{field}.message.client_message_id")
            content = outgoing(message.message, f"{field}.message", self._store.content_secret)
            old.append(OldMessage(message.sender_id, original_time, content))
        return key, old

    async def delete_messages(
        self, request: message_service_pb2.DeleteMessagesRequest, call: Call
    ) -> message_service_pb2.DeleteMessagesResponse:
        """Delete messages by id, for the user alone or for everyone.

        Returns:
            An outcome or error for each id. With `validate_only` nothing is changed, and the consistency token is
            empty.
        """
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        scope = deletion_scope(request.scope)
        message_ids = list(request.message_ids)
        require_count(message_ids, "message_ids", least=1, most=limits.DELETED_IDS)
        require_unique(message_ids, "message_ids")
        if scope is DeletionScope.SELF:
            committed = await self._store.write(
                delete_for_self, actor, key, message_ids, validate_only=request.validate_only
            )
        else:
            committed = await self._store.write(
                recall,
                actor,
                key,
                message_ids,
                recall_window=self._store.options.recall_window,
                validate_only=request.validate_only,
            )
        return message_service_pb2.DeleteMessagesResponse(
            results=deletion_results(message_ids, committed.value),
            consistency_token=self._written(committed, validate_only=request.validate_only),
        )

    async def clear_history(
        self, request: message_service_pb2.ClearHistoryRequest, call: Call
    ) -> message_service_pb2.ClearHistoryResponse:
        """Delete the older part of a history for the user alone, up to a time or a sequence.

        Returns:
            The outcome and the part that is gone. With `validate_only` nothing is changed, and the consistency token
            is empty.
        """
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        target = request.WhichOneof("target")
        if target is None:
            raise required("target")
        if target == "before_time":
            point = ClearPoint(before_time=boundary(request.before_time, "before_time"))
        else:
            point = ClearPoint(up_to_sequence=not_negative(request.up_to_sequence, "up_to_sequence"))
        committed = await self._store.write(clear_for_self, actor, key, point, validate_only=request.validate_only)
        cleared = committed.value
        return message_service_pb2.ClearHistoryResponse(
            outcome=int(cleared.outcome),  # type: ignore[arg-type]
            cleared_range=deleted_range(cleared.up_to, cleared.original_up_to),
            consistency_token=self._written(committed, validate_only=request.validate_only),
        )

    def _written(self, committed: Committed[Any], *, validate_only: bool) -> str:
        """Return the consistency token of a response; empty where nothing was to be written."""
        return "" if validate_only else self._tokens.consistency(committed.position)
