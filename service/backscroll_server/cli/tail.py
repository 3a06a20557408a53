"""The command `backscroll tail`: it prints the newest messages of a conversation."""

import click

from backscroll_server.cli.client import (
    connect,
    one_line,
    parse_conversation,
    printable,
    shown_time,
    walk_up,
)
from backscroll_server.cli.connection import Connection, connection_options


@click.command("tail")
@click.argument("conversation")
@click.option("--user", required=True, help="The reading user: the history is shown as this user may see it.")
@click.option("-n", "--count", default=20, show_default=True, type=click.IntRange(min=1), help="Number of messages.")
@connection_options
def command(conversation: str, user: str, count: int, connection: Connection) -> None:
    """Show the newest messages of CONVERSATION, oldest first.

    CONVERSATION is an id (as g:ubuntu), or single:USER, group:SOURCE, room:SOURCE or system:SOURCE. Times are UTC.
    """
    with connect(connection) as client:
        messages = list(walk_up(client, user, parse_conversation(conversation), limit=count))
    messages.reverse()
    for message in messages:
        time, sender = shown_time(message), printable(message.sender_id)
        click.echo(f"{click.style(time, dim=True)}  {click.style(sender, bold=True)}  {one_line(message)}")
    if messages:
        range_shown = f"sequences {messages[0].sequence} to {messages[-1].sequence}"
        click.echo(f"{len(messages)} messages of {printable(conversation)}, {range_shown}")
    else:
        click.echo(f"0 messages of {printable(conversation)}")
