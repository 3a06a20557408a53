"""Errors of database files, which name the file."""


class FileProblemError(RuntimeError):
    """A file that cannot be used as a database. The text names it."""


class FileMovedError(RuntimeError):
    """A database file that is no longer where it was when it was locked. The text has no content."""
