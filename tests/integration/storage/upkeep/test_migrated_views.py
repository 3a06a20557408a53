"""A database that an earlier server filled and answered for: migrated, it is shown as before, and life goes on."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import grpc
import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message
from playhouse.migrations import Runner

from backscroll.v1 import conversation_pb2, event_service_pb2, message_pb2
from backscroll_server.domain.clock import SECOND
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.upkeep.migrate import DIRECTORY, migrate
from tests.support.api_client import (
    DOWN,
    UP,
    ApiClient,
    by_id,
    failing,
    failure_of,
    fresh,
    group,
    room,
    sequences,
    single,
)
from tests.support.clocked_server import ClockedServer, SettableClock, clocked_server
from tests.support.contract_calls import FRESH_READS, call, valid_fields
from tests.support.fixtures import NewDatabase, on_postgres
from tests.support.named_messages import assert_names, assert_names_nothing, got
from tests.support.recount import recounted
from tests.support.watch_client import changes_since

GOLDEN = Path(__file__).parents[3] / "golden" / "schema_0006"
BEFORE: dict[str, Any] = json.loads((GOLDEN / "views.json").read_text(encoding="utf-8"))
"""The answers of the earlier server; the README beside them says how they were made."""
MESSAGES: dict[str, list[dict[str, Any]]] = BEFORE["messages"]
VIEWS: dict[str, dict[str, Any]] = BEFORE["views"]
TOKENS: dict[str, Any] = BEFORE["tokens"]
RULES: dict[str, Any] = {"retention_chat_room_days": 1}
CLUB, SINCE, LOBBY = group("club"), group("since"), room("lobby")
TOO_OLD = (grpc.StatusCode.OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD", "resume_token")
NEW_ID = re.compile("[a-h][a-z2-7]{12}-[1-9][0-9]*")


def previous_database(url: str, folder: Path) -> None:
    """Fills a database with the dump, which PostgreSQL takes row by row into the tables of that schema."""
    dump = (GOLDEN / "database.sql").read_text(encoding="utf-8")
    if not on_postgres():
        with closing(apsw.Connection(url.removeprefix("sqlite://"))) as file:
            file.execute(dump)
        return
    migrations = folder / "migrations"
    migrations.mkdir()
    for number in range(1, 7):
        shutil.copy(next(DIRECTORY.glob(f"{number:04}_*.py")), migrations)
    database: Any = DatabaseAddress(url).connect()
    with closing(database):
        Runner(database, directory=str(migrations)).up()
        for table in ("schema_migration", "feed_head", "database_fact"):
            database.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - three names of tables
        for statement in dump.splitlines():
            if statement.startswith("INSERT"):
                values = re.sub("X'([0-9A-F]*)'", r"'\\x\1'", statement)
                database.execute_sql(values.replace("%", "%%"))
        for table in ("app_user", "conversation"):
            database.execute_sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")  # noqa: S608


@pytest.fixture
def served(new_database: NewDatabase, tmp_path: Path) -> Iterator[ClockedServer]:
    """Today's server on the migrated database, at the moment of the earlier answers."""
    url = new_database()
    previous_database(url, tmp_path)
    assert migrate(url)[0] == "0007_creation"
    clock = SettableClock()
    clock.now = BEFORE["time"]
    with clocked_server(url, clock, **RULES) as server:
        yield server


def plain(message: Message) -> dict[str, Any]:
    value: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return value


def or_reason(made: Callable[..., Any], /, *args: Any, **fields: Any) -> Any:
    """Return the answer of a call, or the reason for which it is refused."""
    try:
        return made(*args, **fields)
    except grpc.RpcError as error:
        return failure_of(error).reason


def conversation_of(api: ApiClient, user: str, conversation_id: str) -> dict[str, Any]:
    seen = plain(api.look(user, by_id(conversation_id)))
    if "last_message" in seen:
        seen["last_message"] = {"sequence": seen["last_message"]["sequence"]}
    return seen


def history_of(api: ApiClient, user: str, conversation_id: str) -> list[int]:
    """The sequences that a user sees, tombstones too; every message must be as it was, in both directions."""
    known = {message["message_id"]: message for message in MESSAGES[conversation_id]}
    at = by_id(conversation_id)
    down = api.walk(user, at, DOWN, include_tombstones=True)
    assert api.walk(user, at, UP, size=3, include_tombstones=True) == down[::-1]
    assert api.walk(user, at, DOWN) == [message for message in down if not message.HasField("tombstone")]
    assert [plain(message) for message in down] == [known[message.message_id] for message in down]
    return sequences(down)


