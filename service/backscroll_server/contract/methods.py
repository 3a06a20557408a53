"""The methods of a contract's services, found in the modules that were generated from its protos."""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

_MESSAGES: Final = "_pb2"
_STUBS: Final = "_pb2_grpc"


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a service, with the generated types and stub that it is called with.

    Attributes:
        request_type: the type of a request.
        streams_requests: whether it takes a stream of requests.
        streams_answers: whether it answers with a stream.
        callable: the method of the generated stub.
    """

    request_type: type[Message]
    streams_requests: bool
    streams_answers: bool
    callable: Callable[..., Any]

    def parse(self, request: Any) -> Message:
        """Return a request as the generated type.

        Raises:
            google.protobuf.json_format.ParseError: Where it is none.
        """
        return ParseDict(request, self.request_type())


def as_json(answer: Message) -> dict[str, Any]:
    """Return an answer in the JSON form of protobuf, with the names of the fields as the protos have them."""
    read: dict[str, Any] = MessageToDict(answer, preserving_proto_field_name=True)
    return read


def services_of(package: str) -> dict[str, tuple[ServiceDescriptor, type]]:
    """Return the services of a protobuf package, each by its name: its descriptor, and the class of its stub.

    Raises:
        ImportError: Where the package was not generated.
    """
    folder = import_module(package)
    names = [module.name for module in pkgutil.iter_modules(folder.__path__, f"{package}.")]
    services = {}
    for name in names:
        if name.endswith(_STUBS):
            stubs, messages = import_module(name), import_module(name.removesuffix(_STUBS) + _MESSAGES)
            for service in messages.DESCRIPTOR.services_by_name.values():
                services[service.name] = (service, getattr(stubs, f"{service.name}Stub"))
    return services


def methods_of(package: str, channel: grpc.aio.Channel) -> Mapping[str, Method]:
    """Return the methods of all services of a package by `SERVICE/METHOD`, to be called over a channel.

    Raises:
        ImportError: Where the package was not generated.
    """
    methods = {}
    for name, (service, stub_type) in services_of(package).items():
        stub = stub_type(channel)
        for method in service.methods:
            methods[f"{name}/{method.name}"] = Method(
                GetMessageClass(method.input_type),
                method.client_streaming,
                method.server_streaming,
                getattr(stub, method.name),
            )
    return methods
