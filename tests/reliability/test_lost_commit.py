"""A connection that is lost while a transaction is made durable: nobody knows whether it is."""

import asyncio

import pytest

from backscroll.v1 import message_service_pb2
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.domain.ids import conversation_key
from backscroll_server.services.messages.send import OutgoingMessage, Send, Sent, send_all
from backscroll_server.services.store import Store
from tests.support.fixtures import NewDatabase, on_postgres

pytestmark = pytest.mark.skipif(not on_postgres(), reason="a file is not at the other end of a connection")


@pytest.mark.parametrize("stored", [False, True])
def test_write_when_its_commit_is_lost_is_never_a_success_and_never_tried_again(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch, *, stored: bool
) -> None:
    import psycopg

    from backscroll_server.storage.engine.postgres import PostgresConnection

    commit = PostgresConnection.commit_write
    lost = 0

    def lose_one(connection: PostgresConnection) -> None:
        nonlocal lost
        if lost:
            return commit(connection)
        lost += 1
        if stored:
            commit(connection)
        connection.connection().pgconn.finish()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    async def test() -> None:
        store = Store.open(new_database())
        await store.start()
        pair = conversation_key(ConversationType.SINGLE, "ann", "bob")

        async def send(client_message_id: str) -> int:
            sending = Send(pair, "ann", OutgoingMessage(b"", 1, client_message_id=client_message_id))
            (sent,) = (await store.write_grouped(send_all, [sending])).value
            assert isinstance(sent, Sent)
            return int(message_service_pb2.SendMessageResponse.FromString(sent.framed).message.sequence)

        try:
            assert await send("1") == 1
            monkeypatch.setattr(PostgresConnection, "commit_write", lose_one)
            both = await asyncio.gather(send("2"), send("3"), return_exceptions=True)
            for error in both:
                assert isinstance(error, UnavailableError)
                assert error.reason is Reason.DATABASE_UNAVAILABLE
            # A user who tries again gets what is stored, or stores it now: once in both cases.
            assert sorted([await send("2"), await send("3")]) == [2, 3]
            assert await send("4") == 4
        finally:
            await store.close()

    asyncio.run(test())
    assert lost == 1
