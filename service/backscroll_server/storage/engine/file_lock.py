"""A lock that lets only one process at a time serve or copy a SQLite file, by whatever name the file is opened."""

import os
import struct
import sys
from pathlib import Path
from typing import Final

import apsw

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.storage.engine.file_problems import FileMovedError, FileProblemError
from backscroll_server.storage.engine.private_file import create_private

# Far behind the bytes that SQLite locks, and behind the end of every file.
_LOCKED_BYTE: Final = 2**62

# The identities of the files that this process has locked. Opening and closing one of them once more would drop the
# locks that SQLite has on it, so it must be known before.
_locked_here: set[tuple[int, int]] = set()


class FileLock:
    """A lock on a SQLite file, taken at once and kept until `release` or the end of the process, also by a crash.

    While one process has the lock, no other can take it, so none serves or copies the file. Programs that only read the
    database do not need the lock.

    It has two parts. One is an exclusive SQLite transaction on an empty file named like the database with `-lock` at
    the end, so it works on every system on which SQLite does. The other one, on Linux, is on the file itself, so it
    holds for every name of the file, also where that is a hard link.

    Args:
        path: the path of the database file, which is created, empty, where it does not exist.

    Raises:
        RefusedError: `DATABASE_IN_USE` where another process, or another `FileLock` in this one, has the lock.
        FileProblemError: where one of the two files cannot be created or opened.
    """

    def __init__(self, path: str) -> None:
        self._path = str(Path(path).absolute())
        self._file = -1
        create_private(path)
        # By whatever name the file is opened, the lock is the same.
        beside = f"{Path(path).resolve()}-lock"
        create_private(beside)
        self._identity = self._identity_at_path()
        try:
            # Of the library that opens the database too: of two in one process, each drops the locks of the other.
            self._connection = apsw.Connection(beside)
        except apsw.Error as error:
            raise FileProblemError(f"cannot open {beside}: {error}") from error
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
            self._lock_file()
        except (BlockingIOError, apsw.BusyError):
            self.release()
            raise _in_use(path) from None
        except apsw.Error as error:
            self.release()
            raise FileProblemError(f"cannot lock {beside}: {error}") from error
        except BaseException:
            self.release()
            raise

    def require_in_place(self) -> None:
        """Raise an error where the path does not lead to the locked file any more. Cost: one `stat`.

        Raises:
            FileMovedError: where the file was deleted, moved or replaced by another one.
        """
        if self._identity_at_path() != self._identity:
            raise FileMovedError(f"{self._path} was replaced by another file while it was served")

    def release(self) -> None:
        """Release the lock, so that another process can take it. No connection to the file may be open any more."""
        self._connection.close()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            _locked_here.discard(self._identity)

    def _identity_at_path(self) -> tuple[int, int]:
        try:
            found = os.stat(self._path)  # noqa: PTH116 - for every transaction: half the time of a `Path`
        except OSError as error:
            raise FileMovedError(f"{self._path} is gone: {error.strerror}") from error
        return found.st_dev, found.st_ino

    def _lock_file(self) -> None:
        """Lock one byte of the database file, by which the system knows the file whatever its name is.

        Raises:
            BlockingIOError: where this or another process has locked it.
            FileProblemError: where the file cannot be opened for writing.
        """
        if sys.platform != "linux":
            return
        import fcntl

        if self._identity in _locked_here:
            raise BlockingIOError
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise FileProblemError(f"cannot open {self._path} for writing: {error.strerror}") from error
        try:
            opened = os.fstat(file)
            self._identity = opened.st_dev, opened.st_ino
            # A lock of the open file and not of the process: those of SQLite in this process do not touch it.
            request = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, _LOCKED_BYTE, 1, 0)
            fcntl.fcntl(file, fcntl.F_OFD_SETLK, request)
        except BaseException:
            os.close(file)
            raise
        self._file = file
        _locked_here.add(self._identity)


def _in_use(path: str) -> RefusedError:
    return RefusedError(Refusal.DATABASE_IN_USE, f"another process uses {path}: a server, or a copy; stop it first")
