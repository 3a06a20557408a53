"""Folding of case in user ids: with the setting `user_id_case = "fold"`, ids that differ only in case are one user."""

from typing import Final, Literal

from backscroll_server.domain.ids import escape, unescape

UserIdCase = Literal["exact", "fold"]
"""The comparison of user ids: byte by byte, or after Unicode's case folding."""

_PAIR: Final = 2


def fold_user_id(user_id: str) -> str:
    """Return the one form of all user ids that differ from this one only in case, by Unicode's full case folding.

    It may have more or fewer bytes than the id. Accents and widths stay different.

    >>> fold_user_id("Ann"), fold_user_id("STRASSE") == fold_user_id("straße"), fold_user_id("Zoë")
    ('ann', True, 'zoë')
    """
    return user_id.casefold()


def fold_conversation_id(conversation_id: str) -> str:
    """Return the conversation id with its user ids folded: both of `s:`, the last of `y:`; ids of sources stay.

    A pair may be in the byte order of its ids as they are written, or as they are folded. An id that no conversation
    can have is returned as it is, and still is none.

    >>> fold_conversation_id("s:Bob:ann"), fold_conversation_id("y:Notices:Ann"), fold_conversation_id("g:Team")
    ('s:ann:bob', 'y:Notices:ann', 'g:Team')
    >>> fold_conversation_id("s:A%3AB:c"), fold_conversation_id("s:bob:Ann")
    ('s:a%3Ab:c', 's:bob:Ann')
    """
    if conversation_id.casefold() == conversation_id:
        return conversation_id
    letter, *written = conversation_id.split(":")
    if letter not in ("s", "y") or len(written) != _PAIR:
        return conversation_id
    ids = [unescape(part) for part in written]
    if [escape(part) for part in ids] != written:
        return conversation_id
    if letter == "y":
        source, user = ids
        return f"y:{escape(source)}:{escape(fold_user_id(user))}"
    folded = [fold_user_id(user) for user in ids]
    if sorted(ids) != ids and sorted(folded) != folded:
        return conversation_id
    return ":".join(["s", *map(escape, sorted(folded))])
