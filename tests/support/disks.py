"""Disks that fail when a test wants it: small ones that fill up, and errors that come and go under a running server."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A file system in memory, of a size that changes while it is used.

    Attributes:
        folder: where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resize(self, megabytes: int) -> None:
        """Makes it larger or smaller."""
        _mount("-o", f"remount,size={megabytes}m", str(self.folder))

    def turn_read_only(self) -> None:
        """Lets nobody write to it, once no file on it is open for writing."""
        _mount("-o", "remount,ro", str(self.folder))


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """A small disk for as long as the block runs. Skips the test where nothing may be mounted."""
    folder.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a disk of a few megabytes cannot be mounted here: {error}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607 - as for `mount`


class DiskFaults:
    """Errors of the disk for one server, which is to be started with `environment`.

    Attributes:
        environment: what makes a server subject to the errors.
    """

    def __init__(self, library: Path, folder: Path) -> None:
        self._folder = folder
        self.environment = {"LD_PRELOAD": str(library), "DISK_FAULTS": str(folder)}

    @contextmanager
    def failing(self, fault: str) -> Iterator[None]:
        """Makes the disk fail for as long as the block runs, as `disk_faults.c` says."""
        flag = self._folder / fault
        flag.touch()
        try:
            yield
        finally:
            flag.unlink()


def disk_faults(folder: Path) -> DiskFaults:
    """Compiles what makes a disk fail. Skips the test where there is no compiler, or no Linux."""
    compiler = shutil.which("cc")
    if compiler is None or os.uname().sysname != "Linux":
        pytest.skip("errors of a disk are made by a C compiler on Linux")
    library, flags = folder / "disk_faults.so", folder / "faults"
    flags.mkdir()
    source = Path(__file__).with_name("disk_faults.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return DiskFaults(library, flags)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)  # noqa: S607 - wherever the system has it
