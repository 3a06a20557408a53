"""One validator for each promise of a stream: pure functions over a recorded history, each answering violations."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

from backscroll.v1 import conversation_pb2, deletion_pb2, event_pb2, message_pb2
from tests.reliability.watch.recorded_streams import (
    Chain,
    DatabaseProperty,
    DeliveredEvent,
    Group,
    History,
    Truth,
    event_key,
)

Validator = Callable[[History], list[str]]


def _places(truth: Truth) -> dict[DatabaseProperty, int]:
    """The place of every event in a user's log."""
    return {one: place for place, one in enumerate(truth.log())}


def _name(chain: Chain) -> str:
    return f"{chain.user} from {chain.streams[0].start[-6:]}" if chain.streams else chain.user


def ordered(history: History) -> list[str]:
    """Events come in the order of the log, and the messages of a conversation in the order of their sequences."""
    wrong = []
    for chain in history.chains:
        places = _places(history.truths[chain.user])
        seen: set[DatabaseProperty] = set()
        last_position, last_event = -1, None
        newest: dict[str, int] = {}
        for group in chain.groups():
            for one in group.event_keys:
                if one in seen:
                    continue
                seen.add(one)
                place = places.get(one, last_position)
                if place < last_position:
                    wrong.append(f"{_name(chain)}: {one} comes behind {last_event}")
                elif one in places:
                    last_position, last_event = place, one
                if one[0] == "message_received":
                    sequence = int(one[2][0])
                    if sequence < newest.get(one[1], 0):
                        wrong.append(f"{_name(chain)}: {one} comes behind message {newest[one[1]]}")
                    newest[one[1]] = max(sequence, newest.get(one[1], 0))
    return wrong


def unique(history: History) -> list[str]:
    """Every event comes once: in the log, in a stream, and in all streams of a device together."""
    wrong = []
    for user, truth in history.truths.items():
        wrong += [f"the log of {user} has {one} {n} times" for one, n in Counter(truth.log()).items() if n > 1]
    for chain in history.chains:
        processed = Counter(one for group in chain.groups() for one in group.event_keys)
        wrong += [f"{_name(chain)}: {one} comes {n} times" for one, n in processed.items() if n > 1]
        for stream in chain.streams:
            raw = Counter(event_key(one) for response in stream.responses for one in response.events if not one.derived)
            wrong += [
                f"{_name(chain)}: {one} comes {n} times in one stream"
                for one, n in raw.items()
                if n > 1 and processed[one] <= 1
            ]
    return wrong


def reliable(history: History) -> list[str]:
    """Nothing of the log is left out, and what is sent beyond it is gone by now for a reason that the log gives."""
    wrong = []
    for chain in history.chains:
        truth = history.truths[chain.user]
        log = truth.log()
        expect = {event_key(one): one for group in chain.groups() for one in group.events if not one.derived}
        wrong += [f"{_name(chain)}: {one} is left out" for one in log if one not in expect]
        known = set(log)
        cleared = {
            conversation
            for kind, conversation, what, _ in log
            if (kind == "messages_deleted" and what[0] == "up to") or (kind == "conversation_removed" and what[0])
        }
        wrong += [
            f"{_name(chain)}: {one} is sent but not in the log"
            for one in sorted(expect.keys() - known, key=repr)
            if not _gone_since(expect[one], truth, cleared)
        ]
    return wrong


def _gone_since(one: DeliveredEvent, truth: Truth, cleared: set[str]) -> bool:
    """Whether a event is rightly not sent any more.

    Its message is invisible now, or what was left of it; or its members have left since, or the user has.
    """
    kind, conversation, what, *_ = one
    if kind == "message_received":
        return what[0] not in truth.visible.get(conversation, ())
    if kind == "members_changed":
        changed = event_pb2.MembersChanged.FromString(one.content)
        named = [member.user_id for member in [*changed.joined_members, *changed.updated_members]]
        here = truth.members.get(conversation, {})
        return conversation in truth.outside or not (changed.left_user_ids or any(user in here for user in named))
    if kind != "messages_deleted" or what[0] == "up to":
        return False
    if what[3] == deletion_pb2.DELETION_REASON_RECALLED:
        return what[1] not in truth.tombstones.get(conversation, ())
    return conversation in cleared


