"""Each kind of expectation, with values that meet it and values that do not."""

from typing import Any

import pytest

from backscroll_server.contract.expectations import LEFT_OUT, MismatchError, meet, meets

MET: list[tuple[Any, Any]] = [
    ("a", "a"),
    (1, 1),
    (1, "1"),
    ("1", 1),
    (1, "1.0"),
    (0.5, 0.5),
    (True, True),
    (None, LEFT_OUT),
    (None, None),
    (False, LEFT_OUT),
    (False, False),
    (0, LEFT_OUT),
    (0, 0),
    (0, "0"),
    ("", LEFT_OUT),
    ("", ""),
    ([], LEFT_OUT),
    ([], []),
    ({}, LEFT_OUT),
    ({}, {}),
    ({}, {"any": "thing"}),
    ({"a": 1}, {"a": 1, "b": 2}),
    ({"a": {"b": None}}, {"a": {}}),
    ([1, {"a": 2}], ["1", {"a": 2, "b": 3}]),
    ({"$any": True}, ""),
    ({"$any": True}, {}),
    ({"$any": True}, None),
    ({"$not": "a"}, "b"),
    ({"$not": "a"}, LEFT_OUT),
    ({"$not": None}, "a"),
    ({"$at_least": 2}, 2),
    ({"$at_least": 2}, "10"),
    ({"$at_least": "2"}, 3),
    ({"$at_least": 0}, LEFT_OUT),
    ({"$at_most": 2}, "2"),
    ({"$at_most": 2}, LEFT_OUT),
    ({"$count": 2}, ["a", "b"]),
    ({"$count": 0}, LEFT_OUT),
    ({"$unordered": [1, 2]}, [2, 1]),
    ({"$unordered": [{"$any": True}, 1]}, [1, 2]),
    ({"$unordered": [{"$at_least": 1}, {"$at_least": 2}, {"$at_least": 3}]}, [3, 1, 2]),
    ({"$unordered": []}, LEFT_OUT),
    ({"$contains": [1, 3]}, [0, 1, 2, 3]),
    ({"$contains": []}, LEFT_OUT),
    ({"$as": "x", "$is": {"$at_least": 1}}, 1),
]

NOT_MET: list[tuple[Any, Any]] = [
    ("a", "b"),
    ("a", LEFT_OUT),
    ("1", "1.0"),
    (1, 2),
    (1, True),
    (1, LEFT_OUT),
    (True, 1),
    (True, "true"),
    (True, LEFT_OUT),
    (None, "a"),
    (None, ""),
    (False, True),
    (False, 0),
    (0, 1),
    (0, False),
    ("", "a"),
    ("0", LEFT_OUT),
    ([], ["a"]),
    ([], {}),
    ({}, "a"),
    ({}, []),
    ({"a": 1}, {"a": 2}),
    ({"a": 1}, {"b": 1}),
    ({"a": 1}, LEFT_OUT),
    ({"a": None}, LEFT_OUT),
    ({"a": 1}, [1]),
    ([1], LEFT_OUT),
    ([1, 2], [2, 1]),
    ([1, 2], [1]),
    ([1], [1, 2]),
    ({"$any": True}, LEFT_OUT),
    ({"$not": "a"}, "a"),
    ({"$not": None}, LEFT_OUT),
    ({"$not": {"$any": True}}, 1),
    ({"$at_least": 2}, 1),
    ({"$at_least": 1}, LEFT_OUT),
    ({"$at_least": 1}, "many"),
    ({"$at_most": 2}, "3"),
    ({"$at_most": -1}, LEFT_OUT),
    ({"$at_most": 1}, True),
    ({"$count": 2}, ["a"]),
    ({"$count": 1}, LEFT_OUT),
    ({"$count": 1}, {"a": 1}),
    ({"$unordered": [1, 1]}, [1, 2]),
    ({"$unordered": [1, 2]}, [1, 2, 3]),
    ({"$unordered": [1]}, LEFT_OUT),
    ({"$unordered": [{"$at_least": 2}, {"$at_least": 2}]}, [1, 3]),
    ({"$contains": [3, 1]}, [0, 1, 2, 3]),
    ({"$contains": [1, 1]}, [1, 2]),
    ({"$contains": [1]}, LEFT_OUT),
    ({"$as": "x"}, LEFT_OUT),
    ({"$as": "x", "$is": 2}, 1),
]


@pytest.mark.parametrize(("expectation", "value"), MET)
def test_value_meets(expectation: Any, value: Any) -> None:
    meet(expectation, value)


@pytest.mark.parametrize(("expectation", "value"), NOT_MET)
def test_value_does_not_meet(expectation: Any, value: Any) -> None:
    assert not meets(expectation, value)


@pytest.mark.parametrize(
    ("expectation", "value", "captured"),
    [
        ({"$as": "x"}, "a", {"x": "a"}),
        ({"$as": "x"}, 3, {"x": 3}),
        ({"$as": "x", "$is": {"id": {"$as": "y"}}}, {"id": "1"}, {"x": {"id": "1"}, "y": "1"}),
        ([{"$as": "x"}, {"a": {"$as": "y"}}], ["1", {"a": "2"}], {"x": "1", "y": "2"}),
        ({"$contains": [{"a": 2, "b": {"$as": "x"}}]}, [{"a": 1, "b": 3}, {"a": 2, "b": 4}], {"x": 4}),
        ({"$unordered": [{"$as": "x"}, {"$as": "y", "$is": 1}]}, [1, 2], {"x": 2, "y": 1}),
        ({"$not": {"a": {"$as": "x"}, "b": 1}}, {"a": 1}, {}),
    ],
)
def test_values_are_captured(expectation: Any, value: Any, captured: dict[str, Any]) -> None:
    assert meet(expectation, value) == captured


@pytest.mark.parametrize(
    ("expectation", "value", "text"),
    [
        ("a", "b", 'expected "a", came "b"'),
        ({"a": [{"b": 1}]}, {"a": [{}]}, "a[0].b: expected 1, came nothing"),
        ({"a": {"$at_least": 3}}, {"a": "2"}, 'a: expected at least 3, came "2"'),
        ({"a": {"$not": None}}, {}, "a: expected anything but null, came nothing"),
        ({"a": [1]}, {"a": [1, 2]}, "a: expected a list of 1, came one of 2: [1, 2]"),
        ({"a": {"$contains": [1, 2]}}, {"a": [2, 1]}, "a: expected in order and from index 2 on 2, came [2, 1]"),
    ],
)
def test_mismatch_says_where_and_what(expectation: Any, value: Any, text: str) -> None:
    with pytest.raises(MismatchError) as raised:
        meet(expectation, value)
    assert str(raised.value) == text


def test_mismatch_of_a_long_value_is_cut() -> None:
    with pytest.raises(MismatchError) as raised:
        meet("a", "b" * 10_000)
    assert str(raised.value).endswith("… (10002 characters)")
    assert len(str(raised.value)) < 2_000


@pytest.mark.parametrize("expectation", [{"$all": 1}, {"$any": True, "a": 1}, {"$is": 1}, {"$at_least": "many"}])
def test_expectation_that_is_none_is_refused(expectation: Any) -> None:
    with pytest.raises(ValueError, match=r"no (expectation|number)"):
        meet(expectation, 1)
