import datetime

from backscroll.v1 import conversation_pb2 as _conversation_pb2
from backscroll.v1 import conversation_service_pb2 as _conversation_service_pb2
from backscroll.v1 import message_pb2 as _message_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
    __slots__ = ("conversation_id", "cleared_up_to_sequence", "scope")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    CLEARED_UP_TO_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    cleared_up_to_sequence: int
    scope: _conversation_pb2.DeletionScope
    def __init__(self, conversation_id: _Optional[str] = ..., cleared_up_to_sequence: _Optional[int] = ..., scope: _Optional[_Union[_conversation_pb2.DeletionScope, str]] = ...) -> None: ...

class MessageReceived(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ...) -> None: ...

class MessagesDeleted(_message.Message):
    __slots__ = ("conversation_id", "message_ids", "up_to_sequence", "scope", "original_up_to_time")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    UP_TO_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_UP_TO_TIME_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    message_ids: _containers.RepeatedScalarFieldContainer[str]
    up_to_sequence: int
    scope: _conversation_pb2.DeletionScope
    original_up_to_time: _timestamp_pb2.Timestamp
    def __init__(self, conversation_id: _Optional[str] = ..., message_ids: _Optional[_Iterable[str]] = ..., up_to_sequence: _Optional[int] = ..., scope: _Optional[_Union[_conversation_pb2.DeletionScope, str]] = ..., original_up_to_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReadPositionMoved(_message.Message):
    __slots__ = ("conversation_id", "reader_id", "read_sequence", "burn_due_time")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    READER_ID_FIELD_NUMBER: _ClassVar[int]
    READ_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    BURN_DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    reader_id: str
    read_sequence: int
    burn_due_time: _timestamp_pb2.Timestamp
    def __init__(self, conversation_id: _Optional[str] = ..., reader_id: _Optional[str] = ..., read_sequence: _Optional[int] = ..., burn_due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HistoryImported(_message.Message):
    __slots__ = ("conversation_id", "first_sequence", "last_sequence")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    FIRST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    first_sequence: int
    last_sequence: int
    def __init__(self, conversation_id: _Optional[str] = ..., first_sequence: _Optional[int] = ..., last_sequence: _Optional[int] = ...) -> None: ...

class TotalUnreadChanged(_message.Message):
    __slots__ = ("totals",)
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    totals: _conversation_service_pb2.UnreadTotals
    def __init__(self, totals: _Optional[_Union[_conversation_service_pb2.UnreadTotals, _Mapping]] = ...) -> None: ...

class UserSettingsChanged(_message.Message):
    __slots__ = ("settings",)
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    settings: _conversation_service_pb2.UserSettings
    def __init__(self, settings: _Optional[_Union[_conversation_service_pb2.UserSettings, _Mapping]] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("conversation_added", "conversation_changed", "conversation_removed", "message_received", "messages_deleted", "read_position_moved", "history_imported", "total_unread_changed", "user_settings_changed", "device_id", "notify", "time")
    CONVERSATION_ADDED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_CHANGED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_REMOVED_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_RECEIVED_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_DELETED_FIELD_NUMBER: _ClassVar[int]
    READ_POSITION_MOVED_FIELD_NUMBER: _ClassVar[int]
    HISTORY_IMPORTED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_UNREAD_CHANGED_FIELD_NUMBER: _ClassVar[int]
    USER_SETTINGS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    NOTIFY_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    conversation_added: ConversationAdded
    conversation_changed: ConversationChanged
    conversation_removed: ConversationRemoved
    message_received: MessageReceived
    messages_deleted: MessagesDeleted
    read_position_moved: ReadPositionMoved
    history_imported: HistoryImported
    total_unread_changed: TotalUnreadChanged
    user_settings_changed: UserSettingsChanged
    device_id: str
    notify: bool
    time: _timestamp_pb2.Timestamp
    def __init__(self, conversation_added: _Optional[_Union[ConversationAdded, _Mapping]] = ..., conversation_changed: _Optional[_Union[ConversationChanged, _Mapping]] = ..., conversation_removed: _Optional[_Union[ConversationRemoved, _Mapping]] = ..., message_received: _Optional[_Union[MessageReceived, _Mapping]] = ..., messages_deleted: _Optional[_Union[MessagesDeleted, _Mapping]] = ..., read_position_moved: _Optional[_Union[ReadPositionMoved, _Mapping]] = ..., history_imported: _Optional[_Union[HistoryImported, _Mapping]] = ..., total_unread_changed: _Optional[_Union[TotalUnreadChanged, _Mapping]] = ..., user_settings_changed: _Optional[_Union[UserSettingsChanged, _Mapping]] = ..., device_id: _Optional[str] = ..., notify: bool = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
