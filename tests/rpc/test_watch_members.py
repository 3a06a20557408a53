"""Who joined, left or changed role: what members are sent of it, so that they can keep the list of members."""

from collections.abc import Callable

import pytest

from backscroll.v1 import conversation_pb2, conversation_service_pb2, event_pb2, member_pb2
from tests.support.api_client import ApiClient, Reference, group, room, single, system
from tests.support.fixtures import Ids
from tests.support.watch_client import WatchClient, changes_since, now_token

OWNER, ADMIN, MEMBER = member_pb2.MEMBER_ROLE_OWNER, member_pb2.MEMBER_ROLE_ADMIN, member_pb2.MEMBER_ROLE_MEMBER


def members_changed(api: ApiClient, user: str, token: str) -> list[event_pb2.MembersChanged]:
    """What a user was sent about members since a token."""
    return [event.members_changed for event in changes_since(api, user, token) if event.HasField("members_changed")]


def members_of(api: ApiClient, user: str, at: Reference) -> dict[str, member_pb2.Member]:
    """The members of a conversation by their ids, as a user lists them."""
    request = conversation_service_pb2.ListMembersRequest(user_id=user, conversation=at)
    return {member.user_id: member for member in api.conversations.ListMembers(request).members}


def change_role(api: ApiClient, user: str, at: Reference, whom: str, role: member_pb2.MemberRole) -> None:
    api.conversations.UpdateMember(
        conversation_service_pb2.UpdateMemberRequest(
            user_id=user,
            conversation=at,
            member=member_pb2.Member(user_id=whom, role=role),
            update_mask={"paths": ["role"]},
        )
    )


def test_creation_of_a_group_is_sent_to_its_first_members_with_all_of_them(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F13."""
    ann, bob, cleo = ids.users(3)
    starts = {user: now_token(api, user) for user in (ann, bob, cleo)}
    at = group(ids.group())
    created = api.create_group(ann, at.target.id, [bob, cleo])
    everyone = members_of(api, ann, at)
    for user, start in starts.items():
        [changed] = members_changed(api, user, start)
        assert (changed.conversation_id, changed.actor_id) == (created.conversation_id, ann)
        assert {member.user_id: member for member in changed.joined_members} == everyone
        assert (list(changed.updated_members), list(changed.left_user_ids)) == ([], [])


def test_members_who_are_added_are_sent_in_one_event_to_all_members_and_to_nobody_else(
    api: ApiClient, ids: Ids
) -> None:
    """Keep semantics F13."""
    ann, bob, cleo, dan, eve = ids.users(5)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob])
    starts = {user: now_token(api, user) for user in (ann, bob, cleo, dan, eve)}
    assert api.add(ann, at, [bob, cleo, dan], ADMIN) == 2
    listed = members_of(api, ann, at)
    for user in (ann, bob, cleo, dan):
        [changed] = members_changed(api, user, starts[user])
        assert {member.user_id: member for member in changed.joined_members} == {
            name: listed[name] for name in (cleo, dan)
        }
        assert {member.role for member in changed.joined_members} == {ADMIN}
        assert (changed.actor_id, len(changed.updated_members), len(changed.left_user_ids)) == (ann, 0, 0)
    assert changes_since(api, eve, starts[eve]) == []


def test_members_who_are_removed_learn_of_themselves_alone(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F6, F13."""
    ann, bob, cleo, dan = ids.users(4)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob, cleo, dan])
    starts = {user: now_token(api, user) for user in (ann, bob, cleo, dan)}
    assert api.remove(ann, at, [bob, cleo]) == 2
    for user, left in ((ann, {bob, cleo}), (dan, {bob, cleo}), (bob, {bob}), (cleo, {cleo})):
        [changed] = members_changed(api, user, starts[user])
        assert (set(changed.left_user_ids), changed.actor_id) == (left, ann)
        assert len(changed.left_user_ids) == len(left)
        assert (len(changed.joined_members), len(changed.updated_members)) == (0, 0)
    starts = {user: now_token(api, user) for user in (bob, cleo)}
    api.remove(dan, at, [dan])
    assert [members_changed(api, user, start) for user, start in starts.items()] == [[], []]


def test_role_that_changes_is_sent_to_all_members(api: ApiClient, ids: Ids) -> None:
    """Keep semantics F13."""
    ann, bob, cleo = ids.users(3)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob, cleo])
    starts = {user: now_token(api, user) for user in (ann, bob, cleo)}
    change_role(api, ann, at, bob, ADMIN)
    for user, start in starts.items():
        [changed] = members_changed(api, user, start)
        assert list(changed.updated_members) == [members_of(api, ann, at)[bob]]
        assert changed.updated_members[0].role == ADMIN
        assert (changed.actor_id, len(changed.joined_members), len(changed.left_user_ids)) == (ann, 0, 0)


def test_owner_who_leaves_last_is_sent_together_with_the_member_who_follows(api: ApiClient, ids: Ids) -> None:
    """Keep semantics M3, F13."""
    ann, bob, cleo = ids.users(3)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob, cleo])
    starts = {user: now_token(api, user) for user in (ann, bob, cleo)}
    api.remove(ann, at, [ann])
    for user in (bob, cleo):
        [changed] = members_changed(api, user, starts[user])
        assert list(changed.left_user_ids) == [ann]
        assert [(member.user_id, member.role) for member in changed.updated_members] == [(bob, OWNER)]
        assert changed.actor_id == ann
    [own] = members_changed(api, ann, starts[ann])
    assert list(own.left_user_ids) == [ann]


