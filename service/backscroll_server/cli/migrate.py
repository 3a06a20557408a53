"""The command `backscroll migrate`: it brings a database to this version's schema."""

import click

from backscroll_server.cli.database_options import database_options
from backscroll_server.storage.upkeep.migrate import migrate


@click.command("migrate")
@database_options
def command(database: str, *, prepare_statements: bool) -> None:
    """Bring a database to this version's schema, as `serve` also does when it starts."""
    applied = migrate(database, prepare_statements=prepare_statements)
    for name in applied:
        click.echo(f"applied {name}")
    click.echo(f"migrated: {len(applied)} applied" if applied else "migrated: nothing to do")
