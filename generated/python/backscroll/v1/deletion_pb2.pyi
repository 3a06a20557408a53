import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DeletionScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELETION_SCOPE_UNSPECIFIED: _ClassVar[DeletionScope]
    DELETION_SCOPE_SELF: _ClassVar[DeletionScope]
    DELETION_SCOPE_EVERYONE: _ClassVar[DeletionScope]

class DeletionReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELETION_REASON_UNSPECIFIED: _ClassVar[DeletionReason]
    DELETION_REASON_HIDDEN: _ClassVar[DeletionReason]
    DELETION_REASON_RECALLED: _ClassVar[DeletionReason]
    DELETION_REASON_ERASED: _ClassVar[DeletionReason]
    DELETION_REASON_EXPIRED: _ClassVar[DeletionReason]
    DELETION_REASON_BURNED: _ClassVar[DeletionReason]

class DeletionOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELETION_OUTCOME_UNSPECIFIED: _ClassVar[DeletionOutcome]
    DELETION_OUTCOME_DELETED: _ClassVar[DeletionOutcome]
    DELETION_OUTCOME_ALREADY_DELETED: _ClassVar[DeletionOutcome]
DELETION_SCOPE_UNSPECIFIED: DeletionScope
DELETION_SCOPE_SELF: DeletionScope
DELETION_SCOPE_EVERYONE: DeletionScope
DELETION_REASON_UNSPECIFIED: DeletionReason
DELETION_REASON_HIDDEN: DeletionReason
DELETION_REASON_RECALLED: DeletionReason
DELETION_REASON_ERASED: DeletionReason
DELETION_REASON_EXPIRED: DeletionReason
DELETION_REASON_BURNED: DeletionReason
DELETION_OUTCOME_UNSPECIFIED: DeletionOutcome
DELETION_OUTCOME_DELETED: DeletionOutcome
DELETION_OUTCOME_ALREADY_DELETED: DeletionOutcome

class DeletedRange(_message.Message):
    __slots__ = ("up_to_sequence", "original_up_to_time")
    UP_TO_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_UP_TO_TIME_FIELD_NUMBER: _ClassVar[int]
    up_to_sequence: int
    original_up_to_time: _timestamp_pb2.Timestamp
    def __init__(self, up_to_sequence: _Optional[int] = ..., original_up_to_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
