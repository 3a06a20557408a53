"""The command `backscroll check`: it verifies a database and compares every unread count with a recount."""

import click

from backscroll_server.cli.database_options import database_options
from backscroll_server.domain.clock import system_clock
from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.services.upkeep.check import CheckReport, check_database

_PROBLEMS_SHOWN = 100


@click.command("check")
@click.option("--allow-empty", is_flag=True, help="Succeed also where there is nothing in the database.")
@database_options
def command(database: str, *, prepare_statements: bool, allow_empty: bool) -> None:
    """Verify a database: the file, every sequence, and each unread count by a recount. Changes nothing.

    A database without anything in it fails, because it is likely not the one that was meant.
    """
    report = check_database(database, now=system_clock(), prepare_statements=prepare_statements)
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        click.echo(problem)
    click.echo(_summary(report))
    if report.problems:
        raise SystemExit(1)
    if report.is_empty and not allow_empty:
        raise RefusedError(
            Refusal.DATABASE_EMPTY,
            "there is nothing in the database; is it the right one? --allow-empty allows that",
        )


def _summary(report: CheckReport) -> str:
    found = f"{len(report.problems)} problems" if report.problems else "no problem"
    return (
        f"checked {report.conversations} conversations, {report.messages} messages, {report.views} unread counts, "
        f"{report.changes} changes: {found}"
    )
