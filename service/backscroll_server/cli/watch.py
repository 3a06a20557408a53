"""The command `backscroll watch`: it prints a user's events as they happen."""

from collections.abc import Iterator
from itertools import islice

import click

from backscroll.v1 import conversation_pb2, deletion_pb2, event_pb2, event_service_pb2, user_pb2
from backscroll_server.cli.client import Client, connect, one_line, printable, value_name
from backscroll_server.cli.connection import Connection, connection_options


@click.command("watch")
@click.argument("user")
@click.option("--from", "token", default="", metavar="TOKEN", help="Resume token to continue from; from now if none.")
@click.option("-n", "--count", type=click.IntRange(min=1), help="End after so many events; else with Ctrl-C.")
@connection_options
def command(user: str, token: str, count: int | None, connection: Connection) -> None:
    """Show every change for USER as it happens. Times are UTC.

    The last line has a token from which another run goes on, missing nothing.
    """
    shown = 0
    stream = _Stream(token)
    with connect(connection) as client:
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
        request = event_service_pb2.WatchEventsRequest(user_id=user, resume_token=self.token)
        for response in client.events.WatchEvents(request):
            for number, event in enumerate(response.events, start=1):
                if number == len(response.events):
                    self.token = response.resume_token
                yield event
            self.token = response.resume_token


def _line(event: event_pb2.Event) -> str:
    kind = event.WhichOneof("kind") or "unknown"
    time = click.style(f"{event.event_time.ToDatetime():%Y-%m-%d %H:%M:%S}", dim=True)
    notes = [f"by {printable(event.device_id)}"] if event.device_id else []
    notes += ["notify"] if event.notify else []
    note = f"  ({', '.join(notes)})" if notes else ""
    return f"{time}  {click.style(kind.replace('_', ' '), bold=True)}  {_shown(event, kind)}{note}"


def _shown(event: event_pb2.Event, kind: str) -> str:
    match kind:
        case "message_received":
            message = event.message_received.message
            shown = f"{printable(message.conversation_id)} {printable(message.sender_id)}: {one_line(message)}"
        case "conversation_added" | "conversation_changed":
            shown = _conversation(getattr(event, kind).conversation)
        case "conversation_removed":
            shown = _removed(event.conversation_removed)
        case "messages_deleted":
            shown = _deleted(event.messages_deleted)
        case "read_position_moved":
            moved = event.read_position_moved
            shown = f"{printable(moved.conversation_id)} {printable(moved.reader_id)} has read to {moved.read_sequence}"
        case "history_changed":
            history = event.history_changed
            sequences = f"{history.first_sequence} to {history.last_sequence}"
            shown = f"{printable(history.conversation_id)} {sequences}, {value_name(history, 'reason')}"
        case "members_changed":
            shown = _members(event.members_changed)
        case "total_unread_changed":
            shown = _totals(event.total_unread_changed.totals)
        case "user_settings_changed":
            shown = value_name(event.user_settings_changed.settings, "receive_option")
        case _:
            shown = ""
    return shown


def _conversation(conversation: conversation_pb2.Conversation) -> str:
    listed = ", not in the list" if conversation.unlisted else ""
    return f"{printable(conversation.conversation_id)} {conversation.unread_count} unread{listed}"


def _removed(removed: event_pb2.ConversationRemoved) -> str:
    what = f"for {value_name(removed, 'scope')} by {printable(removed.deleted_by)}"
    cleared = f", history {_range(removed.cleared_range)} gone" if removed.HasField("cleared_range") else ""
    return f"{printable(removed.conversation_id)} {what}{cleared}"


def _deleted(deleted: event_pb2.MessagesDeleted) -> str:
    match deleted.WhichOneof("target"):
        case "messages":
            what = ", ".join(printable(message.message_id) for message in deleted.messages.messages)
        case "range":
            what = f"all {_range(deleted.range)}"
        case _:
            what = "unknown which"
    how = f"{value_name(deleted, 'reason')} for {value_name(deleted, 'scope')}"
    return f"{printable(deleted.conversation_id)} {what}, {how}"


def _range(deleted: deletion_pb2.DeletedRange) -> str:
    return f"up to {deleted.up_to_sequence}"


def _members(changed: event_pb2.MembersChanged) -> str:
    joined = [f"{printable(member.user_id)} joined" for member in changed.joined_members]
    updated = [f"{printable(member.user_id)} is {value_name(member, 'role')}" for member in changed.updated_members]
    left = [f"{printable(user_id)} left" for user_id in changed.left_user_ids]
    what = ", ".join((*joined, *updated, *left))
    return f"{printable(changed.conversation_id)} {what}, by {printable(changed.actor_id)}"


def _totals(totals: user_pb2.UnreadTotals) -> str:
    return (
        f"{totals.unread_count} unread in {totals.unread_conversation_count} conversations, "
        f"{totals.muted_unread_count} muted, {totals.unread_mention_count} mentions"
    )
