"""Signals that ask a process to stop."""

import asyncio
import signal
import sys
import threading


def stop_signals() -> "asyncio.Queue[int]":
    """Return a queue that gets the number of each SIGTERM and SIGINT from now on.

    It stays empty outside the main thread, where Python allows no signal handlers.
    """
    queue: asyncio.Queue[int] = asyncio.Queue()
    if threading.current_thread() is not threading.main_thread():
        return queue
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            signal.signal(number, lambda received, _: loop.call_soon_threadsafe(queue.put_nowait, received))
        else:
            loop.add_signal_handler(number, queue.put_nowait, number)
    return queue
