"""The ordinary command `backscroll`, in a process whose clock is ahead of the machine's.

`python -m tests.support.server_ahead SECONDS serve ...` is `backscroll serve ...`; nothing but the time is different.
Where the library libfaketime is installed, it does the same to a process of the command itself, from below Python.
"""

import sys
import time
from ctypes.util import find_library
from pathlib import Path

from backscroll_server.cli.main import main

FAKETIME_MISSING = "libfaketime is not installed (on Debian: apt-get install libfaketime)"


def faketime_library() -> str:
    """Return the path of libfaketime, as the dynamic linker takes it; empty where it is not installed."""
    # Debian keeps it in a folder that the linker does not search.
    known = [*Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), *Path("/usr/lib/faketime").glob("libfaketime.so.1")]
    return str(known[0]) if known else find_library("faketime") or ""


def faketime_environment(library: str, seconds: float) -> dict[str, str]:
    """Return the environment in which a process has its clock ahead by some seconds, and its timers as they are.

    Args:
        library: the path of libfaketime.
        seconds: by how much the clock is ahead.
    """
    return {"LD_PRELOAD": library, "FAKETIME": f"{seconds:+}s", "DONT_FAKE_MONOTONIC": "1"}


def _shift(seconds: float) -> None:
    """Let this process read a time that is ahead."""
    exact, ahead = time.time_ns, round(seconds * 1_000_000_000)
    time.time_ns = lambda: exact() + ahead


if __name__ == "__main__":
    _shift(float(sys.argv.pop(1)))
    main()
