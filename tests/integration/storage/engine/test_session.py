"""Plain Peewee queries: they run in the transaction of their session, and fail as statements do."""

from collections.abc import Callable, Iterator

import pytest

from backscroll_server.domain.errors import UnavailableError
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.reconnect import Availability, ReconnectingSession
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Statement, param
from backscroll_server.storage.tables.models import ALL_TABLES, Timer
from backscroll_server.storage.upkeep.migrate import migrate_database
from tests.support.fixtures import NewDatabase
from tools.postgres_cluster import Cluster

TIMERS = Timer.select(Timer.due, Timer.user).order_by(Timer.due)
INSERT = Statement(Timer.insert(due=param("due"), user=1, conversation=1))


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    address = new_database()
    database = DatabaseAddress(address).connect()
    migrate_database(database)
    database.close()
    return address


@pytest.fixture
def sessions(url: str) -> Iterator[tuple[Session, Session]]:
    """Two sessions of one database."""
    databases = [DatabaseAddress(url).connect() for _ in range(2)]
    first, second = map(Session, databases)
    yield first, second
    for database in databases:
        database.close()


def test_models_are_bound_to_no_database() -> None:
    assert {table._meta.database for table in ALL_TABLES} == {None}


def test_changes_when_in_a_transaction_are_its_own_until_it_commits(sessions: tuple[Session, Session]) -> None:
    session, other = sessions
    session.begin_write()
    assert session.change(Timer.insert_many([(due, 1, 1) for due in (5, 6, 7)])) == 3
    assert session.change(Timer.delete().where(Timer.due > 5)) == 2
    assert session.change(Timer.update(user=2).where(Timer.due == 6)) == 0
    session.run(INSERT, due=8)
    assert session.query(TIMERS) == [(5, 1), (8, 1)]
    assert other.query(TIMERS) == []
    session.commit()
    assert other.query(TIMERS) == [(5, 1), (8, 1)]


def test_changes_when_the_transaction_is_undone_are_gone(sessions: tuple[Session, Session]) -> None:
    session, other = sessions
    session.begin_write()
    session.change(Timer.insert(due=5, user=1, conversation=1))
    session.rollback()
    assert session.query(TIMERS) == other.query(TIMERS) == []


def test_queries_when_in_a_snapshot_see_its_state(sessions: tuple[Session, Session]) -> None:
    session, other = sessions
    session.begin_snapshot()
    assert session.query(TIMERS) == []
    other.begin_write()
    other.change(Timer.insert(due=5, user=1, conversation=1))
    other.commit()
    assert session.query(TIMERS) == []
    session.rollback()
    assert session.query(TIMERS) == [(5, 1)]


@pytest.mark.parametrize(
    "write",
    [
        lambda session: session.run(INSERT, due=5),
        lambda session: session.change(Timer.insert(due=5, user=1, conversation=1)),
    ],
)
def test_write_when_the_server_takes_none_counts_as_a_lost_connection(
    cluster: Cluster, write: Callable[[Session], int]
) -> None:
    address = DatabaseAddress(cluster.new_database())
    database = address.connect()
    migrate_database(database)
    database.close()
    link = ReconnectingSession(address.connect, Session, Availability())
    session = link.begin_snapshot()
    with pytest.raises(UnavailableError), link.guarded():
        write(session)
    link.close()
