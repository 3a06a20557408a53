"""Where a database is: what is taken, what is refused, and that a password is never repeated."""

from typing import NoReturn

import pytest

from backscroll_server.domain.errors import InvalidArgumentError, UnavailableError
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.postgres import PostgresAddress
from backscroll_server.storage.engine.reconnect import Availability, ReconnectingSession
from backscroll_server.storage.engine.session import Session

SECRET = "hunter2"


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "sqlite:",
        f"mysql://user:{SECRET}@host/name",
        f"postgresql://user:{SECRET}@host/name?no_such=1",
        f"postgresql://user:{SECRET}@[::1/name",
    ],
)
def test_address_when_malformed_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        DatabaseAddress(url)
    assert refused.value.field == "database"
    assert SECRET not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize(
    ("database", "replica"),
    [
        ("postgresql://host/name", "sqlite:standby.db"),
        ("postgresql://host/name", "nonsense"),
        ("postgresql://host/name", f"postgresql://user:{SECRET}@host/name?no_such=1"),
        ("sqlite:name.db", "postgresql://host/name"),
        ("sqlite:name.db", "sqlite:standby.db"),
    ],
)
def test_standby_when_either_is_no_postgres_server_is_refused_by_its_setting(database: str, replica: str) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        DatabaseAddress(database).replica(replica)
    assert refused.value.field == "standby_url"
    assert SECRET not in str(refused.value)


def test_place_when_there_is_a_password_is_without_it() -> None:
    url = f"postgresql://user:{SECRET}@db.example:5433/chats?password={SECRET}&host=other"
    assert DatabaseAddress(url).place == "chats, host other, port 5433"
    assert DatabaseAddress("postgresql:///chats").place == "chats, host the default, port the default"
    assert DatabaseAddress("sqlite:///var/a%20b.db").place == "/var/a b.db"


def test_address_when_it_names_several_servers_takes_the_one_that_takes_writes() -> None:
    several = "postgresql://user@one:1,two:2/name"
    assert PostgresAddress(several).parameters["target_session_attrs"] == "read-write"
    assert PostgresAddress(f"{several}?target_session_attrs=any").parameters["target_session_attrs"] == "any"
    assert PostgresAddress(several, replica=True).parameters["target_session_attrs"] == "any"


@pytest.mark.parametrize("place", ["127.0.0.1:1/name?connect_timeout=2", "127.0.0.1:port/name"])
def test_connection_when_nobody_is_there_is_refused_without_its_password(
    caplog: pytest.LogCaptureFixture, place: str
) -> None:
    address = DatabaseAddress(f"postgresql://user:{SECRET}@{place}")
    availability = Availability()
    link = ReconnectingSession(address.connect, Session, availability)
    with pytest.raises(UnavailableError) as refused:
        link.session()
    assert not availability.available
    assert SECRET not in f"{refused.value} {refused.value.__cause__} {caplog.text}"
    assert "the database is away" in caplog.text


def test_connection_when_the_database_is_away_is_not_tried_again_at_once() -> None:
    attempts = 0

    def connect() -> NoReturn:
        nonlocal attempts
        attempts += 1
        raise OSError

    link = ReconnectingSession(connect, Session, Availability())
    for _ in range(100):
        with pytest.raises(UnavailableError):
            link.session()
    assert attempts < 5
