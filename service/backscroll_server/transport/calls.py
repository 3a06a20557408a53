"""One call as its handler sees it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from backscroll_server.domain.errors import PermissionDeniedError, Reason
from backscroll_server.identity.identities import ANYONE, Identity
from backscroll_server.transport.access_log import CallRecord


@dataclass(slots=True, eq=False)
class Call(CallRecord):
    """One call as its handler sees it, with the values for its log line.

    Attributes:
        shutting_down: an event that is set when the server begins to stop; endless streams end then.
        started: the time at which the call began, in seconds of the clock `perf_counter`.
        device_id: the id of the calling device, from the metadata `device-id`; empty without one.
        identity: the identity of the caller.
        interruption: the error that `interrupt` was called with; None if it was not called.
        resume_token: of a stream, the token of the last response that its reader has taken; empty before.
        last_response: of a stream without end, a response with its newest token alone; empty before there is one.
    """

    shutting_down: asyncio.Event = field(kw_only=True)
    started: float = field(kw_only=True)
    device_id: str = ""
    identity: Identity = ANYONE
    interruption: Exception | None = None
    resume_token: str = ""
    last_response: bytes = b""
    _task: "asyncio.Task[Any] | None" = None

    def allow_interrupt(self) -> None:
        """Make the current task the one that `interrupt` cancels. Must be called in the task that runs the call."""
        self._task = asyncio.current_task()

    def interrupt(self, error: Exception) -> None:
        """Cancel the task of the call, which then ends with `error`, also while its client takes no answers.

        No effect if `allow_interrupt` was not called, or if the call was interrupted before.
        """
        if self._task is not None and self.interruption is None:
            self.interruption = error
            self._task.cancel()

    @property
    def is_service(self) -> bool:
        """True if the caller may act for any user and use a service's rights."""
        return self.identity.is_service

    def require_own_user(self) -> None:
        """Check that the request names the user of the identity (semantics N3); that of a service may name any user.

        Raises:
            PermissionDeniedError: `USER_NOT_ALLOWED` where it names another one.
        """
        own = self.identity.user_id
        if own and self.user_id and self.user_id != own:
            raise PermissionDeniedError(
                Reason.USER_NOT_ALLOWED, "is another user than that of the identity", field="user_id"
            )
