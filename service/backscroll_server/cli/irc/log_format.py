r"""Parser of the text logs of an IRC channel, which have one file for each day, with the date in its name.

A line is one of these:

    [03:41] <nick> text                      said: the only kind that is a message by default
    [03:41]  * nick text                     an action ("/me")
    === nick [user@host]  has joined #chan   joined
    === nick [user@host]  has left #chan     left; so does `=== nick was kicked off #chan by other`
    === nick is now known as other           renamed
    === anything else                        a notice: topics, modes, netsplits, and the actions of older logs, which
                                             look like `=== nick waves`, the form of a notice
    anything else                            odd: a nickname without the blank that starts a text, private notices

A line that ends after the blank of `<nick> ` is a message with an empty text; one that ends with `<nick>` is odd.

Nicknames are taken as the log shows them. The logs of some years have a blank after every `]` of a nickname, in said
lines and in joins alike. That blank is taken as a part of the nickname, so that one person has one id.
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
    """A said line or an action: a message of one user."""

    line: int
    """The number of the line in the file; the first is 1."""
    nick: str
    """The nickname of the user."""
    time: int
    """Time in seconds since 1970 (UTC), as exact as a minute."""
    text: str
    """Text of the line; may be empty."""
    action: bool
    """True for an action ("/me"), False for a said line."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A user joined the channel."""

    nick: str
    """The nickname of the user."""


@dataclass(frozen=True, slots=True)
class Left:
    """A user left the channel or was kicked off it."""

    nick: str
    """The nickname of the user."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A user changed the nickname."""

    old: str
    """The nickname before."""
    new: str
    """The nickname from now on."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A `===` line that is no join, leave, kick or rename."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A line of no other kind."""


LogEntry: TypeAlias = Said | Joined | Left | Renamed | Notice | Odd


class Clock:
    """Converter of the hours and minutes in the lines of one file into times, which never go back from line to line.

    A file may go on after midnight, and the logs of some years have a 12-hour clock without AM or PM. If a line shows
    an earlier time than the line before, there are three cases. Less than an hour earlier, the clock was set back: the
    time stays at the latest one until the lines have passed it. Otherwise, if any line so far had an hour of 13 or
    more, midnight has passed: a day is added. Otherwise, the other half of the day has begun: 12 hours are added.
    """

    def __init__(self, date: dt.date) -> None:
        """Begin at midnight (UTC) of the date of the file."""
        self._midnight = int(dt.datetime.combine(date, dt.time(), dt.UTC).timestamp())
        self._shown = 0
        self._offset = 0
        self._latest = 0
        self._has_24_hours = False

    def at(self, hour: int, minute: int) -> int:
        """Return the time of the next line, in seconds since 1970 (UTC); call it once for each line, in order.

        Args:
            hour: The hour in the line, 0 to 23.
            minute: The minute in the line, 0 to 59.
        """
        shown = hour * _HOUR + minute
        self._has_24_hours = self._has_24_hours or hour > _NOON
        if self._shown - shown >= _HOUR:
            self._offset += _DAY if self._has_24_hours else _HALF_DAY
        self._shown = shown
        self._latest = max(self._latest, shown + self._offset)
        return self._midnight + self._latest * 60


def log_date(name: str) -> dt.date | None:
    """Return the first valid date (as `2004-12-25`) in the name of a file; None if the name has no date."""
    for year, month, day in _DATE.findall(name):
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def parse_log(content: bytes, date: dt.date) -> Iterator[LogEntry]:
    """Parse the content of one log file; no content makes it fail.

    Args:
        content: The bytes of the file. Those that are not UTF-8 become U+FFFD.
        date: The day of the first line.

    Yields:
        One entry for each line, in order.
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
