"""Readers that stop reading: where the server says that they may go on, they may go on."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.watch.recorded_streams import History, Truth
from tests.reliability.watch.recorders import Watcher, begin, connect, read_log, read_rest
from tests.reliability.watch.validators import bookmarkable, ordered, reliable, resumable, unique
from tests.support.api_client import ApiClient, single
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

LARGE = "x" * 50_000
MESSAGES = 400


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that keeps few changes for a reader that does not take them."""
    server = start_server(f"sqlite://{tmp_path / 'slow.db'}", "--watch-queue", "32", "--watch-heartbeat-seconds", "0.3")
    yield server
    server.stop()


@pytest.mark.parametrize("trusting", [False, True])
def test_reader_when_it_pauses_for_too_long_then_it_loses_nothing(impatient: RunningServer, trusting: bool) -> None:
    with connect(impatient.target) as channel:
        api = ApiClient(channel)
        start = begin(api.events, "ann")
        watcher = Watcher(impatient.target, "ann", start, random.Random(3), pauses=0.1, trusting=trusting)
        try:
            for number in range(MESSAGES):
                api.send("bob", single("ann"), LARGE, client_message_id=str(number))
            watcher.quicken()
            end = begin(api.events, "ann")
            until = time.monotonic() + PATIENCE_SECONDS
            while watcher.processed != end and time.monotonic() < until:
                time.sleep(0.05)
        finally:
            watcher.stop()
        streams = watcher.chain.streams
        ended = [stream for stream in streams if stream.end == "SLOW_READER"]
        assert ended
        truth = Truth(read_log(api.events, "ann", start))
        truth.rests = {stream.offered: read_rest(api.events, "ann", stream.offered) for stream in ended}
    truth.visible = {"s:ann:bob": list(range(1, MESSAGES + 1))}
    history = History([watcher.chain], {"ann": truth})
    # Who goes on from the token of the error may be sent again what it was sent last.
    for promise in (reliable,) if trusting else (ordered, unique, reliable, resumable, bookmarkable):
        assert promise(history) == []
