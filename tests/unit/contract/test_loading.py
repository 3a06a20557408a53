"""Files that are not of the format are refused with their path; what comes with the server is found."""

import json
from pathlib import Path
from typing import Any

import pytest

from backscroll_server.contract.loading import (
    Credentials,
    InvalidFileError,
    User,
    default_folder,
    load_credentials,
    load_suite,
)

SUITE = {"format": 1, "package": "p.v1", "streams": {"S/M": {"items": "i", "changes": ["c"], "states": []}}}
WAIT = {"wait": 0.1}


def write(folder: Path, name: str, value: Any) -> None:
    (folder / name).write_text(json.dumps(value), encoding="utf-8")


def file_of(*scenarios: Any) -> dict[str, Any]:
    return {"format": 1, "about": "some", "scenarios": list(scenarios)}


def test_suite_has_the_scenarios_in_the_order_of_files(tmp_path: Path) -> None:
    write(tmp_path, "suite.json", SUITE)
    write(tmp_path, "b.json", file_of({"name": "three", "steps": [WAIT]}))
    write(tmp_path, "a.json", file_of({"name": "two", "steps": [WAIT]}, {"name": "one", "steps": [WAIT]}))
    suite = load_suite(tmp_path)
    assert [scenario.name for scenario in suite.scenarios] == ["two", "one", "three"]
    assert [scenario.name for scenario in suite.only("t").scenarios] == ["two", "three"]
    assert (suite.package, suite.streams["S/M"].changes) == ("p.v1", ("c",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": 2, "about": "some", "scenarios": []},
        {"format": 1},
        [],
        file_of({"steps": [WAIT]}),
        file_of({"name": "no step is done", "steps": [{"about": "nothing"}]}),
        file_of({"name": "two at once", "steps": [{"wait": 1, "close": "a"}]}),
        file_of({"name": "same", "steps": [WAIT]}, {"name": "same", "steps": [WAIT]}),
    ],
)
def test_file_that_is_not_of_the_format_is_refused(wrong: Any, tmp_path: Path) -> None:
    write(tmp_path, "suite.json", SUITE)
    write(tmp_path, "a.json", wrong)
    with pytest.raises(InvalidFileError, match=str(tmp_path)):
        load_suite(tmp_path)


def test_folder_without_a_suite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match=r"suite\.json"):
        load_suite(tmp_path)


def test_credentials_have_what_the_file_says(tmp_path: Path) -> None:
    users = [{"user_id": "u", "metadata": {"k": "v"}}, {"user_id": "w"}]
    write(tmp_path, "c.json", {"format": 1, "has": ["x"], "callers": {"service": {"a": "b"}}, "users": users})
    read = load_credentials(tmp_path / "c.json")
    assert read == Credentials(frozenset({"x"}), {"service": {"a": "b"}}, [User("u", {"k": "v"}), User("w", {})])
    write(tmp_path, "c.json", {"format": 1, "users": [{}]})
    with pytest.raises(InvalidFileError, match=r"c\.json"):
        load_credentials(tmp_path / "c.json")


def test_default_folder_has_scenarios() -> None:
    assert load_suite(default_folder()).scenarios
