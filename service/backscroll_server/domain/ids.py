"""Ids of conversations and messages: injective, computable by a caller, free of any database."""

import re
from dataclasses import dataclass
from functools import lru_cache

from backscroll_server.domain import limits
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.errors import InvalidArgumentError, Reason

_LETTERS = {
    ConversationType.SINGLE: "s",
    ConversationType.GROUP: "g",
    ConversationType.CHAT_ROOM: "r",
    ConversationType.SYSTEM: "y",
}
_TYPES = {letter: type_ for type_, letter in _LETTERS.items()}
_PARTS = {"s": 2, "g": 1, "r": 1, "y": 2}


@dataclass(frozen=True, slots=True)
class ConversationKey:
    """A parsed conversation id.

    Attributes:
        type: the type.
        first: `SINGLE`: the user whose id sorts first by bytes; `GROUP` and `CHAT_ROOM`: the id of the group or room;
            `SYSTEM`: the id of the source of notifications.
        second: `SINGLE`: the other user; `SYSTEM`: the notified user; else empty.
        conversation_id: the id that stands for all of this, as `s:alice:bob`.
    """

    type: ConversationType
    first: str
    second: str
    conversation_id: str

    def target_for(self, user_id: str) -> str:
        """Return the target as `user_id` names it: the other user of `SINGLE`, else the group, room or source.

        Empty for a `SINGLE` conversation of two other users, which `user_id` cannot name by a target.
        """
        if self.type is not ConversationType.SINGLE:
            return self.first
        if user_id == self.first:
            return self.second
        return self.first if user_id == self.second else ""

    def concerns(self, user_id: str) -> bool:
        """Return whether the ids alone allow `user_id` to take part; always true where members come and go."""
        if self.type is ConversationType.SINGLE:
            return user_id in (self.first, self.second)
        if self.type is ConversationType.SYSTEM:
            return user_id == self.second
        return True


def escape(part: str) -> str:
    """Return a user's, group's, room's or source's id as it is written in a conversation id."""
    return part.replace("%", "%25").replace(":", "%3A")


def unescape(part: str) -> str:
    """Return the id that is written as `part` in a conversation id; whether an id can be written so is not checked."""
    return part.replace("%3A", ":").replace("%25", "%")


@lru_cache(maxsize=65536)
def conversation_key(type_: ConversationType, user_id: str, target_id: str) -> ConversationKey:
    """Return the key of the conversation of `user_id` with a target.

    Args:
        type_: the type of the conversation.
        user_id: one of the two users of `SINGLE`, or the user whom `SYSTEM` notifies; not used for groups and rooms.
        target_id: the other user of `SINGLE`; else the id of the group, the room or the source of notifications.

    >>> conversation_key(ConversationType.SINGLE, "bob", "alice").conversation_id
    's:alice:bob'
    >>> conversation_key(ConversationType.GROUP, "bob", "100%: us").conversation_id
    'g:100%25%3A us'
    """
    if type_ is ConversationType.SINGLE:
        # UTF-8 order and code point order are the same, so comparing the texts compares the bytes.
        first, second = sorted((user_id, target_id))
    elif type_ is ConversationType.SYSTEM:
        first, second = target_id, user_id
    else:
        first, second = target_id, ""
    letter = _LETTERS[type_]
    parts = [first, second][: _PARTS[letter]]
    return ConversationKey(type_, first, second, ":".join([letter, *map(escape, parts)]))


@lru_cache(maxsize=65536)
def parse_conversation_id(conversation_id: str) -> ConversationKey:
    """Return the key that a conversation id stands for.

    Raises:
        InvalidArgumentError: `MALFORMED` where no key encodes to exactly this id.
    """
    letter, *parts = conversation_id.split(":")
    if _PARTS.get(letter) == len(parts):
        type_ = _TYPES[letter]
        first, second = ([unescape(part) for part in parts] + [""])[:2]
        if all(is_valid_id(part) for part in ([first, second] if len(parts) == 2 else [first])):  # noqa: PLR2004
            if type_ is ConversationType.SINGLE:
                key = conversation_key(type_, first, second)
            else:
                key = conversation_key(type_, second, first)
            if key.conversation_id == conversation_id:
                return key
    raise InvalidArgumentError(Reason.MALFORMED, "not a conversation id", field="conversation_id")


def is_valid_id(value: str) -> bool:
    """Return whether `value` is 1 to 256 bytes of UTF-8 without control characters.

    >>> is_valid_id("zoë"), is_valid_id(""), is_valid_id("a" * 257)
    (True, False, False)
    """
    if value.isascii() and value.isprintable():
        return 0 < len(value) <= limits.ID_BYTES
    try:
        length = len(value.encode())
    except UnicodeEncodeError:
        return False
    return length <= limits.ID_BYTES and (value.isprintable() or not any(map(is_control, value)))


def is_control(character: str) -> bool:
    """Return whether a single character is one of Unicode's control characters (category Cc)."""
    return character < " " or "\x7f" <= character <= "\x9f"


_NUMBER_LENGTH = 13
_LETTERS_OF_NUMBERS = "abcdefghijklmnopqrstuvwxyz234567"
_TO_DIGITS = str.maketrans(_LETTERS_OF_NUMBERS, "0123456789abcdefghijklmnopqrstuv")
_NUMBER = re.compile(rf"[a-h][a-z2-7]{{{_NUMBER_LENGTH - 1}}}")
_DECIMAL = re.compile("[1-9][0-9]{0,17}")


@lru_cache(maxsize=65536)
def _number_text(number: int) -> str:
    if number < 0:
        return str(-number)
    return "".join(
        _LETTERS_OF_NUMBERS[number >> 5 * place & 31]  # A letter has five bits.
        for place in reversed(range(_NUMBER_LENGTH))
    )


def message_id(number: int, sequence: int) -> str:
    """Return the id of a message, from the public number of its conversation and its sequence.

    A public number has at most 63 bits, so that its first character is one of `a` to `h`. A negative one, of messages
    that were stored before conversations had random numbers, is written in decimal and without the sign.

    >>> message_id(2**62, 12), message_id(-7, 12)
    ('eaaaaaaaaaaaa-12', '7-12')
    """
    return f"{_number_text(number)}-{sequence}"


def parse_message_id(value: str) -> tuple[int, int]:
    """Return the public number of the conversation, and the sequence, that a message id stands for.

    >>> parse_message_id(message_id(2**62, 12)), parse_message_id(message_id(-7, 12))
    ((4611686018427387904, 12), (-7, 12))

    Raises:
        InvalidArgumentError: `MALFORMED` where no message can have this id.
    """
    number, _, sequence = value.partition("-")
    # Both fit into an int64.
    if _DECIMAL.fullmatch(sequence):
        if _NUMBER.fullmatch(number):
            return int(number.translate(_TO_DIGITS), 32), int(sequence)
        if _DECIMAL.fullmatch(number):
            return -int(number), int(sequence)
    raise InvalidArgumentError(Reason.MALFORMED, "not a message id", field="message_id")
