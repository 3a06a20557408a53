"""Rules: messages and conversations are deleted, for one and for all."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from backscroll.v1 import conversation_service_pb2, deletion_pb2
from tests.property.chat_model import Conversation
from tests.property.chat_records import ADMIN, FOREVER, OWNER, Message, View
from tests.property.scene import (
    BOUNDS,
    PLACES,
    RECALL_WINDOW,
    SOMEWHERE,
    USERS,
    Place,
    Scene,
    microseconds,
    reason_of,
    timestamp,
)
from tests.support.api_client import EVERYONE, SELF

DELETED = deletion_pb2.DELETION_OUTCOME_DELETED
ALREADY_DELETED = deletion_pb2.DELETION_OUTCOME_ALREADY_DELETED


def any_message(scene: Any) -> bool:
    """Whether there is something to delete."""
    return any(conversation.messages for conversation in scene.slots)


class DeletionRules(Scene):
    """Hiding, recalling, clearing, and taking conversations out of lists."""

    @precondition(any_message)
    @rule(place=PLACES, somewhere=SOMEWHERE, everyone=st.booleans(), as_service=st.booleans())
    def delete_message(self, place: Place, somewhere: float, everyone: bool, as_service: bool) -> None:
        user, conversation, where, view = self.at(place)
        if not conversation.messages:
            return
        message = conversation.messages[self.somewhere_in(conversation, somewhere) - 1]
        if not message.message_id:
            return
        if everyone:
            named = (user, where, message.message_id)
            answer, reason = self.called(self.api.recall, *named, as_service=as_service)
            outcome = self.recalling(conversation, user, message, as_service=as_service)
        else:
            answer, reason = self.called(self.api.delete_ids, user, where, [message.message_id])
            outcome = self.hiding(conversation, view, message)
        if outcome in ("CONVERSATION_NOT_FOUND", "NOT_A_MEMBER"):
            assert reason == outcome
            return
        assert reason == ""
        result = answer.results[0]
        ended = {DELETED: "DELETED", ALREADY_DELETED: "ALREADY"}.get(result.outcome) or reason_of(result.error)
        assert ended == outcome
        if outcome == "DELETED" and everyone:
            message.recalled_by, message.recalled_time = user, self.time()
        elif outcome == "DELETED":
            conversation.views[user].hidden.add(message.sequence)

    def hiding(self, conversation: Conversation, view: View | None, message: Message) -> str:
        """What becomes of deleting a message for oneself."""
        if view is None:
            return "CONVERSATION_NOT_FOUND"
        if not view.holds(message.sequence) or conversation.vanished(message):
            return "MESSAGE_NOT_FOUND"
        return "DELETED" if conversation.shows(view, message) and not message.recalled else "ALREADY"

    def recalling(self, conversation: Conversation, user: str, message: Message, *, as_service: bool) -> str:
        """What becomes of deleting a message for everyone."""
        view = conversation.views.get(user)
        if not as_service:
            if view is None:
                return "CONVERSATION_NOT_FOUND"
            if not view.role:
                return "NOT_A_MEMBER"
            if not view.holds(message.sequence):
                return "MESSAGE_NOT_FOUND"
        if message.sequence <= conversation.floor:
            return "ALREADY"
        if conversation.vanished(message):
            return "MESSAGE_NOT_FOUND"
        if not as_service and view is not None and not conversation.shows(view, message):
            return "MESSAGE_NOT_FOUND"
        if message.recalled:
            return "ALREADY"
        if as_service or view is None or view.role in (OWNER, ADMIN):
            return "DELETED"
        if message.sender != user:
            return "NOT_THE_SENDER"
        return "RECALL_TOO_LATE" if self.time() >= message.time + RECALL_WINDOW else "DELETED"

    @rule(place=PLACES, somewhere=SOMEWHERE, by_time=st.booleans())
    def clear(self, place: Place, somewhere: float, by_time: bool) -> None:
        user, conversation, where, view = self.at(place)
        if view is None or not conversation.messages:
            return
        end = conversation.end_for(view)
        message = conversation.messages[self.somewhere_in(conversation, somewhere) - 1]
        if conversation.vanished(message):
            # What is purged has no time any more.
            return
        if by_time:
            answer = self.api.clear(user, where, before_time=timestamp(message.time))
            moment = min(message.time, self.time())
            floor, floor_time = sum(m.time < moment for m in conversation.messages), moment - 1
        else:
            answer = self.api.clear(user, where, up_to_sequence=message.sequence)
            floor, floor_time = message.sequence, message.time
        # What was deleted for everyone is gone all the same.
        assert answer.cleared_range.up_to_sequence == min(max(view.floor, floor, conversation.floor), end)
        if view.sees_nothing:
            assert answer.outcome == ALREADY_DELETED
        elif floor > view.floor:
            assert answer.outcome == DELETED
        elif floor_time <= view.floor_time:
            assert answer.outcome == ALREADY_DELETED
        view.floor, view.floor_time = max(view.floor, floor), max(view.floor_time, floor_time)

    @rule(place=PLACES, with_messages=st.booleans(), stay_hidden=st.booleans(), bound=BOUNDS)
    def delete_for_self(self, place: Place, with_messages: bool, stay_hidden: bool, bound: float | None) -> None:
        user, conversation, where, view = self.at(place)
        fields: dict[str, Any] = {"delete_messages": with_messages, "stay_hidden": stay_hidden}
        up_to = FOREVER if bound is None else self.bound_in(conversation, bound)
        if bound is not None:
            fields["up_to_sequence"] = up_to
        answer, reason = self.called(self.api.delete, user, where, SELF, **fields)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        floor, cleared_time = view.floor, self.cleared_time(conversation, answer, bound)
        done = conversation.remove_for(
            user, with_messages=with_messages, stay_hidden=stay_hidden, up_to=up_to, cleared_time=cleared_time
        )
        assert (answer.outcome == DELETED) == done
        if view.floor > floor:
            assert answer.cleared_range.up_to_sequence == min(view.floor, conversation.end_for(view))

    def cleared_time(
        self,
        conversation: Conversation,
        answer: conversation_service_pb2.DeleteConversationResponse,
        bound: float | None,
    ) -> int:
        """Up to when imported messages are gone that were written then; without a bound that is now."""
        if bound is None:
            return conversation.end_time(self.time())
        return microseconds(answer.cleared_range.original_up_to_time)

    @rule(place=PLACES, with_messages=st.booleans(), as_service=st.booleans(), bound=BOUNDS)
    def delete_for_all(self, place: Place, with_messages: bool, as_service: bool, bound: float | None) -> None:
        user, conversation, where, view = self.at(place)
        fields: dict[str, Any] = {"delete_messages": with_messages, "as_service": as_service}
        up_to = FOREVER if bound is None else self.bound_in(conversation, bound)
        if bound is not None:
            fields["up_to_sequence"] = up_to
        answer, reason = self.called(self.api.delete, user, where, EVERYONE, **fields)
        if place[0] not in self.created_order or (view is None and not as_service):
            assert reason == "CONVERSATION_NOT_FOUND"
        elif not as_service and place[0] in self.pairs:
            assert reason == "SERVICE_ONLY"
        elif not as_service and view is not None and view.role not in (OWNER, ADMIN):
            assert reason == ("ROLE_TOO_LOW" if view.role else "NOT_A_MEMBER")
        else:
            assert reason == ""
            cleared_time = self.cleared_time(conversation, answer, bound)
            done = conversation.remove_for_all(
                user, with_messages=with_messages, up_to=up_to, cleared_time=cleared_time
            )
            assert (answer.outcome == DELETED) == done

    @rule(who=USERS, with_messages=st.booleans(), bound=BOUNDS)
    def delete_every_conversation(self, who: int, with_messages: bool, bound: float | None) -> None:
        user, moment = self.users[who], self.moment_at(bound)
        answer = self.api.conversations.DeleteAllConversations(
            conversation_service_pb2.DeleteAllConversationsRequest(
                user_id=user,
                delete_messages=with_messages,
                up_to_time=None if moment is None else timestamp(moment),
            )
        )
        until = self.time() if moment is None else moment
        done = [
            conversation.remove_for(
                user,
                with_messages=with_messages,
                up_to=conversation.up_to_time(until),
                cleared_time=until,
                opened_until=until,
            )
            for conversation in self.slots
            if user in conversation.views
        ]
        assert answer.deleted_count == sum(done)
