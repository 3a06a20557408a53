"""One bound for every wait of the tests that does not measure speed."""

PATIENCE_SECONDS = 120
"""The longest wait, in seconds, for something that an idle machine does at once; it only ends a test that hangs."""
