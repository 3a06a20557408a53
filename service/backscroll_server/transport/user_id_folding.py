"""Folding of the case of every user id in a request, before anything looks at the request (semantics N7).

Which fields hold user ids follows from their names in the contract, so that no method can forget one of its fields.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from backscroll.v1.conversation_pb2 import CONVERSATION_TYPE_SINGLE, CONVERSATION_TYPE_UNSPECIFIED, ConversationTarget
from backscroll_server.domain.user_id_case import fold_conversation_id, fold_user_id

USER_ID_FIELDS: Final = frozenset({"user_id", "user_ids", "sender_id", "sender_ids", "recipient_id"})
"""The names of the fields with user ids."""

CONVERSATION_ID_FIELDS: Final = frozenset({"conversation_id", "conversation_ids"})
"""The names of the fields with conversation ids, some of which have user ids in them."""

_PACKAGE: Final = "backscroll.v1"
_PAIRS: Final = frozenset({CONVERSATION_TYPE_SINGLE, CONVERSATION_TYPE_UNSPECIFIED})

Step = Callable[[Any], None]


def fold_user_ids(message: Message) -> None:
    """Fold the case of all user ids in a message and in the messages in it, in place.

    Cost: a look at each field that may hold user ids; ids that are folded already are not written again.
    """
    kind: Any = type(message)
    for step in _steps_of(kind):
        step(message)


@cache
def _steps_of(kind: Any) -> tuple[Step, ...]:
    # Classes are found in a cache many times faster than their descriptors.
    return _steps(kind.DESCRIPTOR)


def _steps(descriptor: Any) -> tuple[Step, ...]:
    """Return what folds the fields of a type of messages; nothing for types that are not the contract's own."""
    if descriptor.file.package != _PACKAGE or descriptor.GetOptions().map_entry:
        return ()
    steps = [step for field in descriptor.fields if (step := _step(field)) is not None]
    if descriptor.full_name == ConversationTarget.DESCRIPTOR.full_name:
        steps.append(_fold_target)
    return tuple(steps)


def _step(field: FieldDescriptor) -> Step | None:
    """Return what folds one field of a message; None where it holds no user ids."""
    if field.name in USER_ID_FIELDS:
        return _folding_texts(field, fold_user_id)
    if field.name in CONVERSATION_ID_FIELDS:
        return _folding_texts(field, fold_conversation_id)
    steps = _steps(field.message_type) if field.message_type is not None else ()
    return _folding_messages(field, steps) if steps else None


def _folding_texts(field: FieldDescriptor, fold: Callable[[str], str]) -> Step:
    name = field.name

    def fold_one(message: Any) -> None:
        value = getattr(message, name)
        folded = fold(value)
        if folded != value:
            setattr(message, name, folded)

    def fold_each(message: Any) -> None:
        values = getattr(message, name)
        for index, value in enumerate(values):
            folded = fold(value)
            if folded != value:
                values[index] = folded

    return fold_each if field.is_repeated else fold_one


def _folding_messages(field: FieldDescriptor, steps: tuple[Step, ...]) -> Step:
    name = field.name

    def fold_one(message: Any) -> None:
        if message.HasField(name):
            inner = getattr(message, name)
            for step in steps:
                step(inner)

    def fold_each(message: Any) -> None:
        for element in getattr(message, name):
            for step in steps:
                step(element)

    return fold_each if field.is_repeated else fold_one


def _fold_target(target: ConversationTarget) -> None:
    """Fold the id of a target where it is a user's: that of a pair, which a read means where it gives no type."""
    if target.type in _PAIRS:
        folded = fold_user_id(target.id)
        if folded != target.id:
            target.id = folded
