"""Sending: stores a batch of messages of many senders at once, each with its own result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from backscroll_server.domain import ids, message_codec
from backscroll_server.domain.enums import ChangeKind, ConversationType, MentionKind
from backscroll_server.domain.errors import AlreadyExistsError, DomainError, PermissionDeniedError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.records import ConversationRow, ViewRow
from backscroll_server.services.conversations.create import NewConversation, pair_roles, store_conversation
from backscroll_server.services.views.access import NO_ROW, conversation_not_found, not_a_member, number_and_refusal
from backscroll_server.services.views.burn import BurningReads, burned_among
from backscroll_server.services.views.message_ids import message_id_at
from backscroll_server.services.weights import weighs
from backscroll_server.storage.tables.conversations import (
    find_conversations,
    find_views,
    update_conversations,
    update_views,
)
from backscroll_server.storage.tables.messages import (
    NewMention,
    NewMessage,
    UsedKey,
    find_keys,
    find_messages,
    find_tombstones,
    insert_keys,
    insert_mentions,
    insert_messages,
)
from backscroll_server.storage.transaction import Transaction

_BYTES_OF_A_ROW: Final = 2048
"""The size, in bytes, by which a message costs as much to write as another row."""


class OutgoingMessage(NamedTuple):
    """A message as its sender gave it, encoded.

    Attributes:
        static: the encoded fields that the sender gave; the server adds the others.
        content_type: the number of the kind of content.
        silent: whether it never counts as unread.
        mention_kind: the kind of its mention: of users, of all, or an announcement.
        mentioned: the ids of the mentioned users, for `USER`.
        client_message_id: the sender's own id of the message; empty for none.
        digest: a keyed hash of the message, by which another message under an already used `client_message_id` is
            recognized.
    """

    static: bytes
    content_type: int
    silent: bool = False
    mention_kind: MentionKind = MentionKind.NONE
    mentioned: tuple[str, ...] = ()
    client_message_id: str = ""
    digest: bytes = b""

    @property
    def weight(self) -> int:
        """About how many rows it is: its own, one for each mention, and as many as its size is worth."""
        return 1 + len(self.mentioned) + len(self.static) // _BYTES_OF_A_ROW


class Send(NamedTuple):
    """One message to send.

    Attributes:
        key: the conversation.
        sender_id: the id of the sender.
        message: the message.
        keep_unread: whether the sender's read position and marks of unread stay as they are.
        as_service: whether the call uses a service's rights.
        device_id: the device that sent it; empty if unknown.
        ends_call: whether this is the last message of its call.
    """

    key: ConversationKey
    sender_id: str
    message: OutgoingMessage
    keep_unread: bool = False
    as_service: bool = False
    device_id: str = ""
    ends_call: bool = True


class Sent(NamedTuple):
    """The result of one send.

    Attributes:
        framed: the encoded message, with the tag and length of field 1; of a duplicate that was erased, its remains.
        message_id: its id.
        conversation_id: the id of the conversation.
        sequence: its sequence.
        create_time: when it was stored, in microseconds.
        duplicate: whether an earlier send with this client message id had stored it.
    """

    framed: bytes
    message_id: str
    conversation_id: str
    sequence: int
    create_time: int
    duplicate: bool = False


@weighs(lambda sends: sum([send.message.weight for send in sends]))
def send_all(transaction: Transaction, sends: Sequence[Send]) -> list[Sent | DomainError]:
    """Store messages in order; return for each the stored message or the error of this message alone.

    Sending creates a missing `SINGLE` or `SYSTEM` conversation. Cost: a fixed number of statements for any number of
    messages; for each message one row and two index entries, and no row for each member.
    """
    return _Batch(transaction, sends).run()


def mention_rows(
    message: OutgoingMessage, users: Mapping[str, int], *, conversation: int, sender: int, sequence: int
) -> list[NewMention]:
    """Return the rows of the users whom a message mentions; one for all if it mentions everyone.

    Args:
        message: the message.
        users: internal numbers of users by user id, at least of those whom the message mentions.
        conversation: the internal number of the conversation.
        sender: the internal number of the sender.
        sequence: the sequence of the message.
    """
    if message.mention_kind is MentionKind.NONE:
        return []
    is_for_all = message.mention_kind is not MentionKind.USER
    mentioned = [0] if is_for_all else [users[user_id] for user_id in message.mentioned]
    return [NewMention(conversation, user, sequence, sender, int(message.mention_kind)) for user in mentioned]


@dataclass(slots=True)
class _Head:
    """The end of a conversation's history, moved on by each message of the batch.

    Attributes:
        shared: the shared side of the conversation as it was loaded.
        oldest_time: the time of the oldest message, in microseconds; 0 for none.
        last_sequence: the newest sequence.
        last_time: the time of the newest message, in microseconds.
        countable: how many countable messages there are.
        last_live_sequence: the newest sequence whose message was not imported.
        last_live_time: the time of that message, in microseconds.
        last_relist_sequence: the newest sequence whose message brings a deleted conversation back into lists.
        last_mention_sequence: the newest sequence whose message mentions users.
    """

    shared: ConversationRow
    oldest_time: int
    last_sequence: int
    last_time: int
    countable: int
    last_live_sequence: int
    last_live_time: int
    last_relist_sequence: int
    last_mention_sequence: int


_HEAD_COLUMNS = (
    "last_sequence",
    "last_time",
    "countable",
    "last_live_sequence",
    "last_live_time",
    "last_relist_sequence",
    "last_mention_sequence",
)
_READ_COLUMNS = (
    "own_countable",
    "read_sequence",
    "unread_from",
    "marked_unread",
    "base_sequence",
    "base_countable",
    "base_own",
)


@dataclass(slots=True)
class _Batch:
    transaction: Transaction
    sends: Sequence[Send]
    heads: dict[int, _Head] = field(default_factory=dict)
    views: dict[tuple[int, int], ViewRow] = field(default_factory=dict)
    own: dict[tuple[int, int], int] = field(default_factory=dict)
    read: dict[tuple[int, int], tuple[int, int, int]] = field(default_factory=dict)
    used: dict[tuple[int, int, str], UsedKey] = field(default_factory=dict)
    framed: dict[tuple[int, int], bytes] = field(default_factory=dict)
    messages: list[NewMessage] = field(default_factory=list)
    mentions: list[NewMention] = field(default_factory=list)
    keys: list[UsedKey] = field(default_factory=list)
    refusals: dict[str, Callable[[], object]] = field(default_factory=dict)
    burning: BurningReads = field(init=False)

    def __post_init__(self) -> None:
        self.burning = BurningReads(self.transaction)

    def run(self) -> list[Sent | DomainError]:
        numbers = self._conversations()
        senders = self._senders(numbers)
        self._load(numbers, senders)
        results: list[Sent | DomainError] = []
        for send, number in zip(self.sends, numbers, strict=True):
            if isinstance(number, DomainError):
                results.append(number)
            else:
                try:
                    results.append(self._send(send, number, senders[send.sender_id]))
                except DomainError as error:
                    results.append(error)
            if send.ends_call:
                self.transaction.end_call()
        self._store()
        return results

    def _senders(self, numbers: Sequence[int | DomainError]) -> dict[str, int]:
        """Return the internal numbers of the senders by user id; `NO_ROW` for one who is not stored."""
        taken = [send for send, number in zip(self.sends, numbers, strict=True) if isinstance(number, int)]
        senders = self.transaction.ensure_users(send.sender_id for send in taken if not send.key.type.has_joins)
        joiners = {send.sender_id for send in taken} - senders.keys()
        return dict.fromkeys(joiners, NO_ROW) | self.transaction.users(joiners) | senders

    def _conversations(self) -> list[int | DomainError]:
        """Return, for each message, the internal number of its conversation or the error that refuses the send.

        A `SINGLE` or `SYSTEM` conversation that does not exist is created.
        """
        found: dict[tuple[str, str, bool], int | DomainError] = {}
        numbers: list[int | DomainError] = []
        for send in self.sends:
            sent = (send.key.conversation_id, send.sender_id, send.as_service)
            number = found.get(sent)
            if number is None:
                number = found[sent] = _refusal(send) or self._conversation(send.key)
            numbers.append(number)
        return numbers

    def _conversation(self, key: ConversationKey) -> int:
        number, self.refusals[key.conversation_id] = number_and_refusal(self.transaction, key)
        if not number and not key.type.has_joins:
            users = self.transaction.ensure_users(pair_roles(key))
            members = [(users[user_id], role) for user_id, role in pair_roles(key).items()]
            return store_conversation(self.transaction, NewConversation(key), members, opened_by=0)
        return number

    def _load(self, numbers: Sequence[int | DomainError], senders: dict[str, int]) -> None:
        used_numbers = sorted({number for number in numbers if isinstance(number, int)})
        for stored, shared in find_conversations(self.transaction, used_numbers).items():
            self.heads[stored] = _Head(shared, shared.oldest_time, *(getattr(shared, name) for name in _HEAD_COLUMNS))
        pairs = {}
        keys = {}
        for send, number in zip(self.sends, numbers, strict=True):
            if isinstance(number, int):
                sender = senders[send.sender_id]
                pairs[sender, number] = True
                if send.message.client_message_id:
                    keys[number, sender, send.message.client_message_id] = True
        self.views = find_views(self.transaction, pairs)
        self.own = {pair: view.own_countable for pair, view in self.views.items()}
        if keys:
            self.used = find_keys(self.transaction, list(keys))

    def _require_member(self, key: ConversationKey, view: ViewRow | None) -> None:
        """Check that the sender is a member; one who never was costs the same whether there is such a conversation.

        Raises:
            NotFoundError: `CONVERSATION_NOT_FOUND` where the sender never was a member.
            PermissionDeniedError: `NOT_A_MEMBER` where the sender has left.
        """
        if view is None:
            if (refused := self.refusals.pop(key.conversation_id, None)) is not None:
                refused()
            raise conversation_not_found()
        if not view.role:
            raise not_a_member()

    def _send(self, send: Send, number: int, sender: int) -> Sent:
        message = send.message
        key = (number, sender, message.client_message_id)
        if message.client_message_id and key in self.used:
            return self._replay(send, self.used[key])
        view = self.views.get((sender, number))
        if send.key.type is not ConversationType.SYSTEM:
            self._require_member(send.key, view)
        head = self.heads[number]
        counts = int(not message.silent)
        head.last_sequence = sequence = head.last_sequence + 1
        head.last_time = head.last_live_time = max(self.transaction.now, head.last_time + 1)
        head.last_live_sequence = sequence
        head.oldest_time = head.oldest_time or head.last_time
        head.countable += counts
        own = self.own[sender, number] = self.own.get((sender, number), 0) + counts
        if counts:
            head.last_relist_sequence = sequence
            if message.mention_kind:
                self._mention(message, number, sender, head)
        message_id = ids.message_id(head.shared.public_number, sequence)
        framed = message_codec.frame(
            message_codec.message(
                message.static,
                message_id=message_id,
                conversation_id=send.key.conversation_id,
                sequence=sequence,
                sender_id=send.sender_id,
                create_time=head.last_time,
                burn_duration=head.shared.burn_duration if head.shared.burn_enabled else 0,
            )
        )
        self.framed[number, sequence] = framed
        self.messages.append(
            NewMessage(
                number,
                sequence,
                sender,
                head.last_time,
                counts,
                head.countable,
                own,
                message.content_type,
                bytearray(framed),
            )
        )
        if message.client_message_id:
            used = UsedKey(*key, sequence, head.last_time, bytearray(message.digest))
            self.used[key] = used
            self.keys.append(used)
        moves_read = view is not None and not send.keep_unread
        due = 0
        if head.shared.burn_duration:
            due = self._burn(head, view if moves_read else None, sender)
        if moves_read:
            self.read[sender, number] = (sequence, head.countable, own)
        self.transaction.record_change(
            ChangeKind.MESSAGE,
            conversation=number,
            actor=sender,
            first=sequence,
            last=sequence,
            device_id=send.device_id,
            moves_list=True,
            due_time=due,
            moves_read=int(moves_read),
        )
        return Sent(framed, message_id, send.key.conversation_id, sequence, head.last_time)

    def _burn(self, head: _Head, moved: ViewRow | None, sender: int) -> int:
        """Start the burn timers of the messages that the sender reads by sending the newest one.

        Args:
            head: the conversation, with the newest message.
            moved: the sender's view; None if sending leaves its read position.
            sender: the internal number of the sender.

        Returns:
            The time when the first of the messages read burns, in microseconds; 0 if none does.
        """
        number, sequence = head.shared.id, head.last_sequence
        self.burning.sent(head.shared, sender, sequence)
        if moved is None:
            return 0
        read = self.read[sender, number][0] if (sender, number) in self.read else moved.read_sequence
        return self.burning.moved(head.shared, sender, read, sequence)

    def _mention(self, message: OutgoingMessage, number: int, sender: int, head: _Head) -> None:
        head.last_mention_sequence = head.last_sequence
        # Also users who never did anything get a number: they find the message later.
        users = self.transaction.ensure_users(message.mentioned)
        self.mentions += mention_rows(message, users, conversation=number, sender=sender, sequence=head.last_sequence)

    def _replay(self, send: Send, used: UsedKey) -> Sent:
        """Return the message that an earlier send with this client message id stored, or its remains.

        Raises:
            AlreadyExistsError: `CLIENT_MESSAGE_ID_REUSED` where the id was used for another message.
        """
        conversation = self.heads[used.conversation].shared
        message_id = message_id_at(self.transaction, conversation, used.sequence)
        if used.digest != send.message.digest:
            raise AlreadyExistsError(
                Reason.CLIENT_MESSAGE_ID_REUSED,
                "was used for another message",
                field="message.client_message_id",
                message_id=message_id,
            )
        framed = self.framed.get((used.conversation, used.sequence))
        if framed is None:
            framed = _stored_again(self.transaction, conversation, send.sender_id, used, message_id)
        return Sent(framed, message_id, send.key.conversation_id, used.sequence, used.create_time, duplicate=True)

    def _store(self) -> None:
        grown = sorted({message.conversation for message in self.messages})
        update_conversations(
            self.transaction,
            _HEAD_COLUMNS,
            [
                {"key_conversation": number} | {name: getattr(self.heads[number], name) for name in _HEAD_COLUMNS}
                for number in grown
            ],
        )
        update_conversations(
            self.transaction,
            ("oldest_time",),
            [
                {"key_conversation": number, "oldest_time": self.heads[number].oldest_time}
                for number in grown
                if not self.heads[number].shared.oldest_time
            ],
        )
        self.burning.store()
        insert_messages(self.transaction, self.messages)
        insert_mentions(self.transaction, self.mentions)
        insert_keys(self.transaction, self.keys)
        written = {(message.sender, message.conversation) for message in self.messages} & self.views.keys()
        update_views(
            self.transaction,
            _READ_COLUMNS,
            [
                {
                    "key_user": user,
                    "key_conversation": number,
                    "own_countable": self.own[user, number],
                    "read_sequence": self.read[user, number][0],
                    "unread_from": 0,
                    "marked_unread": 0,
                    "base_sequence": self.read[user, number][0],
                    "base_countable": self.read[user, number][1],
                    "base_own": self.read[user, number][2],
                }
                for user, number in sorted(written & self.read.keys())
            ],
        )
        update_views(
            self.transaction,
            ("own_countable",),
            [
                {"key_user": user, "key_conversation": number, "own_countable": self.own[user, number]}
                for user, number in sorted(written - self.read.keys())
            ],
        )


def _refusal(send: Send) -> DomainError | None:
    """Return the error of a send that its ids alone show to be impossible; None for any other send."""
    if send.key.type is ConversationType.SYSTEM:
        if send.as_service:
            return None
        if not send.key.concerns(send.sender_id):
            return conversation_not_found()
        return PermissionDeniedError(
            Reason.SERVICE_ONLY, "is a SYSTEM conversation, into which only services send", field="conversation"
        )
    return None if send.key.concerns(send.sender_id) else conversation_not_found()


def _stored_again(
    transaction: Transaction, conversation: ConversationRow, sender_id: str, used: UsedKey, message_id: str
) -> bytes:
    """Return the framed message that a client message id stored, its tombstone, or a stub without content."""
    if used.sequence > conversation.floor:
        sequences = [used.sequence]
        stored = find_messages(transaction, conversation=conversation.id, sequences=sequences) or find_tombstones(
            transaction, conversation=conversation.id, sequences=sequences
        )
        burned = burned_among(
            transaction,
            conversation=conversation.id,
            next_due=conversation.next_burn_due,
            messages=list(stored.values()),
        )
        if stored and not burned:
            return stored[used.sequence].body
    return message_codec.frame(
        message_codec.message(
            message_codec.client_message_stub(used.client_message_id),
            message_id=message_id,
            conversation_id=conversation.conversation_id,
            sequence=used.sequence,
            sender_id=sender_id,
            create_time=used.create_time,
        )
    )
