"""A database of the first schema, with data in it, gets what retention, burning and mutes need."""

import shutil
from contextlib import closing
from pathlib import Path

from playhouse.migrations import Runner

from backscroll.v1 import conversation_pb2, message_pb2
from backscroll_server.domain import message_codec
from backscroll_server.services.upkeep.check import check_database
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.upkeep.migrate import DIRECTORY, migrate
from tests.support.api_client import DOWN, group, sequences, single
from tests.support.clocked_server import clocked_server
from tests.support.fixtures import NewDatabase, peewee_database
from tests.support.named_messages import assert_names, assert_names_nothing, got
from tests.support.watch_client import changes_since, now_token

FOREVER = 2**62
PAIR = "s:user 1:user 2"
SINCE_JOIN = conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN

CONVERSATIONS = """
INSERT INTO conversation (id, conversation_id, type, name, attributes, history_visibility, burn_enabled, burn_duration,
    create_time, member_count, members_ever, last_sequence, last_time, countable, last_live_sequence, last_live_time,
    last_relist_sequence, last_mention_sequence, last_recalled_sequence, floor, floor_time, purged_sequence,
    unread_floor, unread_floor_countable, removed_sequence, generation)
VALUES (?, ?, ?, '', '', 1, ?, ?, 1, 2, 2, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, ?, ?, ?, -1, 0)
"""
VIEWS = """
INSERT INTO conversation_view ("user", conversation, role, join_time, member_order, window_from, window_to,
    older_windows, read_sequence, unread_floor, floor, floor_time, unread_from, marked_unread, mention_floor,
    base_sequence, base_countable, base_own, own_countable, last_hidden, blocked, ever_blocked, listing_after,
    frozen_activity, frozen_import_time, frozen_relist, opened_generation, opened_time, stay_hidden, removed_sequence,
    draft, draft_time, pin_time, receive_option, muted_until, marks, attributes)
VALUES (?, ?, 3, 1, ?, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, -1, '', 0, 0, 3, ?, '',
    '')
"""
JOINS = """
INSERT INTO change_feed (position, row_check, conversation, "user", kind, actor, first_sequence, last_sequence, scope,
    time, device_id, moves_list, call_end)
VALUES (?, 1, ?, 0, 15, 1, ?, 0, 1, 100, '', 0, 1)
"""
MESSAGES = "INSERT INTO message VALUES (?, ?, 1, ?, NULL, 1, 0, ?, ?, 1, ?)"


def old_database(url: str, folder: Path) -> None:
    """A database as the first version made it: a pair that burns, a group that was erased in part, and an empty one."""
    migrations = folder / "migrations"
    migrations.mkdir()
    shutil.copy(DIRECTORY / "0001_initial.py", migrations)
    database = DatabaseAddress(url).connect()
    Runner(database, directory=str(migrations)).up()

    def insert(statement: str, values: tuple[object, ...]) -> None:
        database.execute_sql(statement.replace("?", database.param), values)

    for user, muted_until in ((1, 0), (2, 7_000)):
        insert("INSERT INTO app_user VALUES (?, ?, 3, ?)", (user, f"user {user}", muted_until))
    for number, burns, head, floor in ((1, 1, 2, 0), (2, 0, 3, 1), (3, 0, 0, 0)):
        heads = (head, head * 100, head, head, head * 100, head)
        floors = (floor, floor, floor, floor)
        duration = 5_000_000 * burns
        conversation_id, type_ = (PAIR, 1) if burns else (f"g:{number}", 2)
        insert(CONVERSATIONS, (number, conversation_id, type_, burns, duration, *heads, *floors))
        for user in (1, 2):
            muted_until = 9_000 if (user, number) == (2, 1) else 0
            insert(VIEWS, (user, number, user, FOREVER, head if user == 1 else 0, muted_until))
        for sequence in range(floor + 1, head + 1):
            body = message_codec.message(
                message_pb2.Message(content={"text": {"text": "old"}}).SerializeToString(),
                message_id=f"{number}-{sequence}",
                conversation_id=conversation_id,
                sequence=sequence,
                sender_id="user 1",
                create_time=sequence * 100,
            )
            insert(MESSAGES, (number, sequence, sequence * 100, sequence, sequence, message_codec.frame(body)))
    for position, number, user in ((1, 1, 2), (2, 2, 2), (3, 1, 2)):
        insert(JOINS, (position, number, user))
    insert("UPDATE feed_head SET position = ?, last_check = 1", (3,))
    database.close()


