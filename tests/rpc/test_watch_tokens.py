"""Resume tokens: what each place answers, over restarts, restores and other databases."""

import time
from dataclasses import dataclass

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2, event_service_pb2, message_service_pb2
from tests.support.api_client import ApiClient, Failure, Reference, failing, group, single, text_message
from tests.support.clocked_server import eventually
from tests.support.contract_calls import METHODS, call, valid_fields
from tests.support.database_check import assert_sound
from tests.support.fixtures import CopyDatabase, Ids, NewDatabase
from tests.support.running_server import serving
from tests.support.watch_client import WatchClient, changes_since, kinds, now_token, refused_as_too_old

INVALID, OUT_OF_RANGE = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE


def refused(api: ApiClient, user: str, token: str) -> Failure:
    """How a token is refused: the same way by polling and by a stream."""
    polled = failing(api.events.ListEvents, event_service_pb2.ListEventsRequest(user_id=user, resume_token=token))
    watched = failing(
        list, api.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id=user, resume_token=token))
    )
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


READS = [name for name, method in METHODS.items() if "resume_token" in method.output_type.fields_by_name]
WRITES = [name for name, method in METHODS.items() if "consistency_token" in method.output_type.fields_by_name]


@dataclass(frozen=True, slots=True)
class Scene:
    """A group with a message.

    Attributes:
        api: calls the server.
        owner: who makes the calls.
        member: the other member, who has sent the message.
        at: the group.
        message_id: the message.
    """

    api: ApiClient
    owner: str
    member: str
    at: Reference
    message_id: str

    def token(self, method: str) -> str:
        """The token of a call that the owner makes."""
        fields = valid_fields(method, self.at, message_id=self.message_id, other=self.member)
        response = call(self.api, method, user_id=self.owner, **fields)
        last = response[-1] if isinstance(response, list) else response
        return str(last.resume_token if method in READS else last.consistency_token)

    def known(self, user: str, token: str) -> int:
        """The newest sequence that a user knows of, as a read that is at least as fresh as a token shows it."""
        request = conversation_service_pb2.GetConversationRequest(
            user_id=user, conversation=self.at, consistency={"at_least_as_fresh": token}
        )
        return self.api.conversations.GetConversation(request).conversation.last_sequence


@pytest.fixture
def scene(api: ApiClient, ids: Ids) -> Scene:
    """A group of an owner and a member, who has sent a message."""
    owner, member = ids.users(2)
    at = group(ids.group())
    api.create_group(owner, at.target.id, [member])
    return Scene(api, owner, member, at, api.send(member, at).message_id)


def test_methods_when_one_is_added_return_a_token_of_one_kind() -> None:
    assert sorted([*READS, *WRITES]) == sorted(METHODS)


@pytest.mark.parametrize("method", READS)
def test_token_of_a_read_when_watched_from_misses_nothing_and_is_fresh_for_everyone(scene: Scene, method: str) -> None:
    """Keep semantics F5, A2, A7."""
    token = scene.token(method)
    assert 0 < len(token) <= 4096
    sent = scene.api.send(scene.member, scene.at, "after the read")
    with WatchClient(scene.api, scene.owner, token) as watching:
        [received] = watching.expect("message_received")
    assert received.message_received.message == sent
    polled = changes_since(scene.api, scene.owner, token)
    assert [event.message_received.message for event in polled if event.HasField("message_received")] == [sent]
    assert refused(scene.api, scene.member, token) == Failure(INVALID, "RESUME_TOKEN_MISMATCH", "resume_token")
    for user in (scene.owner, scene.member):
        assert scene.known(user, token) >= 1


@pytest.mark.parametrize("method", WRITES)
def test_token_of_a_write_when_watched_from_is_refused_and_is_fresh_for_everyone(scene: Scene, method: str) -> None:
    """Changes by others may lie before a write, which its caller has not received (semantics F5, A2, A7)."""
    token = scene.token(method)
    assert 0 < len(token) <= 4096
    not_a_resume_token = Failure(INVALID, "NOT_A_RESUME_TOKEN", "resume_token")
    assert refused(scene.api, scene.owner, token) == not_a_resume_token
    for user in (scene.owner, scene.member):
        assert scene.known(user, token) >= 1


def test_token_of_a_send_when_another_user_reads_with_it_shows_the_message(api: ApiClient, ids: Ids) -> None:
    """A service sends for one user and renders another's list (semantics A2)."""
    ann, bob = ids.users(2)
    for number in range(1, 4):
        request = message_service_pb2.SendMessageRequest(
            user_id=ann, conversation=single(bob), message=text_message(str(number))
        )
        token = api.messages.SendMessage(request).consistency_token
        listed = api.list_page(bob, consistency={"at_least_as_fresh": token}).conversations
        assert [entry.last_sequence for entry in listed] == [number]


def test_token_of_a_watch_when_used_for_a_read_shows_what_was_delivered(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    with WatchClient(api, bob) as watching:
        api.send(ann, single(bob))
        watching.until(lambda: "message_received" in kinds(watching.events))
        token = watching.token
    for user, other in ((ann, bob), (bob, ann)):
        page = api.page(user, single(other), consistency={"at_least_as_fresh": token})
        assert len(page.messages) == 1


def test_page_token_when_used_for_freshness_is_malformed(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    api.send_many(ann, single(bob), ["1", "2"])
    token = api.page(ann, single(bob), page_size=1).next_page_token
    failure = failing(api.page, ann, single(bob), consistency={"at_least_as_fresh": token})
    assert failure == Failure(INVALID, "CONSISTENCY_TOKEN_MALFORMED", "consistency.at_least_as_fresh")


def test_pages_of_one_walk_carry_moments_of_their_own_and_those_of_a_list_that_of_the_first(
    api: ApiClient, ids: Ids
) -> None:
    """To keep several pages, a client watches from the token of the first one (semantics L7, A7)."""
    ann, bob, cleo = ids.users(3)
    for other in (bob, cleo):
        api.send_many(other, single(ann), ["1", "2"])
    history, listed = api.page(ann, single(bob), page_size=1), api.list_page(ann, page_size=1)
    between = api.send(bob, single(ann), "between the pages")
    later = api.page(ann, single(bob), page_token=history.next_page_token)
    for token, missed in ((history.resume_token, [between]), (later.resume_token, [])):
        found = changes_since(api, ann, token)
        assert [event.message_received.message for event in found if event.HasField("message_received")] == missed
    page = api.list_page(ann, page_token=listed.next_page_token)
    assert page.resume_token == listed.resume_token
