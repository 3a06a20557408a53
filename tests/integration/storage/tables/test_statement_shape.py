"""Every statement names the conversation or the user that it is about: the shape that a database in parts needs."""

import re
from collections.abc import Iterator

import pytest

from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.connection import Connection
from tests.support.all_statements import statements
from tests.support.fixtures import NewDatabase

HEAD = "one row that gives out positions of the feed"
WHOLE_FEED = "the tail of a process reads the feed as a whole, once for all its watchers"
EXCEPTIONS = {
    "change_pages._call_end": WHOLE_FEED,
    "change_pages._check": WHOLE_FEED,
    "change_pages._low_water": HEAD,
    "change_pages._rows": WHOLE_FEED,
    "changes._advance": HEAD,
    "changes._head": HEAD,
}

FEWEST = 80

NAMED = re.compile(
    r'"(conversation|user|user_id|conversation_id)" (=|IN) (\(|\?|\$|"t)|'
    r'\("t1"\."(user|conversation)"|'
    r'"(conversation|app_user)" .*"id" (=|IN) |'
    r'"conversation_number" .*"number" IN |'
    r'INSERT INTO "(conversation|app_user)"|'
    r'INSERT INTO .*\("?[^)]*"(conversation|user)"'
)


@pytest.fixture
def database(new_database: NewDatabase) -> Iterator[Connection]:
    connection = DatabaseAddress(new_database()).connect()
    yield connection
    connection.close()


def test_statements_when_walked_are_all_found() -> None:
    assert len(list(statements())) > FEWEST


def test_every_statement_names_the_conversation_or_the_user_it_belongs_to(database: Connection) -> None:
    nameless = {name: text for name, s in statements() if not NAMED.search(text := s.rendered(database)[0])}
    assert {name: text for name, text in nameless.items() if name not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) <= set(nameless), "an exception that is none any more"
