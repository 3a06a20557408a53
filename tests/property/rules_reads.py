"""Rules: one user looks closer than every user does after every step."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll.v1 import message_service_pb2
from tests.property.reading_checks import assert_states
from tests.property.scene import PLACES, SOMEWHERE, USERS, Place, Scene, timestamp


class ReadRules(Scene):
    """Windows around a place, filters, and readers. They change nothing."""

    @rule(
        place=PLACES,
        somewhere=SOMEWHERE,
        by=st.sampled_from(["message_id", "sequence", "start_time"]),
        older_count=st.integers(0, 3),
        newer_count=st.integers(0, 3),
        tombstones=st.booleans(),
    )
    def read_around(
        self, place: Place, somewhere: float, by: str, older_count: int, newer_count: int, tombstones: bool
    ) -> None:
        user, conversation, where, view = self.at(place)
        if not conversation.messages:
            return
        anchor = conversation.messages[self.somewhere_in(conversation, somewhere) - 1]
        if by == "message_id" and not anchor.message_id:
            return
        starts = {"message_id": anchor.message_id, "sequence": anchor.sequence, "start_time": timestamp(anchor.time)}
        request = message_service_pb2.ListMessagesAroundRequest(
            user_id=user,
            conversation=where,
            anchor={by: starts[by]},
            older_count=older_count,
            newer_count=newer_count,
            include_tombstones=tombstones,
        )
        answer, reason = self.called(self.api.messages.ListMessagesAround, request)
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
        if by == "start_time":
            itself, newer = [], itself + newer
        shown = older[max(len(older) - older_count, 0) :]
        assert answer.anchor_index == len(shown)
        shown += itself + newer[:newer_count]
        assert [message.sequence for message in answer.messages] == shown
        assert bool(answer.older_page_token) == (len(older) > older_count)
        assert bool(answer.newer_page_token) == (len(newer) > newer_count)
        assert_states(conversation, view, answer.messages, answer.states)

    @rule(place=PLACES, senders=st.sets(USERS, min_size=1, max_size=2), size=st.integers(1, 3))
    def filter_by_sender(self, place: Place, senders: set[int], size: int) -> None:
        user, conversation, where, view = self.at(place)
        if view is None:
            return
        expected = [self.users[sender] for sender in sorted(senders)]
        found = self.api.walk(user, where, size=size, filter={"sender_ids": expected})
        expected_sequences = [m.sequence for m in conversation.history(user) if m.sender in expected]
        assert [message.sequence for message in found] == expected_sequences[::-1]

    @rule(place=PLACES, size=st.integers(1, 3))
    def filter_by_mention(self, place: Place, size: int) -> None:
        user, conversation, where, view = self.at(place)
        if view is None:
            return
        found = self.api.walk(user, where, size=size, filter={"mentions_me": True})
        expected = [m.sequence for m in conversation.history(user) if m.sender != user and m.mentions(user)]
        assert [message.sequence for message in found] == expected[::-1]

    @rule(place=PLACES, somewhere=SOMEWHERE)
    def ask_for_readers(self, place: Place, somewhere: float) -> None:
        user, conversation, _, view = self.at(place)
        if not conversation.messages:
            return
        message = conversation.messages[self.somewhere_in(conversation, somewhere) - 1]
        if not message.message_id:
            return
        request = message_service_pb2.ListReadersRequest(user_id=user, message_id=message.message_id)
        answer, reason = self.called(self.api.messages.ListReaders, request)
        if view is None or message.recalled or not conversation.shows(view, message):
            assert reason == "MESSAGE_NOT_FOUND"
            return
        if not view.role:
            assert reason == "NOT_A_MEMBER"
            return
        assert reason == ""
        readers = {
            name: view.read
            for name, view in conversation.views.items()
            if view.role and name != message.sender and view.holds(message.sequence) and view.read >= message.sequence
        }
        assert {reader.user_id: reader.read_sequence for reader in answer.readers} == readers
