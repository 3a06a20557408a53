"""Reflection: the contract, for services and for everybody on this machine."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import unquote

from grpc_reflection.v1alpha import reflection

from backscroll_server.transport.open_listening import is_loopback
from backscroll_server.transport.reflected_symbols import ReflectedSymbols


class GuardedReflection:
    """The reflection service of the library, with a look first at who asks (semantics N5).

    Args:
        names: the full names of the services that it lists.
        admit: returns where the caller is a service, otherwise ends the call with an error.
    """

    def __init__(self, names: Iterable[str], admit: Callable[[Any], Awaitable[None]]) -> None:
        symbols: Any = ReflectedSymbols()
        self._reflection: Any = reflection.aio.ReflectionServicer(names, symbols)
        self._admit = admit

    async def ServerReflectionInfo(  # noqa: N802 - as gRPC names it
        self, requests: AsyncIterator[Any], context: Any
    ) -> AsyncIterator[Any]:
        """Yield an answer to each question about the contract."""
        if not is_of_this_machine(context.peer()):
            await self._admit(context)
        async for answer in self._reflection.ServerReflectionInfo(requests, context):
            yield answer


def is_of_this_machine(peer: str) -> bool:
    """Return whether a peer is on this machine; grpc names it as `ipv4:127.0.0.1:50051`, `ipv6:[::1]:50051` or `unix:`.

    >>> [is_of_this_machine(peer) for peer in ("ipv4:127.0.0.1:1", "ipv6:%5B::1%5D:1", "ipv4:10.0.0.1:1")]
    [True, True, False]
    """
    kind, _, address = unquote(peer).partition(":")
    return kind.startswith("unix") or is_loopback(address.rpartition(":")[0])
