import datetime

from backscroll.v1 import conversation_pb2 as _conversation_pb2
from backscroll.v1 import deletion_pb2 as _deletion_pb2
from backscroll.v1 import member_pb2 as _member_pb2
from backscroll.v1 import message_pb2 as _message_pb2
from backscroll.v1 import user_pb2 as _user_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HistoryChangeReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HISTORY_CHANGE_REASON_UNSPECIFIED: _ClassVar[HistoryChangeReason]
    HISTORY_CHANGE_REASON_IMPORTED: _ClassVar[HistoryChangeReason]
    HISTORY_CHANGE_REASON_UNBLOCKED: _ClassVar[HistoryChangeReason]
    HISTORY_CHANGE_REASON_JOINED: _ClassVar[HistoryChangeReason]
HISTORY_CHANGE_REASON_UNSPECIFIED: HistoryChangeReason
HISTORY_CHANGE_REASON_IMPORTED: HistoryChangeReason
HISTORY_CHANGE_REASON_UNBLOCKED: HistoryChangeReason
HISTORY_CHANGE_REASON_JOINED: HistoryChangeReason

class Event(_message.Message):
    __slots__ = ("event_time", "device_id", "notify", "conversation_added", "conversation_changed", "conversation_removed", "message_received", "messages_deleted", "read_position_moved", "history_changed", "total_unread_changed", "user_settings_changed", "members_changed")
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    NOTIFY_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ADDED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_CHANGED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_REMOVED_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_RECEIVED_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_DELETED_FIELD_NUMBER: _ClassVar[int]
    READ_POSITION_MOVED_FIELD_NUMBER: _ClassVar[int]
    HISTORY_CHANGED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_UNREAD_CHANGED_FIELD_NUMBER: _ClassVar[int]
    USER_SETTINGS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    event_time: _timestamp_pb2.Timestamp
    device_id: str
    notify: bool
    conversation_added: ConversationAdded
    conversation_changed: ConversationChanged
    conversation_removed: ConversationRemoved
    message_received: MessageReceived
    messages_deleted: MessagesDeleted
    read_position_moved: ReadPositionMoved
    history_changed: HistoryChanged
    total_unread_changed: TotalUnreadChanged
    user_settings_changed: UserSettingsChanged
    members_changed: MembersChanged
    def __init__(self, event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., device_id: _Optional[str] = ..., notify: bool = ..., conversation_added: _Optional[_Union[ConversationAdded, _Mapping]] = ..., conversation_changed: _Optional[_Union[ConversationChanged, _Mapping]] = ..., conversation_removed: _Optional[_Union[ConversationRemoved, _Mapping]] = ..., message_received: _Optional[_Union[MessageReceived, _Mapping]] = ..., messages_deleted: _Optional[_Union[MessagesDeleted, _Mapping]] = ..., read_position_moved: _Optional[_Union[ReadPositionMoved, _Mapping]] = ..., history_changed: _Optional[_Union[HistoryChanged, _Mapping]] = ..., total_unread_changed: _Optional[_Union[TotalUnreadChanged, _Mapping]] = ..., user_settings_changed: _Optional[_Union[UserSettingsChanged, _Mapping]] = ..., members_changed: _Optional[_Union[MembersChanged, _Mapping]] = ...) -> None: ...

class ConversationAdded(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class ConversationChanged(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class ConversationRemoved(_message.Message):
    __slots__ = ("conversation_id", "scope", "cleared_range", "deleted_by")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    CLEARED_RANGE_FIELD_NUMBER: _ClassVar[int]
    DELETED_BY_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    scope: _deletion_pb2.DeletionScope
    cleared_range: _deletion_pb2.DeletedRange
    deleted_by: str
    def __init__(self, conversation_id: _Optional[str] = ..., scope: _Optional[_Union[_deletion_pb2.DeletionScope, str]] = ..., cleared_range: _Optional[_Union[_deletion_pb2.DeletedRange, _Mapping]] = ..., deleted_by: _Optional[str] = ...) -> None: ...

class MessageReceived(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class MessagesDeleted(_message.Message):
    __slots__ = ("conversation_id", "scope", "reason", "messages", "range")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    scope: _deletion_pb2.DeletionScope
    reason: _deletion_pb2.DeletionReason
    messages: DeletedMessages
    range: _deletion_pb2.DeletedRange
    def __init__(self, conversation_id: _Optional[str] = ..., scope: _Optional[_Union[_deletion_pb2.DeletionScope, str]] = ..., reason: _Optional[_Union[_deletion_pb2.DeletionReason, str]] = ..., messages: _Optional[_Union[DeletedMessages, _Mapping]] = ..., range: _Optional[_Union[_deletion_pb2.DeletedRange, _Mapping]] = ...) -> None: ...

class DeletedMessages(_message.Message):
    __slots__ = ("messages",)
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_message_pb2.Message]
    def __init__(self, messages: _Optional[_Iterable[_Union[_message_pb2.Message, _Mapping]]] = ...) -> None: ...

class ReadPositionMoved(_message.Message):
    __slots__ = ("conversation_id", "reader_id", "read_sequence", "burn_time")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    READER_ID_FIELD_NUMBER: _ClassVar[int]
    READ_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    BURN_TIME_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    reader_id: str
    read_sequence: int
    burn_time: _timestamp_pb2.Timestamp
    def __init__(self, conversation_id: _Optional[str] = ..., reader_id: _Optional[str] = ..., read_sequence: _Optional[int] = ..., burn_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HistoryChanged(_message.Message):
    __slots__ = ("conversation_id", "reason", "first_sequence", "last_sequence")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIRST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    reason: HistoryChangeReason
    first_sequence: int
    last_sequence: int
    def __init__(self, conversation_id: _Optional[str] = ..., reason: _Optional[_Union[HistoryChangeReason, str]] = ..., first_sequence: _Optional[int] = ..., last_sequence: _Optional[int] = ...) -> None: ...

class MembersChanged(_message.Message):
    __slots__ = ("conversation_id", "joined_members", "updated_members", "left_user_ids", "actor_id")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    JOINED_MEMBERS_FIELD_NUMBER: _ClassVar[int]
    UPDATED_MEMBERS_FIELD_NUMBER: _ClassVar[int]
    LEFT_USER_IDS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    joined_members: _containers.RepeatedCompositeFieldContainer[_member_pb2.Member]
    updated_members: _containers.RepeatedCompositeFieldContainer[_member_pb2.Member]
    left_user_ids: _containers.RepeatedScalarFieldContainer[str]
    actor_id: str
    def __init__(self, conversation_id: _Optional[str] = ..., joined_members: _Optional[_Iterable[_Union[_member_pb2.Member, _Mapping]]] = ..., updated_members: _Optional[_Iterable[_Union[_member_pb2.Member, _Mapping]]] = ..., left_user_ids: _Optional[_Iterable[str]] = ..., actor_id: _Optional[str] = ...) -> None: ...

class TotalUnreadChanged(_message.Message):
    __slots__ = ("totals",)
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    totals: _user_pb2.UnreadTotals
    def __init__(self, totals: _Optional[_Union[_user_pb2.UnreadTotals, _Mapping]] = ...) -> None: ...

class UserSettingsChanged(_message.Message):
    __slots__ = ("settings",)
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    settings: _user_pb2.UserSettings
    def __init__(self, settings: _Optional[_Union[_user_pb2.UserSettings, _Mapping]] = ...) -> None: ...