def views_of(api: ApiClient, user: str) -> dict[str, Any]:
    """All that a user is shown, in the form of `VIEWS`."""
    conversations = {at: or_reason(conversation_of, api, user, at) for at in MESSAGES}
    seen = [at for at, shown in conversations.items() if isinstance(shown, dict)]
    rooms = {"types": [conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM]}
    everything = [message["message_id"] for messages in MESSAGES.values() for message in messages]
    found = call(api, "BatchGetMessages", user_id=user, message_ids=everything).results
    summary = plain(api.summary(user))
    del summary["resume_token"]
    return {
        "list": [shown.conversation_id for shown in api.listed(user, page_size=2)],
        "rooms": [shown.conversation_id for shown in api.listed(user, filter=rooms)],
        "unread": [shown.conversation_id for shown in api.listed(user, filter={"unread_only": True})],
        "conversations": conversations,
        "history": {at: history_of(api, user, at) for at in seen},
        "members": {at: or_reason(members_of, api, user, at) for at in seen},
        "readers": {named: or_reason(readers_of, api, user, named) for named in _some(everything)},
        "found": [result.message_id for result in found if result.HasField("message")],
        "summary": summary,
        "settings": plain(call(api, "GetUserSettings", user_id=user).settings),
    }


def members_of(api: ApiClient, user: str, conversation_id: str) -> list[dict[str, Any]]:
    response = call(api, "ListMembers", user_id=user, conversation=by_id(conversation_id))
    return [plain(member) for member in response.members]


def readers_of(api: ApiClient, user: str, message_id: str) -> list[str]:
    response = call(api, "ListReaders", user_id=user, message_id=message_id)
    return [reader.user_id for reader in response.readers]


def _some(message_ids: list[str]) -> list[str]:
    return [message_id for message_id in message_ids if message_id in VIEWS["ann"]["readers"]]


def assert_counts(api: ApiClient) -> None:
    """Every unread count is what a client counts from the messages."""
    for user in VIEWS:
        for at in MESSAGES:
            seen = or_reason(api.look, user, by_id(at))
            if not isinstance(seen, str):
                assert recounted(api, user, by_id(at)) == (seen.unread_count, seen.unread_mention_count), (user, at)


@pytest.mark.parametrize("user", VIEWS)
def test_views_of_a_user_when_migrated_then_as_before(served: ClockedServer, user: str) -> None:
    shown = views_of(served.api, user)
    for name, value in shown.items():
        assert value == VIEWS[user][name], name
    assert shown.keys() == VIEWS[user].keys()


def test_database_when_migrated_then_sound_and_every_count_right(served: ClockedServer) -> None:
    assert_counts(served.api)
    assert served.problems() == []


def test_resume_tokens_of_before_when_given_then_too_old_to_watch_and_fresh_enough_to_read(
    served: ClockedServer,
) -> None:
    api = served.api
    for made, token in TOKENS["resume"].items():
        watch = event_service_pb2.WatchEventsRequest(user_id="ann", resume_token=token)
        assert failing(next, api.events.WatchEvents(watch)) == TOO_OLD, made
        listing = event_service_pb2.ListEventsRequest(user_id="ann", resume_token=token)
        assert failing(api.events.ListEvents, listing) == TOO_OLD, made
        for method in FRESH_READS:
            named = valid_fields(method, CLUB, message_id="2-13")
            for reader in ("ann", "bob"):
                call(api, method, user_id=reader, consistency=fresh(token), **named)


def test_page_tokens_of_before_when_given_then_malformed(served: ClockedServer) -> None:
    for method, (token, fields) in TOKENS["page"].items():
        failure = failing(call, served.api, method, user_id="ann", page_token=token, **fields)
        assert failure == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_MALFORMED", "page_token"), method


def test_message_ids_of_before_when_a_page_starts_there_then_as_by_sequence(served: ClockedServer) -> None:
    api = served.api
    starts = 0
    for user, views in VIEWS.items():
        for at in views["history"]:
            for message in MESSAGES[at]:
                by_name = {"start": {"message_id": message["message_id"]}, "include_tombstones": True}
                by_number = {"start": {"sequence": int(message["sequence"])}, "include_tombstones": True}
                for direction in (UP, DOWN):
                    named = or_reason(api.page, user, by_id(at), direction=direction, **by_name)
                    if named != "MESSAGE_NOT_FOUND":
                        numbered = api.page(user, by_id(at), direction=direction, **by_number)
                        assert named.messages == numbered.messages
                        starts += 1
                    else:
                        assert int(message["sequence"]) not in views["history"][at]
    assert starts > 2 * sum(len(history) for views in VIEWS.values() for history in views["history"].values())


def test_sends_of_before_when_retried_then_the_stored_messages_with_their_old_ids(served: ClockedServer) -> None:
    """Retries of sends from before are recognised: semantics W2."""
    sent = [message for message in MESSAGES["s:ann:bob"] if "client_message_id" in message]
    assert len(sent) == len(message_pb2.Content.DESCRIPTOR.oneofs_by_name["kind"].fields)
    for stored in sent:
        same = {name: stored[name] for name in ("content", "attributes", "client_message_id")}
        again = ParseDict(same, message_pb2.OutgoingMessage())
        response = call(served.api, "SendMessage", user_id="ann", conversation=single("bob"), message=again)
        assert response.duplicate
        assert plain(response.message) == stored
        again.fallback_text = "another"
        failure = failing(call, served.api, "SendMessage", user_id="ann", conversation=single("bob"), message=again)
        assert failure.reason == "CLIENT_MESSAGE_ID_REUSED"


