"""The contract suite by the clients of five languages, against two servers that differ in everything around a call."""

from pathlib import Path

import pytest

from tests.clients.runners import LANGUAGES, names_of, run_scenarios
from tests.clients.targets import OPEN_HAS, SECURE_HAS, Target

TARGETS = ("open", "secure")


@pytest.fixture
def target(target_name: str, request: pytest.FixtureRequest) -> Target:
    """The target with that name."""
    found: Target = request.getfixturevalue(f"{target_name}_server")
    return found


# Each language passes the names that the files say, and so all languages pass the same.
@pytest.mark.toolchains
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("target_name", TARGETS)
def test_suite_passes_where_the_target_has_what_it_needs(language: str, target: Target, tmp_path: Path) -> None:
    outcome = run_scenarios(language, target, tmp_path)
    assert not outcome.failures(), outcome.failures()
    assert outcome.status == 0
    assert [scenario["name"] for scenario in outcome.scenarios] == names_of()
    assert outcome.names("passed") == set(names_of(has=target.has))
    for name, need in outcome.whys("not run").items():
        assert not any(had == need for had in target.has), (name, need)


def test_every_scenario_runs_on_one_target_at_least() -> None:
    assert {*names_of(has=OPEN_HAS), *names_of(has=SECURE_HAS)} == set(names_of())
