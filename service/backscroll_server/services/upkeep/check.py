"""Checks a database against itself: its file, the sequences and ordinals of messages, and unread counts by a recount.

An ordinal is the number of a message among the countable ones of its conversation, or among those of its sender.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge

from backscroll_server.domain.intervals import FOREVER, subtract
from backscroll_server.domain.records import ConversationRow, UserConversation
from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention
from backscroll_server.services.views.unread import unread_count
from backscroll_server.services.views.visibility import blocks_of
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.burns import burned_ranges, next_burn_due
from backscroll_server.storage.tables.conversations import stored_conversation
from backscroll_server.storage.upkeep.check_queries import (
    count_numbers,
    each_conversation,
    each_message,
    each_view,
    feed_extent,
    hidden_from,
    integrity_problems,
    numbers_of,
)
from backscroll_server.storage.upkeep.copy_progress import refuse_unfinished_copy
from backscroll_server.storage.upkeep.migrate import refuse_other_schema
from backscroll_server.storage.upkeep.user_id_case import stored_user_id_case, unfolded_ids


@dataclass(slots=True)
class CheckReport:
    """Extent and findings of a check.

    Attributes:
        conversations: how many conversations were read.
        messages: how many messages and tombstones were read.
        views: how many unread counts were compared with a recount.
        changes: how many changes the feed holds.
        problems: one sentence for each fault; without content of messages.
    """

    conversations: int = 0
    messages: int = 0
    views: int = 0
    changes: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True if there was nothing to check: no conversation and no change."""
        return not (self.conversations or self.changes)


def check_database(
    url: str, *, now: int, retention: Retention = KEPT_FOR_EVER, prepare_statements: bool = True
) -> CheckReport:
    """Check the whole database at a URL against itself; return what was read and found. Changes nothing.

    Args:
        url: the URL of the database, in the form that the server takes.
        now: the time, in microseconds, at which messages have expired or burned.
        retention: for how long messages are kept.
        prepare_statements: whether a PostgreSQL server keeps statements prepared for a connection.

    Raises:
        InvalidArgumentError: where there is no database at the URL.
        RefusedError: `COPY_UNFINISHED` where the database holds an unfinished copy of another one, `OTHER_SCHEMA` where
            it lacks migrations of this version, `OTHER_DATABASE` where it is not one of this server.
        NewerSchemaError: where it has a migration that this version does not know.
    """
    address = DatabaseAddress(url, prepare_statements=prepare_statements)
    address.require_existing()
    database = address.connect()
    try:
        refuse_other_schema(database)
        session = Session(database, now=now, retention=retention)
        refuse_unfinished_copy(session)
        return check_all(session)
    finally:
        database.close()
        address.close()


def check_all(session: Session) -> CheckReport:
    """Check the database of a session, also one that holds an unfinished copy; return what was read and found."""
    session.begin_snapshot()
    report = CheckReport(problems=integrity_problems(session))
    _check_feed(session, report)
    if stored_user_id_case(session) == "fold" and (count := unfolded_ids(session)):
        report.problems.append(f"{count} ids of users and conversations are not in folded case (user_id_case)")
    numbers = 0
    for conversation in each_conversation(session):
        _check_conversation(session, conversation, report)
        numbers += _check_numbers(session, conversation, report)
    if numbers != count_numbers(session):
        report.problems.append(f"{count_numbers(session) - numbers} public numbers are of no conversation")
    session.rollback()
    return report


def _check_feed(session: Session, report: CheckReport) -> None:
    feed = feed_extent(session)
    report.changes = feed.changes
    # What is too old was removed up to the low-water mark, which may be everything.
    first, last = (feed.first, feed.last) if feed.changes else (feed.low_water + 1, feed.low_water)
    if last != feed.head:
        report.problems.append(f"the feed ends at {last} and its head is {feed.head}")
    if first != feed.low_water + 1:
        report.problems.append(f"the feed begins at {first} and its low-water mark is {feed.low_water}")
    if last - first + 1 != feed.changes:
        report.problems.append(f"the feed holds {feed.changes} changes between {first} and {last}")


@dataclass(slots=True)
class _Counted:
    """The messages of a conversation that can count as unread, collected by a read of the history.

    Attributes:
        viewers: the internal numbers of the users who have or had the conversation.
        sequences: the sequences of all countable messages that were not recalled, ascending.
        by_sender: the same sequences by internal number of the sender.
        burned: the sequences among them whose messages have burned and are still stored.
        oldest_time: the time of the oldest message above the conversation's floor, in microseconds; 0 for none.
    """

    viewers: set[int]
    sequences: list[int] = field(default_factory=list)
    by_sender: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    burned: set[int] = field(default_factory=set)
    oldest_time: int = 0


