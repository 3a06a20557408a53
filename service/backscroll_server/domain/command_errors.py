"""Reasons for which a command refuses to work on a database; stable, so that scripts may rely on them."""

from enum import StrEnum


class Refusal(StrEnum):
    """Reasons for which a command refuses to run; the text of its `RefusedError` begins with one."""

    DATABASE_IN_USE = "DATABASE_IN_USE"
    DATABASE_READ_ONLY = "DATABASE_READ_ONLY"
    COPY_UNFINISHED = "COPY_UNFINISHED"
    COPY_KIND = "COPY_KIND"
    COPY_SCHEMA = "COPY_SCHEMA"
    DESTINATION_NOT_EMPTY = "DESTINATION_NOT_EMPTY"
    OTHER_SOURCE = "OTHER_SOURCE"
    SOURCE_CHANGED = "SOURCE_CHANGED"
    OTHER_SCHEMA = "OTHER_SCHEMA"
    OTHER_DATABASE = "OTHER_DATABASE"
    DATABASE_EMPTY = "DATABASE_EMPTY"
    USER_ID_CASE = "USER_ID_CASE"


class RefusedError(RuntimeError):
    """A command that cannot be done with this database.

    Args:
        reason: the stable reason.
        message: a sentence for humans, without content and without URLs, which may hold a password.
    """

    def __init__(self, reason: Refusal, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
