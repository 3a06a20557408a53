"""A later version of the contract, and what its server adds to answers, events and errors."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf import message_factory
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from tests.clients.proxy import Metadata
from tests.support.commands import ROOT

PROTOS = Path(__file__).parent / "later"
_RELEASED = ROOT / "generated/descriptors/backscroll.binpb"
_STATUS = "grpc-status-details-bin"
_DEPTH = 3
"""The depth to which messages are filled that only the later version has."""

EVENT = "backscroll.v1.Event"
CONTENT = "backscroll.v1.Content"
REASON = "backscroll.v1.ErrorReason"

LATER_DEVICE = "a later device"
"""The device of events that the later server adds."""

LATER_METADATA = {"later": "yes"}
"""What the later server adds to the metadata of errors."""

REPLACED_CONTENT = frozenset({"custom", "location", "structured"})
"""The kinds of content in whose place the later server sends a kind of its own."""


class LaterContract:
    """Changes what a server of this version answers into what a later one could.

    Args:
        later: the descriptors of the later version.
        released: those of this version.

    Attributes:
        sent: how often each addition was put into an answer or an error.
    """

    def __init__(self, later: FileDescriptorSet, released: FileDescriptorSet) -> None:
        self._later, self._released = _pool(later), _pool(released)
        self._answers = {
            f"/{file.package}.{service.name}/{method.name}": method.output_type.removeprefix(".")
            for file in later.file
            for service in file.service
            for method in service.method
        }
        self._released_methods = [
            f"/{file.package}.{service.name}/{method.name}"
            for file in released.file
            for service in file.service
            for method in service.method
        ]
        self.sent: Counter[str] = Counter()

    def change(self, method: str, answer: bytes) -> bytes:
        """An answer with everything that a later server may add.

        Args:
            method: the path of the method.
            answer: the answer of a server of this version.
        """
        message = message_factory.GetMessageClass(self.answer_of(method))()
        message.ParseFromString(answer)
        self._change_values(message)
        self._change_contents(message)
        self._add_fields(message)
        for field, value in message.ListFields():
            if field.message_type is not None and field.message_type.full_name == EVENT:
                self._add_events(value)
        return message.SerializeToString()

    def change_error(self, trailer: Metadata) -> Metadata:
        """The metadata at the end of a call, its error with a later reason and more details."""
        if _STATUS not in trailer:
            return trailer
        packed = trailer[_STATUS]
        assert isinstance(packed, bytes)
        status = status_pb2.Status.FromString(packed)
        for detail in status.details:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                info.metadata.update(LATER_METADATA)
                info.reason = self.later_reason()
                detail.Pack(info)
                self.sent[info.DESCRIPTOR.full_name] += 1
        status.details.append(AnyMessage(type_url="type.googleapis.com/backscroll.v1.LaterDetail", value=b"\x0a\x01x"))
        status.details.add().Pack(error_details_pb2.Help(links=[error_details_pb2.Help.Link(url="https://later")]))
        return trailer | {_STATUS: status.SerializeToString()}

    def additions(self) -> set[str]:
        """The full names of what the later version adds to answers and errors of the methods of this version.

        They are fields, enums for their later values, and `google.rpc.ErrorInfo` for later reasons.
        """
        found = {error_details_pb2.ErrorInfo.DESCRIPTOR.full_name}
        seen: set[str] = set()
        ahead = [self.answer_of(method) for method in self._released_methods]
        while ahead:
            described = ahead.pop()
            if described.full_name in seen:
                continue
            seen.add(described.full_name)
            later = set(self._later_fields(described))
            found |= {field.full_name for field in later}
            for field in set(described.fields) - later:
                if field.enum_type is not None and self.later_value(field.enum_type) is not None:
                    found.add(field.enum_type.full_name)
                if field.message_type is not None:
                    ahead.append(field.message_type)
        return found

    def answer_of(self, method: str) -> Descriptor:
        """The message that the method with that path answers."""
        return self.message(self._answers[method])

    def message(self, name: str) -> Descriptor:
        """The message of the later version with that full name."""
        described: Descriptor = self._later.FindMessageTypeByName(name)
        return described

    def later_value(self, enum: EnumDescriptor) -> int | None:
        """The last of the numbers of an enum that only the later version has; None if there is none."""
        known = self._released.FindEnumTypeByName(enum.full_name).values_by_number
        return max((value.number for value in enum.values if value.number not in known), default=None)

    def later_reason(self) -> str:
        """The reason of every error of the later server."""
        reasons: EnumDescriptor = self._later.FindEnumTypeByName(REASON)
        number = self.later_value(reasons)
        assert number is not None
        name: str = reasons.values_by_number[number].name
        return name.removeprefix("ERROR_REASON_")

    def known_kinds(self, name: str) -> list[str]:
        """The kinds that this version has of a message with that full name."""
        return [field.name for field in self._released.FindMessageTypeByName(name).oneofs_by_name["kind"].fields]

    def later_kinds(self, name: str) -> list[FieldDescriptor]:
        """The kinds that only the later version has of a message with that full name."""
        fields = self.message(name).oneofs_by_name["kind"].fields
        return [field for field in fields if field.name not in self.known_kinds(name)]

    def _later_fields(self, described: Descriptor) -> Iterator[FieldDescriptor]:
        """The fields that only the later version has of a message that both have."""
        try:
            known = self._released.FindMessageTypeByName(described.full_name).fields_by_number
        except KeyError:
            return
        for field in described.fields:
            if field.number not in known:
                yield field

    def _add_fields(self, message: Any) -> None:
        """Sets every field that only the later version has, in a message and in those in it, but for kinds."""
        for part in _parts(message):
            for field in self._later_fields(part.DESCRIPTOR):
                if field.containing_oneof is None:
                    _set(part, field, _DEPTH)
                    self.sent[field.full_name] += 1

    def _add_events(self, events: Any) -> None:
        """Puts an event of each later kind before the events of an answer, and one after them."""
        added = [self._event_of(events[0], kind) for kind in self.later_kinds(EVENT)]
        before = [type(event).FromString(event.SerializeToString()) for event in events]
        del events[:]
        events.extend([*added, *before, *added])

    def _event_of(self, like: Message, kind: FieldDescriptor) -> Any:
        event: Any = type(like)()
        event.device_id = LATER_DEVICE
        _set(event, kind, _DEPTH)
        self.sent[kind.full_name] += 1
        return event

    def _change_contents(self, message: Any) -> None:
        """Puts content of a later kind in the place of some known kinds."""
        (kind,) = self.later_kinds(CONTENT)
        for part in _parts(message):
            if part.DESCRIPTOR.full_name == CONTENT and part.WhichOneof("kind") in REPLACED_CONTENT:
                part.Clear()
                _set(part, kind, _DEPTH)
                self.sent[kind.full_name] += 1

    def _change_values(self, message: Any) -> None:
        """Changes every value of an enum that has later ones into the last of them."""
        for part in _parts(message):
            for field, value in part.ListFields():
                later = None if field.enum_type is None else self.later_value(field.enum_type)
                if later is None:
                    continue
                if field.is_repeated:
                    value[:] = [later] * len(value)
                else:
                    setattr(part, field.name, later)
                self.sent[field.enum_type.full_name] += 1


def load() -> LaterContract:
    """The later version, compiled."""
    return LaterContract(_compiled(), FileDescriptorSet.FromString(_RELEASED.read_bytes()))


@cache
def _compiled() -> FileDescriptorSet:
    buf = Path(sys.executable).with_name("buf")
    command = [str(buf), "build", str(PROTOS), "--as-file-descriptor-set", "--output", "-#format=binpb"]
    built = subprocess.run(command, capture_output=True, check=True, cwd=PROTOS)
    return FileDescriptorSet.FromString(built.stdout)


def _pool(files: FileDescriptorSet) -> DescriptorPool:
    pool = DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool


def _parts(message: Any) -> list[Any]:
    """A message and all messages of the contract in it."""
    found = [message]
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.file.package != "backscroll.v1":
            continue
        if field.message_type.GetOptions().map_entry:
            continue
        for inner in value if field.is_repeated else [value]:
            found += _parts(inner)
    return found


def _last_number(field: FieldDescriptor) -> int:
    assert field.enum_type is not None
    return max(value.number for value in field.enum_type.values)


def _set(message: Any, field: FieldDescriptor, depth: int) -> None:
    """Sets a field to some value that is not its default; a message in it is filled too, down to a depth."""
    if field.message_type is not None:
        if field.message_type.GetOptions().map_entry:
            return
        inner = getattr(message, field.name).add() if field.is_repeated else getattr(message, field.name)
        inner.SetInParent()
        chosen: set[str] = set()
        for one in inner.DESCRIPTOR.fields if depth else ():
            oneof = one.containing_oneof
            if oneof is not None and oneof.name in chosen:
                continue
            if oneof is not None:
                chosen.add(oneof.name)
            _set(inner, one, depth - 1)
        return
    value: Any = _last_number(field) if field.enum_type is not None else _SAMPLES[field.cpp_type]
    if field.type == FieldDescriptor.TYPE_BYTES:
        value = b"later"
    if field.is_repeated:
        getattr(message, field.name).append(value)
    else:
        setattr(message, field.name, value)


_SAMPLES: dict[int, Any] = {
    FieldDescriptor.CPPTYPE_BOOL: True,
    FieldDescriptor.CPPTYPE_DOUBLE: 1.5,
    FieldDescriptor.CPPTYPE_INT32: 7,
    FieldDescriptor.CPPTYPE_INT64: 7,
    FieldDescriptor.CPPTYPE_STRING: "later",
}
