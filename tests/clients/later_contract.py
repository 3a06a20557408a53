"""A later version of the contract, and what its server adds to answers, events and errors."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf import message_factory
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.descriptor import Descriptor, FieldDescriptor
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

LATER_REASON = "EDITED_MEANWHILE"


class LaterContract:
    """Changes what a server of this version answers into what a later one could.

    Args:
        later: the descriptors of the later version.
        released: those of this version.
    """

    def __init__(self, later: FileDescriptorSet, released: FileDescriptorSet) -> None:
        self._later, self._released = _pool(later), _pool(released)
        self._answers = {
            f"/{file.package}.{service.name}/{method.name}": method.output_type.removeprefix(".")
            for file in later.file
            for service in file.service
            for method in service.method
        }

    def change(self, method: str, answer: bytes, *, every_value: bool) -> bytes:
        """An answer with everything that a later server may add.

        Args:
            method: the path of the method.
            answer: the answer of a server of this version.
            every_value: true if values of enums become ones that only the later version has.
        """
        message = self._new(self._answers[method])
        message.ParseFromString(answer)
        if every_value:
            self._change_values(message)
        self._add_fields(message)
        if method.endswith("/WatchEvents") and message.events:
            self._add_events(message.events)
        return message.SerializeToString()

    def change_error(self, trailer: Metadata, *, every_value: bool) -> Metadata:
        """The metadata at the end of a call, its error with more details, and perhaps with a later reason."""
        if _STATUS not in trailer:
            return trailer
        packed = trailer[_STATUS]
        assert isinstance(packed, bytes)
        status = status_pb2.Status.FromString(packed)
        for detail in status.details:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                info.metadata["later"] = "yes"
                if every_value:
                    info.reason = LATER_REASON
                detail.Pack(info)
        status.details.append(AnyMessage(type_url="type.googleapis.com/backscroll.v1.LaterDetail", value=b"\x0a\x01x"))
        status.details.add().Pack(error_details_pb2.Help(links=[error_details_pb2.Help.Link(url="https://later")]))
        return trailer | {_STATUS: status.SerializeToString()}

    def _new(self, name: str) -> Any:
        return message_factory.GetMessageClass(self._later.FindMessageTypeByName(name))()

    def _later_fields(self, described: Descriptor) -> Iterator[FieldDescriptor]:
        """The fields of a message that this version does not have, but for kinds in place of known ones."""
        try:
            known = self._released.FindMessageTypeByName(described.full_name).fields_by_number
        except KeyError:
            known = {}
        for field in described.fields:
            if field.number not in known and (not known or field.containing_oneof is None):
                yield field

    def _add_fields(self, message: Any) -> None:
        """Sets every field that only the later version has, in a message and in those in it."""
        for part in _parts(message):
            for field in self._later_fields(part.DESCRIPTOR):
                _set(part, field, _DEPTH)

    def _add_events(self, events: Any) -> None:
        """Puts events around those of an answer: of kinds that came later, and a conversation of a type that did."""
        states = [
            event for event in events if event.WhichOneof("kind") in {"conversation_added", "conversation_changed"}
        ]
        kinds = self._later_kinds(events[0].DESCRIPTOR)
        around = [self._event_of(events[0], kind) for kind in kinds]
        before = [type(events[0]).FromString(event.SerializeToString()) for event in events]
        if states:
            thread = type(events[0])()
            conversation = thread.conversation_changed.conversation
            conversation.conversation_id = "a-thread"
            conversation.type = _last_number(conversation.DESCRIPTOR.fields_by_name["type"])
            conversation.role = _last_number(conversation.DESCRIPTOR.fields_by_name["role"])
            around.append(thread)
        del events[:]
        events.extend([*around, *before, *around[: len(kinds)]])

    def _later_kinds(self, described: Descriptor) -> list[FieldDescriptor]:
        known = self._released.FindMessageTypeByName(described.full_name).fields_by_number
        return [field for field in described.oneofs_by_name["kind"].fields if field.number not in known]

    def _event_of(self, like: Message, kind: FieldDescriptor) -> Any:
        event: Any = type(like)()
        event.device_id = "a later device"
        _set(event, kind, _DEPTH)
        return event

    def _change_values(self, message: Any) -> None:
        """Changes every value of an enum that has later ones into the last of them."""
        for part in _parts(message):
            for field, value in part.ListFields():
                if field.enum_type is None:
                    continue
                known = self._released.FindEnumTypeByName(field.enum_type.full_name).values_by_number
                later = [value.number for value in field.enum_type.values if value.number not in known]
                if not later:
                    continue
                if field.is_repeated:
                    value[:] = [later[0]] * len(value)
                else:
                    setattr(part, field.name, later[0])


def load() -> LaterContract:
    """Compiles the later version."""
    buf = Path(sys.executable).with_name("buf")
    command = [str(buf), "build", str(PROTOS), "--as-file-descriptor-set", "--output", "-#format=binpb"]
    built = subprocess.run(command, capture_output=True, check=True, cwd=PROTOS)
    return LaterContract(
        FileDescriptorSet.FromString(built.stdout), FileDescriptorSet.FromString(_RELEASED.read_bytes())
    )


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
