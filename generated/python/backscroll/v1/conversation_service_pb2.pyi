import datetime

from backscroll.v1 import conversation_pb2 as _conversation_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NewMember(_message.Message):
    __slots__ = ("user_id", "role")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    role: _conversation_pb2.MemberRole
    def __init__(self, user_id: _Optional[str] = ..., role: _Optional[_Union[_conversation_pb2.MemberRole, str]] = ...) -> None: ...

class CreateConversationRequest(_message.Message):
    __slots__ = ("user_id", "type", "source_id", "name", "attributes", "history_visibility", "members")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    HISTORY_VISIBILITY_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    type: _conversation_pb2.ConversationType
    source_id: str
    name: str
    attributes: _containers.ScalarMap[str, str]
    history_visibility: _conversation_pb2.HistoryVisibility
    members: _containers.RepeatedCompositeFieldContainer[NewMember]
    def __init__(self, user_id: _Optional[str] = ..., type: _Optional[_Union[_conversation_pb2.ConversationType, str]] = ..., source_id: _Optional[str] = ..., name: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ..., history_visibility: _Optional[_Union[_conversation_pb2.HistoryVisibility, str]] = ..., members: _Optional[_Iterable[_Union[NewMember, _Mapping]]] = ...) -> None: ...

class CreateConversationResponse(_message.Message):
    __slots__ = ("conversation", "resume_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    resume_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class GetConversationRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "at_least_as_fresh")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_AS_FRESH_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    at_least_as_fresh: str
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., at_least_as_fresh: _Optional[str] = ...) -> None: ...

class GetConversationResponse(_message.Message):
    __slots__ = ("conversation", "resume_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    resume_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class GetOrCreateConversationRequest(_message.Message):
    __slots__ = ("user_id", "conversation")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ...) -> None: ...

class GetOrCreateConversationResponse(_message.Message):
    __slots__ = ("conversation", "created", "resume_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    created: bool
    resume_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., created: bool = ..., resume_token: _Optional[str] = ...) -> None: ...

class BatchGetConversationsRequest(_message.Message):
    __slots__ = ("user_id", "conversations", "at_least_as_fresh")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_AS_FRESH_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversations: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.ConversationReference]
    at_least_as_fresh: str
    def __init__(self, user_id: _Optional[str] = ..., conversations: _Optional[_Iterable[_Union[_conversation_pb2.ConversationReference, _Mapping]]] = ..., at_least_as_fresh: _Optional[str] = ...) -> None: ...

class ConversationResult(_message.Message):
    __slots__ = ("conversation", "conversation_id", "error")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    conversation_id: str
    error: _conversation_pb2.ItemError
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., conversation_id: _Optional[str] = ..., error: _Optional[_Union[_conversation_pb2.ItemError, _Mapping]] = ...) -> None: ...

