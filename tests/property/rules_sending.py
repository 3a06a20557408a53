"""Rules: messages are sent, alone and in batches, sent again, and imported."""

from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain.clock import SECOND
from tests.property.chat_records import SYSTEM, Message
from tests.property.scene import PLACES, USERS, Place, Scene, microseconds, reason_of
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


Stored = message_pb2.Message | message_service_pb2.SentMessage

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
        answer, reason = self.called(self.api.messages.SendMessage, self.request_to_send(place, draft))
        if reason:
            self.not_sent(place, draft, reason)
        else:
            self.sent_alone(place, draft, answer.message, duplicate=answer.duplicate, time=self.time())

    def request_to_send(self, place: Place, draft: Draft) -> message_service_pb2.SendMessageRequest:
        """As the call takes it."""
        user, conversation, where, _ = self.at(place)
        return message_service_pb2.SendMessageRequest(
            user_id=user,
            conversation=where,
            message=draft.outgoing(self.users),
            keep_unread=draft.keep,
            as_service=conversation.kind == SYSTEM,
        )

    def sent_alone(
        self, place: Place, draft: Draft, stored: message_pb2.Message, *, duplicate: bool, time: int
    ) -> None:
        """Judges the answer to a single send at a time, which shows the message as it is now."""
        conversation = self.slots[place[0]]
        message = self.sent(place, draft, stored, duplicate=duplicate, time=time)
        assert microseconds(stored.burn_duration) == message.burn
        gone = message.recalled or message.sequence <= conversation.floor or conversation.vanished(message)
        assert stored.HasField("content") != gone

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
                message_service_pb2.SendItem(
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
            if result.HasField("error"):
                self.not_sent(place, draft, reason_of(result.error))
            else:
                self.sent(place, draft, result.message, duplicate=result.message.duplicate, time=self.time())

    def earlier(self, place: Place, draft: Draft) -> Message | None:
        """What was sent there with the same key before."""
        return self.used.get((place[0], self.users[place[1]], draft.key)) if draft.key else None

    def not_sent(self, place: Place, draft: Draft, reason: str) -> None:
        """Judges why nothing was stored."""
        earlier = self.earlier(place, draft)
        if earlier is None:
            assert reason == self.refusal(place)
        else:
            assert reason == "CLIENT_MESSAGE_ID_REUSED"
            assert earlier.text != draft.text

    def sent(
        self,
        place: Place,
        draft: Draft,
        stored: Stored,
        *,
        duplicate: bool,
        time: int,
    ) -> Message:
        """Judges what was answered to a send at a time, and stores it unless it was stored before."""
        slot, (user, conversation, _, _) = place[0], self.at(place)
        assert stored.conversation_id == conversation.conversation_id
        earlier = self.earlier(place, draft)
        assert duplicate == (earlier is not None)
        if earlier is not None:
            assert earlier.text == draft.text
            sent = (stored.message_id, stored.sequence, microseconds(stored.create_time))
            assert sent == (earlier.message_id, earlier.sequence, earlier.time)
            return earlier
        assert self.refusal(place) == ""
        self.make(slot, time)
        assert stored.sequence == conversation.head + 1
        message = Message(
            stored.sequence,
            user,
            microseconds(stored.create_time),
            message_id=stored.message_id,
            text=draft.text,
            silent=draft.silent,
            mention_kind=0 if draft.silent else draft.mention,
            mentioned=(self.users[draft.whom],) if draft.mention == 1 else (),
            burn=conversation.burn,
        )
        previous = conversation.messages[-1].time if conversation.messages else 0
        assert message.time == max(time, previous + 1)
        conversation.store(message, reads=not draft.keep, time=time)
        if draft.key:
            self.used[slot, user, draft.key] = message
        return message

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
        self.make(slot, self.time())
        for i in range(count):
            previous = conversation.messages[-1].time if conversation.messages else 0
            message = Message(
                first + i,
                user,
                max(origin + i, previous + 1),
                text="old",
                imported=True,
                original_time=origin + i,
            )
            conversation.messages.append(message)
            self.sweep_due |= conversation.expired(message)
        # One that follows what has just expired expires a microsecond later.
        self.move_clock_to(self.clock())
