from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HistoryToken(_message.Message):
    __slots__ = ("version", "conversation", "user", "down", "boundary", "query_digest", "seen_position", "seen_check", "epoch")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    DOWN_FIELD_NUMBER: _ClassVar[int]
    BOUNDARY_FIELD_NUMBER: _ClassVar[int]
    QUERY_DIGEST_FIELD_NUMBER: _ClassVar[int]
    SEEN_POSITION_FIELD_NUMBER: _ClassVar[int]
    SEEN_CHECK_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    version: int
    conversation: int
    user: int
    down: bool
    boundary: int
    query_digest: bytes
    seen_position: int
    seen_check: int
    epoch: int
    def __init__(self, version: _Optional[int] = ..., conversation: _Optional[int] = ..., user: _Optional[int] = ..., down: bool = ..., boundary: _Optional[int] = ..., query_digest: _Optional[bytes] = ..., seen_position: _Optional[int] = ..., seen_check: _Optional[int] = ..., epoch: _Optional[int] = ...) -> None: ...

class ConversationListToken(_message.Message):
    __slots__ = ("version", "user", "query_digest", "first_position", "pin_time", "activity_time", "conversation", "conversation_id", "end_position", "first_check", "seen_position", "seen_check", "epoch")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    QUERY_DIGEST_FIELD_NUMBER: _ClassVar[int]
    FIRST_POSITION_FIELD_NUMBER: _ClassVar[int]
    PIN_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTIVITY_TIME_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    END_POSITION_FIELD_NUMBER: _ClassVar[int]
    FIRST_CHECK_FIELD_NUMBER: _ClassVar[int]
    SEEN_POSITION_FIELD_NUMBER: _ClassVar[int]
    SEEN_CHECK_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    version: int
    user: int
    query_digest: bytes
    first_position: int
    pin_time: int
    activity_time: int
    conversation: int
    conversation_id: str
    end_position: int
    first_check: int
    seen_position: int
    seen_check: int
    epoch: int
    def __init__(self, version: _Optional[int] = ..., user: _Optional[int] = ..., query_digest: _Optional[bytes] = ..., first_position: _Optional[int] = ..., pin_time: _Optional[int] = ..., activity_time: _Optional[int] = ..., conversation: _Optional[int] = ..., conversation_id: _Optional[str] = ..., end_position: _Optional[int] = ..., first_check: _Optional[int] = ..., seen_position: _Optional[int] = ..., seen_check: _Optional[int] = ..., epoch: _Optional[int] = ...) -> None: ...

class MemberListToken(_message.Message):
    __slots__ = ("version", "conversation", "user", "query_digest", "after_order", "seen_position", "seen_check", "epoch")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    QUERY_DIGEST_FIELD_NUMBER: _ClassVar[int]
    AFTER_ORDER_FIELD_NUMBER: _ClassVar[int]
    SEEN_POSITION_FIELD_NUMBER: _ClassVar[int]
    SEEN_CHECK_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    version: int
    conversation: int
    user: int
    query_digest: bytes
    after_order: int
    seen_position: int
    seen_check: int
    epoch: int
    def __init__(self, version: _Optional[int] = ..., conversation: _Optional[int] = ..., user: _Optional[int] = ..., query_digest: _Optional[bytes] = ..., after_order: _Optional[int] = ..., seen_position: _Optional[int] = ..., seen_check: _Optional[int] = ..., epoch: _Optional[int] = ...) -> None: ...

class ResumeToken(_message.Message):
    __slots__ = ("version", "epoch", "user_digest", "position", "check")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    USER_DIGEST_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    CHECK_FIELD_NUMBER: _ClassVar[int]
    version: int
    epoch: int
    user_digest: bytes
    position: int
    check: int
    def __init__(self, version: _Optional[int] = ..., epoch: _Optional[int] = ..., user_digest: _Optional[bytes] = ..., position: _Optional[int] = ..., check: _Optional[int] = ...) -> None: ...

class ConsistencyToken(_message.Message):
    __slots__ = ("version", "epoch", "position", "check")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    CHECK_FIELD_NUMBER: _ClassVar[int]
    version: int
    epoch: int
    position: int
    check: int
    def __init__(self, version: _Optional[int] = ..., epoch: _Optional[int] = ..., position: _Optional[int] = ..., check: _Optional[int] = ...) -> None: ...

class SignedToken(_message.Message):
    __slots__ = ("history", "conversation_list", "member_list", "resume", "consistency", "checksum")
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_LIST_FIELD_NUMBER: _ClassVar[int]
    MEMBER_LIST_FIELD_NUMBER: _ClassVar[int]
    RESUME_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    CHECKSUM_FIELD_NUMBER: _ClassVar[int]
    history: HistoryToken
    conversation_list: ConversationListToken
    member_list: MemberListToken
    resume: ResumeToken
    consistency: ConsistencyToken
    checksum: int
    def __init__(self, history: _Optional[_Union[HistoryToken, _Mapping]] = ..., conversation_list: _Optional[_Union[ConversationListToken, _Mapping]] = ..., member_list: _Optional[_Union[MemberListToken, _Mapping]] = ..., resume: _Optional[_Union[ResumeToken, _Mapping]] = ..., consistency: _Optional[_Union[ConsistencyToken, _Mapping]] = ..., checksum: _Optional[int] = ...) -> None: ...