class BatchGetConversationsResponse(_message.Message):
    __slots__ = ("results", "resume_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[ConversationResult]
    resume_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[ConversationResult, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ConversationFilter(_message.Message):
    __slots__ = ("types", "unread_only", "pinned_only", "mentioned_only", "active_since", "conversation_ids")
    TYPES_FIELD_NUMBER: _ClassVar[int]
    UNREAD_ONLY_FIELD_NUMBER: _ClassVar[int]
    PINNED_ONLY_FIELD_NUMBER: _ClassVar[int]
    MENTIONED_ONLY_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_SINCE_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_IDS_FIELD_NUMBER: _ClassVar[int]
    types: _containers.RepeatedScalarFieldContainer[_conversation_pb2.ConversationType]
    unread_only: bool
    pinned_only: bool
    mentioned_only: bool
    active_since: _timestamp_pb2.Timestamp
    conversation_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, types: _Optional[_Iterable[_Union[_conversation_pb2.ConversationType, str]]] = ..., unread_only: bool = ..., pinned_only: bool = ..., mentioned_only: bool = ..., active_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., conversation_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ListConversationsRequest(_message.Message):
    __slots__ = ("user_id", "page_size", "page_token", "skip", "filter", "include_total_size", "at_least_as_fresh")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_AS_FRESH_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    page_size: int
    page_token: str
    skip: int
    filter: ConversationFilter
    include_total_size: bool
    at_least_as_fresh: str
    def __init__(self, user_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., skip: _Optional[int] = ..., filter: _Optional[_Union[ConversationFilter, _Mapping]] = ..., include_total_size: bool = ..., at_least_as_fresh: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("user_id", "filter", "at_least_as_fresh")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_AS_FRESH_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    filter: ConversationFilter
    at_least_as_fresh: str
    def __init__(self, user_id: _Optional[str] = ..., filter: _Optional[_Union[ConversationFilter, _Mapping]] = ..., at_least_as_fresh: _Optional[str] = ...) -> None: ...

class StreamConversationsResponse(_message.Message):
    __slots__ = ("conversations", "resume_token")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversations: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Conversation]
    resume_token: str
    def __init__(self, conversations: _Optional[_Iterable[_Union[_conversation_pb2.Conversation, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class UpdateConversationRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "update_mask", "name", "attributes", "history_visibility", "burn", "as_service")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    HISTORY_VISIBILITY_FIELD_NUMBER: _ClassVar[int]
    BURN_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    update_mask: _field_mask_pb2.FieldMask
    name: str
    attributes: _containers.ScalarMap[str, str]
    history_visibility: _conversation_pb2.HistoryVisibility
    burn: _conversation_pb2.BurnSettings
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., name: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ..., history_visibility: _Optional[_Union[_conversation_pb2.HistoryVisibility, str]] = ..., burn: _Optional[_Union[_conversation_pb2.BurnSettings, _Mapping]] = ..., as_service: bool = ...) -> None: ...

class UpdateConversationResponse(_message.Message):
    __slots__ = ("conversation", "resume_token")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    resume_token: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class UpdateConversationSettingsRequest(_message.Message):
    __slots__ = ("user_id", "conversations", "update_mask", "settings")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversations: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.ConversationReference]
    update_mask: _field_mask_pb2.FieldMask
    settings: _conversation_pb2.ConversationSettings
    def __init__(self, user_id: _Optional[str] = ..., conversations: _Optional[_Iterable[_Union[_conversation_pb2.ConversationReference, _Mapping]]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., settings: _Optional[_Union[_conversation_pb2.ConversationSettings, _Mapping]] = ...) -> None: ...

class UpdateConversationSettingsResponse(_message.Message):
    __slots__ = ("results", "resume_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[ConversationResult]
    resume_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[ConversationResult, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class DeleteConversationRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "scope", "delete_messages", "stay_hidden", "validate_only", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    DELETE_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    STAY_HIDDEN_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    scope: _conversation_pb2.DeletionScope
    delete_messages: bool
    stay_hidden: bool
    validate_only: bool
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., scope: _Optional[_Union[_conversation_pb2.DeletionScope, str]] = ..., delete_messages: bool = ..., stay_hidden: bool = ..., validate_only: bool = ..., as_service: bool = ...) -> None: ...

class DeleteConversationResponse(_message.Message):
    __slots__ = ("outcome", "cleared_up_to_sequence", "resume_token")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CLEARED_UP_TO_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    outcome: _conversation_pb2.DeletionOutcome
    cleared_up_to_sequence: int
    resume_token: str
    def __init__(self, outcome: _Optional[_Union[_conversation_pb2.DeletionOutcome, str]] = ..., cleared_up_to_sequence: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class DeleteAllConversationsRequest(_message.Message):
    __slots__ = ("user_id", "delete_messages", "stay_hidden", "validate_only")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    DELETE_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    STAY_HIDDEN_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    delete_messages: bool
    stay_hidden: bool
    validate_only: bool
    def __init__(self, user_id: _Optional[str] = ..., delete_messages: bool = ..., stay_hidden: bool = ..., validate_only: bool = ...) -> None: ...

class DeleteAllConversationsResponse(_message.Message):
    __slots__ = ("deleted_count", "resume_token")
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    resume_token: str
    def __init__(self, deleted_count: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class MarkConversationReadRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "sequence", "message_id")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    sequence: int
    message_id: str
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., sequence: _Optional[int] = ..., message_id: _Optional[str] = ...) -> None: ...

class MarkConversationReadResponse(_message.Message):
    __slots__ = ("read_sequence", "unread_count", "resume_token")
    READ_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    read_sequence: int
    unread_count: int
    resume_token: str
    def __init__(self, read_sequence: _Optional[int] = ..., unread_count: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class MarkConversationUnreadRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "sequence", "message_id")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    sequence: int
    message_id: str
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., sequence: _Optional[int] = ..., message_id: _Optional[str] = ...) -> None: ...

class MarkConversationUnreadResponse(_message.Message):
    __slots__ = ("unread_count", "resume_token")
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    unread_count: int
    resume_token: str
    def __init__(self, unread_count: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class MarkAllConversationsReadRequest(_message.Message):
    __slots__ = ("user_id", "types")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    types: _containers.RepeatedScalarFieldContainer[_conversation_pb2.ConversationType]
    def __init__(self, user_id: _Optional[str] = ..., types: _Optional[_Iterable[_Union[_conversation_pb2.ConversationType, str]]] = ...) -> None: ...

class MarkAllConversationsReadResponse(_message.Message):
    __slots__ = ("changed_count", "resume_token")
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    changed_count: int
    resume_token: str
    def __init__(self, changed_count: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ResetMentionsRequest(_message.Message):
    __slots__ = ("user_id", "conversation")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ...) -> None: ...

class ResetMentionsResponse(_message.Message):
    __slots__ = ("cleared_count", "resume_token")
    CLEARED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    cleared_count: int
    resume_token: str
    def __init__(self, cleared_count: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class UnreadTotals(_message.Message):
    __slots__ = ("unread_count", "muted_unread_count", "unread_conversation_count", "mention_count")
    UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    MUTED_UNREAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNREAD_CONVERSATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    MENTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    unread_count: int
    muted_unread_count: int
    unread_conversation_count: int
    mention_count: int
    def __init__(self, unread_count: _Optional[int] = ..., muted_unread_count: _Optional[int] = ..., unread_conversation_count: _Optional[int] = ..., mention_count: _Optional[int] = ...) -> None: ...

class TypeUnreadTotals(_message.Message):
    __slots__ = ("type", "totals")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    type: _conversation_pb2.ConversationType
    totals: UnreadTotals
    def __init__(self, type: _Optional[_Union[_conversation_pb2.ConversationType, str]] = ..., totals: _Optional[_Union[UnreadTotals, _Mapping]] = ...) -> None: ...

class GetUnreadSummaryRequest(_message.Message):
    __slots__ = ("user_id", "at_least_as_fresh")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_AS_FRESH_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    at_least_as_fresh: str
    def __init__(self, user_id: _Optional[str] = ..., at_least_as_fresh: _Optional[str] = ...) -> None: ...

class GetUnreadSummaryResponse(_message.Message):
    __slots__ = ("totals", "by_type", "resume_token")
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    BY_TYPE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    totals: UnreadTotals
    by_type: _containers.RepeatedCompositeFieldContainer[TypeUnreadTotals]
    resume_token: str
    def __init__(self, totals: _Optional[_Union[UnreadTotals, _Mapping]] = ..., by_type: _Optional[_Iterable[_Union[TypeUnreadTotals, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class UserSettings(_message.Message):
    __slots__ = ("receive_option", "muted_until")
    RECEIVE_OPTION_FIELD_NUMBER: _ClassVar[int]
    MUTED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    receive_option: _conversation_pb2.ReceiveOption
    muted_until: _timestamp_pb2.Timestamp
    def __init__(self, receive_option: _Optional[_Union[_conversation_pb2.ReceiveOption, str]] = ..., muted_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetUserSettingsRequest(_message.Message):
    __slots__ = ("user_id", "at_least_as_fresh")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_AS_FRESH_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    at_least_as_fresh: str
    def __init__(self, user_id: _Optional[str] = ..., at_least_as_fresh: _Optional[str] = ...) -> None: ...

class GetUserSettingsResponse(_message.Message):
    __slots__ = ("settings", "resume_token")
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    settings: UserSettings
    resume_token: str
    def __init__(self, settings: _Optional[_Union[UserSettings, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class UpdateUserSettingsRequest(_message.Message):
    __slots__ = ("user_id", "update_mask", "settings")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    update_mask: _field_mask_pb2.FieldMask
    settings: UserSettings
    def __init__(self, user_id: _Optional[str] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., settings: _Optional[_Union[UserSettings, _Mapping]] = ...) -> None: ...

class UpdateUserSettingsResponse(_message.Message):
    __slots__ = ("settings", "resume_token")
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    settings: UserSettings
    resume_token: str
    def __init__(self, settings: _Optional[_Union[UserSettings, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class AddMembersRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "members", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    members: _containers.RepeatedCompositeFieldContainer[NewMember]
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., members: _Optional[_Iterable[_Union[NewMember, _Mapping]]] = ..., as_service: bool = ...) -> None: ...

class AddMembersResponse(_message.Message):
    __slots__ = ("added_count", "resume_token")
    ADDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    added_count: int
    resume_token: str
    def __init__(self, added_count: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class RemoveMembersRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "member_ids", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MEMBER_IDS_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    member_ids: _containers.RepeatedScalarFieldContainer[str]
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., member_ids: _Optional[_Iterable[str]] = ..., as_service: bool = ...) -> None: ...

class RemoveMembersResponse(_message.Message):
    __slots__ = ("removed_count", "resume_token")
    REMOVED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    removed_count: int
    resume_token: str
    def __init__(self, removed_count: _Optional[int] = ..., resume_token: _Optional[str] = ...) -> None: ...

class UpdateMemberRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "member_id", "role", "as_service")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MEMBER_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    AS_SERVICE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    member_id: str
    role: _conversation_pb2.MemberRole
    as_service: bool
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., member_id: _Optional[str] = ..., role: _Optional[_Union[_conversation_pb2.MemberRole, str]] = ..., as_service: bool = ...) -> None: ...

class UpdateMemberResponse(_message.Message):
    __slots__ = ("member", "resume_token")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    member: _conversation_pb2.Member
    resume_token: str
    def __init__(self, member: _Optional[_Union[_conversation_pb2.Member, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ListMembersRequest(_message.Message):
    __slots__ = ("user_id", "conversation", "page_size", "page_token", "roles", "at_least_as_fresh")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_AS_FRESH_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    conversation: _conversation_pb2.ConversationReference
    page_size: int
    page_token: str
    roles: _containers.RepeatedScalarFieldContainer[_conversation_pb2.MemberRole]
    at_least_as_fresh: str
    def __init__(self, user_id: _Optional[str] = ..., conversation: _Optional[_Union[_conversation_pb2.ConversationReference, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., roles: _Optional[_Iterable[_Union[_conversation_pb2.MemberRole, str]]] = ..., at_least_as_fresh: _Optional[str] = ...) -> None: ...

class ListMembersResponse(_message.Message):
    __slots__ = ("members", "next_page_token")
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Member]
    next_page_token: str
    def __init__(self, members: _Optional[_Iterable[_Union[_conversation_pb2.Member, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
