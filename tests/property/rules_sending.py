"""Rules: messages are sent, alone and in batches, sent again, and imported."""

from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain.clock import SECOND
from tests.property.chat_model import Conversation
from tests.property.chat_records import SYSTEM, Message
from tests.property.scene import PLACES, USERS, Place, Scene, microseconds
from tests.support.api_client import by_id


class Draft(NamedTuple):
    """A message to be sent. `key` makes it idempotent; with `keep` it leaves unread what is."""

    silent: bool
    keep: bool
    mention: message_pb2.MentionKind
    whom: int
    key: str

    @property
    def text(self) -> str:
        """What it says: different for what must not have the same key."""
        return f"text {self.silent} {self.mention} {self.whom if self.mention == 1 else ''}"

    def outgoing(self, users: list[str]) -> message_pb2.OutgoingMessage:
        """As calls take it."""
        mentions = None
        if self.mention:
            mentions = message_pb2.Mentions(kind=self.mention, user_ids=[users[self.whom]] if self.mention == 1 else [])
        return message_pb2.OutgoingMessage(
            content=message_pb2.Content(text=message_pb2.TextContent(text=self.text)),
            silent=self.silent,
            mentions=mentions,
            client_message_id=self.key,
        )


KEYS = st.sampled_from(["", "", "k1", "k2"])
DRAFTS = st.builds(Draft, st.booleans(), st.booleans(), st.integers(0, 3), USERS, KEYS)
BATCHES = st.lists(st.tuples(PLACES, DRAFTS), min_size=1, max_size=6)


class SendingRules(Scene):
    """Keeps which keys were used, by conversation and sender."""

    def set_up(self) -> None:
        super().set_up()
        self.used: dict[tuple[int, str, str], Message] = {}

    @rule(place=PLACES, draft=DRAFTS)
    def send(self, place: Place, draft: Draft) -> None:
        user, conversation, where, _ = self.at(place)
        request = message_service_pb2.SendMessageRequest(
            user_id=user,
            conversation=where,
            message=draft.outgoing(self.users),
            keep_unread=draft.keep,
            as_service=conversation.kind == SYSTEM,
        )
        answer, reason = self.called(self.api.messages.SendMessage, request)
        self.sent(place, draft, answer, reason)

    @rule(items=BATCHES)
    def talk(self, items: list[tuple[Place, Draft]]) -> None:
        """Several send, one after the other."""
        for place, draft in items:
            self.send(place, draft)

    @rule(who=USERS, items=BATCHES)
    def send_batch(self, who: int, items: list[tuple[Place, Draft]]) -> None:
        request = message_service_pb2.BatchSendMessagesRequest(
            user_id=self.users[who],
            items=[
                message_service_pb2.BatchSendItem(
                    conversation=by_id(self.slots[slot].conversation_id),
                    message=draft.outgoing(self.users),
                    keep_unread=draft.keep,
                    sender_id=self.users[sender],
                )
                for (slot, sender), draft in items
            ],
            as_service=True,
        )
        results = self.api.messages.BatchSendMessages(request).results
        for (place, draft), result in zip(items, results, strict=True):
            self.sent(place, draft, result, result.error.reason)

    def sent(self, place: Place, draft: Draft, answer: Any, reason: str) -> None:
        """Judges how a send ended, and stores what it stored."""
        slot, (user, conversation, _, _) = place[0], self.at(place)
        earlier = self.used.get((slot, user, draft.key)) if draft.key else None
        if earlier is not None:
            assert reason == ("" if earlier.text == draft.text else "CLIENT_MESSAGE_ID_REUSED")
            if not reason:
                assert answer.duplicate
                assert answer.message.message_id == earlier.message_id
                gone = earlier.recalled or earlier.sequence <= conversation.floor or conversation.vanished(earlier)
                assert answer.message.HasField("content") != gone
            return
        expected = self.refusal(place)
        assert reason == expected
        if expected:
            return
        self.make(slot)
        stored = answer.message
        assert stored.sequence == conversation.head + 1
        assert microseconds(stored.burn_duration) == conversation.burn
        message = Message(
            stored.message_id,
            stored.sequence,
            user,
            microseconds(stored.create_time),
            text=draft.text,
            silent=draft.silent,
            mention_kind=0 if draft.silent else draft.mention,
            mentioned=(self.users[draft.whom],) if draft.mention == 1 else (),
            burn=conversation.burn,
        )
        previous = conversation.messages[-1].time if conversation.messages else 0
        assert message.time == max(self.clock(), previous + 1)
        conversation.store(message, reads=not draft.keep)
        if draft.key:
            self.used[slot, user, draft.key] = message

    def refusal(self, place: Place) -> str:
        """Why a user may not send, if that is so."""
        user, conversation, _, view = self.at(place)
        if conversation.kind == SYSTEM:
            return ""
        if place[0] in self.pairs:
            return "" if user in self.pairs[place[0]] else "CONVERSATION_NOT_FOUND"
        if view is None:
            return "CONVERSATION_NOT_FOUND"
        return "" if view.role else "NOT_A_MEMBER"

    @rule(place=PLACES, count=st.integers(1, 3), age=st.integers(1, 10))
    def import_old(self, place: Place, count: int, age: int) -> None:
        slot, (user, conversation, where, _) = place[0], self.at(place)
        if not conversation.messages:
            user = self.pairs.get(slot, self.users)[0]
        origin = self.clock() - age * 1000 * SECOND
        first = conversation.head + 1
        self.api.import_messages(
            self.users[0], where, [(user, origin + i, "old") for i in range(count)], prefix=f"old-{first}"
        )
        self.make(slot)
        number = self.number_of(conversation, user, f"old-{first}-0")
        for i in range(count):
            previous = conversation.messages[-1].time if conversation.messages else 0
            message = Message(
                f"{number}-{first + i}",
                first + i,
                user,
                max(origin + i, previous + 1),
                text="old",
                imported=True,
                original_time=origin + i,
            )
            conversation.messages.append(message)
            self.sweep_due |= conversation.expired(message)

    def number_of(self, conversation: Conversation, sender: str, client_message_id: str) -> str:
        """What the message ids of a conversation start with; of an imported message by asking for it again."""
        if conversation.messages:
            return conversation.messages[0].message_id.partition("-")[0]
        again = self.api.send(
            sender,
            by_id(conversation.conversation_id),
            "old",
            client_message_id=client_message_id,
            as_service=conversation.kind == SYSTEM,
        )
        return again.message_id.partition("-")[0]
