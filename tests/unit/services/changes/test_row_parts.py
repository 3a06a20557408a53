"""Parts of the changes that wait for a user: whole calls, with about 128 KiB of content."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.services.changes.row_parts import FEW, first_part, part_end, shared_part_end
from backscroll_server.storage.tables.changes import FeedRow
from tests.unit.rows import NoReads, Reads

LARGE = 7_500
FIT = 17
"""The number of large messages that fit into 128 KiB together."""
SIZED_AT_ONCE = 16


@dataclass
class SharedReads(Reads):
    """Reads of one snapshot.

    Attributes:
        memory: values that the reads share.
    """

    memory: dict[Any, Any] = field(default_factory=dict)


def sent(*call_ends: int, conversation: int = 7) -> list[FeedRow]:
    """Return messages sent one after the other, at feed positions 1, 2, …, given the marks of those that end a call."""
    kind = int(ChangeKind.MESSAGE)
    return [
        FeedRow(at, 1, conversation, 0, kind, 4, at, at, 0, 500, "", 1, end, 0, 0, 0)
        for at, end in enumerate(call_ends, start=1)
    ]


def sizes(rows: list[FeedRow], size: int = LARGE, shown: int = 0) -> list[list[Any]]:
    """Return the answers to the reads of sizes: of 16 messages at a time, and of the conversations new among them."""
    answers: list[list[Any]] = []
    seen: set[int] = set()
    for start in range(0, len(rows), SIZED_AT_ONCE):
        chunk = rows[start : start + SIZED_AT_ONCE]
        answers.append([(row.conversation, row.first_sequence, size) for row in chunk])
        new = dict.fromkeys(row.conversation for row in chunk if row.conversation not in seen)
        answers.append([(conversation, shown, None) for conversation in new])
        seen.update(new)
    return answers


@pytest.mark.parametrize(
    ("call_ends", "end"),
    [
        # Each message is a call.
        ([1] * 40, FIT),
        # Of the call that does not fit as a whole, nothing.
        ([*[1] * 10, *[0] * 29, 1], 10),
        ([*[0] * 15, 1, *[0] * 23, 1], 16),
    ],
)
def test_part_when_messages_are_large_then_it_ends_with_the_last_call_that_fits(call_ends: list[int], end: int) -> None:
    rows = sent(*call_ends)
    assert part_end(Reads(answers=sizes(rows)), rows) == end
    assert first_part(Reads(answers=sizes(rows)), rows) == rows[:end]


@pytest.mark.parametrize(("call", "end"), [([(40, 1)], 40), ([(23, 1)], 23), ([(45, 1)], 45), ([], FOREVER)])
def test_part_when_no_change_that_fits_ends_a_call_then_the_feed_says_where_that_call_ends(
    call: list[tuple[int, int]], end: int
) -> None:
    """It may end with a change that concerns others, which is not among the user's."""
    rows = sent(*[0] * 40)
    session = Reads(answers=[*sizes(rows[: 2 * SIZED_AT_ONCE]), call])
    assert part_end(session, rows) == end
    assert session.asked[-1] == {"position": FIT}


def test_part_when_all_fits_then_it_is_everything() -> None:
    rows = sent(*[0] * 39, 1)
    assert first_part(Reads(answers=sizes(rows, 100, shown=3000)), rows) == rows


def test_part_when_conversations_are_large_then_each_counts_once() -> None:
    rows = [row._replace(conversation=7 + row.position // 4) for row in sent(*[1] * 40)]
    assert part_end(Reads(answers=sizes(rows, 100, shown=33_000)), rows) == 11


def test_part_when_changes_are_few_then_no_read() -> None:
    rows = sent(*[1] * FEW)
    assert first_part(NoReads(), rows) == rows


def test_part_when_watchers_have_the_same_changes_then_one_read_for_all_of_them() -> None:
    rows = sent(*[1] * 40)
    snapshot: Any = SharedReads(answers=sizes(rows[: 2 * SIZED_AT_ONCE]))
    assert shared_part_end(snapshot, rows) == FIT
    asked = len(snapshot.asked)
    assert shared_part_end(snapshot, rows) == FIT
    assert len(snapshot.asked) == asked
    # Another watcher's changes are not these.
    snapshot.answers += sizes(rows[1 : 1 + 2 * SIZED_AT_ONCE])
    assert shared_part_end(snapshot, rows[1:]) == FIT + 1
