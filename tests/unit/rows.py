"""Rows as the storage returns them, and sessions without a database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import Query

from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import ConversationRow, UserConversation, ViewRow
from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention
from backscroll_server.storage.engine.statement import ListStatement, Statement

CONVERSATION = ConversationRow(
    id=7,
    conversation_id="g:club",
    type=2,
    name="",
    attributes="",
    history_visibility=1,
    burn_enabled=False,
    burn_duration=0,
    create_time=1,
    member_count=2,
    members_ever=2,
    last_sequence=20,
    last_time=2000,
    countable=20,
    last_live_sequence=20,
    last_live_time=2000,
    last_relist_sequence=20,
    last_mention_sequence=0,
    last_recalled_sequence=0,
    floor=0,
    floor_time=0,
    purged_sequence=0,
    unread_floor=0,
    unread_floor_countable=0,
    removed_sequence=0,
    generation=1,
    oldest_time=0,
    erased_sequence=0,
    next_burn_due=0,
)
"""A group of two with twenty messages, of which nothing was removed."""

VIEW = ViewRow(
    user=3,
    conversation=7,
    role=3,
    join_time=1,
    join_position=0,
    member_order=2,
    window_from=0,
    window_to=FOREVER,
    older_windows=False,
    read_sequence=0,
    unread_floor=0,
    floor=0,
    floor_time=0,
    unread_from=0,
    marked_unread=False,
    mention_floor=0,
    base_sequence=0,
    base_countable=0,
    base_own=0,
    own_countable=0,
    last_hidden=0,
    blocked=0,
    ever_blocked=False,
    listing_after=0,
    frozen_activity=0,
    frozen_import_time=0,
    frozen_relist=0,
    opened_generation=0,
    opened_time=0,
    stay_hidden=False,
    removed_sequence=0,
    draft="",
    draft_time=0,
    pin_time=0,
    receive_option=1,
    muted_until=0,
    marks="",
    attributes="",
)
"""The side of a member from the start who read, cleared and hid nothing."""


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
