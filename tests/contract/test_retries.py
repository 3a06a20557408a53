"""Each call made twice: what a retry may do, from the idempotency levels that the contract gives its methods."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions

from backscroll.v1 import conversation_pb2, event_service_pb2, member_pb2, message_pb2
from backscroll_server.storage.tables.models import Feed
from tests.support.api_client import DOWN, EVERYONE, SELF, ApiClient, group, single, text_message
from tests.support.contract_calls import METHODS, request_of, send_request
from tests.support.fixtures import Ids, peewee_database
from tests.support.user_view_snapshot import view_of_user

EVENTS = event_service_pb2.DESCRIPTOR.services_by_name["EventService"]
ALL_METHODS: dict[str, MethodDescriptor] = METHODS | {method.name: method for method in EVENTS.methods}
READS = MethodOptions.NO_SIDE_EFFECTS
UNSAFE = MethodOptions.IDEMPOTENCY_UNKNOWN
MENTION_ALL = message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ALL)

Fields = dict[str, Any]


@dataclass
class Scene:
    """Ann, Bob and Cid with a pair, and a group that Ann owns and in which Bob is an admin; some of it is unread."""

    api: ApiClient
    ids: Ids
    database: str

    def __post_init__(self) -> None:
        self.ann, self.bob, self.cid, self.dan = self.ids.users(4)
        self.pair, self.group = single(self.bob), group(self.ids.group())
        self.new_group = group(self.ids.group())
        self.source = self.group.target.id
        self.api.create_group(self.ann, self.source, [self.bob, self.cid])
        for number in range(3):
            self.own = self.api.send(self.ann, self.pair, f"own {number}")
            self.api.send(self.bob, single(self.ann), f"in the pair {number}", keep_unread=True)
            self.last = self.api.send(self.bob, self.group, f"in the group {number}", mentions=MENTION_ALL)

    def in_pair(self) -> conversation_pb2.Conversation:
        """The pair as Ann sees it."""
        return self.api.look(self.ann, self.pair)

    def others_act(self) -> None:
        """Everything that others may do between a call and its retry."""
        api = self.api
        for at, sender in ((single(self.ann), self.bob), (self.group, self.bob), (single(self.ann), self.cid)):
            api.send(sender, at, "meanwhile", keep_unread=True)
            api.send(sender, at, "a notice", silent=True)
        api.send(self.bob, self.group, "for all", mentions=MENTION_ALL)
        api.import_messages(self.ann, self.pair, [(self.bob, 1_600_000_000_000_000, "old")], prefix=self.ids.user())
        api.read(self.bob, single(self.ann))
        api.add(self.ann, self.group, [self.ids.user("joiner")], as_service=True)

    def seen(self) -> list[object]:
        """Every view of every user, and how many changes the feed has."""
        views = [
            view_of_user(self.api, self.ann, self.pair, self.group, self.new_group, single(self.cid)),
            view_of_user(self.api, self.bob, single(self.ann), self.group, self.new_group),
            view_of_user(self.api, self.cid, self.group, single(self.ann)),
            view_of_user(self.api, self.dan, self.group),
        ]
        return [*views, self.changes()]

    def changes(self) -> int:
        """How many changes the feed has."""
        with closing(peewee_database(self.database)) as database, database.bind_ctx([Feed]):
            return Feed.select().count()


class Row(NamedTuple):
    """A call that changes something, and of a method without a level the same call without what makes it safe."""

    fields: Callable[[Scene], Fields]
    unsafe: Callable[[Scene], Fields] | None = None


def at_pair(**fields: Any) -> Callable[[Scene], Fields]:
    return lambda scene: {"conversation": scene.pair} | fields


def deletion(**fields: Any) -> Row:
    """A deletion of the pair, up to what Ann knows of it."""
    return Row(
        lambda scene: {"conversation": scene.pair, "up_to_sequence": scene.in_pair().last_sequence} | fields,
        lambda scene: {"conversation": scene.pair} | fields,
    )


def all_deleted(**fields: Any) -> Row:
    """A deletion of all conversations, up to the latest time that Ann knows."""
    return Row(lambda scene: {"up_to_time": scene.last.create_time} | fields, lambda _: fields)


def messages_deleted(scope: int) -> Row:
    """A deletion of one of Ann's own messages."""
    return Row(lambda scene: {"conversation": scene.pair, "message_ids": [scene.own.message_id], "scope": scope})


