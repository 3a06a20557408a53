"""Watchers that follow along with a run: what they were sent makes the same picture as what reads show."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from backscroll.v1 import conversation_pb2, deletion_pb2, event_service_pb2, message_pb2
from tests.property.chat_model import Conversation
from tests.property.chat_records import FOREVER, SINGLE, MemberChange, View
from tests.property.reading_checks import History, ObservedState, ReadingChecks, check_counts
from tests.property.scene import USERS, microseconds
from tests.property.watching_client import Gone, Held, WatchingClient, standing
from tests.support.watch_client import WatchClient

HABITS = st.tuples(st.integers(1, 6), st.sampled_from([1, 2, 5, 1000]))
"""After how many steps a watcher polls, and in pages of how many changes."""

# Less than the patience of other tests: each failing example that Hypothesis tries waits as long.
_SWEEP_SECONDS = 15


class WatchingChecks(ReadingChecks):
    """For each user a watcher that polls, and for at most one also one that holds a stream.

    Attributes:
        lost: one of `LOSSES`, which does not reach the watchers.
        tally: what happened in all runs: calls of watchers, how they began, and broken streams.
        patience: how many seconds what is due may take.
    """

    lost = ""
    patience = _SWEEP_SECONDS
    tally: ClassVar[Counter[str]] = Counter()

    def follow(self, habits: list[tuple[int, int]], streaming: int | None) -> None:
        """Begins."""
        self.habits = habits
        # Hypothesis may be handling another run's error.
        self.handled = sys.exc_info()[1]
        self.polling = [self.new_watcher(user, from_start=True) for user in self.users]
        for watcher in self.polling:
            watcher.read()
        self.tally.update(f"pages of {size}" for _, size in habits)
        # Watchers that have a token and have not read yet: by user, with the look at which they do.
        self.beginning: dict[int, tuple[int, WatchingClient]] = {}
        self.streaming: WatchingClient | None = None
        if streaming is not None:
            self.streaming = self.new_watcher(self.users[streaming], from_start=True)
            self.streaming.read()
            self.connect()

    def new_watcher(self, user: str, *, from_start: bool = False) -> WatchingClient:
        """A watcher that has its token, but has read nothing else yet."""
        return WatchingClient(self.api, user, self.clock, lost=self.lost, from_start=from_start)

    @rule(who=USERS, later=st.integers(0, 4))
    def begin_again(self, who: int, later: int) -> None:
        """A user takes another device: its token now, the rest of its first reads some steps later."""
        self.beginning[who] = (self.looks + later, self.new_watcher(self.users[who]))
        self.tally["begun from an earlier read's token"] += 1

    @precondition(lambda self: self.streaming is not None)
    @rule()
    def disconnect(self) -> None:
        """The stream breaks; another goes on from where it was."""
        self.reconnect()

    def connect(self) -> None:
        """Begins a stream where its watcher is."""
        assert self.streaming is not None
        self.stream = WatchClient(self.api, self.streaming.user, self.streaming.token).__enter__()
        self.responses_taken = 0

    def reconnect(self) -> None:
        """Goes on with another stream, if there is one: from the last response that was taken."""
        if self.streaming is not None:
            self.tally["disconnects"] += 1
            self.stream.__exit__(None, None, None)
            self.take_from_stream()
            self.connect()

    def check_views_and_events(self) -> None:
        """What is due after every step."""
        self.looks += 1
        for who, user in enumerate(self.users):
            seen = self.look(user)
            if who in self.beginning and self.beginning[who][0] <= self.looks:
                self.tally.update(self.polling[who].calls)
                self.polling[who] = self.beginning.pop(who)[1]
                self.polling[who].read()
            every, size = self.habits[who]
            if self.looks % every == 0:
                self.poll(self.polling[who], size)
                if not self.sweep_due:
                    self.compare(self.polling[who], seen)

    def poll(self, client: WatchingClient, size: int) -> None:
        """Takes what a watcher was not sent yet."""
        # Which of the messages that were purged had listed a conversation is not known.
        whole = not any(c.expired(message) for c in self.slots for message in c.messages)
        more = True
        while more:
            page = self.api.events.ListEvents(
                event_service_pb2.ListEventsRequest(user_id=client.user, resume_token=client.token, page_size=size)
            )
            client.token, more = page.resume_token, page.has_more
            whole = whole and not more
            client.take(page.events, whole=whole)
        client.is_current = True

    @precondition(lambda self: self.sweep_due)
    @rule()
    def wait_for_sweep(self) -> None:
        """What time alone did is sent within a second."""
        self.catch_up()

    def catch_up(self) -> None:
        """Waits until every watcher was sent everything."""
        for who, user in enumerate(self.users):
            client, size = self.polling[who], self.habits[who][1]
            self.compare_soon(client, self.look(user), partial(self.poll, client, size))
        self.sweep_due = False
        if self.streaming is not None:
            self.compare_soon(self.streaming, self.look(self.streaming.user), self.take_from_stream)

    def take_from_stream(self) -> None:
        """Takes what the stream brought meanwhile."""
        assert self.streaming is not None
        came = self.stream.responses[self.responses_taken :]
        self.responses_taken += len(came)
        for response in came:
            self.streaming.take(response.events, whole=False)
            self.streaming.token = response.resume_token

    def compare_soon(self, client: WatchingClient, seen: ObservedState, follow: Callable[[], None]) -> None:
        """Follows until the watcher's picture is right; fails where it does not come to be."""
        deadline = time.monotonic() + self.patience
        while True:
            follow()
            try:
                self.compare(client, seen)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
            else:
                return
            time.sleep(0.01)

    def compare(self, client: WatchingClient, seen: ObservedState) -> None:
        """Holds what a watcher was sent to what its user sees."""
        for conversation in self.slots:
            view = conversation.views.get(client.user)
            held = client.of(conversation.conversation_id)
            if view is None:
                assert held == Held()
                continue
            where = (client.user, conversation.conversation_id)
            assert held.listed == conversation.listed(client.user), where
            if not held.known and not client.from_start:
                # It was not in the list at the first reads, and has not been shown since.
                assert not held.listed, where
                continue
            kept, history = _kept(held, view), _kept(seen.histories[conversation.conversation_id], view)
            if self.lost == "states":
                history = {sequence: (message, False, 0) for sequence, (message, _, _) in history.items()}
                kept = {sequence: (message, False, 0) for sequence, (message, _, _) in kept.items()}
            assert kept == history, where
            assert held.reads == _reads(conversation, client.user), (where, held.reads)
            # Nobody is notified of reading by messages sent while blocked.
            assert held.dues <= conversation.announced, where
            assert held.dues == conversation.announced or view.blocked or not client.from_start, where
            if held.entry is not None:
                entry = seen.entries[conversation.conversation_id]
                differing = [name for name in _differing(held.entry, entry) if name != self.lost]
                assert not differing, (where, differing)
                check_counts(held.entry, client.user, held)
            assert_received(held.received, conversation, view)
            for gone in held.gone:
                assert_gone(gone, conversation, view)
            if client.from_start:
                assert_removals(held.removals, view)
                assert_members_sent(held.member_changes, conversation, client.user)
            if held.known and conversation.conversation_id in seen.members:
                members = seen.members[conversation.conversation_id]
                assert held.members == {member.user_id: standing(member) for member in members}, where
        assert client.order() == seen.order, client.user
        assert client.settings.receive_option == self.options[client.user], client.user
        assert client.computed_totals() == seen.totals, client.user
        assert client.totals == seen.totals, client.user

    def teardown(self) -> None:
        """Ends with everything sent, unless the run failed."""
        try:
            if hasattr(self, "polling") and sys.exc_info()[1] is self.handled:
                self.catch_up()
                for watcher in [*self.polling, *([self.streaming] if self.streaming else [])]:
                    self.tally.update(watcher.calls)
        finally:
            if getattr(self, "streaming", None) is not None:
                self.stream.__exit__(None, None, None)


