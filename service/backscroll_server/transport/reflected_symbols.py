"""The descriptors that the reflection service looks symbols up in."""

from typing import Any

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pool import Default, DescriptorPool


class ReflectedSymbols:
    """The pool of all descriptors, which finds the file of a method too: protobuf's own finds that of its service only.

    `grpcurl describe` asks for methods. Everything else is passed on to the pool.
    """

    def __init__(self) -> None:
        self._pool: DescriptorPool = Default()

    def FindFileContainingSymbol(self, symbol: str) -> FileDescriptor:  # noqa: N802 - as protobuf names it
        """Return the file that declares a symbol, given by its full name.

        Raises:
            KeyError: where there is no such symbol.
        """
        try:
            return self._pool.FindFileContainingSymbol(symbol)
        except KeyError:
            return self._pool.FindMethodByName(symbol).containing_service.file

    def __getattr__(self, name: str) -> Any:
        """Return the attribute of the pool."""
        return getattr(self._pool, name)