def atomic(history: History) -> list[str]:
    """What one call did comes between the same two tokens, by watching and by polling."""
    wrong = []
    sources: list[tuple[str, Iterator[Group]]] = [(_name(chain), chain.groups()) for chain in history.chains]
    sources += [(f"the log of {user}", iter(truth.pages)) for user, truth in history.truths.items()]
    for name, groups in sources:
        where: dict[str, int] = {}
        reported = set()
        for number, group in enumerate(groups):
            # What happens by time alone has no device.
            for device in dict.fromkeys(one[3] for one in group.event_keys if one[3]):
                if where.setdefault(device, number) != number and device not in reported:
                    reported.add(device)
                    wrong.append(f"{name}: call {device} is sent in groups {where[device]} and {number}")
    return wrong


def _progress(chain: Chain, places: dict[DatabaseProperty, int]) -> Iterator[tuple[int, Group, int]]:
    """Every group of a chain with the number of its stream and how many events of the log came up to its end."""
    seen: set[DatabaseProperty] = set()
    for number, stream in enumerate(chain.streams):
        for group in stream.groups():
            seen.update(one for one in group.event_keys if one in places)
            yield number, group, len(seen)


def resumable(history: History) -> list[str]:
    """A stream begins where it was asked to, with nothing, and goes on exactly behind its token."""
    wrong = []
    for chain in history.chains:
        truth = history.truths[chain.user]
        log, places = truth.log(), _places(truth)
        known: set[DatabaseProperty] = set()
        for number, stream in enumerate(chain.streams):
            if stream.responses and (stream.responses[0].events or stream.responses[0].token != stream.start):
                wrong.append(f"{_name(chain)}: stream {number} does not begin with its token alone")
            first = next((one for group in stream.groups() for one in group.event_keys if one in places), None)
            if first is not None and places[first] != len(known):
                wrong.append(f"{_name(chain)}: stream {number} goes on with {first}, not with {log[len(known)]}")
            known.update(one for group in stream.groups() for one in group.event_keys if one in places)
            if stream.offered in truth.rests and len(log) - len(truth.rests[stream.offered]) > len(known):
                wrong.append(f"{_name(chain)}: stream {number} offered a token ahead of what it had sent")
        wrong += _wrong_rests(chain, truth, heartbeats=False)
    return wrong


def bookmarkable(history: History) -> list[str]:
    """The token of a heartbeat stands for everything sent before it, and for nothing more."""
    return [
        line for chain in history.chains for line in _wrong_rests(chain, history.truths[chain.user], heartbeats=True)
    ]


def _wrong_rests(chain: Chain, truth: Truth, *, heartbeats: bool) -> list[str]:
    log, places = truth.log(), _places(truth)
    return [
        f"{_name(chain)}: in stream {number}, {len(log) - len(truth.rests[group.token])} events lie before a token "
        f"that comes after {known}"
        for number, group, known in _progress(chain, places)
        if bool(group.events) != heartbeats and group.token in truth.rests and truth.rests[group.token] != log[known:]
    ]


def nothing_of_others(history: History) -> list[str]:
    """Nobody is notified of conversations of others, nor of messages from when it was no member."""
    wrong = []
    for chain in history.chains:
        truth = history.truths[chain.user]
        for group in chain.groups():
            for one in group.events:
                if one.conversation_id and not _belongs(one.conversation_id, chain.user, truth):
                    wrong.append(f"{_name(chain)}: {one[:4]} is none of its business")
                elif any(first <= sequence <= last
                         for sequence in _shown(one, blocking=truth.blocking)
                         for first, last in truth.outside.get(one.conversation_id, ())):  # fmt: skip
                    wrong.append(f"{_name(chain)}: {one[:4]} happened while it was no member")
    return wrong


def _belongs(conversation_id: str, user: str, truth: Truth) -> bool:
    if conversation_id.startswith("s:"):
        return user in conversation_id.split(":")[1:]
    if conversation_id.startswith("y:"):
        return conversation_id.endswith(f":{user}")
    return conversation_id in truth.inside


def _shown(one: DeliveredEvent, *, blocking: bool) -> Iterator[int]:
    """Yield the sequences that an event shows as new.

    The last sequence shown to a user who blocks conversations is left out, because it may be an old one.
    """
    if one.kind == "message_received":
        yield int(one.what[0])
    if one.kind == "conversation_changed":
        shown = conversation_pb2.Conversation.FromString(one.content)
        if shown.left and not blocking:
            yield shown.last_sequence


