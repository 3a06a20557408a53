"""Burn after reading: its due time, the messages that burn, and the spans that a read position moves over."""

import pytest

from backscroll_server.services.views.burn import burned_among, is_burning, passed_spans
from backscroll_server.storage.tables.burns import Span
from tests.unit.rows import NoReads, Reads
from tests.unit.services.views.test_visibility import stored


@pytest.mark.parametrize(("due", "burning"), [(0, False), (1, True), (4999, True), (5000, True), (5001, False)])
def test_burning_from_the_due_time_on(due: int, burning: bool) -> None:
    assert is_burning(NoReads(now=5000), due) is burning


def test_burned_messages_are_those_in_a_due_range_but_imported_ones_and_the_readers_own() -> None:
    reads = Reads(answers=[[(2, 5, 4), (7, 8, 0)]])
    messages = [
        stored(2, sender=9),
        stored(3, sender=9),
        stored(4, sender=4),
        stored(5, sender=9),
        stored(5, sender=9, original_time=1),
        stored(6, sender=9),
        stored(8, sender=4),
        stored(1, body=b""),
    ]
    assert burned_among(reads, conversation=7, next_due=5000, messages=messages) == {1, 3, 5, 8}
    assert reads.asked == [{"conversation": 7, "now": 5000}]


def test_burned_messages_when_removed_already_then_known_without_a_read() -> None:
    messages = [stored(2, body=b""), stored(3)]
    assert burned_among(NoReads(), conversation=7, next_due=5001, messages=messages) == {2}
    assert burned_among(NoReads(), conversation=7, next_due=0, messages=messages) == {2}


def test_passed_spans_are_the_parts_of_spans_that_a_read_position_moved_over() -> None:
    spans = [Span(0, 3, 10), Span(3, 6, 20), Span(8, 12, 30)]
    assert list(passed_spans(spans, 2, 10)) == [Span(2, 3, 10), Span(3, 6, 20), Span(8, 10, 30)]
    assert list(passed_spans(spans, 6, 8)) == []
    assert list(passed_spans(spans, 3, 4)) == [Span(3, 4, 20)]
