import datetime

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
    CONVERSATION_TYPE_CHAT_ROOM: _ClassVar[ConversationType]
    CONVERSATION_TYPE_SYSTEM: _ClassVar[ConversationType]

class HistoryVisibility(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HISTORY_VISIBILITY_UNSPECIFIED: _ClassVar[HistoryVisibility]
    HISTORY_VISIBILITY_ALL: _ClassVar[HistoryVisibility]
    HISTORY_VISIBILITY_SINCE_JOIN: _ClassVar[HistoryVisibility]

class ReceiveOption(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECEIVE_OPTION_UNSPECIFIED: _ClassVar[ReceiveOption]
    RECEIVE_OPTION_NORMAL: _ClassVar[ReceiveOption]
    RECEIVE_OPTION_BLOCKED: _ClassVar[ReceiveOption]
    RECEIVE_OPTION_MUTED: _ClassVar[ReceiveOption]

class MemberRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEMBER_ROLE_UNSPECIFIED: _ClassVar[MemberRole]
    MEMBER_ROLE_OWNER: _ClassVar[MemberRole]
    MEMBER_ROLE_ADMIN: _ClassVar[MemberRole]
    MEMBER_ROLE_MEMBER: _ClassVar[MemberRole]

class DeletionScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELETION_SCOPE_UNSPECIFIED: _ClassVar[DeletionScope]
    DELETION_SCOPE_SELF: _ClassVar[DeletionScope]
    DELETION_SCOPE_EVERYONE: _ClassVar[DeletionScope]

class DeletionOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELETION_OUTCOME_UNSPECIFIED: _ClassVar[DeletionOutcome]
    DELETION_OUTCOME_DELETED: _ClassVar[DeletionOutcome]
    DELETION_OUTCOME_ALREADY_DELETED: _ClassVar[DeletionOutcome]
CONVERSATION_TYPE_UNSPECIFIED: ConversationType
CONVERSATION_TYPE_SINGLE: ConversationType
CONVERSATION_TYPE_GROUP: ConversationType
CONVERSATION_TYPE_CHAT_ROOM: ConversationType
CONVERSATION_TYPE_SYSTEM: ConversationType
HISTORY_VISIBILITY_UNSPECIFIED: HistoryVisibility
HISTORY_VISIBILITY_ALL: HistoryVisibility
HISTORY_VISIBILITY_SINCE_JOIN: HistoryVisibility
RECEIVE_OPTION_UNSPECIFIED: ReceiveOption
RECEIVE_OPTION_NORMAL: ReceiveOption
RECEIVE_OPTION_BLOCKED: ReceiveOption
RECEIVE_OPTION_MUTED: ReceiveOption
MEMBER_ROLE_UNSPECIFIED: MemberRole
MEMBER_ROLE_OWNER: MemberRole
MEMBER_ROLE_ADMIN: MemberRole
MEMBER_ROLE_MEMBER: MemberRole
DELETION_SCOPE_UNSPECIFIED: DeletionScope
DELETION_SCOPE_SELF: DeletionScope
DELETION_SCOPE_EVERYONE: DeletionScope
DELETION_OUTCOME_UNSPECIFIED: DeletionOutcome
DELETION_OUTCOME_DELETED: DeletionOutcome
DELETION_OUTCOME_ALREADY_DELETED: DeletionOutcome

class ConversationReference(_message.Message):
    __slots__ = ("conversation_id", "type", "target_id", "recipient_id")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TARGET_ID_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_ID_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    type: ConversationType
    target_id: str
    recipient_id: str
    def __init__(self, conversation_id: _Optional[str] = ..., type: _Optional[_Union[ConversationType, str]] = ..., target_id: _Optional[str] = ..., recipient_id: _Optional[str] = ...) -> None: ...

class ConversationSettings(_message.Message):
    __slots__ = ("pinned", "pin_time", "draft", "draft_time", "receive_option", "muted_until", "marks", "attributes")
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
    MUTED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    pinned: bool
    pin_time: _timestamp_pb2.Timestamp
    draft: str
    draft_time: _timestamp_pb2.Timestamp
    receive_option: ReceiveOption
    muted_until: _timestamp_pb2.Timestamp
    marks: _containers.RepeatedScalarFieldContainer[str]
    attributes: _containers.ScalarMap[str, str]
    def __init__(self, pinned: bool = ..., pin_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., draft: _Optional[str] = ..., draft_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., receive_option: _Optional[_Union[ReceiveOption, str]] = ..., muted_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., marks: _Optional[_Iterable[str]] = ..., attributes: _Optional[_Mapping[str, str]] = ...) -> None: ...

class UnreadMention(_message.Message):
    __slots__ = ("sequence", "kind")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    kind: _message_pb2.MentionKind
    def __init__(self, sequence: _Optional[int] = ..., kind: _Optional[_Union[_message_pb2.MentionKind, str]] = ...) -> None: ...

class BurnSettings(_message.Message):
    __slots__ = ("enabled", "duration")
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    duration: _duration_pb2.Duration
    def __init__(self, enabled: bool = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Conversation(_message.Message):
    __slots__ = ("last_message", "conversation_id", "type", "target_id", "name", "attributes", "history_visibility", "burn", "create_time", "member_count", "last_sequence", "role", "left", "unlisted", "activity_time", "settings", "unread_count", "marked_unread", "unread_mention_count", "unread_mentions", "read_sequence")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    LAST_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TARGET_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    HISTORY_VISIBILITY_FIELD_NUMBER: _ClassVar[int]
    BURN_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    MEMBER_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    UNLISTED_FIELD_NUMBER: _ClassVar[int]
    ACTIVITY_TIME_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    MARKED_UNREAD_FIELD_NUMBER: _ClassVar[int]
    UNREAD_MENTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNREAD_MENTIONS_FIELD_NUMBER: _ClassVar[int]
    READ_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    last_message: _message_pb2.Message
    conversation_id: str
    type: ConversationType
    target_id: str
    name: str
    attributes: _containers.ScalarMap[str, str]
    history_visibility: HistoryVisibility
    burn: BurnSettings
    create_time: _timestamp_pb2.Timestamp
    member_count: int
    last_sequence: int
    role: MemberRole
    left: bool
    unlisted: bool
    activity_time: _timestamp_pb2.Timestamp
    settings: ConversationSettings
    unread_count: int
    marked_unread: bool
    unread_mention_count: int
    unread_mentions: _containers.RepeatedCompositeFieldContainer[UnreadMention]
    read_sequence: int
    def __init__(self, last_message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., conversation_id: _Optional[str] = ..., type: _Optional[_Union[ConversationType, str]] = ..., target_id: _Optional[str] = ..., name: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ..., history_visibility: _Optional[_Union[HistoryVisibility, str]] = ..., burn: _Optional[_Union[BurnSettings, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., member_count: _Optional[int] = ..., last_sequence: _Optional[int] = ..., role: _Optional[_Union[MemberRole, str]] = ..., left: bool = ..., unlisted: bool = ..., activity_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., settings: _Optional[_Union[ConversationSettings, _Mapping]] = ..., unread_count: _Optional[int] = ..., marked_unread: bool = ..., unread_mention_count: _Optional[int] = ..., unread_mentions: _Optional[_Iterable[_Union[UnreadMention, _Mapping]]] = ..., read_sequence: _Optional[int] = ...) -> None: ...

class Member(_message.Message):
    __slots__ = ("user_id", "role", "join_time", "read_sequence")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    JOIN_TIME_FIELD_NUMBER: _ClassVar[int]
    READ_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    role: MemberRole
    join_time: _timestamp_pb2.Timestamp
    read_sequence: int
    def __init__(self, user_id: _Optional[str] = ..., role: _Optional[_Union[MemberRole, str]] = ..., join_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., read_sequence: _Optional[int] = ...) -> None: ...

class ItemError(_message.Message):
    __slots__ = ("code", "reason", "message", "field")
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    code: int
    reason: str
    message: str
    field: str
    def __init__(self, code: _Optional[int] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., field: _Optional[str] = ...) -> None: ...
