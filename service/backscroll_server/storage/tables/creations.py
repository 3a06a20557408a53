"""The calls that created groups and chat rooms, by which retries are recognised."""

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.tables.models import Creation


def insert_creation(session: Session, *, conversation: int, digest: bytes) -> None:
    """Store the hash of the call that created a conversation, by internal number. Cost: one row written."""
    session.change(Creation.insert(conversation=conversation, digest=bytearray(digest)))


def creation_digest(session: Runner, conversation: int) -> bytes | None:
    """Return the hash of the call that created a conversation; None where none was stored. Cost: one key seek."""
    rows = session.query(Creation.select(Creation.digest).where(Creation.conversation == conversation))
    return bytes(rows[0][0]) if rows else None
