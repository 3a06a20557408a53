"""A user's totals: summed once, then kept by difference."""

from collections.abc import Generator
from operator import add, sub
from typing import NamedTuple

from backscroll_server.domain.enums import ConversationType, ReceiveOption
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import UserConversation, ViewRow
from backscroll_server.services.views.unread import unread_count, unread_mentions
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.conversations import find_user_conversations, view_ranges
from backscroll_server.storage.tables.unread_totals import SUMMED_TYPES, plain_unread, uncertain_unread

_CHUNK = 100
"""The most conversations that are counted one by one before a read may pause."""


class Totals(NamedTuple):
    """Sums over a user's conversations.

    Attributes:
        unread: unread messages of conversations that are neither muted nor blocked.
        muted_unread: unread messages of muted conversations.
        unread_conversations: conversations with unread messages, not counting muted and blocked ones.
        mentions: unread mentions of the user, in any conversation.
    """

    unread: int = 0
    muted_unread: int = 0
    unread_conversations: int = 0
    mentions: int = 0

    def plus(self, other: "Totals") -> "Totals":
        """Return both sums together."""
        return Totals(*map(add, self, other))

    def minus(self, other: "Totals") -> "Totals":
        """Return these sums without a part of them."""
        return Totals(*map(sub, self, other))


NOTHING = Totals()


def is_muted(receive_option: int, muted_until: int, now: int) -> bool:
    """Return whether a conversation is muted at `now`, so that its unread messages are summed apart.

    Args:
        receive_option: the user's `ReceiveOption` for it.
        muted_until: the end of the mute, in microseconds; 0 for never.
        now: the time, in microseconds.
    """
    return receive_option == ReceiveOption.MUTED and (not muted_until or now < muted_until)


def share(view: ViewRow, *, unread: int, mentions: int, now: int) -> Totals:
    """Return the part that a listed conversation adds to its user's totals, by the user's receive option for it.

    Of one that the user blocks, alone or with all others, only mentions count.
    """
    if view.blocked:
        return Totals(mentions=mentions)
    return _part(view.receive_option, view.muted_until, unread=unread, mentions=mentions, now=now)


def _part(receive_option: int, muted_until: int, *, unread: int, mentions: int, now: int) -> Totals:
    if is_muted(receive_option, muted_until, now):
        return Totals(muted_unread=unread, mentions=mentions)
    return Totals(unread=unread, unread_conversations=int(unread > 0), mentions=mentions)


class Share(NamedTuple):
    """The part of one conversation in the totals.

    Attributes:
        conversation: the conversation's internal number.
        type: its type.
        totals: its part.
    """

    conversation: int
    type: ConversationType
    totals: Totals


def shares(session: Runner, user: int) -> Generator[Share | None, None, None]:
    """Yield, in steps, the part of each listed conversation that adds something to the totals.

    A None between them says that a read may pause here.

    Cost: one row of each of the user's conversations; a few seeks more for one whose count is no plain subtraction.
    """
    now = session.now
    for conversations in view_ranges(session, user=user):
        for plain in plain_unread(session, user=user, conversations=conversations):
            totals = _part(plain.receive_option, plain.muted_until, unread=plain.unread, mentions=0, now=now)
            if totals != NOTHING:
                yield Share(plain.conversation, ConversationType(plain.type), totals)
        uncertain = uncertain_unread(session, user=user, conversations=conversations)
        for first in range(0, len(uncertain), _CHUNK):
            part = uncertain[first : first + _CHUNK]
            for entry in find_user_conversations(session, user=user, conversations=part).values():
                unread, mentions = unread_count(session, entry), len(unread_mentions(session, entry))
                totals = share(entry.view, unread=unread, mentions=mentions, now=now)
                if totals != NOTHING:
                    yield Share(entry.conversation.id, ConversationType(entry.conversation.type), totals)
            if len(part) == _CHUNK:
                yield None
        if conversations[1] != FOREVER:
            yield None


class RunningTotals:
    """One user's totals, kept up to date as conversations change.

    Only conversations that add something are remembered.

    Attributes:
        sum: the totals now.
    """

    def __init__(self) -> None:
        self._shares: dict[int, Totals] = {}
        self.sum = NOTHING

    @classmethod
    def read(cls, session: Runner, user: int) -> Generator[None, None, "RunningTotals"]:
        """Return, in steps, a user's totals as of a snapshot. Reads all conversations of the user."""
        totals = cls()
        for added in shares(session, user):
            if added is None:
                yield
            else:
                totals._put(added.conversation, added.totals)
        return totals

    def update(self, entry: UserConversation, *, unread: int, mentions: int, now: int) -> None:
        """Replace the part of one conversation; it is none if it is not listed or its type is not summed.

        Args:
            entry: the conversation as the user has it now.
            unread: how many of its messages are unread.
            mentions: how many of these mention the user.
            now: the time, in microseconds, for mutes that end.
        """
        counts = entry.listed and entry.conversation.type in SUMMED_TYPES
        self._put(
            entry.conversation.id,
            share(entry.view, unread=unread, mentions=mentions, now=now) if counts else NOTHING,
        )

    def _put(self, conversation: int, added: Totals) -> None:
        before = self._shares.pop(conversation, None)
        if before is not None:
            self.sum = self.sum.minus(before)
        if added != NOTHING:
            self._shares[conversation] = added
            self.sum = self.sum.plus(added)
