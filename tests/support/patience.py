"""The patience of tests: one bound for every wait that says nothing about speed."""

PATIENCE_SECONDS = 120
"""The longest wait for something that an idle machine does at once: it ends a test that hangs, and measures nothing."""
