"""The error for a database that belongs to another program."""

from collections.abc import Sequence
from typing import Final

from backscroll_server.domain.command_errors import Refusal, RefusedError

_NAMES_SHOWN: Final = 3


def other_database(tables: Sequence[str]) -> RefusedError:
    """Return the error that a database has tables of another program, some of which its text names."""
    shown = ", ".join(sorted(tables)[:_NAMES_SHOWN])
    more = f" and {len(tables) - _NAMES_SHOWN} more" if len(tables) > _NAMES_SHOWN else ""
    return RefusedError(
        Refusal.OTHER_DATABASE, f"the database has tables of another program ({shown}{more}); name an empty one"
    )
