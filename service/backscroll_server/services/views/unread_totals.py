"""A user's totals: summed once, then kept by difference."""

from collections.abc import Iterator
from dataclasses import dataclass

from backscroll_server.domain.enums import ConversationType, ReceiveOption
from backscroll_server.domain.records import UserConversation, ViewRow
from backscroll_server.services.views.unread import unread_count, unread_mentions
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.conversation_lists import ListFilter, list_page

SUMMED_TYPES = (ConversationType.SINGLE, ConversationType.GROUP, ConversationType.SYSTEM)
"""Chat rooms stay out of the totals."""

_EVERYTHING = 2**40


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
    """Return one listed conversation's share of the totals, by its receive option."""
    if is_muted(view.receive_option, view.muted_until, now):
        return Totals(muted_unread=unread, mentions=mentions)
    if view.receive_option == ReceiveOption.BLOCKED:
        return Totals(mentions=mentions)
    return Totals(unread=unread, unread_conversations=int(unread > 0), mentions=mentions)


def shares(session: Runner, user: int) -> Iterator[tuple[UserConversation, Totals]]:
    """Return the conversations in a user's list, and what each adds to the totals. Reads all the user's views."""
    conversation_filter = ListFilter(types=tuple(map(int, SUMMED_TYPES)))
    for row in list_page(
        session, user=user, conversation_filter=conversation_filter, after=None, skip=0, limit=_EVERYTHING
    ):
        entry = row.entry
        unread, mentions = unread_count(session, entry), len(unread_mentions(session, entry))
        yield entry, share(entry.view, unread=unread, mentions=mentions, now=session.now)


class RunningTotals:
    """The totals of one user as conversations change.

    Only conversations that add something are remembered.
    """

    def __init__(self) -> None:
        self._shares: dict[int, Totals] = {}
        self.sum = Totals()

    def read(self, session: Runner, user: int) -> None:
        """Recompute the sums. Reads all the user's views."""
        self._shares.clear()
        self.sum = Totals()
        for entry, added in shares(session, user):
            self._put(entry.conversation.id, added)

    def update(self, entry: UserConversation, *, unread: int, mentions: int, now: int) -> None:
        """Replace what one conversation adds."""
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