def add_member_again(api: ApiClient, ann: str, bob: str, at: Reference) -> None:
    assert api.add(ann, at, [bob], ADMIN) == 0


def remove_outsider(api: ApiClient, ann: str, bob: str, at: Reference) -> None:
    assert api.remove(ann, at, [f"not {bob}"]) == 0


def set_equal_role(api: ApiClient, ann: str, bob: str, at: Reference) -> None:
    change_role(api, ann, at, bob, MEMBER)


@pytest.mark.parametrize("change", [add_member_again, remove_outsider, set_equal_role])
def test_call_that_changes_no_member_is_not_sent(
    api: ApiClient, ids: Ids, change: Callable[[ApiClient, str, str, Reference], None]
) -> None:
    """Keep semantics M2."""
    ann, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob])
    starts = {user: now_token(api, user) for user in (ann, bob)}
    change(api, ann, bob, at)
    assert [members_changed(api, user, start) for user, start in starts.items()] == [[], []]


def test_change_by_a_service_names_the_user_of_its_request(api: ApiClient, ids: Ids) -> None:
    ann, bob, cleo, bot = ids.users(4)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob])
    start = now_token(api, ann)
    api.add(bot, at, [cleo], as_service=True)
    api.remove(bot, at, [bob], as_service=True)
    assert [changed.actor_id for changed in members_changed(api, ann, start)] == [bot, bot]


def test_users_of_a_chat_room_who_come_and_go_are_sent_too(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    at = room(ids.group())
    api.create_group(ann, at.target.id, kind=at.target.type)
    with WatchClient(api, ann) as watching:
        api.add(bob, at, [bob])
        joined = watching.expect("members_changed")[0].members_changed
        api.remove(bob, at, [bob])
        left = watching.expect("members_changed")[0].members_changed
    assert [(member.user_id, member.role) for member in joined.joined_members] == [(bob, MEMBER)]
    assert (list(left.left_user_ids), joined.actor_id, left.actor_id) == ([bob], bob, bob)


def test_conversation_with_fixed_members_is_created_without_an_event_about_them(api: ApiClient, ids: Ids) -> None:
    ann, bob, source = ids.users(3)
    start = now_token(api, bob)
    api.send(ann, single(bob))
    api.send(source, system(source, bob), as_service=True)
    assert members_changed(api, bob, start) == []


def test_change_of_members_is_sent_together_with_the_conversation_as_it_became(api: ApiClient, ids: Ids) -> None:
    ann, bob, cleo = ids.users(3)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob])
    api.send(ann, at)
    with WatchClient(api, bob) as watching:
        api.add(ann, at, [cleo])
        _, changed = watching.expect("members_changed", "conversation_changed")
        assert changed.conversation_changed.conversation.member_count == 3
        change_role(api, ann, at, bob, ADMIN)
        _, changed = watching.expect("members_changed", "conversation_changed")
        assert changed.conversation_changed.conversation.role == ADMIN


@pytest.mark.parametrize("size", [1, 1000])
def test_members_kept_from_events_alone_are_those_that_are_listed(api: ApiClient, ids: Ids, size: int) -> None:
    """The read positions of others are no events in a group (semantics F12, F13)."""
    ann, *others = ids.users(6)
    at = group(ids.group())
    api.create_group(ann, at.target.id, others[:2], history_visibility=conversation_pb2.HISTORY_VISIBILITY_SINCE_JOIN)
    kept, start = members_of(api, ann, at), now_token(api, ann)
    api.add(ann, at, others[2:4])
    change_role(api, ann, at, others[0], ADMIN)
    api.remove(ann, at, [others[1], others[2]])
    api.add(others[0], at, [others[2], others[4]])
    change_role(api, ann, at, others[3], OWNER)
    change_role(api, ann, at, others[0], MEMBER)
    for event in changes_since(api, ann, start, size):
        changed = event.members_changed
        kept.update((member.user_id, member) for member in (*changed.joined_members, *changed.updated_members))
        for user in changed.left_user_ids:
            del kept[user]
    listed = members_of(api, ann, at)
    assert list(kept.keys() - listed.keys()) == []
    assert [(member.role, member.join_time) for _, member in sorted(kept.items())] == [
        (member.role, member.join_time) for _, member in sorted(listed.items())
    ]


def test_member_who_joins_again_has_the_time_of_the_last_join(api: ApiClient, ids: Ids) -> None:
    ann, bob = ids.users(2)
    at = group(ids.group())
    api.create_group(ann, at.target.id, [bob])
    before = members_of(api, ann, at)[bob].join_time
    api.remove(ann, at, [bob])
    start = now_token(api, ann)
    api.add(ann, at, [bob])
    [changed] = members_changed(api, ann, start)
    assert changed.joined_members[0].join_time.ToMicroseconds() > before.ToMicroseconds()
    assert changed.joined_members[0] == members_of(api, ann, at)[bob]
