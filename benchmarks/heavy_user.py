"""The client of one user with very many conversations, a process of its own so that it delays no other client.

`python -m benchmarks.heavy_user CHECKOUT ADDRESS SECONDS CONVERSATIONS` calls the server of a checkout. It reads the
whole list, the totals and pages of unread conversations in turns for some seconds, once at least. Then it marks
everything read, once, and lists the changes of that. It prints how long each call took, as JSON.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

# Read when grpc is loaded.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import click
import grpc

from benchmarks.contract import Contract
from benchmarks.requests import (
    GET_UNREAD_SUMMARY,
    LIST_CONVERSATIONS,
    LIST_EVENTS,
    MARK_ALL_CONVERSATIONS_READ,
    STREAM_CONVERSATIONS,
)

USER = "heavy"
READS = ("StreamConversations", "GetUnreadSummary", "unread_only, a page", "ListEvents, a page")
WRITES = ("MarkAllConversationsRead",)
CALLS = (STREAM_CONVERSATIONS, GET_UNREAD_SUMMARY, LIST_CONVERSATIONS, MARK_ALL_CONVERSATIONS_READ, LIST_EVENTS)

_UNREAD_PAGES = 5
_LONGEST_PAGE = 100
_LONGEST_CHANGES = 1000
_PATIENCE_SECONDS = 300

_Answer = TypeVar("_Answer")


class HeavyUser:
    """Calls as one user, one after the other.

    Args:
        channel: open to the server.
        contract: the calls of its checkout.
        conversations: how many the user has, each with one unread message.

    Attributes:
        seconds: how long each call took, by its kind.
        faults: answers that are not complete.
    """

    def __init__(self, channel: grpc.Channel, contract: Contract, conversations: int) -> None:
        self._channel = channel
        self._contract = contract
        self._conversations = conversations
        self._unread_token = ""
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.faults: list[str] = []

    def run(self, seconds: float) -> None:
        """Read for some seconds, once at least; then mark everything read and list the changes of that."""
        deadline = perf_counter() + seconds
        while True:
            token = self._stream()
            self._summary()
            self._list_unread()
            if perf_counter() >= deadline:
                break
        self._mark_all_read()
        self._list_changes(token)

    def _stream(self) -> str:
        """Read the whole list; return the position that it reflects."""
        request = self._contract.request(STREAM_CONVERSATIONS, user_id=USER)
        call: grpc.UnaryStreamMultiCallable[bytes, bytes] = self._channel.unary_stream(
            self._contract.path(STREAM_CONVERSATIONS), request_serializer=None, response_deserializer=None
        )
        parts = self._timed(READS[0], lambda: list(call(request, timeout=_PATIENCE_SECONDS)))
        answers = [self._contract.response(STREAM_CONVERSATIONS, part) for part in parts]
        ids = [conversation.conversation_id for answer in answers for conversation in answer.conversations]
        self._expect("different conversations in the stream", len(set(ids)))
        self._expect("conversations in the stream", len(ids))
        token: str = answers[-1].resume_token if answers else ""
        return token

    def _summary(self) -> None:
        summary = self._answer(READS[1], GET_UNREAD_SUMMARY)
        self._expect("unread conversations in the summary", summary.totals.unread_conversation_count)

    def _list_unread(self) -> None:
        """List a few pages of unread conversations from the beginning, each with their total."""
        found, token = 0, ""
        for _ in range(_UNREAD_PAGES):
            page = self._answer(
                READS[2],
                LIST_CONVERSATIONS,
                page_size=_LONGEST_PAGE,
                page_token=token,
                filter={"unread_only": True},
                include_total_size=True,
            )
            found, token = found + len(page.conversations), page.next_page_token
            self._expect("unread conversations in total", page.total_size)
            if not token:
                break
        requested = min(_UNREAD_PAGES * _LONGEST_PAGE, self._conversations)
        if found != requested:
            self.faults.append(f"{found:,} of {requested:,} conversations on pages of unread ones")

    def _mark_all_read(self) -> None:
        marked = self._answer(WRITES[0], MARK_ALL_CONVERSATIONS_READ)
        self._expect("conversations marked read", marked.changed_count)

    def _list_changes(self, token: str) -> None:
        """List everything that has changed since a position."""
        moved: set[str] = set()
        more = True
        while more:
            changes = self._answer(READS[3], LIST_EVENTS, resume_token=token, page_size=_LONGEST_CHANGES)
            token, more = changes.resume_token, changes.has_more
            moved.update(
                event.read_position_moved.conversation_id
                for event in changes.events
                if event.HasField("read_position_moved")
            )
        self._expect("read positions moved in the changes", len(moved))

    def _expect(self, counted: str, found: int) -> None:
        if found != self._conversations:
            self.faults.append(f"{found:,} of {self._conversations:,} {counted}")

    def _answer(self, kind: str, method: str, **fields: Any) -> Any:
        request = self._contract.request(method, user_id=USER, **fields)
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(
            self._contract.path(method), request_serializer=None, response_deserializer=None
        )
        return self._contract.response(method, self._timed(kind, lambda: call(request, timeout=_PATIENCE_SECONDS)))

    def _timed(self, kind: str, call: Callable[[], _Answer]) -> _Answer:
        started = perf_counter()
        answer = call()
        self.seconds[kind].append(perf_counter() - started)
        return answer


def main(contract: Contract, address: str, seconds: float, conversations: int) -> None:
    """Call a server and print the times; a call that fails ends the run and is a fault."""
    # Both clients may have one core, and the other one is timed.
    os.nice(10)
    options = (("grpc.max_receive_message_length", -1),)
    with grpc.insecure_channel(address, options=options) as channel:
        user = HeavyUser(channel, contract, conversations)
        try:
            user.run(seconds)
        except grpc.RpcError as error:
            user.faults.append(f"{error.code().name}: {error.details()}")
    click.echo(json.dumps({"seconds": user.seconds, "faults": user.faults}))


if __name__ == "__main__":
    main(Contract(Path(sys.argv[1])), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
