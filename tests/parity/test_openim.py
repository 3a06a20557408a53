"""The documented calls of OpenIM's conversation API, each made through the contract."""

from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    deletion_pb2,
    error_pb2,
    message_pb2,
    message_service_pb2,
    user_pb2,
    user_service_pb2,
)
from tests.support.api_client import (
    DOWN,
    SELF,
    ApiClient,
    Failure,
    by_id,
    failing,
    group,
    room,
    single,
    system,
    text_message,
    texts,
)
from tests.support.fixtures import Ids

NORMAL = conversation_pb2.RECEIVE_OPTION_NORMAL
BLOCKED = conversation_pb2.RECEIVE_OPTION_BLOCKED
MUTED = conversation_pb2.RECEIVE_OPTION_MUTED


def test_getAllConversationList_then_every_conversation(api: ApiClient, ids: Ids) -> None:
    me, others, source = ids.user(), ids.users(3), ids.group()
    for other in others:
        api.send(other, single(me))
    api.create_group(me, source)
    assert [entry.target_id for entry in api.listed(me)] == [source, *others[::-1]]


def test_getConversationListSplit_when_offset_and_count_then_that_slice(api: ApiClient, ids: Ids) -> None:
    me, others = ids.user(), ids.users(6)
    for other in others:
        api.send(other, single(me))
    page = api.list_page(me, skip=2, page_size=3)
    assert [entry.target_id for entry in page.conversations] == others[::-1][2:5]


@pytest.mark.parametrize("session_type", [1, 2])
def test_getOneConversation_when_missing_then_created_and_returned(
    api: ApiClient, ids: Ids, session_type: conversation_pb2.ConversationType
) -> None:
    """Session types 1 (single) and 2 (group) have the same numbers here."""
    me, source = ids.user(), ids.group("source")
    target = conversation_pb2.ConversationReference(target={"type": session_type, "id": source})
    made = api.open(me, target)
    assert (made.type, made.target_id) == (session_type, source)
    assert api.open(me, target).conversation_id == made.conversation_id
    assert [entry.conversation_id for entry in api.listed(me)] == [made.conversation_id]


