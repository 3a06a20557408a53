"""The client's distribution is about the server's contract, and asks for no more than its stubs need."""

import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "generated" / "python"


def project(folder: Path) -> dict[str, Any]:
    """Return the table `project` of a distribution's pyproject.toml."""
    declared: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return declared


def bounds(folder: Path) -> dict[str, dict[str, Version]]:
    """The bounds of each dependency, by operator."""
    requirements = [Requirement(text) for text in project(folder)["dependencies"]]
    return {one.name: {bound.operator: Version(bound.version) for bound in one.specifier} for one in requirements}


def checked_by_the_stubs(pattern: str, files: str) -> Version:
    """The version that stubs check for when they are imported; all of them for the same one."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(CLIENT.rglob(files))]
    (version,) = {re.search(pattern, text)[1] for text in texts}  # type: ignore[index]
    return Version(version)


def test_server_needs_the_client_of_its_own_version() -> None:
    server, client = project(ROOT), project(CLIENT)
    assert client["version"] == server["version"]
    assert client["requires-python"] == server["requires-python"]
    (needed,) = (text for text in server["dependencies"] if Requirement(text).name == client["name"])
    assert Requirement(needed).specifier.contains(client["version"])


def test_client_needs_three_distributions_with_bounds_on_both_sides() -> None:
    declared = bounds(CLIENT)
    assert set(declared) == {"googleapis-common-protos", "grpcio", "protobuf"}
    assert all(set(operators) == {">=", "<"} for operators in declared.values())
    assert "optional-dependencies" not in project(CLIENT)


def test_client_allows_the_oldest_that_its_stubs_run_on_and_all_that_the_server_does() -> None:
    declared, of_the_server = bounds(CLIENT), bounds(ROOT)
    assert declared["grpcio"][">="] == checked_by_the_stubs(r"GRPC_GENERATED_VERSION = '(.+)'", "*_pb2_grpc.py")
    assert declared["protobuf"][">="] == checked_by_the_stubs(r"Protobuf Python Version: (.+)", "*_pb2.py")
    for name, operators in declared.items():
        assert operators[">="] <= of_the_server[name][">="], name
        assert operators["<"] >= of_the_server[name]["<"], name
