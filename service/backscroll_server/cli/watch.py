"""The command `backscroll watch`: it prints a user's events as they happen."""

from collections.abc import Iterator
from itertools import islice

import click

from backscroll.v1 import conversation_pb2, conversation_service_pb2, event_pb2, event_service_pb2
from backscroll_server.cli.client import Client, connect, one_line, printable, target_option


@click.command("watch")
@click.argument("user")
@click.option("--from", "token", default="", metavar="TOKEN", help="Resume token to continue from; from now if none.")
@click.option("-n", "--count", type=click.IntRange(min=1), help="End after so many events; else with Ctrl-C.")
@target_option
def command(user: str, token: str, count: int | None, target: str) -> None:
    """Show every change for USER as it happens. Times are UTC.

    The last line has a token from which another run goes on, missing nothing.
    """
    shown = 0
    stream = _Stream(token)
    with connect(target) as client:
        try:
            for event in islice(stream.events(client, user), count):
                shown += 1
                click.echo(_line(event))
        except KeyboardInterrupt:
            click.echo()
    click.echo(f"{shown} events of {printable(user)}, go on with --from {stream.token}")


class _Stream:
    """A watch of one user's events, with the resume token from which another watch would continue it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def events(self, client: Client, user: str) -> Iterator[event_pb2.Event]:
        """Yield the user's events as they happen, without end.

        With the last event of a response, `token` becomes the resume token of that response.

        Raises:
            grpc.RpcError: Where the call fails.
        """
        request = event_service_pb2.WatchRequest(user_id=user, resume_token=self.token)
        for response in client.events.Watch(request):
            for number, event in enumerate(response.events, start=1):
                if number == len(response.events):
                    self.token = response.resume_token
                yield event
            self.token = response.resume_token


def _line(event: event_pb2.Event) -> str:
    kind = event.WhichOneof("kind") or "unknown"
    time = click.style(f"{event.time.ToDatetime():%Y-%m-%d %H:%M:%S}", dim=True)
    notes = [f"by {printable(event.device_id)}"] if event.device_id else []
    notes += ["notify"] if event.notify else []
    note = f"  ({', '.join(notes)})" if notes else ""
    return f"{time}  {click.style(kind.replace('_', ' '), bold=True)}  {_shown(event, kind)}{note}"


def _shown(event: event_pb2.Event, kind: str) -> str:
    match kind:
        case "message_received":
            message = event.message_received.message
            return f"{printable(message.conversation_id)} {printable(message.sender_id)}: {one_line(message)}"
        case "conversation_added" | "conversation_changed":
            return _conversation(getattr(event, kind).conversation)
        case "conversation_removed":
            removed = event.conversation_removed
            cleared = f", history up to {removed.cleared_up_to_sequence} gone" if removed.cleared_up_to_sequence else ""
            return f"{printable(removed.conversation_id)}{cleared}"
        case "messages_deleted":
            deleted = event.messages_deleted
            what = ", ".join(deleted.message_ids) or f"all up to {deleted.up_to_sequence}"
            return f"{printable(deleted.conversation_id)} {what}"
        case "read_position_moved":
            moved = event.read_position_moved
            return f"{printable(moved.conversation_id)} {printable(moved.reader_id)} has read to {moved.read_sequence}"
        case "history_imported":
            imported = event.history_imported
            return f"{printable(imported.conversation_id)} {imported.first_sequence} to {imported.last_sequence}"
        case "total_unread_changed":
            return _totals(event.total_unread_changed.totals)
    return ""


def _conversation(conversation: conversation_pb2.Conversation) -> str:
    listed = ", not in the list" if conversation.unlisted else ""
    return f"{printable(conversation.conversation_id)} {conversation.unread_count} unread{listed}"


def _totals(totals: conversation_service_pb2.UnreadTotals) -> str:
    return (
        f"{totals.unread_count} unread in {totals.unread_conversation_count} conversations, "
        f"{totals.muted_unread_count} muted, {totals.mention_count} mentions"
    )
