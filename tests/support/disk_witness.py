"""A client that sends while a disk fails, and remembers how each send ended."""

import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import grpc
from grpc_health.v1 import health_pb2

from tests.support.api_client import ApiClient, failure_of, health_stub, metadata_of, single
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
WRITING = ["", "backscroll.v1.ConversationService", "backscroll.v1.MessageService", "backscroll.v1.UserService"]
READING = "backscroll.v1.EventService"

MARKER = b"on a page that breaks "
"""The text, repeated, of the messages from `eve` to `dan`."""
MARKED = 60
"""The number of these messages."""


class Witness:
    """A client that remembers how each send ended.

    Attributes:
        outcomes: how often each send ended how: `OK`, or the status, the reason and whether it may be stored.
    """

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self._channel = grpc.insecure_channel(server.target)
        self.api = ApiClient(self._channel)
        self.outcomes: Counter[str] = Counter()
        self.acknowledged: set[str] = set()
        self.refused: set[str] = set()
        self._numbers = itertools.count()
        self._counting = Lock()

    def reconnect(self, server: RunningServer) -> None:
        """Goes on with another server on the same database."""
        self.close()
        self.server = server
        self._channel = grpc.insecure_channel(server.target)
        self.api = ApiClient(self._channel)

    def close(self) -> None:
        """Ends the connection."""
        self._channel.close()

    def send(self, size: int = 8_000) -> str:
        """Sends a message once, of a text that no database makes much smaller; answers how that ended."""
        number = next(self._numbers)
        message_id, text = f"m{number}", random.Random(number).randbytes(size // 2).hex()
        try:
            self.api.send("ann", single("bob"), text, client_message_id=message_id)
        except grpc.RpcError as error:
            outcome = answer_of(error)
            if outcome.endswith("applied=no"):
                self.refused.add(message_id)
        else:
            outcome = "OK"
            self.acknowledged.add(message_id)
        with self._counting:
            self.outcomes[outcome] += 1
        return outcome

    def send_many(self, count: int) -> None:
        """Sends messages, eight at a time."""
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: self.send(), range(count)))

    def read(self) -> str:
        """Reads the newest messages; answers how that ended."""
        return outcome_of(lambda: self.api.page("bob", single("ann"), page_size=5))

    def health(self, service: str = "") -> int:
        """Return the health of a service, as the server reports it."""
        request = health_pb2.HealthCheckRequest(service=service)
        return int(health_stub(self._channel).Check(request, timeout=PATIENCE_SECONDS).status)

    def await_health(self, expected: int) -> float:
        """Waits until every service that writes has this health; answers for how many seconds."""
        started = time.monotonic()
        while {self.health(service) for service in WRITING} != {expected}:
            assert time.monotonic() < started + PATIENCE_SECONDS, self.server.log_text()
            time.sleep(0.05)
        return time.monotonic() - started

    def log(self) -> list[str]:
        """The lines of the log that are not those of calls."""
        return [line for line in self.server.log_text().splitlines() if " call=" not in line]

    def assert_kept(self) -> None:
        """Reads back every message that was acknowledged, once each, and none that is said not to be stored."""
        found = [message.client_message_id for message in self.api.walk("bob", single("ann"))]
        assert len(set(found)) == len(found)
        assert self.acknowledged - set(found) == set()
        assert self.refused & set(found) == set()


def answer_of(error: grpc.RpcError) -> str:
    """Return the reason of a failed call, with its metadata `applied`."""
    failure = failure_of(error)
    return f"{failure.code.name} {failure.reason} applied={metadata_of(error).get('applied')}"


def outcome_of(call: Callable[[], object]) -> str:
    """Makes a call; answers `OK`, or what it says."""
    try:
        call()
    except grpc.RpcError as error:
        return answer_of(error)
    return "OK"


def report(*cells: str) -> None:
    """Prints a line of the table."""
    sys.stdout.write(f"\n{' | '.join(cells)}\n")


def show(case: str, *, outcomes: object, reads: object, health: int, log: list[str], recovered: object) -> None:
    """Prints what came of a case."""
    name = health_pb2.HealthCheckResponse.ServingStatus.Name(health)
    back = f"{recovered:.1f} s" if isinstance(recovered, float) else recovered
    size = sum(map(len, log))
    report(case, f"sends {outcomes}", f"reads {reads}", name, f"log {len(log)} lines, {size} bytes", f"back by {back}")


def send_around_marked(witness: Witness) -> None:
    """Sends so much before and after the marked messages that these lie on pages of their own."""
    witness.send_many(40)
    for sender, text in (("pad", "pad"), ("eve", MARKER.decode()), ("end", "end")):
        witness.api.send_many(sender, single("dan"), [text * 30] * MARKED)
