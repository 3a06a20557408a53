"""The process's heap: memory that is freed in large blocks goes back to the system."""

import platform
import subprocess
import sys

import pytest

LARGE_BLOCKS = """
import psutil
from backscroll_server.heap import return_freed_blocks

def megabytes():
    return psutil.Process().memory_info().rss // 2**20

return_freed_blocks()
for _ in range(2):
    # In between, small blocks that stay: without them, the end of the heap would be cut off.
    kept = [(bytearray(2**20), [object() for _ in range(1000)]) for _ in range(100)]
    before = megabytes()
    kept = [small for _, small in kept]
    print(before - megabytes())
"""


SMALL_BLOCKS = """
import asyncio
import psutil
from backscroll_server import heap

def megabytes():
    return psutil.Process().memory_info().rss // 2**20

async def main():
    blocks = [bytearray(60_000) for _ in range(2000)]
    last = bytearray(60_000)
    before = megabytes()
    del blocks
    heap._PAUSE_SECONDS = 0.01
    task = asyncio.create_task(heap.return_freed_memory())
    for _ in range(1000):
        await asyncio.sleep(0.01)
        if before - megabytes() >= 100:
            break
    print(before - megabytes())

asyncio.run(main())
"""

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.libc_ver()[0] != "glibc", reason="another C library decides"
)


def freed_by(program: str) -> list[int]:
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return list(map(int, result.stdout.split()))


def test_large_blocks_when_freed_go_back_to_the_system() -> None:
    assert min(freed_by(LARGE_BLOCKS)) >= 90


def test_small_blocks_when_freed_before_one_that_stays_go_back_to_the_system() -> None:
    assert min(freed_by(SMALL_BLOCKS)) >= 100
