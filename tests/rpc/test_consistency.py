"""Reads that say how fresh they must be: what such a token may be, and that the answer is the same."""

import time
from typing import Any, NamedTuple

import grpc
import pytest

from tests.support.api_client import DOWN, ApiClient, Failure, failing, group, single
from tests.support.clocked_server import eventually
from tests.support.contract_calls import FRESH_READS, call, valid_fields, without_tokens
from tests.support.fixtures import CopyDatabase, Ids, NewDatabase, on_postgres
from tests.support.running_server import serving
from tests.support.watch_client import now_token, refused_as_too_old

INVALID, OUT_OF_RANGE = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE
FIELD = "at_least_as_fresh"


def asked(api: ApiClient, method: str, user: str, source: str, **fields: Any) -> Any:
    """What a read about a group answers, or how it fails."""
    message_id = api.page(user, group(source)).messages[-1].message_id
    valid = {"user_id": user} | valid_fields(method, group(source), message_id=message_id) | fields
    return call(api, method, **valid)


def refused(api: ApiClient, method: str, user: str, source: str, token: str) -> Failure:
    """How a read refuses a token."""
    return failing(asked, api, method, user, source, at_least_as_fresh=token)


class OwnedGroup(NamedTuple):
    """A user, and the group that it owns."""

    user: str
    source: str


@pytest.fixture
def owned_group(api: ApiClient, ids: Ids) -> OwnedGroup:
    owner, member = ids.users(2)
    return furnished(api, owner, member, ids.group())


def furnished(api: ApiClient, owner: str, member: str, source: str) -> OwnedGroup:
    """Makes a group with a message that both have read."""
    api.create_group(owner, source, [member])
    api.send(owner, group(source))
    api.read(member, group(source))
    return OwnedGroup(owner, source)


def test_field_is_there_in_every_read_and_in_nothing_else() -> None:
    assert sorted(FRESH_READS) == [
        "BatchGetConversations", "BatchGetMessages", "GetConversation", "GetMessage", "GetMessagesAround",
        "GetUnreadSummary", "GetUserSettings", "ListConversations", "ListMembers", "ListMessages", "ListReaders",
        "StreamConversations", "StreamMessages",
    ]  # fmt: skip


@pytest.mark.parametrize("method", FRESH_READS)
def test_read_when_its_token_is_malformed_is_refused(
    api: ApiClient, ids: Ids, owned_group: OwnedGroup, method: str
) -> None:
    user, source = owned_group
    for wrong in ("garbage", "A", "é", "x" * 600):
        assert refused(api, method, user, source, wrong) == Failure(INVALID, "RESUME_TOKEN_MALFORMED", FIELD)
    api.send_many(user, group(source), ["1", "2"])
    page_token = api.page(user, group(source), page_size=1).next_page_token
    assert refused(api, method, user, source, page_token) == Failure(INVALID, "RESUME_TOKEN_MALFORMED", FIELD)
    other = now_token(api, ids.user())
    assert refused(api, method, user, source, other) == Failure(INVALID, "RESUME_TOKEN_MISMATCH", FIELD)


@pytest.mark.parametrize("method", FRESH_READS)
def test_read_when_its_token_is_of_an_earlier_answer_is_as_without(
    api: ApiClient, owned_group: OwnedGroup, method: str
) -> None:
    user, source = owned_group
    without = asked(api, method, user, source)
    for token in (now_token(api, user), api.read(user, group(source)).resume_token):
        assert without_tokens(asked(api, method, user, source, at_least_as_fresh=token)) == without_tokens(without)


def test_tokens_when_of_another_database_or_of_a_future_that_was_rolled_back_are_refused(
    new_database: NewDatabase, copy_database: CopyDatabase
) -> None:
    """First the position does not exist yet, then another change has it (semantics A3)."""
    foreign = Failure(OUT_OF_RANGE, "RESUME_TOKEN_FOREIGN", FIELD)
    database = new_database()
    with serving(database) as api:
        _, source = furnished(api, "ann", "bob", "here")
        kept = now_token(api, "ann")
    copy = copy_database(database)
    with serving(database) as api:
        api.send_many("ann", group(source), ["1", "2", "3"])
        lost = now_token(api, "ann")
    with serving(new_database()) as api:
        elsewhere = now_token(api, "ann")
    with serving(copy) as api:
        for _ in range(2):
            for method in FRESH_READS:
                assert refused(api, method, "ann", source, lost) == foreign
                assert refused(api, method, "ann", source, elsewhere) == foreign
                asked(api, method, "ann", source, at_least_as_fresh=kept)
            for number in range(5):
                api.send("ann", group(source), f"other {number}")


def test_token_when_older_than_the_log_is_fine(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as api:
        _, source = furnished(api, "ann", "bob", "here")
        old = now_token(api, "ann")
        api.send("ann", group(source))
    time.sleep(0.5)
    with serving(database, "--feed-retention-hours", "0.0001") as api:
        eventually(lambda: refused_as_too_old(api, "ann", old))
        for method in FRESH_READS:
            asked(api, method, "ann", source, at_least_as_fresh=old)


@pytest.mark.skipif(not on_postgres(), reason="a file is for one process")
def test_read_when_the_write_went_through_another_process_holds_it(new_database: NewDatabase) -> None:
    """Keep semantics A2."""
    database = new_database()
    with serving(database) as writing, serving(database) as reading:
        for number in range(50):
            writing.send("ann", single("bob"), str(number))
            token = writing.read("ann", single("bob")).resume_token
            page = reading.page("ann", single("bob"), page_size=1, at_least_as_fresh=token)
            assert page.messages[0].content.text.text == str(number)


@pytest.mark.skipif(not on_postgres(), reason="a file is for one process")
def test_read_without_a_token_when_the_write_went_through_another_process_holds_it(new_database: NewDatabase) -> None:
    """Keep semantics A1."""
    database = new_database()
    with serving(database) as writing, serving(database) as reading:
        for number in range(50):
            writing.send("ann", single("bob"), str(number))
            page = reading.page("bob", single("ann"), page_size=1)
            assert page.messages[0].content.text.text == str(number)
            assert reading.listed("bob")[0].unread_count == number + 1


def test_walks_when_every_page_has_a_token_are_as_without(api: ApiClient, ids: Ids) -> None:
    """Keep semantics A4."""
    ann, *others = ids.users(12)
    api.send_to_each(ann, others)
    pair = single(others[0])
    api.send_many(ann, pair, map(str, range(25)))
    token = api.read(ann, pair).resume_token
    assert api.walk(ann, pair, DOWN, 4, at_least_as_fresh=token) == api.walk(ann, pair, DOWN, 4)
    assert api.walk(ann, pair, size=3, at_least_as_fresh=token) == api.walk(ann, pair, size=3)
    assert api.listed(ann, page_size=2, at_least_as_fresh=token) == api.listed(ann)
