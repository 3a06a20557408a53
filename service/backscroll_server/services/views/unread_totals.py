"""A user's totals: summed once, then kept by difference."""

from collections.abc import Generator
from dataclasses import dataclass
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


@dataclass(slots=True)
class Totals:
    """Sums over conversations: unread, unread of muted ones, conversations with unread, and mentions."""

    unread: int = 0
    muted_unread: int = 0
    unread_conversations: int = 0
    mentions: int = 0

    def add(self, other: "Totals") -> None:
        """Add other sums."""
        self.unread += other.unread
        self.muted_unread += other.muted_unread
        self.unread_conversations += other.unread_conversations
        self.mentions += other.mentions

    def subtract(self, other: "Totals") -> None:
        """Take other sums away."""
        self.unread -= other.unread
        self.muted_unread -= other.muted_unread
        self.unread_conversations -= other.unread_conversations
        self.mentions -= other.mentions


NOTHING = Totals()


def is_muted(receive_option: int, muted_until: int, now: int) -> bool:
    """Return whether messages are counted apart at this moment."""
    return receive_option == ReceiveOption.MUTED and (not muted_until or now < muted_until)


def share(view: ViewRow, *, unread: int, mentions: int, now: int) -> Totals:
    """Return one listed conversation's part of the totals, by its receive option."""
    return _part(view.receive_option, view.muted_until, unread=unread, mentions=mentions, now=now)


def _part(receive_option: int, muted_until: int, *, unread: int, mentions: int, now: int) -> Totals:
    if is_muted(receive_option, muted_until, now):
        return Totals(muted_unread=unread, mentions=mentions)
    if receive_option == ReceiveOption.BLOCKED:
        return Totals(mentions=mentions)
    return Totals(unread=unread, unread_conversations=int(unread > 0), mentions=mentions)


class Share(NamedTuple):
    """The part of one conversation in the totals.

    Attributes:
        conversation: the conversation's number.
        type: its type.
        totals: its part.
    """

    conversation: int
    type: ConversationType
    totals: Totals


def shares(session: Runner, user: int) -> Generator[Share | None, None, None]:
    """Yield, in steps, the part of each listed conversation that adds something to the totals.

    Cost: reads all the user's views, and a seek for each; a few more for those with exceptions.
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
    """The totals of one user as conversations change.

    Only conversations that add something are remembered.
    """

    def __init__(self) -> None:
        self._shares: dict[int, Totals] = {}
        self.sum = Totals()

    @classmethod
    def read(cls, session: Runner, user: int) -> Generator[None, None, "RunningTotals"]:
        """Return, in steps, the totals as of a snapshot. Reads all the user's views."""
        totals = cls()
        for added in shares(session, user):
            if added is None:
                yield
            else:
                totals._put(added.conversation, added.totals)
        return totals

    def update(self, entry: UserConversation, *, unread: int, mentions: int, now: int) -> None:
        """Replace the part of one conversation."""
        counts = entry.listed and entry.conversation.type in SUMMED_TYPES
        self._put(
            entry.conversation.id,
            share(entry.view, unread=unread, mentions=mentions, now=now) if counts else NOTHING,
        )

    def _put(self, conversation: int, added: Totals) -> None:
        before = self._shares.pop(conversation, None)
        if before is not None:
            self.sum.subtract(before)
        if added != NOTHING:
            self._shares[conversation] = added
            self.sum.add(added)
