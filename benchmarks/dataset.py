"""Fills databases before a server serves them: through the services of the server, without its transport."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.domain import ids
from backscroll_server.domain.clock import SECOND, system_clock
from backscroll_server.domain.enums import ConversationType, MemberRole
from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.ids import ConversationKey, conversation_key
from backscroll_server.services.conversations.create import NewConversation, create_conversation
from backscroll_server.services.messages.send import OutgoingMessage, Send, send_all
from backscroll_server.services.store import Store
from backscroll_server.services.views.access import Caller
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.conversations import find_conversation, update_conversation
from backscroll_server.storage.tables.id_cache import IdCache
from backscroll_server.storage.tables.messages import NewMessage, insert_messages
from backscroll_server.storage.tables.models import ALL_TABLES
from benchmarks.processes import database_url

_SENDS_AT_ONCE = 1000
_ROWS_AT_ONCE = 1000
_DIFFERENT_TEXTS = 1000
_WORDS = (
    "anchor", "basket", "candle", "dolphin", "engine", "forest", "garden", "harbour", "island", "jacket", "kettle",
    "lantern", "meadow", "needle", "orchard", "pebble", "quarry", "river", "saddle", "timber", "umbrella", "valley",
)  # fmt: skip


class Said(NamedTuple):
    """A message of a data set.

    Attributes:
        key: the conversation.
        sender_id: who says it.
        number: what its text is made from.
    """

    key: ConversationKey
    sender_id: str
    number: int


def sentence(number: int) -> str:
    """Return a chat message's worth of text, about 60 bytes, hardly ever the same for two numbers."""
    return " ".join(_WORDS[number * step % len(_WORDS)] for step in (1, 3, 5, 7, 11, 13, 17)) + f" {number}"


def text_message(number: int) -> OutgoingMessage:
    """Return a message as the transport hands it to the services."""
    message = message_pb2.OutgoingMessage(content={"text": {"text": sentence(number)}})
    return OutgoingMessage(static=message.SerializeToString(), content_type=message_pb2.CONTENT_TYPE_TEXT)


def pair(user_id: str, target_id: str) -> ConversationKey:
    """Return the conversation of two users."""
    return conversation_key(ConversationType.SINGLE, user_id, target_id)


def group(source_id: str) -> ConversationKey:
    """Return a group."""
    return conversation_key(ConversationType.GROUP, "", source_id)


@asynccontextmanager
async def open_store(database: Path | str) -> AsyncIterator[Store]:
    """Return the store of a database file, which is made where it is not there, or of the database at a URL."""
    store = Store.open(database_url(database))
    await store.start()
    try:
        yield store
    finally:
        await store.close()


async def send(store: Store, said: Iterable[Said]) -> None:
    """Send messages, many in a transaction.

    Raises:
        DomainError: the first refusal.
    """
    waiting = iter(said)
    while chunk := list(islice(waiting, _SENDS_AT_ONCE)):
        sends = [Send(one.key, one.sender_id, text_message(one.number)) for one in chunk]
        committed = await store.write_grouped(send_all, sends)
        for result in committed.value:
            if isinstance(result, DomainError):
                raise result


async def create_group(store: Store, source_id: str, members: list[str]) -> None:
    """Create a group; the first member owns it."""
    new = NewConversation(group(source_id), members=[(user_id, MemberRole.MEMBER) for user_id in members[1:]])
    await store.write(create_conversation, Caller(members[0], as_service=True), new, users_may_create_groups=True)


def load_history(database: Path, key: ConversationKey, senders: list[str], count: int) -> None:
    """Give an empty conversation a long history, one message a second up to now, without changes in the feed.

    Writes rows as a send does, but nothing waits for the disk, because a run that breaks off is started again.
    """
    # A page of one message is how a message is stored. Filling in the same ones is the fastest way to encode millions.
    framed = [
        message_service_pb2.ListMessagesResponse(
            messages=[{"conversation_id": key.conversation_id, "content": {"text": {"text": sentence(number)}}}]
        )
        for number in range(_DIFFERENT_TEXTS)
    ]
    with closing(DatabaseAddress(database_url(database)).connect()) as connection:
        connection.execute_sql("PRAGMA synchronous = off")
        session = Session(connection)
        directory = IdCache()
        number = directory.conversation(session, key.conversation_id)
        if number is None:
            raise LookupError(f"{key.conversation_id} does not exist")
        public_number = find_conversation(session, number).public_number
        numbers = directory.users(session, senders)
        first_time = system_clock() // SECOND * SECOND - count * SECOND
        run = max(count // len(senders), 1)

        def row(sequence: int) -> NewMessage:
            # Each sender speaks for a long time, which keeps the index by sender growing at one end.
            turn, own = divmod(sequence - 1, run)
            sender_id = senders[turn % len(senders)]
            create_time = first_time + sequence * SECOND
            page = framed[sequence % _DIFFERENT_TEXTS]
            message = page.messages[0]
            message.message_id = ids.message_id(public_number, sequence)
            message.sequence = sequence
            message.sender_id = sender_id
            message.create_time.seconds = create_time // SECOND
            return NewMessage(
                conversation=number,
                sequence=sequence,
                sender=numbers[sender_id],
                create_time=create_time,
                counts=1,
                countable=sequence,
                own_countable=own + 1 + turn // len(senders) * run,
                content_type=message_pb2.CONTENT_TYPE_TEXT,
                body=bytearray(page.SerializeToString()),
            )

        for start in range(1, count + 1, _ROWS_AT_ONCE):
            session.begin_write()
            insert_messages(
                session, [row(sequence) for sequence in range(start, min(start + _ROWS_AT_ONCE, count + 1))]
            )
            session.commit()
        last_time = first_time + count * SECOND
        session.begin_write()
        update_conversation(
            session,
            find_conversation(session, number),
            last_sequence=count,
            last_time=last_time,
            countable=count,
            last_live_sequence=count,
            last_live_time=last_time,
            last_relist_sequence=count,
            oldest_time=first_time + SECOND,
        )
        session.commit()


@contextmanager
def tables_of(database: Path | str) -> Iterator[None]:
    """Bind the models to a database for as long as the context lasts."""
    with closing(DatabaseAddress(database_url(database)).connect()) as connection:
        # Peewee's own method, which the interface of connections does not name.
        bound: Any = connection
        with bound.bind_ctx(ALL_TABLES):
            yield


def row_counts(database: Path | str) -> dict[str, int]:
    """Return the number of rows of each table."""
    with tables_of(database):
        return {model.__name__: model.select().count() for model in ALL_TABLES}
