"""Results of scenarios: the JSON report, JUnit's XML, and lines to read."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final
from xml.etree import ElementTree as ET

PASSED: Final = "passed"
FAILED: Final = "failed"
NOT_RUN: Final = "not run"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a scenario.

    Attributes:
        name: the scenario's name.
        result: `passed`, `failed` or `not run`.
        why: of a failure the step, and what was expected and came; else the need that the target lacks.
        seconds: how long it took.
    """

    name: str
    result: str
    why: str
    seconds: float


def to_json(results: Sequence[Result]) -> str:
    """Return the report."""
    return json.dumps([asdict(one) for one in results], indent=2, ensure_ascii=False) + "\n"


def to_junit(results: Sequence[Result]) -> bytes:
    """Return the results as a suite of tests in JUnit's XML."""
    counts = Counter(one.result for one in results)
    suite = ET.Element(
        "testsuite",
        name="contract",
        tests=str(len(results)),
        failures=str(counts[FAILED]),
        errors="0",
        skipped=str(counts[NOT_RUN]),
        time=f"{sum(one.seconds for one in results):.3f}",
    )
    for one in results:
        case = ET.SubElement(suite, "testcase", classname="contract", name=one.name, time=f"{one.seconds:.3f}")
        if one.result != PASSED:
            ET.SubElement(case, "failure" if one.result == FAILED else "skipped", message=_clean(one.why))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def to_lines(results: Sequence[Result]) -> list[str]:
    """Return a table of the scenarios that ran, those that did not with their needs, and the counts."""
    lines = []
    for one in results:
        if one.result != NOT_RUN:
            lines.append(f"{one.result:<6}  {one.seconds:7.3f} s  {one.name}")
        if one.result == FAILED:
            lines.append(f"{'':20}{one.why}")
    lines.extend(f"{one.result}, needs {one.why}: {one.name}" for one in results if one.result == NOT_RUN)
    counts = Counter(one.result for one in results)
    lines.append(", ".join(f"{counts[result]} {result}" for result in (PASSED, FAILED, NOT_RUN)))
    return lines


def _clean(text: str) -> str:
    """Return a text with escapes for the characters that XML cannot carry."""
    return "".join(letter if letter in "\t\n" or letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
