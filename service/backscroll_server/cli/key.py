"""The command `backscroll key new`: it makes service keys."""

import os
from pathlib import Path

import click

from backscroll_server.identity.service_keys import key_line, new_key, require_name


@click.group("key")
def command() -> None:
    """Make service keys, for the mode `key` of authentication."""


@command.command("new")
@click.argument("name")
@click.option(
    "--add-to",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The server's key file: the digest of the key is added there, and not the key. It is made if it is missing.",
)
def new(name: str, add_to: Path | None) -> None:
    """Print a new key for the service NAME, once: it is kept nowhere.

    Without --add-to, the line for the server's key file is printed to standard error.
    """
    try:
        require_name(name)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    key = new_key()
    line = key_line(name, key)
    if add_to is None:
        click.echo(f"for the server's key file: {line}", err=True)
    else:
        with os.fdopen(os.open(add_to, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{line}\n")
    click.echo(key)
