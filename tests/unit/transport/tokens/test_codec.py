"""Page tokens and tokens of the feed: only what this database sealed as the same kind is read, to the byte."""

import base64
import string
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.domain.errors import DomainError, InvalidArgumentError, Reason, TokenTooOldError
from backscroll_server.transport.tokens.codec import SIGNATURE_BYTES, VERSION, TokenCodec, query_digest
from backscroll_server.transport.tokens.v1.token_pb2 import HistoryToken, SignedToken
from tests.unit.transport.tokens.kinds import CODEC, EPOCH, HISTORY, KINDS, Kind

ALPHABET = string.ascii_letters + string.digits + "-_"
OTHER_EPOCH = EPOCH - 1


def refused(kind: Kind, text: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        kind.decode(CODEC, text)
    assert caught.value.field == kind.field
    return caught.value


def assert_malformed(kind: Kind, text: str) -> None:
    error = refused(kind, text)
    assert (type(error), error.reason) == (InvalidArgumentError, kind.malformed)


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text_of(raw: bytes | bytearray) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def test_token_when_decoded_is_what_was_encoded_with_the_version_and_the_epoch(kind: Kind) -> None:
    expected = kind.decoded
    if isinstance(expected, Message):
        expected = type(expected)(version=VERSION, epoch=EPOCH)
        expected.MergeFrom(kind.decoded)
    assert kind.decode(CODEC, kind.encode(CODEC)) == expected


def test_token_when_encoded_twice_is_the_same_and_safe_in_an_address(kind: Kind) -> None:
    assert kind.encode(CODEC) == kind.encode(CODEC)
    assert set(kind.encode(CODEC)) <= set(ALPHABET)


def test_token_when_any_byte_is_changed_is_malformed(kind: Kind) -> None:
    raw = bytes_of(kind.encode(CODEC))
    for place in range(len(raw)):
        for mask in (1, 0x80, 0xFF):
            changed = bytearray(raw)
            changed[place] ^= mask
            assert_malformed(kind, text_of(changed))


def test_token_when_any_character_is_replaced_is_malformed(kind: Kind) -> None:
    text = kind.encode(CODEC)
    for place in range(len(text)):
        for letter in ALPHABET + "=+/ \n\x00é":
            if letter != text[place]:
                assert_malformed(kind, text[:place] + letter + text[place + 1 :])


def test_token_when_shortened_or_lengthened_is_malformed(kind: Kind) -> None:
    text = kind.encode(CODEC)
    others = [text[:length] for length in range(1, len(text))]
    others += [text[start:] for start in range(1, len(text))]
    others += [text + letter for letter in ALPHABET + "=\n "]
    others += [text + "=" * (-len(text) % 4 or 4), " " + text, text * 2, "A" * 100_000]
    for other in others:
        assert_malformed(kind, other)


@pytest.mark.parametrize("given", ["history", "list", "members", "resume", "consistency"])
@pytest.mark.parametrize("taken", ["history", "list", "members", "resume", "consistency"])
def test_token_when_given_as_another_kind_is_refused(given: str, taken: str) -> None:
    text = KINDS[given].encode(CODEC)
    if (given, taken) == ("consistency", "resume"):
        assert refused(KINDS[taken], text).reason is Reason.NOT_A_RESUME_TOKEN
    elif given != taken and (given, taken) != ("resume", "consistency"):
        assert_malformed(KINDS[taken], text)


def test_token_when_signed_with_another_secret_is_malformed(kind: Kind) -> None:
    assert_malformed(kind, kind.encode(TokenCodec(b"another secret", EPOCH)))


@pytest.mark.parametrize("secret", [b"a secret of this database", b"another secret"])
def test_token_when_of_another_epoch_is_foreign(kind: Kind, secret: bytes) -> None:
    """A database keeps its secret when it is restored; another one has another."""
    error = refused(kind, kind.encode(TokenCodec(secret, OTHER_EPOCH)))
    assert (type(error), error.reason) == (TokenTooOldError, kind.foreign)


def test_token_of_another_database_when_its_content_is_changed_is_malformed(kind: Kind) -> None:
    raw = bytes_of(kind.encode(TokenCodec(b"another secret", OTHER_EPOCH)))
    for place in range(len(raw) - SIGNATURE_BYTES):
        changed = bytearray(raw)
        changed[place] ^= 1
        assert_malformed(kind, text_of(changed))


def test_page_token_of_version_1_is_malformed() -> None:
    token = HistoryToken()
    token.CopyFrom(HISTORY)
    token.version = 1
    assert_malformed(KINDS["history"], CODEC._sign(SignedToken(history=token).SerializeToString()).decode())


def test_codec_when_the_secret_is_empty_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        TokenCodec(b"", EPOCH)


@given(st.text(min_size=1, max_size=600))
def test_token_when_it_is_any_text_is_malformed(text: str) -> None:
    for kind in KINDS.values():
        assert_malformed(kind, text)


PARTS = st.lists(st.one_of(st.text(), st.binary(), st.integers(), st.booleans(), st.none()), max_size=4)


@given(PARTS, PARTS)
def test_query_digest_when_queries_differ_differs(one: list[Any], other: list[Any]) -> None:
    same = [(type(part), part) for part in one] == [(type(part), part) for part in other]
    assert (query_digest(*one) == query_digest(*other)) is same


def test_query_digest_when_borders_or_types_move_differs() -> None:
    queries = [("ab",), ("a", "b"), ("", "ab"), (b"ab",), ("1",), (1,), (True,), (None,), (), ("\ud800",), ("\\ud800",)]
    assert len({query_digest(*query) for query in queries}) == len(queries)
    assert all(len(query_digest(*query)) == 8 for query in queries)
