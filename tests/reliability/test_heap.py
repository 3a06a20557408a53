"""The process's heap: memory that is freed in large blocks goes back to the system."""

import subprocess
import sys

import pytest

PROGRAM = """
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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system's own allocator decides")
def test_large_blocks_when_freed_go_back_to_the_system() -> None:
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    first, second = map(int, result.stdout.split())
    assert min(first, second) >= 90
