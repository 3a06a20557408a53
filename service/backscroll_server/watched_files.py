"""Files that are read again when they have changed."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

Content = TypeVar("Content")


class WatchedFiles(Generic[Content]):
    """One file or several, and what was made of them. Later ones that cannot be used leave what was before in use.

    Args:
        paths: the paths of the files; a symbolic link is followed, as one that is replaced at a renewal.
        read: makes the content of the files' bytes; raises `ValueError` with a sentence where they cannot be used.
        what: what the files hold, for the log, as "service keys".

    Attributes:
        content: what was made of the files when they were last usable.

    Raises:
        ValueError: where a file cannot be read or used; the text names it.
    """

    def __init__(self, paths: Sequence[Path], read: Callable[..., Content], *, what: str) -> None:
        self._paths = paths
        self._read = read
        self._what = what
        self._refused = ""
        self._bytes = self._load()
        self.content = self._made(self._bytes)

    def refresh(self) -> bool:
        """Read the files again; return whether there is a new content.

        Files that cannot be read, or of which no content can be made, are logged once as an error.

        Cost: a read of each file.
        """
        try:
            found = self._load()
            if found == self._bytes:
                self._refused = ""
                return False
            self.content = self._made(found)
        except ValueError as error:
            if self._refused != str(error):
                logger.error("the %s before stay in use: %s", self._what, error)  # noqa: TRY400 - its text matters
                self._refused = str(error)
            return False
        self._bytes, self._refused = found, ""
        logger.info("new %s are in use, from %s", self._what, self._names())
        return True

    def _names(self) -> str:
        return ", ".join(map(str, self._paths))

    def _load(self) -> list[bytes]:
        try:
            return [path.read_bytes() for path in self._paths]
        except OSError as error:
            raise ValueError(f"{error.filename} cannot be read: {error.strerror}") from None

    def _made(self, contents: list[bytes]) -> Content:
        try:
            return self._read(*contents)
        except ValueError as error:
            raise ValueError(f"{self._names()}: {error}") from None


def require_private(path: Path) -> None:
    """Check that not everybody on the machine may read a file that holds secrets.

    Raises:
        ValueError: where others than its owner and group may read it, or it is not there.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    if mode & 0o007:
        raise ValueError(f"{path} may be read by everybody on this machine: take that away with chmod 600 {path}")
