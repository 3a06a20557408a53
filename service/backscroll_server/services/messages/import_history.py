"""Importing of old history, one chunk of one conversation at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from backscroll_server.domain import ids, limits, message_codec
from backscroll_server.domain.enums import ChangeKind, MentionKind
from backscroll_server.domain.errors import AlreadyExistsError, InvalidArgumentError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.records import ConversationRow
from backscroll_server.services.conversations.create import NewConversation, pair_roles, store_conversation
from backscroll_server.services.messages.send import OutgoingMessage, mention_rows
from backscroll_server.services.views.access import Caller, conversation_not_found
from backscroll_server.services.views.message_ids import message_id_at
from backscroll_server.services.weights import weighs
from backscroll_server.storage.tables.conversations import find_conversation, find_views, update_conversation
from backscroll_server.storage.tables.messages import (
    NewMention,
    NewMessage,
    UsedKey,
    find_keys,
    insert_imported,
    insert_keys,
    insert_mentions,
)
from backscroll_server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class OldMessage:
    """A message of old history.

    Attributes:
        sender_id: the id of the sender.
        original_time: the time when it was written, in microseconds.
        message: the message; its `client_message_id` is not empty.
    """

    sender_id: str
    original_time: int
    message: OutgoingMessage


@dataclass(frozen=True, slots=True)
class ImportedChunk:
    """Result of the import of a chunk.

    Attributes:
        imported: how many messages were stored.
        duplicates: how many messages were skipped, because they were stored before or are twice in the chunk.
        last_sequence: the newest sequence of the conversation then.
    """

    imported: int
    duplicates: int
    last_sequence: int


@weighs(lambda _caller, _key, old: sum([message.message.weight for message in old]))
def import_chunk(
    transaction: Transaction, caller: Caller, key: ConversationKey, old: Sequence[OldMessage]
) -> ImportedChunk:
    """Store old messages after the newest one of a conversation; skip those that were stored before.

    The original time of each is kept as data. A missing `SINGLE` or `SYSTEM` conversation is created.

    Cost: a fixed number of statements; for each message one row with two index entries, and one row of its client
    message id and of each mention.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` for a group or chat room that does not exist.
        InvalidArgumentError: `IN_THE_FUTURE` where an original time is more than 5 seconds ahead; nothing is stored.
        AlreadyExistsError: `CLIENT_MESSAGE_ID_REUSED` where a client message id was used for another message; nothing
            of the chunk is stored.
    """
    for index, message in enumerate(old):
        if message.original_time > transaction.now + limits.IMPORT_FUTURE_TOLERANCE_US:
            raise InvalidArgumentError(
                Reason.IN_THE_FUTURE, "is in the future", field=f"messages[{index}].original_time"
            )
    number = transaction.conversation(key.conversation_id)
    if number is None:
        if key.type.has_joins:
            raise conversation_not_found()
        users = transaction.ensure_users(pair_roles(key))
        members = [(users[user_id], role) for user_id, role in pair_roles(key).items()]
        number = store_conversation(transaction, NewConversation(key), members, opened_by=0)
    known = transaction.users({message.sender_id for message in old})
    used = find_keys(
        transaction,
        [
            (number, known[message.sender_id], message.message.client_message_id)
            for message in old
            if message.sender_id in known
        ],
    )
    shared = find_conversation(transaction, number)
    fresh = _fresh(transaction, old, known, used, shared)
    if not fresh:
        return ImportedChunk(0, len(old), shared.last_sequence)
    senders = {message.sender_id for message in fresh}
    mentioned = {
        user_id
        for message in fresh
        if message.message.mention_kind is MentionKind.USER
        for user_id in message.message.mentioned
    }
    users = transaction.ensure_users(sorted(senders | mentioned))
    views = find_views(transaction, {(users[sender_id], number) for sender_id in senders})
    sequence, time = shared.last_sequence, shared.last_time
    rows: list[NewMessage] = []
    mentions: list[NewMention] = []
    for message in fresh:
        sequence += 1
        time = max(message.original_time, time + 1)
        sender = users[message.sender_id]
        view = views.get((sender, number))
        framed = message_codec.frame(
            message_codec.message(
                message.message.static,
                message_id=ids.message_id(shared.public_number, sequence),
                conversation_id=key.conversation_id,
                sequence=sequence,
                sender_id=message.sender_id,
                create_time=time,
                original_time=message.original_time,
            )
        )
        rows.append(
            NewMessage(
                conversation=number,
                sequence=sequence,
                sender=sender,
                create_time=time,
                counts=0,
                countable=shared.countable,
                own_countable=view.own_countable if view else 0,
                content_type=message.message.content_type,
                body=bytearray(framed),
                original_time=message.original_time,
            )
        )
        mentions += mention_rows(message.message, users, conversation=number, sender=sender, sequence=sequence)
    insert_imported(transaction, rows)
    # Imported messages never count as unread, so their mentions do not either: they are found by filters only.
    insert_mentions(transaction, [mention._replace(kind=-mention.kind) for mention in mentions])
    insert_keys(
        transaction,
        [
            UsedKey(
                number, row.sender, message.message.client_message_id, row.sequence, row.create_time,
                bytearray(message.message.digest),
            )
            for row, message in zip(rows, fresh, strict=True)
        ],
    )  # fmt: skip
    oldest = {} if shared.oldest_time else {"oldest_time": rows[0].create_time}
    update_conversation(transaction, shared, last_sequence=sequence, last_time=time, **oldest)
    transaction.record_change(
        ChangeKind.HISTORY_IMPORTED,
        conversation=number,
        first=rows[0].sequence,
        last=sequence,
        device_id=caller.device_id,
        moves_list=shared.last_live_sequence == 0,
    )
    return ImportedChunk(len(rows), len(old) - len(rows), sequence)


def _fresh(
    transaction: Transaction,
    old: Sequence[OldMessage],
    users: dict[str, int],
    used: dict[tuple[int, int, str], UsedKey],
    conversation: ConversationRow,
) -> list[OldMessage]:
    """Return the messages of a chunk that are not stored yet, each client message id of a sender once.

    Args:
        transaction: the transaction to read in.
        old: the messages of the chunk.
        users: the internal numbers of the senders that were ever seen, by user id.
        used: the client message ids that were used before, by conversation, sender (both internal numbers) and id.
        conversation: the conversation.

    Raises:
        AlreadyExistsError: `CLIENT_MESSAGE_ID_REUSED` where a client message id was used for another message.
    """
    fresh: dict[tuple[str, str], OldMessage] = {}
    for index, message in enumerate(old):
        key = (message.sender_id, message.message.client_message_id)
        stored = used.get((conversation.id, users.get(message.sender_id, 0), message.message.client_message_id))
        earlier = stored.digest if stored else fresh[key].message.digest if key in fresh else None
        if earlier is None:
            fresh[key] = message
        elif earlier != message.message.digest:
            reused = {"message_id": message_id_at(transaction, conversation, stored.sequence)} if stored else {}
            raise AlreadyExistsError(
                Reason.CLIENT_MESSAGE_ID_REUSED,
                "was used for another message",
                field=f"messages[{index}].message.client_message_id",
                **reused,
            )
    return list(fresh.values())
