"""Failures of the rules: reason, field path and text."""

import pytest

from backscroll_server.domain import errors
from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.domain.errors import DomainError, InvalidArgumentError, NotFoundError, Reason

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DomainError) and kind is not DomainError
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_failure_when_moved_below_a_field_then_of_the_same_kind_with_the_longer_path(kind: type[DomainError]) -> None:
    error = kind(Reason.MALFORMED, "not a message id", field="message_id")
    moved = error.at("items[3]")
    assert type(moved) is kind
    assert (moved.reason, moved.message, moved.field) == (Reason.MALFORMED, "not a message id", "items[3].message_id")
    assert str(moved) == "not a message id"
    assert error.field == "message_id"


def test_failure_when_it_has_no_field_then_the_prefix_is_the_path() -> None:
    assert NotFoundError(Reason.CONVERSATION_NOT_FOUND, "no such conversation").field == ""
    assert NotFoundError(Reason.CONVERSATION_NOT_FOUND, "no such conversation").at("items[0]").field == "items[0]"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_failure_when_moved_then_its_metadata_and_the_path_in_it_move_along(kind: type[DomainError]) -> None:
    error = kind(Reason.CONFLICTING_FIELDS, "conflicts", field="settings.mute_end_time", limit=3, conflicts_with="a.b")
    moved = error.at("items[3]")
    assert moved.metadata == {"limit": "3", "conflicts_with": "items[3].a.b"}
    assert error.metadata == {"limit": "3", "conflicts_with": "a.b"}
    elsewhere = error.with_field("elsewhere")
    assert (type(elsewhere), elsewhere.field, elsewhere.metadata) == (kind, "elsewhere", error.metadata)


def test_metadata_is_each_failures_own() -> None:
    one, other = (InvalidArgumentError(Reason.TOO_LONG, "too long") for _ in range(2))
    one.metadata["limit"] = "256"
    assert (other.metadata, one.metadata) == ({}, {"limit": "256"})


def test_reasons_are_their_own_names() -> None:
    assert [reason.value for reason in Reason] == [reason.name for reason in Reason]
    assert [refusal.value for refusal in Refusal] == [refusal.name for refusal in Refusal]


def test_refusal_when_printed_then_begins_with_its_reason() -> None:
    error = RefusedError(Refusal.SOURCE_CHANGED, "the source was written to")
    assert str(error) == "SOURCE_CHANGED: the source was written to"
    assert error.reason is Refusal.SOURCE_CHANGED
