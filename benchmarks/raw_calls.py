"""Calls whose requests and return pass as bytes, so that the client does no work of its own."""

import grpc.aio


def unary(channel: grpc.aio.Channel, method: str) -> "grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]":
    """Return a call of `method` with one answer."""
    return channel.unary_unary(method, request_serializer=None, response_deserializer=None)


def streaming(channel: grpc.aio.Channel, method: str) -> "grpc.aio.UnaryStreamMultiCallable[bytes, bytes]":
    """Return a call of `method` with a stream of answers."""
    return channel.unary_stream(method, request_serializer=None, response_deserializer=None)
