"""Calls of a light client in an open loop, to time beside what others do to the server."""

from collections.abc import Iterator
from itertools import cycle, repeat

from benchmarks.contract import Contract
from benchmarks.open_loop import Arrivals
from benchmarks.pairs import pages, sends
from benchmarks.requests import CHECK_HEALTH_PATH, LIST_MESSAGES, SEND_MESSAGE


def light_calls(contract: Contract, rounds: int, *, pages_per_second: float) -> dict[str, Arrivals]:
    """Return the calls by their name in the report: pages, 50 sends and 50 health checks a second.

    Raises:
        MissingError: where the checkout does not have one of them.
    """
    page_requests = pages(contract, rounds)

    def page_requests_again_and_again(number: int) -> Iterator[bytes]:
        # What others do may last longer than there are different pages for.
        return cycle(page_requests(number))

    return {
        "page": Arrivals(contract.path(LIST_MESSAGES), pages_per_second, page_requests_again_and_again),
        "send": Arrivals(contract.path(SEND_MESSAGE), 50, sends(contract)),
        "health": Arrivals(CHECK_HEALTH_PATH, 50, lambda _: repeat(b"")),
    }
