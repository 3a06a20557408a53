"""Looks at everything that a user sees, and holds it to the model."""

from backscroll.v1 import conversation_pb2, conversation_service_pb2, message_pb2
from tests.property.chat_model import Conversation
from tests.property.chat_records import CHAT_ROOM, MUTED, NORMAL
from tests.property.scene import Scene, microseconds
from tests.support.api_client import DOWN, UP, by_id


class ObservedState:
    """What a user was shown by reading.

    Attributes:
        entries: the conversations, in the list or not, by id.
        messages: their histories, by id of the conversation and sequence.
        totals: the sums.
    """

    def __init__(self) -> None:
        self.entries: dict[str, conversation_pb2.Conversation] = {}
        self.messages: dict[str, dict[int, message_pb2.Message]] = {}
        self.totals = conversation_service_pb2.UnreadTotals()


class ReadingChecks(Scene):
    """What a machine compares after every step. `looks` counts these times, to look in another way each time."""

    def set_up(self) -> None:
        super().set_up()
        self.looks = 0

    def look(self, user: str) -> ObservedState:
        """Reads all that a user may; it is what the model says."""
        seen = ObservedState()
        mine = [slot for slot in self.created_order if user in self.slots[slot].views]
        listed = [slot for slot in mine if self.slots[slot].listed(user)]
        listed.sort(
            key=lambda slot: (
                -self.slots[slot].views[user].pin_time,
                -self.slots[slot].activity(user),
                self.created_order.index(slot),
            )
        )
        shown = self.api.listed(user, page_size=1 + self.looks % 5)
        assert [entry.conversation_id for entry in shown] == [self.slots[slot].conversation_id for slot in listed]
        hidden = [by_id(self.slots[slot].conversation_id) for slot in mine if slot not in listed]
        for entry in [*shown, *(self.api.look(user, where) for where in hidden)]:
            seen.entries[entry.conversation_id] = entry
            self.check_entry(user, entry)
        for slot in mine:
            seen.messages[self.slots[slot].conversation_id] = self.check_history(user, self.slots[slot])
        seen.totals = self.check_summary(user, [self.slots[slot] for slot in listed])
        return seen

    def check_entry(self, user: str, entry: conversation_pb2.Conversation) -> None:
        conversation = next(c for c in self.slots if c.conversation_id == entry.conversation_id)
        view, last = conversation.views[user], conversation.last_message(user)
        mentions = conversation.mentions(user)
        assert {
            "last": entry.last_message.message_id,
            "unread": entry.unread_count,
            "marked": entry.marked_unread,
            "mentions": [(mention.sequence, mention.kind) for mention in entry.unread_mentions],
            "read": entry.read_sequence,
            "head": entry.last_sequence,
            "role": entry.role,
            "left": entry.left,
            "unlisted": entry.unlisted,
            "activity": microseconds(entry.activity_time),
            "pin": microseconds(entry.settings.pin_time),
            "draft": entry.settings.draft,
            "option": entry.settings.receive_option,
            "muted until": microseconds(entry.settings.muted_until),
            "members": entry.member_count,
            "name": entry.name,
            "burns": entry.burn.enabled,
        } == {
            "last": last.message_id if last else "",
            "unread": len(conversation.unread_messages(user)),
            "marked": view.marked_unread,
            "mentions": mentions[:20],
            "read": view.read,
            "head": conversation.reached(view),
            "role": view.role,
            "left": view.role == 0,
            "unlisted": not conversation.listed(user),
            "activity": conversation.activity(user),
            "pin": view.pin_time,
            "draft": view.draft,
            "option": view.option,
            "muted until": view.muted_until,
            "members": sum(each.role > 0 for each in conversation.views.values()),
            "name": conversation.name,
            "burns": conversation.burn > 0,
        }, (user, entry.conversation_id)

    def check_history(self, user: str, conversation: Conversation) -> dict[int, message_pb2.Message]:
        """A walk through a history: either way, in pages of several sizes, with tombstones half of the times."""
        up, tombstones, size = self.looks % 2 == 0, self.looks % 4 < 2, (3, 50, 7)[self.looks % 3]
        found = self.api.walk(
            user,
            by_id(conversation.conversation_id),
            UP if up else DOWN,
            size=size,
            include_tombstones=tombstones,
        )
        expected = [message.message_id for message in conversation.history(user, tombstones=tombstones)]
        assert [message.message_id for message in (reversed(found) if up else found)] == expected
        assert all(message.HasField("tombstone") != message.HasField("content") for message in found)
        return {message.sequence: message for message in found if not message.HasField("tombstone")}

    def check_summary(self, user: str, listed: list[Conversation]) -> conversation_service_pb2.UnreadTotals:
        """The totals."""
        totals = self.api.summary(user).totals
        counted = [conversation for conversation in listed if conversation.kind != CHAT_ROOM]
        unread = {c.conversation_id: len(c.unread_messages(user)) for c in counted}
        options = {c.conversation_id: c.views[user].option_at(self.clock()) for c in counted}
        loud = [unread[place] for place, option in options.items() if option == NORMAL]
        muted = [unread[place] for place, option in options.items() if option == MUTED]
        assert (
            totals.unread_count,
            totals.muted_unread_count,
            totals.unread_conversation_count,
            totals.mention_count,
        ) == (sum(loud), sum(muted), sum(count > 0 for count in loud), sum(len(c.mentions(user)) for c in counted))
        return totals
