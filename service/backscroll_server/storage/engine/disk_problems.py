"""Problems of a database's disk: how the drivers report them, and the errors that callers get."""

import os
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

import peewee

from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.storage.engine.file_problems import FileProblemError


class _Described(NamedTuple):
    """The words for a problem.

    Attributes:
        reason: the reason that callers get.
        sentence: the beginning of a sentence for callers and for the log.
    """

    reason: Reason
    sentence: str


class DiskProblem(Enum):
    """A kind of problem of the disk that a database lies on."""

    FULL = _Described(Reason.DISK_FULL, "the disk is full")
    IO_ERROR = _Described(Reason.DATABASE_UNAVAILABLE, "the disk reports errors")
    READ_ONLY = _Described(Reason.DATABASE_READ_ONLY, "the database cannot be written to")
    CORRUPT = _Described(Reason.DATABASE_CORRUPT, "the database is damaged")


# By the primary code, the low byte of a code of SQLite.
_SQLITE: Final = {
    8: DiskProblem.READ_ONLY,
    10: DiskProblem.IO_ERROR,
    11: DiskProblem.CORRUPT,
    13: DiskProblem.FULL,
    26: DiskProblem.CORRUPT,  # The file is not a database.
}

# A server that takes no writes (25006) is no problem of a disk: another one is looked for.
_POSTGRES: Final = {
    "53100": DiskProblem.FULL,
    "58030": DiskProblem.IO_ERROR,
    "XX001": DiskProblem.CORRUPT,
    "XX002": DiskProblem.CORRUPT,
}


def problem_of(error: BaseException) -> DiskProblem | None:
    """Return the problem of the disk that a driver's error reports; None where it reports something else.

    Args:
        error: the driver's error, or one of Peewee or of opening a file that was raised for it.
    """
    cause: BaseException | None = error
    # These say no more than the family of the driver's error, which they have as their context.
    while isinstance(cause, (peewee.PeeweeException, FileProblemError)):
        cause = cause.__context__
    code: int | None = getattr(cause, "result", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    return _POSTGRES.get(getattr(cause, "sqlstate", None) or "")


def unavailable_error(problem: DiskProblem, *, committing: bool = False) -> UnavailableError:
    """Return the error for a call that met a problem of the disk.

    Args:
        problem: the problem.
        committing: whether a transaction was being committed. Then it may be stored, unless there was no room for it:
            where only the last step failed, a database that crashes now may find all of it afterwards.
    """
    reason, sentence = problem.value
    if committing and problem is not DiskProblem.FULL:
        return UnavailableError(
            reason,
            f"{sentence}; this may be stored or not, and a client_message_id makes it safe to try again",
            applied="unknown",
        )
    return UnavailableError(reason, f"{sentence}; nothing was changed, try again later", applied="no")


def is_read_only_disk(path: str) -> bool:
    """Return whether the disk that a path leads to takes no writes, as one that its system has given up."""
    try:
        return bool(os.statvfs(Path(path).resolve().parent).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def why_unwritable(path: str) -> str | None:
    """Return why a file may not be written, with its log beside it; None where it may.

    A file without a permission to write for anybody is not to be written, even where the system lets this user do it.
    """
    file = Path(path).resolve()
    mode = file.stat().st_mode & 0o777
    if not mode & 0o222:
        return f"its permissions are {mode:04o}"
    if is_read_only_disk(path):
        return "its disk is read-only"
    if not os.access(file, os.W_OK):
        return "this user has no permission to"
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return f"this user may make no file in {file.parent}, where its log belongs"
    return None
