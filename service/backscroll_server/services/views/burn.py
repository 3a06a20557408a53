"""Burn after reading: what was sent while it was on vanishes for both some time after it was read.

The switch opens and closes spans of sequences. Whenever a read position moves over a span, one row says which messages
vanish when; none is written for each message. From that moment on no read shows them; `services/upkeep/burn.py` removes
them from storage a little later.
"""

from collections.abc import Iterable, Iterator

from backscroll_server.domain.records import ConversationRow
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.burns import (
    NewBurn,
    Span,
    burned_ranges,
    close_span,
    holds_others,
    insert_burns,
    open_span,
    spans_above,
)
from backscroll_server.storage.tables.conversations import update_conversation
from backscroll_server.storage.tables.messages import StoredMessage
from backscroll_server.storage.transaction import Transaction


def apply_burn_setting(transaction: Transaction, before: ConversationRow, after: ConversationRow) -> None:
    """Close and open the span of burning messages after a conversation's burn settings changed.

    Messages sent from now on burn with the new duration; those of before keep theirs. Writes two rows at most.
    """
    was, now = (shared.burn_duration if shared.burn_enabled else 0 for shared in (before, after))
    if was == now:
        return
    if was:
        close_span(transaction, conversation=after.id, up_to=after.last_sequence)
    if now:
        open_span(transaction, conversation=after.id, after=after.last_sequence, duration=now)


def is_burning(session: Runner, next_due: int) -> bool:
    """Return whether a conversation has messages that have burned and are still stored.

    Args:
        session: gives the time.
        next_due: the earliest time at which stored messages of the conversation burn, in microseconds; 0 for never.
    """
    return 0 < next_due <= session.now


def burned_among(session: Runner, *, conversation: int, next_due: int, messages: Iterable[StoredMessage]) -> set[int]:
    """Return the sequences of those messages or tombstones that have burned.

    Args:
        session: reads, and gives the time.
        conversation: the internal number of the conversation of all `messages`.
        next_due: the earliest time at which stored messages of the conversation burn; 0 for never.
        messages: as stored; one without a body has burned and was removed.

    Cost: one statement if anything stored in the conversation has burned, else none.
    """
    gone = {message.sequence for message in messages if not message.body}
    if is_burning(session, next_due):
        ranges = burned_ranges(session, conversation)
        gone |= {
            message.sequence
            for message in messages
            if message.original_time is None
            and any(after < message.sequence <= up_to and message.sender != reader for (after, up_to), reader in ranges)
        }
    return gone


def start_burn_timers(transaction: Transaction, shared: ConversationRow, user: int, after: int, up_to: int) -> int:
    """Start the burn timers of the messages that a user's read position moved over, sequences `(after, up_to]`.

    Return the time at which the first of them vanishes, in microseconds; 0 if none of them burns.

    Cost: no statement if burning was never on in the conversation, else a few seeks and one row for each span.
    """
    if not shared.burn_duration:
        return 0
    reads = BurningReads(transaction)
    due = reads.moved(shared, user, after, up_to)
    reads.store()
    return due


class BurningReads:
    """Burn timers that one transaction starts because it moves read positions; `store` writes them."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._spans: dict[int, tuple[int, list[Span]]] = {}
        self._sent: dict[int, dict[int, int]] = {}
        self._burns: list[NewBurn] = []
        self._conversations: dict[int, ConversationRow] = {}

    def sent(self, shared: ConversationRow, sender: int, sequence: int) -> None:
        """Note a message of this transaction that is stored later than its read positions are moved."""
        self._sent.setdefault(shared.id, {})[sender] = sequence

    def moved(self, shared: ConversationRow, user: int, after: int, up_to: int) -> int:
        """Note that a user's read position moved over the sequences `(after, up_to]`; `store` starts their timers.

        Return the time at which the first of these messages vanishes, in microseconds; 0 if none of them burns.
        """
        # Alone with oneself, one reads what one wrote.
        reader = 0 if shared.member_count == 1 else user
        burns = [
            NewBurn(shared.id, self._transaction.now + duration, reader, first, last)
            for first, last, duration in passed_spans(self._spans_above(shared.id, after), after, up_to)
            if self._holds_others(shared.id, reader, first, last)
        ]
        if not burns:
            return 0
        self._burns += burns
        self._conversations[shared.id] = shared
        return min(burn.due for burn in burns)

    def _spans_above(self, conversation: int, after: int) -> list[Span]:
        """Return the spans of burning messages that end above a sequence, perhaps with others below it."""
        known = self._spans.get(conversation)
        if known is None or after < known[0]:
            known = after, spans_above(self._transaction, conversation=conversation, after=after)
            self._spans[conversation] = known
        return known[1]

    def _holds_others(self, conversation: int, reader: int, after: int, up_to: int) -> bool:
        sent = self._sent.get(conversation, {})
        if any(sender != reader and after < sequence <= up_to for sender, sequence in sent.items()):
            return True
        return holds_others(self._transaction, conversation=conversation, reader=reader, after=after, up_to=up_to)

    def store(self) -> None:
        """Store the noted burn timers, and the earliest due time of each conversation."""
        insert_burns(self._transaction, self._burns)
        for number, shared in self._conversations.items():
            dues = [burn.due for burn in self._burns if burn.conversation == number]
            due = min(dues + [shared.next_burn_due] * (shared.next_burn_due > 0))
            if due != shared.next_burn_due:
                update_conversation(self._transaction, shared, next_burn_due=due)


def passed_spans(spans: Iterable[Span], after: int, up_to: int) -> Iterator[Span]:
    """Yield the parts of spans of burning messages within the sequences `(after, up_to]`."""
    for span in spans:
        first, last = max(span.after, after), min(span.up_to, up_to)
        if first < last:
            yield Span(first, last, span.duration)
