import datetime

from backscroll.v1 import member_pb2 as _member_pb2
from backscroll.v1 import message_pb2 as _message_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConversationType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONVERSATION_TYPE_UNSPECIFIED: _ClassVar[ConversationType]
    CONVERSATION_TYPE_SINGLE: _ClassVar[ConversationType]
    CONVERSATION_TYPE_GROUP: _ClassVar[ConversationType]
    CONVERSATION_TYPE_SYSTEM: _ClassVar[ConversationType]
    CONVERSATION_TYPE_CHAT_ROOM: _ClassVar[ConversationType]

class HistoryVisibility(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HISTORY_VISIBILITY_UNSPECIFIED: _ClassVar[HistoryVisibility]
    HISTORY_VISIBILITY_ALL: _ClassVar[HistoryVisibility]
    HISTORY_VISIBILITY_SINCE_JOIN: _ClassVar[HistoryVisibility]

class ReceiveOption(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECEIVE_OPTION_UNSPECIFIED: _ClassVar[ReceiveOption]
    RECEIVE_OPTION_BLOCKED: _ClassVar[ReceiveOption]
    RECEIVE_OPTION_MUTED: _ClassVar[ReceiveOption]
    RECEIVE_OPTION_NORMAL: _ClassVar[ReceiveOption]
CONVERSATION_TYPE_UNSPECIFIED: ConversationType
CONVERSATION_TYPE_SINGLE: ConversationType
CONVERSATION_TYPE_GROUP: ConversationType
CONVERSATION_TYPE_SYSTEM: ConversationType
CONVERSATION_TYPE_CHAT_ROOM: ConversationType
HISTORY_VISIBILITY_UNSPECIFIED: HistoryVisibility
HISTORY_VISIBILITY_ALL: HistoryVisibility
HISTORY_VISIBILITY_SINCE_JOIN: HistoryVisibility
RECEIVE_OPTION_UNSPECIFIED: ReceiveOption
RECEIVE_OPTION_BLOCKED: ReceiveOption
RECEIVE_OPTION_MUTED: ReceiveOption
RECEIVE_OPTION_NORMAL: ReceiveOption

class ConversationTarget(_message.Message):
    __slots__ = ("type", "id", "recipient_id")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_ID_FIELD_NUMBER: _ClassVar[int]
    type: ConversationType
    id: str
    recipient_id: str
    def __init__(self, type: _Optional[_Union[ConversationType, str]] = ..., id: _Optional[str] = ..., recipient_id: _Optional[str] = ...) -> None: ...

class ConversationReference(_message.Message):
    __slots__ = ("conversation_id", "target")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    target: ConversationTarget
    def __init__(self, conversation_id: _Optional[str] = ..., target: _Optional[_Union[ConversationTarget, _Mapping]] = ...) -> None: ...

class ConversationProperties(_message.Message):
    __slots__ = ("name", "attributes", "history_visibility", "burn")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    HISTORY_VISIBILITY_FIELD_NUMBER: _ClassVar[int]
    BURN_FIELD_NUMBER: _ClassVar[int]
    name: str
    attributes: _containers.ScalarMap[str, str]
    history_visibility: HistoryVisibility
    burn: BurnSettings
    def __init__(self, name: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ..., history_visibility: _Optional[_Union[HistoryVisibility, str]] = ..., burn: _Optional[_Union[BurnSettings, _Mapping]] = ...) -> None: ...

class BurnSettings(_message.Message):
    __slots__ = ("enabled", "duration")
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    duration: _duration_pb2.Duration
    def __init__(self, enabled: bool = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ConversationSettings(_message.Message):
    __slots__ = ("pinned", "pin_time", "draft", "draft_time", "receive_option", "mute_end_time", "marks", "attributes")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    PINNED_FIELD_NUMBER: _ClassVar[int]
    PIN_TIME_FIELD_NUMBER: _ClassVar[int]
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    DRAFT_TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_OPTION_FIELD_NUMBER: _ClassVar[int]
    MUTE_END_TIME_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    pinned: bool
    pin_time: _timestamp_pb2.Timestamp
    draft: str
    draft_time: _timestamp_pb2.Timestamp
    receive_option: ReceiveOption
    mute_end_time: _timestamp_pb2.Timestamp
    marks: _containers.RepeatedScalarFieldContainer[str]
    attributes: _containers.ScalarMap[str, str]
    def __init__(self, pinned: bool = ..., pin_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., draft: _Optional[str] = ..., draft_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., receive_option: _Optional[_Union[ReceiveOption, str]] = ..., mute_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., marks: _Optional[_Iterable[str]] = ..., attributes: _Optional[_Mapping[str, str]] = ...) -> None: ...

class UnreadMention(_message.Message):
    __slots__ = ("sequence", "kind")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    kind: _message_pb2.MentionKind
    def __init__(self, sequence: _Optional[int] = ..., kind: _Optional[_Union[_message_pb2.MentionKind, str]] = ...) -> None: ...

class Conversation(_message.Message):
    __slots__ = ("conversation_id", "type", "target_id", "properties", "create_time", "member_count", "role", "left", "unlisted", "settings", "activity_time", "last_sequence", "read_sequence", "unread_count", "last_message", "unread_mention_count", "unread_mentions", "marked_unread", "unread_floor_sequence", "unread_from_sequence", "mention_floor_sequence")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TARGET_ID_FIELD_NUMBER: _ClassVar[int]
    PROPERTIES_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    MEMBER_COUNT_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    UNLISTED_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    ACTIVITY_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    READ_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    UNREAD_MENTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNREAD_MENTIONS_FIELD_NUMBER: _ClassVar[int]
    MARKED_UNREAD_FIELD_NUMBER: _ClassVar[int]
    UNREAD_FLOOR_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    UNREAD_FROM_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    MENTION_FLOOR_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    type: ConversationType
    target_id: str
    properties: ConversationProperties
    create_time: _timestamp_pb2.Timestamp
    member_count: int
    role: _member_pb2.MemberRole
    left: bool
    unlisted: bool
    settings: ConversationSettings
    activity_time: _timestamp_pb2.Timestamp
    last_sequence: int
    read_sequence: int
    unread_count: int
    last_message: _message_pb2.Message
    unread_mention_count: int
    unread_mentions: _containers.RepeatedCompositeFieldContainer[UnreadMention]
    marked_unread: bool
    unread_floor_sequence: int
    unread_from_sequence: int
    mention_floor_sequence: int
    def __init__(self, conversation_id: _Optional[str] = ..., type: _Optional[_Union[ConversationType, str]] = ..., target_id: _Optional[str] = ..., properties: _Optional[_Union[ConversationProperties, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., member_count: _Optional[int] = ..., role: _Optional[_Union[_member_pb2.MemberRole, str]] = ..., left: bool = ..., unlisted: bool = ..., settings: _Optional[_Union[ConversationSettings, _Mapping]] = ..., activity_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_sequence: _Optional[int] = ..., read_sequence: _Optional[int] = ..., unread_count: _Optional[int] = ..., last_message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., unread_mention_count: _Optional[int] = ..., unread_mentions: _Optional[_Iterable[_Union[UnreadMention, _Mapping]]] = ..., marked_unread: bool = ..., unread_floor_sequence: _Optional[int] = ..., unread_from_sequence: _Optional[int] = ..., mention_floor_sequence: _Optional[int] = ...) -> None: ...
