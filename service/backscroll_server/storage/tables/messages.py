"""Writes of messages, tombstones, mentions, hidden messages and idempotency keys, and reads of them by their keys."""

from collections.abc import Sequence
from typing import NamedTuple

from peewee import Tuple, fn

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.models import Hidden, Idempotency, Mention, Message, Tombstone


class StoredMessage(NamedTuple):
    """A message or tombstone as stored. See the table `Message` for the meaning of each field."""

    conversation: int
    sequence: int
    sender: int
    create_time: int
    original_time: int | None
    counts: bool
    countable: int
    own_countable: int
    content_type: int
    body: bytes


class NewMessage(NamedTuple):
    """A message to store. See the table `Message` for the meaning of each field.

    The types of the fields are those that SQLite's driver binds fastest: plain numbers rather than bools, bytearrays
    rather than bytes. The column `original_time` is written only for imported messages.
    """

    conversation: int
    sequence: int
    sender: int
    create_time: int
    counts: int
    countable: int
    own_countable: int
    content_type: int
    body: bytearray
    original_time: int | None = None


class NewMention(NamedTuple):
    """A mention to store. See the table `Mention` for the meaning of each field."""

    conversation: int
    user: int
    sequence: int
    sender: int
    kind: int


class UsedKey(NamedTuple):
    """A client message id that its sender used, with the message that was stored for it.

    Attributes:
        conversation: the internal number of the conversation.
        sender: the internal number of the sender.
        client_message_id: the client message id.
        sequence: the sequence of the message.
        create_time: the creation time of the message, in microseconds.
        digest: the keyed hash of the content that was sent.
    """

    conversation: int
    sender: int
    client_message_id: str
    sequence: int
    create_time: int
    digest: bytes | bytearray


BLANK_BODY = fn.ZEROBLOB(fn.LENGTH(Message.body))
"""As many zeros as a message's body has bytes, to overwrite it before the row is deleted where that leaves copies.

SQLite may move rows that it is about to delete within its file; it then moves the zeros, so a leftover copy reveals
nothing.
"""

_COLUMNS = {name: getattr(Message, name) for name in NewMessage._fields}
_insert_imported = Statement(Message.insert({column: param(name) for name, column in _COLUMNS.items()}))
_insert_message = Statement(
    Message.insert({column: param(name) for name, column in _COLUMNS.items() if name != "original_time"})
)
_insert_tombstone = Statement(
    Tombstone.insert({getattr(Tombstone, name): param(name) for name in StoredMessage._fields})
)
_insert_mention = Statement(Mention.insert({getattr(Mention, name): param(name) for name in NewMention._fields}))
_insert_key = Statement(Idempotency.insert({getattr(Idempotency, name): param(name) for name in UsedKey._fields}))
_insert_hidden = Statement(
    Hidden.insert({getattr(Hidden, name): param(name) for name in ("user", "conversation", "sequence", "counts")})
)
_overwrite_message = Statement(
    Message.update({Message.body: BLANK_BODY}).where(
        (Message.conversation == param("conversation")) & (Message.sequence == param("sequence"))
    )
)
_delete_message = Statement(
    Message.delete().where((Message.conversation == param("conversation")) & (Message.sequence == param("sequence")))
)
_delete_mentions = Statement(
    Mention.delete().where((Mention.conversation == param("conversation")) & (Mention.sequence == param("sequence")))
)
_mentions_of = Statement(
    Mention.select(Mention.user).where(
        (Mention.conversation == param("conversation")) & (Mention.sequence == param("sequence"))
    )
)
_find_keys = ListStatement(
    lambda keys: Idempotency.select(*(getattr(Idempotency, name) for name in UsedKey._fields)).where(
        Tuple(Idempotency.conversation, Idempotency.sender, Idempotency.client_message_id).in_(keys)
    ),
    width=3,
)
_messages = ListStatement(
    lambda keys: Message.select(*(getattr(Message, name) for name in StoredMessage._fields)).where(
        (Message.conversation == param("conversation")) & Message.sequence.in_(keys)
    )
)
_sizes = ListStatement(
    lambda keys: Message.select(Message.conversation, Message.sequence, fn.LENGTH(Message.body)).where(
        Tuple(Message.conversation, Message.sequence).in_(keys)
    ),
    width=2,
)
_tombstones = ListStatement(
    lambda keys: Tombstone.select(*(getattr(Tombstone, name) for name in StoredMessage._fields)).where(
        (Tombstone.conversation == param("conversation")) & Tombstone.sequence.in_(keys)
    )
)
_hidden = ListStatement(
    lambda keys: Hidden.select(Hidden.sequence).where(
        (Hidden.user == param("user")) & (Hidden.conversation == param("conversation")) & Hidden.sequence.in_(keys)
    )
)


