import datetime

from backscroll.v1 import consistency_pb2 as _consistency_pb2
from backscroll.v1 import conversation_pb2 as _conversation_pb2
from backscroll.v1 import deletion_pb2 as _deletion_pb2
from backscroll.v1 import error_pb2 as _error_pb2
from backscroll.v1 import member_pb2 as _member_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateConversationRequest(_message.Message):
    __slots__ = ("user_id", "target", "properties", "members", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    PROPERTIES_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    target: _conversation_pb2.ConversationTarget
    properties: _conversation_pb2.ConversationProperties
    members: _containers.RepeatedCompositeFieldContainer[_member_pb2.NewMember]
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., target: _Optional[_Union[_conversation_pb2.ConversationTarget, _Mapping]] = ..., properties: _Optional[_Union[_conversation_pb2.ConversationProperties, _Mapping]] = ..., members: _Optional[_Iterable[_Union[_member_pb2.NewMember, _Mapping]]] = ..., as_service: bool = ...) -> None: ...

class CreateConversationResponse(_message.Message):
    __slots__ = ("conversation", "created", "consistency_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    created: bool
    consistency_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., created: bool = ..., consistency_token: _Optional[str] = ...) -> None: ...

class GetConversationRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class GetConversationResponse(_message.Message):
    __slots__ = ("conversation", "resume_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    resume_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class GetOrCreateConversationRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "properties", "members", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    PROPERTIES_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    properties: _conversation_pb2.ConversationProperties
    members: _containers.RepeatedCompositeFieldContainer[_member_pb2.NewMember]
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., properties: _Optional[_Union[_conversation_pb2.ConversationProperties, _Mapping]] = ..., members: _Optional[_Iterable[_Union[_member_pb2.NewMember, _Mapping]]] = ..., as_service: bool = ...) -> None: ...

class GetOrCreateConversationResponse(_message.Message):
    __slots__ = ("conversation", "created", "consistency_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    created: bool
    consistency_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., created: bool = ..., consistency_token: _Optional[str] = ...) -> None: ...

class BatchGetConversationsRequest(_message.Message):
    __slots__ = ("user_id", "conversations", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversations: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.ConversationReference]
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., conversations: _Optional[_Iterable[_Union[_conversation_pb2.ConversationReference, _Mapping]]] = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class ConversationResult(_message.Message):
    __slots__ = ("conversation_id", "conversation", "error")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    conversation: _conversation_pb2.Conversation
    error: _error_pb2.ItemError
    def __init__(self, conversation_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ...) -> None: ...

