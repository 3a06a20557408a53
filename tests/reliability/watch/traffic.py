"""Seeded traffic of several writers that do everything."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from backscroll.v1 import (
    conversation_pb2,
    conversation_service_pb2,
    member_pb2,
    message_service_pb2,
    user_pb2,
    user_service_pb2,
)
from tests.reliability.watch.retrying_callers import GroupCommitWriter, Scene, id_of, stepping
from tests.support.api_client import EVERYONE, SELF, Reference, single, system, text_message

_OLD = 1_500_000_000


class Chatterer(GroupCommitWriter):
    """Does everything that users do, but for changing members."""

    def __init__(self, scene: Scene, number: int, dice: random.Random) -> None:
        super().__init__(scene, number, f"writer{number}", dice)
        self._weights: dict[Callable[[], None], float] = {
            self._say: 20,
            self._say_many: 10,
            self._read: 10,
            self._read_all: 3,
            self._mark: 4,
            self._hide: 5,
            self._recall: 5,
            self._clear: 1.5,
            self._delete: 3,
            self._delete_for_everyone: 0.5,
            self._delete_all: 0.4,
            self._settings: 4,
            self._settings_of_many: 2,
            self._user_settings: 1,
            self._import: 2,
            self._open: 2,
            self._rename: 1,
            self._burn: 1,
            self._mute_for_a_moment: 1,
            self._change_role: 1,
        }

    def step(self) -> None:
        """One call, or a few."""
        does = self.dice.choices(list(self._weights), list(self._weights.values()))[0]
        does()

    def _user(self) -> str:
        return self.dice.choice(self.scene.users)

    def _place(self) -> Reference:
        if self.dice.random() < 0.6:
            return self.dice.choice(self.scene.groups)
        if self.dice.random() < 0.1:
            return system("billing")
        return single(self.dice.choice(self.scene.users))

    def _known(self, place: Reference, user: str) -> list[str]:
        """Ids of some messages that were acknowledged in a conversation."""
        where = id_of(place, user)
        with self.scene.lock:
            known = list(self.scene.acknowledged[where].values())[-60:]
        return self.dice.sample(known, min(len(known), self.dice.choice((1, 2, 5, 15))))

    def _say(self) -> None:
        user = self._user()
        place = self._place()
        self.send(
            user,
            place,
            silent=self.dice.random() < 0.1,
            keep_unread=self.dice.random() < 0.3,
            as_service=place.target.type == conversation_pb2.CONVERSATION_TYPE_SYSTEM,
            mentions={"kind": self.dice.choice((2, 3))} if self.dice.random() < 0.2 else None,
        )

    def _say_many(self) -> None:
        user = self._user()
        # A call of 500 changes takes several responses, or ends a stream with a small queue.
        count = self.dice.choices((2, 5, 20, 60, 500), (10, 10, 10, 10, 0.5))[0]
        places = [self._place()] * count if self.dice.random() < 0.5 else [self._place() for _ in range(count)]
        mark = f"{self.name} {self.dice.getrandbits(40)}"
        items = [
            message_service_pb2.SendItem(
                conversation=place, message=text_message("y" * 50, client_message_id=f"{mark} {number}")
            )
            for number, place in enumerate(places)
        ]
        request = message_service_pb2.BatchSendMessagesRequest(user_id=user, items=items)
        answer = self.certainly(lambda: self.api.messages.BatchSendMessages(request))
        if answer is not None:
            self.stored(*(result.message for result in answer.results))

    def _read(self) -> None:
        user = self._user()
        place = self._place()
        target = {} if self.dice.random() < 0.5 else {"up_to_sequence": self.dice.randint(1, 500)}
        self.certainly(lambda: self.api.read(user, place, **target))

    def _read_all(self) -> None:
        request = conversation_service_pb2.MarkAllConversationsReadRequest(user_id=self._user())
        self.certainly(lambda: self.api.conversations.MarkAllConversationsRead(request))

    def _mark(self) -> None:
        user = self._user()
        place = self._place()
        if self.dice.random() < 0.5:
            self.certainly(lambda: self.api.mark_unread(user, place))
        else:
            self.certainly(lambda: self.api.mark_unread(user, place, from_sequence=self.dice.randint(1, 200)))
        bound = {} if self.dice.random() < 0.5 else {"up_to_sequence": self.dice.randint(0, 200)}
        self.certainly(lambda: self.api.reset_mentions(user, place, **bound))

    def _hide(self) -> None:
        user = self._user()
        place = self._place()
        if ids := self._known(place, user):
            self.certainly(lambda: self.api.delete_ids(user, place, ids, SELF))

    def _recall(self) -> None:
        user = self._user()
        place = self._place()
        if ids := self._known(place, user):
            self.certainly(lambda: self.api.recall(user, place, *ids, as_service=True))

    def _clear(self) -> None:
        user = self._user()
        place = self._place()
        if self.dice.random() < 0.5:
            self.certainly(lambda: self.api.clear(user, place, up_to_sequence=self.dice.randint(1, 300)))
        else:
            self.certainly(lambda: self.api.clear(user, place, before_time={"seconds": int(time.time())}))

    def _delete(self) -> None:
        user = self._user()
        place = self._place()
        choices: dict[str, Any] = {
            "delete_messages": self.dice.random() < 0.3,
            "stay_hidden": self.dice.random() < 0.2,
        }
        if self.dice.random() < 0.5:
            choices["up_to_sequence"] = self.dice.randint(0, 300)
        self.certainly(lambda: self.api.delete(user, place, SELF, **choices))

    def _delete_for_everyone(self) -> None:
        user = self._user()
        place = self._place()
        messages = self.dice.random() < 0.5
        self.certainly(lambda: self.api.delete(user, place, EVERYONE, delete_messages=messages, as_service=True))

    def _delete_all(self) -> None:
        bound = None if self.dice.random() < 0.5 else {"seconds": int(time.time())}
        request = conversation_service_pb2.DeleteAllConversationsRequest(
            user_id=self._user(), delete_messages=self.dice.random() < 0.3, up_to_time=bound
        )
        self.certainly(lambda: self.api.conversations.DeleteAllConversations(request))

    def _settings(self) -> None:
        user = self._user()
        place = self._place()
        values: dict[str, Any] = self.dice.choice(
            (
                {"pinned": self.dice.random() < 0.6},
                {"draft": self.dice.choice(("", "so far"))},
                {"marks": ["work"], "pinned": False},
                {"receive_option": self._option(user)},
            )
        )
        self.certainly(lambda: self.api.settings(user, place, **values))

    def _settings_of_many(self) -> None:
        user = self._user()
        request = conversation_service_pb2.BatchUpdateConversationSettingsRequest(
            user_id=user,
            conversations=[*self.scene.groups, *(single(other) for other in self.scene.users)],
            update_mask={"paths": ["draft"]},
            settings=conversation_pb2.ConversationSettings(draft=self.dice.choice(("", "one", "two"))),
        )
        self.certainly(lambda: self.api.conversations.BatchUpdateConversationSettings(request))

    def _burn(self) -> None:
        user = self._user()
        request = conversation_service_pb2.UpdateConversationRequest(
            user_id=user,
            conversation=single(self._user()),
            properties={"burn": {"enabled": self.dice.random() < 0.5, "duration": {"seconds": 1}}},
            update_mask={"paths": ["burn"]},
        )
        self.certainly(lambda: self.api.conversations.UpdateConversation(request))

    def _mute_for_a_moment(self) -> None:
        user = self._user()
        place = self._place()
        until = {"seconds": int(time.time()) + 2}
        muted = conversation_pb2.RECEIVE_OPTION_MUTED
        self.certainly(lambda: self.api.settings(user, place, receive_option=muted, mute_end_time=until))

    def _change_role(self) -> None:
        role = self.dice.choice((member_pb2.MEMBER_ROLE_ADMIN, member_pb2.MEMBER_ROLE_MEMBER))
        request = conversation_service_pb2.UpdateMemberRequest(
            user_id=self.scene.boss,
            conversation=self.dice.choice(self.scene.groups),
            member=member_pb2.Member(user_id=self.dice.choice(self.scene.users[1:]), role=role),
            update_mask={"paths": ["role"]},
        )
        self.certainly(lambda: self.api.conversations.UpdateMember(request))

    def _option(self, user: str) -> Any:
        options = [conversation_pb2.RECEIVE_OPTION_NORMAL, conversation_pb2.RECEIVE_OPTION_MUTED]
        if user in self.scene.grumpy:
            options.append(conversation_pb2.RECEIVE_OPTION_BLOCKED)
        return self.dice.choice(options)

    def _user_settings(self) -> None:
        user = self._user()
        request = user_service_pb2.UpdateUserSettingsRequest(
            user_id=user,
            update_mask={"paths": ["receive_option"]},
            settings=user_pb2.UserSettings(receive_option=self._option(user)),
        )
        self.certainly(lambda: self.api.users.UpdateUserSettings(request))

    def _import(self) -> None:
        user = self._user()
        place = self._place()
        prefix = f"{self.name} {self.dice.getrandbits(40)}"
        lines = [(user, (_OLD + number) * 1_000_000, "long ago") for number in range(self.dice.choice((1, 10)))]
        self.certainly(lambda: self.api.import_messages(user, place, lines, prefix))

    def _open(self) -> None:
        user = self._user()
        place = self._place()
        self.certainly(lambda: self.api.open(user, place))

    def _rename(self) -> None:
        request = conversation_service_pb2.UpdateConversationRequest(
            user_id=self.scene.boss,
            conversation=self.dice.choice(self.scene.groups),
            properties={"name": f"name {self.dice.getrandbits(20)}"},
            update_mask={"paths": ["name"]},
        )
        self.certainly(lambda: self.api.conversations.UpdateConversation(request))


class Doorkeeper(GroupCommitWriter):
    """Lets users into groups and out again, and notes between which of its own messages they were where.

    Several share the users among them.
    """

    def __init__(self, scene: Scene, number: int, keepers: int, dice: random.Random) -> None:
        super().__init__(scene, number, f"keeper{number}", dice)
        self._comers = {name: comers[number::keepers] for name, comers in scene.comers.items()}
        # By group and user: whether it is a member, and the message that surely came after it became so.
        self._since: dict[tuple[str, str], tuple[bool, int]] = {}

    def settle(self) -> None:
        """Closes the ranges; to be called when all is done."""
        for place in self.scene.groups:
            self._turn(place, self._comers[place.target.id], change=None)

    def step(self) -> None:
        """Lets some users of one group in, or out."""
        place = self.dice.choice([one for one in self.scene.groups if self._comers[one.target.id]])
        comers = self._comers[place.target.id]
        some = self.dice.sample(comers, self.dice.randint(1, len(comers)))
        joins = self.dice.random() < 0.5
        if joins:
            self._turn(place, some, change=lambda: self.api.add(self.scene.boss, place, some))
        else:
            self._turn(place, some, change=lambda: self.api.remove(self.scene.boss, place, some))
        after = self.send(self.scene.boss, place, silent=True).sequence
        for user in some:
            self._since[place.target.id, user] = (joins, after)
        time.sleep(self.dice.uniform(0.0, 0.2))

    def _turn(self, place: Reference, users: list[str], *, change: Callable[[], Any] | None) -> None:
        before = self.send(self.scene.boss, place, silent=True).sequence
        for user in users:
            member, after = self._since.get((place.target.id, user), (False, 0))
            ranges = self.scene.inside if member else self.scene.outside
            ranges[id_of(place, user), user].append((after, before))
        if change is not None and self.certainly(change) is None:
            raise AssertionError("the owner may change members")


@contextmanager
def writing(scene: Scene, seed: int, writers: int, keepers: int = 1) -> Iterator[list[BaseException]]:
    """Traffic while the block runs, which is given what went wrong so far; in the end all of it is acknowledged."""
    doors = [Doorkeeper(scene, number, keepers, random.Random(f"{seed} keeper{number}")) for number in range(keepers)]
    chatterers = [Chatterer(scene, number, random.Random(f"{seed} {number}")) for number in range(writers)]
    with stepping([*chatterers, *doors]) as failures:
        yield failures
