"""Streams last no longer than the identity that opened them (semantics N4)."""

from collections.abc import Iterator
from contextlib import contextmanager

from backscroll_server.identity.authenticator import Authenticator
from backscroll_server.identity.identities import Cause, no_identity
from backscroll_server.transport.calls import Call


class OpenIdentities:
    """The streams that are open, with the identities that opened them.

    Args:
        authenticator: says which identities still hold.
    """

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator
        self._calls: set[Call] = set()

    @contextmanager
    def opened(self, call: Call) -> Iterator[None]:
        """Include a stream for as long as the block runs, in the task that runs the call."""
        call.allow_interrupt()
        self._calls.add(call)
        try:
            yield
        finally:
            self._calls.discard(call)

    def end_those_without(self) -> None:
        """Read the files of identities again if they have changed, and end the streams whose identity is over.

        Cost: a read of each file, and a comparison for each open stream.
        """
        self._authenticator.refresh()
        for call in list(self._calls):
            if not self._authenticator.is_good(call.identity):
                cause = Cause.INVALID if call.identity.key_digest else Cause.EXPIRED
                call.interrupt(no_identity(cause, "the identity that opened the stream is over"))
