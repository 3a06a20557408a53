"""The public numbers of conversations, with which the ids of their messages begin."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from backscroll_server.domain.intervals import FOREVER
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import ListStatement, Runner, Statement, param
from backscroll_server.storage.tables.models import ConversationNumber

_BITS: Final = 63


class NumberedMessages(NamedTuple):
    """Messages whose ids begin with one public number: those with sequences `(after, up_to]`.

    Attributes:
        conversation: the internal number of the conversation.
        after: the sequence below the first one.
        up_to: the last sequence; `FOREVER` for the newest number of a conversation.
    """

    conversation: int
    after: int
    up_to: int


_numbered = ListStatement(
    lambda keys: ConversationNumber.select(
        ConversationNumber.number,
        ConversationNumber.conversation,
        ConversationNumber.from_sequence,
        ConversationNumber.to_sequence,
    ).where(ConversationNumber.number.in_(keys))
)
_number_at = Statement(
    ConversationNumber.select(ConversationNumber.number).where(
        (ConversationNumber.conversation == param("conversation"))
        & (ConversationNumber.from_sequence < param("sequence"))
        & (ConversationNumber.to_sequence >= param("sequence"))
    )
)
_insert = Statement(
    ConversationNumber.insert(
        {
            ConversationNumber.number: param("number"),
            ConversationNumber.conversation: param("conversation"),
            ConversationNumber.from_sequence: 0,
            ConversationNumber.to_sequence: FOREVER,
        }
    )
)


def new_public_number() -> int:
    """Return a random public number. That another conversation has it already is not to be expected, and fails."""
    return secrets.randbits(_BITS)


def insert_first_number(session: Session, *, number: int, conversation: int) -> None:
    """Store the public number of a new conversation, by internal number. Cost: one row and one index entry."""
    session.run(_insert, number=number, conversation=conversation)


def numbered_messages(session: Runner, numbers: Sequence[int]) -> dict[int, NumberedMessages]:
    """Return the messages whose ids begin with public numbers, by number; unknown numbers are left out.

    Cost: one key seek for each.
    """
    return {number: NumberedMessages(*rest) for number, *rest in session.listed(_numbered, numbers)}


def conversations_among(
    numbered: Mapping[int, NumberedMessages], messages: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """Return the internal numbers of the conversations of messages, named by public number and sequence.

    Messages that are not among those of their number are left out.

    Args:
        numbered: the messages of each public number.
        messages: the messages.

    >>> conversations_among({8: NumberedMessages(7, 0, 20)}, [(8, 20), (8, 21), (9, 1)])
    {(8, 20): 7}
    """
    return {
        (number, sequence): found.conversation
        for number, sequence in messages
        if (found := numbered.get(number)) is not None and found.after < sequence <= found.up_to
    }


def number_at(session: Runner, *, conversation: int, sequence: int) -> int:
    """Return the public number with which the id of a message begins. Cost: one index seek.

    Args:
        session: runs the query.
        conversation: the internal number of the conversation.
        sequence: the sequence of a message that was stored once.

    Raises:
        LookupError: where the conversation does not exist.
    """
    row = session.one(_number_at, conversation=conversation, sequence=sequence)
    if row is None:
        raise LookupError(f"no public number is stored for message {sequence} of conversation {conversation}")
    number: int = row[0]
    return number
