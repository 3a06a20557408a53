"""The command `backscroll check`: it verifies a database and compares every unread count with a recount."""

import click

from backscroll_server.cli.database_options import database_options
from backscroll_server.domain.clock import system_clock
from backscroll_server.services.upkeep.check import CheckReport, check_database

_PROBLEMS_SHOWN = 100


@click.command("check")
@database_options
def command(database: str, *, prepare_statements: bool) -> None:
    """Verify a database: the file, every sequence, and each unread count by a recount. Changes nothing."""
    report = check_database(database, now=system_clock(), prepare_statements=prepare_statements)
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        click.echo(problem)
    click.echo(_summary(report))
    if report.problems:
        raise SystemExit(1)


def _summary(report: CheckReport) -> str:
    found = f"{len(report.problems)} problems" if report.problems else "no problem"
    return (
        f"checked {report.conversations} conversations, {report.messages} messages, {report.views} unread counts, "
        f"{report.changes} changes: {found}"
    )
