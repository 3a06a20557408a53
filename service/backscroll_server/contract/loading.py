"""The files that a run reads: scenarios, what they share, and credentials."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

FORMAT: Final = 1
SUITE_FILE: Final = "suite.json"
STEP_KINDS: Final = ("call", "open", "receive", "end", "close", "wait")


class InvalidFileError(Exception):
    """A file that a run needs cannot be read, or is not of this format."""


@dataclass(frozen=True, slots=True)
class StreamKinds:
    """The items of a stream that is read item by item.

    Attributes:
        items: the repeated field of an answer that holds them.
        changes: the kinds of items that are changes, as names of fields.
        states: the kinds of items that are states.
    """

    items: str
    changes: tuple[str, ...]
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps that a server must take as they say.

    Attributes:
        name: its name, unique in all files.
        needs: what the target must have.
        users: names of users, each of which gets a user id.
        ids: names of further ids.
        steps: the steps in JSON, in order.
    """

    name: str
    needs: tuple[str, ...]
    users: tuple[str, ...]
    ids: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """All scenarios of a folder, and what they share.

    Attributes:
        package: the protobuf package of all services.
        streams: the items of each stream that is read item by item, by method.
        scenarios: in the order of file names, and within them.
    """

    package: str
    streams: dict[str, StreamKinds]
    scenarios: tuple[Scenario, ...]

    def only(self, text: str) -> "Suite":
        """Return the suite with the scenarios alone whose names contain a text."""
        return replace(self, scenarios=tuple(one for one in self.scenarios if text in one.name))


@dataclass(frozen=True, slots=True)
class User:
    """A user id of the target, and the metadata of that user's calls."""

    user_id: str
    metadata: dict[str, str]


@dataclass(slots=True)
class Credentials:
    """The properties of a target, and its callers.

    Attributes:
        has: what scenarios may need.
        callers: the metadata of each caller's calls, by name.
        users: users that no scenario has taken yet.
    """

    has: frozenset[str] = frozenset()
    callers: dict[str, dict[str, str]] = field(default_factory=dict)
    users: list[User] = field(default_factory=list)


def default_folder() -> Path:
    """Return the folder of the scenarios that come with the server: those of its wheel, else those of its checkout."""
    packaged = Path(__file__).parent / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "tests" / "contract" / "scenarios"


def load_suite(folder: Path) -> Suite:
    """Read a folder of scenarios.

    Raises:
        InvalidFileError: Where a file is missing, is not of this format, or repeats the name of a scenario.
    """
    shared = _load(folder / SUITE_FILE)
    scenarios: list[Scenario] = []
    for path in sorted(folder.glob("*.json")):
        if path.name != SUITE_FILE:
            scenarios.extend(_scenarios(path))
    repeated = [name for name, count in Counter(scenario.name for scenario in scenarios).items() if count > 1]
    if repeated:
        raise InvalidFileError(f"{folder}: scenarios have the same name: {', '.join(repeated)}")
    try:
        streams = {
            method: StreamKinds(kinds["items"], tuple(kinds["changes"]), tuple(kinds["states"]))
            for method, kinds in shared["streams"].items()
        }
        return Suite(shared["package"], streams, tuple(scenarios))
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidFileError(f"{folder / SUITE_FILE}: {error!r}") from error


def load_credentials(path: Path) -> Credentials:
    """Read a credentials file.

    Raises:
        InvalidFileError: Where it is missing or not of this format.
    """
    read = _load(path)
    try:
        return Credentials(
            frozenset(read.get("has", ())),
            {name: dict(metadata) for name, metadata in read.get("callers", {}).items()},
            [User(user["user_id"], dict(user.get("metadata", {}))) for user in read.get("users", ())],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidFileError(f"{path}: {error!r}") from error


def kind_of_step(step: Mapping[str, Any]) -> str:
    """Return the key of a step that says what is done in it.

    Raises:
        ValueError: Where there is none, or more than one.
    """
    kinds = [kind for kind in STEP_KINDS if kind in step]
    if len(kinds) != 1:
        raise ValueError(
            f"a step must have exactly one of {', '.join(STEP_KINDS)}; one has {', '.join(step) or 'none'}"
        )
    return kinds[0]


def _scenarios(path: Path) -> list[Scenario]:
    scenarios = []
    try:
        for one in _load(path)["scenarios"]:
            for step in one["steps"]:
                kind_of_step(step)
            scenarios.append(
                Scenario(
                    one["name"],
                    tuple(one.get("needs", ())),
                    tuple(one.get("users", ())),
                    tuple(one.get("ids", ())),
                    tuple(one["steps"]),
                )
            )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidFileError(f"{path}: {error}" if isinstance(error, ValueError) else f"{path}: {error!r}") from error
    return scenarios


def _load(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidFileError(f"{path}: {error}") from error
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise InvalidFileError(f"{path}: its format is not {FORMAT}")
    return read
