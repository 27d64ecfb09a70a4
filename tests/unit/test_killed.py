"""A kill at any moment of writing a workspace is repaired by the next process that uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.killed_worker import WORKS

EVERY = int(os.environ.get("WINLOSS_TEST_EVERY", "9"))
"""Processes are killed before every so manyth change of the file system; 1 for all of them."""
AT_RANDOM = 4


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("work", WORKS)
def test_a_process_killed_at_any_moment_is_repaired_by_the_next(work: str, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "tests.unit.killed_worker", work, str(tmp_path), str(EVERY), str(AT_RANDOM)]
    root = Path(__file__).parents[2]
    worker = subprocess.run(arguments, capture_output=True, text=True, cwd=root, check=False)
    assert worker.returncode == 0, worker.stderr
    *kills, summary = map(json.loads, worker.stdout.splitlines())
    counted = [kill for kill in kills if isinstance(kill["at"], int)]
    assert len(counted) == -(-summary["changes"] // EVERY) > 40 // EVERY
    assert all(
        kill["killed"] for kill in counted if kill["at"] < 0.9 * summary["changes"]
    )  # some remove more, some less
    assert any(kill["killed"] for kill in kills if kill not in counted)
    assert [kill for kill in kills if kill["wrong"]] == []
