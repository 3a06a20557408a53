"""Mutants of the rules that need no database: how many are reached by a unit test, and how many of these are killed.

`make mutants` runs this with mutmut in an environment of its own. It copies what mutmut needs into a folder, because
mutmut expects a source folder named `src`. Survivors that stay are listed with their reason in
`tests/unit/surviving_mutants.txt`.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build" / "mutants"
SURVIVORS = ROOT / "tests" / "unit" / "surviving_mutants.txt"
TESTS = ("tests/unit/domain", "tests/unit/services", "tests/unit/test_doctests.py")

PACKAGE = "backscroll_server"
EVERY_FUNCTION = ("*",)
MODULES = {
    "domain.clock": EVERY_FUNCTION,
    "domain.command_errors": EVERY_FUNCTION,
    "domain.enums": EVERY_FUNCTION,
    "domain.errors": EVERY_FUNCTION,
    "domain.ids": EVERY_FUNCTION,
    "domain.intervals": EVERY_FUNCTION,
    "domain.message_codec": EVERY_FUNCTION,
    "domain.records": EVERY_FUNCTION,
    "domain.retention": EVERY_FUNCTION,
    "services.changes.past_membership": EVERY_FUNCTION,
    "services.messages.page_bounds": EVERY_FUNCTION,
    "services.views.access": ("*_not_found",),
    "services.views.burn": ("is_burning", "burned_among", "passed_spans"),
    "services.views.conversation_view": ("encode_*", "decode_*"),
    "services.views.unread": EVERY_FUNCTION,
    "services.views.unread_totals": ("is_muted", "share", "_part", "Totals.*", "RunningTotals.update", "*._put"),
    "services.views.visibility": ("*.excluding", "*.visible_sequences", "windows_of", "visible_history", "blocks_of"),
}
"""Modules below `PACKAGE` and the functions in them to change, as patterns."""

LEAST_REACHED = 0.95
LEAST_KILLED = 0.90

_SURVIVED = 0
_NOT_REACHED = (5, 33)
"""Exit codes that mutmut stores for a mutant; any other is one that was noticed."""


def prepare() -> None:
    """Copy the sources and the tests, and write mutmut's settings."""
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(ROOT / "service" / PACKAGE, WORK / "src" / PACKAGE)
    shutil.copytree(ROOT / "generated" / "python" / "backscroll", WORK / "src" / "backscroll")
    shutil.copytree(ROOT / "tests" / "unit", WORK / "tests" / "unit")
    (WORK / "tests" / "__init__.py").touch()
    paths = [f"src/{PACKAGE}/{module.replace('.', '/')}.py" for module in MODULES]
    settings = {"source_paths": ["src"], "only_mutate": paths, "pytest_add_cli_args_test_selection": list(TESTS)}
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    # Settings of pytest, so that it does not look for some further up, which name the sources to import.
    text = "\n".join(["[tool.mutmut]", *lines, "[tool.pytest.ini_options]", 'addopts = "-q"', ""])
    (WORK / "pyproject.toml").write_text(text, encoding="utf-8")


def function_of(mutant: str) -> str:
    """Return the function that a mutant changes, as `share` or `RunningTotals.update`."""
    changed = mutant.rpartition(".")[2].rpartition("__mutmut_")[0]
    # Functions are named `x_share`, methods `xǁRunningTotalsǁupdate`.
    return changed.removeprefix("x_") if changed.startswith("x_") else ".".join(changed.split("ǁ")[1:])


def outcomes(module: str) -> dict[str, int | None]:
    """Return mutmut's exit code for each mutant of a module's listed functions; None for one that was not tested."""
    meta = WORK / "mutants" / "src" / PACKAGE / f"{module.replace('.', '/')}.py.meta"
    if not meta.exists():
        return {}
    codes: dict[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {
        mutant: code
        for mutant, code in codes.items()
        if any(fnmatch(function_of(mutant), pattern) for pattern in MODULES[module])
    }


def listed_survivors() -> dict[str, str]:
    """Return the survivors that stay, with their reasons."""
    lines = SURVIVORS.read_text(encoding="utf-8").splitlines() if SURVIVORS.exists() else []
    entries = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return {entry[0]: entry[1] for entry in entries}


def report() -> bool:
    """Print a score by module, and the survivors that are not listed; return whether everything is as it must be."""
    known = listed_survivors()
    total: Counter[str] = Counter()
    survivors: list[str] = []
    print(f"{'module':<36}{'mutants':>8}{'reached':>9}{'killed':>8}")
    for module in MODULES:
        codes = outcomes(module)
        counts = Counter({"mutants": len(codes)})
        for mutant, code in codes.items():
            counts["reached"] += code not in (*_NOT_REACHED, None)
            counts["killed"] += code not in (*_NOT_REACHED, _SURVIVED, None)
            if code == _SURVIVED:
                survivors.append(mutant)
        total += counts
        print(f"{module:<36}{counts['mutants']:>8}{counts['reached']:>9}{counts['killed']:>8}")
    reached = total["reached"] / max(total["mutants"], 1)
    killed = total["killed"] / max(total["reached"], 1)
    print(f"{'in all':<36}{total['mutants']:>8}{total['reached']:>9}{total['killed']:>8}")
    print(f"reached by a unit test: {reached:.1%}, of these killed: {killed:.1%}")
    unlisted, gone = set(survivors) - known.keys(), known.keys() - set(survivors)
    for mutant in sorted(unlisted):
        print(f"\nsurvived, and is not listed in {SURVIVORS.relative_to(ROOT)}: {mutant}", flush=True)
        subprocess.run([sys.executable, "-m", "mutmut", "show", mutant], cwd=WORK, check=False)
    for mutant in sorted(gone):
        print(f"listed in {SURVIVORS.relative_to(ROOT)}, and did not survive: {mutant}")
    return reached >= LEAST_REACHED and killed >= LEAST_KILLED and not unlisted and not gone


def main() -> int:
    """Run all mutants; return 0 if the scores are reached and every survivor is listed."""
    prepare()
    log = WORK / "log.txt"
    with log.open("w", encoding="utf-8") as output:
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "2"]
        run = subprocess.run(command, cwd=WORK, stdout=output, stderr=subprocess.STDOUT, check=False)
    if run.returncode:
        print(f"mutmut ended with {run.returncode}: see {log.relative_to(ROOT)}")
    return 0 if report() and not run.returncode else 1


if __name__ == "__main__":
    sys.exit(main())
