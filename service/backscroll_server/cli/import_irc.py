"""The command `backscroll import irc`: it imports the logs of an IRC channel into a group.

Each form of line (see `irc.log_format`) is handled in its own way:

- `<nick> text` is imported as a text message of `nick`.
- An action ("/me") is passed over. With `--include-actions` it is imported as a text message with the attribute `irc` =
  `action`.
- Joins, leaves, kicks and renames become changes of the group's members. Users who speak without having joined are
  added too: many were present before the log began. The service user creates the group and stays its owner; everyone
  else has the role `MEMBER`.
- Notices and odd lines are counted and passed over.

Messages are sent in chunks of 500, many chunks in one stream; the server stores a chunk whole or not at all. Members
are added and removed between streams (see `irc.plan`), so a member's window may begin or end some thousand messages
before or after the line of the log.

An import that was interrupted continues when it is run again. The `client_message_id` of every message is its file and
line, so the server skips messages that it has. The run first finds out how many messages of the log are stored, and
sends only the others if the group's history is the beginning of this log.
"""

import datetime as dt
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import click

from backscroll_server.cli.client import connect, printable
from backscroll_server.cli.connection import Connection, connection_options
from backscroll_server.cli.irc.files import LogFile, LogFilesError, find_log_files
from backscroll_server.cli.irc.log_format import Joined, Left, Notice, Odd, Renamed, Said
from backscroll_server.cli.irc.plan import LogMessage, folded, messages_of, segments_of
from backscroll_server.cli.irc.run import SEGMENT_MESSAGES, ImportRun
from backscroll_server.cli.progress_bar import progress_bar
from backscroll_server.domain.user_id_case import fold_user_id

_FILES_SHOWN = 20


@click.command("irc")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--channel", default="ubuntu", show_default=True, help="The group to import into: its source id.")
@click.option(
    "--user", default="irc-import", show_default=True, help="The service user who creates and owns the group."
)
@click.option("--include-actions", is_flag=True, help="Also import actions (/me).")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of all files without a date in their name, as 2004-12-25. Without it such files are passed over in "
    "folders and archives, and refused where they are named.",
)
@click.option(
    "--fold-case",
    is_flag=True,
    help="Take nicknames that differ only in case for one user: for a server with user_id_case fold.",
)
@connection_options
def command(
    files: tuple[Path, ...],
    channel: str,
    user: str,
    include_actions: bool,
    date: dt.datetime | None,
    fold_case: bool,
    connection: Connection,
) -> None:
    """Import logs of an IRC channel into a group.

    FILES are text files with the date in their name (as 2004-12-25.txt), folders, or tar archives of them. An import
    that was interrupted goes on where it was when it is run again.
    """
    began = time.monotonic()
    try:
        passed_over: list[str] = []
        logs = find_log_files(files, undated=date.date() if date else None, on_passed_over=passed_over.append)
        for line in _passed_over(passed_over):
            click.echo(line)
        scan = _scan(logs, include_actions=include_actions)
        click.echo(scan.summary)
        with connect(connection) as client:
            run = ImportRun(client, channel=channel, user=user)
            run.open_group()
            stored = run.count_stored(scan.message_ids)
            entries = messages_of(logs, include_actions=include_actions)
            if fold_case:
                entries, user = folded(entries), fold_user_id(user)
            segments = segments_of(entries, size=SEGMENT_MESSAGES, owner=user)
            with progress_bar("messages", len(scan.message_ids)) as on_progress:
                outcome = run.import_all(segments, stored=stored, on_progress=on_progress)
    except (LogFilesError, OSError) as error:
        raise click.ClickException(printable(str(error))) from error
    seconds = time.monotonic() - began
    click.echo(
        f"imported {outcome.imported} messages ({outcome.already_there} already there) by {len(outcome.senders)} "
        f"senders, {outcome.membership_changes} membership changes in {seconds:.1f} s: "
        f"{outcome.imported / seconds:.0f} messages/s"
    )


def _passed_over(undated: list[str]) -> list[str]:
    """Return the lines that name the files without a date, the first ones by their paths; no line if there are none."""
    if not undated:
        return []
    shown = [f"  {printable(path)}" for path in undated[:_FILES_SHOWN]]
    if len(undated) > _FILES_SHOWN:
        shown.append(f"  and {len(undated) - _FILES_SHOWN} more")
    return [
        f"passed over {len(undated)} files without a date (as 2004-12-25) in their name; --date gives theirs:",
        *shown,
    ]


@dataclass(frozen=True, slots=True)
class _Scan:
    """Summary of the log files, from reading them once."""

    message_ids: list[str]
    """The `client_message_id` of every message to import, in order."""
    summary: str
    """Line to print: how many lines there are of each kind."""


def _scan(logs: list[LogFile], *, include_actions: bool) -> _Scan:
    kinds = Counter[type]()
    ids: list[str] = []
    for entry in messages_of(logs, include_actions=include_actions):
        kinds[type(entry)] += 1
        if isinstance(entry, LogMessage):
            ids.append(entry.client_message_id)
    membership = kinds[Joined] + kinds[Left] + kinds[Renamed]
    summary = (
        f"{kinds.total()} lines in {len(logs)} files: {len(ids)} messages to import, {kinds[Said]} actions "
        f"passed over, {membership} joins, leaves and renames, {kinds[Notice]} notices, {kinds[Odd]} odd lines"
    )
    return _Scan(ids, summary)