def _check_conversation(session: Session, conversation: ConversationRow, report: CheckReport) -> None:
    report.conversations += 1
    entries = list(each_view(session, conversation.id))
    counted = _Counted(viewers={entry.view.user for entry in entries})
    for problem in _history_problems(session, conversation, counted, report):
        report.problems.append(f"conversation {conversation.id}: {problem}")
    for problem in _time_problems(session, conversation, counted):
        report.problems.append(f"conversation {conversation.id}: {problem}")
    counted.burned = {
        sequence
        for (after, up_to), reader in burned_ranges(session, conversation.id)
        for sender, sequences in counted.by_sender.items()
        if sender != reader
        for sequence in sequences[bisect_right(sequences, after) : bisect_right(sequences, up_to)]
    }
    members = 0
    for entry in entries:
        report.views += 1
        members += entry.view.role > 0
        expected = _recount(session, entry, counted)
        answered = unread_count(session, entry)
        if expected != answered:
            report.problems.append(
                f"conversation {conversation.id}, user {entry.view.user}: {answered} unread, recounted {expected}"
            )
    if members != conversation.member_count:
        report.problems.append(
            f"conversation {conversation.id}: {members} members, stored as {conversation.member_count}"
        )


def _check_numbers(session: Session, conversation: ConversationRow, report: CheckReport) -> int:
    """Check that the public numbers of a conversation share out all of its messages; return how many there are."""
    numbers = numbers_of(session, conversation.id)
    end = 0
    for number, after, up_to in numbers:
        if after != end or up_to <= after:
            report.problems.append(
                f"conversation {conversation.id}: the public number {number} holds behind {after} up to {up_to}, "
                f"those before it up to {end}"
            )
        end = up_to
    newest = numbers[-1] if numbers else None
    if newest != (conversation.public_number, conversation.public_from, FOREVER):
        report.problems.append(
            f"conversation {conversation.id}: the newest public number is {newest}, "
            f"the head says {conversation.public_number} behind {conversation.public_from}"
        )
    return len(numbers)


def _history_problems(
    session: Session, conversation: ConversationRow, counted: _Counted, report: CheckReport
) -> Iterator[str]:
    """Yield the faults of sequences, times and ordinals of the stored messages; fill `counted`.

    Reads the messages and tombstones above the purged part of the history.
    """
    ordinal: int | None = None
    own: dict[int, int] = {}
    expected, time = conversation.purged_sequence, -(2**62)
    living = ((message, False) for message in each_message(session, conversation.id, recalled=False))
    recalled = ((message, True) for message in each_message(session, conversation.id, recalled=True))
    for (sequence, sender, create_time, counts, countable, own_countable), is_recalled in merge(living, recalled):
        report.messages += 1
        expected += 1
        if sequence != expected:
            yield f"sequence {sequence} where {expected} was expected"
            expected = sequence
        if create_time <= time:
            yield f"the time of {sequence} does not increase"
        time = create_time
        if sequence > conversation.floor and not counted.oldest_time:
            counted.oldest_time = create_time
        # What is below the first one may be purged, so the first one sets the start of counting.
        if ordinal is not None and countable != ordinal + counts:
            yield f"ordinal {countable} at {sequence} where {ordinal + counts} was expected"
        ordinal = countable
        # Nothing keeps count for who only sends, as the sources of a SYSTEM conversation do; nothing reads it either.
        if sender in counted.viewers and sender in own and own_countable != own[sender] + counts:
            yield f"own ordinal {own_countable} at {sequence} where {own[sender] + counts} was expected"
        own[sender] = own_countable
        if counts and not is_recalled:
            counted.sequences.append(sequence)
            counted.by_sender[sender].append(sequence)
    if expected != conversation.last_sequence:
        yield f"ends at {expected}, the head is {conversation.last_sequence}"
    if ordinal is not None and ordinal != conversation.countable:
        yield f"{ordinal} countable messages, the head says {conversation.countable}"


def _time_problems(session: Session, conversation: ConversationRow, counted: _Counted) -> Iterator[str]:
    """Yield the faults of the columns with the times of the next burning and of the oldest message."""
    due = next_burn_due(session, conversation.id)
    if due != conversation.next_burn_due:
        yield f"burns at {conversation.next_burn_due} where {due} was expected"
    stored = stored_conversation(session, conversation.id)
    # A floor that age has raised and that is not stored yet leaves the time behind.
    if stored.floor == conversation.floor and counted.oldest_time != conversation.oldest_time:
        yield f"the oldest message is of {counted.oldest_time}, stored as {conversation.oldest_time}"


def _recount(session: Session, entry: UserConversation, counted: _Counted) -> int:
    """Return the user's unread count, counted from the messages themselves."""
    view, conversation = entry.view, entry.conversation
    read = view.unread_from - 1 if view.unread_from else view.read_sequence
    base = max(read, view.unread_floor, view.floor, conversation.unread_floor, conversation.floor)
    if base >= entry.end:
        return 0
    hidden = hidden_from(session, user=view.user, conversation=conversation.id) if view.last_hidden > base else set()
    hidden = hidden | counted.burned
    own = counted.by_sender.get(view.user, [])
    total = 0
    for after, up_to in subtract([(base, entry.end)], blocks_of(session, entry)):
        first, last = bisect_right(counted.sequences, after), bisect_right(counted.sequences, up_to)
        total += last - first - (bisect_right(own, up_to) - bisect_right(own, after))
        if hidden:
            total -= len(hidden.intersection(counted.sequences[first:last]).difference(own))
    return total
