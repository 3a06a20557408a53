"""Reads that say how fresh they must be: what such a token may be, and that the answer is the same."""

import time
from typing import Any, NamedTuple

import grpc
import pytest

from tests.support.api_client import DOWN, Acting, Failure, failing, group, single
from tests.support.clocked_server import eventually
from tests.support.contract_calls import FRESH_READS, call, valid_fields, without_tokens
from tests.support.fixtures import CopyDatabase, Ids, NewDatabase, on_postgres
from tests.support.running_server import serving
from tests.support.watch_client import now_token, refused_as_too_old

INVALID, OUT_OF_RANGE = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE
FIELD = "at_least_as_fresh"


def asked(act: Acting, method: str, user: str, source: str, **fields: Any) -> Any:
    """What a read about a group answers, or how it fails."""
    message_id = act.page(user, group(source)).messages[-1].message_id
    valid = {"user_id": user} | valid_fields(method, group(source), message_id=message_id) | fields
    return call(act, method, **valid)


def refused(act: Acting, method: str, user: str, source: str, token: str) -> Failure:
    """How a read refuses a token."""
    return failing(asked, act, method, user, source, at_least_as_fresh=token)


class Place(NamedTuple):
    """A user, and the group that it owns."""

    user: str
    source: str


@pytest.fixture
def place(act: Acting, ids: Ids) -> Place:
    owner, member = ids.users(2)
    return furnished(act, owner, member, ids.group())


def furnished(act: Acting, owner: str, member: str, source: str) -> Place:
    """Makes a group with a message that both have read."""
    act.create_group(owner, source, [member])
    act.send(owner, group(source))
    act.read(member, group(source))
    return Place(owner, source)


def test_field_is_there_in_every_read_and_in_nothing_else() -> None:
    assert sorted(FRESH_READS) == [
        "BatchGetConversations", "BatchGetMessages", "GetConversation", "GetMessage", "GetMessagesAround",
        "GetUnreadSummary", "GetUserSettings", "ListConversations", "ListMembers", "ListMessages", "ListReaders",
        "StreamConversations", "StreamMessages",
    ]  # fmt: skip


@pytest.mark.parametrize("method", FRESH_READS)
def test_read_when_its_token_is_malformed_is_refused(act: Acting, ids: Ids, place: Place, method: str) -> None:
    user, source = place
    for wrong in ("garbage", "A", "é", "x" * 600):
        assert refused(act, method, user, source, wrong) == Failure(INVALID, "RESUME_TOKEN_MALFORMED", FIELD)
    act.send_many(user, group(source), ["1", "2"])
    page_token = act.page(user, group(source), page_size=1).next_page_token
    assert refused(act, method, user, source, page_token) == Failure(INVALID, "RESUME_TOKEN_MALFORMED", FIELD)
    other = now_token(act, ids.user())
    assert refused(act, method, user, source, other) == Failure(INVALID, "RESUME_TOKEN_MISMATCH", FIELD)


@pytest.mark.parametrize("method", FRESH_READS)
def test_read_when_its_token_is_of_an_earlier_answer_is_as_without(act: Acting, place: Place, method: str) -> None:
    user, source = place
    without = asked(act, method, user, source)
    for token in (now_token(act, user), act.read(user, group(source)).resume_token):
        assert without_tokens(asked(act, method, user, source, at_least_as_fresh=token)) == without_tokens(without)


def test_tokens_when_of_another_database_or_of_a_future_that_was_rolled_back_are_refused(
    new_database: NewDatabase, copy_database: CopyDatabase
) -> None:
    """First the position does not exist yet, then another change has it."""
    foreign = Failure(OUT_OF_RANGE, "RESUME_TOKEN_FOREIGN", FIELD)
    database = new_database()
    with serving(database) as act:
        _, source = furnished(act, "ann", "bob", "here")
        kept = now_token(act, "ann")
    copy = copy_database(database)
    with serving(database) as act:
        act.send_many("ann", group(source), ["1", "2", "3"])
        lost = now_token(act, "ann")
    with serving(new_database()) as act:
        elsewhere = now_token(act, "ann")
    with serving(copy) as act:
        for _ in range(2):
            for method in FRESH_READS:
                assert refused(act, method, "ann", source, lost) == foreign
                assert refused(act, method, "ann", source, elsewhere) == foreign
                asked(act, method, "ann", source, at_least_as_fresh=kept)
            for number in range(5):
                act.send("ann", group(source), f"other {number}")


def test_token_when_older_than_the_log_is_fine(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as act:
        _, source = furnished(act, "ann", "bob", "here")
        old = now_token(act, "ann")
        act.send("ann", group(source))
    time.sleep(0.5)
    with serving(database, "--feed-retention-hours", "0.0001") as act:
        eventually(lambda: refused_as_too_old(act, "ann", old))
        for method in FRESH_READS:
            asked(act, method, "ann", source, at_least_as_fresh=old)


@pytest.mark.skipif(not on_postgres(), reason="a file is for one process")
def test_read_when_the_write_went_through_another_process_holds_it(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as writing, serving(database) as reading:
        for number in range(50):
            writing.send("ann", single("bob"), str(number))
            token = writing.read("ann", single("bob")).resume_token
            page = reading.page("ann", single("bob"), page_size=1, at_least_as_fresh=token)
            assert page.messages[0].content.text.text == str(number)


def test_walks_when_every_page_has_a_token_are_as_without(act: Acting, ids: Ids) -> None:
    ann, *others = ids.users(12)
    act.send_to_each(ann, others)
    pair = single(others[0])
    act.send_many(ann, pair, map(str, range(25)))
    token = act.read(ann, pair).resume_token
    assert act.walk(ann, pair, DOWN, 4, at_least_as_fresh=token) == act.walk(ann, pair, DOWN, 4)
    assert act.walk(ann, pair, size=3, at_least_as_fresh=token) == act.walk(ann, pair, size=3)
    assert act.listed(ann, page_size=2, at_least_as_fresh=token) == act.listed(ann)