def _kept(history: History, view: View) -> dict[int, tuple[message_pb2.Message, bool, int]]:
    """What a device keeps of a history: each message, whether it is blocked, and when it burns.

    Messages sent since the user blocks bring no event.
    """
    blocked_after = view.blocked[-1][0] if view.blocked_by else FOREVER
    kept = {}
    for sequence, message in history.messages.items():
        if sequence <= blocked_after:
            burns = history.states[sequence].burn_time if sequence in history.states else Timestamp()
            # Of what was recalled nothing burns.
            due = 0 if message.HasField("tombstone") else microseconds(burns)
            kept[sequence] = (message, history.blocked(sequence), due)
    return kept


def _differing(one: conversation_pb2.Conversation, other: conversation_pb2.Conversation) -> list[str]:
    return [name for name in one.DESCRIPTOR.fields_by_name if getattr(one, name) != getattr(other, name)]


def _reads(conversation: Conversation, user: str) -> dict[str, int]:
    """The read positions that a user gets: the own one, and that of the other side of a pair."""
    sent = conversation.views if conversation.kind == SINGLE else [user]
    return {name: conversation.views[name].read for name in sent if conversation.views[name].read}


def assert_received(received: set[int], conversation: Conversation, view: View) -> None:
    """Assert that what was sent as new was stored in a membership, and neither blocked nor imported (semantics F6)."""
    for sequence in received:
        message = conversation.messages[sequence - 1]
        is_new = view.was_member_at(sequence) and not view.blocks(sequence) and not message.imported
        assert is_new, (conversation.conversation_id, sequence)


