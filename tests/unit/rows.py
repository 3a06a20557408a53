"""Rows of a group and of one of its members, and sessions that need no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import Query

from backscroll_server.domain.enums import MemberRole
from backscroll_server.domain.records import ConversationRow, UserConversation, ViewRow
from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention
from backscroll_server.services.conversations.create import new_view
from backscroll_server.storage.engine.statement import ListStatement, Statement
from backscroll_server.storage.tables.conversations import NEW_CONVERSATION

CONVERSATION = NEW_CONVERSATION._replace(
    id=7,
    conversation_id="g:club",
    type=2,
    create_time=1,
    member_count=2,
    members_ever=2,
    last_sequence=20,
    last_time=2000,
    countable=20,
    last_live_sequence=20,
    last_live_time=2000,
    last_relist_sequence=20,
    public_number=2**62,
)
"""A group of two with twenty messages, of which none was removed."""

VIEW = new_view(3, 7, role=MemberRole.MEMBER, order=2, now=1)
"""The group as a member sees it who was there from the start and has read, cleared and hidden nothing."""


def user_conversation(view: ViewRow = VIEW, conversation: ConversationRow = CONVERSATION) -> UserConversation:
    """A listed conversation."""
    return UserConversation(view, conversation, listed=True, activity=conversation.last_time)


@dataclass
class NoReads:
    """A session for functions that need no read here: every statement fails.

    Attributes:
        now: the time, in microseconds.
        retention: the time for which messages are kept.
    """

    now: int = 5000
    retention: Retention = KEPT_FOR_EVER

    def all(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        raise AssertionError(f"no read is needed: {statement}, {values}")

    def one(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        raise AssertionError(f"no read is needed: {statement}, {values}")

    def listed(self, statement: ListStatement, keys: Sequence[Any], **values: object) -> list[tuple[Any, ...]]:
        raise AssertionError(f"no read is needed: {statement}, {keys}, {values}")

    def query(self, query: Query) -> list[tuple[Any, ...]]:
        raise AssertionError(f"no read is needed: {query}")


@dataclass
class Reads(NoReads):
    """A session whose statements return given rows, one answer after the other.

    Attributes:
        answers: the rows of each statement to come.
        asked: the values of the statements that were run.
        statements: these statements.
    """

    answers: list[list[tuple[Any, ...]]] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)
    statements: list[Statement | ListStatement] = field(default_factory=list)

    def all(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        self.statements.append(statement)
        self.asked.append(values)
        return self.answers.pop(0)

    def listed(self, statement: ListStatement, keys: Sequence[Any], **values: object) -> list[tuple[Any, ...]]:
        self.statements.append(statement)
        self.asked.append({**values, "keys": list(keys)})
        return self.answers.pop(0)

    def one(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        return next(iter(self.all(statement, **values)), None)