def old(scene: Scene) -> Fields:
    message = text_message("old", client_message_id="old")
    return {"sender_id": scene.bob, "original_time": {"seconds": 1_600_000_000}, "message": message}


ROWS: dict[str, list[Row]] = {
    "CreateConversation": [
        Row(
            lambda scene: {
                "target": scene.new_group.target,
                "properties": {"name": "new"},
                "members": [{"user_id": scene.bob}],
            }
        )
    ],
    "GetOrCreateConversation": [Row(lambda scene: {"conversation": single(scene.cid)})],
    "UpdateConversation": [
        Row(
            lambda scene: {
                "conversation": scene.group,
                "properties": {"name": "another"},
                "update_mask": {"paths": ["name", "attributes"]},
            }
        )
    ],
    "UpdateConversationSettings": [
        Row(
            at_pair(
                settings={"pinned": True, "draft": "a draft", "marks": ["b", "a"]},
                update_mask={"paths": ["pinned", "draft", "marks"]},
            )
        )
    ],
    "BatchUpdateConversationSettings": [
        Row(
            lambda scene: {
                "conversations": [scene.pair, scene.group],
                "settings": {"pinned": True, "receive_option": conversation_pb2.RECEIVE_OPTION_BLOCKED},
                "update_mask": {"paths": ["pinned", "receive_option"]},
            }
        )
    ],
    "DeleteConversation": [
        deletion(scope=SELF),
        deletion(scope=SELF, delete_messages=True),
        deletion(scope=SELF, delete_messages=True, stay_hidden=True),
        deletion(scope=EVERYONE, as_service=True),
        deletion(scope=EVERYONE, delete_messages=True, as_service=True),
    ],
    "DeleteAllConversations": [all_deleted(), all_deleted(delete_messages=True)],
    "MarkConversationRead": [
        Row(lambda scene: {"conversation": scene.pair, "up_to_sequence": scene.in_pair().last_sequence}, at_pair())
    ],
    "MarkConversationUnread": [Row(at_pair()), Row(at_pair(from_sequence=2))],
    "MarkAllConversationsRead": [Row(lambda scene: {"up_to_time": scene.last.create_time}, lambda _: {})],
    "ResetMentions": [
        Row(
            lambda scene: {"conversation": scene.group, "up_to_sequence": scene.last.sequence},
            lambda scene: {"conversation": scene.group},
        )
    ],
    "AddMembers": [Row(lambda scene: {"conversation": scene.group, "members": [{"user_id": scene.dan}]})],
    "RemoveMembers": [Row(lambda scene: {"conversation": scene.group, "user_ids": [scene.cid]})],
    "UpdateMember": [
        Row(
            lambda scene: {
                "conversation": scene.group,
                "member": {"user_id": scene.cid, "role": member_pb2.MEMBER_ROLE_ADMIN},
                "update_mask": {"paths": ["role"]},
            }
        )
    ],
    "SendMessage": [Row(at_pair(message=text_message(client_message_id="own")), at_pair(message=text_message()))],
    "BatchSendMessages": [
        Row(
            lambda scene: {
                "items": [{"conversation": scene.pair, "message": text_message(client_message_id=key)} for key in "ab"]
            },
            lambda scene: {"items": [{"conversation": scene.pair, "message": text_message()}]},
        )
    ],
    "ImportMessages": [Row(lambda scene: {"conversation": scene.pair, "messages": [old(scene)], "as_service": True})],
    "DeleteMessages": [messages_deleted(SELF), messages_deleted(EVERYONE)],
    "ClearHistory": [
        Row(
            lambda scene: {"conversation": scene.pair, "up_to_sequence": scene.in_pair().last_sequence},
            at_pair(up_to_sequence=2**62),
        )
    ],
    "UpdateUserSettings": [
        Row(
            lambda _: {
                "settings": {"receive_option": conversation_pb2.RECEIVE_OPTION_MUTED},
                "update_mask": {"paths": ["receive_option"]},
            }
        )
    ],
    "GetConversation": [Row(at_pair())],
    "BatchGetConversations": [Row(lambda scene: {"conversations": [scene.pair, scene.group]})],
    "ListConversations": [Row(lambda _: {"page_size": 1})],
    "StreamConversations": [Row(lambda _: {})],
    "ListMembers": [Row(lambda scene: {"conversation": scene.group})],
    "ListMessages": [Row(at_pair(page_size=2))],
    "ListMessagesAround": [Row(at_pair(older_count=2, newer_count=2))],
    "GetMessage": [Row(lambda scene: {"message_id": scene.own.message_id})],
    "BatchGetMessages": [Row(lambda scene: {"message_ids": [scene.own.message_id]})],
    "StreamMessages": [Row(at_pair(direction=DOWN))],
    "ListReaders": [Row(lambda scene: {"message_id": scene.own.message_id})],
    "GetUnreadSummary": [Row(lambda _: {})],
    "GetUserSettings": [Row(lambda _: {})],
    "WatchEvents": [Row(lambda scene: {"resume_token": scene.api.resume_token(scene.ann)})],
    "ListEvents": [Row(lambda scene: {"resume_token": scene.api.resume_token(scene.ann)})],
}


