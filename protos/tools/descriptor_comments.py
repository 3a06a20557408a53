"""Reads the comments of a described contract: what stands above each service, method, message, field and value."""

from collections.abc import Iterator
from dataclasses import dataclass

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)

# Field numbers in descriptor.proto, of which the paths of comments are made.
_FILE_MESSAGES, _FILE_ENUMS, _FILE_SERVICES = 4, 5, 6
_SERVICE_METHODS, _MESSAGE_FIELDS, _MESSAGE_ONEOFS, _ENUM_VALUES, _ENUM_RESERVED = 2, 2, 8, 2, 4


@dataclass(frozen=True, slots=True)
class Method:
    """A method with its comment.

    Attributes:
        service: the full name of its service.
        described: its descriptor.
        comment: its paragraphs.
    """

    service: str
    described: MethodDescriptorProto
    comment: list[str]

    @property
    def path(self) -> str:
        """The path of the method in a gRPC call, without the first slash."""
        return f"{self.service}/{self.described.name}"


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its comment and methods.

    Attributes:
        name: its name, without the package.
        comment: its paragraphs.
        methods: its methods in the order of the file.
    """

    name: str
    comment: list[str]
    methods: list[Method]


@dataclass(frozen=True, slots=True)
class Message:
    """A message with the comments of its fields.

    Attributes:
        file: the name of its file.
        full_name: its name with the package and a leading dot, as fields name their types.
        described: its descriptor.
        comment: its paragraphs.
        fields: the paragraphs of each field, in the order of the descriptor.
        oneofs: the paragraphs of each `oneof`, in the order of the descriptor.
    """

    file: str
    full_name: str
    described: DescriptorProto
    comment: list[str]
    fields: list[list[str]]
    oneofs: list[list[str]]


@dataclass(frozen=True, slots=True)
class Enum:
    """An enumeration with the comments of its values.

    Attributes:
        file: the name of its file.
        full_name: its name with the package and a leading dot, as fields name their types.
        described: its descriptor.
        comment: its paragraphs.
        values: the paragraphs of each value, in the order of the descriptor.
        reserved: the paragraphs above the reserved numbers.
    """

    file: str
    full_name: str
    described: EnumDescriptorProto
    comment: list[str]
    values: list[list[str]]
    reserved: list[str]


def services(contract: FileDescriptorSet) -> Iterator[Service]:
    """Yield the services of a contract that was described with source info."""
    for file in contract.file:
        comments = _Comments(file)
        for index, service in enumerate(file.service):
            full_name = f"{file.package}.{service.name}"
            yield Service(
                service.name,
                comments.at(_FILE_SERVICES, index),
                list(_methods(full_name, service, comments, index)),
            )


def messages(contract: FileDescriptorSet) -> Iterator[Message]:
    """Yield the messages of a contract that was described with source info."""
    for file in contract.file:
        comments = _Comments(file)
        for index, message in enumerate(file.message_type):
            place = _FILE_MESSAGES, index
            yield Message(
                file.name,
                f".{file.package}.{message.name}",
                message,
                comments.at(*place),
                [comments.at(*place, _MESSAGE_FIELDS, number) for number in range(len(message.field))],
                [comments.at(*place, _MESSAGE_ONEOFS, number) for number in range(len(message.oneof_decl))],
            )


def enums(contract: FileDescriptorSet) -> Iterator[Enum]:
    """Yield the enumerations of a contract that was described with source info."""
    for file in contract.file:
        comments = _Comments(file)
        for index, enum in enumerate(file.enum_type):
            place = _FILE_ENUMS, index
            yield Enum(
                file.name,
                f".{file.package}.{enum.name}",
                enum,
                comments.at(*place),
                [comments.at(*place, _ENUM_VALUES, number) for number in range(len(enum.value))],
                comments.at(*place, _ENUM_RESERVED),
            )


def _methods(service: str, described: ServiceDescriptorProto, comments: "_Comments", index: int) -> Iterator[Method]:
    for number, method in enumerate(described.method):
        yield Method(service, method, comments.at(_FILE_SERVICES, index, _SERVICE_METHODS, number))


class _Comments:
    """The comments of one file by the path of what they describe."""

    def __init__(self, file: FileDescriptorProto) -> None:
        self._texts = {tuple(location.path): location.leading_comments for location in file.source_code_info.location}

    def at(self, *path: int) -> list[str]:
        """Return the paragraphs of a comment. The lines of each are joined; a list is one paragraph with its lines."""
        return [_joined(paragraph) for paragraph in self._texts.get(path, "").strip().split("\n\n")]


def _joined(paragraph: str) -> str:
    lines: list[str] = []
    for line in (line.strip() for line in paragraph.strip().splitlines()):
        if lines and not line.startswith("* "):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)
