"""Calls that end by themselves, as a step makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc.aio

from backscroll_server.contract.errors import EndedCall, ended, texts
from backscroll_server.contract.methods import Method, as_json


@dataclass(frozen=True, slots=True)
class Answer:
    """All that came of a call.

    Attributes:
        value: the answer in JSON; of a stream of answers all of them, put together.
        metadata: the metadata before and after the answer.
        end: the end of the call.
    """

    value: dict[str, Any]
    metadata: Mapping[str, str]
    end: EndedCall


async def call(method: Method, requests: Sequence[Any], metadata: Sequence[tuple[str, str]], seconds: float) -> Answer:
    """Call a method and wait until it ends.

    Args:
        method: the method.
        requests: the requests in JSON; one, unless the method takes a stream of them.
        metadata: the metadata of the call.
        seconds: the deadline.

    Raises:
        google.protobuf.json_format.ParseError: Where a request is none of the method.
    """
    messages = [method.parse(request) for request in requests]
    sent = iter(messages) if method.streams_requests else messages[0]
    running = method.callable(sent, timeout=seconds, metadata=metadata)
    value: dict[str, Any] = {}
    try:
        if method.streams_answers:
            async for part in running:
                _join(value, as_json(part))
        else:
            value = as_json(await running)
    except grpc.aio.AioRpcError:
        value = {}
    end = await end_of(running)
    initial, trailing = await running.initial_metadata(), await running.trailing_metadata()
    return Answer(value, texts([*(initial or ()), *(trailing or ())]), end)


async def end_of(running: Any) -> EndedCall:
    """Return the end of a call of grpc.aio that has ended."""
    return ended(await running.code(), await running.details(), await running.trailing_metadata() or ())


def _join(value: dict[str, Any], part: Mapping[str, Any]) -> None:
    for name, item in part.items():
        if isinstance(item, list):
            value.setdefault(name, []).extend(item)
        else:
            value[name] = item
