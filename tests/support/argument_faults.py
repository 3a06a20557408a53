"""Calls with one wrong field each, and what they say about it."""

import time
from typing import Any, NamedTuple

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from backscroll.v1 import conversation_pb2, message_pb2
from tests.support.api_client import EVERYONE, SELF, text_message

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
    return {"update_mask": {"paths": [path]}, **fields}


def mentions(kind: int, *user_ids: str) -> dict[str, Any]:
    # Also of kinds that are not in the enumeration, which the stub's type leaves out.
    return message(mentions=message_pb2.Mentions(kind=kind, user_ids=user_ids))  # type: ignore[arg-type]


USER, ALL = message_pb2.MENTION_KIND_USER, message_pb2.MENTION_KIND_ALL
MUTED, NORMAL = conversation_pb2.RECEIVE_OPTION_MUTED, conversation_pb2.RECEIVE_OPTION_NORMAL
SINGLE = conversation_pb2.CONVERSATION_TYPE_SINGLE
LATER = {"seconds": int(time.time()) + 3600}

FAULTS = [
    Fault("CreateConversation", {"type": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "type"),
    Fault("CreateConversation", {"type": SINGLE}, "OUT_OF_BOUNDS", "type"),
    Fault("CreateConversation", {"history_visibility": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "history_visibility"),
    Fault(
        "CreateConversation", {"members": [{"user_id": "a", "role": UNKNOWN}]},
        "UNKNOWN_ENUM_VALUE", "members[0].role",
    ),
    Fault("CreateConversation", {"members": [{"user_id": "a"}, {"user_id": "a"}]}, "DUPLICATE_VALUE", "members[1]"),
    Fault("CreateConversation", {"members": [{}]}, "REQUIRED", "members[0].user_id"),
    Fault("CreateConversation", {"source_id": ""}, "REQUIRED", "source_id"),
    Fault("CreateConversation", {"source_id": "a\u0085"}, "MALFORMED", "source_id"),
    Fault("CreateConversation", {"attributes": {"": "value"}}, "REQUIRED", "attributes"),
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
    Fault("ListConversations", {"filter": {"active_since": {"seconds": FAR}}}, "OUT_OF_BOUNDS", "filter.active_since"),
    Fault("ListConversations", {"skip": -1}, "NEGATIVE", "skip"),
    Fault("ListConversations", {"page_size": -1}, "NEGATIVE", "page_size"),
    Fault("StreamConversations", {"filter": {"types": [UNKNOWN]}}, "UNKNOWN_ENUM_VALUE", "filter.types[0]"),
    Fault("UpdateConversation", {"update_mask": {}}, "REQUIRED", "update_mask"),
    Fault("UpdateConversation", shared("conversation_id"), "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault(
        "UpdateConversation", {"update_mask": {"paths": ["name", "*"]}},
        "UNKNOWN_FIELD_PATH", "update_mask.paths[1]",
    ),
    Fault(
        "UpdateConversation", shared("history_visibility", history_visibility=UNKNOWN),
        "UNKNOWN_ENUM_VALUE", "history_visibility",
    ),
    Fault("UpdateConversation", shared("attributes", attributes={"": "value"}), "REQUIRED", "attributes"),
    Fault("UpdateConversation", shared("burn.duration", burn={"duration": {}}), "OUT_OF_BOUNDS", "burn.duration"),
    Fault("UpdateConversationSettings", {"conversations": []}, "REQUIRED", "conversations"),
    Fault("UpdateConversationSettings", {"update_mask": {}}, "REQUIRED", "update_mask"),
    Fault("UpdateConversationSettings", masked("pin_time"), "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault("UpdateConversationSettings", masked("draft_time"), "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault("UpdateConversationSettings", masked("receive_option"), "REQUIRED", "settings.receive_option"),
    Fault(
        "UpdateConversationSettings", masked("receive_option", receive_option=UNKNOWN),
        "UNKNOWN_ENUM_VALUE", "settings.receive_option",
    ),
    Fault(
        "UpdateConversationSettings", masked("muted_until", muted_until={"seconds": 1}),
        "IN_THE_PAST", "settings.muted_until",
    ),
    Fault(
        "UpdateConversationSettings", masked("muted_until", muted_until={"nanos": -1}),
        "OUT_OF_BOUNDS", "settings.muted_until",
    ),
    Fault(
        "UpdateConversationSettings",
        {
            "update_mask": {"paths": ["receive_option", "muted_until"]},
            "settings": {"receive_option": NORMAL, "muted_until": LATER},
        },
        "CONFLICTING_FIELDS", "settings.muted_until",
    ),
    Fault("UpdateConversationSettings", masked("marks", marks=["a", "a"]), "DUPLICATE_VALUE", "settings.marks[1]"),
    Fault("UpdateConversationSettings", masked("marks", marks=["a", ""]), "REQUIRED", "settings.marks[1]"),
    Fault("DeleteConversation", {"scope": 0}, "SCOPE_REQUIRED", "scope"),
    Fault("DeleteConversation", {"scope": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "scope"),
    Fault("DeleteConversation", {"scope": EVERYONE, "stay_hidden": True}, "CONFLICTING_FIELDS", "stay_hidden"),
    Fault("MarkConversationRead", {"sequence": 0}, "OUT_OF_BOUNDS", "sequence"),
    Fault("MarkConversationRead", {"sequence": -(2**63)}, "OUT_OF_BOUNDS", "sequence"),
    Fault("MarkConversationRead", {"message_id": ""}, "REQUIRED", "message_id"),
    Fault("MarkConversationRead", {"message_id": "1-1-1"}, "MALFORMED", "message_id"),
    Fault("MarkConversationUnread", {"sequence": 0}, "OUT_OF_BOUNDS", "sequence"),
    Fault("MarkConversationUnread", {"sequence": 2}, "OUT_OF_BOUNDS", "sequence"),
    Fault("MarkConversationUnread", {"sequence": 2**63 - 1}, "OUT_OF_BOUNDS", "sequence"),
    Fault("MarkAllConversationsRead", {"types": [UNKNOWN]}, "UNKNOWN_ENUM_VALUE", "types[0]"),
    Fault("UpdateUserSettings", {"update_mask": {}}, "REQUIRED", "update_mask"),
    Fault("UpdateUserSettings", masked("pinned"), "UNKNOWN_FIELD_PATH", "update_mask.paths[0]"),
    Fault("UpdateUserSettings", masked("receive_option"), "REQUIRED", "settings.receive_option"),
    Fault(
        "UpdateUserSettings", masked("receive_option", receive_option=UNKNOWN),
        "UNKNOWN_ENUM_VALUE", "settings.receive_option",
    ),
    Fault("UpdateUserSettings", masked("muted_until", muted_until=LATER), "CONFLICTING_FIELDS", "settings.muted_until"),
    Fault("AddMembers", {"members": []}, "REQUIRED", "members"),
    Fault("AddMembers", {"members": [{"user_id": "a", "role": UNKNOWN}]}, "UNKNOWN_ENUM_VALUE", "members[0].role"),
    Fault("RemoveMembers", {"member_ids": []}, "REQUIRED", "member_ids"),
    Fault("RemoveMembers", {"member_ids": ["a", "b", "a"]}, "DUPLICATE_VALUE", "member_ids[2]"),
    Fault("UpdateMember", {"member_id": ""}, "REQUIRED", "member_id"),
    Fault("UpdateMember", {"role": 0}, "REQUIRED", "role"),
    Fault("UpdateMember", {"role": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "role"),
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
    Fault("ListMessages", {"start": {"sequence": -1}}, "NEGATIVE", "start.sequence"),
    Fault("ListMessages", {"start": {"message_id": ""}}, "REQUIRED", "start.message_id"),
    Fault("ListMessages", {"start": {"message_id": "-1"}}, "MALFORMED", "start.message_id"),
    Fault("ListMessages", {"start": {"time": {"seconds": -(2**63)}}}, "OUT_OF_BOUNDS", "start.time"),
    Fault("ListMessages", {"filter": {"content_types": [UNKNOWN]}}, "UNKNOWN_ENUM_VALUE", "filter.content_types[0]"),
    Fault("ListMessages", {"filter": {"content_types": [0]}}, "REQUIRED", "filter.content_types[0]"),
    Fault("ListMessages", {"filter": {"sender_ids": ["a", "a"]}}, "DUPLICATE_VALUE", "filter.sender_ids[1]"),
    Fault("ListMessages", {"filter": {"sender_ids": [""]}}, "REQUIRED", "filter.sender_ids[0]"),
    Fault("ListMessages", {"filter": {"start_time": LATER, "end_time": LATER}}, "OUT_OF_BOUNDS", "filter.end_time"),
    Fault("StreamMessages", {"direction": UNKNOWN}, "UNKNOWN_ENUM_VALUE", "direction"),
    Fault("StreamMessages", {"start": {"sequence": -1}}, "NEGATIVE", "start.sequence"),
    Fault("GetMessagesAround", {"anchor": {"position": UNKNOWN}}, "UNKNOWN_ENUM_VALUE", "anchor.position"),
    Fault("GetMessagesAround", {"before": -1}, "NEGATIVE", "before"),
    Fault("GetMessagesAround", {"after": -(2**31)}, "NEGATIVE", "after"),
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
    Fault("DeleteMessages", {"ids": {}}, "REQUIRED", "ids.message_ids"),
    Fault("DeleteMessages", {"ids": {"message_ids": ["1-1", "1-1"]}}, "DUPLICATE_VALUE", "ids.message_ids[1]"),
    Fault("DeleteMessages", {"ids": None}, "REQUIRED", "target"),
    Fault("DeleteMessages", {"ids": None, "before_time": LATER}, "CONFLICTING_FIELDS", "scope"),
    Fault("DeleteMessages", {"ids": None, "up_to_sequence": 1}, "CONFLICTING_FIELDS", "scope"),
    Fault("DeleteMessages", {"ids": None, "scope": SELF, "up_to_sequence": 0}, "OUT_OF_BOUNDS", "up_to_sequence"),
    Fault(
        "DeleteMessages", {"ids": None, "scope": SELF, "before_time": {"seconds": FAR}},
        "OUT_OF_BOUNDS", "before_time",
    ),
    Fault("ListReaders", {"message_id": ""}, "REQUIRED", "message_id"),
    Fault("ListReaders", {"page_size": -1}, "NEGATIVE", "page_size"),
]  # fmt: skip
