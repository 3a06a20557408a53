r"""Parses the text logs of an IRC channel: one file a day, the date in the file's name.

A line is one of these:

    [03:41] <nick> text                      said: the only kind that is a message by default
    [03:41]  * nick text                     an action ("/me")
    === nick [user@host]  has joined #chan   joined
    === nick [user@host]  has left #chan     left; so does `=== nick was kicked off #chan by other`
    === nick is now known as other           renamed
    === anything else                        a notice: topics, modes, netsplits, and the actions of older logs, which
                                             look like `=== nick waves`, the form of a notice
    anything else                            odd: a nickname without the blank that starts a text, private notices

`<nick> ` with nothing behind the blank said an empty text; `<nick>` without the blank said nothing and is odd.

Nicknames are taken byte by byte as the log shows them. The loggers of some years put a blank behind every `]` of a
nickname, in what is said as well as in joins, so the blank is a part of the name and one person keeps one id.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from backscroll_server.domain import limits

_NICK = r"[^\s<>]+(?:(?<=\]) [^\s<>]*)*"
_SAID = re.compile(rf"\[(\d\d):(\d\d)\] <({_NICK})> (.*)", re.DOTALL)
_ACTED = re.compile(rf"\[(\d\d):(\d\d)\]  \* ({_NICK})(?: (.*))?", re.DOTALL)
_CAME_OR_WENT = re.compile(rf"=== ({_NICK}) \[\S*\] +has (joined|left) #.*", re.DOTALL)
_KICKED = re.compile(rf"=== ({_NICK}) was kicked off #\S* by .*", re.DOTALL)
_RENAMED = re.compile(rf"=== ({_NICK}) is now known as ({_NICK})")
_DATE = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# Far over anything that IRC can carry (512 bytes) and far under what one message of the store may hold.
_LONGEST_LINE = 16_000
_HALF_DAY = 12 * 60
_HOUR = 60
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said something."""

    line: int
    """The line in the file, from 1."""
    nick: str
    """Their nickname."""
    time: int
    """Time in seconds since 1970 (UTC), as exact as a minute."""
    text: str
    """Text of the line; may be empty."""
    action: bool
    """True for a "/me"."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody entered the channel."""

    nick: str
    """Their nickname."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody left the channel, or was made to."""

    nick: str
    """Their nickname."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody goes by another nickname."""

    old: str
    """The nickname before."""
    new: str
    """The nickname from now on."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A `===` line that changes nothing about who is there."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A line that is none of the others."""


LogEntry: TypeAlias = Said | Joined | Left | Renamed | Notice | Odd


class Clock:
    """Turns the hours and minutes of one file into times that never go back.

    A file may run on past midnight, and the logs of some years show a 12-hour clock without saying which half of the
    day it is. A step back is read as: the clock was set (less than an hour: time stands still until it has caught up),
    midnight (an hour of 13 or more was seen in this file), or the other half of the day.
    """

    def __init__(self, date: dt.date) -> None:
        """Start at midnight (UTC) of the file's date."""
        self._midnight = int(dt.datetime.combine(date, dt.time(), dt.UTC).timestamp())
        self._shown = 0
        self._offset = 0
        self._latest = 0
        self._has_24_hours = False

    def at(self, hour: int, minute: int) -> int:
        """Return the time of a line, in seconds since 1970.

        Args:
            hour: As the line shows it, 0 to 23.
            minute: As the line shows it, 0 to 59.
        """
        shown = hour * _HOUR + minute
        self._has_24_hours = self._has_24_hours or hour > _NOON
        if self._shown - shown >= _HOUR:
            self._offset += _DAY if self._has_24_hours else _HALF_DAY
        self._shown = shown
        self._latest = max(self._latest, shown + self._offset)
        return self._midnight + self._latest * 60


def log_date(name: str) -> dt.date | None:
    """Find the date (as `2004-12-25`) in a file's name; None where there is none."""
    for year, month, day in _DATE.findall(name):
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def parse_log(content: bytes, date: dt.date) -> Iterator[LogEntry]:
    """Parse one file, one entry a line.

    Args:
        content: The file. Bytes that are not UTF-8 become U+FFFD.
        date: The day of its first line.

    Yields:
        One entry for each line, in order; never fails.
    """
    clock = Clock(date)
    lines = content.decode("utf-8", errors="replace").split("\n")
    if not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, start=1):
        yield _parse_line(line.removesuffix("\r"), number, clock)


def _parse_line(line: str, number: int, clock: Clock) -> LogEntry:
    if len(line) > _LONGEST_LINE:
        return Odd()
    if line.startswith("==="):
        return _parse_event(line)
    match = _SAID.fullmatch(line) or _ACTED.fullmatch(line)
    if match is None:
        return Odd()
    hour, minute, nick, text = match.groups()
    if int(hour) > _LAST_HOUR or int(minute) > _LAST_MINUTE or not _is_id(nick):
        return Odd()
    return Said(number, nick, clock.at(int(hour), int(minute)), text or "", match.re is _ACTED)


def _parse_event(line: str) -> LogEntry:
    if match := _CAME_OR_WENT.fullmatch(line):
        nick, what = match.groups()
        if _is_id(nick):
            return Joined(nick) if what == "joined" else Left(nick)
    elif match := _RENAMED.fullmatch(line):
        old, new = match.groups()
        if _is_id(old) and _is_id(new):
            return Renamed(old, new)
    elif (match := _KICKED.fullmatch(line)) and _is_id(match[1]):
        return Left(match[1])
    return Notice()


@lru_cache(maxsize=1 << 16)
def _is_id(nick: str) -> bool:
    # The store refuses a whole chunk for one id that it cannot hold.
    return len(nick.encode()) <= limits.ID_BYTES and not _CONTROL.search(nick)
