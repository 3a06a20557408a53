"""The number and length of the runs of a state machine, by profile."""

import os

import pytest
from hypothesis import HealthCheck, settings

PROFILES = {"deep": (500, 50), "long": (200, 40), "ci": (60, 40), "": (20, 30)}


@pytest.fixture
def profile() -> settings:
    """Hypothesis's settings of the chosen profile: its number of runs and of steps in each."""
    examples, steps = PROFILES[os.environ.get("BACKSCROLL_TEST_PROFILE", "")]
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
