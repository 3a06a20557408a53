"""Expectations of JSON values, and the values that they capture."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

_SHOWN_CHARACTERS: Final = 1000
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")

Captured = dict[str, Any]


class _LeftOut:
    """The value of a field that is left out."""

    def __repr__(self) -> str:
        return "nothing"


LEFT_OUT: Final = _LeftOut()
"""The value of a field that is left out."""


class MismatchError(Exception):
    """A value does not meet an expectation; the text has the path, and what was expected and came."""


def meet(expectation: Any, value: Any, path: str = "") -> Captured:
    """Hold a value against an expectation.

    Args:
        expectation: the expectation, without placeholders.
        value: a JSON value, or `LEFT_OUT`.
        path: where the value is; empty at the root.

    Returns:
        The values that the expectation captures, by name.

    Raises:
        MismatchError: Where the value does not meet the expectation.
        ValueError: Where that is no expectation.
    """
    match expectation:
        case dict() if any(key.startswith("$") for key in expectation):
            return _meet_operator(expectation, value, path)
        case dict():
            return _meet_object(expectation, value, path)
        case list():
            return _meet_list(expectation, value, path)
    if value is LEFT_OUT and (expectation is None or expectation in {0, ""}):
        return {}
    if not _equal(expectation, value):
        raise _mismatch(path, shown(expectation), value)
    return {}


def meets(expectation: Any, value: Any) -> bool:
    """Return whether a value meets an expectation."""
    try:
        meet(expectation, value)
    except MismatchError:
        return False
    return True


def shown(value: Any) -> str:
    """Return a value as JSON, cut where it is long."""
    text = repr(value) if value is LEFT_OUT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}… ({len(text)} characters)"


def _mismatch(path: str, expected: str, value: Any) -> MismatchError:
    text = f"expected {expected}, came {shown(value)}"
    return MismatchError(f"{path}: {text}" if path else text)


def _wrong_length(path: str, expected: int, items: Sequence[Any]) -> MismatchError:
    text = f"expected a list of {expected}, came one of {len(items)}: {shown(items)}"
    return MismatchError(f"{path}: {text}" if path else text)


def _meet_object(expectation: Mapping[str, Any], value: Any, path: str) -> Captured:
    if value is LEFT_OUT and not expectation:
        return {}
    if not isinstance(value, dict):
        raise _mismatch(path, shown(expectation), value)
    captured: Captured = {}
    for name, expected in expectation.items():
        captured |= meet(expected, value.get(name, LEFT_OUT), f"{path}.{name}" if path else name)
    return captured


def _meet_list(expectation: Sequence[Any], value: Any, path: str) -> Captured:
    items = _items(value, path, shown(expectation))
    captured: Captured = {}
    for index, (expected, item) in enumerate(zip(expectation, items, strict=False)):
        captured |= meet(expected, item, f"{path}[{index}]")
    if len(expectation) != len(items):
        raise _wrong_length(path, len(expectation), items)
    return captured


def _meet_operator(expectation: Mapping[str, Any], value: Any, path: str) -> Captured:
    names = set(expectation)
    if "$as" in names and names <= {"$as", "$is"}:
        return _meet_capture(expectation, value, path)
    (name, *others) = names
    if others or name not in _OPERATORS:
        raise ValueError(f"no expectation: {shown(expectation)}")
    return _OPERATORS[name](expectation[name], value, path)


def _meet_capture(expectation: Mapping[str, Any], value: Any, path: str) -> Captured:
    captured = _meet_any(expectation, value, path)
    if "$is" in expectation:
        captured |= meet(expectation["$is"], value, path)
    return captured | {expectation["$as"]: value}


def _meet_any(_argument: Any, value: Any, path: str) -> Captured:
    if value is LEFT_OUT:
        raise _mismatch(path, "anything", value)
    return {}


def _meet_not(argument: Any, value: Any, path: str) -> Captured:
    if meets(argument, value):
        raise _mismatch(path, f"anything but {shown(argument)}", value)
    return {}


def _meet_at_least(argument: Any, value: Any, path: str) -> Captured:
    number, bound = _number(0 if value is LEFT_OUT else value), _number(argument)
    if bound is None:
        raise ValueError(f"no number: {shown(argument)}")
    if number is None or number < bound:
        raise _mismatch(path, f"at least {shown(argument)}", value)
    return {}


def _meet_at_most(argument: Any, value: Any, path: str) -> Captured:
    number, bound = _number(0 if value is LEFT_OUT else value), _number(argument)
    if bound is None:
        raise ValueError(f"no number: {shown(argument)}")
    if number is None or number > bound:
        raise _mismatch(path, f"at most {shown(argument)}", value)
    return {}


def _meet_count(argument: Any, value: Any, path: str) -> Captured:
    items = _items(value, path, f"a list of {argument}")
    if len(items) != argument:
        raise _wrong_length(path, argument, items)
    return {}


def _meet_unordered(argument: Sequence[Any], value: Any, path: str) -> Captured:
    expected = f"in any order {shown(argument)}"
    items = _items(value, path, expected)
    if len(items) != len(argument):
        raise _wrong_length(path, len(argument), items)
    candidates = [[index for index, item in enumerate(items) if meets(one, item)] for one in argument]
    assigned: dict[int, int] = {}
    if not all(_assign(one, candidates, assigned, set()) for one in range(len(argument))):
        raise _mismatch(path, expected, items)
    captured: Captured = {}
    for index, one in assigned.items():
        captured |= meet(argument[one], items[index], f"{path}[{index}]")
    return captured


def _assign(one: int, candidates: Sequence[Sequence[int]], assigned: dict[int, int], tried: set[int]) -> bool:
    """Give an expectation a value that meets it, and others another one if need be; return whether that is possible."""
    for index in candidates[one]:
        if index not in tried:
            tried.add(index)
            if index not in assigned or _assign(assigned[index], candidates, assigned, tried):
                assigned[index] = one
                return True
    return False


def _meet_contains(argument: Sequence[Any], value: Any, path: str) -> Captured:
    items = _items(value, path, f"a list with {shown(argument)}")
    captured: Captured = {}
    begin = 0
    for one in argument:
        found = next((index for index in range(begin, len(items)) if meets(one, items[index])), None)
        if found is None:
            raise _mismatch(path, f"in order and from index {begin} on {shown(one)}", items)
        captured |= meet(one, items[found], f"{path}[{found}]")
        begin = found + 1
    return captured


def _items(value: Any, path: str, expected: str) -> Sequence[Any]:
    if value is LEFT_OUT:
        return []
    if not isinstance(value, list):
        raise _mismatch(path, expected, value)
    return value


def _equal(expectation: Any, value: Any) -> bool:
    if isinstance(expectation, str) and isinstance(value, str):
        return expectation == value
    number = _number(expectation)
    if number is not None:
        return number == _number(value)
    return type(expectation) is type(value) and bool(expectation == value)


def _number(value: Any) -> Decimal | None:
    """Return the number that a value is or is a text of; None if it is neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    return None


_OPERATORS: Final[Mapping[str, Callable[[Any, Any, str], Captured]]] = {
    "$any": _meet_any,
    "$not": _meet_not,
    "$at_least": _meet_at_least,
    "$at_most": _meet_at_most,
    "$count": _meet_count,
    "$unordered": _meet_unordered,
    "$contains": _meet_contains,
}
