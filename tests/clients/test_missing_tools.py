"""A tool that is not on a machine skips a test with the reason, and fails it where it is required."""

import pytest

from tests.support.commands import REQUIRE, skip_without

MISSING = ("python3", "no-such-tool")


def test_missing_tool_skips_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRE, raising=False)
    with pytest.raises(pytest.skip.Exception, match=r": no-such-tool$"):
        skip_without(MISSING)


def test_missing_tool_fails_where_it_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRE, "1")
    with pytest.raises(AssertionError, match="no-such-tool"):
        skip_without(MISSING)
