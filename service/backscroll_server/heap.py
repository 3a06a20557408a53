"""The process's heap: memory that is freed goes back to the system."""

import asyncio
import ctypes
import gc
import logging
import sys
from collections.abc import Callable
from typing import Any, Final

logger = logging.getLogger(__name__)

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_BLOCK_BYTES: Final = 128 * 1024
_PAUSE_SECONDS: Final = 20.0


def return_freed_blocks() -> None:
    """Let the C library give back freed blocks of 128 KiB and more, as it does at first, for the whole run.

    By default glibc raises that size each time such a block is freed, up to 32 MiB, so that blocks of a megabyte, which
    requests and slow readers take by the hundred, stay with the process once they are freed. Other C libraries have no
    such growth; nothing is done there.
    """
    set_option = _function("mallopt")
    if set_option is not None and not (
        set_option(_M_MMAP_THRESHOLD, _BLOCK_BYTES) and set_option(_M_TRIM_THRESHOLD, _BLOCK_BYTES)
    ):
        logger.info("the C library keeps freed memory")


async def return_freed_memory() -> None:
    """Free, every 20 seconds, what nothing refers to any more, and give back the pages that hold nothing; never return.

    Cycles that lived for long, as those of calls that waited in a flood and were reset, stay until Python's collector
    looks at all objects, which may be after a million new ones; here it does where it has passed them on since.
    And by itself glibc gives back the end of its heap only: after many small blocks were used at once, one block that
    stays would keep all of it.

    Cost: about a millisecond for each 100 MiB of heap, in a thread. In a process that made 100,000 objects more than it
    let go of: a look at each of its objects, 10 ms for 100,000 of them.
    """
    trim = _function("malloc_trim")
    while True:
        await asyncio.sleep(_PAUSE_SECONDS)
        if gc.get_count()[-1]:
            gc.collect()
        if trim is not None:
            await asyncio.to_thread(trim, 0)


def _function(name: str) -> Callable[..., Any] | None:
    """Return a function of the C library; None where it has none of that name, as others than glibc."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), name, None)
