"""Locks between processes and files that are replaced whole: what makes the derived files safe to share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock file at `path`, waiting for other processes and threads; the system lets go if this one dies.

    Any number may hold it `shared`, where the system can do that, and nobody while somebody holds it alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        _wait_for(file.fileno(), shared=shared)
        yield


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock file at `path` alone, in this process or another."""
    if not path.exists():
        return False
    with path.open("a+b") as file:
        return not _is_free(file.fileno())


def replace_whole(path: Path, *parts: bytes | memoryview) -> None:
    """Write the file so that a reader sees the old content or the new, never a part; durable on return."""
    aside = path.with_name(f"{path.name}.part")
    with aside.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder durable, where the system can."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


if sys.platform == "win32":
    import msvcrt
    import time

    def _wait_for(handle: int, *, shared: bool) -> None:  # noqa: ARG001
        while True:
            try:
                os.lseek(handle, 0, os.SEEK_SET)
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.05)
            else:
                return

    def _is_free(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        return True
else:
    import fcntl

    def _wait_for(handle: int, *, shared: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def _is_free(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
