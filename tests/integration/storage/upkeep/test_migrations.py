"""A database of the first schema, with data in it, gets what retention, burning and mutes need."""

import shutil
from pathlib import Path

from playhouse.migrations import Runner

from backscroll_server.services.upkeep.check import check_database
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.upkeep.migrate import DIRECTORY, migrate
from tests.support.fixtures import NewDatabase

FOREVER = 2**62

CONVERSATIONS = """
INSERT INTO conversation (id, conversation_id, type, name, attributes, history_visibility, burn_enabled, burn_duration,
    create_time, member_count, members_ever, last_sequence, last_time, countable, last_live_sequence, last_live_time,
    last_relist_sequence, last_mention_sequence, last_recalled_sequence, floor, floor_time, purged_sequence,
    unread_floor, unread_floor_countable, removed_sequence, generation)
VALUES (?, ?, 1, '', '', 1, ?, ?, 1, 2, 2, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, ?, ?, ?, -1, 0)
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
    """A database as the first version made it: one conversation that burns, and one that was erased in part."""
    migrations = folder / "migrations"
    migrations.mkdir()
    shutil.copy(DIRECTORY / "0001_initial.py", migrations)
    database = DatabaseAddress(url).connect()
    Runner(database, directory=str(migrations)).up()

    def insert(statement: str, values: tuple[object, ...]) -> None:
        database.execute_sql(statement.replace("?", database.param), values)

    for user, muted_until in ((1, 0), (2, 7_000)):
        insert("INSERT INTO app_user VALUES (?, ?, 3, ?)", (user, f"user {user}", muted_until))
    for number, burns, head, floor in ((1, 1, 2, 0), (2, 0, 3, 1)):
        heads = (head, head * 100, head, head, head * 100, head)
        floors = (floor, floor, floor, floor)
        duration = 5_000_000 * burns
        insert(CONVERSATIONS, (number, f"s:{number}:user", burns, duration, *heads, *floors))
        for user in (1, 2):
            muted_until = 9_000 if (user, number) == (2, 1) else 0
            insert(VIEWS, (user, number, user, FOREVER, head if user == 1 else 0, muted_until))
        for sequence in range(floor + 1, head + 1):
            insert(MESSAGES, (number, sequence, sequence * 100, sequence, sequence, b"\n\0"))
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
    assert conversations == [(1, 100, 0, 0), (2, 200, 1, 0)]
    assert rows("SELECT * FROM burn_span") == [(1, 2, FOREVER, 5_000_000)]
    assert rows('SELECT due, "user", conversation FROM timer ORDER BY due') == [(7_000, 2, 0), (9_000, 2, 1)]
    joins = rows('SELECT "user", conversation, join_position FROM conversation_view ORDER BY "user", conversation')
    assert joins == [(1, 1, 0), (1, 2, 0), (2, 1, 3), (2, 2, 2)]
    database.close()
    assert check_database(url, now=10_000).problems == []
