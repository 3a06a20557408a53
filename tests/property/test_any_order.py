"""The server against the model: any calls in any order, and after each everything that every user sees is the same."""

import os
import time
import uuid

import grpc
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from acting import EVERYONE, SELF, Acting, by_id, failure_of
from backscroll.v1 import conversation_service_pb2, message_pb2, message_service_pb2
from property.chat_model import (
    ADMIN,
    BLOCKED,
    CHAT_ROOM,
    GROUP,
    MEMBER,
    MUTED,
    NORMAL,
    OWNER,
    SINGLE,
    SYSTEM,
    Conversation,
    Message,
    View,
)
from property.looking import Looking, microseconds
from server_process import RunningServer

NAMES = ("ann.*", "bob%:", "cy\\_", "dée")
SLOTS = st.integers(0, 5)
USERS = st.integers(0, len(NAMES) - 1)
SOMEWHERE = st.floats(0, 1)

PROFILES = {"deep": (500, 50), "ci": (60, 40), "": (20, 30)}


class AnyOrder(Looking, RuleBasedStateMachine):
    """Every call as a rule, right and wrong ones; the model says how each must end."""

    sent = Bundle("sent")

    @initialize()
    def begin(self) -> None:
        prefix = uuid.uuid4().hex[:8]
        self.users = [f"{prefix}{name}" for name in NAMES]
        self.options = dict.fromkeys(self.users, NORMAL)
        self.joined: dict[int, list[str]] = {}
        self.used: dict[tuple[int, str, str], Message] = {}
        a, b, c, d = self.users
        escaped = [user.replace("%", "%25").replace(":", "%3A") for user in self.users]
        pair = sorted([a, b])
        self.slots = [
            Conversation("s:" + ":".join(user.replace("%", "%25").replace(":", "%3A") for user in pair), SINGLE),
            Conversation(f"s:{escaped[2]}:{escaped[2]}", SINGLE),
            Conversation(f"g:{prefix}all", GROUP),
            Conversation(f"g:{prefix}since", GROUP, since_join=True),
            Conversation(f"r:{prefix}room", CHAT_ROOM),
            Conversation(f"y:{prefix}notices:{escaped[3]}", SYSTEM),
        ]
        self.pairs = {0: pair, 1: [c], 5: [d]}
        for slot in (2, 3, 4):
            conversation = self.slots[slot]
            made = self.act.create_group(
                a,
                conversation.conversation_id.partition(":")[2],
                [b],
                type=conversation.kind,
                history_visibility=2 if conversation.since_join else 1,
            )
            conversation.views = {a: View(OWNER, 1, [[0, 2**62]]), b: View(MEMBER, 2, [[0, 2**62]])}
            conversation.views[a].opened = True
            conversation.views[a].opened_time = microseconds(made.activity_time)
            self.joined[slot] = [a, b]
        self.created_order = [2, 3, 4]

    # Helpers.

    def called(self, call: object) -> tuple[object, str]:
        try:
            return call(), ""  # type: ignore[operator]
        except grpc.RpcError as error:
            failure = failure_of(error)
        assert failure.code is not grpc.StatusCode.INTERNAL, failure
        return None, failure.reason

    def exists(self, slot: int) -> bool:
        return slot in self.created_order

    def make(self, slot: int) -> None:
        """A fixed conversation comes to be."""
        if not self.exists(slot):
            self.created_order.append(slot)
            conversation = self.slots[slot]
            for order, user in enumerate(self.pairs[slot], start=1):
                conversation.views[user] = View(MEMBER, order, [[0, 2**62]])
                if self.options[user] == BLOCKED:
                    conversation.block(user, "user", blocks=True)

    def view(self, slot: int, user: str) -> View | None:
        return self.slots[slot].views.get(user)

    def at(self, slot: int, somewhere: float) -> int:
        """A sequence of the conversation, 1 to the head."""
        return 1 + round(somewhere * max(self.slots[slot].head - 1, 0))

    def check_invariants(self, *_: object, **__: object) -> None:
        super().check_invariants(*_, **__)
        if getattr(self, "slots", None):
            for user in self.users:
                self.check_user(user)

    # Sending.

    @rule(
        slot=SLOTS, who=USERS, silent=st.booleans(), keep=st.booleans(), mention=st.integers(0, 3), whom=USERS,
        key=st.sampled_from(["", "", "k1", "k2"]),
    )  # fmt: skip
    def send(self, slot: int, who: int, silent: bool, keep: bool, mention: int, whom: int, key: str) -> None:
        user, conversation = self.users[who], self.slots[slot]
        mentions = None
        if mention:
            mentions = message_pb2.Mentions(kind=mention, user_ids=[self.users[whom]] if mention == 1 else [])
        text = f"text {silent} {mention} {whom if mention == 1 else ''}"
        request = message_service_pb2.SendMessageRequest(
            user_id=user,
            conversation=by_id(conversation.conversation_id),
            message=message_pb2.OutgoingMessage(
                content=message_pb2.Content(text=message_pb2.TextContent(text=text)),
                silent=silent,
                mentions=mentions,
                client_message_id=key,
            ),
            keep_unread=keep,
            as_service=conversation.kind == SYSTEM,
        )
        answer, reason = self.called(lambda: self.act.messages.SendMessage(request))
        earlier = self.used.get((slot, user, key)) if key else None
        if earlier is not None:
            same = earlier.original_text == text  # type: ignore[attr-defined]
            assert reason == ("" if same else "CLIENT_MESSAGE_ID_REUSED")
            if same:
                assert answer.duplicate  # type: ignore[attr-defined]
                assert answer.message.message_id == earlier.message_id  # type: ignore[attr-defined]
            return
        if conversation.kind != SYSTEM:
            if slot in self.pairs and user not in self.pairs[slot]:
                assert reason == "CONVERSATION_NOT_FOUND"
                return
            view = self.view(slot, user)
            if slot not in self.pairs and (view is None or not view.role):
                assert reason == ("CONVERSATION_NOT_FOUND" if view is None else "NOT_A_MEMBER")
                return
        assert reason == ""
        self.make(slot)
        stored = answer.message  # type: ignore[attr-defined]
        assert stored.sequence == conversation.head + 1
        message = Message(
            stored.message_id, stored.sequence, user, microseconds(stored.create_time), silent=silent,
            mention_kind=0 if silent else mention, mentioned=(self.users[whom],) if mention == 1 else (),
        )  # fmt: skip
        assert not conversation.messages or message.time > conversation.messages[-1].time
        message.original_text = text  # type: ignore[attr-defined]
        conversation.store(message, reads=not keep)
        if key:
            self.used[slot, user, key] = message

    @rule(slot=SLOTS, who=USERS, count=st.integers(1, 3), age=st.integers(1, 10))
    def import_old(self, slot: int, who: int, count: int, age: int) -> None:
        conversation, user = self.slots[slot], self.users[who]
        if not conversation.messages:
            user = self.pairs.get(slot, self.users)[0]
        origin = (int(time.time()) - age * 1000) * 1_000_000
        first = conversation.head + 1
        self.act.import_messages(
            self.users[0],
            by_id(conversation.conversation_id),
            [(user, origin + i, "old") for i in range(count)],
            prefix=f"old-{slot}-{first}",
        )
        self.make(slot)
        number = self.slot_number(slot, user, f"old-{slot}-{first}-0")
        for i in range(count):
            previous = conversation.messages[-1].time if conversation.messages else 0
            conversation.messages.append(
                Message(
                    f"{number}-{first + i}",
                    first + i,
                    user,
                    max(origin + i, previous + 1),
                    imported=True,
                    original_time=origin + i,
                )
            )

    def slot_number(self, slot: int, sender: str, client_message_id: str) -> str:
        """The first part of the message ids of a conversation; of an imported message by asking for it again."""
        conversation = self.slots[slot]
        if conversation.messages:
            return conversation.messages[0].message_id.partition("-")[0]
        again = self.act.send(
            sender, by_id(conversation.conversation_id), "old", client_message_id=client_message_id,
            as_service=conversation.kind == SYSTEM,
        )  # fmt: skip
        assert again.imported
        return again.message_id.partition("-")[0]

    # Reading.

    @rule(slot=SLOTS, who=USERS, somewhere=SOMEWHERE, to_end=st.booleans())
    def read(self, slot: int, who: int, somewhere: float, to_end: bool) -> None:
        user, conversation = self.users[who], self.slots[slot]
        target = {} if to_end else {"sequence": self.at(slot, somewhere)}
        answer, reason = self.called(lambda: self.act.read(user, by_id(conversation.conversation_id), **target))
        view = self.view(slot, user)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        end = conversation.end_for(view)
        view.read = max(view.read, min(target.get("sequence", end), end))
        view.unread_from, view.marked_unread = 0, False
        assert answer.read_sequence == view.read  # type: ignore[attr-defined]
        assert answer.unread_count == len(conversation.unread_messages(user))  # type: ignore[attr-defined]

    @rule(slot=SLOTS, who=USERS, somewhere=SOMEWHERE, flag=st.booleans())
    def mark_unread(self, slot: int, who: int, somewhere: float, flag: bool) -> None:
        user, conversation = self.users[who], self.slots[slot]
        sequence = self.at(slot, somewhere)
        target = {} if flag else {"sequence": sequence}
        answer, reason = self.called(lambda: self.act.mark_unread(user, by_id(conversation.conversation_id), **target))
        view = self.view(slot, user)
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
        self.act.conversations.MarkAllConversationsRead(
            conversation_service_pb2.MarkAllConversationsReadRequest(user_id=user)
        )
        for conversation in self.slots:
            view = conversation.views.get(user)
            if view is not None:
                view.read = max(view.read, conversation.end_for(view))
                view.unread_from, view.marked_unread = 0, False

    @rule(slot=SLOTS, who=USERS)
    def reset_mentions(self, slot: int, who: int) -> None:
        user, conversation = self.users[who], self.slots[slot]
        answer, reason = self.called(lambda: self.act.reset_mentions(user, by_id(conversation.conversation_id)))
        view = self.view(slot, user)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        assert answer == len(conversation.mentions(user))
        view.mention_floor = max(view.mention_floor, conversation.end_for(view) if answer else 0)

    # Deleting.

    @precondition(lambda self: any(conversation.messages for conversation in self.slots))
    @rule(slot=SLOTS, who=USERS, somewhere=SOMEWHERE, everyone=st.booleans(), as_service=st.booleans())
    def delete_message(self, slot: int, who: int, somewhere: float, everyone: bool, as_service: bool) -> None:
        user, conversation = self.users[who], self.slots[slot]
        if not conversation.messages:
            return
        message = conversation.messages[self.at(slot, somewhere) - 1]
        answer, reason = self.called(
            lambda: self.act.delete_ids(
                user,
                by_id(conversation.conversation_id),
                [message.message_id],
                EVERYONE if everyone else SELF,
                as_service=as_service and everyone,
            )
        )
        outcome = self.expected_deletion(slot, user, message, everyone, as_service)
        if outcome in ("CONVERSATION_NOT_FOUND", "NOT_A_MEMBER"):
            assert reason == outcome
            return
        assert reason == ""
        result = answer.results[0]  # type: ignore[attr-defined]
        names = {1: "DELETED", 2: "ALREADY"}
        assert names.get(result.outcome, result.error.reason) == outcome
        if outcome == "DELETED" and everyone:
            message.recalled = True
        elif outcome == "DELETED":
            conversation.views[user].hidden.add(message.sequence)

    def expected_deletion(self, slot: int, user: str, message: Message, everyone: bool, as_service: bool) -> str:
        conversation, view = self.slots[slot], self.view(slot, user)
        service = everyone and as_service
        if view is None and not service:
            return "CONVERSATION_NOT_FOUND"
        if not everyone:
            if not conversation.in_windows(view, message.sequence):
                return "MESSAGE_NOT_FOUND"
            return "DELETED" if conversation.shows(view, message) and not message.recalled else "ALREADY"
        if not service and not view.role:
            return "NOT_A_MEMBER"
        if not service and not conversation.in_windows(view, message.sequence):
            return "MESSAGE_NOT_FOUND"
        if message.sequence <= conversation.floor:
            return "ALREADY"
        if not service and not conversation.shows(view, message):
            return "MESSAGE_NOT_FOUND"
        if message.recalled:
            return "ALREADY"
        if service or view.role in (OWNER, ADMIN) or message.sender == user:
            return "DELETED"
        return "NOT_THE_SENDER"

    @rule(slot=SLOTS, who=USERS, somewhere=SOMEWHERE, by_time=st.booleans())
    def clear(self, slot: int, who: int, somewhere: float, by_time: bool) -> None:
        user, conversation = self.users[who], self.slots[slot]
        view, sequence = self.view(slot, user), self.at(slot, somewhere)
        if view is None or not conversation.messages:
            return
        moment = conversation.messages[sequence - 1].time
        if by_time:
            stamp = {"seconds": moment // 1_000_000, "nanos": moment % 1_000_000 * 1000}
            self.act.clear(user, by_id(conversation.conversation_id), before_time=stamp)
            floor, floor_time = min(sequence - 1, conversation.end_for(view)), moment - 1
        else:
            self.act.clear(user, by_id(conversation.conversation_id), up_to_sequence=sequence)
            floor = min(sequence, conversation.end_for(view))
            floor_time = self.time_of(conversation, floor)
        view.floor, view.floor_time = max(view.floor, floor), max(view.floor_time, floor_time)

    def time_of(self, conversation: Conversation, sequence: int) -> int:
        # What is erased may be purged, and then it has no time any more; its floor time covers it anyway.
        return conversation.messages[sequence - 1].time if sequence else 0

    @rule(slot=SLOTS, who=USERS, with_messages=st.booleans(), stay_hidden=st.booleans())
    def delete_for_self(self, slot: int, who: int, with_messages: bool, stay_hidden: bool) -> None:
        user, conversation = self.users[who], self.slots[slot]
        answer, reason = self.called(
            lambda: self.act.delete(
                user,
                by_id(conversation.conversation_id),
                SELF,
                delete_messages=with_messages,
                stay_hidden=stay_hidden,
            )
        )
        if self.view(slot, user) is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        done = conversation.remove_for(
            user, with_messages=with_messages, stay_hidden=stay_hidden, now=time.time_ns() // 1000
        )
        assert (answer.outcome == 1) == done  # type: ignore[attr-defined]

    @rule(slot=SLOTS, who=USERS, with_messages=st.booleans(), as_service=st.booleans())
    def delete_for_all(self, slot: int, who: int, with_messages: bool, as_service: bool) -> None:
        user, conversation, view = self.users[who], self.slots[slot], self.view(slot, self.users[who])
        answer, reason = self.called(
            lambda: self.act.delete(
                user,
                by_id(conversation.conversation_id),
                EVERYONE,
                delete_messages=with_messages,
                as_service=as_service,
            )
        )
        if not self.exists(slot) or (view is None and not as_service):
            assert reason == "CONVERSATION_NOT_FOUND"
        elif not as_service and slot in self.pairs:
            assert reason == "SERVICE_ONLY"
        elif not as_service and view.role not in (OWNER, ADMIN):
            assert reason == ("ROLE_TOO_LOW" if view.role else "NOT_A_MEMBER")
        else:
            assert reason == ""
            done = conversation.remove_for_all(with_messages=with_messages, now=time.time_ns() // 1000)
            assert (answer.outcome == 1) == done  # type: ignore[attr-defined]

    @rule(who=USERS, with_messages=st.booleans())
    def delete_every_conversation(self, who: int, with_messages: bool) -> None:
        user = self.users[who]
        answer = self.act.conversations.DeleteAllConversations(
            conversation_service_pb2.DeleteAllConversationsRequest(user_id=user, delete_messages=with_messages)
        )
        done = [
            conversation.remove_for(user, with_messages=with_messages, stay_hidden=False, now=time.time_ns() // 1000)
            for conversation in self.slots
            if user in conversation.views
        ]
        assert answer.deleted_count == sum(done)

    # The list and settings.

    @rule(slot=SLOTS, who=USERS)
    def open(self, slot: int, who: int) -> None:
        user, conversation = self.users[who], self.slots[slot]
        answer, reason = self.called(lambda: self.act.open(user, by_id(conversation.conversation_id)))
        if slot in self.pairs and user in self.pairs[slot]:
            self.make(slot)
        view = self.view(slot, user)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        assert reason == ""
        if not conversation.listed(user):
            view.opened, view.stay_hidden = True, False
            view.opened_time = microseconds(answer.activity_time)  # type: ignore[attr-defined]

    @rule(slot=SLOTS, who=USERS, pinned=st.booleans())
    def pin(self, slot: int, who: int, pinned: bool) -> None:
        self.change(slot, who, pinned=pinned)

    @rule(slot=SLOTS, who=USERS, draft=st.sampled_from(["", "draft"]))
    def draft(self, slot: int, who: int, draft: str) -> None:
        self.change(slot, who, draft=draft)

    @rule(slot=SLOTS, who=USERS, option=st.sampled_from([NORMAL, BLOCKED, MUTED]))
    def receive_option(self, slot: int, who: int, option: int) -> None:
        self.change(slot, who, receive_option=option)

    def change(self, slot: int, who: int, **values: object) -> None:
        user, conversation = self.users[who], self.slots[slot]
        view = self.view(slot, user)
        changed = self.act.settings(user, by_id(conversation.conversation_id), **values).settings
        if view is None:
            return
        if "pinned" in values:
            view.pin_time = microseconds(changed.pin_time)
            assert bool(view.pin_time) == values["pinned"]
        elif "draft" in values:
            view.draft, view.draft_time = str(values["draft"]), microseconds(changed.draft_time)
        else:
            view.option = int(str(values["receive_option"]))
            conversation.block(user, "conversation", blocks=view.option == BLOCKED)

    @rule(who=USERS, option=st.sampled_from([NORMAL, NORMAL, BLOCKED, MUTED]))
    def user_option(self, who: int, option: int) -> None:
        user = self.users[who]
        self.act.conversations.UpdateUserSettings(
            conversation_service_pb2.UpdateUserSettingsRequest(
                user_id=user,
                update_mask={"paths": ["receive_option"]},
                settings=conversation_service_pb2.UserSettings(receive_option=option),
            )
        )
        self.options[user] = option
        for conversation in self.slots:
            if user in conversation.views:
                conversation.block(user, "user", blocks=option == BLOCKED)

    # Members.

    @rule(slot=st.integers(2, 4), who=USERS, whom=USERS)
    def add(self, slot: int, who: int, whom: int) -> None:
        user, other, conversation = self.users[who], self.users[whom], self.slots[slot]
        answer, reason = self.called(lambda: self.act.add(user, by_id(conversation.conversation_id), [other]))
        view, theirs = self.view(slot, user), self.view(slot, other)
        if not (conversation.kind == CHAT_ROOM and user == other):
            expected = self.management(view)
            assert reason == expected
            if expected:
                return
        assert reason == ""
        if theirs is not None and theirs.role:
            assert answer == 0
            return
        assert answer == 1
        conversation.join(other, MEMBER, user_blocks=self.options[other] == BLOCKED)
        self.joined[slot] = [name for name in self.joined[slot] if name != other] + [other]
        members = [name for name in self.joined[slot] if conversation.views[name].role]
        if members == [other]:
            conversation.views[other].role = OWNER

    @rule(slot=st.integers(2, 4), who=USERS, whom=USERS)
    def remove(self, slot: int, who: int, whom: int) -> None:
        user, other, conversation = self.users[who], self.users[whom], self.slots[slot]
        answer, reason = self.called(lambda: self.act.remove(user, by_id(conversation.conversation_id), [other]))
        view, theirs = self.view(slot, user), self.view(slot, other)
        if user == other:
            expected = "CONVERSATION_NOT_FOUND" if view is None else ""
        else:
            expected = self.management(view)
            if not expected and theirs and theirs.role == OWNER and view.role != OWNER:
                expected = "ROLE_TOO_LOW"
        assert reason == expected
        if expected:
            return
        present = theirs is not None and theirs.role > 0
        assert answer == present
        if present:
            conversation.leave(other, self.joined[slot])

    def management(self, view: View | None) -> str:
        if view is None:
            return "CONVERSATION_NOT_FOUND"
        if not view.role:
            return "NOT_A_MEMBER"
        return "" if view.role in (OWNER, ADMIN) else "ROLE_TOO_LOW"

    @rule(slot=st.integers(2, 4), who=USERS, whom=USERS, role=st.sampled_from([OWNER, ADMIN, MEMBER]))
    def change_role(self, slot: int, who: int, whom: int, role: int) -> None:
        user, other, conversation = self.users[who], self.users[whom], self.slots[slot]
        request = conversation_service_pb2.UpdateMemberRequest(
            user_id=user, conversation=by_id(conversation.conversation_id), member_id=other, role=role
        )
        _, reason = self.called(lambda: self.act.conversations.UpdateMember(request))
        view, theirs = self.view(slot, user), self.view(slot, other)
        expected = self.management(view)
        if not expected and (role == OWNER or (theirs and theirs.role == OWNER)) and view.role != OWNER:
            expected = "ROLE_TOO_LOW"
        if not expected and (theirs is None or not theirs.role):
            expected = "MEMBER_NOT_FOUND"
        owners = [name for name, each in conversation.views.items() if each.role == OWNER]
        if not expected and role != OWNER and owners == [other]:
            expected = "LAST_OWNER"
        assert reason == expected
        if not expected:
            theirs.role = role


@pytest.fixture
def profile() -> settings:
    examples, steps = PROFILES[os.environ.get("BACKSCROLL_TEST_PROFILE", "")]
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def test_calls_when_in_any_order_then_everybody_sees_what_the_model_says(
    act: Acting, profile: settings, server: RunningServer
) -> None:
    machine = type("Machine", (AnyOrder,), {"act": act})
    run_state_machine_as_test(machine, settings=profile)
    assert server.process.poll() is None
