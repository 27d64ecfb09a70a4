"""What is slow to make is made once for all tests of a run: by the process that asks first, while the others wait.

Tests side by side run in processes of their own, which know each other by a folder that the first of all, which starts
them, makes for the run and takes away at its end (`tests/conftest.py`). Whoever may change what was made takes a copy.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

HOME = "WINLOSS_TESTS_MADE"


def open_home() -> bool:
    """Make the folder of the run, unless a process that started this one has; whether it is this one's to close."""
    if HOME in os.environ:
        return False
    os.environ[HOME] = tempfile.mkdtemp(prefix="winloss-tests-")
    return True


def close_home() -> None:
    """Take the folder away with all that was made."""
    shutil.rmtree(os.environ.pop(HOME), ignore_errors=True)


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name, which `make` fills when the first asks for it; one half filled is made anew."""
    folder = Path(os.environ[HOME]) / name
    with folder.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_name(f"{name}.making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(folder)
    return folder
