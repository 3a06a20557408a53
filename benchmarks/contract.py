"""Requests and responses of a checkout, as its own protos encode them.

Checkouts that are compared may number the fields of a request differently, or give a call another name or service. So
each has its requests made from its own descriptors. What has one name in both is the same load for both.
"""

from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

DESCRIPTORS = Path("generated", "descriptors", "backscroll.binpb")
_OTHER_NAMES = {"WatchEvents": "Watch", "ListEvents": "ListChanges"}
"""Other names that calls have in checkouts."""


class MissingError(LookupError):
    """A checkout does not have a call, or a field of one."""


class Contract:
    """The calls of one checkout, by their names.

    Args:
        checkout: the folder of the checkout.

    Attributes:
        checkout: the same folder.
    """

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        pool = DescriptorPool()
        files = FileDescriptorSet.FromString((checkout / DESCRIPTORS).read_bytes()).file
        for file in files:
            pool.AddSerializedFile(file.SerializeToString())
        self._methods: dict[str, MethodDescriptor] = {
            method.name: method
            for file in files
            for service in pool.FindFileByName(file.name).services_by_name.values()
            for method in service.methods
        }

    def _method(self, name: str) -> MethodDescriptor:
        method = self._methods.get(name) or self._methods.get(_OTHER_NAMES.get(name, ""))
        if method is None:
            raise MissingError(f"there is no {name}")
        return method

    def path(self, method: str) -> str:
        """Return the path of a call, `/service/method`.

        Raises:
            MissingError: where the checkout does not have the call.
        """
        found = self._method(method)
        return f"/{found.containing_service.full_name}/{found.name}"

    def request(self, method: str, **fields: Any) -> bytes:
        """Return an encoded request.

        Args:
            method: the name of the call.
            fields: the fields by their names; messages are dictionaries, values of enums their names.

        Raises:
            MissingError: where the checkout does not have the call or a field.
        """
        request_class = GetMessageClass(self._method(method).input_type)
        try:
            encoded: bytes = request_class(**fields).SerializeToString()
        except ValueError as error:
            raise MissingError(f"{method} does not take this: {error}") from error
        return encoded

    def response(self, method: str, encoded: bytes) -> Any:
        """Return a decoded response, or one part of a response that is streamed."""
        return GetMessageClass(self._method(method).output_type).FromString(encoded)


@cache
def contract_of(checkout: Path) -> Contract:
    """Return the calls of a checkout."""
    return Contract(checkout)


def own_contract() -> Contract:
    """Return the calls of the checkout that this code is part of."""
    return contract_of(Path(__file__).parents[1])
