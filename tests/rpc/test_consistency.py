"""Reads that say how fresh they must be: what such a token may be, and that the answer is the same."""

import time
from typing import Any, NamedTuple

import grpc
import pytest
from google.protobuf.descriptor_pb2 import MethodOptions

from tests.support.api_client import DOWN, ApiClient, Failure, failing, group, single, texts
from tests.support.clocked_server import eventually
from tests.support.contract_calls import FRESH_READS, METHODS, call, valid_fields, without_tokens
from tests.support.fixtures import CopyDatabase, Ids, NewDatabase, on_postgres
from tests.support.running_server import serving
from tests.support.watch_client import now_token, refused_as_too_old

INVALID, OUT_OF_RANGE = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE
FIELD = "consistency.at_least_as_fresh"
MALFORMED = Failure(INVALID, "CONSISTENCY_TOKEN_MALFORMED", FIELD)
WRITES = sorted(name for name, method in METHODS.items() if "consistency_token" in method.output_type.fields_by_name)


def asked(api: ApiClient, method: str, user: str, source: str, **consistency: Any) -> Any:
    """What a read about a group answers, or how it fails."""
    message_id = api.page(user, group(source)).messages[-1].message_id
    valid: dict[str, Any] = {"user_id": user} | valid_fields(method, group(source), message_id=message_id)
    if consistency:
        valid["consistency"] = consistency
    return call(api, method, **valid)


def refused(api: ApiClient, method: str, user: str, source: str, **consistency: Any) -> Failure:
    """How a read refuses what it is asked for."""
    return failing(asked, api, method, user, source, **consistency)


class OwnedGroup(NamedTuple):
    """A user, the group that it owns, and another member."""

    user: str
    source: str
    member: str


@pytest.fixture
def owned_group(api: ApiClient, ids: Ids) -> OwnedGroup:
    owner, member = ids.users(2)
    return furnished(api, owner, member, ids.group())


def furnished(api: ApiClient, owner: str, member: str, source: str) -> OwnedGroup:
    """Makes a group with a message that both have read."""
    api.create_group(owner, source, [member])
    api.send(owner, group(source))
    api.read(member, group(source))
    return OwnedGroup(owner, source, member)


def test_field_is_there_in_every_read_and_in_nothing_else() -> None:
    assert sorted(FRESH_READS) == [
        "BatchGetConversations", "BatchGetMessages", "GetConversation", "GetMessage", "GetUnreadSummary",
        "GetUserSettings", "ListConversations", "ListMembers", "ListMessages", "ListMessagesAround", "ListReaders",
        "StreamConversations", "StreamMessages",
    ]  # fmt: skip


def test_calls_that_change_something_answer_a_consistency_token_and_others_a_resume_token() -> None:
    for name, method in METHODS.items():
        reads = method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS
        tokens = {"resume_token", "consistency_token"} & set(method.output_type.fields_by_name)
        assert tokens == {"resume_token" if reads else "consistency_token"}, name


@pytest.mark.parametrize("method", FRESH_READS)
def test_read_when_its_token_is_malformed_is_refused(api: ApiClient, owned_group: OwnedGroup, method: str) -> None:
    user, source, _ = owned_group
    for wrong in ("garbage", "A", "é", "x" * 600):
        assert refused(api, method, user, source, at_least_as_fresh=wrong) == MALFORMED
    api.send_many(user, group(source), ["1", "2"])
    page_token = api.page(user, group(source), page_size=1).next_page_token
    assert refused(api, method, user, source, at_least_as_fresh=page_token) == MALFORMED


@pytest.mark.parametrize("method", FRESH_READS)
def test_read_when_a_flag_of_its_consistency_is_false_is_refused(
    api: ApiClient, owned_group: OwnedGroup, method: str
) -> None:
    """A flag that is not true says nothing that could be kept."""
    user, source, _ = owned_group
    for flag in ("latest", "minimize_latency"):
        failure = refused(api, method, user, source, **{flag: False})
        assert failure == Failure(INVALID, "OUT_OF_BOUNDS", f"consistency.{flag}")


@pytest.mark.parametrize("method", FRESH_READS)
def test_read_when_its_token_is_of_any_earlier_answer_is_as_without(
    api: ApiClient, ids: Ids, owned_group: OwnedGroup, method: str
) -> None:
    """Tokens of reads and of writes, of the reader and of others (semantics A2)."""
    user, source, member = owned_group
    without = without_tokens(asked(api, method, user, source))
    tokens = {
        "of a watch": now_token(api, user),
        "of a read": api.summary(user).resume_token,
        "of a page": api.page(user, group(source)).resume_token,
        "of a write": api.read(user, group(source)).consistency_token,
        "of a watch of a stranger": now_token(api, ids.user()),
        "of a read of a member": api.page(member, group(source)).resume_token,
        "of a write of a member": api.read(member, group(source)).consistency_token,
    }
    for kind, token in tokens.items():
        assert token, kind
        assert without_tokens(asked(api, method, user, source, at_least_as_fresh=token)) == without, kind


