"""What watchers are held to, read from the server when all is quiet."""

import random
import time
from collections.abc import Mapping, Sequence

from backscroll.v1 import conversation_service_pb2, message_pb2, message_service_pb2
from tests.reliability.watch.recorded_streams import Chain, History, Truth
from tests.reliability.watch.recorders import Watcher, begin, read_log, read_rest
from tests.reliability.watch.retrying_callers import Scene, id_of
from tests.support.api_client import DOWN, ApiClient, Reference, by_id
from tests.support.patience import PATIENCE_SECONDS

_TOKENS = 3
_PAGE_SIZES = (7, 100, 1000)


def wait_for_all(api: ApiClient, watchers: Sequence[Watcher], *, after_seconds: float = 0) -> None:
    """Waits until every device has processed everything there is."""
    for watcher in watchers:
        watcher.quicken()
    until = time.monotonic() + PATIENCE_SECONDS
    time.sleep(after_seconds)
    for watcher in watchers:
        while watcher.processed != begin(api.events, watcher.user):
            if time.monotonic() > until:
                raise AssertionError(f"a watcher of {watcher.user} does not reach the end of the feed")
            time.sleep(0.05)


def read_history(
    api: ApiClient,
    scene: Scene,
    starts: Mapping[str, str],
    watchers: Sequence[Watcher],
    dice: random.Random,
    page_sizes: Sequence[int] = _PAGE_SIZES,
) -> History:
    """What the devices of users saw that began at tokens, and what they are held to; see `read_truth`."""
    history = History([watcher.chain for watcher in watchers])
    for user, token in starts.items():
        chains = [chain for chain in history.chains if chain.user == user]
        history.truths[user] = read_truth(api, scene, user, token, chains, dice, page_sizes)
    return history


def read_truth(
    api: ApiClient,
    scene: Scene,
    user: str,
    token: str,
    chains: list[Chain],
    dice: random.Random,
    page_sizes: Sequence[int] = _PAGE_SIZES,
) -> Truth:
    """What a user's devices are held to that began at a token; the log is read in pages of one of the sizes."""
    truth = Truth(pages=read_log(api.events, user, token, dice.choice(page_sizes)))
    for one in _some_tokens(chains, dice):
        truth.rests[one] = read_rest(api.events, user, one)
    expect = {one.conversation_id for chain in chains for group_ in chain.groups() for one in group_.events}
    for conversation_id in sorted(expect - {""}):
        reference = by_id(conversation_id)
        truth.conversations[conversation_id] = api.look(user, reference).SerializeToString(deterministic=True)
        _read_history(api, user, conversation_id, truth)
    truth.totals = api.summary(user).totals.SerializeToString(deterministic=True)
    truth.blocking = user in scene.grumpy
    for place in scene.groups:
        where = id_of(place, user)
        if where in truth.conversations and not api.look(user, place).left:
            request = conversation_service_pb2.ListMembersRequest(user_id=user, conversation=place)
            members = api.conversations.ListMembers(request).members
            truth.members[where] = {member.user_id: member.role for member in members}
        if user in scene.comers[place.target.id]:
            truth.outside[where] = scene.outside[where, user]
            truth.inside[where] = scene.inside[where, user]
        elif user in scene.users:
            truth.inside[where] = [(0, 1 << 60)]
    return truth


def _read_history(api: ApiClient, user: str, conversation_id: str, truth: Truth) -> None:
    """Notes what a user can see of a history."""
    request = message_service_pb2.StreamMessagesRequest(
        user_id=user, conversation=by_id(conversation_id), direction=DOWN, include_tombstones=True
    )
    parts = list(api.messages.StreamMessages(request))
    messages = [message for part in parts for message in part.messages]
    live = [message for message in messages if not message.HasField("tombstone")]
    truth.visible[conversation_id] = [message.sequence for message in live]
    truth.imported[conversation_id] = {message.sequence for message in live if message.imported}
    truth.blocked[conversation_id] = {state.sequence for part in parts for state in part.states if state.blocked}
    truth.tombstones[conversation_id] = {
        message.sequence: message.SerializeToString(deterministic=True)
        for message in messages
        if message.HasField("tombstone")
    }


def read_messages(api: ApiClient, user: str, of: Reference) -> list[message_pb2.Message]:
    """A whole history, oldest first."""
    request = message_service_pb2.StreamMessagesRequest(user_id=user, conversation=of, direction=DOWN)
    return [one for part in api.messages.StreamMessages(request) for one in part.messages]


def _some_tokens(chains: list[Chain], dice: random.Random) -> set[str]:
    """Tokens of heartbeats, of changes and of errors: a few of each for every device."""
    found: set[str] = set()
    for chain in chains:
        groups = list(chain.groups())
        for tokens in (
            [stream.offered for stream in chain.streams if stream.offered],
            [one.token for one in groups if not one.events],
            [one.token for one in groups if one.events],
        ):
            found.update(dice.sample(tokens, min(len(tokens), _TOKENS)))
    return found
