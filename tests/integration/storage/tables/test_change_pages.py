"""One user's part of the feed: the same changes whatever parts are looked at, and never a call in two."""

import random

import pytest

from backscroll_server.domain.records import FeedPosition
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.stepped_reads import run_to_the_end
from backscroll_server.storage.tables import change_pages
from backscroll_server.storage.tables.change_pages import user_changes
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.models import ALL_TABLES, Feed, View
from backscroll_server.storage.upkeep.migrate import migrate_database
from tests.support.fixtures import NewDatabase, peewee_database

ROWS = 600
ME = 1


def concerns_me(row: FeedRow) -> bool:
    return row.user == ME or (row.user == 0 and row.conversation in (1, 2))


@pytest.mark.parametrize("part", [1, 7, 100, 4096])
@pytest.mark.parametrize("limit", [1, 5, 50, 10_000])
def test_pages_of_changes_are_the_users_part_of_the_feed_in_whole_calls(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch, part: int, limit: int
) -> None:
    monkeypatch.setattr(change_pages, "_FIRST_PART", part)
    dice = random.Random(limit)
    feed = [
        FeedRow(
            position, position * 7, dice.randint(1, 9), dice.choice([0, 0, ME, 5]), 1, 5, 0, 0, 0, position, "",
            0, int(position == ROWS or dice.random() < 0.3), 0, 0, 0,
        )
        for position in range(1, ROWS + 1)
    ]  # fmt: skip
    database = peewee_database(new_database())
    try:
        migrate_database(database)
        with database.bind_ctx(ALL_TABLES):
            Feed.insert_many([row._asdict() for row in feed]).execute()
            View.insert_many([{"user": ME, "conversation": number, "window_to": 10} for number in (1, 2)]).execute()
        session = Session(database)
        end = FeedPosition(ROWS, ROWS * 7)
        place, found, more = FeedPosition(0, 0), [], True
        call_ends = {row.position for row in feed if row.call_end}
        while more:
            page = run_to_the_end(user_changes(session, user=ME, after=place.position, up_to=end, limit=limit))
            assert page.more is any(concerns_me(row) and row.position > page.end.position for row in feed)
            assert page.end.position in call_ends
            assert page.end.check == page.end.position * 7
            found += page.rows
            place, more = page.end, page.more
        assert found == [row for row in feed if concerns_me(row)]
        assert place == end
    finally:
        database.close()
