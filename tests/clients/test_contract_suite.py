"""The contract suite by the clients of five languages, against two servers that differ in everything around a call."""

from pathlib import Path

import pytest

from tests.clients.runners import LANGUAGES, Outcome, names_of, run_scenarios
from tests.clients.targets import Target

pytestmark = pytest.mark.toolchains

TARGETS = ("open", "secure")

_Outcomes = dict[tuple[str, str], Outcome]


@pytest.fixture(scope="module")
def outcomes() -> _Outcomes:
    """What runs gave, by the target and the language."""
    return {}


@pytest.fixture
def target(target_name: str, request: pytest.FixtureRequest) -> Target:
    """The target with that name."""
    found: Target = request.getfixturevalue(f"{target_name}_server")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("target_name", TARGETS)
def test_suite_passes_where_the_target_has_what_it_needs(
    language: str, target_name: str, target: Target, outcomes: _Outcomes, tmp_path: Path
) -> None:
    outcome = run_scenarios(language, target, tmp_path)
    outcomes[target_name, language] = outcome
    assert not outcome.failures(), outcome.failures()
    assert outcome.status == 0
    assert [scenario["name"] for scenario in outcome.scenarios] == names_of()
    assert outcome.names("passed") == set(names_of(has=target.has))
    for name, need in outcome.whys("not run").items():
        assert not any(had == need for had in target.has), (name, need)


@pytest.mark.parametrize("target_name", TARGETS)
def test_all_languages_pass_the_same_scenarios(target_name: str, outcomes: _Outcomes) -> None:
    passed = {language: found.names("passed") for (name, language), found in outcomes.items() if name == target_name}
    if not passed:
        pytest.skip("no language ran")
    expected = set().union(*passed.values())
    assert {language: expected - names for language, names in passed.items()} == {
        language: set() for language in passed
    }


def test_every_scenario_passes_on_one_target_at_least(outcomes: _Outcomes) -> None:
    if {name for name, _ in outcomes} != set(TARGETS):
        pytest.skip("not every target ran")
    passed: set[str] = set().union(*(outcome.names("passed") for outcome in outcomes.values()))
    assert set(names_of()) - passed == set()