def test_calls_that_change_something_when_given_ids_of_before_then_done(served: ClockedServer) -> None:
    api = served.api
    token = api.resume_token("ann")
    assert api.read("eve", CLUB, up_to_message_id="2-22").read_sequence == 22
    api.mark_unread("eve", CLUB, from_message_id="2-8")
    assert api.look("eve", CLUB).unread_from_sequence == 8
    api.delete_ids("ann", CLUB, ["2-2", "2-3"])
    api.recall("ann", CLUB, "2-5", "2-6")
    for named in ("2-2", "2-5"):
        assert failing(got, api, "ann", named).reason == "MESSAGE_NOT_FOUND"
        assert sequences(api.page("ann", CLUB, start={"message_id": named}, direction=DOWN, page_size=1).messages)
    gone = [event.messages_deleted.messages.messages for event in changes_since(api, "ann", token)]
    assert [message.message_id for messages in gone for message in messages] == ["2-2", "2-3", "2-5", "2-6"]
    assert_counts(api)
    assert served.problems() == []


def test_what_is_sent_after_the_migration_when_stored_then_goes_on_with_new_ids(served: ClockedServer) -> None:
    api = served.api
    token = api.resume_token("ann")
    sent = {}
    for at, messages in MESSAGES.items():
        sender = next(user for user in VIEWS if not or_reason(left, api, user, at))
        last = int(messages[-1]["sequence"]) if messages else 0
        message = sent[at] = api.send(sender, by_id(at), as_service=at.startswith("y:"))
        assert message.sequence > last
        assert NEW_ID.fullmatch(message.message_id)
        assert_names(api, sender, by_id(at), message.message_id, message.sequence)
        for old in {str(before["message_id"]).partition("-")[0] for before in messages}:
            assert_names_nothing(api, sender, by_id(at), f"{old}-{message.sequence}")
    assert len({message.message_id.partition("-")[0] for message in sent.values()}) == len(sent)
    received = [event.message_received.message for event in changes_since(api, "ann", token)]
    of_ann = [message for at, message in sent.items() if at in VIEWS["ann"]["history"]]
    assert [message for message in received if message.message_id] == of_ann
    assert_counts(api)
    assert served.problems() == []


def left(api: ApiClient, user: str, conversation_id: str) -> bool:
    return api.look(user, by_id(conversation_id)).left


def test_life_when_migrated_then_goes_on(served: ClockedServer) -> None:
    """Joining again, importing, deleting with a bound, clearing, settings, a mute and a burning message that end."""
    api = served.api
    known = api.look("dan", CLUB).properties
    api.update("ann", CLUB, name="Renamed", history_visibility=conversation_pb2.HISTORY_VISIBILITY_ALL)
    assert api.look("dan", CLUB).properties == known
    api.add("ann", CLUB, ["dan"])
    api.add("bob", SINCE, ["cid"])
    api.add("cid", LOBBY, ["cid"])
    assert api.look("dan", CLUB).properties.name == "Renamed"
    for user, at in (("dan", CLUB), ("cid", SINCE), ("cid", LOBBY)):
        api.send(user, at, "is back")
    late = [("bob", 1_500_000_000 * SECOND, "older"), ("bob", 1_500_000_000 * SECOND, "one more")]
    imported = api.import_messages("ann", CLUB, late, "late")
    assert (imported.imported_count, imported.duplicate_count) == (1, 1)
    bound = api.look("bob", single("ann")).last_sequence
    api.send("ann", single("bob"), "after the bound")
    api.delete("bob", single("ann"), delete_messages=True, up_to_sequence=bound)
    assert sequences(api.walk("bob", single("ann"))) == [bound + 1]
    api.clear("eve", CLUB, up_to_sequence=20)
    call(
        api,
        "UpdateUserSettings",
        user_id="zoë 🦉",
        settings={"receive_option": conversation_pb2.RECEIVE_OPTION_NORMAL},
        update_mask={"paths": ["receive_option"]},
    )
    api.settings("eve", CLUB, receive_option=conversation_pb2.RECEIVE_OPTION_MUTED)
    muted = api.summary("cid").totals.muted_unread_count
    assert muted
    served.clock.forward(3 * 3600)
    totals = api.summary("cid").totals
    assert (totals.muted_unread_count, totals.unread_count >= muted) == (0, True)
    for user in ("cid", "dan"):
        assert sequences(api.walk(user, single("cid" if user == "dan" else "dan"), DOWN)) == [3, 4]
    for user in VIEWS:
        call(api, "MarkAllConversationsRead", user_id=user)
        assert api.summary(user).totals.unread_count == 0
    assert_counts(api)
    assert served.problems() == []
