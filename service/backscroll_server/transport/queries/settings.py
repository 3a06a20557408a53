"""Conversion of requests that change settings or shared properties into changes by field mask."""

from typing import Final

from google.protobuf.field_mask_pb2 import FieldMask

from backscroll.v1.conversation_pb2 import BurnSettings, ConversationProperties, ConversationSettings
from backscroll.v1.user_pb2 import UserSettings
from backscroll_server.domain import limits
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import HistoryVisibility, ReceiveOption
from backscroll_server.services.conversations.properties import Properties
from backscroll_server.services.conversations.settings import Settings
from backscroll_server.transport.validation import (
    attributes,
    duration,
    enum_value,
    mask,
    microseconds,
    receive_option,
    require_count,
    require_unique,
    text,
)

# The paths that a mask may name, and the names under which the values are stored.
_SETTINGS: Final = {
    "pinned": "pinned",
    "draft": "draft",
    "receive_option": "receive_option",
    "mute_end_time": "muted_until",
    "marks": "marks",
    "attributes": "attributes",
}
_USER_SETTINGS: Final = {"receive_option": "receive_option", "mute_end_time": "muted_until"}
_PROPERTIES: Final = {
    "name": {"name"},
    "attributes": {"attributes"},
    "history_visibility": {"history_visibility"},
    "burn": {"burn_enabled", "burn_duration"},
}


def settings_of(given: ConversationSettings, update_mask: FieldMask) -> Settings:
    """Return the new settings of a request; fields that the mask does not name are ignored.

    Raises:
        InvalidArgumentError: for a faulty mask or a faulty field that it names.
    """
    paths = mask(update_mask, _SETTINGS)
    option, muted_until = _mute(given, paths)
    marks: tuple[str, ...] = ()
    if "marks" in paths:
        marks = tuple(given.marks)
        require_count(marks, "settings.marks", least=0, most=limits.MARKS)
        for index, mark in enumerate(marks):
            text(mark, f"settings.marks[{index}]", most=limits.MARK_BYTES, least=1)
        require_unique(marks, "settings.marks")
    return Settings(
        mask=frozenset(_SETTINGS[path] for path in paths),
        pinned=given.pinned,
        draft=text(given.draft, "settings.draft", most=limits.DRAFT_BYTES) if "draft" in paths else "",
        receive_option=option,
        muted_until=muted_until,
        marks=marks,
        attributes=attributes(given.attributes, "settings.attributes") if "attributes" in paths else {},
    )


def user_settings_of(given: UserSettings, update_mask: FieldMask) -> tuple[frozenset[str], ReceiveOption, int]:
    """Return which of a user's settings for all conversations change, the receive option, and when a mute ends.

    Raises:
        InvalidArgumentError: for a faulty mask or a faulty field that it names.
    """
    paths = mask(update_mask, _USER_SETTINGS)
    option, muted_until = _mute(given, paths)
    return frozenset(_USER_SETTINGS[path] for path in paths), option, muted_until


def _mute(given: ConversationSettings | UserSettings, paths: frozenset[str]) -> tuple[ReceiveOption, int]:
    """Return the receive option and when a mute ends, in microseconds, 0 for never, where the mask names them."""
    option, muted_until = ReceiveOption.NORMAL, 0
    if "receive_option" in paths:
        option = receive_option(given.receive_option, "settings.receive_option")
    if "mute_end_time" in paths and given.HasField("mute_end_time"):
        muted_until = microseconds(given.mute_end_time, "settings.mute_end_time")
    return option, muted_until


def changed_properties(given: ConversationProperties, update_mask: FieldMask) -> Properties:
    """Return the new shared properties of a request; fields that the mask does not name are ignored.

    Raises:
        InvalidArgumentError: for a faulty mask or a faulty field that it names.
    """
    paths = mask(update_mask, _PROPERTIES)
    return _properties(given, paths, None)


def new_properties(given: ConversationProperties) -> Properties:
    """Return the shared properties of a conversation to create; the mask names those that are not the default.

    Raises:
        InvalidArgumentError: for a faulty field.
    """
    paths = {field.name for field, _ in given.ListFields()}
    return _properties(given, frozenset(paths), HistoryVisibility.ALL)


def _properties(
    given: ConversationProperties, paths: frozenset[str], default_visibility: HistoryVisibility | None
) -> Properties:
    visibility = HistoryVisibility.ALL
    if "history_visibility" in paths:
        visibility = enum_value(
            given.history_visibility, HistoryVisibility, "properties.history_visibility", default=default_visibility
        )
    return Properties(
        mask=frozenset(name for path in paths for name in _PROPERTIES[path]),
        name=text(given.name, "properties.name", most=limits.NAME_BYTES) if "name" in paths else "",
        attributes=attributes(given.attributes, "properties.attributes") if "attributes" in paths else {},
        history_visibility=visibility,
        burn_enabled=given.burn.enabled,
        burn_duration=_burn_duration(given.burn) if "burn" in paths else 0,
    )


def _burn_duration(burn: BurnSettings) -> int:
    if not burn.HasField("duration"):
        return limits.BURN_SECONDS_DEFAULT * SECOND
    field = "properties.burn.duration"
    return duration(burn.duration, field, least=limits.BURN_SECONDS_MIN, most=limits.BURN_SECONDS_MAX)