@pytest.mark.parametrize("method", FRESH_READS)
def test_read_when_it_takes_the_latest_or_the_nearest_is_as_without_where_nothing_happens(
    api: ApiClient, owned_group: OwnedGroup, method: str
) -> None:
    """Keep semantics A6."""
    user, source, _ = owned_group
    without = without_tokens(asked(api, method, user, source))
    for flag in ("latest", "minimize_latency"):
        assert without_tokens(asked(api, method, user, source, **{flag: True})) == without
    message_id = api.page(user, group(source)).messages[-1].message_id
    empty = {"user_id": user, "consistency": {}} | valid_fields(method, group(source), message_id=message_id)
    assert without_tokens(call(api, method, **empty)) == without


@pytest.mark.parametrize("method", WRITES)
def test_write_when_done_gives_a_token_for_the_reads_of_anybody(
    api: ApiClient, ids: Ids, owned_group: OwnedGroup, method: str
) -> None:
    """A service writes for one user and shows another one what came of it (semantics A2)."""
    user, source, member = owned_group
    message_id = api.page(user, group(source)).messages[-1].message_id
    fields = valid_fields(method, group(source), message_id=message_id, other=member)
    token = call(api, method, user_id=user, **fields).consistency_token
    assert 0 < len(token) <= 4096
    for reader in (user, member, ids.user()):
        listed = api.list_page(reader, consistency={"at_least_as_fresh": token})
        assert listed.conversations == api.list_page(reader).conversations


def test_tokens_when_of_another_database_or_of_a_future_that_was_rolled_back_are_refused(
    new_database: NewDatabase, copy_database: CopyDatabase
) -> None:
    """First the position does not exist yet, then another change has it (semantics A3)."""
    foreign = Failure(OUT_OF_RANGE, "CONSISTENCY_TOKEN_FOREIGN", FIELD)
    database = new_database()
    with serving(database) as api:
        _, source, _ = furnished(api, "ann", "bob", "here")
        kept = (now_token(api, "ann"), api.read("bob", group(source)).consistency_token)
    copy = copy_database(database)
    with serving(database) as api:
        api.send_many("ann", group(source), ["1", "2", "3"])
        lost = (now_token(api, "ann"), api.read("bob", group(source)).consistency_token)
    with serving(new_database()) as api:
        api.send("ann", single("bob"))
        elsewhere = (now_token(api, "ann"), api.read("bob", single("ann")).consistency_token)
    with serving(copy) as api:
        for _ in range(2):
            for method in FRESH_READS:
                for token in (*lost, *elsewhere):
                    assert refused(api, method, "ann", source, at_least_as_fresh=token) == foreign
                for token in kept:
                    asked(api, method, "ann", source, at_least_as_fresh=token)
            for number in range(5):
                api.send("ann", group(source), f"other {number}")


def test_token_when_older_than_the_log_is_fine(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as api:
        _, source, _ = furnished(api, "ann", "bob", "here")
        old = now_token(api, "ann")
        old_of_a_write = api.read("bob", group(source)).consistency_token
        api.send("ann", group(source))
    time.sleep(0.5)
    with serving(database, "--feed-retention-hours", "0.0001") as api:
        eventually(lambda: refused_as_too_old(api, "ann", old))
        for method in FRESH_READS:
            asked(api, method, "ann", source, at_least_as_fresh=old)
            asked(api, method, "ann", source, at_least_as_fresh=old_of_a_write)


@pytest.mark.skipif(not on_postgres(), reason="a file is for one process")
def test_read_when_the_write_went_through_another_process_holds_it(new_database: NewDatabase) -> None:
    """Keep semantics A2."""
    database = new_database()
    with serving(database) as writing, serving(database) as reading:
        for number in range(50):
            writing.send("ann", single("bob"), str(number))
            token = writing.read("ann", single("bob")).consistency_token
            for user, other in (("ann", "bob"), ("bob", "ann")):
                page = reading.page(user, single(other), page_size=1, consistency={"at_least_as_fresh": token})
                assert texts(page.messages) == [str(number)]


@pytest.mark.skipif(not on_postgres(), reason="a file is for one process")
@pytest.mark.parametrize("consistency", [None, {}, {"latest": True}], ids=str)
def test_read_without_a_token_when_the_write_went_through_another_process_holds_it(
    new_database: NewDatabase, consistency: dict[str, bool] | None
) -> None:
    """Keep semantics A1."""
    database = new_database()
    with serving(database) as writing, serving(database) as reading:
        for number in range(50):
            writing.send("ann", single("bob"), str(number))
            page = reading.page("bob", single("ann"), page_size=1, consistency=consistency)
            assert page.messages[0].content.text.text == str(number)
            assert reading.listed("bob", consistency=consistency)[0].unread_count == number + 1


def test_walks_when_every_page_says_how_fresh_are_as_without(api: ApiClient, ids: Ids) -> None:
    """Keep semantics A4."""
    ann, *others = ids.users(12)
    api.send_to_each(ann, others)
    pair = single(others[0])
    api.send_many(ann, pair, map(str, range(25)))
    token = api.read(ann, pair).consistency_token
    for consistency in ({"at_least_as_fresh": token}, {"latest": True}, {"minimize_latency": True}):
        assert api.walk(ann, pair, DOWN, 4, consistency=consistency) == api.walk(ann, pair, DOWN, 4)
        assert api.walk(ann, pair, size=3, consistency=consistency) == api.walk(ann, pair, size=3)
        assert api.listed(ann, page_size=2, consistency=consistency) == api.listed(ann)
