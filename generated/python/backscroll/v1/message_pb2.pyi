import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MentionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MENTION_KIND_UNSPECIFIED: _ClassVar[MentionKind]
    MENTION_KIND_USER: _ClassVar[MentionKind]
    MENTION_KIND_ALL: _ClassVar[MentionKind]
    MENTION_KIND_ANNOUNCEMENT: _ClassVar[MentionKind]

class ContentType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTENT_TYPE_UNSPECIFIED: _ClassVar[ContentType]
    CONTENT_TYPE_TEXT: _ClassVar[ContentType]
    CONTENT_TYPE_CUSTOM: _ClassVar[ContentType]
    CONTENT_TYPE_LOCATION: _ClassVar[ContentType]
    CONTENT_TYPE_MEDIA: _ClassVar[ContentType]
    CONTENT_TYPE_STRUCTURED: _ClassVar[ContentType]
MENTION_KIND_UNSPECIFIED: MentionKind
MENTION_KIND_USER: MentionKind
MENTION_KIND_ALL: MentionKind
MENTION_KIND_ANNOUNCEMENT: MentionKind
CONTENT_TYPE_UNSPECIFIED: ContentType
CONTENT_TYPE_TEXT: ContentType
CONTENT_TYPE_CUSTOM: ContentType
CONTENT_TYPE_LOCATION: ContentType
CONTENT_TYPE_MEDIA: ContentType
CONTENT_TYPE_STRUCTURED: ContentType

class TextContent(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class CustomContent(_message.Message):
    __slots__ = ("type", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    data: bytes
    def __init__(self, type: _Optional[str] = ..., data: _Optional[bytes] = ...) -> None: ...

class LocationContent(_message.Message):
    __slots__ = ("latitude", "longitude", "address")
    LATITUDE_FIELD_NUMBER: _ClassVar[int]
    LONGITUDE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    latitude: float
    longitude: float
    address: str
    def __init__(self, latitude: _Optional[float] = ..., longitude: _Optional[float] = ..., address: _Optional[str] = ...) -> None: ...

class MediaContent(_message.Message):
    __slots__ = ("url", "name", "size_bytes", "mime_type", "thumbnail_url")
    URL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MIME_TYPE_FIELD_NUMBER: _ClassVar[int]
    THUMBNAIL_URL_FIELD_NUMBER: _ClassVar[int]
    url: str
    name: str
    size_bytes: int
    mime_type: str
    thumbnail_url: str
    def __init__(self, url: _Optional[str] = ..., name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., mime_type: _Optional[str] = ..., thumbnail_url: _Optional[str] = ...) -> None: ...

class Content(_message.Message):
    __slots__ = ("text", "custom", "location", "media", "structured")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    MEDIA_FIELD_NUMBER: _ClassVar[int]
    STRUCTURED_FIELD_NUMBER: _ClassVar[int]
    text: TextContent
    custom: CustomContent
    location: LocationContent
    media: MediaContent
    structured: _struct_pb2.Struct
    def __init__(self, text: _Optional[_Union[TextContent, _Mapping]] = ..., custom: _Optional[_Union[CustomContent, _Mapping]] = ..., location: _Optional[_Union[LocationContent, _Mapping]] = ..., media: _Optional[_Union[MediaContent, _Mapping]] = ..., structured: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class Mentions(_message.Message):
    __slots__ = ("kind", "user_ids")
    KIND_FIELD_NUMBER: _ClassVar[int]
    USER_IDS_FIELD_NUMBER: _ClassVar[int]
    kind: MentionKind
    user_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[_Union[MentionKind, str]] = ..., user_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class OutgoingMessage(_message.Message):
    __slots__ = ("content", "attributes", "mentions", "silent", "client_message_id", "client_time", "fallback_text")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_FIELD_NUMBER: _ClassVar[int]
    SILENT_FIELD_NUMBER: _ClassVar[int]
    CLIENT_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_TIME_FIELD_NUMBER: _ClassVar[int]
    FALLBACK_TEXT_FIELD_NUMBER: _ClassVar[int]
    content: Content
    attributes: _containers.ScalarMap[str, str]
    mentions: Mentions
    silent: bool
    client_message_id: str
    client_time: _timestamp_pb2.Timestamp
    fallback_text: str
    def __init__(self, content: _Optional[_Union[Content, _Mapping]] = ..., attributes: _Optional[_Mapping[str, str]] = ..., mentions: _Optional[_Union[Mentions, _Mapping]] = ..., silent: bool = ..., client_message_id: _Optional[str] = ..., client_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., fallback_text: _Optional[str] = ...) -> None: ...

class Tombstone(_message.Message):
    __slots__ = ("deleted_by", "delete_time")
    DELETED_BY_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    deleted_by: str
    delete_time: _timestamp_pb2.Timestamp
    def __init__(self, deleted_by: _Optional[str] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Message(_message.Message):
    __slots__ = ("message_id", "conversation_id", "sequence", "sender_id", "create_time", "tombstone", "content", "attributes", "mentions", "silent", "client_message_id", "client_time", "original_time", "burn_duration", "imported", "fallback_text")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    TOMBSTONE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_FIELD_NUMBER: _ClassVar[int]
    SILENT_FIELD_NUMBER: _ClassVar[int]
    CLIENT_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_TIME_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_TIME_FIELD_NUMBER: _ClassVar[int]
    BURN_DURATION_FIELD_NUMBER: _ClassVar[int]
    IMPORTED_FIELD_NUMBER: _ClassVar[int]
    FALLBACK_TEXT_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    conversation_id: str
    sequence: int
    sender_id: str
    create_time: _timestamp_pb2.Timestamp
    tombstone: Tombstone
    content: Content
    attributes: _containers.ScalarMap[str, str]
    mentions: Mentions
    silent: bool
    client_message_id: str
    client_time: _timestamp_pb2.Timestamp
    original_time: _timestamp_pb2.Timestamp
    burn_duration: _duration_pb2.Duration
    imported: bool
    fallback_text: str
    def __init__(self, message_id: _Optional[str] = ..., conversation_id: _Optional[str] = ..., sequence: _Optional[int] = ..., sender_id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., tombstone: _Optional[_Union[Tombstone, _Mapping]] = ..., content: _Optional[_Union[Content, _Mapping]] = ..., attributes: _Optional[_Mapping[str, str]] = ..., mentions: _Optional[_Union[Mentions, _Mapping]] = ..., silent: bool = ..., client_message_id: _Optional[str] = ..., client_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., original_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., burn_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., imported: bool = ..., fallback_text: _Optional[str] = ...) -> None: ...

class MessageState(_message.Message):
    __slots__ = ("sequence", "blocked", "burn_time")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_FIELD_NUMBER: _ClassVar[int]
    BURN_TIME_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    blocked: bool
    burn_time: _timestamp_pb2.Timestamp
    def __init__(self, sequence: _Optional[int] = ..., blocked: bool = ..., burn_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
