"""Finds the log files in what a command line names: files, folders and tar archives."""

import datetime as dt
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from backscroll_server.cli.irc.log_format import log_date


class LogFilesError(Exception):
    """The files named cannot be imported; the text says why."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """One day of a channel."""

    date: dt.date
    """The day, from the name."""
    name: str
    """The file's own name, without folders, so that a message's id does not depend on where the file lies."""
    size: int
    """Bytes."""
    read: Callable[[], bytes]
    """Gives the content."""


def find_log_files(paths: Iterable[Path]) -> list[LogFile]:
    """Find all log files, in the order to import: by date, then by name.

    In folders and archives, files without a date in their name are passed over; one that is named itself must have one.
    The files of an archive are kept in memory, because a compressed archive can only be read from start to end.

    Args:
        paths: Text files, folders (searched to the bottom) or tar archives (compressed or not).

    Returns:
        The files; names are unique.

    Raises:
        LogFilesError: A file cannot be read, has no date, or has the name of another; or there is none at all.
    """
    found: dict[str, LogFile] = {}
    for path in paths:
        try:
            files = list(_files_of(path))
        except (OSError, tarfile.TarError, EOFError) as error:
            raise LogFilesError(f"cannot read {path}: {error}") from error
        for file in files:
            if file.name in found:
                raise LogFilesError(f"two log files are named {file.name}")
            found[file.name] = file
    if not found:
        raise LogFilesError("no log file with a date (as 2004-12-25) in its name")
    return sorted(found.values(), key=lambda file: (file.date, file.name))


def _files_of(path: Path) -> Iterator[LogFile]:
    if path.is_dir():
        for inner in path.rglob("*"):
            if inner.is_file() and (date := log_date(inner.name)):
                yield LogFile(date, inner.name, inner.stat().st_size, inner.read_bytes)
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive:
                name = PurePosixPath(member.name).name
                content = archive.extractfile(member) if member.isfile() else None
                if content and (date := log_date(name)):
                    data = content.read()
                    yield LogFile(date, name, len(data), lambda data=data: data)  # type: ignore[misc]
    elif date := log_date(path.name):
        yield LogFile(date, path.name, path.stat().st_size, path.read_bytes)
    else:
        raise LogFilesError(f"no date (as 2004-12-25) in the name of {path}")
