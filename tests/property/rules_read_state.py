"""Rules: conversations are read and marked unread."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll.v1 import conversation_service_pb2
from tests.property.scene import PLACES, SOMEWHERE, USERS, Place, Scene


class ReadStateRules(Scene):
    """Read positions, marks of unread, and mentions."""

    @rule(place=PLACES, somewhere=SOMEWHERE, to_end=st.booleans())
    def read(self, place: Place, somewhere: float, to_end: bool) -> None:
        user, conversation, where, view = self.at(place)
        target = {} if to_end else {"sequence": self.somewhere_in(conversation, somewhere)}
        answer, reason = self.called(self.api.read, user, where, **target)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        end = conversation.end_for(view)
        conversation.move_read(user, min(target.get("sequence", end), end))
        assert answer.read_sequence == view.read
        assert answer.unread_count == len(conversation.unread_messages(user))

    @rule(place=PLACES, somewhere=SOMEWHERE, flag=st.booleans())
    def mark_unread(self, place: Place, somewhere: float, flag: bool) -> None:
        user, conversation, where, view = self.at(place)
        sequence = self.somewhere_in(conversation, somewhere)
        target = {} if flag else {"sequence": sequence}
        answer, reason = self.called(self.api.mark_unread, user, where, **target)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        if not flag and sequence > conversation.end_for(view):
            assert reason == "OUT_OF_BOUNDS"
            return
        view.unread_from, view.marked_unread = (0, True) if flag else (sequence, False)
        assert answer == len(conversation.unread_messages(user))

    @rule(who=USERS)
    def read_all(self, who: int) -> None:
        user = self.users[who]
        self.api.conversations.MarkAllConversationsRead(
            conversation_service_pb2.MarkAllConversationsReadRequest(user_id=user)
        )
        for conversation in self.slots:
            if user in conversation.views:
                conversation.move_read(user, conversation.end_for(conversation.views[user]))

    @rule(place=PLACES)
    def reset_mentions(self, place: Place) -> None:
        user, conversation, where, view = self.at(place)
        answer, reason = self.called(self.api.reset_mentions, user, where)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        assert answer == len(conversation.mentions(user))
        view.mention_floor = max(view.mention_floor, conversation.end_for(view) if answer else 0)
