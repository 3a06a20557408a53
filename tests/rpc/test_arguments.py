"""Bad arguments: each is refused with the status, the reason and the path of the field, and changes nothing."""

from typing import Any, NamedTuple

import grpc
import pytest
from google.protobuf.descriptor_pb2 import MethodOptions

from backscroll.v1 import conversation_pb2, error_pb2
from tests.support.api_client import (
    ApiClient,
    Failure,
    Reference,
    by_id,
    failing,
    group,
    single,
    system,
    text_message,
)
from tests.support.argument_faults import FAULTS, UNKNOWN, Fault
from tests.support.contract_calls import METHODS, call, has_field, valid_fields, without_tokens
from tests.support.fixtures import Ids
from tests.support.user_view_snapshot import assert_unchanged

INVALID = grpc.StatusCode.INVALID_ARGUMENT


def of_type(number: Any) -> Reference:
    """A reference with any number for its type."""
    return Reference(target={"type": number, "id": "somebody"})


def untyped(target: str) -> Reference:
    """A reference that leaves the type out."""
    return Reference(target={"id": target})


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


ABOUT_ONE = [name for name in METHODS if has_field(name, "conversation")]
"""The calls about one conversation."""


def only_reads(method: str) -> bool:
    """Whether a call says of itself that it changes nothing."""
    return METHODS[method].GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS


@pytest.mark.parametrize("method", ABOUT_ONE)
def test_conversation_when_missing_or_malformed_is_refused_by_every_call(api: ApiClient, ids: Ids, method: str) -> None:
    valid = valid_fields(method, single("somebody"))
    wrong = {
        "conversation": (Reference(), "REQUIRED"),
        "conversation.target.id": (group(""), "REQUIRED"),
        "conversation.conversation_id": (by_id("x:unknown"), "MALFORMED"),
        "conversation.target.type": (of_type(UNKNOWN), "UNKNOWN_ENUM_VALUE"),
    }
    for field, (reference, reason) in wrong.items():
        fields = valid | {"user_id": ids.user(), "conversation": reference}
        assert failing(call, api, method, **fields) == Failure(INVALID, reason, field)
    absent = {"user_id": ids.user()} | valid
    del absent["conversation"]
    assert failing(call, api, method, **absent) == Failure(INVALID, "REQUIRED", "conversation")


@pytest.mark.parametrize("method", [name for name in ABOUT_ONE if not only_reads(name)])
def test_target_when_its_type_is_missing_is_refused_by_every_call_that_changes_something(
    pair: Pair, method: str
) -> None:
    """A type forgotten in a deletion would reach the pair with a user who has the id of the group meant."""
    for target in (pair.bob, pair.source, "somebody new"):
        failure = pair.refused(method, conversation=untyped(target))
        assert failure == Failure(INVALID, "REQUIRED", "conversation.target.type")


@pytest.mark.parametrize("method", [name for name in ABOUT_ONE if only_reads(name)])
def test_target_when_its_type_is_missing_is_the_pair_in_every_read(pair: Pair, method: str) -> None:
    """Keep the documented default."""
    with_type, without = (
        call(pair.api, method, user_id=pair.alice, **valid_fields(method, at))
        for at in (single(pair.bob), untyped(pair.bob))
    )
    assert without_tokens(without) == without_tokens(with_type)
    nobody = failing(call, pair.api, method, user_id=pair.alice, **valid_fields(method, untyped(pair.source)))
    assert nobody == Failure(grpc.StatusCode.NOT_FOUND, "CONVERSATION_NOT_FOUND", "conversation")


def test_targets_when_their_types_are_missing_in_a_batch_are_the_pair_where_it_reads_and_else_refused(
    pair: Pair,
) -> None:
    api, alice = pair.api, pair.alice
    references = [untyped(pair.bob), untyped(pair.source)]
    results = call(api, "BatchGetConversations", user_id=alice, conversations=references).results
    assert results[0].conversation.target_id == pair.bob
    assert results[1].error.code == grpc.StatusCode.NOT_FOUND.value[0]
    with assert_unchanged(api, alice, single(pair.bob), group(pair.source)):
        settings = call(
            api,
            "BatchUpdateConversationSettings",
            user_id=alice,
            conversations=references,
            settings={"pinned": True},
            update_mask={"paths": ["pinned"]},
        )
        items = [{"conversation": reference, "message": text_message()} for reference in references]
        sent = call(api, "BatchSendMessages", user_id=alice, items=items)
    for answer, name in ((settings, "conversations[{}]"), (sent, "items[{}].conversation")):
        for index, result in enumerate(answer.results):
            assert result.error.reason == error_pb2.ERROR_REASON_REQUIRED
            assert result.error.field == f"{name.format(index)}.target.type"


SINGLE, GROUP = conversation_pb2.CONVERSATION_TYPE_SINGLE, conversation_pb2.CONVERSATION_TYPE_GROUP

REFERENCES = {
    "a recipient of a pair": (
        Reference(target={"type": SINGLE, "id": "a", "recipient_id": "b"}),
        "CONFLICTING_FIELDS",
        "conversation.target.recipient_id",
    ),
    "a recipient of a group": (
        Reference(target={"type": GROUP, "id": "a", "recipient_id": "b"}),
        "CONFLICTING_FIELDS",
        "conversation.target.recipient_id",
    ),
    "a recipient with controls": (system("s", "u\x00"), "MALFORMED", "conversation.target.recipient_id"),
    "an empty id": (by_id(""), "REQUIRED", "conversation.conversation_id"),
    "a negative type": (of_type(-1), "UNKNOWN_ENUM_VALUE", "conversation.target.type"),
    "the number that OpenIM has for groups": (of_type(3), "UNKNOWN_ENUM_VALUE", "conversation.target.type"),
    **{
        f"a target with {ord(control):#x}": (single(f"a{control}b"), "MALFORMED", "conversation.target.id")
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
    """Keep semantics Q3."""
    assert pair.refused(fault.method, **fault.fields) == Failure(INVALID, fault.reason, fault.field)
