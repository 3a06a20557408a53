"""Streams of answers that do not end by themselves, read item by item."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import grpc.aio

from backscroll_server.contract.calls import end_of
from backscroll_server.contract.errors import EndedCall
from backscroll_server.contract.expectations import Captured, MismatchError, meet, meets, shown
from backscroll_server.contract.loading import StreamKinds
from backscroll_server.contract.methods import Method, as_json


class OpenStream:
    """A stream of answers, with the changes that no `receive` has taken yet.

    Args:
        method: the method that is called.
        request: the request in JSON.
        metadata: the metadata of the call.
        kinds: the kinds of items; None where the stream is not read item by item.

    Raises:
        google.protobuf.json_format.ParseError: Where the request is none of the method.
    """

    def __init__(
        self, method: Method, request: Any, metadata: Sequence[tuple[str, str]], kinds: StreamKinds | None
    ) -> None:
        self._call = method.callable(method.parse(request), metadata=metadata)
        self._kinds = kinds
        self._answer: dict[str, Any] = {}
        self._changes: deque[dict[str, Any]] = deque()
        self._states: list[Any] = []
        self._taken: list[dict[str, Any]] = []

    async def begin(self) -> dict[str, Any]:
        """Wait for the first answer and return it; its items belong to the `receive` that follows.

        Raises:
            MismatchError: Where the stream ends before.
        """
        return await self._read()

    async def receive(self, step: Mapping[str, Any]) -> Captured:
        """Read until an item meets the step's `until`, and hold what came against the step; return what it captures.

        Raises:
            MismatchError: Where something else came, or the stream ended.
        """
        self._taken = []
        marker = None
        while marker is None:
            if self._changes:
                change = self._changes.popleft()
                if meets(step["until"], change):
                    marker = change
                else:
                    self._taken.append(change)
            else:
                await self._read()
        states, self._states = self._states, []
        captured = meet(step["until"], marker)
        if "changes" in step:
            try:
                captured |= meet(step["changes"], self._taken, "changes")
            except MismatchError as mismatch:
                raise MismatchError(f"{mismatch}; {self.description()}") from mismatch
        for number, expected in enumerate(step.get("states", ())):
            captured |= _meet_last(expected, states, f"states[{number}]")
        if "answer" in step:
            captured |= meet(step["answer"], self._answer, "answer")
        return captured

    def description(self) -> str:
        """Return the changes that the `receive` that runs has read, as one line."""
        return f"changes that came ({len(self._taken)}): {shown(self._taken)}"

    async def end(self) -> EndedCall:
        """Wait until the stream ends and return its end."""
        while await self._next() is not grpc.aio.EOF:
            pass
        return await end_of(self._call)

    def close(self) -> None:
        """Cancel the stream; one that has ended stays as it is."""
        self._call.cancel()

    async def _read(self) -> dict[str, Any]:
        """Read an answer, sort its items and return it."""
        answer = await self._next()
        if answer is grpc.aio.EOF:
            raise MismatchError(f"expected an answer, but the stream ended: {await end_of(self._call)}")
        self._answer = as_json(answer)
        if self._kinds is not None:
            for item in self._answer.get(self._kinds.items, ()):
                self._sort(item, self._kinds)
        return self._answer

    async def _next(self) -> Any:
        """Return the next answer, or `grpc.aio.EOF` at the end, a failure too."""
        try:
            return await self._call.read()
        except grpc.aio.AioRpcError:
            return grpc.aio.EOF

    def _sort(self, item: dict[str, Any], kinds: StreamKinds) -> None:
        if any(kind in item for kind in kinds.changes):
            self._changes.append(item)
        self._states.extend(item[kind] for kind in kinds.states if kind in item)


def _meet_last(expected: Mapping[str, Any], states: Sequence[Any], path: str) -> Captured:
    matching = [state for state in states if meets(expected["of"], state)]
    if not matching:
        raise MismatchError(f"{path}.of: expected a state with {shown(expected['of'])}, came {shown(states)}")
    return meet(expected["last"], matching[-1], f"{path}.last")
