"""Ways to make calls race, and to keep some going while a test looks on."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import grpc

from tests.support.api_client import ApiClient, failure_of, single
from tests.support.patience import PATIENCE_SECONDS

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


@dataclass
class PersistentSends:
    """Messages of one sender to one reader, each sent again until it is acknowledged, as callers are asked to.

    Attributes:
        acknowledged: text and sequence of each, in order.
        refusals: the reasons of the attempts that failed.
    """

    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)

    def run(self, api: ApiClient, sender: str, reader: str, stop: threading.Event) -> None:
        """Send until asked to stop."""
        for number in itertools.count():
            text = f"{sender} {number}"
            while True:
                try:
                    stored = api.send(sender, single(reader), text, client_message_id=text)
                except grpc.RpcError as error:
                    self.refusals.add(failure_of(error).reason)
                    time.sleep(0.02)
                    continue
                self.acknowledged.append((text, stored.sequence))
                break
            if stop.is_set():
                return


@contextmanager
def sending_persistently(senders: Mapping[str, ApiClient], reader: str) -> Iterator[dict[str, PersistentSends]]:
    """Send to a reader from several users at once, each through its client, until the block ends."""
    stop = threading.Event()
    sends = {sender: PersistentSends() for sender in senders}
    threads = [
        threading.Thread(target=sends[sender].run, args=(api, sender, reader, stop)) for sender, api in senders.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield sends
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
