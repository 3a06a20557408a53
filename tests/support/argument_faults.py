"""Calls with one wrong field each, and what they say about it."""

import time
from typing import Any, NamedTuple

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from backscroll.v1 import conversation_pb2, member_pb2, message_pb2
from tests.support.api_client import EVERYONE, group, text_message

UNKNOWN = 99
FAR = 253_402_300_800
"""The first second of the year 10000, which a timestamp cannot hold."""


class Fault(NamedTuple):
    """A call with one wrong field, and what it says about it."""

    method: str
    fields: dict[str, Any]
    reason: str
    field: str

    def __str__(self) -> str:
        return f"{self.method}-{self.field}-{self.reason}"


def message(**fields: Any) -> dict[str, Any]:
    return {"message": text_message(**fields)}


def content(**kind: Any) -> dict[str, Any]:
    return {"message": {"content": kind}}


def masked(path: str, **settings: Any) -> dict[str, Any]:
    return {"update_mask": {"paths": [path]}, "settings": settings}


def shared(path: str, **fields: Any) -> dict[str, Any]:
    return {"update_mask": {"paths": [path]}, "properties": fields}


def mentions(kind: int, *user_ids: str) -> dict[str, Any]:
    # Also of kinds that are not in the enumeration, which the stub's type leaves out.
    return message(mentions=message_pb2.Mentions(kind=kind, user_ids=user_ids))  # type: ignore[arg-type]


USER, ALL = message_pb2.MENTION_KIND_USER, message_pb2.MENTION_KIND_ALL
MUTED, NORMAL = conversation_pb2.RECEIVE_OPTION_MUTED, conversation_pb2.RECEIVE_OPTION_NORMAL
SINGLE, GROUP = conversation_pb2.CONVERSATION_TYPE_SINGLE, conversation_pb2.CONVERSATION_TYPE_GROUP
ADMIN = member_pb2.MEMBER_ROLE_ADMIN
LATER = {"seconds": int(time.time()) + 3600}

