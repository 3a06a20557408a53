"""Fields that the server does not know, found by path and number."""

import pytest

from backscroll.v1 import message_service_pb2
from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.transport.unknown_fields import refuse_unknown_fields


def refused(raw: bytes) -> tuple[str, str]:
    with pytest.raises(InvalidArgumentError) as caught:
        refuse_unknown_fields(message_service_pb2.SendMessageRequest.FromString(raw), raw)
    assert caught.value.reason is Reason.UNKNOWN_FIELD
    return caught.value.field, caught.value.metadata["number"]


def test_request_when_known_to_the_last_field_is_taken() -> None:
    request = message_service_pb2.SendMessageRequest(user_id="ann", message={"attributes": {"key": "value"}})
    request.message.content.structured.update({"list": [{"inner": 1}, None], "text": "x"})
    raw = request.SerializeToString()
    refuse_unknown_fields(request, raw)
    assert request == message_service_pb2.SendMessageRequest.FromString(raw)
    # The same field twice, in another order, or with its default on the wire is no unknown field.
    raw = b"\x0a\x01b" + raw + b"\x0a\x01c" + b"\x20\x00"
    refuse_unknown_fields(message_service_pb2.SendMessageRequest.FromString(raw), raw)


def test_field_when_unknown_is_named_by_the_path_of_its_message_and_its_number() -> None:
    assert refused(b"\xf8\x01\x01") == ("", "31")
    request = message_service_pb2.SendMessageRequest()
    request.message.content.text.MergeFromString(b"\x7a\x00")
    assert refused(request.SerializeToString()) == ("message.content.text", "15")
    request = message_service_pb2.SendMessageRequest()
    request.message.content.structured.fields["a"].list_value.values.add()
    request.message.content.structured.fields["a"].list_value.values.add().MergeFromString(b"\xf8\x01\x01")
    assert refused(request.SerializeToString()) == ("message.content.structured.fields[a].list_value.values[1]", "31")
