"""Division of a channel's log into segments: each has members to add, then messages, then members to remove.

The segments depend on the log alone, and not on the progress of an earlier run. So a run that continues another one
knows which calls for members that run has finished: those of every segment before the one in which it ended.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from backscroll_server.cli.irc.files import LogFile
from backscroll_server.cli.irc.log_format import Joined, Left, LogEntry, Renamed, Said, parse_log
from backscroll_server.domain.user_id_case import fold_user_id


@dataclass(frozen=True, slots=True)
class LogMessage:
    """A line of the log that is to be imported as a message."""

    client_message_id: str
    """The id `FILE:LINE`, from the name of the file and the number of the line, which is equal in every run."""
    said: Said
    """The parsed line."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the log: consecutive messages, and the members to add before and to remove after them."""

    first: int
    """Number of messages in the log before this segment."""
    joins: list[str]
    """Nicknames present at some time in the segment but not at its start: added as members before its messages."""
    messages: list[LogMessage]
    """Messages of the segment, in order."""
    leaves: list[str]
    """Nicknames no longer present at its end: removed as members after its messages."""
    stays: list[str]
    """Nicknames that joined or spoke in the segment and are present at its end.

    A run that begins in the middle of the segment adds these instead of `joins`. The run before may have read a shorter
    log, and may have removed a nickname that comes back in lines added to the log since.
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


def folded(entries: Iterable[LogEntry | LogMessage]) -> Iterator[LogEntry | LogMessage]:
    """Yield the entries with their nicknames folded, so that those that differ only in case are one user."""
    for entry in entries:
        match entry:
            case LogMessage(said=said):
                yield replace(entry, said=replace(said, nick=fold_user_id(said.nick)))
            case Joined(nick=nick) | Left(nick=nick):
                yield replace(entry, nick=fold_user_id(nick))
            case Renamed(old=old, new=new):
                yield replace(entry, old=fold_user_id(old), new=fold_user_id(new))
            case _:
                yield entry


class _Members:
    """The users present in the channel at the line read last, and the changes of members in the current segment."""

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
    """Divide the log into segments.

    Args:
        entries: The entries that `messages_of` yields.
        size: The number of messages in each segment but the last, which may have fewer.
        owner: The user who owns the group, and is never added or removed.

    Yields:
        The segments, in order, with every message once. After all of them the members are the users who joined or spoke
        and did not leave afterwards. A user who joins and leaves within one segment is added and removed too, and so
        can see the history up to the leave.
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
