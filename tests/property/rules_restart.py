"""Rules: servers stop and are killed, also while a call runs, and start again."""

import contextlib
from typing import Any

import grpc
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.property.rules_sending import DRAFTS, Draft, SendingRules
from tests.property.scene import PLACES, Place
from tests.property.watching_checks import WatchingChecks


class RestartRules(SendingRules, WatchingChecks):
    """Nothing that was acknowledged is lost, and watchers go on."""

    # A server takes a second or two to start.
    @precondition(lambda self: self.looks % 3 == 0)
    @rule(which=st.integers(0, 1), place=PLACES, draft=DRAFTS, kill=st.booleans())
    def restart(self, which: int, place: Place, draft: Draft, *, kill: bool) -> None:
        """A server stops while a send is under way, there or at another one. Sent again, it is there once."""
        self.tally["servers killed" if kill else "servers stopped"] += 1
        draft = draft._replace(key=draft.key or f"at look {self.looks}")
        request = self.request_to_send(place, draft)
        first: Any = self.api.messages.SendMessage.future(request)
        first_time = self.time()
        self.served.restart(which, kill=kill)
        with contextlib.suppress(grpc.RpcError):
            first.result()
        answer, reason = self.called(self.api.messages.SendMessage, request)
        if reason:
            self.not_sent(place, draft, reason)
        else:
            known = self.earlier(place, draft) is not None
            assert answer.duplicate or not known
            time = first_time if answer.duplicate else self.time()
            self.sent_alone(place, draft, answer.message, duplicate=known, time=time)
        self.reconnect()
