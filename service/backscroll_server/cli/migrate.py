"""`backscroll migrate`: brings a database to this version's schema."""

import click

from backscroll_server.settings import ENVIRONMENT_PREFIX, Settings
from backscroll_server.storage.migrate import migrate


@click.command("migrate")
@click.option(
    "--database",
    metavar="URL",
    envvar=f"{ENVIRONMENT_PREFIX}DATABASE",
    default=Settings.model_fields["database"].default,
    show_default=True,
    help=Settings.model_fields["database"].description,
)
def command(database: str) -> None:
    """Brings a database to this version's schema, as `serve` also does when it starts."""
    applied = migrate(database)
    for name in applied:
        click.echo(f"applied {name}")
    click.echo(f"migrated: {len(applied)} applied" if applied else "migrated: nothing to do")
