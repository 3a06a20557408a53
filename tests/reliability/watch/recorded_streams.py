"""What watchers saw, as plain values: streams, chains of streams of one device, and the log they are held to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

DERIVED = frozenset({"conversation_added", "conversation_changed", "total_unread_changed"})
"""What follows from events and has no place of its own."""


class DeliveredEvent(NamedTuple):
    """One event, taken apart: an event that names several messages is several of these.

    Attributes:
        kind: the event's kind.
        conversation_id: of which conversation; empty for what concerns the user alone.
        what: what gives it from others of its kind and conversation: the message's sequence or id, the reader.
        device: the device that caused it. Every call of the tests names another, so it names the call.
        content: what of it is encoded: of a derived event all, of a deletion what is left of the message, of a change
            of members all.
        notify: whether the user is to be notified.
    """

    kind: str
    conversation_id: str
    what: tuple[str | int, ...]
    device: str
    content: bytes = b""
    notify: bool = False

    @property
    def derived(self) -> bool:
        """Whether it has no place in the feed."""
        return self.kind in DERIVED


DatabaseProperty = tuple[str, str, tuple[str | int, ...], str]
"""What makes a event the same in every stream and in the log."""


def event_key(expect: DeliveredEvent) -> DatabaseProperty:
    """A event without what depends on when it is sent."""
    return expect[:4]


class Response(NamedTuple):
    """One response of a stream.

    Attributes:
        events: what it sent.
        token: where another stream goes on.
        at: when it came, in seconds of this machine.
    """

    events: tuple[DeliveredEvent, ...]
    token: str
    at: float = 0.0


class Group(NamedTuple):
    """All that came between two tokens, with the token that closes it."""

    events: tuple[DeliveredEvent, ...]
    token: str

    @property
    def event_keys(self) -> list[DatabaseProperty]:
        """What of it has a place in the feed."""
        return [event_key(expect) for expect in self.events if not expect.derived]


@dataclass(slots=True)
class Stream:
    """One call of WatchEvents.

    Attributes:
        start: the token it began with.
        responses: everything it answered.
        end: how it ended: a status, with the reason of `SLOW_READER`.
        offered: the token that the error carried, if it did.
    """

    start: str
    responses: list[Response] = field(default_factory=list)
    end: str = ""
    offered: str = ""

    def groups(self) -> Iterator[Group]:
        """What lies between tokens; what came behind the last token is left out: it comes again."""
        token = self.start
        events: list[DeliveredEvent] = []
        for response in self.responses:
            events += response.events
            if response.token != token or not events:
                yield Group(tuple(events), response.token)
                token, events = response.token, []

    def processed(self) -> str:
        """The token up to which a client has seen everything."""
        token = self.start
        for group in self.groups():
            token = group.token
        return token


@dataclass(slots=True)
class Chain:
    """The streams of one device of a user, one after the other, each from where the one before it ended."""

    user: str
    streams: list[Stream] = field(default_factory=list)

    def groups(self) -> Iterator[Group]:
        """Everything that the device processed."""
        for stream in self.streams:
            yield from stream.groups()


@dataclass(slots=True)
class Truth:
    """What one user's streams are held to, read when everything is quiet.

    Attributes:
        pages: the changes from the very first token on, by polling: the log.
        rests: for some tokens, the events that polling gives behind them.
        conversations: how the user sees each conversation now, encoded, with whether it is listed and left.
        totals: the totals now, encoded.
        outside: for each conversation, the ranges `[first, last]` of sequences at which the user surely was no member.
        inside: the same for ranges in which it surely was one.
        visible: for each conversation, the sequences that the user can see now.
        imported: which of those came by import: they are sent as ranges.
        blocked: which of those were stored while the user blocked: they are not sent.
        tombstones: for each conversation, what the user can see of recalled messages, by sequence, encoded.
        members: for each group that the user is a member of, everybody's role.
        blocking: whether the user ever blocked anything.
    """

    pages: list[Group] = field(default_factory=list)
    rests: dict[str, list[DatabaseProperty]] = field(default_factory=dict)
    conversations: dict[str, bytes] = field(default_factory=dict)
    totals: bytes = b""
    outside: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    inside: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    visible: dict[str, list[int]] = field(default_factory=dict)
    imported: dict[str, set[int]] = field(default_factory=dict)
    blocked: dict[str, set[int]] = field(default_factory=dict)
    tombstones: dict[str, dict[int, bytes]] = field(default_factory=dict)
    members: dict[str, dict[str, int]] = field(default_factory=dict)
    blocking: bool = False

    def log(self) -> list[DatabaseProperty]:
        """All events of the user, in order."""
        return [one for page in self.pages for one in page.event_keys]


@dataclass(slots=True)
class History:
    """What every device saw, and by user what that is held to."""

    chains: list[Chain] = field(default_factory=list)
    truths: dict[str, Truth] = field(default_factory=dict)
