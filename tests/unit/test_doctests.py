"""The examples in docstrings are true."""

import doctest
from types import ModuleType

import pytest

from backscroll_server.domain import ids, intervals
from backscroll_server.services.messages import page_bounds
from backscroll_server.transport.tokens import codec


@pytest.mark.parametrize("module", [ids, intervals, page_bounds, codec], ids=lambda module: module.__name__)
def test_examples_give_what_they_say(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
