"""Rules: one user looks closer than every user does after every step."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll.v1 import message_service_pb2
from tests.property.scene import PLACES, SOMEWHERE, USERS, Place, Scene, timestamp


class ReadRules(Scene):
    """Windows around a place, filters, and readers. They change nothing."""

    @rule(
        place=PLACES,
        somewhere=SOMEWHERE,
        by=st.sampled_from(["message_id", "sequence", "time"]),
        before=st.integers(0, 3),
        after=st.integers(0, 3),
        tombstones=st.booleans(),
    )
    def read_around(self, place: Place, somewhere: float, by: str, before: int, after: int, tombstones: bool) -> None:
        user, conversation, where, view = self.at(place)
        if not conversation.messages:
            return
        anchor = conversation.messages[self.somewhere_in(conversation, somewhere) - 1]
        starts = {"message_id": anchor.message_id, "sequence": anchor.sequence, "time": timestamp(anchor.time)}
        request = message_service_pb2.GetMessagesAroundRequest(
            user_id=user,
            conversation=where,
            anchor={by: starts[by]},
            before=before,
            after=after,
            include_tombstones=tombstones,
        )
        answer, reason = self.called(self.api.messages.GetMessagesAround, request)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        if by == "message_id" and not view.holds(anchor.sequence):
            assert reason == "MESSAGE_NOT_FOUND"
            return
        assert reason == ""
        seen = conversation.history(user, tombstones=tombstones)
        older = [message.sequence for message in seen if message.sequence < anchor.sequence]
        newer = [message.sequence for message in seen if message.sequence > anchor.sequence]
        itself = [message.sequence for message in seen if message.sequence == anchor.sequence]
        if by == "time":
            itself, newer = [], itself + newer
        shown = older[max(len(older) - before, 0) :]
        shown += itself + newer[:after]
        assert [message.sequence for message in answer.messages] == shown
        assert bool(answer.up_page_token) == (len(older) > before)
        assert bool(answer.down_page_token) == (len(newer) > after)

    @rule(place=PLACES, senders=st.sets(USERS, min_size=1, max_size=2), size=st.integers(1, 3))
    def filter_by_sender(self, place: Place, senders: set[int], size: int) -> None:
        user, conversation, where, view = self.at(place)
        if view is None:
            return
        expected = [self.users[sender] for sender in sorted(senders)]
        found = self.api.walk(user, where, size=size, filter={"sender_ids": expected})
        expected = [message.message_id for message in conversation.history(user) if message.sender in expected]
        assert [message.message_id for message in found] == expected[::-1]

    @rule(place=PLACES, somewhere=SOMEWHERE)
    def ask_for_readers(self, place: Place, somewhere: float) -> None:
        user, conversation, _, view = self.at(place)
        if not conversation.messages:
            return
        message = conversation.messages[self.somewhere_in(conversation, somewhere) - 1]
        request = message_service_pb2.ListReadersRequest(user_id=user, message_id=message.message_id)
        answer, reason = self.called(self.api.messages.ListReaders, request)
        if view is None or message.recalled or not conversation.shows(view, message):
            assert reason == "MESSAGE_NOT_FOUND"
            return
        readers = {
            name: view.read
            for name, view in conversation.views.items()
            if view.role and name != message.sender and view.holds(message.sequence) and view.read >= message.sequence
        }
        assert {reader.user_id: reader.read_sequence for reader in answer.readers} == readers
