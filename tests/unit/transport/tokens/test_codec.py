"""Page and resume tokens: only what this secret encoded as the same kind is read, to the byte."""

import base64
import string
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.domain.errors import InvalidArgumentError
from backscroll_server.transport.tokens.codec import VERSION, TokenCodec, query_digest
from tests.unit.transport.tokens.kinds import HISTORY, KINDS, history_text

ALPHABET = string.ascii_letters + string.digits + "-_"


def refused(decode: Callable[[str], Any], text: str) -> InvalidArgumentError:
    with pytest.raises(InvalidArgumentError) as caught:
        decode(text)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_token_when_decoded_is_what_was_encoded_with_the_version(kind: str) -> None:
    token, encode, decode, _, _ = KINDS[kind]
    expected = type(token)()
    expected.CopyFrom(token)
    expected.version = VERSION
    assert decode(encode(token)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_token_when_encoded_twice_is_the_same_and_safe_in_an_address(kind: str) -> None:
    token, encode, _, _, _ = KINDS[kind]
    assert encode(token) == encode(token)
    assert set(encode(token)) <= set(ALPHABET)


@pytest.mark.parametrize("kind", KINDS)
def test_token_when_any_byte_is_changed_is_malformed(kind: str) -> None:
    token, encode, decode, reason, field = KINDS[kind]
    text = encode(token)
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for place in range(len(raw)):
        for mask in (1, 0x80, 0xFF):
            changed = bytearray(raw)
            changed[place] ^= mask
            error = refused(decode, base64.urlsafe_b64encode(changed).rstrip(b"=").decode())
            assert (error.reason, error.field) == (reason, field)


@pytest.mark.parametrize("kind", KINDS)
def test_token_when_any_character_is_replaced_is_malformed(kind: str) -> None:
    token, encode, decode, reason, _ = KINDS[kind]
    text = encode(token)
    for place in range(len(text)):
        for letter in ALPHABET + "=+/ \n\x00é":
            if letter != text[place]:
                assert refused(decode, text[:place] + letter + text[place + 1 :]).reason is reason


@pytest.mark.parametrize("kind", KINDS)
def test_token_when_shortened_or_lengthened_is_malformed(kind: str) -> None:
    token, encode, decode, reason, _ = KINDS[kind]
    text = encode(token)
    others = [text[:length] for length in range(len(text))]
    others += [text[start:] for start in range(1, len(text))]
    others += [text + letter for letter in ALPHABET + "=\n "]
    others += [text + "=" * (-len(text) % 4 or 4), " " + text, text * 2, "A" * 100_000]
    for other in others:
        assert refused(decode, other).reason is reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_token_when_given_as_another_kind_is_malformed(kind: str, other: str) -> None:
    if kind != other:
        assert refused(KINDS[other][2], KINDS[kind][1](KINDS[kind][0])).reason is KINDS[other][3]


def test_token_when_signed_with_another_secret_is_malformed() -> None:
    refused(KINDS["history"][2], history_text(HISTORY, TokenCodec(b"another secret")))


def test_codec_when_the_secret_is_empty_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        TokenCodec(b"")


@given(st.text(max_size=600))
def test_token_when_it_is_any_text_is_malformed(text: str) -> None:
    for _, _, decode, reason, _ in KINDS.values():
        assert refused(decode, text).reason is reason


PARTS = st.lists(st.one_of(st.text(), st.binary(), st.integers(), st.booleans(), st.none()), max_size=4)


@given(PARTS, PARTS)
def test_query_digest_when_queries_differ_differs(one: list[Any], other: list[Any]) -> None:
    same = [(type(part), part) for part in one] == [(type(part), part) for part in other]
    assert (query_digest(*one) == query_digest(*other)) is same


def test_query_digest_when_borders_or_types_move_differs() -> None:
    queries = [("ab",), ("a", "b"), ("", "ab"), (b"ab",), ("1",), (1,), (True,), (None,), (), ("\ud800",), ("\\ud800",)]
    assert len({query_digest(*query) for query in queries}) == len(queries)
    assert all(len(query_digest(*query)) == 8 for query in queries)
