"""The command `backscroll list`: it prints a user's list of conversations as a table."""

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from backscroll.v1 import conversation_pb2, conversation_service_pb2, user_service_pb2
from backscroll_server.cli.client import CALL_SECONDS, Client, connect, one_line, printable, shown_time
from backscroll_server.cli.connection import Connection, connection_options
from backscroll_server.domain import limits

# Wide enough for an id and a line of text where nobody's window sets a width, as in a pipe.
_WIDTH_WITHOUT_TERMINAL = 160


@click.command("list")
@click.argument("user")
@click.option(
    "-n", "--count", default=20, show_default=True, type=click.IntRange(min=1), help="Number of conversations."
)
@click.option("--unread", is_flag=True, help="Only conversations with unread messages.")
@connection_options
def command(user: str, count: int, unread: bool, connection: Connection) -> None:
    """Show the conversations of USER in the order of the list: pinned first, then the latest active."""
    with connect(connection) as client:
        conversations, matching = _first_conversations(client, user, count, unread_only=unread)
        unread_in_all = _unread_in_all(client, user) if len(conversations) < matching else 0
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_WITHOUT_TERMINAL)
    if conversations:
        console.print(_table_of(conversations))
    if len(conversations) < matching:
        shown = f"{len(conversations)} of {matching} conversations of {printable(user)}"
        click.echo(f"{shown}, {unread_in_all} unread messages in all")
        return
    unread_total = sum(conversation.unread_count for conversation in conversations)
    click.echo(f"{len(conversations)} conversations of {printable(user)}, {unread_total} unread messages")


def _unread_in_all(client: Client, user: str) -> int:
    """Return the number of the user's unread messages in all listed conversations but chat rooms and blocked ones."""
    request = user_service_pb2.GetUnreadSummaryRequest(user_id=user)
    totals = client.users.GetUnreadSummary(request, timeout=CALL_SECONDS).totals
    unread: int = totals.unread_count + totals.muted_unread_count
    return unread


def _first_conversations(
    client: Client, user: str, count: int, *, unread_only: bool
) -> tuple[list[conversation_pb2.Conversation], int]:
    """Return the first conversations of the list, and how many there are in all."""
    request = conversation_service_pb2.ListConversationsRequest(
        user_id=user,
        page_size=min(count, limits.LIST_PAGE_MAX),
        filter=conversation_service_pb2.ConversationFilter(unread_only=unread_only),
        include_total_size=True,
    )
    # By id: at its end a walk gives once more what rose meanwhile, and the later state counts.
    found: dict[str, conversation_pb2.Conversation] = {}
    total = 0
    while True:
        page = client.conversations.ListConversations(request, timeout=CALL_SECONDS)
        found.update((conversation.conversation_id, conversation) for conversation in page.conversations)
        total = total or page.total_size
        request.include_total_size = False
        if not page.next_page_token or len(found) >= count:
            return list(found.values())[:count], total
        request.page_token = page.next_page_token


def _table_of(conversations: list[conversation_pb2.Conversation]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("conversation", no_wrap=True)
    table.add_column("name", no_wrap=True, max_width=24)
    table.add_column("pin", justify="center")
    table.add_column("unread", justify="right")
    table.add_column("mentions", justify="right")
    table.add_column("last message", no_wrap=True, overflow="ellipsis", ratio=1)
    for conversation in conversations:
        unread = str(conversation.unread_count) if conversation.unread_count else ""
        if conversation.marked_unread and not unread:
            unread = "marked"
        # Text and not str: a name with square brackets must not be taken for markup.
        table.add_row(
            Text(printable(conversation.conversation_id)),
            Text(printable(conversation.properties.name)),
            "*" if conversation.settings.pinned else "",
            unread,
            str(conversation.unread_mention_count or ""),
            Text(_last_line(conversation)),
        )
    return table


def _last_line(conversation: conversation_pb2.Conversation) -> str:
    if not conversation.HasField("last_message"):
        return ""
    message = conversation.last_message
    return f"{shown_time(message)} {printable(message.sender_id)}: {one_line(message)}"
