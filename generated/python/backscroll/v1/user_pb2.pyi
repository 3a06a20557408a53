import datetime

from backscroll.v1 import conversation_pb2 as _conversation_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UserSettings(_message.Message):
    __slots__ = ("receive_option", "mute_end_time")
    RECEIVE_OPTION_FIELD_NUMBER: _ClassVar[int]
    MUTE_END_TIME_FIELD_NUMBER: _ClassVar[int]
    receive_option: _conversation_pb2.ReceiveOption
    mute_end_time: _timestamp_pb2.Timestamp
    def __init__(self, receive_option: _Optional[_Union[_conversation_pb2.ReceiveOption, str]] = ..., mute_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class UnreadTotals(_message.Message):
    __slots__ = ("unread_count", "muted_unread_count", "unread_conversation_count", "unread_mention_count")
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    MUTED_UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNREAD_CONVERSATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNREAD_MENTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    unread_count: int
    muted_unread_count: int
    unread_conversation_count: int
    unread_mention_count: int
    def __init__(self, unread_count: _Optional[int] = ..., muted_unread_count: _Optional[int] = ..., unread_conversation_count: _Optional[int] = ..., unread_mention_count: _Optional[int] = ...) -> None: ...

class TypeUnreadTotals(_message.Message):
    __slots__ = ("type", "totals")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    type: _conversation_pb2.ConversationType
    totals: UnreadTotals
    def __init__(self, type: _Optional[_Union[_conversation_pb2.ConversationType, str]] = ..., totals: _Optional[_Union[UnreadTotals, _Mapping]] = ...) -> None: ...