FAULTS = [
    Fault("CreateConversation", {"target": {"type": UNKNOWN, "id": "a"}}, "UNKNOWN_ENUM_VALUE", "target.type"),
    Fault("CreateConversation", {"target": {"type": 3, "id": "a"}}, "UNKNOWN_ENUM_VALUE", "target.type"),
    Fault("CreateConversation", {"target": {"type": SINGLE, "id": "a"}}, "OUT_OF_BOUNDS", "target.type"),
    Fault("CreateConversation", {"target": {"id": "a"}}, "REQUIRED", "target.type"),
    Fault(
        "CreateConversation", {"properties": {"history_visibility": UNKNOWN}},
        "UNKNOWN_ENUM_VALUE", "properties.history_visibility",
    ),
    Fault(
        "CreateConversation", {"members": [{"user_id": "a", "role": UNKNOWN}]},
        "UNKNOWN_ENUM_VALUE", "members[0].role",
    ),
    Fault("CreateConversation", {"members": [{"user_id": "a"}, {"user_id": "a"}]}, "DUPLICATE_VALUE", "members[1]"),
    Fault("CreateConversation", {"members": [{}]}, "REQUIRED", "members[0].user_id"),
    Fault("CreateConversation", {"target": {"type": GROUP}}, "REQUIRED", "target.id"),
    Fault("CreateConversation", {"target": {"type": GROUP, "id": "a\u0085"}}, "MALFORMED", "target.id"),
    Fault(
        "CreateConversation", {"properties": {"attributes": {"": "value"}}}, "REQUIRED", "properties.attributes",
    ),
    Fault(
        "GetOrCreateConversation", {"conversation": group("a"), "members": [{"user_id": "a"}, {"user_id": "a"}]},
        "DUPLICATE_VALUE", "members[1]",
    ),
    Fault("BatchGetConversations", {"conversations": []}, "REQUIRED", "conversations"),
    Fault("ListConversations", {"filter": {"types": [UNKNOWN]}}, "UNKNOWN_ENUM_VALUE", "filter.types[0]"),
    Fault("ListConversations", {"filter": {"types": [SINGLE, 0]}}, "REQUIRED", "filter.types[1]"),
    Fault(
        "ListConversations", {"filter": {"conversation_ids": ["g:a", "?"]}},
        "MALFORMED", "filter.conversation_ids[1]",
    ),
    Fault(
        "ListConversations", {"filter": {"conversation_ids": ["g:a"] * 2}},
        "DUPLICATE_VALUE", "filter.conversation_ids[1]",
    ),
    Fault(
        "ListConversations", {"filter": {"active_start_time": {"seconds": FAR}}},
        "OUT_OF_BOUNDS", "filter.active_start_time",
    ),
    Fault("ListConversations", {"skip": -1}, "NEGATIVE", "skip"),
    Fault("ListConversations", {"page_size": -1}, "NEGATIVE", "page_size"),
    Fault("StreamConversations", {"filter": {"types": [UNKNOWN]}}, "UNKNOWN_ENUM_VALUE", "filter.types[0]"),
    Fault(
        "StreamConversations", {"filter": {"conversation_ids": ["g:a"] * 2}},
        "DUPLICATE_VALUE", "filter.conversation_ids[1]",
    ),
    Fault("UpdateConversation", {"update_mask": {}}, "REQUIRED", "update_mask"),
    Fault("UpdateConversation", shared("conversation_id"), "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault(
        "UpdateConversation", {"update_mask": {"paths": ["name", "*"]}},
        "UNKNOWN_FIELD_PATH", "update_mask.paths[1]",
    ),
    Fault(
        "UpdateConversation", shared("history_visibility", history_visibility=UNKNOWN),
        "UNKNOWN_ENUM_VALUE", "properties.history_visibility",
    ),
    Fault("UpdateConversation", shared("history_visibility"), "REQUIRED", "properties.history_visibility"),
    Fault("UpdateConversation", shared("attributes", attributes={"": "value"}), "REQUIRED", "properties.attributes"),
    Fault(
        "UpdateConversation", shared("burn", burn={"duration": {}}), "OUT_OF_BOUNDS", "properties.burn.duration",
    ),
    Fault(
        "UpdateConversation", {"update_mask": {"paths": ["name", "name"]}}, "DUPLICATE_VALUE", "update_mask.paths[1]",
    ),
    Fault("BatchUpdateConversationSettings", {"conversations": []}, "REQUIRED", "conversations"),
    Fault(
        "BatchUpdateConversationSettings", masked("mute_end_time", mute_end_time={"seconds": 1}),
        "IN_THE_PAST", "settings.mute_end_time",
    ),
    Fault("UpdateConversationSettings", {"update_mask": {}}, "REQUIRED", "update_mask"),
    Fault("UpdateConversationSettings", masked("pin_time"), "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault("UpdateConversationSettings", masked("draft_time"), "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault("UpdateConversationSettings", masked("receive_option"), "REQUIRED", "settings.receive_option"),
    Fault(
        "UpdateConversationSettings", masked("receive_option", receive_option=UNKNOWN),
        "UNKNOWN_ENUM_VALUE", "settings.receive_option",
    ),
    Fault(
        "UpdateConversationSettings", masked("mute_end_time", mute_end_time={"seconds": 1}),
        "IN_THE_PAST", "settings.mute_end_time",
    ),
    Fault(
        "UpdateConversationSettings", masked("mute_end_time", mute_end_time={"nanos": -1}),
        "OUT_OF_BOUNDS", "settings.mute_end_time",
    ),
    Fault(
        "UpdateConversationSettings",
        {
            "update_mask": {"paths": ["receive_option", "mute_end_time"]},
            "settings": {"receive_option": NORMAL, "mute_end_time": LATER},
        },
        "CONFLICTING_FIELDS", "settings.mute_end_time",
    ),
    Fault("UpdateConversationSettings", masked("marks", marks=["a", "a"]), "DUPLICATE_VALUE", "settings.marks[1]"),
    Fault("UpdateConversationSettings", masked("marks", marks=["a", ""]), "REQUIRED", "settings.marks[1]"),
    Fault("DeleteConversation", {"scope": 0}, "SCOPE_REQUIRED", "scope"),
    Fault("DeleteConversation", {"scope": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "scope"),
    Fault("DeleteConversation", {"scope": EVERYONE, "stay_hidden": True}, "CONFLICTING_FIELDS", "stay_hidden"),
    Fault("DeleteConversation", {"up_to_sequence": -1}, "NEGATIVE", "up_to_sequence"),
    Fault("MarkConversationRead", {"up_to_sequence": -1}, "NEGATIVE", "up_to_sequence"),
    Fault("MarkConversationRead", {"up_to_sequence": -(2**63)}, "NEGATIVE", "up_to_sequence"),
    Fault("MarkConversationRead", {"up_to_message_id": ""}, "REQUIRED", "up_to_message_id"),
    Fault("MarkConversationRead", {"up_to_message_id": "1-1-1"}, "MALFORMED", "up_to_message_id"),
    Fault("MarkConversationUnread", {"from_sequence": 0}, "OUT_OF_BOUNDS", "from_sequence"),
    Fault("MarkConversationUnread", {"from_sequence": 2}, "OUT_OF_BOUNDS", "from_sequence"),
    Fault("MarkConversationUnread", {"from_sequence": 2**63 - 1}, "OUT_OF_BOUNDS", "from_sequence"),
    Fault("ResetMentions", {"up_to_sequence": -1}, "NEGATIVE", "up_to_sequence"),
    Fault("MarkAllConversationsRead", {"types": [UNKNOWN]}, "UNKNOWN_ENUM_VALUE", "types[0]"),
    Fault("UpdateUserSettings", {"update_mask": {}}, "REQUIRED", "update_mask"),
    Fault("UpdateUserSettings", masked("pinned"), "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault("UpdateUserSettings", masked("receive_option"), "REQUIRED", "settings.receive_option"),
    Fault(
        "UpdateUserSettings", masked("receive_option", receive_option=UNKNOWN),
        "UNKNOWN_ENUM_VALUE", "settings.receive_option",
    ),
    Fault(
        "UpdateUserSettings", masked("mute_end_time", mute_end_time=LATER),
        "CONFLICTING_FIELDS", "settings.mute_end_time",
    ),
    Fault("AddMembers", {"members": []}, "REQUIRED", "members"),
    Fault("AddMembers", {"members": [{"user_id": "a", "role": UNKNOWN}]}, "UNKNOWN_ENUM_VALUE", "members[0].role"),
    Fault("AddMembers", {"members": [{"user_id": "a"}, {"user_id": "a"}]}, "DUPLICATE_VALUE", "members[1]"),
    Fault("RemoveMembers", {"user_ids": []}, "REQUIRED", "user_ids"),
    Fault("RemoveMembers", {"user_ids": ["a", "b", "a"]}, "DUPLICATE_VALUE", "user_ids[2]"),
    Fault("UpdateMember", {"member": {"role": ADMIN}}, "REQUIRED", "member.user_id"),
    Fault("UpdateMember", {"member": {"user_id": "a"}}, "REQUIRED", "member.role"),
    Fault("UpdateMember", {"member": {"user_id": "a", "role": UNKNOWN}}, "UNKNOWN_ENUM_VALUE", "member.role"),
    Fault("UpdateMember", {"update_mask": {}}, "REQUIRED", "update_mask"),
    Fault("UpdateMember", {"update_mask": {"paths": ["join_time"]}}, "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault("ListMembers", {"roles": [UNKNOWN]}, "UNKNOWN_ENUM_VALUE", "roles[0]"),
    Fault("ListMembers", {"page_size": -1}, "NEGATIVE", "page_size"),
    Fault("SendMessage", {"message": {}}, "REQUIRED", "message.content"),
    Fault("SendMessage", content(), "REQUIRED", "message.content"),
    Fault("SendMessage", content(custom={}), "REQUIRED", "message.content.custom.type"),
    Fault("SendMessage", content(location={"latitude": 90.1}), "OUT_OF_BOUNDS", "message.content.location.latitude"),
    Fault(
        "SendMessage", content(location={"latitude": float("nan")}),
        "OUT_OF_BOUNDS", "message.content.location.latitude",
    ),
    Fault(
        "SendMessage", content(location={"longitude": -180.1}),
        "OUT_OF_BOUNDS", "message.content.location.longitude",
    ),
    Fault(
        "SendMessage", content(location={"longitude": float("inf")}),
        "OUT_OF_BOUNDS", "message.content.location.longitude",
    ),
    *(
        Fault("SendMessage", content(structured=structure), "MALFORMED", "message.content.structured")
        for structure in (
            Struct(fields={"number": Value(number_value=float("nan"))}),
            Struct(fields={"number": Value(number_value=float("-inf"))}),
            Struct(fields={"nothing": Value()}),
            Struct(fields={"list": Value(list_value=ListValue(values=[Value(bool_value=True), Value()]))}),
            Struct(fields={"inner": Value(struct_value=Struct(fields={"a": Value(number_value=float("inf"))}))}),
        )
    ),
    Fault("SendMessage", content(media={}), "REQUIRED", "message.content.media.url"),
    Fault("SendMessage", content(media={"url": "u", "size_bytes": -1}), "NEGATIVE", "message.content.media.size_bytes"),
    Fault("SendMessage", message(attributes={"": "value"}), "REQUIRED", "message.attributes"),
    Fault("SendMessage", mentions(0), "REQUIRED", "message.mentions.kind"),
    Fault("SendMessage", mentions(UNKNOWN), "UNKNOWN_ENUM_VALUE", "message.mentions.kind"),
    Fault("SendMessage", mentions(USER), "REQUIRED", "message.mentions.user_ids"),
    Fault("SendMessage", mentions(USER, "a", "a"), "DUPLICATE_VALUE", "message.mentions.user_ids[1]"),
    Fault("SendMessage", mentions(USER, "a", ""), "REQUIRED", "message.mentions.user_ids[1]"),
    Fault("SendMessage", mentions(ALL, "a"), "CONFLICTING_FIELDS", "message.mentions.user_ids"),
    Fault("SendMessage", message(client_message_id="a\nb"), "MALFORMED", "message.client_message_id"),
    Fault("SendMessage", message(client_time={"seconds": FAR}), "OUT_OF_BOUNDS", "message.client_time"),
    Fault("BatchSendMessages", {"items": []}, "REQUIRED", "items"),
    Fault("ImportMessages", {"messages": []}, "REQUIRED", "messages"),
    Fault("ImportMessages", {"messages": [{}]}, "REQUIRED", "messages[0].sender_id"),
    Fault("ImportMessages", {"messages": [{"sender_id": "a"}]}, "REQUIRED", "messages[0].original_time"),
    Fault(
        "ImportMessages", {"messages": [{"sender_id": "a", "original_time": {"nanos": 1_000_000_000}}]},
        "OUT_OF_BOUNDS", "messages[0].original_time",
    ),
    Fault(
        "ImportMessages", {"messages": [{"sender_id": "a", "original_time": {}, **message()}]},
        "REQUIRED", "messages[0].message.client_message_id",
    ),
    Fault("ListMessages", {"direction": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "direction"),
    Fault("ListMessages", {"start": {"position": UNKNOWN}}, "UNKNOWN_ENUM_VALUE", "start.position"),
    Fault("ListMessages", {"start": {"position": 0}}, "REQUIRED", "start.position"),
    Fault("ListMessages", {"start": {"sequence": -1}}, "NEGATIVE", "start.sequence"),
    Fault("ListMessages", {"start": {"message_id": ""}}, "REQUIRED", "start.message_id"),
    Fault("ListMessages", {"start": {"message_id": "-1"}}, "MALFORMED", "start.message_id"),
    Fault("ListMessages", {"start": {"start_time": {"seconds": -(2**63)}}}, "OUT_OF_BOUNDS", "start.start_time"),
    Fault("ListMessages", {"filter": {"content_types": [UNKNOWN]}}, "UNKNOWN_ENUM_VALUE", "filter.content_types[0]"),
    Fault("ListMessages", {"filter": {"content_types": [0]}}, "REQUIRED", "filter.content_types[0]"),
    Fault("ListMessages", {"filter": {"sender_ids": ["a", "a"]}}, "DUPLICATE_VALUE", "filter.sender_ids[1]"),
    Fault("ListMessages", {"filter": {"sender_ids": [""]}}, "REQUIRED", "filter.sender_ids[0]"),
    Fault("ListMessages", {"filter": {"start_time": LATER, "end_time": LATER}}, "OUT_OF_BOUNDS", "filter.end_time"),
    Fault("StreamMessages", {"direction": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "direction"),
    Fault("StreamMessages", {"start": {"sequence": -1}}, "NEGATIVE", "start.sequence"),
    Fault("StreamMessages", {"filter": {"sender_ids": ["a", "a"]}}, "DUPLICATE_VALUE", "filter.sender_ids[1]"),
    Fault("ListMessagesAround", {"anchor": {"position": UNKNOWN}}, "UNKNOWN_ENUM_VALUE", "anchor.position"),
    Fault("ListMessagesAround", {"older_count": -1}, "NEGATIVE", "older_count"),
    Fault("ListMessagesAround", {"newer_count": -(2**31)}, "NEGATIVE", "newer_count"),
    Fault("GetMessage", {"message_id": ""}, "REQUIRED", "message_id"),
    *(
        Fault("GetMessage", {"message_id": wrong}, "MALFORMED", "message_id")
        for wrong in (
            "1", "1-", "-1", "a-b", "1-01", "01-1", "0-1", "1-0",
            "1--1", "+1-1", "1-1 ", "\u0661-\u0661", "9" * 19 + "-1",
        )
    ),
    Fault("BatchGetMessages", {"message_ids": []}, "REQUIRED", "message_ids"),
    Fault("DeleteMessages", {"scope": 0}, "SCOPE_REQUIRED", "scope"),
    Fault("DeleteMessages", {"scope": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "scope"),
    Fault("DeleteMessages", {"message_ids": []}, "REQUIRED", "message_ids"),
    Fault("DeleteMessages", {"message_ids": ["1-1", "1-1"]}, "DUPLICATE_VALUE", "message_ids[1]"),
    Fault("ClearHistory", {"up_to_sequence": None}, "REQUIRED", "target"),
    Fault("ClearHistory", {"up_to_sequence": -1}, "NEGATIVE", "up_to_sequence"),
    Fault(
        "ClearHistory", {"up_to_sequence": None, "before_time": {"seconds": FAR}}, "OUT_OF_BOUNDS", "before_time",
    ),
    Fault("ListReaders", {"message_id": ""}, "REQUIRED", "message_id"),
    Fault("ListReaders", {"page_size": -1}, "NEGATIVE", "page_size"),
]  # fmt: skip
