"""Equal answers and equal work for a conversation of others and for one that does not exist (semantics C4)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from backscroll_server.storage.engine.session import Session
from tests.rpc.test_authorization import Guarded, guarded_by_keys_and_tokens, in_this_process
from tests.support.all_statements import statements as all_statements
from tests.support.api_client import ApiClient, group, reason_of, text_message
from tests.support.contract_calls import METHODS, call, has_field, valid_fields
from tests.support.fixtures import NewDatabase

STRANGER, OWNER, THERE, NOT_THERE = "stranger", "owner", "there", "other"
TRIES = 5
DETAILS = "grpc-status-details-bin"
NAMES = {id(statement): name for name, statement in all_statements()}
CREATING = {"GetOrCreateConversation", "ImportMessages"}
"""Calls that make what there is not: who makes a group learns that its id is taken."""
ABOUT_ONE = [
    method
    for method in METHODS
    if any(has_field(method, field) for field in ("conversation", "conversations", "items")) and method not in CREATING
]


@pytest.fixture(scope="module")
def guarded(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A server in this process whose users bring tokens, with a group that the stranger is no member of."""
    folder: Path = tmp_path_factory.mktemp("strangers")
    with guarded_by_keys_and_tokens(folder, new_database(), in_this_process) as server:
        with server.as_user(OWNER).open() as channel:
            api = ApiClient(channel)
            api.create_group(OWNER, THERE)
            api.send(OWNER, group(THERE))
        with server.as_user(STRANGER).open() as channel:
            # So that the user exists.
            ApiClient(channel).send(STRANGER, group_of_one(channel))
        yield server


def group_of_one(channel: grpc.Channel) -> Any:
    """Return a group of the stranger alone."""
    ApiClient(channel).create_group(STRANGER, "mine")
    return group("mine")


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the statements that the server runs, as a list that grows while the test goes on."""
    run: list[str] = []
    # Plain queries are of steps in the background.
    for name in ("all", "run", "many", "insert"):
        original = getattr(Session, name)

        def recorded(self: Session, what: Any, *rest: Any, _original: Any = original, **values: Any) -> Any:
            run.append(NAMES.get(id(what), f"another by {_original.__name__}"))
            return _original(self, what, *rest, **values)

        monkeypatch.setattr(Session, name, recorded)
    return run


@pytest.mark.parametrize("method", ABOUT_ONE)
def test_conversation_when_there_is_none_or_it_is_of_others_is_answered_alike_by_the_same_statements(
    guarded: Guarded, statements: list[str], method: str
) -> None:
    """Keep semantics C4."""
    with guarded.as_user(STRANGER).open() as channel:
        (there, for_there), (not_there, for_not_there) = compared(
            statements, lambda place: answer_of(ApiClient(channel), method, place)
        )
    assert there == not_there
    assert for_there == for_not_there


def test_batch_when_all_of_it_goes_to_others_costs_one_statement_more_however_many_there_are(
    guarded: Guarded, statements: list[str]
) -> None:
    """Keep semantics C4."""
    with guarded.as_user(STRANGER).open() as channel:

        def send(place: str) -> None:
            items = [{"conversation": group(place), "message": text_message()}] * 5
            results = call(ApiClient(channel), "BatchSendMessages", user_id=STRANGER, items=items).results
            assert {reason_of(result.error) for result in results} == {"CONVERSATION_NOT_FOUND"}

        (_, for_there), (_, for_not_there) = compared(statements, send)
    assert for_there == for_not_there


def compared(statements: list[str], ask: Callable[[str], Any]) -> list[tuple[Any, list[str]]]:
    """Return the answer for a conversation of others and for none, each with the statements that it took, sorted.

    Steps in the background run statements too, now and then: where they differ it is looked at again, some times.
    """
    for _ in range(TRIES):
        seen = []
        # The first of each may find numbers that are kept from then on.
        for place in (THERE, NOT_THERE, THERE, NOT_THERE):
            statements.clear()
            seen.append((ask(place), sorted(statements)))
        if seen[2][1] == seen[3][1]:
            break
    return seen[2:]


def answer_of(api: ApiClient, method: str, place: str) -> tuple[Any, ...]:
    """Return how a call by the stranger ends, without the id of the request."""
    fields = valid_fields(method, group(place), other=OWNER)
    try:
        return "answer", str(call(api, method, user_id=STRANGER, **fields)).replace(NOT_THERE, THERE)
    except grpc.RpcError as error:
        raw: Any = error
        metadata = dict(raw.trailing_metadata())
        request_id = metadata.pop("x-request-id").encode()
        details = metadata.pop(DETAILS).replace(request_id, b"")
        return "error", raw.code(), raw.details(), details, sorted(metadata.items())
