"""A user's list: every conversation once, in its place, with the last message that the user may see."""

import random
import time
from collections.abc import Callable, Iterable
from functools import partial

import pytest

from backscroll.v1 import conversation_pb2, conversation_service_pb2, message_pb2
from tests.support.api_client import EVERYONE, UP, ApiClient, Reference, by_id, failing, group, room, single, texts
from tests.support.fixtures import Ids

MUTED = conversation_pb2.RECEIVE_OPTION_MUTED
BLOCKED = conversation_pb2.RECEIVE_OPTION_BLOCKED


def targets(conversations: Iterable[conversation_pb2.Conversation]) -> list[str]:
    return [conversation.target_id for conversation in conversations]


def last_text(api: ApiClient, user: str, at: Reference) -> str:
    return api.look(user, at).last_message.content.text.text


def hour_ago() -> int:
    return time.time_ns() // 1000 - 3_600_000_000


@pytest.mark.parametrize("size", [1, 7, 50, 100])
def test_list_when_a_hundred_conversations_were_active_at_one_time_then_each_is_listed_once_by_id(
    api: ApiClient, ids: Ids, size: int
) -> None:
    """A cursor on the time alone skips some; clients cannot reproduce an order by internal numbers (semantics L3)."""
    alice, *others = ids.users(97)
    others += [ids.user(name) for name in ("É", "é", "Z", "z")]
    random.Random(size).shuffle(others)
    origin = hour_ago()
    for other in others:
        api.import_messages(other, single(alice), [(other, origin, "old")])
    listed = api.listed(alice, page_size=size)
    assert len({entry.activity_time.ToMicroseconds() for entry in listed}) == 1
    assert sorted(targets(listed)) == sorted(others)
    found = [entry.conversation_id for entry in listed]
    assert found == sorted(found, key=str.encode)


@pytest.mark.parametrize("scope", ["self", "recall", "clear"])
def test_list_when_the_only_message_is_gone_then_the_conversation_stays_without_a_last_message(
    api: ApiClient, ids: Ids, scope: str
) -> None:
    """One missing last message must not fail the list, nor take the conversation out of it."""
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob))
    if scope == "self":
        api.delete_ids(bob, single(alice), [sent.message_id])
    elif scope == "recall":
        api.recall(alice, single(bob), sent.message_id)
    else:
        api.clear(bob, single(alice), up_to_sequence=1)
    [entry] = api.listed(bob)
    assert (entry.target_id, entry.HasField("last_message"), entry.unread_count) == (alice, False, 0)


def test_list_when_the_whole_history_was_erased_and_another_message_came_then_it_is_listed_with_that(
    api: ApiClient, ids: Ids
) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send_many(alice, group(club), ["one", "two"])
    api.delete(alice, group(club), EVERYONE, delete_messages=True)
    assert api.listed(bob) == []
    api.send(alice, group(club), "three")
    [entry] = api.listed(bob)
    assert (entry.last_message.content.text.text, entry.last_message.sequence) == ("three", 3)


