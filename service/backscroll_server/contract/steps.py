"""The steps of a scenario, taken one after the other."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from backscroll_server.contract.calls import call
from backscroll_server.contract.expectations import Captured, MismatchError, meet
from backscroll_server.contract.loading import Credentials, StreamKinds, kind_of_step
from backscroll_server.contract.methods import Method
from backscroll_server.contract.placeholders import fill, fill_request
from backscroll_server.contract.streams import OpenStream

DEFAULT_SECONDS: Final = 10.0
DEFAULT_CALLER: Final = "service"
_REQUESTS: Final = ("request", "requests")


@dataclass(slots=True)
class RunningScenario:
    """A scenario that runs.

    Attributes:
        methods: the methods that it may call.
        kinds: the items of streams, by method.
        credentials: callers that are not users of the scenario.
        callers: the metadata of the scenario's users, by name.
        values: ids and captured values by name.
        streams: open streams by name.
    """

    methods: Mapping[str, Method]
    kinds: Mapping[str, StreamKinds]
    credentials: Credentials
    callers: dict[str, Mapping[str, str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    streams: dict[str, OpenStream] = field(default_factory=dict)

    async def take(self, step: Mapping[str, Any]) -> None:
        """Take a step.

        Raises:
            MismatchError: Where something else came than was expected.
            ParseError: Where a request is none of its method.
            PlaceholderError: Where a placeholder stands for nothing.
            ValueError: Where the step itself is wrong.
        """
        captured = await self._captured(self._filled(step))
        for name, value in captured.items():
            if name in self.values:
                raise ValueError(f"{name} is captured, but names a value already")
            self.values[name] = value

    def close(self) -> None:
        """Cancel the streams that are still open."""
        for stream in self.streams.values():
            stream.close()

    async def _captured(self, step: Mapping[str, Any]) -> Captured:
        """Take a step without placeholders and return what it captures."""
        match kind_of_step(step):
            case "call":
                return await self._call(step)
            case "open":
                return await self._open(step)
            case "receive":
                return await self._receive(step)
            case "end":
                return await self._end(step)
            case "close":
                self._stream(step["close"]).close()
                del self.streams[step["close"]]
            case _:
                await asyncio.sleep(step["wait"])
        return {}

    async def _call(self, step: Mapping[str, Any]) -> Captured:
        requests = step.get("requests", [step.get("request", {})])
        answer = await call(self.methods[step["call"]], requests, self._metadata(step), _seconds(step))
        captured = answer.end.meet(step.get("error"))
        if "expect" in step:
            captured |= meet(step["expect"], answer.value)
        return captured | meet(step.get("answer_metadata", {}), dict(answer.metadata), "answer_metadata")

    async def _open(self, step: Mapping[str, Any]) -> Captured:
        method = step["open"]
        if step["stream"] in self.streams:
            raise ValueError(f"a stream has the name {step['stream']} already")
        stream = OpenStream(self.methods[method], step.get("request", {}), self._metadata(step), self.kinds.get(method))
        self.streams[step["stream"]] = stream
        try:
            async with asyncio.timeout(_seconds(step)):
                answer = await stream.begin()
        except TimeoutError:
            raise MismatchError(f"expected a first answer, none came in {_seconds(step):g} s") from None
        return meet(step.get("expect", {}), answer)

    async def _receive(self, step: Mapping[str, Any]) -> Captured:
        stream = self._stream(step["receive"])
        try:
            async with asyncio.timeout(_seconds(step)):
                return await stream.receive(step)
        except TimeoutError:
            raise MismatchError(f"no change met `until` in {_seconds(step):g} s; {stream.description()}") from None

    async def _end(self, step: Mapping[str, Any]) -> Captured:
        stream = self._stream(step["end"])
        try:
            async with asyncio.timeout(_seconds(step)):
                end = await stream.end()
        except TimeoutError:
            raise MismatchError(f"expected the stream to end, but it goes on after {_seconds(step):g} s") from None
        del self.streams[step["end"]]
        return end.meet(step.get("error"))

    def _filled(self, step: Mapping[str, Any]) -> dict[str, Any]:
        now = dt.datetime.now(dt.UTC)
        return {
            key: (fill_request if key in _REQUESTS else fill)(value, self.values, now) for key, value in step.items()
        }

    def _stream(self, name: str) -> OpenStream:
        if name not in self.streams:
            raise ValueError(f"no stream is open with the name {name}")
        return self.streams[name]

    def _metadata(self, step: Mapping[str, Any]) -> list[tuple[str, str]]:
        caller = step.get("as", DEFAULT_CALLER)
        of_caller = self.callers.get(caller, self.credentials.callers.get(caller, {}))
        return list({**of_caller, **step.get("metadata", {})}.items())


def _seconds(step: Mapping[str, Any]) -> float:
    return float(step.get("within", DEFAULT_SECONDS))
