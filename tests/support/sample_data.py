"""A database in which every table has rows, and every kind of message, deletion and setting has left its trace."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, member_pb2, message_pb2
from backscroll_server.domain.clock import DAY, SECOND
from backscroll_server.domain.enums import ChangeKind
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.tables.models import ALL_TABLES
from tests.support.api_client import EVERYONE, ApiClient, by_id, group, room, single, system
from tests.support.clocked_server import ClockedServer, SettableClock, clocked_server, eventually
from tests.support.contract_calls import call

USERS = ("ann", "bob", "cid", "dan", "eve", "zoë 🦉")
CLUB, ROOM, NEWS = group("club"), room("lobby"), system("news", "ann")
SINCE_JOIN = conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN
PLACES = (CLUB, ROOM, NEWS, *(single(user) for user in USERS))
"""Every conversation, as each user names it."""
RULES: dict[str, Any] = {"retention_chat_room_days": 1, "feed_retention_hours": 24}
MUTED, BLOCKED = conversation_pb2.RECEIVE_OPTION_MUTED, conversation_pb2.RECEIVE_OPTION_BLOCKED

CONTENTS: tuple[dict[str, Any], ...] = (
    {"text": {"text": "tab\t, line\n, \\N, \\\\, quote \" ' and 🦉"}},
    {"custom": {"type": "card", "data": bytes(range(256))}},
    {"location": {"latitude": 52.5, "longitude": 13.4, "address": "Berlin"}},
    {"media": {"url": "https://example.com/1.jpg", "name": "1", "size_bytes": 2**40, "mime_type": "image/jpeg"}},
    {"structured": {"a": [1, "two", None, True], "b": {"c": 3.5}}},
)


@contextmanager
def served_everything(database: str, clock: SettableClock) -> Iterator[ClockedServer]:
    """A server on such a database."""
    with clocked_server(database, clock, **RULES) as server:
        yield server


def fill(database: str, clock: SettableClock) -> None:
    """Makes what there is, over three days of the clock."""
    with served_everything(database, clock) as served:
        _make_groups(served.api)
        served.api.send_many("ann", ROOM, [f"too old {number}" for number in range(30)])
    clock.forward(2 * DAY // SECOND)
    with served_everything(database, clock) as served:
        # What is too old goes: changes at a start, messages whenever they are.
        eventually(lambda: served.expect(ChangeKind.HISTORY_EXPIRED) and rows_of(database)["FeedHead"][0][3])
        _talk(served.api)
        _delete(served.api)
        _set(served.api, clock)
        _burn(served.api, clock)
        eventually(lambda: served.expect(ChangeKind.MESSAGES_BURNED))
        _come_and_go(served.api)


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order that is the same on every kind of database."""
    address = DatabaseAddress(url)
    opened: Any = address.connect()
    with closing(opened) as database, database.bind_ctx(ALL_TABLES):
        return {
            table.__name__: sorted((tuple(map(_plain, row)) for row in table.select().tuples().iterator()), key=repr)
            for table in ALL_TABLES
        }


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _make_groups(api: ApiClient) -> None:
    api.create_group(
        "ann", CLUB.target.id, USERS[1:5], name="The club", attributes={"colour": "red"}, history_visibility=SINCE_JOIN
    )
    api.create_group("ann", ROOM.target.id, kind=conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM)
    for user in USERS[1:]:
        api.add(user, ROOM, [user])
    api.open("bob", ROOM)


def _talk(api: ApiClient) -> None:
    for number, content in enumerate(CONTENTS):
        message = {"content": content, "client_message_id": f"kind {number}", "attributes": {"n": str(number)}}
        call(api, "SendMessage", user_id="ann", conversation=single("bob"), message=message)
    api.send_many("bob", single("ann"), [f"line {number}" for number in range(120)])
    api.send_many("ann", CLUB, [f"to all {number}" for number in range(60)])
    api.send("cid", CLUB, "silent", silent=True)
    api.send("cid", CLUB, "@bob", mentions={"kind": message_pb2.MENTION_KIND_USER, "user_ids": ["bob", "eve"]})
    api.send("ann", CLUB, "@all", mentions={"kind": message_pb2.MENTION_KIND_ALL})
    api.send("the press", NEWS, "news", as_service=True)
    api.send("ann", ROOM, "in the room")
    api.send("zoë 🦉", single("zoë 🦉"), "a note")
    api.import_messages("ann", CLUB, [("dan", 1_600_000_000 * SECOND + n, f"old {n}") for n in range(20)])
    api.read("bob", single("ann"), up_to_sequence=60)
    api.read("eve", CLUB)


def _delete(api: ApiClient) -> None:
    sent = api.send_many("cid", CLUB, [f"soon gone {number}" for number in range(10)])
    api.recall("cid", CLUB, sent[0].message_id, sent[3].message_id)
    api.delete_ids("dan", CLUB, [sent[1].message_id, sent[5].message_id])
    api.clear("bob", CLUB, up_to_sequence=20)
    pair = api.send_many("ann", single("cid"), ["one", "two", "three"])
    api.delete("cid", single("ann"))
    api.delete("ann", single("cid"), EVERYONE, delete_messages=True, as_service=True)
    api.send("ann", single("cid"), "after erasing")
    assert pair[0].sequence == 1
    api.send("dan", single("eve"), "never seen again")
    api.delete("eve", single("dan"), delete_messages=True, stay_hidden=True)


def _set(api: ApiClient, clock: SettableClock) -> None:
    later = Timestamp()
    later.FromMicroseconds(clock() + 3600 * SECOND)
    api.settings("ann", CLUB, pinned=True, draft="a draft\twith \\ and \n", attributes={"k": "v"})
    api.settings("bob", CLUB, receive_option=MUTED, mute_end_time=later)
    api.settings("dan", CLUB, receive_option=BLOCKED)
    api.send_many("ann", CLUB, ["not for dan", "nor this"])
    api.settings("dan", CLUB, receive_option=conversation_pb2.RECEIVE_OPTION_NORMAL)
    api.settings("eve", CLUB, receive_option=BLOCKED)
    api.send("ann", CLUB, "not for eve")
    api.mark_unread("cid", CLUB)
    call(
        api,
        "UpdateUserSettings",
        user_id="eve",
        update_mask={"paths": ["receive_option", "mute_end_time"]},
        settings={"receive_option": MUTED, "mute_end_time": later},
    )


def _burn(api: ApiClient, clock: SettableClock) -> None:
    api.open("dan", single("bob"))
    api.update("dan", single("bob"), burn={"enabled": True, "duration": timedelta(seconds=60)})
    api.send_many("dan", single("bob"), ["burnt", "burns"])
    api.read("bob", single("dan"), up_to_sequence=1)
    clock.forward(50)
    api.read("bob", single("dan"))
    clock.forward(20)
    api.send("dan", single("bob"), "not read yet")


def _come_and_go(api: ApiClient) -> None:
    for _ in range(2):
        api.remove("ann", CLUB, ["eve"])
        api.send("ann", CLUB, "without eve")
        api.add("ann", CLUB, ["eve", "zoë 🦉"])
        api.send("ann", CLUB, "with eve")
    api.remove("ann", CLUB, ["dan"])
    api.add("ann", by_id(api.look("ann", CLUB).conversation_id), ["fay"], member_pb2.MEMBER_ROLE_ADMIN)