def test_list_when_the_last_message_is_deleted_then_the_one_before_shows_and_the_place_stays(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics L3, L9."""
    alice, bob, carol = ids.users(3)
    api.send(alice, single(bob), "first")
    api.send(carol, single(bob), "between")
    last = api.send(alice, single(bob), "last")
    before = api.look(bob, single(alice)).activity_time
    api.delete_ids(bob, single(alice), [last.message_id])
    listed = api.listed(bob)
    assert targets(listed) == [alice, carol]
    assert (listed[0].last_message.content.text.text, listed[0].activity_time) == ("first", before)
    assert last_text(api, alice, single(bob)) == "last"


def test_list_when_the_last_message_is_recalled_then_the_one_before_shows_to_everyone(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L9."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob), "first")
    last = api.send(alice, single(bob), "last")
    api.recall(alice, single(bob), last.message_id)
    assert last_text(api, alice, single(bob)) == "first"
    assert last_text(api, bob, single(alice)) == "first"


def test_last_message_when_older_than_the_join_or_the_clearing_then_it_is_not_shown(api: ApiClient, ids: Ids) -> None:
    """A list that shows the conversation's last message leaks what this user cannot see (semantics L9)."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN)
    api.send(alice, group(club), "secret")
    api.add(alice, group(club), [bob])
    assert not api.look(bob, group(club)).HasField("last_message")
    api.send(alice, group(club), "welcome")
    assert last_text(api, bob, group(club)) == "welcome"
    api.clear(bob, group(club), up_to_sequence=2)
    assert not api.look(bob, group(club)).HasField("last_message")
    assert last_text(api, alice, group(club)) == "welcome"


def test_last_message_when_the_user_left_then_nothing_newer_shows(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send(alice, group(club), "with bob")
    api.remove(alice, group(club), [bob])
    api.send(alice, group(club), "without bob")
    assert last_text(api, bob, group(club)) == "with bob"
    [entry] = api.listed(bob)
    assert (entry.last_message.content.text.text, entry.left) == ("with bob", True)


@pytest.mark.parametrize("with_messages", [False, True])
def test_deleted_conversation_when_a_message_comes_then_it_is_back(
    api: ApiClient, ids: Ids, with_messages: bool
) -> None:
    """A list row that only the first message makes never comes back (semantics L1)."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["one", "two"])
    api.delete(bob, single(alice), delete_messages=with_messages)
    assert api.listed(bob) == []
    assert targets(api.listed(alice)) == [bob]
    api.send(alice, single(bob), "three")
    [entry] = api.listed(bob)
    assert entry.unread_count == 1
    assert texts(api.walk(bob, single(alice), UP)) == (["three"] if with_messages else ["three", "two", "one"])


def test_deleted_conversation_when_its_own_user_sends_then_it_is_back(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    api.delete(bob, single(alice))
    api.send(bob, single(alice))
    assert targets(api.listed(bob)) == [alice]


def read_it(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.read(bob, single(alice))


def mark_it_unread(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.mark_unread(bob, single(alice))


def pin_it(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.settings(bob, single(alice), pinned=True)


def draft_in_it(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.settings(bob, single(alice), draft="not yet sent")


def mute_it(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.settings(bob, single(alice), receive_option=MUTED)


def recall_an_old_message(api: ApiClient, bob: str, alice: str, sent: message_pb2.Message) -> None:
    api.recall(alice, single(bob), sent.message_id)


def delete_an_old_message(api: ApiClient, bob: str, alice: str, sent: message_pb2.Message) -> None:
    api.delete_ids(bob, single(alice), [sent.message_id])


def retry_an_old_message(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.send(alice, single(bob), "retried", client_message_id="once")


def send_silently(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.send(alice, single(bob), silent=True)


def import_old_history(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.import_messages(alice, single(bob), [(alice, hour_ago(), "old")])


def look_at_it(api: ApiClient, bob: str, alice: str, _: message_pb2.Message) -> None:
    api.look(bob, single(alice))
    api.walk(bob, single(alice))


@pytest.mark.parametrize(
    "do",
    [
        read_it,
        mark_it_unread,
        pin_it,
        draft_in_it,
        mute_it,
        recall_an_old_message,
        delete_an_old_message,
        retry_an_old_message,
        send_silently,
        import_old_history,
        look_at_it,
    ],
)
def test_deleted_conversation_when_nothing_new_is_said_then_it_stays_out_of_the_list(
    api: ApiClient, ids: Ids, do: Callable[[ApiClient, str, str, message_pb2.Message], None]
) -> None:
    """Keep semantics L1, L10."""
    alice, bob = ids.users(2)
    sent = api.send(alice, single(bob), "retried", client_message_id="once")
    api.delete(bob, single(alice))
    do(api, bob, alice, sent)
    assert api.listed(bob) == []
    assert api.look(bob, single(alice)).unlisted
    assert api.summary(bob).totals.unread_count == 0


def test_deleted_conversation_when_blocked_then_messages_do_not_bring_it_back_also_after_unblocking(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics S2."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    api.settings(bob, single(alice), receive_option=BLOCKED)
    api.delete(bob, single(alice))
    api.send(alice, single(bob), "while blocked")
    assert api.listed(bob) == []
    api.settings(bob, single(alice), receive_option=conversation_pb2.RECEIVE_OPTION_NORMAL)
    assert api.listed(bob) == []
    api.send(alice, single(bob), "after")
    assert targets(api.listed(bob)) == [alice]


def test_deleted_conversation_when_it_comes_back_then_its_place_is_that_of_the_new_message(
    api: ApiClient, ids: Ids
) -> None:
    alice, bob, carol = ids.users(3)
    api.send(alice, single(bob))
    api.delete(bob, single(alice))
    api.send(carol, single(bob))
    sent = api.send(alice, single(bob), "new")
    listed = api.listed(bob)
    assert targets(listed) == [alice, carol]
    assert listed[0].activity_time == sent.create_time


def test_deleted_conversation_when_to_stay_hidden_then_only_opening_brings_it_back(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L1."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    api.delete(bob, single(alice), stay_hidden=True)
    api.send(alice, single(bob))
    assert (api.listed(bob), api.summary(bob).totals.unread_count) == ([], 0)
    api.open(bob, single(alice))
    assert [entry.unread_count for entry in api.listed(bob)] == [1]


def test_opening_when_listed_changes_nothing_and_otherwise_makes_now_the_place(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L2."""
    alice, bob, carol = ids.users(3)
    api.send(alice, single(bob))
    api.send(carol, single(bob))
    before = api.summary(bob).resume_token, api.listed(bob)
    api.open(bob, single(alice))
    assert (api.summary(bob).resume_token, api.listed(bob)) == before
    api.delete(bob, single(alice))
    opened = api.open(bob, single(alice))
    assert targets(api.listed(bob)) == [alice, carol]
    assert opened.activity_time.ToMicroseconds() > before[1][0].activity_time.ToMicroseconds()


def test_cleared_history_when_opened_again_or_rejoined_then_it_stays_cleared(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D1, M4."""
    alice, bob = ids.users(2)
    api.create_group(alice, club := ids.group(), [bob])
    api.send_many(alice, group(club), ["one", "two"])
    api.delete(bob, group(club), delete_messages=True)
    api.open(bob, group(club))
    assert api.walk(bob, group(club)) == []
    api.remove(bob, group(club), [bob])
    api.send(alice, group(club), "while away")
    api.add(alice, group(club), [bob])
    assert texts(api.walk(bob, group(club))) == ["while away"]


def test_cleared_history_when_older_messages_are_imported_then_they_stay_out_of_sight(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D1."""
    alice, bob = ids.users(2)
    api.send(alice, single(bob), "live")
    api.clear(bob, single(alice), up_to_sequence=1)
    api.import_messages(alice, single(bob), [(alice, hour_ago(), "old")])
    assert api.walk(bob, single(alice)) == []
    assert not api.look(bob, single(alice)).HasField("last_message")
    assert texts(api.walk(alice, single(bob))) == ["old", "live"]


def test_list_when_there_are_more_than_a_page_of_conversations_then_none_is_evicted(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L8."""
    alice, *others = ids.users(106)
    for other in others:
        api.send(other, single(alice))
    page = api.list_page(alice, page_size=1000, include_total_size=True)
    assert (len(page.conversations), page.total_size) == (100, 105)
    assert targets(api.listed(alice, page_size=100)) == others[::-1]


def test_chat_room_when_not_opened_then_listed_only_where_the_filter_names_its_type(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L5."""
    alice, bob = ids.users(2)
    chat_room = conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM
    api.create_group(alice, lobby := ids.group(), [bob], kind=chat_room)
    api.send(alice, room(lobby))
    assert api.listed(bob) == []
    assert targets(api.listed(bob, filter={"types": [chat_room]})) == [lobby]
    api.open(bob, room(lobby))
    assert targets(api.listed(bob)) == [lobby]


def test_pins_when_set_again_and_taken_back_then_the_order_is_restored(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L3, L4."""
    alice, one, two, three = ids.users(4)
    for other in (one, two, three):
        api.send(other, single(alice))
    assert targets(api.listed(alice)) == [three, two, one]
    api.settings(alice, single(one), pinned=True)
    api.settings(alice, single(two), pinned=True)
    assert targets(api.listed(alice)) == [two, one, three]
    before, pinned = api.summary(alice).resume_token, api.look(alice, single(one))
    api.settings(alice, single(one), pinned=True)
    assert (api.summary(alice).resume_token, api.look(alice, single(one))) == (before, pinned)
    api.settings(alice, single(one), pinned=False)
    api.settings(alice, single(one), pinned=True)
    assert targets(api.listed(alice)) == [one, two, three]
    api.send(three, single(alice))
    assert targets(api.listed(alice)) == [one, two, three]
    api.settings(alice, single(one), pinned=False)
    api.settings(alice, single(two), pinned=False)
    assert targets(api.listed(alice)) == [three, two, one]


def test_pinned_conversation_when_deleted_then_it_is_gone_and_comes_back_pinned(api: ApiClient, ids: Ids) -> None:
    """Keep semantics D4."""
    alice, one, two = ids.users(3)
    api.send(one, single(alice))
    api.settings(alice, single(one), pinned=True)
    api.delete(alice, single(one))
    api.send(two, single(alice))
    assert targets(api.listed(alice)) == [two]
    api.send(one, single(alice))
    api.send(two, single(alice))
    assert targets(api.listed(alice)) == [one, two]


def test_pins_when_there_are_many_then_no_pin_is_refused(api: ApiClient, ids: Ids) -> None:
    alice, *others = ids.users(31)
    for other in others:
        api.send(other, single(alice))
        api.settings(alice, single(other), pinned=True)
    pinned = api.listed(alice, filter=conversation_service_pb2.ConversationFilter(pinned_only=True), page_size=7)
    assert targets(pinned) == others[::-1]


def test_draft_when_set_and_cleared_then_the_place_rises_and_falls_back(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L4."""
    alice, one, two = ids.users(3)
    api.send(one, single(alice))
    api.send(two, single(alice))
    api.settings(alice, single(one), draft="writing")
    assert targets(api.listed(alice)) == [one, two]
    api.settings(alice, single(one), draft="")
    assert targets(api.listed(alice)) == [two, one]


def test_totals_when_a_conversation_is_muted_then_list_and_summary_say_the_same(api: ApiClient, ids: Ids) -> None:
    """Muted conversations counted by one path and not by another show two different badges (semantics S3, U5)."""
    alice, normal, muted, blocked = ids.users(4)
    for other in (normal, normal, muted, muted, blocked):
        api.send(other, single(alice))
    api.settings(alice, single(muted), receive_option=MUTED)
    api.settings(alice, single(blocked), receive_option=BLOCKED)
    unread = {entry.target_id: entry.unread_count for entry in api.listed(alice)}
    assert unread == {normal: 2, muted: 2, blocked: 1}
    summary = api.summary(alice)
    totals = summary.totals
    assert (totals.unread_count, totals.muted_unread_count, totals.unread_conversation_count) == (2, 2, 1)
    assert summary.by_type[0].totals == totals


def test_ids_when_they_differ_only_in_case_then_they_are_two_users(api: ApiClient, ids: Ids) -> None:
    alice = ids.user()
    name = ids.user("Mixed")
    api.send(alice, single(name), "to the exact id")
    assert targets(api.listed(name)) == [alice]
    assert api.listed(name.lower()) == []
    assert failing(lambda: api.look(alice, single(name.lower()))).reason == "CONVERSATION_NOT_FOUND"


def test_list_when_walked_by_skip_then_it_is_the_same_as_by_token(api: ApiClient, ids: Ids) -> None:
    """Keep semantics L7."""
    alice, *others = ids.users(12)
    for other in others:
        api.send(other, single(alice))
    pages = [api.list_page(alice, page_size=5, skip=skip) for skip in (0, 5, 10, 15)]
    assert [len(page.conversations) for page in pages] == [5, 5, 1, 0]
    assert targets(entry for page in pages for entry in page.conversations) == targets(api.listed(alice, page_size=3))


def test_list_when_a_conversation_is_named_by_id_or_by_target_then_it_is_the_same(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    assert api.look(bob, by_id(api.listed(bob)[0].conversation_id)) == api.look(bob, single(alice))


def test_list_when_a_user_has_many_conversations_then_a_page_costs_about_what_it_costs_with_few(
    api: ApiClient, ids: Ids
) -> None:
    """One query for each entry, or for each conversation of the user, shows as time."""
    few, many = ids.users(2)
    others = ids.users(1000)
    for other in others[:20]:
        api.send(other, single(few))
    api.send_to_each(many, others)
    cheapest = {user: min(_seconds(partial(api.list_page, user)) for _ in range(15)) for user in (few, many)}
    assert cheapest[many] < 10 * cheapest[few] + 0.01


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


@pytest.mark.parametrize("ends", ["blocking", "leaving"])
def test_conversation_when_listed_by_an_import_then_stays_whatever_comes_that_does_not_move_the_list(
    api: ApiClient, ids: Ids, ends: str
) -> None:
    """Keep semantics L3, I3."""
    ann, bob = ids.users(2)
    team = group(ids.group())
    api.create_group(ann, team.target.id, [bob])
    api.import_messages(ann, team, [(ann, 1_000_000, "old")])
    before = [(entry.conversation_id, entry.activity_time) for entry in api.listed(bob)]
    assert len(before) == 1
    if ends == "blocking":
        api.settings(bob, team, receive_option=conversation_pb2.RECEIVE_OPTION_BLOCKED)
    else:
        api.remove(bob, team, [bob])
    api.send(ann, team)
    assert [(entry.conversation_id, entry.activity_time) for entry in api.listed(bob)] == before
