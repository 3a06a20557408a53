"""One run of an import of IRC logs: count what earlier runs stored, then send messages and changes of members."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from backscroll.v1 import conversation_pb2, conversation_service_pb2, member_pb2, message_service_pb2
from backscroll_server.cli.client import CALL_SECONDS, Client, walk_up
from backscroll_server.cli.irc.plan import LogMessage, Segment
from backscroll_server.domain import limits

SEGMENT_MESSAGES = 10_000
"""Number of messages in a segment, between two updates of the members.

The messages of a segment are sent in one stream, so that the server always has a chunk waiting.
"""

# Half of what a request may have, so that no count of what surrounds a text can be wrong enough to matter.
_CHUNK_BYTES = limits.REQUEST_BYTES // 2
# How many live messages may follow the newest imported one before a run gives up looking for it and sends everything.
_LOOK_BACK = 1_000


@dataclass(slots=True)
class Outcome:
    """Counts of one run of an import."""

    imported: int = 0
    """Number of messages that this run stored."""
    already_there: int = 0
    """Number of messages of the log that earlier runs had stored."""
    membership_changes: int = 0
    """Number of members that this run added, plus those that it removed."""
    senders: set[str] = field(default_factory=set)
    """Nicknames of the senders of all messages in the log, those that earlier runs stored included."""


class ImportRun:
    """One run of the import of a channel; one service user, who owns the group, makes all its calls."""

    def __init__(self, client: Client, *, channel: str, user: str, chunk_size: int = limits.IMPORT_CHUNK) -> None:
        """Prepare the run; no call is made yet.

        Args:
            client: The stubs to call.
            channel: The source id of the group; its name is this id after a `#`.
            user: The id of the service user.
            chunk_size: The most messages in one chunk; the server takes up to `limits.IMPORT_CHUNK`.
        """
        self._client = client
        self._user = user
        self._channel = channel
        self._chunk_size = chunk_size
        self._conversation = conversation_pb2.ConversationReference(
            target=conversation_pb2.ConversationTarget(type=conversation_pb2.CONVERSATION_TYPE_GROUP, id=channel)
        )

    def open_group(self) -> None:
        """Create the group, unless it exists.

        Raises:
            grpc.RpcError: `NOT_FOUND` where the group exists and the service user was never a member of it; any status
                where a call fails.
        """
        self._client.conversations.GetOrCreateConversation(
            conversation_service_pb2.GetOrCreateConversationRequest(
                user_id=self._user,
                conversation=self._conversation,
                properties=conversation_pb2.ConversationProperties(name=f"#{self._channel}"[: limits.NAME_BYTES]),
                as_service=True,
            ),
            timeout=CALL_SECONDS,
        )

    def count_stored(self, log_ids: Sequence[str]) -> int:
        """Return how many of the log's first messages are stored already; 0 where that is not certain.

        It is certain, and the number is n, if the newest imported message of the group is the n-th of the log and has
        the sequence n, and the first messages of group and log are equal. Chunks are stored in order, so all messages
        between are stored too. It is not certain if the group has messages from before the import, or 1,000 newer ones,
        or if the earlier run read other files or treated actions otherwise. Then the run sends all messages, and the
        server skips those that it has.

        Args:
            log_ids: The `client_message_id` of all messages of the log, in order.

        Raises:
            grpc.RpcError: Where a call fails.
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
        """Send the messages that are not stored, and add and remove members.

        Args:
            segments: All segments of the log, in order.
            stored: The number of the log's first messages that are stored, from `count_stored`; they are not sent.
            on_progress: Called after each segment with the number of the log's messages that are stored by then.

        Returns:
            The counts of the run.

        Raises:
            grpc.RpcError: Where a call fails. Chunks that the server stored stay stored; another run continues there.
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
                    members=[member_pb2.NewMember(user_id=nick) for nick in part],
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
                    user_id=self._user, conversation=self._conversation, user_ids=part, as_service=True
                ),
                timeout=CALL_SECONDS,
            )
            removed += response.removed_count
        return removed


def _parts(nicks: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(nicks), limits.MEMBERS_PER_CALL):
        yield nicks[start : start + limits.MEMBERS_PER_CALL]
