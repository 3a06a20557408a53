from backscroll.v1 import consistency_pb2 as _consistency_pb2
from backscroll.v1 import user_pb2 as _user_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetUnreadSummaryRequest(_message.Message):
    __slots__ = ("user_id", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class GetUnreadSummaryResponse(_message.Message):
    __slots__ = ("totals", "by_type", "resume_token")
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    BY_TYPE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    totals: _user_pb2.UnreadTotals
    by_type: _containers.RepeatedCompositeFieldContainer[_user_pb2.TypeUnreadTotals]
    resume_token: str
    def __init__(self, totals: _Optional[_Union[_user_pb2.UnreadTotals, _Mapping]] = ..., by_type: _Optional[_Iterable[_Union[_user_pb2.TypeUnreadTotals, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class GetUserSettingsRequest(_message.Message):
    __slots__ = ("user_id", "consistency")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    consistency: _consistency_pb2.Consistency
    def __init__(self, user_id: _Optional[str] = ..., consistency: _Optional[_Union[_consistency_pb2.Consistency, _Mapping]] = ...) -> None: ...

class GetUserSettingsResponse(_message.Message):
    __slots__ = ("settings", "resume_token")
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    settings: _user_pb2.UserSettings
    resume_token: str
    def __init__(self, settings: _Optional[_Union[_user_pb2.UserSettings, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class UpdateUserSettingsRequest(_message.Message):
    __slots__ = ("user_id", "settings", "update_mask")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    settings: _user_pb2.UserSettings
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, user_id: _Optional[str] = ..., settings: _Optional[_Union[_user_pb2.UserSettings, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateUserSettingsResponse(_message.Message):
    __slots__ = ("settings", "consistency_token")
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    settings: _user_pb2.UserSettings
    consistency_token: str
    def __init__(self, settings: _Optional[_Union[_user_pb2.UserSettings, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...
