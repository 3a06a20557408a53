"""Pairs of users who chat: their history in a database, and requests that read it and add to it."""

from collections.abc import Callable, Iterator
from itertools import product

from backscroll_server.services.messages.send import Send
from benchmarks.dataset import pair, text_message
from benchmarks.requests import dealt, filled, page_request, send_template

_PEOPLE = [(f"ann-{number}", f"bob-{number}") for number in range(200)]
_MESSAGES = 200
_PAGE = 50

Requests = Callable[[int], Iterator[bytes]]
"""The encoded requests of the round of a number."""


def history() -> Iterator[Send]:
    """Yield the messages of each pair."""
    for users, number in product(_PEOPLE, range(_MESSAGES)):
        yield Send(pair(*users), users[number % 2], text_message(number))


def pages(rounds: int) -> Requests:
    """Return requests for full pages, anywhere in the histories, dealt out to some rounds."""
    requests = [
        page_request(user_id, pair(*users).conversation_id, sequence)
        for users in _PEOPLE
        for user_id in users
        for sequence in range(_PAGE + 1, _MESSAGES + 1)
    ]
    return dealt(requests, rounds)


def sends() -> Requests:
    """Return requests for sends, to the pairs in turn."""
    return filled(
        [send_template(users[0], pair(*users).conversation_id, number) for number, users in enumerate(_PEOPLE)]
    )