def assert_gone(gone: Gone, conversation: Conversation, view: View) -> None:
    """What an event says to be gone is gone, for that reason and for those users."""
    match gone.reason:
        case deletion_pb2.DELETION_REASON_HIDDEN:
            # What was erased for everyone is gone for the user too, and its rows may be: then it counts as cleared.
            floors, scope = (max(view.floor, conversation.floor), view.floor_time), deletion_pb2.DELETION_SCOPE_SELF
        case deletion_pb2.DELETION_REASON_EXPIRED:
            expired = sum(conversation.expired(message) for message in conversation.messages)
            floors, scope = (max(expired, conversation.floor), 0), deletion_pb2.DELETION_SCOPE_EVERYONE
        case _:
            floors, scope = (conversation.floor, conversation.floor_time), deletion_pb2.DELETION_SCOPE_EVERYONE
    assert gone.scope == scope, gone
    if gone.cleared is not None:
        erased = deletion_pb2.DELETION_REASON_ERASED
        assert gone.reason in (deletion_pb2.DELETION_REASON_HIDDEN, deletion_pb2.DELETION_REASON_EXPIRED, erased), gone
        assert gone.cleared.up_to_sequence <= floors[0], gone
        assert microseconds(gone.cleared.original_up_to_time) <= floors[1], gone
    for sequence in gone.sequences:
        message = conversation.messages[sequence - 1]
        assert {
            deletion_pb2.DELETION_REASON_HIDDEN: sequence in view.hidden,
            deletion_pb2.DELETION_REASON_RECALLED: message.recalled,
            deletion_pb2.DELETION_REASON_ERASED: sequence <= conversation.floor,
            deletion_pb2.DELETION_REASON_EXPIRED: conversation.expired(message),
            deletion_pb2.DELETION_REASON_BURNED: 0 < message.due <= conversation.clock(),
        }[gone.reason], gone


def assert_removals(sent: list[tuple[bool, str]], view: View) -> None:
    """A device got an event of every removal that is due, in order, and of none that never was."""
    # How many of the sent events the removals so far may account for.
    accounted = {0}
    for removal in view.removals:
        matched = {count + 1 for count in accounted if count < len(sent) and sent[count] == removal[:2]}
        accounted = matched if removal.is_due else matched | accounted
    assert len(sent) in accounted, (sent, view.removals)


def assert_members_sent(sent: list[MemberChange], conversation: Conversation, user: str) -> None:
    """A device got an event of every change of members while its user was one, in order, and of nothing else.

    Those who have left since need not be named, and what was before is not due to a user who has left since.
    """
    accounted = {0}
    for place, change in conversation.views[user].member_changes:
        gone = {name for later in conversation.member_log[place + 1 :] for name in later.left}
        matched = {
            count + 1
            for count in accounted
            if count < len(sent)
            and (sent[count].by, sent[count].left) == (change.by, change.left)
            and change.joined - gone <= sent[count].joined <= change.joined
            and change.updated - gone <= sent[count].updated <= change.updated
        }
        past = user in gone or (not change.left and change.joined | change.updated <= gone)
        accounted = matched | accounted if past else matched
    assert len(sent) in accounted, (conversation.conversation_id, user, sent, conversation.views[user].member_changes)