def test_getOneConversation_when_session_type_3_is_cast_then_refused_and_no_chat_room_is_made(
    api: ApiClient, ids: Ids
) -> None:
    """OpenIM's 3 is its other group; as a number it names nothing here, whatever the call."""
    me, source = ids.user(), ids.group("source")
    cast: Any = 3
    at = conversation_pb2.ConversationReference(target={"type": cast, "id": source})
    unknown = Failure(grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_ENUM_VALUE", "conversation.target.type")
    for call_ in (api.open, api.send, api.page, api.look, api.read, api.delete):
        assert failing(call_, me, at) == unknown
    refused = failing(api.list_page, me, filter=conversation_service_pb2.ConversationFilter(types=[cast]))
    assert refused == Failure(grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_ENUM_VALUE", "filter.types[0]")
    assert api.listed(me) == []
    assert failing(api.look, me, room(source)).reason == "CONVERSATION_NOT_FOUND"


def test_getOneConversation_when_session_type_4_is_cast_then_the_notifications(api: ApiClient, ids: Ids) -> None:
    me, source = ids.user(), ids.group("notices")
    cast: Any = 4
    made = api.open(me, conversation_pb2.ConversationReference(target={"type": cast, "id": source}))
    assert (made.type, made.target_id) == (conversation_pb2.CONVERSATION_TYPE_SYSTEM, source)
    assert made.conversation_id == api.look(me, system(source)).conversation_id


@pytest.mark.parametrize("session_type", [0, 1])
def test_getHistoryMessages_when_the_type_is_missing_or_1_then_the_single_chat(
    api: ApiClient, ids: Ids, session_type: int
) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    cast: Any = session_type
    at = conversation_pb2.ConversationReference(target={"type": cast, "id": alice})
    assert len(api.page(bob, at).messages) == 1


def test_getMultipleConversation_when_some_are_missing_then_a_result_each(api: ApiClient, ids: Ids) -> None:
    me, other, stranger = ids.users(3)
    api.send(other, single(me))
    known = api.look(me, single(other)).conversation_id
    unknown = "s:" + ":".join(sorted([me, stranger]))
    answer = api.conversations.BatchGetConversations(
        conversation_service_pb2.BatchGetConversationsRequest(user_id=me, conversations=[by_id(unknown), by_id(known)])
    )
    assert [result.conversation_id for result in answer.results] == [unknown, known]
    assert answer.results[0].error.reason == error_pb2.ERROR_REASON_CONVERSATION_NOT_FOUND
    assert answer.results[1].conversation.target_id == other


def test_deleteConversationFromLocalAndSvr_then_gone_with_history_for_the_user(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob))
    api.delete(bob, single(alice), SELF, delete_messages=True)
    assert api.listed(bob) == []
    assert api.walk(bob, single(alice)) == []
    assert len(api.walk(alice, single(bob))) == 1


def test_deleteConversationFromLocalAndSvr_when_retried_with_the_last_message_known_then_a_new_one_stays(
    api: ApiClient, ids: Ids
) -> None:
    """The call names nothing but the conversation; the newest message known makes a retry safe (semantics D8)."""
    alice, bob = ids.users(2)
    api.send_many(alice, single(bob), ["one", "two"])
    known = api.look(bob, single(alice)).last_sequence
    api.delete(bob, single(alice), SELF, delete_messages=True, up_to_sequence=known)
    assert api.listed(bob) == []
    api.send(alice, single(bob), "meanwhile")
    again = api.delete(bob, single(alice), SELF, delete_messages=True, up_to_sequence=known)
    assert again.outcome == deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED
    assert [(entry.target_id, entry.unread_count) for entry in api.listed(bob)] == [(alice, 1)]
    assert texts(api.walk(bob, single(alice))) == ["meanwhile"]


def test_setConversationDraft_then_kept_with_its_time_and_cleared_by_empty(api: ApiClient, ids: Ids) -> None:
    me, other, later = ids.users(3)
    api.send(other, single(me))
    api.send(later, single(me))
    drafted = api.settings(me, single(other), draft="unfinished")
    assert drafted.settings.draft == "unfinished"
    assert drafted.settings.HasField("draft_time")
    assert [entry.target_id for entry in api.listed(me)] == [other, later]
    cleared = api.settings(me, single(other), draft="")
    assert not cleared.settings.HasField("draft_time")
    assert [entry.target_id for entry in api.listed(me)] == [later, other]
    assert api.look(other, single(me)).settings.draft == ""


def test_pinConversation_then_first_until_unpinned(api: ApiClient, ids: Ids) -> None:
    me, others = ids.user(), ids.users(3)
    for other in others:
        api.send(other, single(me))
    api.settings(me, single(others[0]), pinned=True)
    api.settings(me, single(others[1]), pinned=True)
    assert [entry.target_id for entry in api.listed(me)] == [others[1], others[0], others[2]]
    api.settings(me, single(others[1]), pinned=False)
    assert [entry.target_id for entry in api.listed(me)] == [others[0], others[2], others[1]]


def test_setConversationRecvMessageOpt_when_list_and_option_then_a_result_each(api: ApiClient, ids: Ids) -> None:
    me, loud, quiet, silent = ids.users(4)
    for other in (loud, quiet, silent):
        api.send(other, single(me))

    def set_option(others: list[str], option: conversation_pb2.ReceiveOption) -> list[bool]:
        answer = api.conversations.BatchUpdateConversationSettings(
            conversation_service_pb2.BatchUpdateConversationSettingsRequest(
                user_id=me,
                conversations=[single(other) for other in others],
                update_mask={"paths": ["receive_option"]},
                settings=conversation_pb2.ConversationSettings(receive_option=option),
            )
        )
        named = [result.conversation_id for result in answer.results]
        assert named == ["s:" + ":".join(sorted([me, other])) for other in others]
        assert {api.look(me, single(other)).settings.receive_option for other in others} == {option}
        return [result.update.changed for result in answer.results]

    assert set_option([loud, quiet], NORMAL) == [False, False]  # 0
    assert set_option([silent], BLOCKED) == [True]  # 1
    assert set_option([quiet], MUTED) == [True]  # 2
    for other in (loud, quiet, silent):
        api.send(other, single(me))
    assert api.look(me, single(loud)).unread_count == 2
    assert api.look(me, single(quiet)).unread_count == 2
    assert api.look(me, single(silent)).unread_count == 1
    assert len(api.walk(me, single(silent))) == 2
    totals = api.summary(me).totals
    assert (totals.unread_count, totals.muted_unread_count, totals.unread_conversation_count) == (2, 2, 1)


@pytest.mark.parametrize(
    ("option", "expected", "unread", "total"), [(1, BLOCKED, 1, 0), (2, MUTED, 2, 0), (3, NORMAL, 2, 2)]
)
def test_setConversationRecvMessageOpt_when_the_number_is_cast_then_the_same_option(
    api: ApiClient,
    ids: Ids,
    option: conversation_pb2.ReceiveOption,
    expected: conversation_pb2.ReceiveOption,
    unread: int,
    total: int,
) -> None:
    """1 and 2 are OpenIM's; what its 0 means is 3 here."""
    me, other = ids.users(2)
    api.send(other, single(me), "before")
    changed = api.settings(me, single(other), receive_option=option)
    assert changed.settings.receive_option == expected
    api.send(other, single(me), "while set")
    assert api.look(me, single(other)).unread_count == unread
    assert api.summary(me).totals.unread_count == total


def test_setConversationRecvMessageOpt_when_0_is_cast_then_refused_and_nothing_changes(
    api: ApiClient, ids: Ids
) -> None:
    me, other = ids.users(2)
    api.send(other, single(me))
    api.settings(me, single(other), receive_option=MUTED)
    cast: Any = 0
    settings = conversation_pb2.ConversationSettings(receive_option=cast)
    mask = {"paths": ["receive_option"]}
    required = Failure(grpc.StatusCode.INVALID_ARGUMENT, "REQUIRED", "settings.receive_option")
    assert failing(api.settings, me, single(other), receive_option=cast) == required
    batch = conversation_service_pb2.BatchUpdateConversationSettingsRequest(
        user_id=me, conversations=[single(other)], settings=settings, update_mask=mask
    )
    assert failing(api.conversations.BatchUpdateConversationSettings, batch) == required
    everywhere = user_service_pb2.UpdateUserSettingsRequest(
        user_id=me, settings=user_pb2.UserSettings(receive_option=cast), update_mask=mask
    )
    assert failing(api.users.UpdateUserSettings, everywhere) == required
    assert api.look(me, single(other)).settings.receive_option == MUTED


def test_getConversationRecvMessageOpt_then_the_option_of_each(api: ApiClient, ids: Ids) -> None:
    me, others = ids.user(), ids.users(3)
    for other, option in zip(others, (NORMAL, BLOCKED, MUTED), strict=True):
        api.send(other, single(me))
        api.settings(me, single(other), receive_option=option)
    answer = api.conversations.BatchGetConversations(
        conversation_service_pb2.BatchGetConversationsRequest(
            user_id=me, conversations=[single(other) for other in others]
        )
    )
    options = [result.conversation.settings.receive_option for result in answer.results]
    assert options == [NORMAL, BLOCKED, MUTED]


def test_setOneConversationPrivateChat_then_shared_and_stamped_on_messages(api: ApiClient, ids: Ids) -> None:
    alice, bob = ids.users(2)
    api.send(alice, single(bob), "stays")

    def switch(user: str, other: str, **burn: Any) -> conversation_pb2.Conversation:
        return api.conversations.UpdateConversation(
            conversation_service_pb2.UpdateConversationRequest(
                user_id=user,
                conversation=single(other),
                update_mask={"paths": ["burn"]},
                properties={"burn": conversation_pb2.BurnSettings(**burn)},
            )
        ).conversation

    assert switch(alice, bob, enabled=True).properties.burn.duration == Duration(seconds=30)
    assert api.look(bob, single(alice)).properties.burn.enabled
    assert api.send(bob, single(alice), "burns").burn_duration == Duration(seconds=30)
    switch(bob, alice, enabled=True, duration=Duration(seconds=5))
    assert api.send(alice, single(bob), "burns soon").burn_duration == Duration(seconds=5)
    switch(bob, alice, enabled=False)
    assert not api.send(alice, single(bob), "stays too").HasField("burn_duration")


def test_setOneConversationPrivateChat_when_group_then_refused(api: ApiClient, ids: Ids) -> None:
    owner, source = ids.user(), ids.group()
    api.create_group(owner, source)
    failure = failing(
        lambda: api.conversations.UpdateConversation(
            conversation_service_pb2.UpdateConversationRequest(
                user_id=owner,
                conversation=group(source),
                update_mask={"paths": ["burn"]},
                properties={"burn": conversation_pb2.BurnSettings(enabled=True)},
            )
        )
    )
    assert failure == (grpc.StatusCode.FAILED_PRECONDITION, "TYPE_NOT_SUPPORTED", "properties.burn")


def test_markGroupMessageHasRead_when_retried_with_the_last_message_known_then_a_new_one_is_unread(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics U9."""
    owner, member, source = ids.user(), ids.user(), ids.group()
    api.create_group(owner, source, [member])
    api.send_many(owner, group(source), "abc")
    known = api.look(member, group(source)).last_sequence
    for unread in (0, 1):
        assert api.read(member, group(source), up_to_sequence=known).unread_count == unread
        api.send(owner, group(source), "meanwhile")
    assert api.look(member, group(source)).unread_count == 2


def test_markGroupMessageHasRead_then_unread_is_zero(api: ApiClient, ids: Ids) -> None:
    owner, member, source = ids.user(), ids.user(), ids.group()
    api.create_group(owner, source, [member])
    api.send_many(owner, group(source), "abc")
    assert api.look(member, group(source)).unread_count == 3
    answer = api.read(member, group(source))
    assert (answer.read_sequence, answer.unread_count) == (3, 0)
    assert api.look(member, group(source)).unread_count == 0


@pytest.mark.parametrize("call", ["markNotifyMessageHasRead", "markConversationHasRead"])
def test_markNotifyMessageHasRead_then_unread_of_the_notifications_is_zero(api: ApiClient, ids: Ids, call: str) -> None:
    user, source = ids.user(call), ids.group("notices")
    api.messages.SendMessage(
        message_service_pb2.SendMessageRequest(
            user_id="operator", conversation=system(source, user), message=text_message("notice"), as_service=True
        )
    )
    entry = api.listed(user)[0]
    assert (entry.type, entry.unread_count) == (conversation_pb2.CONVERSATION_TYPE_SYSTEM, 1)
    assert api.read(user, by_id(entry.conversation_id)).unread_count == 0


def test_getTotalUnreadMsgCount_then_the_sum_over_the_list(api: ApiClient, ids: Ids) -> None:
    me, other, source = ids.user(), ids.user(), ids.group()
    api.send_many(other, single(me), "ab")
    api.create_group(other, source, [me])
    api.send(other, group(source))
    assert api.summary(me).totals.unread_count == 3
    api.read(me, single(other))
    assert api.summary(me).totals.unread_count == 1


def test_resetConversationGroupAtType_then_no_mention_is_left(api: ApiClient, ids: Ids) -> None:
    owner, member, source = ids.user(), ids.user(), ids.group()
    api.create_group(owner, source, [member])
    kinds = [
        message_pb2.Mentions(kind=message_pb2.MENTION_KIND_USER, user_ids=[member]),
        message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ALL),
        message_pb2.Mentions(kind=message_pb2.MENTION_KIND_ANNOUNCEMENT),
    ]
    for mentions in kinds:
        api.send(owner, group(source), mentions=mentions)
    seen = api.look(member, group(source))
    assert [(mention.sequence, mention.kind) for mention in seen.unread_mentions] == [(3, 3), (2, 2), (1, 1)]
    assert api.reset_mentions(member, group(source)) == 3
    after = api.look(member, group(source))
    assert (after.unread_mention_count, after.unread_count) == (0, 3)


@pytest.mark.parametrize(("option", "unread"), [(NORMAL, 2), (BLOCKED, 0), (MUTED, 2), (1, 0), (2, 2)])
def test_setGlobalRecvMessageOpt_then_for_every_conversation(
    api: ApiClient, ids: Ids, *, option: conversation_pb2.ReceiveOption, unread: int
) -> None:
    me, other = ids.users(2)
    api.send(other, single(me), "before")
    api.users.UpdateUserSettings(
        user_service_pb2.UpdateUserSettingsRequest(
            user_id=me,
            update_mask={"paths": ["receive_option"]},
            settings=user_pb2.UserSettings(receive_option=option),
        )
    )
    api.send(other, single(me), "while set")
    assert api.summary(me).totals.unread_count == unread
    assert texts(api.walk(me, single(other), DOWN)) == ["before", "while set"]


def test_operationID_then_echoed_as_request_id(api: ApiClient, ids: Ids) -> None:
    _, call = api.users.GetUnreadSummary.with_call(
        user_service_pb2.GetUnreadSummaryRequest(user_id=ids.user()), metadata=[("operationid", "op-1")]
    )
    assert dict(call.trailing_metadata())["x-request-id"] == "op-1"


def test_deleteAllConversationFromLocal_then_server_side_counterpart_empties_the_list(api: ApiClient, ids: Ids) -> None:
    me, others = ids.user(), ids.users(3)
    for other in others:
        api.send(other, single(me))
    answer = api.conversations.DeleteAllConversations(
        conversation_service_pb2.DeleteAllConversationsRequest(user_id=me)
    )
    assert answer.deleted_count == 3
    assert api.listed(me) == []
    assert len(api.listed(others[0])) == 1


def test_deleteAllConversationFromLocal_when_retried_with_the_latest_time_known_then_new_messages_stay(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics D9."""
    me, others = ids.user(), ids.users(3)
    sent = [api.send(other, single(me)) for other in others]
    request = conversation_service_pb2.DeleteAllConversationsRequest(
        user_id=me, delete_messages=True, up_to_time=sent[-1].create_time
    )
    assert api.conversations.DeleteAllConversations(request).deleted_count == 3
    api.send(others[0], single(me), "meanwhile")
    assert api.conversations.DeleteAllConversations(request).deleted_count == 0
    assert [(entry.target_id, entry.unread_count) for entry in api.listed(me)] == [(others[0], 1)]
    assert texts(api.walk(me, single(others[0]))) == ["meanwhile"]
