"""A database in which every table has rows, and every kind of message, deletion and setting has left its trace."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from backscroll.v1 import conversation_pb2, message_pb2
from backscroll_server.domain.clock import DAY, SECOND
from backscroll_server.domain.enums import ChangeKind
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.tables.models import ALL_TABLES
from tests.support.api_client import EVERYONE, Acting, by_id, group, room, single, system
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
        _make_groups(served.act)
        served.act.send_many("ann", ROOM, [f"too old {number}" for number in range(30)])
    clock.forward(2 * DAY // SECOND)
    with served_everything(database, clock) as served:
        # What is too old goes: changes at a start, messages whenever they are.
        eventually(lambda: served.told(ChangeKind.HISTORY_EXPIRED) and rows_of(database)["FeedHead"][0][3])
        _talk(served.act)
        _delete(served.act)
        _set(served.act, clock)
        _burn(served.act, clock)
        eventually(lambda: served.told(ChangeKind.MESSAGES_BURNED))
        _come_and_go(served.act)


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


def _make_groups(act: Acting) -> None:
    act.create_group(
        "ann", CLUB.target_id, USERS[1:5], name="The club", attributes={"colour": "red"}, history_visibility=SINCE_JOIN
    )
    act.create_group("ann", ROOM.target_id, type=conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM)
    for user in USERS[1:]:
        act.add(user, ROOM, [user])
    act.open("bob", ROOM)


def _talk(act: Acting) -> None:
    for number, content in enumerate(CONTENTS):
        message = {"content": content, "client_message_id": f"kind {number}", "attributes": {"n": str(number)}}
        call(act, "SendMessage", user_id="ann", conversation=single("bob"), message=message)
    act.send_many("bob", single("ann"), [f"line {number}" for number in range(120)])
    act.send_many("ann", CLUB, [f"to all {number}" for number in range(60)])
    act.send("cid", CLUB, "silent", silent=True)
    act.send("cid", CLUB, "@bob", mentions={"kind": message_pb2.MENTION_KIND_USER, "user_ids": ["bob", "eve"]})
    act.send("ann", CLUB, "@all", mentions={"kind": message_pb2.MENTION_KIND_ALL})
    act.send("the press", NEWS, "news", as_service=True)
    act.send("ann", ROOM, "in the room")
    act.send("zoë 🦉", single("zoë 🦉"), "a note")
    act.import_messages("ann", CLUB, [("dan", 1_600_000_000 * SECOND + n, f"old {n}") for n in range(20)])
    act.read("bob", single("ann"), sequence=60)
    act.read("eve", CLUB)


def _delete(act: Acting) -> None:
    sent = act.send_many("cid", CLUB, [f"soon gone {number}" for number in range(10)])
    act.recall("cid", CLUB, sent[0].message_id, sent[3].message_id)
    act.delete_ids("dan", CLUB, [sent[1].message_id, sent[5].message_id])
    act.clear("bob", CLUB, up_to_sequence=20)
    pair = act.send_many("ann", single("cid"), ["one", "two", "three"])
    act.delete("cid", single("ann"))
    act.delete("ann", single("cid"), EVERYONE, delete_messages=True, as_service=True)
    act.send("ann", single("cid"), "after erasing")
    assert pair[0].sequence == 1
    act.send("dan", single("eve"), "never seen again")
    act.delete("eve", single("dan"), delete_messages=True, stay_hidden=True)


def _set(act: Acting, clock: SettableClock) -> None:
    later = Timestamp()
    later.FromMicroseconds(clock() + 3600 * SECOND)
    act.settings("ann", CLUB, pinned=True, draft="a draft\twith \\ and \n", attributes={"k": "v"})
    act.settings("bob", CLUB, receive_option=MUTED, muted_until=later)
    act.settings("dan", CLUB, receive_option=BLOCKED)
    act.send_many("ann", CLUB, ["not for dan", "nor this"])
    act.settings("dan", CLUB, receive_option=conversation_pb2.RECEIVE_OPTION_NORMAL)
    act.settings("eve", CLUB, receive_option=BLOCKED)
    act.send("ann", CLUB, "not for eve")
    act.mark_unread("cid", CLUB)
    call(
        act,
        "UpdateUserSettings",
        user_id="eve",
        update_mask={"paths": ["receive_option", "muted_until"]},
        settings={"receive_option": MUTED, "muted_until": later},
    )


def _burn(act: Acting, clock: SettableClock) -> None:
    act.open("dan", single("bob"))
    burn = {"enabled": True, "duration": timedelta(seconds=60)}
    call(
        act,
        "UpdateConversation",
        user_id="dan",
        conversation=single("bob"),
        update_mask={"paths": ["burn"]},
        burn=burn,
    )
    act.send_many("dan", single("bob"), ["burnt", "burns"])
    act.read("bob", single("dan"), sequence=1)
    clock.forward(50)
    act.read("bob", single("dan"))
    clock.forward(20)
    act.send("dan", single("bob"), "not read yet")


def _come_and_go(act: Acting) -> None:
    for _ in range(2):
        act.remove("ann", CLUB, ["eve"])
        act.send("ann", CLUB, "without eve")
        act.add("ann", CLUB, ["eve", "zoë 🦉"])
        act.send("ann", CLUB, "with eve")
    act.add("ann", by_id(act.look("ann", CLUB).conversation_id), ["fay"], conversation_pb2.MEMBER_ROLE_ADMIN)
