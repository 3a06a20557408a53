"""The command `backscroll send`: it sends a text message."""

from uuid import uuid4

import click

from backscroll.v1 import message_pb2, message_service_pb2
from backscroll_server.cli.client import CALL_SECONDS, connect, parse_conversation, printable
from backscroll_server.cli.connection import Connection, connection_options


@click.command("send")
@click.argument("conversation")
@click.argument("text")
@click.option("--user", required=True, help="The user who sends.")
@connection_options
def command(conversation: str, text: str, user: str, connection: Connection) -> None:
    """Send TEXT to CONVERSATION; a conversation with one user is created by that.

    CONVERSATION is an id (as g:ubuntu), or single:USER, group:SOURCE, room:SOURCE or system:SOURCE.
    """
    request = message_service_pb2.SendMessageRequest(
        user_id=user,
        conversation=parse_conversation(conversation),
        message=message_pb2.OutgoingMessage(
            content=message_pb2.Content(text=message_pb2.TextContent(text=text)), client_message_id=str(uuid4())
        ),
    )
    with connect(connection) as client:
        sent = client.messages.SendMessage(request, timeout=CALL_SECONDS).message
    click.echo(f"sent message {sent.sequence} of {printable(sent.conversation_id)}: {sent.message_id}")
