"""Writes messages and enumerations of the contract as tables in Markdown."""

from collections.abc import Iterable, Iterator

from descriptor_comments import Enum, Message
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

_PACKAGE = ".backscroll.v1."
_SCALARS = {number: name.removeprefix("TYPE_").lower() for name, number in FieldDescriptorProto.Type.items()}


def message_table(message: Message) -> Iterator[str]:
    """Yield the lines of a table of a message's fields, the members of a `oneof` below a row of its own."""
    if not message.described.field:
        yield "No fields."
        yield ""
        return
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    begun: set[int] = set()
    for field, comment in zip(message.described.field, message.fields, strict=True):
        member = field.HasField("oneof_index") and not field.proto3_optional
        if member and field.oneof_index not in begun:
            begun.add(field.oneof_index)
            oneof = message.described.oneof_decl[field.oneof_index]
            yield f"| one of `{oneof.name}` | | {_cell(message.oneofs[field.oneof_index])} |"
        mark = "↳ " if member else ""
        yield f"| {mark}`{field.name}` = {field.number} | {_type(field, message.described)} | {_cell(comment)} |"
    yield ""


def enum_table(enum: Enum) -> Iterator[str]:
    """Yield the lines of a table of an enumeration's values."""
    yield "| value | meaning |"
    yield "|---|---|"
    for value, comment in zip(enum.described.value, enum.values, strict=True):
        yield f"| `{value.name}` = {value.number} | {_cell(comment)} |"
    for reserved in enum.described.reserved_range:
        yield f"| {_range(reserved.start, reserved.end)}, reserved | {_cell(enum.reserved)} |"
    yield ""


def types_used(message: Message) -> Iterator[str]:
    """Yield the full names of the contract's types that a message's fields have."""
    entries = {entry.name: entry for entry in message.described.nested_type}
    for field in message.described.field:
        entry = entries.get(_last(field.type_name))
        for part in (field,) if entry is None else entry.field:
            if part.type_name.startswith(_PACKAGE):
                yield part.type_name


def link(type_name: str) -> str:
    """Return a link to a type of the contract, or the name of another one."""
    if not type_name.startswith(_PACKAGE):
        return f"`{type_name.removeprefix('.')}`"
    name = type_name.removeprefix(_PACKAGE)
    return f"[{name}](#{anchor(name)})"


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return "".join(letter for letter in heading.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")


def _type(field: FieldDescriptorProto, message: DescriptorProto) -> str:
    entries = {entry.name: entry for entry in message.nested_type if entry.options.map_entry}
    entry = entries.get(_last(field.type_name))
    if entry is not None:
        key, value = (_type(part, entry) for part in entry.field)
        return f"map of {key} to {value}"
    name = link(field.type_name) if field.type_name else _SCALARS[field.type]
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        return f"repeated {name}"
    return f"optional {name}" if field.proto3_optional else name


def _last(type_name: str) -> str:
    return type_name.rpartition(".")[2]


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _cell(paragraphs: Iterable[str]) -> str:
    return "<br>".join(paragraphs).replace("\n", "<br>").replace("|", "\\|")
