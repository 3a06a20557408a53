"""Whether wrong orders are found at all."""

from typing import Any

import pytest

from tests.reliability.several.acknowledged_senders import Acknowledged, order_faults

RIGHT = [
    Acknowledged("g:a", 1, "first", time=10, began=0.0, answered=2.0),
    Acknowledged("g:a", 2, "second", time=11, began=1.0, answered=3.0),
    Acknowledged("g:a", 3, "third", time=13, began=2.5, answered=4.0),
    Acknowledged("g:b", 1, "elsewhere", time=5, began=5.0, answered=6.0),
]


def test_one_order_is_found_right() -> None:
    assert order_faults(RIGHT) == []


@pytest.mark.parametrize(
    ("number", "change", "fault"),
    [
        (1, {"sequence": 1}, "are not 1 to 3, each once"),
        (2, {"sequence": 4}, "are not 1 to 3, each once"),
        (2, {"time": 11}, "is not later than"),
        (0, {"began": 3.5, "answered": 5.0}, "was begun after one with a greater sequence was acknowledged"),
    ],
)
def test_fault_is_found(number: int, change: dict[str, Any], fault: str) -> None:
    sent = [*RIGHT]
    sent[number] = sent[number]._replace(**change)
    assert any(fault in line for line in order_faults(sent))
