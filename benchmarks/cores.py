"""Assignment of processor cores: the client must not take time from the server that it measures."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Cores(NamedTuple):
    """The cores of the two sides; both empty where the system cannot bind a process or has one core only."""

    client: frozenset[int]
    server: frozenset[int]


def split_cores() -> Cores:
    """Return one core for the client and another one for the server, yardsticks included."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores(frozenset(), frozenset())
    available = sorted(os.sched_getaffinity(0))
    if len(available) == 1:
        return Cores(frozenset(), frozenset())
    return Cores(frozenset(available[:1]), frozenset(available[-1:]))


def bind(cores: frozenset[int]) -> None:
    """Bind this thread, and what it starts from now on, to some cores; do nothing for none."""
    if cores:
        os.sched_setaffinity(0, cores)


@contextmanager
def bound(cores: frozenset[int]) -> Iterator[None]:
    """Bind for as long as the context lasts, so that a process started in it is bound before its first thread."""
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
