"""The validators find what they are for: faults injected into a recorded history that has none."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.reliability.watch.recorded_streams import Chain, DeliveredEvent, History, Response, Stream
from tests.reliability.watch.runs import Plan, Run
from tests.reliability.watch.validators import (
    Validator,
    atomic,
    bookmarkable,
    nothing_of_others,
    ordered,
    reliable,
    unique,
    violations,
)

Place = tuple[Stream, int]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> History:
    """What a short run gave."""
    database = f"sqlite://{tmp_path_factory.mktemp('recorded') / 'watched.db'}"
    running = Run(Plan(seed=5, seconds=2, kills=1, disconnects=15, events=3_000), database)
    try:
        return running.go().history
    finally:
        running.close()


def copied(history: History) -> History:
    """The same history with streams that can be changed."""
    return History(
        [
            Chain(chain.user, [replace(stream, responses=[*stream.responses]) for stream in chain.streams])
            for chain in history.chains
        ],
        history.truths,
    )


def devices(history: History) -> Iterator[Chain]:
    """The devices of those who are in something."""
    return (chain for chain in history.chains if history.truths[chain.user].log())


def places(chain: Chain, fits: Callable[[Response], bool]) -> list[Place]:
    """Where in a device's streams responses of some form are, in streams that went on behind them."""
    return [
        (stream, number)
        for stream in chain.streams
        for number, response in enumerate(stream.responses[:-1])
        if number and response.token != stream.responses[number - 1].token and fits(response)
    ]


def kinds_of_events(response: Response) -> list[DeliveredEvent]:
    """What of a response has a place in the feed."""
    return [one for one in response.events if not one.derived]


def lasting(history: History, user: str, response: Response) -> list[DeliveredEvent]:
    """What of a response is also in the log."""
    log = set(history.truths[user].log())
    return [one for one in kinds_of_events(response) if one[:4] in log]


def repeat_an_event(history: History, dice: random.Random) -> None:
    chain = dice.choice(list(devices(history)))
    stream, number = dice.choice(places(chain, lambda response: bool(kinds_of_events(response))))
    again = dice.choice(kinds_of_events(stream.responses[number]))
    later = stream.responses[number + 1]
    stream.responses[number + 1] = later._replace(events=(again, *later.events))


def drop_an_event(history: History, dice: random.Random) -> None:
    chain = dice.choice(list(devices(history)))
    stream, number = dice.choice(places(chain, lambda response: bool(lasting(history, chain.user, response))))
    response = stream.responses[number]
    lost = dice.choice(lasting(history, chain.user, response))
    stream.responses[number] = response._replace(events=tuple(one for one in response.events if one is not lost))


def swap_two_events(history: History, dice: random.Random) -> None:
    chain = dice.choice(list(devices(history)))
    stream, number = dice.choice(places(chain, lambda response: len(lasting(history, chain.user, response)) > 1))
    response = stream.responses[number]
    first, second = dice.sample(lasting(history, chain.user, response), 2)
    exchanged = {id(first): second, id(second): first}
    stream.responses[number] = response._replace(events=tuple(exchanged.get(id(one), one) for one in response.events))


def split_a_call(history: History, dice: random.Random) -> None:
    chain = dice.choice(list(devices(history)))

    def of_one_call(response: Response) -> bool:
        event_keys = kinds_of_events(response)
        # What happens by time alone has no device.
        return len(event_keys) > 1 and "" != event_keys[0].device == event_keys[1].device

    stream, number = dice.choice(places(chain, of_one_call))
    events, token, _ = stream.responses[number]
    middle = events.index(kinds_of_events(stream.responses[number])[0]) + 1
    stream.responses[number : number + 1] = [Response(events[:middle], f"{token}?"), Response(events[middle:], token)]


def send_a_bookmark_early(history: History, dice: random.Random) -> None:
    chain = dice.choice(list(devices(history)))
    truth = history.truths[chain.user]

    def is_known(response: Response) -> bool:
        return response.token in truth.rests and bool(lasting(history, chain.user, response))

    stream, number = dice.choice(places(chain, is_known))
    stream.responses.insert(number, Response((), stream.responses[number].token))


def leak_a_message(history: History, dice: random.Random) -> None:
    chain = dice.choice([one for one in devices(history) if history.truths[one.user].outside])
    outside = history.truths[chain.user].outside
    conversation, (first, last) = dice.choice([(where, span) for where, spans in outside.items() for span in spans])
    leaked = DeliveredEvent("message_received", conversation, (dice.randint(max(first, 1), last),), "leak")
    stream, number = dice.choice(places(chain, lambda response: bool(response.events)))
    response = stream.responses[number]
    stream.responses[number] = response._replace(events=(leaked, *response.events))


def test_validators_when_nothing_is_wrong_then_they_find_nothing(recorded: History) -> None:
    assert violations(recorded) == {}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("inject", "validator"),
    [
        (repeat_an_event, unique),
        (drop_an_event, reliable),
        (swap_two_events, ordered),
        (split_a_call, atomic),
        (send_a_bookmark_early, bookmarkable),
        (leak_a_message, nothing_of_others),
    ],
)
def test_validator_when_its_promise_is_broken_then_it_says_so(
    recorded: History, inject: Callable[[History, random.Random], None], validator: Validator, seed: int
) -> None:
    history = copied(recorded)
    inject(history, random.Random(seed))
    assert validator(history) != []