def following(history: History) -> list[str]:
    """What follows comes behind the events, at most once each, and only where it is new to the stream."""
    wrong = []
    for chain in history.chains:
        for number, stream in enumerate(chain.streams):
            last: dict[tuple[str, str], bytes] = {}
            for group in stream.groups():
                name = f"{_name(chain)}, stream {number}"
                kinds = [one.derived for one in group.events]
                if kinds != sorted(kinds):
                    wrong.append(f"{name}: a event comes behind what follows from it")
                derived = [_topic(one) for one in group.events if one.derived]
                wrong += [f"{name}: {topic} comes {n} times at once" for topic, n in Counter(derived).items() if n > 1]
                for one in group.events:
                    if one.kind == "conversation_removed":
                        last.pop(("conversation", one.conversation_id), None)
                    elif one.derived:
                        if last.get(_topic(one)) == one.content:
                            wrong.append(f"{name}: {_topic(one)} is sent again unchanged")
                        last[_topic(one)] = one.content
    return wrong


def _topic(one: DeliveredEvent) -> tuple[str, str]:
    return ("total" if one.kind == "total_unread_changed" else "conversation", one.conversation_id)


def settled(history: History) -> list[str]:
    """When all is quiet, what a device was sent last of a conversation and of the totals is how they are."""
    wrong = []
    for chain in history.chains:
        truth = history.truths[chain.user]
        last: dict[tuple[str, str], bytes] = {}
        for group in chain.groups():
            for one in group.events:
                if one.derived:
                    last[_topic(one)] = one.content
                elif one.kind == "conversation_removed":
                    last.pop(("conversation", one.conversation_id), None)
        for (kind, conversation_id), content in last.items():
            if kind == "total":
                if content != truth.totals:
                    wrong.append(f"{_name(chain)}: the totals sent last are not those of now")
            elif lines := difference(content, truth.conversations[conversation_id]):
                wrong.append(f"{_name(chain)}: {conversation_id} is not as sent last: {lines}")
    return wrong


def difference(content: bytes, now: bytes) -> str:
    """What of a conversation is not as it was sent last; empty if all is."""
    was, is_now = conversation_pb2.Conversation.FromString(content), conversation_pb2.Conversation.FromString(now)
    if was == is_now:
        return ""
    names = {name.name for name in was.DESCRIPTOR.fields if getattr(was, name.name) != getattr(is_now, name.name)}
    return ", ".join(f"{name} {getattr(was, name)!r} is {getattr(is_now, name)!r}" for name in sorted(names))[:600]


def complete(history: History) -> list[str]:
    """The log of a user has every message that it can see and that was stored while it was a member; no other.

    The same holds for what is left of messages that were recalled.
    """
    wrong = []
    for user, truth in history.truths.items():
        logged: dict[str, set[int]] = {}
        recalled: dict[str, set[int]] = {}
        for kind, conversation, what, _ in truth.log():
            if kind == "message_received":
                logged.setdefault(conversation, set()).add(int(what[0]))
            if kind == "messages_deleted" and what[3] == deletion_pb2.DELETION_REASON_RECALLED:
                recalled.setdefault(conversation, set()).add(int(what[1]))
        for conversation, tombstones in truth.tombstones.items():
            sent = recalled.get(conversation, set())
            wrong += [
                f"the log of {user} has a recall of {conversation} {sequence}, of which nothing is left"
                for sequence in sorted(sent - set(tombstones))
                # In a pair what was recalled may have burned since.
                if not conversation.startswith("s:")
            ]
            # What was recalled while it was away is left out.
            wrong += [
                f"the log of {user} lacks the recall of {conversation} {sequence}"
                for sequence in sorted(set(tombstones) - sent)
                if conversation not in truth.outside
            ]
        for conversation, visible in truth.visible.items():
            seen = logged.get(conversation, set())
            wrong += [f"the log of {user} has {conversation} {sequence}, which is not visible"
                      for sequence in sorted(seen - set(visible))]  # fmt: skip
            expected = {
                sequence
                for sequence in visible
                if sequence not in truth.imported.get(conversation, ())
                and sequence not in truth.blocked.get(conversation, ())
                and any(first <= sequence <= last for first, last in truth.inside.get(conversation, [(0, 1 << 60)]))
            }
            wrong += [f"the log of {user} lacks {conversation} {sequence}" for sequence in sorted(expected - seen)]
    return wrong


def explained(history: History) -> list[str]:
    """Every deletion says for whom and why, and a recall what is left: what reading shows."""
    wrong = []
    for chain in history.chains:
        truth = history.truths[chain.user]
        for group in chain.groups():
            for one in group.events:
                if one.kind == "messages_deleted":
                    wrong += [f"{_name(chain)}: {one[:3]} {fault}" for fault in _unexplained(one, truth)]
                if one.kind == "conversation_removed":
                    everyone = one.what[1] == deletion_pb2.DELETION_SCOPE_EVERYONE
                    if not one.what[2] or (not everyone and one.what[2] != chain.user):
                        wrong.append(f"{_name(chain)}: {one[:3]} does not say who did it")
    return wrong


