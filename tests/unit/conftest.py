"""Unit tests start with empty caches, so that each runs the function and not a cached result."""

import pytest

from backscroll_server.domain import ids, message_codec


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    for module in (ids, message_codec):
        for function in vars(module).values():
            if hasattr(function, "cache_clear"):
                function.cache_clear()
