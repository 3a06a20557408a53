import datetime

from backscroll.v1 import consistency_pb2 as _consistency_pb2
from backscroll.v1 import conversation_pb2 as _conversation_pb2
from backscroll.v1 import deletion_pb2 as _deletion_pb2
from backscroll.v1 import error_pb2 as _error_pb2
from backscroll.v1 import member_pb2 as _member_pb2
from backscroll.v1 import message_pb2 as _message_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SearchDirection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEARCH_DIRECTION_UNSPECIFIED: _ClassVar[SearchDirection]
    SEARCH_DIRECTION_UP: _ClassVar[SearchDirection]
    SEARCH_DIRECTION_DOWN: _ClassVar[SearchDirection]

class HistoryPosition(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HISTORY_POSITION_UNSPECIFIED: _ClassVar[HistoryPosition]
    HISTORY_POSITION_NEWEST: _ClassVar[HistoryPosition]
    HISTORY_POSITION_OLDEST: _ClassVar[HistoryPosition]
    HISTORY_POSITION_FIRST_UNREAD: _ClassVar[HistoryPosition]
SEARCH_DIRECTION_UNSPECIFIED: SearchDirection
SEARCH_DIRECTION_UP: SearchDirection
SEARCH_DIRECTION_DOWN: SearchDirection
HISTORY_POSITION_UNSPECIFIED: HistoryPosition
HISTORY_POSITION_NEWEST: HistoryPosition
HISTORY_POSITION_OLDEST: HistoryPosition
HISTORY_POSITION_FIRST_UNREAD: HistoryPosition

class HistoryStart(_message.Message):
    __slots__ = ("position", "message_id", "sequence", "start_time")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    position: HistoryPosition
    message_id: str
    sequence: int
    start_time: _timestamp_pb2.Timestamp
    def __init__(self, position: _Optional[_Union[HistoryPosition, str]] = ..., message_id: _Optional[str] = ..., sequence: _Optional[int] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MessageFilter(_message.Message):
    __slots__ = ("sender_ids", "content_types", "start_time", "end_time", "mentions_me")
    SENDER_IDS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPES_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_ME_FIELD_NUMBER: _ClassVar[int]
    sender_ids: _containers.RepeatedScalarFieldContainer[str]
    content_types: _containers.RepeatedScalarFieldContainer[_message_pb2.ContentType]
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    mentions_me: bool
    def __init__(self, sender_ids: _Optional[_Iterable[str]] = ..., content_types: _Optional[_Iterable[_Union[_message_pb2.ContentType, str]]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., mentions_me: bool = ...) -> None: ...

class SendMessageRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "message", "keep_unread", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    KEEP_UNREAD_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    message: _message_pb2.OutgoingMessage
    keep_unread: bool
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., message: _Optional[_Union[_message_pb2.OutgoingMessage, _Mapping]] = ..., keep_unread: bool = ..., as_service: bool = ...) -> None: ...

class SendMessageResponse(_message.Message):
    __slots__ = ("message", "duplicate", "consistency_token")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    duplicate: bool
    consistency_token: str
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., duplicate: bool = ..., consistency_token: _Optional[str] = ...) -> None: ...

class SendItem(_message.Message):
    __slots__ = ("conversation", "message", "keep_unread", "sender_id")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    KEEP_UNREAD_FIELD_NUMBER: _ClassVar[int]
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.ConversationReference
    message: _message_pb2.OutgoingMessage
    keep_unread: bool
    sender_id: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., message: _Optional[_Union[_message_pb2.OutgoingMessage, _Mapping]] = ..., keep_unread: bool = ..., sender_id: _Optional[str] = ...) -> None: ...

class BatchSendMessagesRequest(_message.Message):
    __slots__ = ("user_id", "items", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    items: _containers.RepeatedCompositeFieldContainer[SendItem]
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[SendItem, _Mapping]]] = ..., as_service: bool = ...) -> None: ...

class SentMessage(_message.Message):
    __slots__ = ("message_id", "conversation_id", "sequence", "create_time", "duplicate")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    conversation_id: str
    sequence: int
    create_time: _timestamp_pb2.Timestamp
    duplicate: bool
    def __init__(self, message_id: _Optional[str] = ..., conversation_id: _Optional[str] = ..., sequence: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., duplicate: bool = ...) -> None: ...

