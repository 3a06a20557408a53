"""`python -m benchmarks [CASE …]`: measures, prints, and fails where a call failed."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from pathlib import Path

# Read when grpc is loaded; otherwise starting a server would run grpc's handlers for forks.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import apsw
import click
import grpc
import uvloop

from benchmarks.cases import CASES, COMPARED
from benchmarks.contract import DESCRIPTORS
from benchmarks.cores import bind, split_cores
from benchmarks.plan import Plan
from benchmarks.processes import ServerFailedError
from benchmarks.report import Outcome, lines, summary


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures the server beside yardsticks.")
    parser.add_argument("cases", metavar="CASE", nargs="*", help=f"what to measure, of {', '.join(CASES)}; all of them")
    parser.add_argument("--seconds", type=float, default=3, help="how long each side is loaded in a round, 0.1 to 60")
    parser.add_argument("--rounds", type=int, default=5, help="how many rounds count, 1 to 50")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="half a million messages of history instead of 5 million, 1,000 conversations instead of 50,000",
    )
    parser.add_argument("--folder", type=Path, help="where databases are made for the run; the system's temporary one")
    parser.add_argument(
        "--against", type=Path, action="append", default=[], metavar="FOLDER",
        help="another checkout to serve beside this one; may be given several times; in the cases "
        + ", ".join(name for name in CASES if name in COMPARED),
    )  # fmt: skip
    arguments = parser.parse_args()
    unknown = [name for name in arguments.cases if name not in CASES]
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)}; there are {', '.join(CASES)}")
    if not 0.1 <= arguments.seconds <= 60 or not 1 <= arguments.rounds <= 50:
        parser.error("--seconds is 0.1 to 60, --rounds 1 to 50")
    if arguments.folder is not None and not arguments.folder.is_dir():
        parser.error(f"{arguments.folder} is not a folder")
    for folder in arguments.against:
        if not (folder / "service" / "backscroll_server").is_dir() or not (folder / DESCRIPTORS).is_file():
            parser.error(f"{folder} is not a checkout of this project")
    return arguments


async def _measure(arguments: argparse.Namespace) -> list[Outcome]:
    cores = split_cores()
    bind(cores.client)
    separate = "client and servers on a core each" if cores.client else "client and servers share the cores"
    click.echo(
        f"Python {platform.python_version()}, grpc {grpc.__version__}, SQLite {apsw.sqlite_lib_version()}; "
        f"{separate}; {arguments.rounds} rounds of {arguments.seconds:g} s for each side"
    )
    outcomes = []
    for name in arguments.cases or CASES:
        with tempfile.TemporaryDirectory(prefix="backscroll-bench-", dir=arguments.folder) as folder:
            plan = Plan(
                arguments.seconds, arguments.rounds, arguments.quick, Path(folder), cores, tuple(arguments.against)
            )
            outcome = await _outcome(name, plan)
        outcomes.append(outcome)
        click.echo("\n" + "\n".join(lines(name, outcome)))
    return outcomes


async def _outcome(name: str, plan: Plan) -> Outcome:
    """Return the result of a case; a case that fails does not keep the others from being measured."""
    try:
        outcome = await CASES[name](plan)
        if plan.against and name not in COMPARED:
            outcome.notes.append("other checkouts are not measured here")
        return outcome
    except (ServerFailedError, ValueError) as error:
        return Outcome("broken off", (), faults=[str(error)])
    except grpc.aio.AioRpcError as error:
        return Outcome("broken off", (), faults=[f"{error.code().name}: {error.details()}"])


def main() -> int:
    """Run the cases; return the process's status."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        outcomes = runner.run(_measure(_arguments()))
    click.echo(f"\n{summary(outcomes)}")
    return 1 if any(outcome.failures for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
