"""Service keys: long, known by their digests, and named."""

import pytest

from backscroll_server.identity.service_keys import (
    KEY_PREFIX,
    digest_of,
    key_line,
    new_key,
    parse_key_list,
    parse_keys,
)

KEY, OTHER = KEY_PREFIX + "k" * 43, KEY_PREFIX + "o" * 43


def test_key_when_made_is_new_and_long() -> None:
    key = new_key()
    assert key != new_key()
    assert key.startswith(KEY_PREFIX)
    assert len(key) == len(KEY_PREFIX) + 43


def test_file_when_it_holds_keys_and_digests_lets_in_all_by_name() -> None:
    content = f"# ours\n\n  billing {KEY}\n{key_line('support', OTHER)}\n"
    assert parse_keys(content.encode()) == {digest_of(KEY): "billing", digest_of(OTHER): "support"}
    assert OTHER not in content


def test_setting_when_it_holds_keys_lets_in_all() -> None:
    assert parse_key_list(f"a:{KEY},a:{OTHER}") == {digest_of(KEY): "a", digest_of(OTHER): "a"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("billing", "line 1: expected a name and a key"),
        (f"billing {KEY} x", "line 1: expected a name and a key"),
        ("billing secret", "line 1: a key is bsk_"),
        (f"billing {KEY[:-1]}", "line 1: a key is bsk_"),
        (f"billing {KEY[:-1]}!", "line 1: a key is bsk_"),
        ("billing sha256:00", "line 1: a SHA-256 digest"),
        ("billing sha256:xy", "line 1: "),
        (f"bill:ing {KEY}", "line 1: the name of a key"),
        ("", "holds no key"),
        ("# nothing", "holds no key"),
    ],
)
def test_line_when_it_is_no_key_is_refused_without_the_key(line: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}") as caught:
        parse_keys(line.encode())
    assert KEY[:20] not in str(caught.value)


def test_file_when_it_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        parse_keys(b"\xff\xfe")
