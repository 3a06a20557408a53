"""Bad arguments: each is refused with the status, the reason and the path of the field, and changes nothing."""

from typing import Any, NamedTuple

import grpc
import pytest

from backscroll.v1 import conversation_pb2
from tests.support.api_client import (
    ApiClient,
    Failure,
    Reference,
    by_id,
    failing,
    group,
    single,
    system,
)
from tests.support.argument_faults import FAULTS, UNKNOWN, Fault
from tests.support.contract_calls import METHODS, call, has_field, valid_fields
from tests.support.fixtures import Ids
from tests.support.user_view_snapshot import assert_unchanged

INVALID = grpc.StatusCode.INVALID_ARGUMENT


def of_type(number: Any) -> Reference:
    """A reference with any number for its type."""
    return Reference(type=number, target_id="somebody")


class Pair(NamedTuple):
    """Alice and Bob with one message, and a group of both."""

    api: ApiClient
    alice: str
    bob: str
    source: str
    message_id: str

    def refused(self, method: str, **fields: Any) -> Failure:
        """A call by Alice that must fail; it is about Bob's conversation where it names none and changes nothing."""
        valid = valid_fields(method, single(self.bob), message_id=self.message_id, other=self.bob)
        with assert_unchanged(self.api, self.alice, single(self.bob), group(self.source)):
            return failing(call, self.api, method, **({"user_id": self.alice} | valid | fields))


@pytest.fixture
def pair(api: ApiClient, ids: Ids) -> Pair:
    alice, bob = ids.users(2)
    source = ids.group()
    api.create_group(alice, source, [bob])
    return Pair(api, alice, bob, source, api.send(alice, single(bob)).message_id)


@pytest.mark.parametrize("method", METHODS)
def test_user_id_when_missing_too_long_or_with_controls_is_refused_by_every_call(api: ApiClient, method: str) -> None:
    valid = valid_fields(method, single("somebody"))
    wrong = {"": "REQUIRED", "u" * 257: "TOO_LONG", "é" * 128 + "u": "TOO_LONG", "user\n": "MALFORMED"}
    for user_id, reason in wrong.items():
        failure = failing(call, api, method, user_id=user_id, **valid)
        assert failure == Failure(INVALID, reason, "user_id")


@pytest.mark.parametrize("method", [name for name in METHODS if has_field(name, "conversation")])
def test_conversation_when_missing_or_malformed_is_refused_by_every_call(api: ApiClient, ids: Ids, method: str) -> None:
    valid = valid_fields(method, single("somebody"))
    wrong = {
        "conversation": (Reference(), "REQUIRED"),
        "conversation.target_id": (group(""), "REQUIRED"),
        "conversation.conversation_id": (by_id("x:unknown"), "MALFORMED"),
        "conversation.type": (of_type(UNKNOWN), "UNKNOWN_ENUM_VALUE"),
    }
    for field, (reference, reason) in wrong.items():
        fields = valid | {"user_id": ids.user(), "conversation": reference}
        assert failing(call, api, method, **fields) == Failure(INVALID, reason, field)


REFERENCES = {
    "an id and a target": (Reference(conversation_id="g:a", target_id="a"), "CONFLICTING_FIELDS", "conversation"),
    "an id and a type": (
        Reference(conversation_id="g:a", type=conversation_pb2.CONVERSATION_TYPE_GROUP),
        "CONFLICTING_FIELDS",
        "conversation",
    ),
    "an id and a recipient": (
        Reference(conversation_id="y:s:u", recipient_id="u"),
        "CONFLICTING_FIELDS",
        "conversation",
    ),
    "a recipient of a pair": (
        Reference(target_id="a", recipient_id="b"),
        "CONFLICTING_FIELDS",
        "conversation.recipient_id",
    ),
    "a recipient of a group": (
        Reference(type=conversation_pb2.CONVERSATION_TYPE_GROUP, target_id="a", recipient_id="b"),
        "CONFLICTING_FIELDS",
        "conversation.recipient_id",
    ),
    "a recipient with controls": (system("s", "u\x00"), "MALFORMED", "conversation.recipient_id"),
    "a negative type": (of_type(-1), "UNKNOWN_ENUM_VALUE", "conversation.type"),
    **{
        f"a target with {ord(control):#x}": (single(f"a{control}b"), "MALFORMED", "conversation.target_id")
        for control in "\x00\t\n\r\x1b\x1f\x7f\x80\x85\x9f"
    },
}


@pytest.mark.parametrize("fault", REFERENCES)
def test_reference_when_its_fields_do_not_fit_is_refused(pair: Pair, fault: str) -> None:
    reference, reason, field = REFERENCES[fault]
    for method in ("GetConversation", "GetOrCreateConversation", "SendMessage", "DeleteConversation"):
        assert pair.refused(method, conversation=reference) == Failure(INVALID, reason, field)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_field_when_wrong_is_refused_and_nothing_changes(pair: Pair, fault: Fault) -> None:
    assert pair.refused(fault.method, **fault.fields) == Failure(INVALID, fault.reason, fault.field)
