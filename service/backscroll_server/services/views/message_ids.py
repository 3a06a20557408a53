"""The ids of messages, by conversation and sequence."""

from backscroll_server.domain import ids
from backscroll_server.domain.records import ConversationRow
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.conversation_numbers import number_at


def message_id_at(session: Runner, conversation: ConversationRow, sequence: int) -> str:
    """Return the id that the message at a sequence was given, whether or not it is still stored.

    Cost: no read, except for messages from before the conversation got its present public number: then one index seek.
    """
    if sequence > conversation.public_from:
        return ids.message_id(conversation.public_number, sequence)
    return ids.message_id(number_at(session, conversation=conversation.id, sequence=sequence), sequence)
