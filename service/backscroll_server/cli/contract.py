"""The command `backscroll contract`: it runs the contract's scenarios against any server."""

import asyncio
from pathlib import Path

import click

from backscroll_server.cli.client import printable
from backscroll_server.contract.loading import (
    Credentials,
    InvalidFileError,
    default_folder,
    load_credentials,
    load_suite,
)
from backscroll_server.contract.report import FAILED, to_json, to_junit, to_lines
from backscroll_server.contract.run import CannotBeginError, Target, run_suite

_CANNOT_BEGIN = 2

_READ_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WRITTEN_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("contract")
@click.option(
    "--target",
    default="127.0.0.1:50051",
    show_default=True,
    metavar="HOST:PORT",
    help="The server to hold against them.",
)
@click.option("--tls-ca", type=_READ_FILE, help="The authority of the server's certificate, in PEM; else plain text.")
@click.option(
    "--credentials", type=_READ_FILE, help="The callers, and what the server has; else anonymous ones, and nothing."
)
@click.option(
    "--scenarios",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the scenarios; else those of this version of the contract.",
)
@click.option("--service-config", type=_READ_FILE, help="gRPC's service config in JSON; without it no call is retried.")
@click.option("--only", default="", metavar="TEXT", help="Run the scenarios whose names contain the text.")
@click.option(
    "--parallel", type=click.IntRange(min=1), default=8, show_default=True, help="Scenarios that run at a time."
)
@click.option("--report", type=_WRITTEN_FILE, help="Write the results there, in JSON.")
@click.option("--junit", type=_WRITTEN_FILE, help="Write the results there, in JUnit's XML.")
def command(
    target: str,
    tls_ca: Path | None,
    credentials: Path | None,
    folder: Path | None,
    service_config: Path | None,
    only: str,
    parallel: int,
    report: Path | None,
    junit: Path | None,
) -> None:
    """Run the scenarios of the contract against any server of it, also another implementation.

    The exit status is 0 where no scenario failed, 1 where one did, 2 where the run could not begin.
    """
    server = Target(
        target,
        tls_ca.read_bytes() if tls_ca else None,
        service_config.read_text(encoding="utf-8") if service_config else "",
    )
    try:
        suite = load_suite(folder or default_folder()).only(only)
        callers = load_credentials(credentials) if credentials else Credentials()
        results = asyncio.run(run_suite(suite, server, callers, parallel=parallel))
    except (InvalidFileError, CannotBeginError) as error:
        click.echo(f"failed: {printable(str(error))}", err=True)
        raise SystemExit(_CANNOT_BEGIN) from error
    for line in to_lines(results):
        click.echo(printable(line))
    if report:
        report.write_text(to_json(results), encoding="utf-8")
    if junit:
        junit.write_bytes(to_junit(results))
    if any(one.result == FAILED for one in results):
        raise SystemExit(1)
