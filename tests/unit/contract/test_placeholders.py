"""Placeholders stand for ids, captured values, times and repeated texts; lists of a request may ask for copies."""

import datetime as dt
from typing import Any

import pytest

from backscroll_server.contract.placeholders import PlaceholderError, fill, fill_request

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, 6789, dt.UTC)
VALUES = {"alice": "alice-1", "sequence": "7", "count": 3, "share": 0.5, "true": True}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("${alice}", "alice-1"),
        ("to ${alice} and ${alice}", "to alice-1 and alice-1"),
        ("${count} of ${sequence}, ${share}, ${true}", "3 of 7, 0.5, true"),
        ("${now}", "2026-01-02T03:04:05.006Z"),
        ("${now+60s}", "2026-01-02T03:05:05.006Z"),
        ("${now-3600s}", "2026-01-02T02:04:05.006Z"),
        ("${now+0.5s}", "2026-01-02T03:04:05.506Z"),
        ("${repeat:x:5}", "xxxxx"),
        ("<${repeat:a:b:2}>", "<a:ba:b>"),
        ("${repeat:y:0}", ""),
        ("$alice {alice} ${", "$alice {alice} ${"),
    ],
)
def test_text_is_filled(text: str, filled: str) -> None:
    assert fill(text, VALUES, NOW) == filled


def test_texts_are_filled_in_lists_objects_and_keys() -> None:
    value = {"${alice}": ["${sequence}", {"deep": "${alice}"}], "other": [1, None, True]}
    assert fill(value, VALUES, NOW) == {"alice-1": ["7", {"deep": "alice-1"}], "other": [1, None, True]}


@pytest.mark.parametrize("text", ["${bob}", "${}", "${index}", "${now+x}", "${repeat:x}"])
def test_placeholder_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(PlaceholderError, match="nothing has the name"):
        fill(text, VALUES, NOW)


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ([{"$times": 2, "of": {"id": "${alice}-${index}"}}], [{"id": "alice-1-0"}, {"id": "alice-1-1"}]),
        (["first", {"$times": 2, "of": "${index}"}, "last"], ["first", "0", "1", "last"]),
        ([{"$times": 0, "of": 1}], []),
        ({"deep": [{"list": [{"$times": 3, "of": 1}]}]}, {"deep": [{"list": [1, 1, 1]}]}),
        (
            [{"$times": 2, "of": {"outer": "${index}", "inner": [{"$times": 2, "of": "${index}"}]}}],
            [{"outer": "0", "inner": ["0", "1"]}, {"outer": "1", "inner": ["0", "1"]}],
        ),
    ],
)
def test_lists_of_a_request_have_the_copies(value: Any, filled: Any) -> None:
    assert fill_request(value, VALUES, NOW) == filled
