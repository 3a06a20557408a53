"""The streams of answers that are open, and their limits: in all, of each user and service, and of exports."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from backscroll_server.domain.errors import ExhaustedError, Reason


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """The most streams of answers that may be open at a time in a process.

    Attributes:
        in_all: all streams.
        of_user: the streams of calls that name the same user.
        of_service: the streams of the same identity of a service, whatever users its calls name; 0 is no limit.
        exports: the streams that end when everything was sent; the others are watches.
    """

    in_all: int
    of_user: int
    of_service: int
    exports: int


class OpenStreams:
    """The counter of open streams.

    Args:
        limits: the most that may be open.
    """

    def __init__(self, limits: StreamLimits) -> None:
        self._limits = limits
        self._open: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def opened(self, user_id: str, service: str, *, is_export: bool) -> Iterator[None]:
        """Count a stream for as long as the block runs.

        Args:
            user_id: the user whom its call names.
            service: the name of the service that calls; empty for a user, and for a caller without a name.
            is_export: whether it ends when everything was sent.

        Raises:
            ExhaustedError: `TOO_MANY_STREAMS` where as many are open as may be.
        """
        limits = {("server", ""): self._limits.in_all, ("user", user_id): self._limits.of_user}
        if service and self._limits.of_service:
            limits["identity", service] = self._limits.of_service
        if is_export:
            limits["server", "exports"] = self._limits.exports
        for kind, limit in limits.items():
            if self._open[kind] >= limit:
                raise ExhaustedError(
                    Reason.TOO_MANY_STREAMS, "as many streams are open as may be", per=kind[0], limit=limit
                )
        self._open.update(limits.keys())
        try:
            yield
        finally:
            for kind in limits:
                self._open[kind] -= 1
                if not self._open[kind]:
                    del self._open[kind]
