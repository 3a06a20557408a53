"""The command `backscroll copy`: it copies a database from SQLite to PostgreSQL."""

import time

import click

from backscroll_server.cli.progress_bar import progress_bar
from backscroll_server.domain.clock import system_clock
from backscroll_server.services.upkeep.copy import open_copy

_PROBLEMS_SHOWN = 100


@click.command("copy")
@click.argument("source", metavar="SQLITE_URL")
@click.argument("destination", metavar="POSTGRES_URL")
def command(source: str, destination: str) -> None:
    """Copy a whole database from SQLite to PostgreSQL, and check both.

    SQLITE_URL is sqlite:///absolute/path or sqlite:path. No server may run on it; the file stays as it is.

    POSTGRES_URL is postgresql://USER@HOST:PORT/NAME of an empty database. Others see what a command line holds: a
    password is better given in PGPASSWORD or a password file.

    Ids, tokens and secrets stay valid. A copy that was interrupted goes on where it stopped when the same command is
    run again; until it is finished, nothing serves the destination.
    """
    began = time.monotonic()
    with open_copy(source, destination) as copy:
        with progress_bar("rows", copy.total) as on_progress:
            copied = copy.copy_rows(on_progress)
        seconds = time.monotonic() - began
        click.echo(f"{copied} rows in {seconds:.1f} s: {copied / seconds:.0f} rows/s; checking both databases")
        verified = copy.verify_and_finish(system_clock())
    for problem in verified.problems[:_PROBLEMS_SHOWN]:
        click.echo(problem)
    found = f"{len(verified.problems)} problems, so it is not finished" if verified.problems else "no problem"
    click.echo(
        f"copied {copied} rows ({copy.already_there} already there), {verified.conversations} conversations, "
        f"{verified.messages} messages in {time.monotonic() - began:.1f} s: {found}"
    )
    if verified.problems:
        raise SystemExit(1)
