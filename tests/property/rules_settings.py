"""Rules: what a user sets for itself, and what all members share."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll.v1 import conversation_pb2, conversation_service_pb2, error_pb2, user_pb2, user_service_pb2
from backscroll_server.domain.clock import SECOND
from tests.property.chat_records import ADMIN, BLOCKED, MUTED, NORMAL, OWNER, SYSTEM, View
from tests.property.scene import PLACES, USERS, Place, Scene, microseconds, timestamp
from tests.support.api_client import by_id


class SettingsRules(Scene):
    """Opening, pins, drafts, receive options, mutes, and names."""

    @rule(place=PLACES)
    def open(self, place: Place) -> None:
        user, conversation, where, _ = self.at(place)
        answer, reason = self.called(self.api.open, user, where)
        if user in self.pairs.get(place[0], ()):
            self.make(place[0], self.time())
        view = conversation.views.get(user)
        if view is None:
            assert reason == "CONVERSATION_NOT_FOUND"
            return
        assert reason == ""
        if not conversation.listed(user):
            view.opened, view.stay_hidden = True, False
            view.opened_time = microseconds(answer.activity_time)

    @rule(place=PLACES, pinned=st.booleans())
    def pin(self, place: Place, pinned: bool) -> None:
        changed = self.change(place, pinned=pinned)
        if changed is not None:
            view, settings = changed
            self.pinned(view, microseconds(settings.pin_time), pinned=pinned)

    @rule(who=USERS, slots=st.lists(st.integers(0, 5), min_size=1, unique=True), pinned=st.booleans())
    def pin_several(self, who: int, slots: list[int], pinned: bool) -> None:
        user = self.users[who]
        request = conversation_service_pb2.BatchUpdateConversationSettingsRequest(
            user_id=user,
            conversations=[by_id(self.slots[slot].conversation_id) for slot in slots],
            settings=conversation_pb2.ConversationSettings(pinned=pinned),
            update_mask={"paths": ["pinned"]},
        )
        results = self.api.conversations.BatchUpdateConversationSettings(request).results
        for slot, result in zip(slots, results, strict=True):
            view = self.slots[slot].views.get(user)
            assert result.conversation_id == self.slots[slot].conversation_id
            assert result.HasField("update") == (view is not None)
            if view is None:
                assert result.error.reason == error_pb2.ERROR_REASON_CONVERSATION_NOT_FOUND
            else:
                assert result.update.changed == (bool(view.pin_time) != pinned)
                assert microseconds(result.update.draft_time) == view.draft_time
                self.pinned(view, microseconds(result.update.pin_time), pinned=pinned)

    def pinned(self, view: View, time: int, *, pinned: bool) -> None:
        """A conversation is pinned since a time, or is not; what was pinned before stays where it is."""
        assert bool(time) == pinned
        assert not view.pin_time or not time or view.pin_time == time
        view.pin_time = time

    @rule(place=PLACES, draft=st.sampled_from(["", "draft", "another"]))
    def draft(self, place: Place, draft: str) -> None:
        changed = self.change(place, draft=draft)
        if changed is not None:
            view, settings = changed
            time = microseconds(settings.draft_time)
            assert bool(time) == bool(draft)
            assert view.draft != draft or view.draft_time == time
            view.draft, view.draft_time = draft, time

    @rule(place=PLACES, option=st.sampled_from([NORMAL, BLOCKED, MUTED]))
    def receive_option(self, place: Place, option: int) -> None:
        if self.change(place, receive_option=option) is not None:
            self.opt(place, option, 0)

    @rule(place=PLACES, seconds=st.sampled_from([1, 30, 600, 3600]))
    def mute_for_a_while(self, place: Place, seconds: int) -> None:
        until = self.clock() + self.served.apart + seconds * SECOND
        if self.change(place, receive_option=MUTED, mute_end_time=timestamp(until)) is not None:
            self.opt(place, MUTED, until)

    def opt(self, place: Place, option: int, until: int) -> None:
        """What a user set for messages of a conversation is in force."""
        user, conversation, _, _ = self.at(place)
        view = conversation.views[user]
        view.option, view.muted_until = option, until
        conversation.block(user, "conversation", blocks=option == BLOCKED)

    def change(self, place: Place, **values: Any) -> Any:
        """Changes settings; answers the view to change and the settings now, or None where there is no view."""
        user, _, where, view = self.at(place)
        changed, reason = self.called(self.api.settings, user, where, **values)
        assert reason == ("CONVERSATION_NOT_FOUND" if view is None else "")
        return None if view is None else (view, changed.settings)

    @rule(who=USERS, option=st.sampled_from([NORMAL, NORMAL, BLOCKED, MUTED]))
    def user_option(self, who: int, option: conversation_pb2.ReceiveOption) -> None:
        user = self.users[who]
        self.api.users.UpdateUserSettings(
            user_service_pb2.UpdateUserSettingsRequest(
                user_id=user,
                update_mask={"paths": ["receive_option"]},
                settings=user_pb2.UserSettings(receive_option=option),
            )
        )
        self.options[user] = option
        for conversation in self.slots:
            if user in conversation.views:
                conversation.block(user, "user", blocks=option == BLOCKED)

    @rule(place=PLACES, name=st.sampled_from(["", "one", "two"]))
    def rename(self, place: Place, name: str) -> None:
        reason = self.update_shared(place, name=name)
        assert reason == self.shared_refusal(place)
        if not reason:
            self.slots[place[0]].name = name

    def update_shared(self, place: Place, **values: Any) -> str:
        """Changes what all members share: the fields given; answers why not."""
        user, _, where, _ = self.at(place)
        request = conversation_service_pb2.UpdateConversationRequest(
            user_id=user,
            conversation=where,
            properties=conversation_pb2.ConversationProperties(**values),
            update_mask={"paths": list(values)},
        )
        return self.called(self.api.conversations.UpdateConversation, request)[1]

    def shared_refusal(self, place: Place) -> str:
        """Why a user may not change what all members share, if that is so."""
        _, conversation, _, view = self.at(place)
        if view is None:
            return "CONVERSATION_NOT_FOUND"
        if conversation.kind == SYSTEM:
            return "SERVICE_ONLY"
        if place[0] in self.pairs or view.role in (OWNER, ADMIN):
            return ""
        return "ROLE_TOO_LOW" if view.role else "NOT_A_MEMBER"
