from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERROR_REASON_UNSPECIFIED: _ClassVar[ErrorReason]
    ERROR_REASON_REQUIRED: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_LONG: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_MANY: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_LARGE: _ClassVar[ErrorReason]
    ERROR_REASON_MALFORMED: _ClassVar[ErrorReason]
    ERROR_REASON_NEGATIVE: _ClassVar[ErrorReason]
    ERROR_REASON_OUT_OF_BOUNDS: _ClassVar[ErrorReason]
    ERROR_REASON_UNKNOWN_ENUM_VALUE: _ClassVar[ErrorReason]
    ERROR_REASON_DUPLICATE_VALUE: _ClassVar[ErrorReason]
    ERROR_REASON_CONFLICTING_FIELDS: _ClassVar[ErrorReason]
    ERROR_REASON_UNKNOWN_FIELD_PATH: _ClassVar[ErrorReason]
    ERROR_REASON_SCOPE_REQUIRED: _ClassVar[ErrorReason]
    ERROR_REASON_IN_THE_FUTURE: _ClassVar[ErrorReason]
    ERROR_REASON_IN_THE_PAST: _ClassVar[ErrorReason]
    ERROR_REASON_PAGE_TOKEN_MALFORMED: _ClassVar[ErrorReason]
    ERROR_REASON_PAGE_TOKEN_MISMATCH: _ClassVar[ErrorReason]
    ERROR_REASON_RESUME_TOKEN_MALFORMED: _ClassVar[ErrorReason]
    ERROR_REASON_RESUME_TOKEN_MISMATCH: _ClassVar[ErrorReason]
    ERROR_REASON_NOT_A_RESUME_TOKEN: _ClassVar[ErrorReason]
    ERROR_REASON_CONSISTENCY_TOKEN_MALFORMED: _ClassVar[ErrorReason]
    ERROR_REASON_UNKNOWN_FIELD: _ClassVar[ErrorReason]
    ERROR_REASON_CONVERSATION_NOT_FOUND: _ClassVar[ErrorReason]
    ERROR_REASON_MESSAGE_NOT_FOUND: _ClassVar[ErrorReason]
    ERROR_REASON_MEMBER_NOT_FOUND: _ClassVar[ErrorReason]
    ERROR_REASON_NAMESPACE_NOT_FOUND: _ClassVar[ErrorReason]
    ERROR_REASON_CONVERSATION_EXISTS: _ClassVar[ErrorReason]
    ERROR_REASON_CLIENT_MESSAGE_ID_REUSED: _ClassVar[ErrorReason]
    ERROR_REASON_NOT_AUTHENTICATED: _ClassVar[ErrorReason]
    ERROR_REASON_NOT_A_MEMBER: _ClassVar[ErrorReason]
    ERROR_REASON_ROLE_TOO_LOW: _ClassVar[ErrorReason]
    ERROR_REASON_SERVICE_ONLY: _ClassVar[ErrorReason]
    ERROR_REASON_NOT_THE_SENDER: _ClassVar[ErrorReason]
    ERROR_REASON_USER_NOT_ALLOWED: _ClassVar[ErrorReason]
    ERROR_REASON_NAMESPACE_NOT_ALLOWED: _ClassVar[ErrorReason]
    ERROR_REASON_RECALL_TOO_LATE: _ClassVar[ErrorReason]
    ERROR_REASON_TYPE_NOT_SUPPORTED: _ClassVar[ErrorReason]
    ERROR_REASON_LAST_OWNER: _ClassVar[ErrorReason]
    ERROR_REASON_RESUME_TOKEN_TOO_OLD: _ClassVar[ErrorReason]
    ERROR_REASON_RESUME_TOKEN_FOREIGN: _ClassVar[ErrorReason]
    ERROR_REASON_CONSISTENCY_TOKEN_FOREIGN: _ClassVar[ErrorReason]
    ERROR_REASON_PAGE_TOKEN_TOO_OLD: _ClassVar[ErrorReason]
    ERROR_REASON_SLOW_READER: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_MANY_STREAMS: _ClassVar[ErrorReason]
    ERROR_REASON_RATE_LIMITED: _ClassVar[ErrorReason]
    ERROR_REASON_OVERLOADED: _ClassVar[ErrorReason]
    ERROR_REASON_RESPONSE_FULL: _ClassVar[ErrorReason]
    ERROR_REASON_DATABASE_UNAVAILABLE: _ClassVar[ErrorReason]
    ERROR_REASON_DISK_FULL: _ClassVar[ErrorReason]
    ERROR_REASON_DATABASE_READ_ONLY: _ClassVar[ErrorReason]
    ERROR_REASON_DATABASE_CORRUPT: _ClassVar[ErrorReason]
    ERROR_REASON_SHUTTING_DOWN: _ClassVar[ErrorReason]
    ERROR_REASON_INTERNAL: _ClassVar[ErrorReason]
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_REQUIRED: ErrorReason
ERROR_REASON_TOO_LONG: ErrorReason
ERROR_REASON_TOO_MANY: ErrorReason
ERROR_REASON_TOO_LARGE: ErrorReason
ERROR_REASON_MALFORMED: ErrorReason
ERROR_REASON_NEGATIVE: ErrorReason
ERROR_REASON_OUT_OF_BOUNDS: ErrorReason
ERROR_REASON_UNKNOWN_ENUM_VALUE: ErrorReason
ERROR_REASON_DUPLICATE_VALUE: ErrorReason
ERROR_REASON_CONFLICTING_FIELDS: ErrorReason
ERROR_REASON_UNKNOWN_FIELD_PATH: ErrorReason
ERROR_REASON_SCOPE_REQUIRED: ErrorReason
ERROR_REASON_IN_THE_FUTURE: ErrorReason
ERROR_REASON_IN_THE_PAST: ErrorReason
ERROR_REASON_PAGE_TOKEN_MALFORMED: ErrorReason
ERROR_REASON_PAGE_TOKEN_MISMATCH: ErrorReason
ERROR_REASON_RESUME_TOKEN_MALFORMED: ErrorReason
ERROR_REASON_RESUME_TOKEN_MISMATCH: ErrorReason
ERROR_REASON_NOT_A_RESUME_TOKEN: ErrorReason
ERROR_REASON_CONSISTENCY_TOKEN_MALFORMED: ErrorReason
ERROR_REASON_UNKNOWN_FIELD: ErrorReason
ERROR_REASON_CONVERSATION_NOT_FOUND: ErrorReason
ERROR_REASON_MESSAGE_NOT_FOUND: ErrorReason
ERROR_REASON_MEMBER_NOT_FOUND: ErrorReason
ERROR_REASON_NAMESPACE_NOT_FOUND: ErrorReason
ERROR_REASON_CONVERSATION_EXISTS: ErrorReason
ERROR_REASON_CLIENT_MESSAGE_ID_REUSED: ErrorReason
ERROR_REASON_NOT_AUTHENTICATED: ErrorReason
ERROR_REASON_NOT_A_MEMBER: ErrorReason
ERROR_REASON_ROLE_TOO_LOW: ErrorReason
ERROR_REASON_SERVICE_ONLY: ErrorReason
ERROR_REASON_NOT_THE_SENDER: ErrorReason
ERROR_REASON_USER_NOT_ALLOWED: ErrorReason
ERROR_REASON_NAMESPACE_NOT_ALLOWED: ErrorReason
ERROR_REASON_RECALL_TOO_LATE: ErrorReason
ERROR_REASON_TYPE_NOT_SUPPORTED: ErrorReason
ERROR_REASON_LAST_OWNER: ErrorReason
ERROR_REASON_RESUME_TOKEN_TOO_OLD: ErrorReason
ERROR_REASON_RESUME_TOKEN_FOREIGN: ErrorReason
ERROR_REASON_CONSISTENCY_TOKEN_FOREIGN: ErrorReason
ERROR_REASON_PAGE_TOKEN_TOO_OLD: ErrorReason
ERROR_REASON_SLOW_READER: ErrorReason
ERROR_REASON_TOO_MANY_STREAMS: ErrorReason
ERROR_REASON_RATE_LIMITED: ErrorReason
ERROR_REASON_OVERLOADED: ErrorReason
ERROR_REASON_RESPONSE_FULL: ErrorReason
ERROR_REASON_DATABASE_UNAVAILABLE: ErrorReason
ERROR_REASON_DISK_FULL: ErrorReason
ERROR_REASON_DATABASE_READ_ONLY: ErrorReason
ERROR_REASON_DATABASE_CORRUPT: ErrorReason
ERROR_REASON_SHUTTING_DOWN: ErrorReason
ERROR_REASON_INTERNAL: ErrorReason

class ItemError(_message.Message):
    __slots__ = ("code", "reason", "message", "field", "metadata")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    reason: ErrorReason
    message: str
    field: str
    metadata: _containers.ScalarMap[str, str]
    def __init__(self, code: _Optional[int] = ..., reason: _Optional[_Union[ErrorReason, str]] = ..., message: _Optional[str] = ..., field: _Optional[str] = ..., metadata: _Optional[_Mapping[str, str]] = ...) -> None: ...
