"""Ways to make calls race, and to keep some going while a test looks on."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Answer = TypeVar("Answer")


def at_once(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Makes calls that all begin together; answers their answers in the same order."""
    gate = threading.Barrier(len(calls))

    def begin(call: Callable[[], Answer]) -> Answer:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(begin, calls))


@contextmanager
def repeating(*steps: Callable[[], object]) -> Iterator[None]:
    """Repeats each step in a thread of its own, until the block ends or the step raises `StopIteration`."""
    stop = threading.Event()

    def repeat(step: Callable[[], object]) -> None:
        while not stop.is_set():
            try:
                step()
            except StopIteration:
                return

    with ThreadPoolExecutor(len(steps)) as threads:
        running = [threads.submit(repeat, step) for step in steps]
        try:
            yield
        finally:
            stop.set()
    for one in running:
        one.result()
