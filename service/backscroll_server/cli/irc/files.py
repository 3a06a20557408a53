"""Search for log files in the paths of a command line: files, folders and tar archives."""

import datetime as dt
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from backscroll_server.cli.irc.log_format import log_date


class LogFilesError(Exception):
    """The given files cannot be imported; the text of the error is the reason."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """One log file: a day of a channel."""

    date: dt.date
    """The day of the log, from the date in the file's name."""
    name: str
    """The file's name without folders, so that the ids of its messages do not depend on the folder."""
    size: int
    """The size of the file in bytes."""
    read: Callable[[], bytes]
    """Function that returns the content of the file."""


def find_log_files(
    paths: Iterable[Path], *, undated: dt.date | None = None, on_passed_over: Callable[[str], object] = str
) -> list[LogFile]:
    """Return all log files at the given paths, in the order of the import: by date, then by name.

    In folders and archives, files without a date in their name are passed over, unless `undated` is given: then every
    file is taken for a log. The contents of an archive's files are kept in memory, because a compressed archive can
    only be read from start to end.

    Args:
        paths: Text files with a date in their name, folders (searched with all their sub-folders) or tar archives
            (compressed or not).
        undated: The day of the files without a date in their name; None if they are not imported.
        on_passed_over: Called with the path of each file that is passed over.

    Returns:
        The log files; no two have one name.

    Raises:
        LogFilesError: Where a path cannot be read, a file among the paths has no date, two log files have one name,
            or there is no log file.
    """
    found: dict[str, LogFile] = {}
    for path in paths:
        try:
            files = list(_files_of(path, undated, on_passed_over))
        except (OSError, tarfile.TarError, EOFError) as error:
            raise LogFilesError(f"cannot read {path}: {error}") from error
        for file in files:
            if file.name in found:
                raise LogFilesError(f"two log files are named {file.name}")
            found[file.name] = file
    if not found:
        raise LogFilesError("no log file with a date (as 2004-12-25) in its name")
    return sorted(found.values(), key=lambda file: (file.date, file.name))


def _files_of(path: Path, undated: dt.date | None, on_passed_over: Callable[[str], object]) -> Iterator[LogFile]:
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if not inner.is_file():
                continue
            if not (date := log_date(inner.name) or undated):
                on_passed_over(str(inner))
            else:
                yield LogFile(date, inner.name, inner.stat().st_size, inner.read_bytes)
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive:
                name = PurePosixPath(member.name).name
                content = archive.extractfile(member) if member.isfile() else None
                if content is None:
                    continue
                if not (date := log_date(name) or undated):
                    on_passed_over(f"{path}: {member.name}")
                else:
                    data = content.read()
                    yield LogFile(date, name, len(data), lambda data=data: data)  # type: ignore[misc]
    elif date := log_date(path.name) or undated:
        yield LogFile(date, path.name, path.stat().st_size, path.read_bytes)
    else:
        raise LogFilesError(f"no date (as 2004-12-25) in the name of {path}: give its day by --date")
