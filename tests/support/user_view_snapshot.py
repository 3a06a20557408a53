"""What a user can see of the store, whole: so that a test can show that a refused call changed nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from tests.support.api_client import ApiClient, Reference
from tests.support.contract_calls import call


def view_of_user(api: ApiClient, user: str, *at: Reference) -> dict[str, object]:
    """The user's list, totals and settings, and each of these conversations with its history and its members."""
    seen: dict[str, object] = {
        "list": [
            _bytes(shown) for part in call(api, "StreamConversations", user_id=user) for shown in part.conversations
        ],
        "totals": _bytes(api.summary(user).totals),
        "settings": _bytes(call(api, "GetUserSettings", user_id=user).settings),
    }
    for reference in at:
        name = str(reference)
        try:
            seen[f"conversation {name}"] = _bytes(api.look(user, reference))
            seen[f"history {name}"] = [_bytes(shown) for shown in api.walk(user, reference, include_tombstones=True)]
            seen[f"members {name}"] = [
                _bytes(member) for member in call(api, "ListMembers", user_id=user, conversation=reference).members
            ]
        except grpc.RpcError as error:
            seen[f"failure {name}"] = error.code()
    return seen


@contextmanager
def assert_unchanged(api: ApiClient, user: str, *at: Reference) -> Iterator[None]:
    """Shows that what is done inside changes nothing that the user can see."""
    before = view_of_user(api, user, *at)
    yield
    assert view_of_user(api, user, *at) == before


def _bytes(message: Any) -> bytes:
    return message.SerializeToString(deterministic=True)
