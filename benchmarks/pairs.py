"""Pairs of users who chat: their history in a database, and requests that read it and add to it."""

from collections.abc import Iterator
from itertools import product

from benchmarks.contract import Contract
from benchmarks.dataset import Said, pair
from benchmarks.requests import Requests, dealt, filled, page_request, send_template

_PEOPLE = [(f"ann-{number}", f"bob-{number}") for number in range(200)]
_MESSAGES = 200
_PAGE = 50


def history() -> Iterator[Said]:
    """Yield the messages of each pair."""
    for users, number in product(_PEOPLE, range(_MESSAGES)):
        yield Said(pair(*users), users[number % 2], number)


def pages(contract: Contract, rounds: int) -> Requests:
    """Return requests for full pages, anywhere in the histories, dealt out to some rounds."""
    requests = [
        page_request(contract, user_id, pair(*users).conversation_id, sequence)
        for users in _PEOPLE
        for user_id in users
        for sequence in range(_PAGE + 1, _MESSAGES + 1)
    ]
    return dealt(requests, rounds)


def sends(contract: Contract) -> Requests:
    """Return requests for sends, to the pairs in turn."""
    return filled(
        [
            send_template(contract, users[0], pair(*users).conversation_id, number)
            for number, users in enumerate(_PEOPLE)
        ]
    )
