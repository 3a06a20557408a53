"""Placeholders in the texts of a step, and copies in the lists of a request."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any, Final

_PLACEHOLDER: Final = re.compile(r"\$\{([^}]*)\}")
_TIME: Final = re.compile(r"now(?:([+-]\d+(?:\.\d+)?)s)?")
_REPEAT: Final = re.compile(r"repeat:(.*):(\d+)", re.DOTALL)
_TIMES: Final = "$times"
_INDEX: Final = "index"


class PlaceholderError(Exception):
    """A placeholder stands for nothing."""


def fill(value: Any, values: Mapping[str, Any], now: dt.datetime) -> Any:
    """Return a JSON value with the placeholders in its texts and keys replaced.

    Args:
        value: the value.
        values: ids and captured values by name.
        now: the time that `${now}` stands for, in UTC.

    Raises:
        PlaceholderError: Where a placeholder names no value.
    """
    match value:
        case str():
            return _PLACEHOLDER.sub(lambda found: _replacement(found[1], values, now), value)
        case list():
            return [fill(item, values, now) for item in value]
        case dict():
            return {fill(key, values, now): fill(item, values, now) for key, item in value.items()}
        case _:
            return value


def fill_request(value: Any, values: Mapping[str, Any], now: dt.datetime) -> Any:
    """Return a request as `fill` does, with the copies that its lists ask for.

    Raises:
        PlaceholderError: Where a placeholder names no value.
    """
    match value:
        case list():
            return [filled for item in value for filled in _copies(item, values, now)]
        case dict():
            return {fill(key, values, now): fill_request(item, values, now) for key, item in value.items()}
        case _:
            return fill(value, values, now)


def time_text(time: dt.datetime) -> str:
    """Return a time in UTC as RFC 3339 with three digits of a second."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z"


def _copies(item: Any, values: Mapping[str, Any], now: dt.datetime) -> list[Any]:
    if not isinstance(item, dict) or _TIMES not in item:
        return [fill_request(item, values, now)]
    return [fill_request(item["of"], {**values, _INDEX: index}, now) for index in range(item[_TIMES])]


def _replacement(name: str, values: Mapping[str, Any], now: dt.datetime) -> str:
    if name in values:
        value = values[name]
        return value if isinstance(value, str) else json.dumps(value)
    if time := _TIME.fullmatch(name):
        return time_text(now + dt.timedelta(seconds=float(time[1] or 0)))
    if repeat := _REPEAT.fullmatch(name):
        return repeat[1] * int(repeat[2])
    raise PlaceholderError(f"nothing has the name of the placeholder ${{{name}}}")
