"""The `backscroll` command, with its sub-commands."""

import sys
from importlib import import_module
from typing import Final

import click

COMMANDS: Final = {
    "serve": "backscroll_server.cli.serve",
    "migrate": "backscroll_server.cli.migrate",
    "check": "backscroll_server.cli.check",
    "copy": "backscroll_server.cli.copy",
    "mend-time": "backscroll_server.cli.mend_time",
    "key": "backscroll_server.cli.key",
    "token": "backscroll_server.cli.token",
    "send": "backscroll_server.cli.send",
    "list": "backscroll_server.cli.list_conversations",
    "tail": "backscroll_server.cli.tail",
    "watch": "backscroll_server.cli.watch",
    "contract": "backscroll_server.cli.contract",
}
IMPORTS: Final = {"irc": "backscroll_server.cli.import_irc"}


class LazyGroup(click.Group):
    """A group of commands that imports the module of a command only when the command is run or described.

    Importing the modules of all commands would take half a second, for grpc and the database.

    Args:
        name: the name of the group.
        modules: for each command, by its name, the name of the module that has it in the variable `command`.
        help_text: the description of the group.
    """

    def __init__(self, name: str, modules: dict[str, str], help_text: str) -> None:
        super().__init__(name, help=help_text)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted, without importing their modules."""
        return sorted({*super().list_commands(ctx), *self._modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with this name, whose module is imported now; None if there is no such command."""
        if cmd_name not in self._modules:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(self._modules[cmd_name]).command
        return command


backscroll = LazyGroup(
    "backscroll", COMMANDS, "The server-side store of chat conversations and their history, served over gRPC."
)
backscroll.add_command(LazyGroup("import", IMPORTS, "Import old history."))
backscroll = click.version_option(package_name="backscroll")(backscroll)


def main() -> None:
    """Run the `backscroll` command with the arguments of the process.

    An error ends the process with a status that is not 0; the last line on standard error is its reason.
    """
    try:
        backscroll(prog_name="backscroll")
    except Exception as error:  # noqa: BLE001 - the last line must be the reason, whatever it is
        click.echo(f"failed: {error or type(error).__name__}", err=True)
        sys.exit(1)
