"""The process's heap: freed memory of large blocks goes back to the system at once."""

import ctypes
import logging
import sys
from typing import Final

logger = logging.getLogger(__name__)

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_BYTES: Final = 128 * 1024


def return_freed_blocks() -> None:
    """Let the C library give back freed blocks of 128 KiB and more, as it does at first, for the whole run.

    By default glibc raises that size each time such a block is freed, up to 32 MiB, so that blocks of a megabyte, which
    requests and slow readers take by the hundred, stay with the process once they are freed. Other C libraries have no
    such growth; nothing is done there.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        set_option = ctypes.CDLL(None).mallopt
    except AttributeError:
        return
    if not (set_option(_M_MMAP_THRESHOLD, _BYTES) and set_option(_M_TRIM_THRESHOLD, _BYTES)):
        logger.info("the C library keeps freed memory")