def insert_messages(session: Session, messages: Sequence[NewMessage]) -> None:
    """Store new messages; their `original_time` is not written. Cost: one row and two index entries for each."""
    session.insert(_insert_message, messages)


def insert_imported(session: Session, messages: Sequence[NewMessage]) -> None:
    """Store imported messages with their `original_time`. Cost: one row and two index entries for each."""
    session.insert(_insert_imported, messages)


def insert_mentions(session: Session, mentions: Sequence[NewMention]) -> None:
    """Store mentions of users by messages. Cost: one row and one index entry for each."""
    session.insert(_insert_mention, mentions)


def insert_keys(session: Session, keys: Sequence[UsedKey]) -> None:
    """Store client message ids that were used. Cost: one row for each."""
    session.insert(_insert_key, keys)


def insert_hidden(session: Session, *, user: int, messages: Sequence[StoredMessage]) -> None:
    """Hide messages from one user, who must not have hidden them already. Cost: one row for each.

    `user` is an internal number.
    """
    session.many(
        _insert_hidden,
        [
            {
                "user": user,
                "conversation": message.conversation,
                "sequence": message.sequence,
                "counts": bool(message.counts) and message.sender != user,
            }
            for message in messages
        ],
    )


def replace_with_tombstones(session: Session, tombstones: Sequence[StoredMessage]) -> None:
    """Replace stored messages with tombstones of the same sequences, and delete the mentions of these messages.

    Cost for each message: one row deleted, one inserted, and the rows of its mentions.
    """
    for tombstone in tombstones:
        if session.database.leaves_copies:
            session.run(_overwrite_message, conversation=tombstone.conversation, sequence=tombstone.sequence)
        session.run(_delete_message, conversation=tombstone.conversation, sequence=tombstone.sequence)
        if session.all(_mentions_of, conversation=tombstone.conversation, sequence=tombstone.sequence):
            session.run(_delete_mentions, conversation=tombstone.conversation, sequence=tombstone.sequence)
    session.insert(_insert_tombstone, tombstones)


def find_keys(session: Runner, keys: Sequence[tuple[int, int, str]]) -> dict[tuple[int, int, str], UsedKey]:
    """Return the client message ids that were used already, by key.

    Each key is the internal numbers of conversation and sender, and the client message id. Cost: one key seek for each.
    """
    rows = map(UsedKey._make, session.listed(_find_keys, keys))
    return {row[:3]: row for row in rows}


def find_messages(session: Runner, *, conversation: int, sequences: Sequence[int]) -> dict[int, StoredMessage]:
    """Return the stored messages at some sequences, by sequence, without recalled and removed ones.

    `conversation` is an internal number. Cost: one key seek for each sequence.
    """
    rows = map(StoredMessage._make, session.listed(_messages, sequences, conversation=conversation))
    return {row.sequence: row for row in rows}


def message_sizes(session: Runner, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return how many bytes the bodies of stored messages have, by key: internal number of the conversation, sequence.

    Cost: one key seek for each; the bodies themselves are not read.
    """
    rows = session.listed(_sizes, keys)
    return {(conversation, sequence): size for conversation, sequence, size in rows}


def find_tombstones(session: Runner, *, conversation: int, sequences: Sequence[int]) -> dict[int, StoredMessage]:
    """Return the tombstones at some sequences, by sequence: of recalled messages, and empty ones of burned messages.

    `conversation` is an internal number. Cost: one key seek for each sequence.
    """
    rows = map(StoredMessage._make, session.listed(_tombstones, sequences, conversation=conversation))
    return {row.sequence: row for row in rows}


def find_hidden(session: Runner, *, user: int, conversation: int, sequences: Sequence[int]) -> set[int]:
    """Return those of some sequences whose messages are hidden from one user.

    `user` and `conversation` are internal numbers. Cost: one key seek for each sequence.
    """
    return {row[0] for row in session.listed(_hidden, sequences, user=user, conversation=conversation)}