def _unexplained(one: DeliveredEvent, truth: Truth) -> Iterator[str]:
    *_, scope, reason = one.what
    hidden, recalled = deletion_pb2.DELETION_REASON_HIDDEN, deletion_pb2.DELETION_REASON_RECALLED
    only_own = scope == deletion_pb2.DELETION_SCOPE_SELF
    if reason == deletion_pb2.DELETION_REASON_UNSPECIFIED:
        yield "has no reason"
    if only_own != (reason == hidden):
        yield "is for the wrong users"
    if one.what[0] == "up to":
        return
    left = message_pb2.Message.FromString(one.content)
    if reason != recalled:
        named = message_pb2.Message(message_id=left.message_id, sequence=left.sequence)
        if left != named:
            yield "has more than the message's id and sequence"
    elif left.HasField("content"):
        yield "has its content"
    # In a pair what was recalled may have burned since: then no tombstone stays either.
    elif not left.tombstone.deleted_by and not one.conversation_id.startswith("s:"):
        yield "is no tombstone"
    elif one.content != truth.tombstones[one.conversation_id].get(left.sequence, one.content):
        yield "is not what reading shows"


class _Members:
    """The members of groups as one device follows them.

    Attributes:
        present: by conversation, the roles of those whom events showed as members since its user joined.
        absent: by conversation, those whom events showed to have left since then.
        early: by conversation, what was sent before its user was shown to have joined. That is right only if the user
            had left again by then: who has left since is not named.
        wrong: what should not have been sent.
    """

    def __init__(self, chain: Chain) -> None:
        self.present: dict[str, dict[str, int]] = defaultdict(dict)
        self.absent: dict[str, set[str]] = defaultdict(set)
        self.early: dict[str, list[str]] = defaultdict(list)
        self.wrong: list[str] = []
        for group in chain.groups():
            for one in group.events:
                if one.kind == "members_changed":
                    self._follow(one, chain)
        for conversation_id in list(self.early):
            self.wrong += self.early.pop(conversation_id)

    def _follow(self, one: DeliveredEvent, chain: Chain) -> None:
        changed = event_pb2.MembersChanged.FromString(one.content)
        present, absent = self.present[one.conversation_id], self.absent[one.conversation_id]
        if any(member.user_id == chain.user for member in changed.joined_members):
            self.wrong += self.early.pop(one.conversation_id, [])
            present.clear()
            absent.clear()
        elif chain.user not in present:
            self.early[one.conversation_id].append(f"{_name(chain)}: {one[:4]} while it was no member")
        for member in [*changed.joined_members, *changed.updated_members]:
            present[member.user_id] = member.role
            absent.discard(member.user_id)
        for user in changed.left_user_ids:
            present.pop(user, None)
            absent.add(user)
        if chain.user in changed.left_user_ids:
            self.early.pop(one.conversation_id, None)
            present.clear()
            if len(changed.left_user_ids) > 1:
                self.wrong.append(f"{_name(chain)}: {one[:4]} names others who left")

    def faults(self, conversation_id: str, now: Mapping[str, int], *, complete: bool) -> Iterator[str]:
        """Yield who is not as events said; of those that no event named only where it is complete."""
        present, absent = self.present[conversation_id], self.absent[conversation_id]
        for user in sorted(now.keys() | present.keys() | absent):
            sent = complete or user in present or user in absent
            if sent and present.get(user) != now.get(user):
                yield f"{user} is {now.get(user)} in {conversation_id}, and was sent as {present.get(user)}"


def members(history: History) -> list[str]:
    """Anyone who follows changes of members knows the members; who is away gets no event of them."""
    wrong = []
    for chain in history.chains:
        truth, followed = history.truths[chain.user], _Members(chain)
        wrong += followed.wrong
        for conversation_id, now in truth.members.items():
            # Of a group that it joined later, a client reads who the others are.
            from_the_beginning = conversation_id not in truth.outside
            wrong += [
                f"{_name(chain)}: {line}" for line in followed.faults(conversation_id, now, complete=from_the_beginning)
            ]
    return wrong


ALL: tuple[Validator, ...] = (
    ordered, unique, reliable, atomic, resumable, bookmarkable, nothing_of_others, following, settled, complete,
    explained, members,
)  # fmt: skip
"""Every promise."""


def violations(history: History) -> dict[str, list[str]]:
    """What every validator finds, by its name; nothing for those that find nothing."""
    found = {validator.__name__: validator(history) for validator in ALL}
    return {name: lines for name, lines in found.items() if lines}
