"""Each rule of docs/semantics.md is named by a test that keeps it."""

import re
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[2]
RULE = re.compile(r"\*\*([A-Z]\d+)\*\*")
CITATION = re.compile(r"semantics\s+([A-Z]\d+(?:(?:,|\s+and|\s+to)\s+[A-Z]\d+)*)")

EXCEPTIONS: Final = {
    "P8": "a cost, which `python -m benchmarks depth` measures; tests are not timed",
}


def test_every_rule_is_cited_by_a_test_and_every_citation_is_of_a_rule() -> None:
    rules = RULE.findall((ROOT / "docs/semantics.md").read_text(encoding="utf-8"))
    assert len(rules) == len(set(rules))
    cited = {
        rule
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for citation in CITATION.findall(path.read_text(encoding="utf-8"))
        for rule in re.findall(r"[A-Z]\d+", citation)
    }
    assert cited <= set(rules), f"no such rules: {sorted(cited - set(rules))}"
    assert set(rules) - cited == set(EXCEPTIONS), f"no test cites these: {sorted(set(rules) - cited)}"
