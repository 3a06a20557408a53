"""Each key has one id and each id one key; any other text is refused."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.domain.ids import (
    ConversationKey,
    conversation_key,
    is_control,
    is_valid_id,
    message_id,
    parse_conversation_id,
    parse_message_id,
)

SINGLE, GROUP, CHAT_ROOM, SYSTEM = ConversationType
IDS = st.text(alphabet=st.sampled_from("ab:%3A25-zoë日🙂 "), min_size=1, max_size=12) | st.text(max_size=20).filter(
    is_valid_id
)
TYPES = st.sampled_from(ConversationType)


def refused(value: str) -> InvalidArgumentError:
    with pytest.raises(InvalidArgumentError) as caught:
        parse_conversation_id(value)
    return caught.value


@given(TYPES, IDS, IDS)
def test_conversation_id_when_parsed_then_the_key_it_came_from(type_: ConversationType, user: str, target: str) -> None:
    key = conversation_key(type_, user, target)
    assert parse_conversation_id(key.conversation_id) == key
    assert (key.type, key.target_for(user)) == (type_, target)
    assert key.concerns(user)


@given(IDS, IDS)
def test_single_when_named_by_either_user_then_one_key_with_the_lesser_id_first(ann: str, bob: str) -> None:
    key = conversation_key(SINGLE, ann, bob)
    assert key == conversation_key(SINGLE, bob, ann)
    assert (key.first.encode(), key.second.encode()) == tuple(sorted((ann.encode(), bob.encode())))
    assert key.target_for(bob) == ann


@given(st.lists(st.tuples(TYPES, IDS, IDS), min_size=2, max_size=2))
def test_conversation_ids_when_keys_differ_then_differ(named: list[tuple[ConversationType, str, str]]) -> None:
    one, other = (conversation_key(*name) for name in named)
    assume((one.type, one.first, one.second) != (other.type, other.first, other.second))
    assert one.conversation_id != other.conversation_id


@given(st.text(alphabet="sgryx:%3A25ab\x00", max_size=12))
def test_text_when_it_parses_then_it_is_the_id_of_that_key(text: str) -> None:
    try:
        key = parse_conversation_id(text)
    except InvalidArgumentError:
        return
    assert key.conversation_id == text
    user = key.second or "anyone"
    assert conversation_key(key.type, user, key.target_for(user)) == key


@pytest.mark.parametrize(
    ("type_", "user", "target", "encoded", "first", "second"),
    [
        (SINGLE, "bob", "alice", "s:alice:bob", "alice", "bob"),
        (SINGLE, "me", "me", "s:me:me", "me", "me"),
        (GROUP, "bob", "club", "g:club", "club", ""),
        (CHAT_ROOM, "bob", "hall", "r:hall", "hall", ""),
        (SYSTEM, "bob", "billing", "y:billing:bob", "billing", "bob"),
        (GROUP, "bob", "%3A:%25", "g:%253A%3A%2525", "%3A:%25", ""),
    ],
)
def test_key_of_each_type(
    type_: ConversationType, user: str, target: str, encoded: str, first: str, second: str
) -> None:
    assert conversation_key(type_, user, target) == ConversationKey(type_, first, second, encoded)


def test_concerns_when_ids_name_the_users_then_nobody_else() -> None:
    assert [conversation_key(SINGLE, "ann", "bob").concerns(user) for user in ("ann", "bob", "eve", "")] == [
        True,
        True,
        False,
        False,
    ]
    assert [conversation_key(SYSTEM, "ann", "billing").concerns(user) for user in ("ann", "billing")] == [True, False]
    assert conversation_key(GROUP, "ann", "club").concerns("eve")
    assert conversation_key(CHAT_ROOM, "ann", "hall").concerns("eve")


def test_target_when_asked_by_a_user_of_another_type_then_the_source_id() -> None:
    assert conversation_key(SYSTEM, "ann", "billing").target_for("billing") == "billing"
    assert conversation_key(SYSTEM, "ann", "billing").target_for("bob") == "billing"
    assert conversation_key(GROUP, "ann", "club").target_for("club") == "club"


def test_target_when_a_pair_is_of_two_others_then_empty() -> None:
    assert [conversation_key(SINGLE, "ann", "cleo").target_for(user) for user in ("ann", "bob", "cleo", "dan")] == [
        "cleo", "", "ann", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s",
        "s:",
        "x:club",
        "S:a:b",
        "s:alice",
        "s:a:b:c",
        "s:bob:alice",
        "g:",
        "g:club:bob",
        "g:a%3a",
        "g:100%",
        "g:%2525%",
        "r:\x00",
        "g:" + "a" * 257,
        "s:a:" + "b" * 257,
        "y:" + "b" * 257 + ":a",
        "s:a:",
        "s::a",
    ],
)
def test_text_when_no_key_has_it_then_malformed(text: str) -> None:
    error = refused(text)
    assert (error.reason, error.field, error.message) == (Reason.MALFORMED, "conversation_id", "not a conversation id")


def test_id_when_it_has_the_most_bytes_then_parsed() -> None:
    key = conversation_key(SINGLE, "b" * 256, "a" * 256)
    assert parse_conversation_id(key.conversation_id) is not None
    assert parse_conversation_id("g:" + "é" * 128).first == "é" * 128


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("", False),
        ("a", True),
        (" ", True),
        ("a" * 256, True),
        ("a" * 257, False),
        ("é" * 128, True),
        ("é" * 128 + "a", False),
        ("a\x1f", False),
        ("a\x7f", False),
        ("é\x80", False),
        ("é\x9f", False),
        ("é\xa0", True),
        ("\u200b", True),
        ("\ue000", True),
        ("\ud800", False),
        ("🙂", True),
    ],
)
def test_valid_id_is_1_to_256_bytes_without_controls(value: str, valid: bool) -> None:
    assert is_valid_id(value) is valid


def test_controls_are_those_of_category_cc() -> None:
    controls = {chr(code) for code in range(0x200) if is_control(chr(code))}
    assert controls == {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]}


SEQUENCES = st.integers(1, 10**18 - 1)
NUMBERS = st.integers(0, 2**63 - 1) | SEQUENCES.map(lambda number: -number)
"""Public numbers: random ones, and those of before there were any."""


@given(NUMBERS, SEQUENCES)
def test_message_id_when_parsed_then_its_number_and_sequence(number: int, sequence: int) -> None:
    value = message_id(number, sequence)
    assert parse_message_id(value) == (number, sequence)
    assert is_valid_id(value)
    assert value[0].isdigit() == (number < 0)


@given(NUMBERS, NUMBERS, SEQUENCES, SEQUENCES)
def test_message_ids_when_numbers_or_sequences_differ_then_differ(
    number: int, other_number: int, sequence: int, other_sequence: int
) -> None:
    same = (number, sequence) == (other_number, other_sequence)
    assert (message_id(number, sequence) == message_id(other_number, other_sequence)) is same


@given(st.text(alphabet="abhz27019-", max_size=30) | st.from_regex(r"[a-i2-7]{12,14}-[0-9]{1,19}", fullmatch=True))
def test_text_when_it_parses_then_it_is_the_id_of_that_message(text: str) -> None:
    try:
        number, sequence = parse_message_id(text)
    except InvalidArgumentError:
        return
    assert message_id(number, sequence) == text


@pytest.mark.parametrize(
    ("text", "number", "sequence"),
    [
        ("aaaaaaaaaaaaa-1", 0, 1),
        ("aaaaaaaaaaaab-12", 1, 12),
        ("h777777777777-999999999999999999", 2**63 - 1, 999999999999999999),
        ("eaaaaaaaaaaaa-1", 2**62, 1),
        ("ckjihgfedcba2-1", int("2a9876543210q", 32), 1),
        ("7-12", -7, 12),
        ("999999999999999999-1", -999999999999999999, 1),
        ("1-999999999999999999", -1, 999999999999999999),
    ],
)
def test_message_id_of_each_form(text: str, number: int, sequence: int) -> None:
    assert message_id(number, sequence) == text
    assert parse_message_id(text) == (number, sequence)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "7",
        "7-",
        "-7",
        "0-1",
        "1-0",
        "07-1",
        "1-01",
        "1-1-1",
        "-1-1",
        "+1-1",
        " 1-1",
        "1-1\n",
        "a-1",
        "1-a",
        "²-1",
        "1-²",
        "٣-1",
        "1-٣",
        "1000000000000000000-1",
        "1-1000000000000000000",
        "aaaaaaaaaaaaa",
        "aaaaaaaaaaaaa-",
        "aaaaaaaaaaaaa-0",
        "aaaaaaaaaaaaa-01",
        "aaaaaaaaaaaaa-b",
        "aaaaaaaaaaaaa-1-1",
        "aaaaaaaaaaaaa-1\n",
        "aaaaaaaaaaaaa\n-1",
        "aaaaaaaaaaaaa-1000000000000000000",
        "aaaaaaaaaaaa-1",
        "aaaaaaaaaaaaaa-1",
        "iaaaaaaaaaaaa-1",
        "2aaaaaaaaaaaa-1",
        "aaaaaaaaaaaa1-1",
        "Aaaaaaaaaaaaa-1",
        "aaaaaaaaaaaaA-1",
        "aaaaaaaaaaaaá-1",
        "1-aaaaaaaaaaaaa",
    ],
)
def test_text_when_no_message_has_it_then_malformed(text: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        parse_message_id(text)
    error = caught.value
    assert (error.reason, error.field, error.message) == (Reason.MALFORMED, "message_id", "not a message id")