class SendResult(_message.Message):
    __slots__ = ("message", "error")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    message: SentMessage
    error: _error_pb2.ItemError
    def __init__(self, message: _Optional[_Union[SentMessage, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ...) -> None: ...

class BatchSendMessagesResponse(_message.Message):
    __slots__ = ("results", "consistency_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[SendResult]
    consistency_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[SendResult, _Mapping]]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ImportedMessage(_message.Message):
    __slots__ = ("sender_id", "original_time", "message")
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_TIME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    sender_id: str
    original_time: _timestamp_pb2.Timestamp
    message: _message_pb2.OutgoingMessage
    def __init__(self, sender_id: _Optional[str] = ..., original_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., message: _Optional[_Union[_message_pb2.OutgoingMessage, _Mapping]] = ...) -> None: ...

class ImportMessagesRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "messages", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    messages: _containers.RepeatedCompositeFieldContainer[ImportedMessage]
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., messages: _Optional[_Iterable[_Union[ImportedMessage, _Mapping]]] = ..., as_service: bool = ...) -> None: ...

class ImportMessagesResponse(_message.Message):
    __slots__ = ("imported_count", "duplicate_count", "last_sequence", "consistency_token")
    IMPORTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    imported_count: int
    duplicate_count: int
    last_sequence: int
    consistency_token: str
    def __init__(self, imported_count: _Optional[int] = ..., duplicate_count: _Optional[int] = ..., last_sequence: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListMessagesRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "start", "direction", "page_size", "page_token", "filter", "include_tombstones", "include_start", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOMBSTONES_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_START_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    start: HistoryStart
    direction: SearchDirection
    page_size: int
    page_token: str
    filter: MessageFilter
    include_tombstones: bool
    include_start: bool
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., start: _Optional[_Union[HistoryStart, _Mapping]] = ..., direction: _Optional[_Union[SearchDirection, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[_Union[MessageFilter, _Mapping]] = ..., include_tombstones: bool = ..., include_start: bool = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class ListMessagesResponse(_message.Message):
    __slots__ = ("messages", "next_page_token", "opposite_page_token", "scan_limited", "states", "resume_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    OPPOSITE_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SCAN_LIMITED_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_message_pb2.Message]
    next_page_token: str
    opposite_page_token: str
    scan_limited: bool
    states: _containers.RepeatedCompositeFieldContainer[_message_pb2.MessageState]
    resume_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[_message_pb2.Message, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., opposite_page_token: _Optional[str] = ..., scan_limited: bool = ..., states: _Optional[_Iterable[_Union[_message_pb2.MessageState, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ListMessagesAroundRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "anchor", "older_count", "newer_count", "include_tombstones", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_FIELD_NUMBER: _ClassVar[int]
    OLDER_COUNT_FIELD_NUMBER: _ClassVar[int]
    NEWER_COUNT_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOMBSTONES_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    anchor: HistoryStart
    older_count: int
    newer_count: int
    include_tombstones: bool
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., anchor: _Optional[_Union[HistoryStart, _Mapping]] = ..., older_count: _Optional[int] = ..., newer_count: _Optional[int] = ..., include_tombstones: bool = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class ListMessagesAroundResponse(_message.Message):
    __slots__ = ("messages", "anchor_index", "older_page_token", "newer_page_token", "states", "resume_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_INDEX_FIELD_NUMBER: _ClassVar[int]
    OLDER_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NEWER_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_message_pb2.Message]
    anchor_index: int
    older_page_token: str
    newer_page_token: str
    states: _containers.RepeatedCompositeFieldContainer[_message_pb2.MessageState]
    resume_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[_message_pb2.Message, _Mapping]]] = ..., anchor_index: _Optional[int] = ..., older_page_token: _Optional[str] = ..., newer_page_token: _Optional[str] = ..., states: _Optional[_Iterable[_Union[_message_pb2.MessageState, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class GetMessageRequest(_message.Message):
    __slots__ = ("user_id", "message_id", "include_tombstones", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOMBSTONES_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    message_id: str
    include_tombstones: bool
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., message_id: _Optional[str] = ..., include_tombstones: bool = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class GetMessageResponse(_message.Message):
    __slots__ = ("message", "state", "resume_token")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    state: _message_pb2.MessageState
    resume_token: str
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., state: _Optional[_Union[_message_pb2.MessageState, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class BatchGetMessagesRequest(_message.Message):
    __slots__ = ("user_id", "message_ids", "include_tombstones", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOMBSTONES_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    message_ids: _containers.RepeatedScalarFieldContainer[str]
    include_tombstones: bool
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., message_ids: _Optional[_Iterable[str]] = ..., include_tombstones: bool = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class MessageResult(_message.Message):
    __slots__ = ("message_id", "message", "error", "state")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    message: _message_pb2.Message
    error: _error_pb2.ItemError
    state: _message_pb2.MessageState
    def __init__(self, message_id: _Optional[str] = ..., message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ..., state: _Optional[_Union[_message_pb2.MessageState, _Mapping]] = ...) -> None: ...

class BatchGetMessagesResponse(_message.Message):
    __slots__ = ("results", "resume_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[MessageResult]
    resume_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[MessageResult, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class StreamMessagesRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "start", "direction", "filter", "include_tombstones", "include_start", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOMBSTONES_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_START_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    start: HistoryStart
    direction: SearchDirection
    filter: MessageFilter
    include_tombstones: bool
    include_start: bool
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., start: _Optional[_Union[HistoryStart, _Mapping]] = ..., direction: _Optional[_Union[SearchDirection, str]] = ..., filter: _Optional[_Union[MessageFilter, _Mapping]] = ..., include_tombstones: bool = ..., include_start: bool = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class StreamMessagesResponse(_message.Message):
    __slots__ = ("messages", "states", "resume_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_message_pb2.Message]
    states: _containers.RepeatedCompositeFieldContainer[_message_pb2.MessageState]
    resume_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[_message_pb2.Message, _Mapping]]] = ..., states: _Optional[_Iterable[_Union[_message_pb2.MessageState, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class DeleteMessagesRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "message_ids", "scope", "validate_only", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    message_ids: _containers.RepeatedScalarFieldContainer[str]
    scope: _deletion_pb2.DeletionScope
    validate_only: bool
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., message_ids: _Optional[_Iterable[str]] = ..., scope: _Optional[_Union[_deletion_pb2.DeletionScope, str]] = ..., validate_only: bool = ..., as_service: bool = ...) -> None: ...

class DeletionResult(_message.Message):
    __slots__ = ("message_id", "outcome", "error")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    outcome: _deletion_pb2.DeletionOutcome
    error: _error_pb2.ItemError
    def __init__(self, message_id: _Optional[str] = ..., outcome: _Optional[_Union[_deletion_pb2.DeletionOutcome, str]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ...) -> None: ...

class DeleteMessagesResponse(_message.Message):
    __slots__ = ("results", "consistency_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DeletionResult]
    consistency_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[DeletionResult, _Mapping]]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ClearHistoryRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "before_time", "up_to_sequence", "validate_only")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    BEFORE_TIME_FIELD_NUMBER: _ClassVar[int]
    UP_TO_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    before_time: _timestamp_pb2.Timestamp
    up_to_sequence: int
    validate_only: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., before_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., up_to_sequence: _Optional[int] = ..., validate_only: bool = ...) -> None: ...

class ClearHistoryResponse(_message.Message):
    __slots__ = ("outcome", "cleared_range", "consistency_token")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CLEARED_RANGE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    outcome: _deletion_pb2.DeletionOutcome
    cleared_range: _deletion_pb2.DeletedRange
    consistency_token: str
    def __init__(self, outcome: _Optional[_Union[_deletion_pb2.DeletionOutcome, str]] = ..., cleared_range: _Optional[_Union[_deletion_pb2.DeletedRange, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListReadersRequest(_message.Message):
    __slots__ = ("user_id", "message_id", "page_size", "page_token", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    message_id: str
    page_size: int
    page_token: str
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., message_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class ListReadersResponse(_message.Message):
    __slots__ = ("readers", "next_page_token", "resume_token")
    READERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    readers: _containers.RepeatedCompositeFieldContainer[_member_pb2.Member]
    next_page_token: str
    resume_token: str
    def __init__(self, readers: _Optional[_Iterable[_Union[_member_pb2.Member, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...
