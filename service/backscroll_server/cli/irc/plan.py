"""Division of a channel's log into segments: members to add before, messages, members to remove after.

The cuts depend on the log alone, and not on the progress of an earlier run. So a run that resumes after another was
killed knows the membership calls that the other must have finished: those of every segment before the one it died in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backscroll_server.cli.irc.files import LogFile
from backscroll_server.cli.irc.log_format import Joined, Left, LogEntry, Renamed, Said, parse_log


@dataclass(frozen=True, slots=True)
class LogMessage:
    """One message to import."""

    client_message_id: str
    """`FILE:LINE`: the same in every run."""
    said: Said
    """The line."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Some thousand messages, and the membership around them."""

    first: int
    """Number of messages before this segment."""
    joins: list[str]
    """Nicknames present at some time in the segment but not at its start: added as members before its messages."""
    messages: list[LogMessage]
    """Messages of the segment, in order."""
    leaves: list[str]
    """Nicknames no longer present at its end: removed as members after its messages."""
    stays: list[str]
    """Nicknames that came or spoke in it and are present at its end: all members when a run begins in its middle.

    The run before may have read a shorter log, and have removed a nickname that comes back in the lines added since.
    """


def messages_of(files: Iterable[LogFile], *, include_actions: bool) -> Iterator[LogEntry | LogMessage]:
    """Read all files: yield a `LogMessage` for each line to import, the `LogEntry` unchanged for any other.

    Args:
        files: In the order of the import.
        include_actions: Whether actions (`/me` lines) are messages to import.
    """
    for file in files:
        for entry in parse_log(file.read(), file.date):
            if isinstance(entry, Said) and (include_actions or not entry.action):
                yield LogMessage(f"{file.name}:{entry.line}", entry)
            else:
                yield entry


class _Members:
    """The channel's current users, and the membership changes of one segment."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._present = {owner}
        self._joined: list[str] = []
        # Dicts for their order: the calls must be the same in every run.
        self._leaving: dict[str, None] = {}
        self._seen: dict[str, None] = {}

    def enter(self, nick: str) -> None:
        self._seen[nick] = None
        if nick in self._leaving:
            del self._leaving[nick]
        elif nick not in self._present:
            self._present.add(nick)
            self._joined.append(nick)

    def leave(self, nick: str) -> None:
        if nick in self._present and nick != self._owner:
            self._leaving[nick] = None

    def apply(self, entry: LogEntry | LogMessage) -> None:
        match entry:
            case LogMessage(said=Said(nick=nick)) | Joined(nick=nick):
                self.enter(nick)
            case Left(nick=nick):
                self.leave(nick)
            case Renamed(old=old, new=new):
                self.leave(old)
                self.enter(new)
            case _:
                pass

    def close_segment(self, first: int, messages: list[LogMessage]) -> Segment:
        self._present.difference_update(self._leaving)
        stays = [nick for nick in self._seen if nick in self._present and nick != self._owner]
        segment = Segment(first, self._joined, messages, list(self._leaving), stays)
        self._joined, self._leaving, self._seen = [], {}, {}
        return segment


def segments_of(entries: Iterable[LogEntry | LogMessage], *, size: int, owner: str) -> Iterator[Segment]:
    """Cut the log.

    Args:
        entries: The output of `messages_of`.
        size: The number of messages per segment; the last segment has fewer.
        owner: A user whose membership is not the log's business.

    Yields:
        Segments that give every message once, in order, and that leave the members right when all are done: users
        who joined or spoke and did not leave afterwards. A user who joins and leaves within one segment is added and
        removed too, and so keeps the history up to there.
    """
    members = _Members(owner)
    first, messages = 0, list[LogMessage]()
    for entry in entries:
        if isinstance(entry, LogMessage):
            # Cut before a message and not behind one: the joins and leaves that follow the last one belong to it.
            if len(messages) == size:
                yield members.close_segment(first, messages)
                first, messages = first + size, []
            messages.append(entry)
        members.apply(entry)
    yield members.close_segment(first, messages)
