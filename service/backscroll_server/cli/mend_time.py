"""The command `backscroll mend-time`: it brings the time of a database back after a clock that ran ahead."""

import click

from backscroll_server.cli.database_options import database_options
from backscroll_server.domain.clock import system_clock
from backscroll_server.services.upkeep.mend_time import mend_time


@click.command("mend-time")
@database_options
def command(database: str, *, prepare_statements: bool) -> None:
    """Date changes that lie ahead of this machine's clock to now, so that time goes on from there.

    For a database whose server's clock ran ahead. Stop the servers first. Messages keep their times and their order.
    """
    mended = mend_time(database, now=system_clock(), prepare_statements=prepare_statements)
    click.echo(f"mended: {mended} changes lay ahead of the clock" if mended else "mended: no change lay ahead")
