"""Calls whose requests and answers pass as bytes, so that the client does no work of its own."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import grpc.aio


def unary(channel: grpc.aio.Channel, method: str) -> "grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]":
    """Return a call of `method` with one answer."""
    return channel.unary_unary(method, request_serializer=None, response_deserializer=None)


def streaming(channel: grpc.aio.Channel, method: str) -> "grpc.aio.UnaryStreamMultiCallable[bytes, bytes]":
    """Return a call of `method` with a stream of answers."""
    return channel.unary_stream(method, request_serializer=None, response_deserializer=None)


class AuthorizedChannels:
    """Channels that carry calls in turn, each with a key or token.

    Args:
        channels: the channels, at least one.
        proof: the key or token.
    """

    def __init__(self, channels: Sequence[grpc.aio.Channel], proof: str) -> None:
        self._channels = channels
        self._metadata = (("authorization", f"Bearer {proof}"),) if proof else ()

    def unary_unary(self, *details: Any, **named: Any) -> Any:
        """Return a call with one answer."""
        calls = cycle([channel.unary_unary(*details, **named) for channel in self._channels])
        return lambda request, **more: next(calls)(request, metadata=self._metadata, **more)
