"""Resume tokens: what each place answers, over restarts, restores and other databases."""

import time

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2, event_service_pb2
from tests.support.api_client import Acting, Failure, failing, single
from tests.support.clocked_server import eventually
from tests.support.database_check import assert_sound
from tests.support.fixtures import CopyDatabase, Ids, NewDatabase
from tests.support.running_server import serving
from tests.support.watch_client import Watching, changes_since, kinds, now_token, refused_as_too_old

INVALID, OUT_OF_RANGE = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE


def refused(act: Acting, user: str, token: str) -> Failure:
    """How a token is refused: the same way by polling and by a stream."""
    polled = failing(act.events.ListChanges, event_service_pb2.ListChangesRequest(user_id=user, resume_token=token))
    watched = failing(list, act.events.Watch(event_service_pb2.WatchRequest(user_id=user, resume_token=token)))
    assert polled == watched
    return polled


@pytest.mark.parametrize("token", ["garbage", "A", "AAAA", "=" * 10, "é", "x" * 600])
def test_token_when_garbage_is_malformed(act: Acting, ids: Ids, token: str) -> None:
    assert refused(act, ids.user(), token) == Failure(INVALID, "RESUME_TOKEN_MALFORMED", "resume_token")


def test_token_when_any_character_is_changed_is_refused(act: Acting, ids: Ids) -> None:
    user = ids.user()
    token = now_token(act, user)
    for at, character in enumerate(token):
        changed = token[:at] + ("A" if character != "A" else "B") + token[at + 1 :]
        failure = failing(
            act.events.ListChanges, event_service_pb2.ListChangesRequest(user_id=user, resume_token=changed)
        )
        # A change of the part that names the database makes it one of another database.
        assert failure.reason in ("RESUME_TOKEN_MALFORMED", "RESUME_TOKEN_FOREIGN"), at


def test_token_when_another_users_is_refused(act: Acting, ids: Ids) -> None:
    ann, bob = ids.users(2)
    assert refused(act, ann, now_token(act, bob)) == Failure(INVALID, "RESUME_TOKEN_MISMATCH", "resume_token")


def test_token_when_a_page_token_is_refused(act: Acting, ids: Ids) -> None:
    ann, bob = ids.users(2)
    act.send_many(ann, single(bob), ["1", "2"])
    page = act.page(ann, single(bob), page_size=1)
    assert refused(act, ann, page.next_page_token).reason == "RESUME_TOKEN_MALFORMED"


def test_token_when_of_another_database_asks_to_list_again(act: Acting, ids: Ids, new_database: NewDatabase) -> None:
    user = ids.user()
    with serving(new_database()) as other:
        foreign = now_token(other, user)
    assert refused(act, user, foreign) == Failure(OUT_OF_RANGE, "RESUME_TOKEN_FOREIGN", "resume_token")


def test_token_when_the_server_restarts_goes_on(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as act:
        act.send("ann", single("bob"), "before")
        token = now_token(act, "bob")
        act.send("ann", single("bob"), "between")
    with serving(database) as act, Watching(act, "bob", token) as watching:
        watching.told("message_received")
        act.send("ann", single("bob"), "after")
        watching.told("message_received")


def test_token_when_of_a_future_that_was_rolled_back_asks_to_list_again(
    new_database: NewDatabase, copy_database: CopyDatabase
) -> None:
    """First the position does not exist yet, then another change has it."""
    database = new_database()
    with serving(database) as act:
        act.send("ann", single("bob"))
        kept = now_token(act, "bob")
    copy = copy_database(database)
    with serving(database) as act:
        act.send_many("ann", single("bob"), ["1", "2", "3"])
        lost = now_token(act, "bob")
    with serving(copy) as act:
        assert refused(act, "bob", lost) == Failure(OUT_OF_RANGE, "RESUME_TOKEN_FOREIGN", "resume_token")
        for number in range(5):
            act.send("ann", single("bob"), f"other {number}")
        assert refused(act, "bob", lost) == Failure(OUT_OF_RANGE, "RESUME_TOKEN_FOREIGN", "resume_token")
        assert kinds(changes_since(act, "bob", kept)).count("message_received") == 5


def test_token_when_older_than_the_log_asks_to_list_again(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as act:
        first = now_token(act, "bob")
        act.send("ann", single("bob"))
        act.send("ann", single("cleo"))
        walk = act.list_page("ann", page_size=1).next_page_token
        act.send("ann", single("bob"))
        newest = now_token(act, "bob")
    # What is older than a third of a second when the server starts is removed at once.
    with serving(database, "--feed-retention-hours", "0.0001") as act:
        act.send("ann", single("bob"), "new")
        assert "message_received" in kinds(changes_since(act, "bob", newest))
        assert refused(act, "bob", first) == Failure(OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD", "resume_token")
        failure = failing(
            act.conversations.ListConversations,
            conversation_service_pb2.ListConversationsRequest(user_id="ann", page_token=walk),
        )
        assert failure == Failure(OUT_OF_RANGE, "PAGE_TOKEN_TOO_OLD", "page_token")
        assert len(act.listed("ann")) == 2


def test_check_when_every_change_was_removed_finds_nothing_wrong(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as act:
        act.send_many("ann", single("bob"), ["1", "2", "3"])
        old = now_token(act, "bob")
        act.send("ann", single("bob"))
    time.sleep(0.5)
    with serving(database, "--feed-retention-hours", "0.0001") as act:
        eventually(lambda: refused_as_too_old(act, "bob", old))
    assert_sound(database)
    with serving(database) as act:
        act.send("ann", single("bob"))
    assert_sound(database)


def test_token_of_a_list_when_watched_misses_nothing(act: Acting, ids: Ids) -> None:
    ann, bob = ids.users(2)
    act.send(ann, single(bob), "listed")
    page = act.list_page(bob)
    act.send(ann, single(bob), "after the list")
    with Watching(act, bob, page.resume_token) as watching:
        received = watching.told("message_received")[0]
    assert received.message_received.message.content.text.text == "after the list"


def test_tokens_of_pages_and_writes_are_places_of_the_feed(act: Acting, ids: Ids) -> None:
    ann, bob = ids.users(2)
    act.send(ann, single(bob))
    for token in (
        act.list_page(bob).resume_token,
        act.read(bob, single(ann)).resume_token,
        act.summary(bob).resume_token,
    ):
        changes_since(act, bob, token)
