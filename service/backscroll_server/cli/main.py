"""The `backscroll` command and its parts."""

import sys
from importlib import import_module
from typing import Final

import click

COMMANDS: Final = {
    "serve": "backscroll_server.cli.serve",
    "migrate": "backscroll_server.cli.migrate",
    "check": "backscroll_server.cli.check",
    "copy": "backscroll_server.cli.copy",
    "list": "backscroll_server.cli.list_conversations",
    "tail": "backscroll_server.cli.tail",
    "watch": "backscroll_server.cli.watch",
}
IMPORTS: Final = {"irc": "backscroll_server.cli.import_irc"}


class LazyGroup(click.Group):
    """A group that loads a command when it is asked for, because loading grpc and a database takes half a second.

    Args:
        modules: the commands' names and the modules that hold them, each as `command`.
    """

    def __init__(self, name: str, modules: dict[str, str], help_text: str) -> None:
        super().__init__(name, help=help_text)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, loaded or not."""
        return sorted({*super().list_commands(ctx), *self._modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
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
    """Run the command line; a failure ends it with a last line that says why, and a status that is not 0."""
    try:
        backscroll(prog_name="backscroll")
    except Exception as error:  # noqa: BLE001 - the last line must be the reason, whatever it is
        click.echo(f"failed: {error or type(error).__name__}", err=True)
        sys.exit(1)
