"""The part of a user's waiting changes of which events are made at once: by bytes of content, and whole calls only."""

from collections.abc import Iterator, Sequence
from typing import Final

from backscroll_server.domain import limits
from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.services.byte_budgets import fitting
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.change_pages import end_of_call
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.conversations import shown_sizes
from backscroll_server.storage.tables.messages import message_sizes

FEW: Final = 16
"""The number of changes of which events are made at once whatever their content: of the largest, that has 1 MiB."""

MOST: Final = 100
"""The number of changes of which events are made at once if they are not of one call."""

_SIZED_AT_ONCE: Final = 16


def part_end(session: Runner, rows: Sequence[FeedRow]) -> int:
    """Return the feed position up to which the first of some changes are made events of at once.

    They have at most about 128 KiB of content, or are of one call; a call ends at the position.

    Cost: two seeks for each change, at most; no content is read.

    Args:
        session: runs the reads.
        rows: the changes that concern a user, at least one, in feed order.
    """
    fit = rows[: fitting(_sizes(session, rows), limits.STREAM_PART_BYTES)]
    for row in reversed(fit):
        if row.call_end:
            return row.position
    # They are of a call with more, or of calls that end with changes that concern others only.
    end = end_of_call(session, fit[-1].position)
    return FOREVER if end is None else end.position


def shared_part_end(snapshot: Snapshot, rows: Sequence[FeedRow]) -> int:
    """Return the end of the first part, as `part_end`. Watchers with the same changes share the reads of a snapshot.

    Args:
        snapshot: the snapshot to read from.
        rows: the changes that concern a user, at least one, in feed order.
    """
    key = ("part end", *(row.position for row in rows))
    end: int | None = snapshot.memory.get(key)
    if end is None:
        end = snapshot.memory[key] = part_end(snapshot, rows)
    return end


def first_part(session: Runner, rows: Sequence[FeedRow]) -> Sequence[FeedRow]:
    """Return the first of some changes, as far as events are made of them at once. See `part_end`.

    Args:
        session: runs the reads.
        rows: the changes that concern a user, in feed order; of each call all or none.
    """
    if len(rows) <= FEW:
        return rows
    end = part_end(session, rows)
    return [row for row in rows if row.position <= end]


def _sizes(session: Runner, rows: Sequence[FeedRow]) -> Iterator[int]:
    """Yield for each change about how many bytes of content its events have, with those that follow from it.

    They are read as they are asked for, 16 at a time: where rows are large, each seek passes over some of them.
    """
    seen: set[int] = set()
    for start in range(0, len(rows), _SIZED_AT_ONCE):
        chunk = rows[start : start + _SIZED_AT_ONCE]
        sent = [(row.conversation, row.first_sequence) for row in chunk if row.kind == ChangeKind.MESSAGE]
        messages = message_sizes(session, sent)
        new = {row.conversation: None for row in chunk if row.conversation and row.conversation not in seen}
        # A conversation is shown once, however many of the changes are about it.
        shown = shown_sizes(session, list(new))
        seen.update(new)
        for row in chunk:
            size = messages.get((row.conversation, row.first_sequence), 0) if row.kind == ChangeKind.MESSAGE else 0
            yield size + shown.pop(row.conversation, 0)
