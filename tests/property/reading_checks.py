"""Looks at everything that a user sees, and holds it to the model."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from backscroll.v1 import conversation_pb2, conversation_service_pb2, member_pb2, message_pb2, user_pb2
from tests.property.chat_model import Conversation
from tests.property.chat_records import BLOCKED, CHAT_ROOM, GROUP, MUTED, NORMAL, View
from tests.property.scene import Scene, microseconds
from tests.support.api_client import DOWN, UP, ApiClient, by_id


@dataclass
class History:
    """What a walk through a history shows.

    Attributes:
        messages: by sequence.
        states: what stands beside them, by sequence.
    """

    messages: dict[int, message_pb2.Message] = field(default_factory=dict)
    states: dict[int, message_pb2.MessageState] = field(default_factory=dict)

    def blocked(self, sequence: int) -> bool:
        """Whether a message was stored while the user blocked."""
        return sequence in self.states and self.states[sequence].blocked


@dataclass
class ObservedState:
    """What a user was shown by reading.

    Attributes:
        order: the ids of the conversations in the list.
        entries: the conversations, in the list or not, by id.
        histories: their histories with tombstones, by id of the conversation.
        members: the members of groups and chat rooms that the user is a member of, by id of the conversation.
        totals: the sums.
    """

    order: list[str] = field(default_factory=list)
    entries: dict[str, conversation_pb2.Conversation] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    members: dict[str, list[member_pb2.Member]] = field(default_factory=dict)
    totals: user_pb2.UnreadTotals = field(default_factory=user_pb2.UnreadTotals)


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
                self.slots[slot].conversation_id.encode(),
            )
        )
        shown = self.api.listed(user, page_size=1 + self.looks % 5)
        seen.order = [entry.conversation_id for entry in shown]
        assert seen.order == [self.slots[slot].conversation_id for slot in listed]
        hidden = [by_id(self.slots[slot].conversation_id) for slot in mine if slot not in listed]
        for entry in [*shown, *(self.api.look(user, where) for where in hidden)]:
            seen.entries[entry.conversation_id] = entry
            self.check_entry(user, entry)
        for slot in mine:
            conversation = self.slots[slot]
            where, view = conversation.conversation_id, conversation.views[user]
            seen.histories[where] = self.check_history(user, conversation)
            check_counts(seen.entries[where], user, seen.histories[where])
            if conversation.kind in (GROUP, CHAT_ROOM) and view.role:
                seen.members[where] = self.check_members(user, conversation)
        seen.totals = self.check_summary(user, [self.slots[slot] for slot in listed])
        return seen

    def check_entry(self, user: str, entry: conversation_pb2.Conversation) -> None:
        conversation = next(c for c in self.slots if c.conversation_id == entry.conversation_id)
        view, last = conversation.views[user], conversation.last_message(user)
        mentions = conversation.mentions(user)
        properties = entry.properties
        assert {
            "last": entry.last_message.sequence,
            "unread": entry.unread_count,
            "marked": entry.marked_unread,
            "mentions": [(mention.sequence, mention.kind) for mention in entry.unread_mentions],
            "mention count": entry.unread_mention_count,
            "read": entry.read_sequence,
            "head": entry.last_sequence,
            "role": entry.role,
            "left": entry.left,
            "unlisted": entry.unlisted,
            "activity": microseconds(entry.activity_time),
            "pin": microseconds(entry.settings.pin_time),
            "draft": entry.settings.draft,
            "draft time": microseconds(entry.settings.draft_time),
            "option": entry.settings.receive_option,
            "muted until": microseconds(entry.settings.mute_end_time),
            "members": entry.member_count,
            "name": properties.name,
            "burns after": microseconds(properties.burn.duration) if properties.burn.enabled else 0,
        } == {
            "last": last.sequence if last else 0,
            "unread": len(conversation.unread_messages(user)),
            "marked": view.marked_unread,
            "mentions": mentions[:20],
            "mention count": len(mentions),
            "read": view.read,
            "head": conversation.reached(view),
            "role": view.role,
            "left": view.role == 0,
            "unlisted": not conversation.listed(user),
            "activity": conversation.activity(user),
            "pin": view.pin_time,
            "draft": view.draft,
            "draft time": view.draft_time,
            "option": view.option,
            "muted until": view.muted_until,
            "members": len(conversation.members()) if view.role else 0,
            "name": conversation.name_for(user),
            "burns after": conversation.burn,
        }, (user, entry.conversation_id)

    def check_history(self, user: str, conversation: Conversation) -> History:
        """A walk through a history with tombstones: either way, in pages of several sizes; half of the times without.

        What stands beside the messages, and what was recalled by whom, is what the model says.
        """
        up, size = self.looks % 2 == 0, (3, 50, 7)[self.looks % 3]
        messages, states = walk_with_states(self.api, user, conversation.conversation_id, up=up, size=size)
        if up:
            messages.reverse()
            states.reverse()
        stored = conversation.history(user, tombstones=True)
        assert [message.sequence for message in messages] == [message.sequence for message in stored]
        for message, known in zip(messages, stored, strict=True):
            # The ids of imported messages are known from here.
            known.message_id = known.message_id or message.message_id
            assert message.message_id == known.message_id
            assert message.HasField("tombstone") == known.recalled
            assert message.HasField("content") != known.recalled
            assert message.tombstone.deleted_by == known.recalled_by
            assert microseconds(message.tombstone.delete_time) == known.recalled_time
        assert_states(conversation, conversation.views[user], messages, states)
        if self.looks % 4 < 2:
            found = self.api.walk(user, by_id(conversation.conversation_id), DOWN if up else UP, size)
            live = [message for message in messages if not message.HasField("tombstone")]
            assert found == (live if up else live[::-1])
        return History({message.sequence: message for message in messages}, {state.sequence: state for state in states})

    def check_members(self, user: str, conversation: Conversation) -> list[member_pb2.Member]:
        """The members, in the order in which they were first added."""
        request = conversation_service_pb2.ListMembersRequest(
            user_id=user, conversation=by_id(conversation.conversation_id)
        )
        members = list(self.api.conversations.ListMembers(request).members)
        expected = sorted((conversation.views[name].order, name) for name in conversation.members())
        assert [(member.user_id, member.role, member.read_sequence) for member in members] == [
            (name, conversation.views[name].role, conversation.views[name].read) for _, name in expected
        ]
        return members

    def check_summary(self, user: str, listed: list[Conversation]) -> user_pb2.UnreadTotals:
        """The totals."""
        totals = self.api.summary(user).totals
        counted = [conversation for conversation in listed if conversation.kind != CHAT_ROOM]
        unread = {c.conversation_id: len(c.unread_messages(user)) for c in counted}
        options = {
            c.conversation_id: BLOCKED if c.views[user].blocked_by else c.views[user].option_at(self.clock())
            for c in counted
        }
        loud = [unread[place] for place, option in options.items() if option == NORMAL]
        muted = [unread[place] for place, option in options.items() if option == MUTED]
        assert (
            totals.unread_count,
            totals.muted_unread_count,
            totals.unread_conversation_count,
            totals.unread_mention_count,
        ) == (sum(loud), sum(muted), sum(count > 0 for count in loud), sum(len(c.mentions(user)) for c in counted))
        return totals


def walk_with_states(
    api: ApiClient, user: str, conversation_id: str, *, up: bool, size: int
) -> tuple[list[message_pb2.Message], list[message_pb2.MessageState]]:
    """A whole walk with tombstones, and what stands beside the messages."""
    where = by_id(conversation_id)
    page = api.page(user, where, direction=UP if up else DOWN, page_size=size, include_tombstones=True)
    messages, states = [*page.messages], [*page.states]
    while page.next_page_token:
        page = api.page(user, where, page_size=size, include_tombstones=True, page_token=page.next_page_token)
        messages += page.messages
        states += page.states
    return messages, states


def assert_states(
    conversation: Conversation,
    view: View,
    messages: Iterable[message_pb2.Message],
    states: Iterable[message_pb2.MessageState],
) -> None:
    """What stands beside messages is there for those that have it, in their order."""
    stored = {message.sequence: conversation.messages[message.sequence - 1] for message in messages}
    shown = [(state.sequence, state.blocked, microseconds(state.burn_time)) for state in states]
    expected = [
        (sequence, view.blocks(sequence), message.due)
        for sequence, message in stored.items()
        if view.blocks(sequence) or message.due
    ]
    assert shown == expected, (conversation.conversation_id, shown, expected)


def check_counts(entry: conversation_pb2.Conversation, user: str, history: History) -> None:
    """Anyone who has the history and the conversation counts what is unread as the server does."""
    start = entry.unread_from_sequence - 1 if entry.unread_from_sequence else entry.read_sequence
    shown = [message for sequence, message in sorted(history.messages.items()) if not history.blocked(sequence)]
    unread = [
        message
        for message in shown
        if message.sequence > max(start, entry.unread_floor_sequence)
        and message.sender_id != user
        and not (message.silent or message.imported or message.HasField("tombstone"))
    ]
    assert len(unread) == entry.unread_count, entry.conversation_id
    mentions = [m for m in unread if m.sequence > entry.mention_floor_sequence and mentions_user(m, user)]
    assert len(mentions) == entry.unread_mention_count, entry.conversation_id
    live = [message for message in shown if not message.HasField("tombstone")]
    assert entry.last_message == (live[-1] if live else message_pb2.Message())


def mentions_user(message: message_pb2.Message, user: str) -> bool:
    """Whether a message mentions a user."""
    mentions = message.mentions
    return mentions.kind in (2, 3) or (mentions.kind == 1 and user in mentions.user_ids)