class BatchGetConversationsResponse(_message.Message):
    __slots__ = ("results", "resume_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[ConversationResult]
    resume_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[ConversationResult, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ConversationFilter(_message.Message):
    __slots__ = ("types", "unread_only", "pinned_only", "mentioned_only", "active_start_time", "conversation_ids")
    TYPES_FIELD_NUMBER: _ClassVar[int]
    UNREAD_ONLY_FIELD_NUMBER: _ClassVar[int]
    PINNED_ONLY_FIELD_NUMBER: _ClassVar[int]
    MENTIONED_ONLY_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_START_TIME_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_IDS_FIELD_NUMBER: _ClassVar[int]
    types: _containers.RepeatedScalarFieldContainer[_conversation_pb2.ConversationType]
    unread_only: bool
    pinned_only: bool
    mentioned_only: bool
    active_start_time: _timestamp_pb2.Timestamp
    conversation_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, types: _Optional[_Iterable[_Union[_conversation_pb2.ConversationType, str]]] = ..., unread_only: bool = ..., pinned_only: bool = ..., mentioned_only: bool = ..., active_start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., conversation_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ListConversationsRequest(_message.Message):
    __slots__ = ("user_id", "page_size", "page_token", "skip", "filter", "include_total_size", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    page_size: int
    page_token: str
    skip: int
    filter: ConversationFilter
    include_total_size: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., skip: _Optional[int] = ..., filter: _Optional[_Union[ConversationFilter, _Mapping]] = ..., include_total_size: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class ListConversationsResponse(_message.Message):
    __slots__ = ("conversations", "next_page_token", "total_size", "resume_token")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversations: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Conversation]
    next_page_token: str
    total_size: int
    resume_token: str
    def __init__(self, conversations: _Optional[_Iterable[_Union[_conversation_pb2.Conversation, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class StreamConversationsRequest(_message.Message):
    __slots__ = ("user_id", "filter", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    filter: ConversationFilter
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., filter: _Optional[_Union[ConversationFilter, _Mapping]] = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class StreamConversationsResponse(_message.Message):
    __slots__ = ("conversations", "resume_token")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversations: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Conversation]
    resume_token: str
    def __init__(self, conversations: _Optional[_Iterable[_Union[_conversation_pb2.Conversation, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class UpdateConversationRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "properties", "update_mask", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    PROPERTIES_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    properties: _conversation_pb2.ConversationProperties
    update_mask: _field_mask_pb2.FieldMask
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., properties: _Optional[_Union[_conversation_pb2.ConversationProperties, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., as_service: bool = ...) -> None: ...

class UpdateConversationResponse(_message.Message):
    __slots__ = ("conversation", "consistency_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    consistency_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class UpdateConversationSettingsRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "settings", "update_mask")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    settings: _conversation_pb2.ConversationSettings
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., settings: _Optional[_Union[_conversation_pb2.ConversationSettings, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateConversationSettingsResponse(_message.Message):
    __slots__ = ("conversation", "consistency_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    consistency_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class BatchUpdateConversationSettingsRequest(_message.Message):
    __slots__ = ("user_id", "conversations", "settings", "update_mask")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversations: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.ConversationReference]
    settings: _conversation_pb2.ConversationSettings
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, user_id: _Optional[str] = ..., conversations: _Optional[_Iterable[_Union[_conversation_pb2.ConversationReference, _Mapping]]] = ..., settings: _Optional[_Union[_conversation_pb2.ConversationSettings, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class SettingsUpdate(_message.Message):
    __slots__ = ("changed", "pin_time", "draft_time")
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    PIN_TIME_FIELD_NUMBER: _ClassVar[int]
    DRAFT_TIME_FIELD_NUMBER: _ClassVar[int]
    changed: bool
    pin_time: _timestamp_pb2.Timestamp
    draft_time: _timestamp_pb2.Timestamp
    def __init__(self, changed: bool = ..., pin_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., draft_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SettingsUpdateResult(_message.Message):
    __slots__ = ("conversation_id", "update", "error")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    UPDATE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    update: SettingsUpdate
    error: _error_pb2.ItemError
    def __init__(self, conversation_id: _Optional[str] = ..., update: _Optional[_Union[SettingsUpdate, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ...) -> None: ...

class BatchUpdateConversationSettingsResponse(_message.Message):
    __slots__ = ("results", "consistency_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[SettingsUpdateResult]
    consistency_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[SettingsUpdateResult, _Mapping]]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class DeleteConversationRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "scope", "delete_messages", "stay_hidden", "up_to_sequence", "validate_only", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    DELETE_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    STAY_HIDDEN_FIELD_NUMBER: _ClassVar[int]
    UP_TO_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    scope: _deletion_pb2.DeletionScope
    delete_messages: bool
    stay_hidden: bool
    up_to_sequence: int
    validate_only: bool
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., scope: _Optional[_Union[_deletion_pb2.DeletionScope, str]] = ..., delete_messages: bool = ..., stay_hidden: bool = ..., up_to_sequence: _Optional[int] = ..., validate_only: bool = ..., as_service: bool = ...) -> None: ...

class DeleteConversationResponse(_message.Message):
    __slots__ = ("outcome", "cleared_range", "consistency_token")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CLEARED_RANGE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    outcome: _deletion_pb2.DeletionOutcome
    cleared_range: _deletion_pb2.DeletedRange
    consistency_token: str
    def __init__(self, outcome: _Optional[_Union[_deletion_pb2.DeletionOutcome, str]] = ..., cleared_range: _Optional[_Union[_deletion_pb2.DeletedRange, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class DeleteAllConversationsRequest(_message.Message):
    __slots__ = ("user_id", "delete_messages", "stay_hidden", "up_to_time", "validate_only")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    DELETE_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    STAY_HIDDEN_FIELD_NUMBER: _ClassVar[int]
    UP_TO_TIME_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    delete_messages: bool
    stay_hidden: bool
    up_to_time: _timestamp_pb2.Timestamp
    validate_only: bool
    def __init__(self, user_id: _Optional[str] = ..., delete_messages: bool = ..., stay_hidden: bool = ..., up_to_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., validate_only: bool = ...) -> None: ...

class DeleteAllConversationsResponse(_message.Message):
    __slots__ = ("deleted_count", "consistency_token")
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    consistency_token: str
    def __init__(self, deleted_count: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class MarkConversationReadRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "up_to_sequence", "up_to_message_id")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    UP_TO_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    UP_TO_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    up_to_sequence: int
    up_to_message_id: str
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., up_to_sequence: _Optional[int] = ..., up_to_message_id: _Optional[str] = ...) -> None: ...

class MarkConversationReadResponse(_message.Message):
    __slots__ = ("read_sequence", "unread_count", "consistency_token")
    READ_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    read_sequence: int
    unread_count: int
    consistency_token: str
    def __init__(self, read_sequence: _Optional[int] = ..., unread_count: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class MarkConversationUnreadRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "from_sequence", "from_message_id")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    FROM_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    FROM_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    from_sequence: int
    from_message_id: str
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., from_sequence: _Optional[int] = ..., from_message_id: _Optional[str] = ...) -> None: ...

class MarkConversationUnreadResponse(_message.Message):
    __slots__ = ("unread_count", "consistency_token")
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    unread_count: int
    consistency_token: str
    def __init__(self, unread_count: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class MarkAllConversationsReadRequest(_message.Message):
    __slots__ = ("user_id", "types", "up_to_time")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    UP_TO_TIME_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    types: _containers.RepeatedScalarFieldContainer[_conversation_pb2.ConversationType]
    up_to_time: _timestamp_pb2.Timestamp
    def __init__(self, user_id: _Optional[str] = ..., types: _Optional[_Iterable[_Union[_conversation_pb2.ConversationType, str]]] = ..., up_to_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MarkAllConversationsReadResponse(_message.Message):
    __slots__ = ("changed_count", "consistency_token")
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    changed_count: int
    consistency_token: str
    def __init__(self, changed_count: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ResetMentionsRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "up_to_sequence")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    UP_TO_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    up_to_sequence: int
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., up_to_sequence: _Optional[int] = ...) -> None: ...

class ResetMentionsResponse(_message.Message):
    __slots__ = ("cleared_count", "consistency_token")
    CLEARED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    cleared_count: int
    consistency_token: str
    def __init__(self, cleared_count: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class AddMembersRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "members", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    members: _containers.RepeatedCompositeFieldContainer[_member_pb2.NewMember]
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., members: _Optional[_Iterable[_Union[_member_pb2.NewMember, _Mapping]]] = ..., as_service: bool = ...) -> None: ...

class AddMembersResponse(_message.Message):
    __slots__ = ("added_count", "consistency_token")
    ADDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    added_count: int
    consistency_token: str
    def __init__(self, added_count: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class RemoveMembersRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "user_ids", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    USER_IDS_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    user_ids: _containers.RepeatedScalarFieldContainer[str]
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., user_ids: _Optional[_Iterable[str]] = ..., as_service: bool = ...) -> None: ...

class RemoveMembersResponse(_message.Message):
    __slots__ = ("removed_count", "consistency_token")
    REMOVED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    removed_count: int
    consistency_token: str
    def __init__(self, removed_count: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class UpdateMemberRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "member", "update_mask", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    member: _member_pb2.Member
    update_mask: _field_mask_pb2.FieldMask
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., member: _Optional[_Union[_member_pb2.Member, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., as_service: bool = ...) -> None: ...

class UpdateMemberResponse(_message.Message):
    __slots__ = ("member", "consistency_token")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    member: _member_pb2.Member
    consistency_token: str
    def __init__(self, member: _Optional[_Union[_member_pb2.Member, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListMembersRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "page_size", "page_token", "roles", "as_service", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    page_size: int
    page_token: str
    roles: _containers.RepeatedScalarFieldContainer[_member_pb2.MemberRole]
    as_service: bool
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., roles: _Optional[_Iterable[_Union[_member_pb2.MemberRole, str]]] = ..., as_service: bool = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class ListMembersResponse(_message.Message):
    __slots__ = ("members", "next_page_token", "resume_token")
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedCompositeFieldContainer[_member_pb2.Member]
    next_page_token: str
    resume_token: str
    def __init__(self, members: _Optional[_Iterable[_Union[_member_pb2.Member, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...
