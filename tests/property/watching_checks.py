"""Watchers that follow along with a run: what they were sent makes the same picture as what reads show."""

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from backscroll.v1 import conversation_pb2, event_service_pb2
from tests.property.chat_records import View
from tests.property.reading_checks import ObservedState, ReadingChecks
from tests.property.watching_client import Held, WatchingClient
from tests.support.watch_client import WatchClient

HABITS = st.tuples(st.integers(1, 6), st.sampled_from([1, 2, 5, 1000]))
"""After how many steps a watcher polls, and in pages of how many changes."""

# Less than the patience of other tests: each failing example that Hypothesis tries waits as long.
_SWEEP_SECONDS = 15
_SHARED = ("member_count", "name", "attributes", "burn", "history_visibility")


class WatchingChecks(ReadingChecks):
    """For each user a watcher that polls, and for at most one also one that holds a stream."""

    def follow(self, habits: list[tuple[int, int]], streaming: int | None) -> None:
        """Begins."""
        self.habits = habits
        # Hypothesis may be handling another run's error.
        self.handled = sys.exc_info()[1]
        self.polling = [WatchingClient(self.api, user) for user in self.users]
        self.streaming: WatchingClient | None = None
        if streaming is not None:
            self.streaming = WatchingClient(self.api, self.users[streaming])
            self.stream = WatchClient(self.api, self.streaming.user, self.streaming.token).__enter__()
            self.responses_taken = 0

    def check_views_and_events(self) -> None:
        """What is due after every step."""
        self.looks += 1
        for who, user in enumerate(self.users):
            seen = self.look(user)
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
            page = self.api.events.ListChanges(
                event_service_pb2.ListChangesRequest(user_id=client.user, resume_token=client.token, page_size=size)
            )
            client.token, more = page.resume_token, page.has_more
            whole = whole and not more
            client.take(page.events, whole=whole)

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
        assert self.stream.error is None
        came = self.stream.responses[self.responses_taken :]
        self.responses_taken += len(came)
        for response in came:
            self.streaming.take(response.events, whole=False)

    def compare_soon(self, client: WatchingClient, seen: ObservedState, follow: Callable[[], None]) -> None:
        """Follows until the watcher's picture is right; fails where it does not come to be."""
        deadline = time.monotonic() + _SWEEP_SECONDS
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
            shown = seen.messages[conversation.conversation_id]
            assert _unblocked(held.messages, view) == _unblocked(shown, view), where
            assert (held.read, held.listed) == (view.read, conversation.listed(client.user)), where
            # Nobody is notified of reading by messages sent while blocked.
            assert held.dues <= conversation.announced if view.blocked else held.dues == conversation.announced, where
            if held.entry is not None:
                entry = seen.entries[conversation.conversation_id]
                assert _expected(held.entry, view) == _expected(entry, view), where
        assert client.totals == seen.totals, client.user

    def teardown(self) -> None:
        """Ends with everything sent, unless the run failed."""
        try:
            if hasattr(self, "polling") and sys.exc_info()[1] is self.handled:
                self.catch_up()
        finally:
            if getattr(self, "streaming", None) is not None:
                self.stream.__exit__(None, None, None)


def _unblocked(messages: Mapping[int, object], view: View) -> dict[int, object]:
    """Messages sent while the user blocked bring no event."""
    return {sequence: message for sequence, message in messages.items() if not view.blocks(sequence)}


def _expected(entry: conversation_pb2.Conversation, view: View) -> conversation_pb2.Conversation:
    """Return a conversation without the fields whose changes a former member gets no event for."""
    known = conversation_pb2.Conversation()
    known.CopyFrom(entry)
    if not view.role:
        for name in _SHARED:
            known.ClearField(name)
    return known
