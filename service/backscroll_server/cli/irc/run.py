"""One run of an import of IRC logs: find out how far an earlier one got, then messages and membership, in order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import grpc

from backscroll.v1 import conversation_pb2, conversation_service_pb2, message_service_pb2
from backscroll_server.cli.client import CALL_SECONDS, Client, walk_up
from backscroll_server.cli.irc.plan import LogMessage, Segment
from backscroll_server.domain import limits

SEGMENT_MESSAGES = 10_000
"""Messages between two membership updates. They share one stream, so that the server always has chunks waiting."""

# Half of what a request may have, so that no count of what surrounds a text can be wrong enough to matter.
_CHUNK_BYTES = limits.REQUEST_BYTES // 2
# How many live messages may follow the newest imported one before a run gives up looking for it and sends everything.
_LOOK_BACK = 1_000


@dataclass(slots=True)
class Outcome:
    """Result of a run."""

    imported: int = 0
    """Messages stored by this run."""
    already_there: int = 0
    """Messages that an earlier run had stored."""
    membership_changes: int = 0
    """Members added and removed by this run."""
    senders: set[str] = field(default_factory=set)
    """Senders of the messages, those of earlier runs included."""


class ImportRun:
    """Imports one channel. Does everything in the name of one service user, who owns the group."""

    def __init__(self, client: Client, *, channel: str, user: str, chunk_size: int = limits.IMPORT_CHUNK) -> None:
        """Connect to a server, without waiting for it.

        Args:
            client: The server.
            channel: The group's source id, and with a `#` its name.
            user: The service user.
            chunk_size: Messages to a chunk, at most what the server takes.
        """
        self._client = client
        self._user = user
        self._channel = channel
        self._chunk_size = chunk_size
        self._conversation = conversation_pb2.ConversationReference(
            type=conversation_pb2.CONVERSATION_TYPE_GROUP, target_id=channel
        )

    def open_group(self) -> None:
        """Create the group unless it is there.

        Raises:
            grpc.RpcError: `NOT_FOUND` where the group belongs to others and the service user is no member.
        """
        try:
            self._client.conversations.CreateConversation(
                conversation_service_pb2.CreateConversationRequest(
                    user_id=self._user,
                    type=conversation_pb2.CONVERSATION_TYPE_GROUP,
                    source_id=self._channel,
                    name=f"#{self._channel}"[: limits.NAME_BYTES],
                ),
                timeout=CALL_SECONDS,
            )
        except grpc.RpcError as error:
            if not isinstance(error, grpc.Call) or error.code() is not grpc.StatusCode.ALREADY_EXISTS:
                raise
            self._client.conversations.GetConversation(
                conversation_service_pb2.GetConversationRequest(user_id=self._user, conversation=self._conversation),
                timeout=CALL_SECONDS,
            )

    def count_stored(self, log_ids: Sequence[str]) -> int:
        """Find how many of the log's first messages are stored, as far as that is certain.

        It is where the newest imported message is the log's n-th and has sequence n, and the first of both is the
        same: chunks are stored in order, so everything between is there too. Anything else (messages from before the
        import, an import of other files, actions included or not) answers 0, and the server finds the duplicates.

        Args:
            log_ids: The `client_message_id` of all messages of the log, in order.
        """
        history = walk_up(self._client, self._user, self._conversation, limit=_LOOK_BACK, first_page=1)
        newest = next((message for message in history if message.imported), None)
        if newest is None or newest.sequence > len(log_ids):
            return 0
        is_prefix = log_ids[newest.sequence - 1] == newest.client_message_id and log_ids[0] == self._first_id()
        return newest.sequence if is_prefix else 0

    def _first_id(self) -> str | None:
        page = self._client.messages.ListMessages(
            message_service_pb2.ListMessagesRequest(
                user_id=self._user,
                conversation=self._conversation,
                direction=message_service_pb2.SEARCH_DIRECTION_DOWN,
                page_size=1,
                include_tombstones=True,
            ),
            timeout=CALL_SECONDS,
        )
        return page.messages[0].client_message_id if page.messages and page.messages[0].sequence == 1 else None

    def import_all(self, segments: Iterator[Segment], *, stored: int, on_progress: Callable[[int], None]) -> Outcome:
        """Send the missing messages.

        Args:
            segments: The log.
            stored: The number of its first messages that are stored already.
            on_progress: Is called with the number of messages done so far.

        Returns:
            The result.

        Raises:
            grpc.RpcError: A call failed. Acknowledged messages stay; another run resumes from there.
        """
        outcome = Outcome(already_there=stored)
        segment = next(segments, None)
        while segment is not None:
            skipped = min(max(0, stored - segment.first), len(segment.messages))
            outcome.senders.update(message.said.nick for message in segment.messages)
            end = segment.first + len(segment.messages)
            # A segment's first message goes out after its joins were answered, and the first of the next one after
            # its leaves were. So nothing can be missing but in the segment where the earlier run ended.
            if end >= stored:
                outcome.membership_changes += self._add(segment.stays if skipped else segment.joins)
            call = None
            if skipped < len(segment.messages):
                call = self._client.messages.ImportMessages.future(self._chunks(segment.messages[skipped:]))
            # Parsed while the server works.
            upcoming = next(segments, None)
            if call is not None:
                response = call.result()
                outcome.imported += response.imported_count
                outcome.already_there += response.duplicate_count
            if end >= stored:
                outcome.membership_changes += self._remove(segment.leaves)
            on_progress(end)
            segment = upcoming
        return outcome

    def _chunks(self, messages: list[LogMessage]) -> Iterator[message_service_pb2.ImportMessagesRequest]:
        chunk, size = self._empty_chunk(), 0
        for message in messages:
            said = message.said
            text_bytes = len(said.text) * 4
            if len(chunk.messages) == self._chunk_size or size + text_bytes > _CHUNK_BYTES:
                yield chunk
                chunk, size = self._empty_chunk(), 0
            size += text_bytes
            imported = chunk.messages.add()
            imported.sender_id = said.nick
            imported.original_time.seconds = said.time
            outgoing = imported.message
            outgoing.client_message_id = message.client_message_id
            outgoing.content.text.text = said.text
            if said.action:
                outgoing.attributes["irc"] = "action"
        yield chunk

    def _empty_chunk(self) -> message_service_pb2.ImportMessagesRequest:
        return message_service_pb2.ImportMessagesRequest(
            user_id=self._user, conversation=self._conversation, as_service=True
        )

    def _add(self, nicks: list[str]) -> int:
        added = 0
        for part in _parts(nicks):
            response = self._client.conversations.AddMembers(
                conversation_service_pb2.AddMembersRequest(
                    user_id=self._user,
                    conversation=self._conversation,
                    members=[conversation_service_pb2.NewMember(user_id=nick) for nick in part],
                    as_service=True,
                ),
                timeout=CALL_SECONDS,
            )
            added += response.added_count
        return added

    def _remove(self, nicks: list[str]) -> int:
        removed = 0
        for part in _parts(nicks):
            response = self._client.conversations.RemoveMembers(
                conversation_service_pb2.RemoveMembersRequest(
                    user_id=self._user, conversation=self._conversation, member_ids=part, as_service=True
                ),
                timeout=CALL_SECONDS,
            )
            removed += response.removed_count
        return removed


def _parts(nicks: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(nicks), limits.MEMBERS_PER_CALL):
        yield nicks[start : start + limits.MEMBERS_PER_CALL]