def test_database_of_the_first_version_when_migrated_then_knows_what_expires_burns_and_ends(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    url = new_database()
    old_database(url, tmp_path)
    assert "0002_time" in migrate(url)
    database = DatabaseAddress(url).connect()

    def rows(query: str) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = database.execute_sql(query).fetchall()
        return found

    conversations = rows("SELECT id, oldest_time, erased_sequence, next_burn_due FROM conversation ORDER BY id")
    assert conversations == [(1, 100, 0, 0), (2, 200, 1, 0), (3, 0, 0, 0)]
    assert rows("SELECT * FROM burn_span") == [(1, 2, FOREVER, 5_000_000)]
    assert rows('SELECT due, "user", conversation FROM timer ORDER BY due') == [(7_000, 2, 0), (9_000, 2, 1)]
    joins = rows('SELECT "user", conversation, join_position FROM conversation_view ORDER BY "user", conversation')
    assert joins == [(1, 1, 0), (1, 2, 0), (1, 3, 0), (2, 1, 3), (2, 2, 2), (2, 3, 0)]
    database.close()
    assert check_database(url, now=10_000).problems == []


def test_database_of_the_first_version_when_migrated_then_what_follows_gets_random_numbers(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    url = new_database()
    old_database(url, tmp_path)
    assert "0008_public_numbers" in migrate(url)
    with closing(peewee_database(url)) as database:
        numbers = database.execute_sql(
            "SELECT conversation, from_sequence, to_sequence, number FROM conversation_number ORDER BY 1, 2"
        ).fetchall()
        heads = database.execute_sql(
            "SELECT id, public_from, public_number FROM conversation WHERE public_number > 0 ORDER BY 1"
        ).fetchall()
    assert [row[:3] for row in numbers] == [(1, 0, 2), (1, 2, FOREVER), (2, 0, 3), (2, 3, FOREVER), (3, 0, FOREVER)]
    assert [row[3] for row in numbers if row[2] != FOREVER] == [-1, -2]
    drawn = [(conversation, after, number) for conversation, after, up_to, number in numbers if up_to == FOREVER]
    assert drawn == heads
    assert len({number >> 32 for _, _, number in drawn}) == 3


def test_message_of_before_the_migration_when_named_then_as_ever_and_what_follows_by_new_ids(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    url = new_database()
    old_database(url, tmp_path)
    migrate(url)
    pair, club = single("user 2"), group("2")
    with clocked_server(url) as served:
        api = served.api
        token = now_token(api, "user 1")
        for at, message_id, sequence in ((pair, "1-1", 1), (pair, "1-2", 2), (club, "2-3", 3)):
            assert_names(api, "user 1", at, message_id, sequence)
            assert got(api, "user 1", message_id).message.message_id == message_id
        # The first one of the group was erased, and still names its place.
        assert sequences(api.page("user 1", club, start={"message_id": "2-1"}, direction=DOWN).messages) == [2, 3]
        for at, message_id in ((pair, "1-3"), (club, "2-4"), (pair, "2-1"), (group("3"), "3-1")):
            assert_names_nothing(api, "user 1", at, message_id)
        sent = [api.send("user 1", at) for at in (pair, club, group("3"))]
        assert [message.sequence for message in sent] == [3, 4, 1]
        for at, message in zip((pair, club, group("3")), sent, strict=True):
            assert_names(api, "user 1", at, message.message_id, message.sequence)
        for at, message_id in ((pair, "1-3"), (club, "2-4"), (group("3"), "3-1")):
            assert_names_nothing(api, "user 1", at, message_id)
        api.delete_ids("user 1", pair, ["1-2", sent[0].message_id])
        [hidden] = [
            event.messages_deleted.messages.messages
            for event in changes_since(api, "user 1", token)
            if event.HasField("messages_deleted")
        ]
        assert [message.message_id for message in hidden] == ["1-2", sent[0].message_id]
        assert served.problems() == []


def test_user_who_left_before_the_migration_when_properties_change_then_sees_those_of_the_migration(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    """The properties that they saw last are not known: semantics M7."""
    url = new_database()
    old_database(url, tmp_path)
    with closing(peewee_database(url)) as database:
        for statement in (
            "UPDATE conversation SET name = 'The club', member_count = 1 WHERE id = 2",
            'UPDATE conversation SET attributes = \'{"colour": "red"}\' WHERE id = 2',
            'UPDATE conversation_view SET role = 1 WHERE "user" = 1 AND conversation = 2',
            'UPDATE conversation_view SET role = 0, window_to = 3 WHERE "user" = 2 AND conversation = 2',
        ):
            database.execute_sql(statement)
    migrate(url)
    club = group("2")
    with clocked_server(url) as served:
        api = served.api
        before = api.look("user 2", club)
        assert (before.properties.name, dict(before.properties.attributes)) == ("The club", {"colour": "red"})
        api.update("user 1", club, name="Renamed", attributes={}, history_visibility=SINCE_JOIN)
        assert api.look("user 2", club) == before
        api.add("user 1", club, ["user 2"])
        assert api.look("user 2", club).properties == api.look("user 1", club).properties
        assert api.look("user 2", club).properties.name == "Renamed"
        assert served.problems() == []


def test_check_when_public_numbers_do_not_share_out_the_messages_then_said(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    url = new_database()
    old_database(url, tmp_path)
    migrate(url)
    for statement in (
        "UPDATE conversation_number SET to_sequence = 1 WHERE number = -1",
        "DELETE FROM conversation_number WHERE number = -2",
        "UPDATE conversation_number SET conversation = 9 WHERE conversation = 3",
    ):
        with closing(peewee_database(url)) as database:
            database.execute_sql(statement)
    problems = check_database(url, now=10_000).problems
    assert [problem.partition(" public number")[0] for problem in problems] == [
        "conversation 1: the",
        "conversation 2: the",
        "conversation 3: the newest",
        "1",
    ]
