"""Rules: conversations are read and marked unread."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll.v1 import conversation_service_pb2
from tests.property.scene import BOUNDS, PLACES, SOMEWHERE, USERS, Place, Scene, timestamp


class ReadStateRules(Scene):
    """Read positions, marks of unread, and mentions."""

    @rule(place=PLACES, somewhere=SOMEWHERE, to_end=st.booleans())
    def read(self, place: Place, somewhere: float, to_end: bool) -> None:
        user, conversation, where, view = self.at(place)
        target = {} if to_end else {"up_to_sequence": self.somewhere_in(conversation, somewhere)}
        answer, reason = self.called(self.api.read, user, where, **target)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        end = conversation.end_for(view)
        conversation.move_read(user, min(target.get("up_to_sequence", end), end), self.time())
        assert answer.read_sequence == view.read
        assert answer.unread_count == len(conversation.unread_messages(user))

    @rule(place=PLACES, somewhere=SOMEWHERE, flag=st.booleans())
    def mark_unread(self, place: Place, somewhere: float, flag: bool) -> None:
        user, conversation, where, view = self.at(place)
        sequence = self.somewhere_in(conversation, somewhere)
        target = {} if flag else {"from_sequence": sequence}
        answer, reason = self.called(self.api.mark_unread, user, where, **target)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        if not flag and sequence > conversation.end_for(view):
            assert reason == "OUT_OF_BOUNDS"
            return
        view.unread_from, view.marked_unread = (0, True) if flag else (sequence, False)
        assert answer == len(conversation.unread_messages(user))

    @rule(who=USERS, bound=BOUNDS)
    def read_all(self, who: int, bound: float | None) -> None:
        user, moment = self.users[who], self.moment_at(bound)
        self.api.conversations.MarkAllConversationsRead(
            conversation_service_pb2.MarkAllConversationsReadRequest(
                user_id=user, up_to_time=None if moment is None else timestamp(moment)
            )
        )
        for conversation in self.slots:
            view = conversation.views.get(user)
            if view is None:
                continue
            up_to = conversation.head if moment is None else conversation.up_to_time(moment)
            is_empty = moment is None and not conversation.head
            if is_empty or any(view.holds(sequence) for sequence in range(1, up_to + 1)):
                conversation.move_read(user, min(up_to, conversation.end_for(view)), self.time())

    @rule(place=PLACES, bound=BOUNDS)
    def reset_mentions(self, place: Place, bound: float | None) -> None:
        user, conversation, where, view = self.at(place)
        fields: dict[str, Any] = {} if bound is None else {"up_to_sequence": self.bound_in(conversation, bound)}
        answer, reason = self.called(self.api.reset_mentions, user, where, **fields)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        end = min(fields.get("up_to_sequence", conversation.head), conversation.end_for(view))
        assert answer == sum(sequence <= end for sequence, _ in conversation.mentions(user))
        view.mention_floor = max(view.mention_floor, end if answer else 0)
