"""The limits of the contract: for each a call that takes so much, and what it says about more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from google.protobuf.struct_pb2 import Struct

from backscroll.v1 import conversation_pb2, message_pb2
from tests.support.api_client import SELF, ApiClient, Reference, group, single, system, text_message
from tests.support.contract_calls import call
from tests.support.fixtures import Ids


def wide(size: int, prefix: str = "") -> str:
    """A text of so many bytes that has fewer characters."""
    left = size - len(prefix.encode())
    return prefix + "é" * (left // 2) + "a" * (left % 2)


@dataclass
class Scene:
    """Alice and Bob, a pair and a group with a message each; what is asked with how much is up to a case."""

    api: ApiClient
    ids: Ids

    def __post_init__(self) -> None:
        self.alice, self.bob = self.ids.users(2)
        self.pair, self.group = single(self.bob), group(self.ids.group())
        self.api.create_group(self.alice, self.group.target.id, [self.bob])
        self.message_id = self.api.send(self.alice, self.pair).message_id
        self.in_group = self.api.send(self.alice, self.group).message_id

    def __call__(self, method: str, **fields: Any) -> Any:
        """A call by Alice; about the pair, where it is about one conversation and the case names none."""
        return call(self.api, method, **({"user_id": self.alice} | fields))

    def send(self, to: Reference | None = None, *, as_service: bool = False, **fields: Any) -> Any:
        message = text_message(**fields)
        return self("SendMessage", conversation=to or self.pair, message=message, as_service=as_service)

    def send_content(self, **content: Any) -> Any:
        return self("SendMessage", conversation=self.pair, message={"content": content})

    def batch(self, *items: dict[str, Any], **fields: Any) -> Any:
        return self("BatchSendMessages", items=[{"conversation": self.pair} | item for item in items], **fields)

    def old(self, count: int = 1, **fields: Any) -> Any:
        """An import of so many."""
        fields = {"sender_id": self.bob, "original_time": {"seconds": 1_600_000_000}} | fields
        start = self.ids.user("own")
        messages = [
            fields | {"message": text_message("old", client_message_id=f"{start}-{number}")} for number in range(count)
        ]
        return self("ImportMessages", conversation=self.pair, messages=messages, as_service=True)

    def old_mentioning(self, count: int) -> Any:
        """An import of messages that mention so many users together."""
        messages = []
        for number, fields in enumerate(mentioning(count)):
            fields["message"].client_message_id = f"own-{number}"
            messages.append({"sender_id": self.bob, "original_time": {"seconds": 1_600_000_000}, **fields})
        return self("ImportMessages", conversation=self.pair, messages=messages, as_service=True)

    def settings(self, name: str, value: Any) -> Any:
        return self(
            "UpdateConversationSettings",
            conversation=self.pair,
            update_mask={"paths": [name]},
            settings={name: value},
        )

    def pin(self, at: list[Reference]) -> Any:
        return self(
            "BatchUpdateConversationSettings",
            conversations=at,
            update_mask={"paths": ["pinned"]},
            settings={"pinned": True},
        )

    def shared(self, name: str, value: Any, at: Reference | None = None) -> Any:
        fields = {"properties": {name: value}, "conversation": at or self.group, "update_mask": {"paths": [name]}}
        return self("UpdateConversation", **fields)

    def create(self, source_id: str = "", **fields: Any) -> Any:
        target = {"type": conversation_pb2.CONVERSATION_TYPE_GROUP, "id": source_id or self.ids.group()}
        return self("CreateConversation", target=target, **fields)

    def others(self, count: int) -> list[dict[str, str]]:
        return [{"user_id": self.ids.user("new")} for _ in range(count)]


class Limit(NamedTuple):
    """A call that takes so much of something, the most it takes, and what it says about more."""

    name: str
    most: int
    reason: str
    field: str
    make: Callable[[Scene, int], object]

    def __str__(self) -> str:
        return f"{self.name}-{self.field}"


def mentioning(count: int) -> list[dict[str, Any]]:
    """Messages that mention so many users together, 100 each."""
    users = [f"mentioned {number}" for number in range(count)]
    parts = [users[start : start + 100] for start in range(0, count, 100)]
    kind = message_pb2.MENTION_KIND_USER
    return [{"message": text_message(mentions={"kind": kind, "user_ids": part})} for part in parts]


def pairs(count: int) -> dict[str, str]:
    return {f"key {number}": "value" for number in range(count)}


def attribute_limits(field: str, make: Callable[[Scene, dict[str, str]], object]) -> Iterator[Limit]:
    """The limits of free-form pairs, which are the same wherever they are taken."""
    yield Limit("ATTRIBUTES", 64, "TOO_MANY", field, lambda scene, most: make(scene, pairs(most)))
    yield Limit("ATTRIBUTE_KEY_BYTES", 128, "TOO_LONG", field, lambda scene, most: make(scene, {wide(most): "value"}))
    yield Limit(
        "ATTRIBUTE_VALUE_BYTES", 4096, "TOO_LONG", f"{field}[key]", lambda scene, most: make(scene, {"key": wide(most)})
    )


def text_of_encoded_size(size: int) -> str:
    """A text that makes an encoded message of so many bytes, if it has nothing else."""
    return "a" * (60_000 + size - text_message("a" * 60_000).ByteSize())


def nested(levels: int, kind: str) -> Struct:
    """A structure of so many levels, of structures or of lists below the first."""
    structure = Struct()
    value = structure.fields["inner"]
    for _ in range(levels - 1):
        value = value.struct_value.fields["inner"] if kind == "struct" else value.list_value.values.add()
    value.bool_value = True
    return structure


def bytes_of_encoded_size(size: int) -> bytes:
    """The same for the bytes of a custom content of type `t`."""
    content = {"custom": {"type": "t", "data": bytes(60_000)}}
    return bytes(60_000 + size - message_pb2.OutgoingMessage(content=content).ByteSize())


LIMITS = [
    Limit("ID_BYTES", 256, "TOO_LONG", "user_id", lambda s, n: s("GetUnreadSummary", user_id=wide(n, s.ids.user()))),
    Limit("ID_BYTES", 256, "TOO_LONG", "conversation.target.id", lambda s, n: s.send(single(wide(n, s.ids.user())))),
    Limit(
        "ID_BYTES", 256, "TOO_LONG", "conversation.target.recipient_id",
        lambda s, n: s.send(system("news", wide(n, s.ids.user())), as_service=True),
    ),
    Limit("ID_BYTES", 256, "TOO_LONG", "target.id", lambda s, n: s.create(source_id=wide(n, s.ids.group()))),
    Limit("ID_BYTES", 256, "TOO_LONG", "message.client_message_id", lambda s, n: s.send(client_message_id=wide(n))),
    Limit(
        "ID_BYTES", 256, "TOO_LONG", "message.mentions.user_ids[1]",
        lambda s, n: s.send(mentions={"kind": message_pb2.MENTION_KIND_USER, "user_ids": [s.bob, wide(n)]}),
    ),
    Limit(
        "ID_BYTES", 256, "TOO_LONG", "members[1].user_id",
        lambda s, n: s(
            "AddMembers", conversation=s.group, members=[{"user_id": s.bob}, {"user_id": wide(n, s.ids.user())}]
        ),
    ),
    Limit(
        "ID_BYTES", 256, "TOO_LONG", "user_ids[0]",
        lambda s, n: s("RemoveMembers", conversation=s.group, user_ids=[wide(n)]),
    ),
    Limit("ID_BYTES", 256, "TOO_LONG", "messages[0].sender_id", lambda s, n: s.old(sender_id=wide(n, s.ids.user()))),
    Limit(
        "ID_BYTES", 256, "TOO_LONG", "filter.sender_ids[0]",
        lambda s, n: s("ListMessages", conversation=s.pair, filter={"sender_ids": [wide(n)]}),
    ),
    Limit("NAME_BYTES", 256, "TOO_LONG", "properties.name", lambda s, n: s.create(properties={"name": wide(n)})),
    Limit("NAME_BYTES", 256, "TOO_LONG", "properties.name", lambda s, n: s.shared("name", wide(n))),
    Limit("MESSAGE_BYTES", 65_536, "TOO_LARGE", "message", lambda s, n: s.send(text=text_of_encoded_size(n))),
    Limit(
        "MESSAGE_BYTES", 65_536, "TOO_LARGE", "message",
        lambda s, n: s.send_content(custom={"type": "t", "data": bytes_of_encoded_size(n)}),
    ),
    *attribute_limits("message.attributes", lambda s, given: s.send(attributes=given)),
    *attribute_limits("properties.attributes", lambda s, given: s.create(properties={"attributes": given})),
    *attribute_limits("properties.attributes", lambda s, given: s.shared("attributes", given)),
    *attribute_limits("settings.attributes", lambda s, given: s.settings("attributes", given)),
    Limit(
        "CUSTOM_TYPE_BYTES", 128, "TOO_LONG", "message.content.custom.type",
        lambda s, n: s.send_content(custom={"type": wide(n)}),
    ),
    Limit(
        "FALLBACK_TEXT_BYTES", 4096, "TOO_LONG", "message.fallback_text", lambda s, n: s.send(fallback_text=wide(n)),
    ),
    Limit(
        "URL_BYTES", 2048, "TOO_LONG", "message.content.media.url",
        lambda s, n: s.send_content(media={"url": wide(n)}),
    ),
    Limit(
        "URL_BYTES", 2048, "TOO_LONG", "message.content.media.thumbnail_url",
        lambda s, n: s.send_content(media={"url": "u", "thumbnail_url": wide(n)}),
    ),
    Limit(
        "STRUCTURE_LEVELS", 24, "TOO_LARGE", "message.content.structured",
        lambda s, n: s.send_content(structured=nested(n, "struct")),
    ),
    Limit(
        "STRUCTURE_LEVELS", 24, "TOO_LARGE", "message.content.structured",
        lambda s, n: s.send_content(structured=nested(n, "list")),
    ),
    Limit(
        "MENTIONED_USERS", 100, "TOO_MANY", "message.mentions.user_ids",
        lambda s, n: s.send(mentions={"kind": message_pb2.MENTION_KIND_USER, "user_ids": [*pairs(n)]}),
    ),
    Limit("DRAFT_BYTES", 16_384, "TOO_LONG", "settings.draft", lambda s, n: s.settings("draft", wide(n))),
    Limit("MARKS", 20, "TOO_MANY", "settings.marks", lambda s, n: s.settings("marks", [*pairs(n)])),
    Limit("MARK_BYTES", 64, "TOO_LONG", "settings.marks[1]", lambda s, n: s.settings("marks", ["mark", wide(n)])),
    Limit("BATCH_SENDS", 500, "TOO_MANY", "items", lambda s, n: s.batch(*[{"message": text_message()}] * n)),
    Limit("IMPORT_CHUNK", 500, "TOO_MANY", "messages", lambda s, n: s.old(n)),
    Limit("BATCH_MENTIONED_USERS", 5000, "TOO_MANY", "items", lambda s, n: s.batch(*mentioning(n))),
    Limit("BATCH_MENTIONED_USERS", 5000, "TOO_MANY", "messages", lambda s, n: s.old_mentioning(n)),
    Limit(
        "BATCH_GETS", 100, "TOO_MANY", "conversations",
        lambda s, n: s("BatchGetConversations", conversations=[s.pair] * n),
    ),
    Limit(
        "BATCH_GETS", 100, "TOO_MANY", "message_ids",
        lambda s, n: s("BatchGetMessages", message_ids=[s.message_id] * n),
    ),
    Limit(
        "DELETED_IDS", 50, "TOO_MANY", "message_ids",
        lambda s, n: s(
            "DeleteMessages", conversation=s.pair, scope=SELF,
            message_ids=[f"1-{place}" for place in range(1, n + 1)],
        ),
    ),
    Limit(
        "SETTINGS_CONVERSATIONS", 100, "TOO_MANY", "conversations",
        lambda s, n: s.pin([s.pair] * n),
    ),
    Limit("MEMBERS_PER_CALL", 500, "TOO_MANY", "members", lambda s, n: s.create(members=s.others(n))),
    Limit(
        "MEMBERS_PER_CALL", 500, "TOO_MANY", "members",
        lambda s, n: s("AddMembers", conversation=s.group, members=s.others(n)),
    ),
    Limit(
        "MEMBERS_PER_CALL", 500, "TOO_MANY", "user_ids",
        lambda s, n: s("RemoveMembers", conversation=s.group, user_ids=[*pairs(n)]),
    ),
    Limit(
        "FILTER_SENDERS", 50, "TOO_MANY", "filter.sender_ids",
        lambda s, n: s("ListMessages", conversation=s.pair, filter={"sender_ids": [*pairs(n)]}),
    ),
    Limit(
        "FILTER_CONTENT_TYPES", 10, "TOO_MANY", "filter.content_types",
        lambda s, n: s(
            "StreamMessages", conversation=s.pair, filter={"content_types": [message_pb2.CONTENT_TYPE_TEXT] * n}
        ),
    ),
    Limit(
        "FILTER_CONVERSATIONS", 100, "TOO_MANY", "filter.conversation_ids",
        lambda s, n: s("ListConversations", filter={"conversation_ids": [f"g:{number}" for number in range(n)]}),
    ),
    Limit(
        "BURN_SECONDS_MAX", 604_800, "OUT_OF_BOUNDS", "properties.burn.duration",
        lambda s, n: s.shared("burn", {"enabled": True, "duration": {"seconds": n}}, s.pair),
    ),
]  # fmt: skip
