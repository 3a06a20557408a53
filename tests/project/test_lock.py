"""The locked development environment fits the bounds that pyproject.toml declares, and names no registry."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"], *(text for extra in project["optional-dependencies"].values() for text in extra)]
    # Both of our own distributions are installed from here.
    ours = {project["name"], "backscroll-client"}
    return [requirement for requirement in map(Requirement, texts) if requirement.name not in ours]


def test_locked_versions_are_within_the_declared_bounds() -> None:
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", LOCK, flags=re.MULTILINE))
    # `make mutants` installs an environment of its own.
    needed = [one for one in declared() if one.name != "mutmut"]
    assert {one.name: locked.get(one.name) for one in needed if not one.specifier.contains(locked[one.name])} == {}


def test_dependencies_have_bounds_on_both_sides() -> None:
    for requirement in declared():
        operators = {specifier.operator for specifier in requirement.specifier}
        assert operators in ({"=="}, {">=", "<"}), requirement


def test_lock_names_no_registry() -> None:
    assert "://" not in LOCK
