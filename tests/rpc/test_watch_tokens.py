"""Resume tokens: what each place answers, over restarts, restores and other databases."""

import time

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2, event_service_pb2
from tests.support.api_client import ApiClient, Failure, failing, single
from tests.support.clocked_server import eventually
from tests.support.database_check import assert_sound
from tests.support.fixtures import CopyDatabase, Ids, NewDatabase
from tests.support.running_server import serving
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token, refused_as_too_old

INVALID, OUT_OF_RANGE = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE


def refused(api: ApiClient, user: str, token: str) -> Failure:
    """How a token is refused: the same way by polling and by a stream."""
    polled = failing(api.events.ListEvents, event_service_pb2.ListEventsRequest(user_id=user, resume_token=token))
    watched = failing(list, api.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id=user, resume_token=token)))
    assert polled == watched
    return polled


@pytest.mark.parametrize("token", ["garbage", "A", "AAAA", "=" * 10, "é", "x" * 600])
def test_token_when_garbage_is_malformed(api: ApiClient, ids: Ids, token: str) -> None:
    """Keep semantics F9."""
    assert refused(api, ids.user(), token) == Failure(INVALID, "RESUME_TOKEN_MALFORMED", "resume_token")


def test_token_when_any_character_is_changed_is_refused(api: ApiClient, ids: Ids) -> None:
    user = ids.user()
    token = now_token(api, user)
    for at, character in enumerate(token):
        changed = token[:at] + ("A" if character != "A" else "B") + token[at + 1 :]
        failure = failing(
            api.events.ListEvents, event_service_pb2.ListEventsRequest(user_id=user, resume_token=changed)
        )
        # A change of the part that names the database makes it one of another database.
        assert failure.reason in ("RESUME_TOKEN_MALFORMED", "RESUME_TOKEN_FOREIGN"), at


def test_token_when_another_users_is_refused(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    assert refused(api, ann, now_token(api, bob)) == Failure(INVALID, "RESUME_TOKEN_MISMATCH", "resume_token")


def test_token_when_a_page_token_is_refused(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send_many(ann, single(bob), ["1", "2"])
    page = api.page(ann, single(bob), page_size=1)
    assert refused(api, ann, page.next_page_token).reason == "RESUME_TOKEN_MALFORMED"


def test_token_when_of_another_database_asks_to_list_again(api: ApiClient, ids: Ids, new_database: NewDatabase) -> None:
    user = ids.user()
    with serving(new_database()) as other:
        foreign = now_token(other, user)
    assert refused(api, user, foreign) == Failure(OUT_OF_RANGE, "RESUME_TOKEN_FOREIGN", "resume_token")


def test_token_when_the_server_restarts_goes_on(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as api:
        api.send("ann", single("bob"), "before")
        token = now_token(api, "bob")
        api.send("ann", single("bob"), "between")
    with serving(database) as api, WatchClient(api, "bob", token) as watching:
        watching.expect("message_received")
        api.send("ann", single("bob"), "after")
        watching.expect("message_received")


def test_token_when_of_a_future_that_was_rolled_back_asks_to_list_again(
    new_database: NewDatabase, copy_database: CopyDatabase
) -> None:
    """First the position does not exist yet, then another change has it."""
    database = new_database()
    with serving(database) as api:
        api.send("ann", single("bob"))
        kept = now_token(api, "bob")
    copy = copy_database(database)
    with serving(database) as api:
        api.send_many("ann", single("bob"), ["1", "2", "3"])
        lost = now_token(api, "bob")
    with serving(copy) as api:
        assert refused(api, "bob", lost) == Failure(OUT_OF_RANGE, "RESUME_TOKEN_FOREIGN", "resume_token")
        for number in range(5):
            api.send("ann", single("bob"), f"other {number}")
        assert refused(api, "bob", lost) == Failure(OUT_OF_RANGE, "RESUME_TOKEN_FOREIGN", "resume_token")
        assert kinds(changes_since(api, "bob", kept)).count("message_received") == 5


def test_token_when_older_than_the_log_asks_to_list_again(new_database: NewDatabase) -> None:
    """Keep semantics F9."""
    database = new_database()
    with serving(database) as api:
        first = now_token(api, "bob")
        api.send("ann", single("bob"))
        api.send("ann", single("cleo"))
        walk = api.list_page("ann", page_size=1).next_page_token
        api.send("ann", single("bob"))
        newest = now_token(api, "bob")
    # What is older than a third of a second when the server starts is removed at once.
    with serving(database, "--feed-retention-hours", "0.0001") as api:
        api.send("ann", single("bob"), "new")
        assert "message_received" in kinds(changes_since(api, "bob", newest))
        assert refused(api, "bob", first) == Failure(OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD", "resume_token")
        failure = failing(
            api.conversations.ListConversations,
            conversation_service_pb2.ListConversationsRequest(user_id="ann", page_token=walk),
        )
        assert failure == Failure(OUT_OF_RANGE, "PAGE_TOKEN_TOO_OLD", "page_token")
        assert len(api.listed("ann")) == 2


def test_check_when_every_change_was_removed_finds_nothing_wrong(new_database: NewDatabase) -> None:
    database = new_database()
    with serving(database) as api:
        api.send_many("ann", single("bob"), ["1", "2", "3"])
        old = now_token(api, "bob")
        api.send("ann", single("bob"))
    time.sleep(0.5)
    with serving(database, "--feed-retention-hours", "0.0001") as api:
        eventually(lambda: refused_as_too_old(api, "bob", old))
    assert_sound(database)
    with serving(database) as api:
        api.send("ann", single("bob"))
    assert_sound(database)


def test_token_of_a_list_when_watched_misses_nothing(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob), "listed")
    page = api.list_page(bob)
    api.send(ann, single(bob), "after the list")
    with WatchClient(api, bob, page.resume_token) as watching:
        received = watching.expect("message_received")[0]
    assert received.message_received.message.content.text.text == "after the list"


def test_tokens_of_pages_and_writes_are_places_of_the_feed(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send(ann, single(bob))
    for token in (
        api.list_page(bob).resume_token,
        api.read(bob, single(ann)).resume_token,
        api.summary(bob).resume_token,
    ):
        changes_since(api, bob, token)
