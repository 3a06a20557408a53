"""The settings of the database as options, for commands that open a database without serving it."""

from collections.abc import Callable
from typing import Any

import click

from backscroll_server.settings import ENVIRONMENT_PREFIX, Settings, unknown_variables

_DATABASE, _PREPARE = Settings.model_fields["database"], Settings.model_fields["prepare_statements"]


def _name_unknown_variables(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Print a line to standard error for each environment variable that is likely a misspelt setting."""
    for sentence in unknown_variables():
        click.echo(sentence, err=True)
    return value


def database_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options `--database` and `--prepare-statements` to a command.

    An absent option is taken from the environment variable of the setting, and else is the setting's default.
    """
    prepare = click.option(
        "--prepare-statements/--no-prepare-statements",
        envvar=f"{ENVIRONMENT_PREFIX}PREPARE_STATEMENTS",
        default=_PREPARE.default,
        show_default=True,
        help=_PREPARE.description,
    )
    database = click.option(
        "--database",
        metavar="URL",
        envvar=f"{ENVIRONMENT_PREFIX}DATABASE",
        default=_DATABASE.default,
        show_default=True,
        help=_DATABASE.description,
        callback=_name_unknown_variables,
    )
    return database(prepare(command))
