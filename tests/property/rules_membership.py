"""Rules: members of groups and chat rooms come, go, and change roles."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll.v1 import conversation_service_pb2, member_pb2
from tests.property.chat_records import ADMIN, BLOCKED, CHAT_ROOM, MEMBER, OWNER, View
from tests.property.scene import GROUP_PLACES, USERS, Place, Scene


class MembershipRules(Scene):
    """Joining, leaving, and roles."""

    @rule(place=GROUP_PLACES, whom=USERS)
    def add(self, place: Place, whom: int) -> None:
        user, conversation, where, view = self.at(place)
        other = self.users[whom]
        theirs = conversation.views.get(other)
        answer, reason = self.called(self.api.add, user, where, [other])
        if not (conversation.kind == CHAT_ROOM and user == other):
            expected = self.managing(view)
            assert reason == expected
            if expected:
                return
        assert reason == ""
        if theirs is not None and theirs.role:
            assert answer == 0
            return
        assert answer == 1
        user_blocks = self.options[other] == BLOCKED
        conversation.join(other, MEMBER, by=user, user_blocks=user_blocks, time=self.time())
        self.joined[place[0]] = [name for name in self.joined[place[0]] if name != other] + [other]

    @rule(place=GROUP_PLACES, whom=USERS)
    def remove(self, place: Place, whom: int) -> None:
        user, conversation, where, view = self.at(place)
        other = self.users[whom]
        theirs = conversation.views.get(other)
        answer, reason = self.called(self.api.remove, user, where, [other])
        if user == other:
            expected = "CONVERSATION_NOT_FOUND" if view is None else ""
        else:
            expected = self.managing(view)
            if not expected and theirs and theirs.role == OWNER and view is not None and view.role != OWNER:
                expected = "ROLE_TOO_LOW"
        assert reason == expected
        if expected:
            return
        present = theirs is not None and theirs.role > 0
        assert answer == present
        if present:
            conversation.leave(other, self.joined[place[0]], by=user)

    @rule(place=GROUP_PLACES, whom=USERS, role=st.sampled_from([OWNER, ADMIN, MEMBER]))
    def change_role(self, place: Place, whom: int, role: member_pb2.MemberRole) -> None:
        user, conversation, where, view = self.at(place)
        other = self.users[whom]
        theirs = conversation.views.get(other)
        request = conversation_service_pb2.UpdateMemberRequest(
            user_id=user,
            conversation=where,
            member=member_pb2.Member(user_id=other, role=role),
            update_mask={"paths": ["role"]},
        )
        answer, reason = self.called(self.api.conversations.UpdateMember, request)
        expected = self.managing(view)
        touches_owner = role == OWNER or (theirs is not None and theirs.role == OWNER)
        if not expected and touches_owner and view is not None and view.role != OWNER:
            expected = "ROLE_TOO_LOW"
        if not expected and (theirs is None or not theirs.role):
            expected = "MEMBER_NOT_FOUND"
        owners = [name for name, each in conversation.views.items() if each.role == OWNER]
        if not expected and role != OWNER and owners == [other]:
            expected = "LAST_OWNER"
        assert reason == expected
        if not expected:
            conversation.change_role(other, role, by=user)
            assert (answer.member.user_id, answer.member.role) == (other, role)

    def managing(self, view: View | None) -> str:
        """Why a user may not manage members, if that is so."""
        if view is None:
            return "CONVERSATION_NOT_FOUND"
        if not view.role:
            return "NOT_A_MEMBER"
        return "" if view.role in (OWNER, ADMIN) else "ROLE_TOO_LOW"
