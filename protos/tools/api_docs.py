"""Renders a described contract as Markdown: services and calls first, then messages and enumerations."""

from collections.abc import Iterator, Sequence

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    ServiceDescriptorProto,
)

_HEADER = """# API

Generated from the comments of [`protos/backscroll/v1`](../protos/backscroll/v1) by `make proto`. The rules behind
it are in [semantics.md](semantics.md).
"""

_PACKAGE = ".backscroll.v1."

# Field numbers in descriptor.proto, of which the paths of comments are made.
_FILE_MESSAGES, _FILE_ENUMS, _FILE_SERVICES = 4, 5, 6
_SERVICE_METHODS, _MESSAGE_FIELDS, _ENUM_VALUES = 2, 2, 2

_SCALARS = {number: name.removeprefix("TYPE_").lower() for name, number in FieldDescriptorProto.Type.items()}


def render(described: FileDescriptorSet) -> str:
    """Return the whole contract as Markdown.

    Args:
        described: the contract's files with source info.
    """
    services, messages, enums = [], [], []
    for file in described.file:
        comments = _Comments(file)
        services += [_service(service, comments, i) for i, service in enumerate(file.service)]
        messages += [_message(message, comments, i) for i, message in enumerate(file.message_type)]
        enums += [_enum(enum, comments, i) for i, enum in enumerate(file.enum_type)]
    return "\n".join([_HEADER, *services, "## Messages\n", *sorted(messages), "## Enumerations\n", *sorted(enums)])


class _Comments:
    """The comments of one file by the path of what they describe."""

    def __init__(self, file: FileDescriptorProto) -> None:
        self._texts = {tuple(location.path): location.leading_comments for location in file.source_code_info.location}

    def at(self, *path: int) -> str:
        """Return the comment, its lines joined, its paragraphs kept."""
        paragraphs = self._texts.get(path, "").strip().split("\n\n")
        return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)


def _service(service: ServiceDescriptorProto, comments: _Comments, index: int) -> str:
    lines = [f"## {service.name}\n", comments.at(_FILE_SERVICES, index), ""]
    for number, method in enumerate(service.method):
        request = ("stream of " if method.client_streaming else "") + _link(method.input_type)
        answer = ("stream of " if method.server_streaming else "") + _link(method.output_type)
        lines += [f"### {method.name}\n", f"{request} → {answer}\n"]
        lines += [comments.at(_FILE_SERVICES, index, _SERVICE_METHODS, number), ""]
    return "\n".join(lines)


def _message(message: DescriptorProto, comments: _Comments, index: int) -> str:
    lines = [f"### {message.name}\n", comments.at(_FILE_MESSAGES, index), ""]
    if message.field:
        lines += ["| field | type | meaning |", "|---|---|---|"]
        lines += list(_fields(message, comments, index))
        lines.append("")
    return "\n".join(lines)


def _fields(message: DescriptorProto, comments: _Comments, index: int) -> Iterator[str]:
    maps = {nested.name: nested for nested in message.nested_type if nested.options.map_entry}
    for number, field in enumerate(message.field):
        kind = _type(field, maps)
        if field.HasField("oneof_index") and not field.proto3_optional:
            kind += f"<br>one of `{message.oneof_decl[field.oneof_index].name}`"
        text = comments.at(_FILE_MESSAGES, index, _MESSAGE_FIELDS, number).replace("\n\n", "<br>").replace("|", "\\|")
        yield f"| `{field.name}` = {field.number} | {kind} | {text} |"


def _type(field: FieldDescriptorProto, maps: dict[str, DescriptorProto]) -> str:
    entry = maps.get(field.type_name.rpartition(".")[2])
    if entry is not None:
        key, value = (_type(part, {}) for part in entry.field)
        return f"map of {key} to {value}"
    name = _link(field.type_name) if field.type_name else _SCALARS[field.type]
    return f"repeated {name}" if field.label == FieldDescriptorProto.LABEL_REPEATED else name


def _enum(enum: EnumDescriptorProto, comments: _Comments, index: int) -> str:
    lines = [f"### {enum.name}\n", comments.at(_FILE_ENUMS, index), "", "| value | meaning |", "|---|---|"]
    for number, value in enumerate(enum.value):
        lines.append(f"| `{value.name}` = {value.number} | {comments.at(_FILE_ENUMS, index, _ENUM_VALUES, number)} |")
    return "\n".join([*lines, ""])


def _link(type_name: str) -> str:
    if not type_name.startswith(_PACKAGE):
        return f"`{type_name.removeprefix('.')}`"
    name = type_name.removeprefix(_PACKAGE)
    return f"[{name}](#{_anchor([name])})"


def _anchor(parts: Sequence[str]) -> str:
    return "-".join(parts).lower()
