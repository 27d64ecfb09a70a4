"""Files made to do harm: each is read or refused in bounded memory and time, and nothing already stored is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.hostile_files import CASES

WORKER = Path(__file__).with_name("hostile_worker.py")
MEMORY_MIB = 512
SECONDS = 30
"""Processor time; many times what the slowest takes."""

READABLE = {
    *("columns-below.csv", "rows-of-two.csv", "turns-fit.txt", "nul.json"),
    *("laughs.html", "deep.html", "deep-tables.html", "quotes.html"),
    *(name for name in CASES if name.startswith(("turns-", "captions-", "page-"))),
}
"""What is absurd but says something all the same; everything else must be refused."""


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """What became of every case, each taken into a workspace that held one document before."""
    run = subprocess.run([sys.executable, str(WORKER), *CASES], capture_output=True, text=True, check=True)
    return {one["name"]: one for one in map(json.loads, run.stdout.splitlines())}


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_read_or_refused_within_bounds(told: dict[str, dict[str, Any]], name: str) -> None:
    one = told[name]
    assert "escaped" not in one, one["escaped"]
    assert one["mib"] <= MEMORY_MIB
    assert one["seconds"] <= SECONDS
    assert one["before"], "the document that was there before is gone"
    if one["status"] == "refused":
        assert one["same"], "something of a refused file was stored"
        assert name in one["error"]
        assert one["hint"]
    else:
        assert name in READABLE
        assert one["status"] == "added"
