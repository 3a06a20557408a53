"""The limit of files that a process may have open at once: each connection is one."""

import logging
import sys

logger = logging.getLogger(__name__)


def raise_limit_of_open_files() -> None:
    """Raise the soft limit of open files to the hard limit, and log both; where that fails, log the soft limit."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):
        # Some systems have a limit below the hard one, macOS among them.
        logger.info("this process may open %d files at once", soft)
    else:
        logger.info("this process may open %d files at once, and no longer %d", hard, soft)
