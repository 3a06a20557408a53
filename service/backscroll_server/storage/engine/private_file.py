"""Files that only their owner may read and write."""

import os
from pathlib import Path

from backscroll_server.storage.engine.file_problems import FileProblemError


def create_private(path: str) -> None:
    """Create an empty file that only its owner may read and write; do nothing where there is a file.

    SQLite gives the files beside a database, its write-ahead log among them, the permissions of the database.

    Args:
        path: the path of the file; where it is a symbolic link, that of the file that it leads to is created.

    Raises:
        FileProblemError: where the file cannot be created, or there is something else than a file.
    """
    resolved = Path(path).resolve()
    try:
        # Never opened where it exists: closing it would drop the locks that SQLite has on it in this process.
        os.close(os.open(resolved, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if not resolved.is_file():
            raise FileProblemError(f"cannot open {path}: it is not a file") from None
    except OSError as error:
        raise FileProblemError(f"cannot create {path}: {error.strerror}") from error
