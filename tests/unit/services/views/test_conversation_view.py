"""The stored form of free-form pairs and of labels."""

from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.services.views.conversation_view import decode_map, decode_marks, encode_map, encode_marks


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_pairs_when_stored_then_the_same_and_in_one_form(pairs: dict[str, str]) -> None:
    stored = encode_map(pairs)
    assert decode_map(stored) == pairs
    assert encode_map(dict(reversed(pairs.items()))) == stored
    assert (stored == "") is (not pairs)


@given(st.lists(st.text(max_size=5), unique=True))
def test_labels_when_stored_then_sorted(marks: list[str]) -> None:
    stored = encode_marks(marks)
    assert decode_marks(stored) == sorted(marks)
    assert (stored == "") is (not marks)


def test_text_when_not_ascii_then_stored_as_it_is() -> None:
    assert encode_map({"b": "zoë", "a": "日"}) == '{"a": "日", "b": "zoë"}'
    assert encode_marks(["zoë", "a"]) == '["a", "zoë"]'
