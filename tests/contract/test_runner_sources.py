"""Runners know the format of scenarios alone: their own sources hold no name of the contract."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FileDescriptorSet

from tests.support.commands import ROOT

_RUNNERS = ROOT / "tests/contract/runners"
SOURCES: dict[str, tuple[Path, str]] = {
    "python": (ROOT / "service/backscroll_server/contract", ".py"),
    "go": (_RUNNERS / "go", ".go"),
    "java": (_RUNNERS / "java", ".java"),
    "typescript": (_RUNNERS / "typescript/src", ".ts"),
    "rust": (_RUNNERS / "rust", ".rs"),
}
"""For each language the folder of its runner, and how its sources' names end."""

_BUILT = {"node_modules", "target", "dist"}

ALLOWED = frozenset({"Message", "user_id"})
"""The word of protobuf's libraries for any message, and a key of the credentials file."""


def names() -> set[str]:
    """Services, methods, messages, enums and their values, and fields with an underscore, as languages spell them."""
    contract = FileDescriptorSet.FromString((ROOT / "generated/descriptors/backscroll.binpb").read_bytes())
    found: set[str] = set()
    for file in contract.file:
        if file.package == "backscroll.v1":
            for service in file.service:
                found |= {service.name, *(method.name for method in service.method)}
            for message in file.message_type:
                found |= set(_of_message(message))
            for enum in file.enum_type:
                found |= set(_of_enum(enum))
    camel = {name for name in found if not name.isupper() and "_" not in name and _snake(name).count("_")}
    return (found | {_snake(name) for name in camel}) - ALLOWED


def _of_message(message: DescriptorProto) -> Iterator[str]:
    yield message.name
    for one in message.field:
        if "_" in one.name:
            first, *others = one.name.split("_")
            whole = one.name.title().replace("_", "")
            yield from (one.name, first + "".join(map(str.title, others)), whole, f"get{whole}", f"set{whole}")
    for inner in message.nested_type:
        if not inner.options.map_entry:
            yield from _of_message(inner)
    for enum in message.enum_type:
        yield from _of_enum(enum)


def _of_enum(enum: EnumDescriptorProto) -> Iterator[str]:
    yield enum.name
    yield from (value.name for value in enum.value)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def files_of(language: str) -> list[Path]:
    """The sources of a language's runner, without what is built or installed."""
    folder, ending = SOURCES[language]
    return [path for path in sorted(folder.rglob(f"*{ending}")) if not _BUILT & set(path.relative_to(folder).parts)]


def names_in(text: str, searched: set[str]) -> set[str]:
    """The names among those searched that stand in a text as whole words."""
    return searched & set(re.findall(r"\w+", text))


@pytest.mark.parametrize("language", SOURCES)
def test_sources_hold_no_name_of_the_contract(language: str) -> None:
    searched = names()
    found = {path.name: names_in(path.read_text(encoding="utf-8"), searched) for path in files_of(language)}
    assert found, language
    assert {name: sorted(held) for name, held in found.items() if held} == {}


def test_names_are_found_where_they_stand() -> None:
    text = 'send_message("MessageService/DeleteMessages", x_page_size, page_token, pageToken, getPageToken, Member)'
    assert names_in(text, names()) == {
        *("send_message", "MessageService", "DeleteMessages"),
        *("page_token", "pageToken", "getPageToken", "Member"),
    }
