"""Fills the database of a checkout through its own server, so that it has the schema of that checkout."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.services.messages.send import Send
from benchmarks.checkouts import Checkout
from benchmarks.load import connected
from benchmarks.plan import Plan
from benchmarks.processes import ServerFailedError, backscroll
from benchmarks.requests import BATCH_SEND_MESSAGES

_SENDS_AT_ONCE = 500


async def fill(database: Path, plan: Plan, tree: Checkout, sends: Iterable[Send]) -> None:
    """Send messages through the server of a checkout, which makes the database.

    Raises:
        ServerFailedError: where the server refuses a message.
    """
    waiting = iter(sends)
    with backscroll(database, plan.cores, tree=tree.folder) as server:
        async with connected(server) as client:
            while chunk := list(islice(waiting, _SENDS_AT_ONCE)):
                encoded = await client.answer(BATCH_SEND_MESSAGES, _request(chunk))
                results = message_service_pb2.BatchSendMessagesResponse.FromString(encoded).results
                if refused := [result.error for result in results if result.HasField("error")]:
                    raise ServerFailedError(f"{tree.name} refused a message: {refused[0]}")


def _request(sends: Iterable[Send]) -> bytes:
    request = message_service_pb2.BatchSendMessagesRequest(user_id="filler", as_service=True)
    for send in sends:
        request.items.add(
            conversation={"conversation_id": send.key.conversation_id},
            sender_id=send.sender_id,
            message=message_pb2.OutgoingMessage.FromString(send.message.static),
        )
    return request.SerializeToString()