def cases() -> Iterator[Any]:
    """A case for each row of each method; a method without one is a case that fails."""
    for name in ALL_METHODS:
        rows = ROWS.get(name, [])
        yield from (pytest.param(name, row, id=f"{name}-{number}") for number, row in enumerate(rows))
        if not rows:
            yield pytest.param(name, None, id=f"{name}-missing")


@pytest.fixture
def scene(api: ApiClient, ids: Ids, database_url: str) -> Scene:
    """The scene on the session's server."""
    return Scene(api, ids, database_url)


def make(scene: Scene, name: str, request: Any) -> None:
    """Makes a call as Ann; of a watch takes the first response."""
    request.user_id = scene.ann
    method = ALL_METHODS[name]
    if method.containing_service is not EVENTS:
        send_request(scene.api, name, request)
    elif method.server_streaming:
        with_end = scene.api.events.WatchEvents(request)
        next(with_end)
        with_end.cancel()
    else:
        scene.api.events.ListEvents(request)


def request_for(name: str, fields: Fields) -> Any:
    """The request of a call."""
    if ALL_METHODS[name].containing_service is EVENTS:
        return getattr(event_service_pb2, f"{name}Request")(**fields)
    return request_of(name, **fields)


@pytest.mark.parametrize(("name", "row"), list(cases()))
def test_call_when_made_again_after_others_acted_changes_nothing(scene: Scene, name: str, row: Row | None) -> None:
    """Keep semantics Q6."""
    assert row is not None, f"there is no row for {name}"
    level = ALL_METHODS[name].GetOptions().idempotency_level
    assert (row.unsafe is not None) == (level == UNSAFE)
    before = scene.changes()
    request = request_for(name, row.fields(scene))
    made = scene.changes()
    make(scene, name, request)
    assert (scene.changes() > made) == (level != READS), f"the first call; before the scene {before}"
    scene.others_act()
    seen = scene.seen()
    make(scene, name, request)
    assert scene.seen() == seen


@pytest.mark.parametrize(("name", "row"), [case for case in cases() if case.values[1] and case.values[1].unsafe])
def test_call_without_what_makes_it_safe_when_made_again_changes_more(scene: Scene, name: str, row: Row) -> None:
    """Shows that the bound or the client's own id is what makes a retry safe."""
    assert row.unsafe is not None
    request = request_for(name, row.unsafe(scene))
    make(scene, name, request)
    scene.others_act()
    seen = scene.seen()
    make(scene, name, request)
    assert scene.seen() != seen
