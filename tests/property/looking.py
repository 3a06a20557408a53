"""Looks at everything that a user sees, and holds it to the model."""

from google.protobuf.timestamp_pb2 import Timestamp

from acting import DOWN, UP, Acting, by_id
from backscroll.v1 import conversation_pb2
from property.chat_model import CHAT_ROOM, MUTED, NORMAL, Conversation


def microseconds(timestamp: Timestamp) -> int:
    """A time of an answer, as the model keeps it."""
    return timestamp.seconds * 1_000_000 + timestamp.nanos // 1000


class Looking:
    """What a machine compares after every step.

    Attributes:
        act: calls the server.
        slots: the conversations of the example.
        created_order: those that exist, the first created first.
    """

    act: Acting
    slots: list[Conversation]
    created_order: list[int]

    def check_user(self, user: str) -> None:
        mine = [slot for slot in self.created_order if user in self.slots[slot].views]
        listed = [slot for slot in mine if self.slots[slot].listed(user)]
        listed.sort(
            key=lambda slot: (
                -self.slots[slot].views[user].pin_time,
                -self.slots[slot].activity(user),
                self.created_order.index(slot),
            )
        )
        expected = [self.slots[slot].conversation_id for slot in listed]
        shown = self.act.listed(user, page_size=2)
        assert [entry.conversation_id for entry in shown] == expected
        for entry in shown:
            self.check_entry(user, entry)
        hidden = [slot for slot in mine if slot not in listed]
        for slot in hidden:
            self.check_entry(user, self.act.look(user, by_id(self.slots[slot].conversation_id)))
        for slot in mine:
            self.check_history(user, self.slots[slot])
        self.check_summary(user, [self.slots[slot] for slot in listed])

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
            "members": entry.member_count,
        } == {
            "last": last.message_id if last else "",
            "unread": len(conversation.unread_messages(user)),
            "marked": view.marked_unread,
            "mentions": mentions[:20],
            "read": view.read,
            "head": conversation.end_for(view),
            "role": view.role,
            "left": view.role == 0,
            "unlisted": not conversation.listed(user),
            "activity": conversation.activity(user),
            "pin": view.pin_time,
            "draft": view.draft,
            "option": view.option,
            "members": sum(each.role > 0 for each in conversation.views.values()),
        }, (user, entry.conversation_id)

    def check_history(self, user: str, conversation: Conversation) -> None:
        expected = [message.message_id for message in conversation.history(user)]
        where = by_id(conversation.conversation_id)
        down = self.act.walk(user, where, DOWN, size=3)
        assert [message.message_id for message in down] == expected
        up = self.act.walk(user, where, UP, size=50, include_tombstones=True)
        everything = [message.message_id for message in conversation.history(user, tombstones=True)]
        assert [message.message_id for message in up] == everything[::-1]
        assert all(message.HasField("tombstone") != message.HasField("content") for message in up), (
            conversation.conversation_id
        )

    def check_summary(self, user: str, listed: list[Conversation]) -> None:
        totals = self.act.summary(user).totals
        counted = [conversation for conversation in listed if conversation.kind != CHAT_ROOM]
        unread = {c.conversation_id: len(c.unread_messages(user)) for c in counted}
        loud = [unread[c.conversation_id] for c in counted if c.views[user].option == NORMAL]
        muted = [unread[c.conversation_id] for c in counted if c.views[user].option == MUTED]
        assert (
            totals.unread_count, totals.muted_unread_count, totals.unread_conversation_count, totals.mention_count,
        ) == (
            sum(loud), sum(muted), sum(count > 0 for count in loud), sum(len(c.mentions(user)) for c in counted),
        )  # fmt: skip
